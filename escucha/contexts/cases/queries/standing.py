"""How a case stands, as the rules ask it."""

from collections.abc import Sequence

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import profile_of_case
from escucha.contexts.cases.queries.written import notice_of
from escucha.contexts.cases.rules.standing import CALL_REACHED, TELLS_OF_ANSWER, Standing, State, tries_apart
from escucha.contexts.messaging.queries import calls_about, messages_about
from escucha.kernel.orgs.models import Unit
from escucha.kernel.orgs.queries import central_unit
from escucha.kernel.profiles.loader import Profile


def standing_of(case: Case, *, profile: Profile | None = None, units: Sequence[Unit] = ()) -> Standing:
    """How a case stands, for the rules. Who has the units of its organisation at hand gives them."""
    profile = profile or profile_of_case(case)
    policy = profile.section(CasesPolicy)
    kind = policy.type_of(case.case_type)
    sent = case.state == State.SENT
    person = case.person
    return Standing(
        state=State(case.state),
        unit_id=case.unit_id,
        central_unit_id=next((unit.pk for unit in units if unit.central), None) or central_unit(case.org).pk,
        at_once=case.reserved or bool(kind and kind.at_once),
        check_needed=policy.check,
        failed_tries=_failed_tries(case, profile) if sent else 0,
        tries_needed=policy.contact.attempts,
        hours_apart=policy.contact.hours_apart,
        can_be_called=bool(person and person.can_be_called),
        can_be_written_to=bool(person and person.email) and not case.reserved,
        notice_published=sent and notice_of(case) is not None,
        doers=profile.doers,
        reserved=case.reserved,
    )


def _failed_tries(case: Case, profile: Profile) -> int:
    """Since the answer left: calls that did not reach the person. Who left no telephone is written to, once a day."""
    assert case.sent_at is not None
    if case.person and case.person.can_be_called:
        calls = calls_about(org=case.org, subject=case.subject)
        missed = [call.at for call in calls if call.result != CALL_REACHED and call.at >= case.sent_at]
        return tries_apart(missed, hours=profile.section(CasesPolicy).contact.hours_apart)
    written = messages_about(org=case.org, subject=case.subject)
    return len({one.queued_at.astimezone(profile.zone).date() for one in written if one.template in TELLS_OF_ANSWER})
