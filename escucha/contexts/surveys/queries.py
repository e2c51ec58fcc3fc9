"""The doors to surveys."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Avg, Count

from escucha.contexts.surveys.models import Answer, Invitation
from escucha.contexts.surveys.policy import Instrument, SurveysPolicy
from escucha.contexts.surveys.rules import SEE
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_by_version
from escucha.kernel.timeline.facts import Actor


class NoSuchSurvey(LookupError):
    """Nobody was asked with this code."""


class Score(NamedTuple):
    """How a question was answered by one sample. Who was not conforming is in `everyone` only: the two are never
    added together."""

    question: str
    sample: str
    answers: int
    mean: Decimal


def invitation_by_code(*, org: Organisation, code: str) -> Invitation:
    """That of who holds the code, who is its only viewer. Raises NoSuchSurvey."""
    found = Invitation.objects.filter(org=org, code=code).select_related("org").first()
    if found is None:
        raise NoSuchSurvey
    return found


def invitation_about(*, org: Organisation, subject: str, survey: str) -> Invitation | None:
    return Invitation.objects.filter(org=org, subject=subject, survey=survey).first()


def instrument_of(invitation: Invitation) -> Instrument:
    """The questionnaire as it was when it was sent. Raises NoSuchSurvey where the profile never had it."""
    profile = profile_by_version(invitation.profile_version_id, org=invitation.org)
    found = profile.section(SurveysPolicy).instrument(invitation.survey)
    if found is None:
        raise NoSuchSurvey
    return found


def answers_about(*, org: Organisation, viewer: Actor, subject: str) -> Sequence[Answer]:
    """What was answered about a subject, for who may see answers."""
    if not viewer.may(SEE):
        return []
    return list(Answer.objects.filter(org=org, invitation__subject=subject).order_by("id"))


def scores_of(*, org: Organisation, viewer: Actor, survey: str) -> Sequence[Score]:
    """The mean of each question by sample: one statement."""
    if not viewer.may(SEE):
        return []
    found = Answer.objects.filter(org=org, invitation__survey=survey, value__isnull=False)
    rows = found.values_list("question", "invitation__sample").annotate(Count("id"), Avg("value"))
    return [Score(*row) for row in rows.order_by("question", "invitation__sample")]
