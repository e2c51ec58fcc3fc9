"""Asking and answering."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from escucha.contexts.surveys import notices
from escucha.contexts.surveys.events import SurveyAnswered, SurveySent
from escucha.contexts.surveys.models import Answer, Invitation
from escucha.contexts.surveys.policy import SurveysPolicy
from escucha.contexts.surveys.queries import NoSuchSurvey, instrument_of
from escucha.contexts.surveys.rules import NOTHING, blockers_to_answer, closes_at, replies_to
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_in, version_of
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import CITIZEN, SYSTEM
from escucha.kernel.timeline.record import record
from escucha.kernel.words import Saying, refuse_if


class Wrong(Exception):
    """What is to be put right, by question."""

    def __init__(self, wrong: Mapping[str, Saying]):
        super().__init__(", ".join(wrong))
        self.wrong = wrong


@act
def invite(
    *, org: Organisation, survey: str, subject: str, sample: str, email: str = "", phone: str = "", now: datetime
) -> Invitation | None:
    """Ask about a subject, once: asked again, what was sent first comes back. None where there is no way to ask."""
    version = version_of(org, at=now)
    instrument = profile_in(version, slug=org.slug).section(SurveysPolicy).instrument(survey)
    if instrument is None or not (email or phone):
        return None
    fresh = {
        "profile_version": version,
        "sample": sample,
        "code": secrets.token_urlsafe(18),
        "sent_at": now,
        "open_until": closes_at(instrument, now=now),
    }
    invitation, new = Invitation.objects.get_or_create(org=org, survey=survey, subject=subject, defaults=fresh)
    if new:
        record(
            SurveySent(subject=subject, invitation=invitation.pk, survey=survey, sample=sample),
            org=org,
            by=SYSTEM,
            now=now,
        )
        notices.invite_to(invitation, instrument, email=email, phone=phone, now=now)
    return invitation


@act
def answer_survey(*, org: Organisation, code: str, said: Mapping[str, str], now: datetime) -> Invitation:
    """Keep what was answered, once. Raises NoSuchSurvey, Refused when it is late or done, and Wrong by question."""
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(org=org, code=code).first()
    if invitation is None:
        raise NoSuchSurvey
    answered = invitation.answered_at is not None
    refuse_if(blockers_to_answer(answered=answered, open_until=invitation.open_until, now=now))
    replies, wrong = replies_to(instrument_of(invitation), said)
    if wrong:
        raise Wrong(wrong)
    refuse_if([] if replies else [Saying(NOTHING)])
    Answer.objects.bulk_create(Answer(org=org, invitation=invitation, **reply._asdict()) for reply in replies)
    invitation.answered_at = now
    invitation.save(update_fields=["answered_at"])
    fact = SurveyAnswered(subject=invitation.subject, invitation=invitation.pk, survey=invitation.survey)
    record(fact, org=org, by=CITIZEN, now=now)
    return invitation
