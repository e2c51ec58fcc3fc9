"""What who was assisted answered: whether it was asked, and if it was not, why."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from escucha.contexts.surveys.models import Answer, Invitation
from escucha.contexts.surveys.policy import Instrument, SurveysPolicy
from escucha.contexts.surveys.queries import answers_about, instrument_of, invitation_about
from escucha.contexts.surveys.rules import SEE
from escucha.flows.ended_assistance_sends_survey import why_not_asked
from escucha.web.desk.assistance.board import clock_there
from escucha.web.desk.assistance.seen import Seen
from escucha.web.ui.requests import DeskRequest


def asked_by_link(request: DeskRequest, one: Seen) -> Mapping[str, Any]:
    """`asked`: how it stands, in words; `answers`: question and answer, for who may read them."""
    policy, subject = request.profile.section(SurveysPolicy), one.assistance.subject
    found = invitation_about(org=one.org, subject=subject, survey=policy.after_assistance)
    if found is None:
        return {"asked": "", "why_not_asked": why_not_asked(one.assistance, policy), "answers": []}
    shown: dict[str, Any] = {"asked": _how_it_stands(found, one), "why_not_asked": [], "answers": []}
    if found.answered_at:
        answers = answers_about(org=one.org, viewer=one.by, subject=subject)
        shown["answers"] = list(_in_words(instrument_of(found), answers))
        shown["may_read"] = one.by.may(SEE)
    return shown


def _how_it_stands(found: Invitation, one: Seen) -> str:
    sent, until = (clock_there(at, one.zone, one.now) for at in (found.sent_at, found.open_until))
    if found.answered_at:
        return _("Contestada {when}").format(when=clock_there(found.answered_at, one.zone, one.now))
    if found.open_until <= one.now:
        return _("Venció sin respuesta: se envió {sent}").format(sent=sent)
    return _("Enviada {sent}; se puede contestar hasta {until}").format(sent=sent, until=until)


def _in_words(instrument: Instrument, answers: Sequence[Answer]) -> Iterator[tuple[str, str]]:
    """In the order of the questionnaire, as it was when it was sent."""
    given = {one.question: one for one in answers}
    for question in instrument.questions:
        if answer := given.get(question.key):
            grades = {grade.value: grade.label for grade in question.grades}
            yield question.text, answer.text if answer.value is None else grades.get(answer.value, str(answer.value))
