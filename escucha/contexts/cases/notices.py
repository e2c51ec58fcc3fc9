"""What this context tells people, and when. Who left no e-mail is told nothing: the answer is called or published.

Of a reserved case nobody outside is ever written to, and of staff only who may handle it, without its number.
"""

from datetime import datetime

from django.conf import settings

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.queries.reserved import keepers_of
from escucha.contexts.messaging.operations.delivering import send_later
from escucha.kernel.orgs.models import Member
from escucha.kernel.orgs.queries import members_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import Saying, _
from escucha.kernel.worktime.words import long_day

ACKNOWLEDGED, ANSWER_READY, ANSWER_AGAIN = "acknowledged", "answer_ready", "answer_again"
RETURNED, ASSIGNED = "answer_returned", "case_assigned"
RESERVED_NAME = _("(caso reservado)")
WITHDRAWN = "withdrawal_recorded"
WITHDRAWN_TEXT = _(
    "Asunto: Registramos que ya no quiere respuesta: {number}\n"
    "\n"
    "Buen día.\n"
    "\n"
    "Registramos que usted desistió de su solicitud {number}. Por eso la cerramos sin respuesta.\n"
    "\n"
    "Si usted no lo pidió, escríbanos o llámenos y diga ese número: puede presentarla otra vez cuando quiera. "
    "Aquí puede ver lo que pasó con ella:\n"
    "{tracking_url}\n"
    "\n"
    "{organisation}"
)


def acknowledge(case: Case, *, profile: Profile, due_on: str, starts: str, now: datetime) -> None:
    """The electronic receipt: number, date and time (CPACA art. 61 n. 3). It repeats nothing the person wrote.

    `starts` says from when the term counts, which for what came out of hours is not when it came.
    """
    if case.person and case.person.email:
        local = case.received_at.astimezone(profile.zone)
        values = {
            "received_on": long_day(local.date()),
            "received_time": local.strftime("%H:%M"),
            "due_on": due_on,
            "starts": starts,
            "receipt_url": _address(case, "receipt", code=case.receipt_code),
            "contact_code": case.contact_code,
        }
        _tell_person(case, ACKNOWLEDGED, values, now, profile)


def deliver_answer(case: Case, answer: Answer, *, now: datetime) -> bool:
    """The way to the answer, never the answer itself: reading it is what counts as notified. False without e-mail."""
    if not (case.person and case.person.email):
        return False
    return _tell_person(case, ANSWER_READY, {"answer_url": _address(case, "answer", token=answer.link_token)}, now)


def remind_of_answer(case: Case, answer: Answer, *, notice_days: int, now: datetime) -> None:
    """The way to the answer again, for who has not opened it; it says what happens otherwise."""
    values = {"answer_url": _address(case, "answer", token=answer.link_token), "notice_days": str(notice_days)}
    _tell_person(case, ANSWER_AGAIN, values, now)


def confirm_withdrawal(case: Case, *, now: datetime) -> None:
    """That staff wrote down its withdrawal, to the person, who may not have asked for it."""
    if case.person and case.person.email:
        _tell_person(case, WITHDRAWN, {}, now, otherwise=WITHDRAWN_TEXT)


def tell_unit(case: Case, template: str, *, now: datetime) -> None:
    """The people of the unit that now owes something, or only whoever has the case."""
    if case.unit is None:
        return
    told = [case.member] if case.member and case.member.active else members_of(org=case.org, unit=case.unit)
    for member in told:
        tell_member(case, member, template, {"unit": case.unit.label}, now=now)


def tell_member(case: Case, member: Member, template: str, values: dict[str, str], *, now: datetime) -> None:
    """One of the staff is told. Whoever may not see the case is not: a letter is no other door."""
    if case.reserved and member not in keepers_of(case, now=now):
        return
    known = {
        "name": member.account.name,
        "number": RESERVED_NAME if case.reserved else case.filing_number,
        "case_url": _address(case, "reserved" if case.reserved else "case", number=case.filing_number),
    }
    send_later(
        org=case.org, to=member.account.email, subject=case.subject, template=template, values=known | values, now=now
    )


def reached_in_words(how: str) -> Saying:
    """How the answer reached the person, for reading aloud."""
    return Saying({"call": _("por teléfono"), "link": _("la leyó en línea"), "notice": _("por aviso publicado")}[how])


def _tell_person(
    case: Case,
    template: str,
    values: dict[str, str],
    now: datetime,
    profile: Profile | None = None,
    otherwise: str = "",
) -> bool:
    person = case.person
    assert person is not None
    if case.reserved:
        return False
    known = {
        "name": person.name,
        "number": case.filing_number,
        "tracking_url": _address(case, "tracking"),
    }
    queued = send_later(
        org=case.org,
        to=person.email,
        person=person,
        subject=case.subject,
        template=template,
        values=known | values,
        now=now,
        otherwise=otherwise,
        profile=profile,
    )
    return queued is not None


def _address(case: Case, page: str, **parts: str) -> str:
    return settings.ADDRESS.format(host=case.org.host) + settings.PAGES[page].format(**parts)
