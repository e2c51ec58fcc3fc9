"""What this context tells people, and when. Who left no e-mail but a mobile gets a text; the answer is still called
or published.

Of a reserved case nobody outside is ever written to, and of staff only who may handle it, without its number.
"""

from datetime import datetime, timedelta

from django.conf import settings

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.reserved import addresses_against, keepers_of
from escucha.contexts.cases.rules.numbers import check_digit
from escucha.contexts.cases.rules.standing import BY_NOTICE, KEPT_NOTICE
from escucha.contexts.messaging.operations.delivering import send_later
from escucha.contexts.messaging.queries import messages_about
from escucha.contexts.people.rules.telephones import sms_number
from escucha.kernel.orgs.models import Member
from escucha.kernel.orgs.queries import members_of, profile_of
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

WORD_ADDED, JOINED = "word_added", "cases_joined"
WORD_ADDED_TEXT = _(
    "Asunto: La persona agregó algo a {number}\n"
    "\n"
    "Buen día, {name}.\n"
    "\n"
    "La persona de la solicitud {number}, que está a cargo de {unit}, agregó algo. Léalo antes de responderle:\n"
    "{case_url}\n"
    "\n"
    "{organisation}"
)
WORD_ADDED_RESERVED = "word_added_reserved"
WORD_ADDED_RESERVED_TEXT = _(
    "Asunto: La persona agregó algo a un caso reservado\n"
    "\n"
    "Buen día, {name}.\n"
    "\n"
    "La persona de un caso reservado agregó algo. Léalo antes de responderle:\n"
    "{case_url}\n"
    "\n"
    "{organisation}"
)
NOBODY_KEEPS, AGAIN_AFTER = "nobody_keeps", timedelta(days=1)
NOBODY_KEEPS_TEXT = _(
    "Asunto: Hace falta alguien más en el canal reservado\n"
    "\n"
    "Buen día, {label}.\n"
    "\n"
    "Escoja a una persona ajena a quienes atienden hoy el canal reservado de {organisation}, y pida a quien cuida la "
    "instalación de Escucha que le dé ese papel. No lo consulte con ellos.\n"
    "\n"
    "Llegó algo que ninguno de ellos puede abrir, y su plazo corre: mientras tanto nadie lo lee. No podemos decirle "
    "más por este medio, y es mejor no reenviar este mensaje.\n"
    "\n"
    "{organisation}"
)
JOINED_TEXT = _(
    "Asunto: Juntamos sus solicitudes {joined} y {number}\n"
    "\n"
    "Buen día.\n"
    "\n"
    "Sus solicitudes {joined} y {number} tratan de lo mismo, y las vamos a responder juntas. Los plazos cuentan desde "
    "la primera que recibimos. Con cualquiera de los dos números puede ver en qué va; la respuesta se lee con "
    "{number}:\n"
    "{tracking_url}\n"
    "\n"
    "Si no tratan de lo mismo, díganoslo y las separamos.\n"
    "\n"
    "{organisation}"
)


def acknowledge(case: Case, *, profile: Profile, due_on: str, starts: str, now: datetime) -> None:
    """The electronic receipt: number, date and time (CPACA art. 61 n. 3). It repeats nothing the person wrote.

    `starts` says from when the term counts, which for what came out of hours is not when it came.
    """
    local = case.received_at.astimezone(profile.zone)
    values = {
        "received_on": long_day(local.date()),
        "received_time": local.strftime("%H:%M"),
        "due_on": due_on,
        "starts": starts,
        "receipt_url": _address(case, "receipt", code=case.receipt_code),
        "contact_code": case.contact_code,
        "check_digit": check_digit(case.filing_number),
    }
    if case.person and case.person.email:
        _tell_person(case, ACKNOWLEDGED, values, now, profile)
    else:
        _text_person(case, ACKNOWLEDGED, values, profile, now)


def deliver_answer(case: Case, answer: Answer, *, now: datetime) -> bool:
    """The way to the answer, never the answer itself: reading it is what counts as notified. False without e-mail."""
    values = {"answer_url": _address(case, "answer", token=answer.link_token)}
    if case.person and case.person.email:
        return _tell_person(case, ANSWER_READY, values, now)
    _text_person(case, ANSWER_READY, values, profile_of(case.org, at=now), now)
    return False


def remind_of_answer(case: Case, answer: Answer, *, notice_days: int, now: datetime) -> None:
    """The way to the answer again, for who has not opened it; it says what happens otherwise."""
    values = {"answer_url": _address(case, "answer", token=answer.link_token), "notice_days": str(notice_days)}
    _tell_person(case, ANSWER_AGAIN, values, now)


def confirm_withdrawal(case: Case, *, now: datetime) -> None:
    """That staff wrote down its withdrawal, to the person, who may not have asked for it."""
    if case.person and case.person.email:
        _tell_person(case, WITHDRAWN, {}, now, otherwise=WITHDRAWN_TEXT)


def tell_joined(case: Case, into: Case, *, now: datetime) -> None:
    """That two of its requests are answered as one, to the person: it may say that they are two."""
    if into.person and into.person.email:
        _tell_person(into, JOINED, {"joined": case.filing_number}, now, otherwise=JOINED_TEXT)


def tell_of_word(case: Case, *, now: datetime) -> None:
    """That the person added something, to who has the case; of a reserved one, to who may handle it."""
    if not case.reserved:
        tell_unit(case, WORD_ADDED, otherwise=WORD_ADDED_TEXT, now=now)
        return
    keepers = keepers_of(case, now=now)
    for member in [one for one in keepers if one == case.member] or keepers:
        tell_member(case, member, WORD_ADDED_RESERVED, {}, otherwise=WORD_ADDED_RESERVED_TEXT, now=now)


def tell_above(case: Case, *, now: datetime) -> None:
    """That something waits which nobody may open, to whom the policy names above: once a day at most, and only that.

    Not to the address of somebody whom the report is about, nor of their chain.
    """
    above = profile_of(case.org, at=now).section(CasesPolicy).above
    if above is None or above.email.casefold() in addresses_against(case, now=now):
        return
    told = [one for one in messages_about(org=case.org, subject=case.subject) if one.template == NOBODY_KEEPS]
    if any(one.queued_at > now - AGAIN_AFTER for one in told):
        return
    send_later(
        org=case.org,
        to=above.email,
        subject=case.subject,
        template=NOBODY_KEEPS,
        values={"label": above.label},
        otherwise=NOBODY_KEEPS_TEXT,
        now=now,
    )


def tell_unit(case: Case, template: str, *, otherwise: str = "", now: datetime) -> None:
    """The people of the unit that now owes something, or only whoever has the case."""
    if case.unit is None:
        return
    told = [case.member] if case.member and case.member.active else members_of(org=case.org, unit=case.unit)
    for member in told:
        tell_member(case, member, template, {"unit": case.unit.label}, otherwise=otherwise, now=now)


def tell_member(
    case: Case, member: Member, template: str, values: dict[str, str], *, otherwise: str = "", now: datetime
) -> None:
    """One of the staff is told. Whoever may not see the case is not: a letter is no other door."""
    if case.reserved and member not in keepers_of(case, now=now):
        return
    known = {
        "name": member.account.name,
        "number": RESERVED_NAME if case.reserved else case.filing_number,
        "case_url": _address(case, "reserved" if case.reserved else "case", number=case.filing_number),
    }
    send_later(
        org=case.org,
        to=member.account.email,
        subject=case.subject,
        template=template,
        values=known | values,
        otherwise=otherwise,
        now=now,
    )


def reached_in_words(how: str) -> Saying:
    """How the answer reached the person, for reading aloud."""
    ways = {
        "call": _("por teléfono"),
        "link": _("la leyó en línea"),
        BY_NOTICE: _("por aviso publicado"),
        KEPT_NOTICE: _("la esperó en su página los días de un aviso"),
    }
    return Saying(ways[how])


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
    queued = send_later(
        org=case.org,
        to=person.email,
        person=person,
        subject=case.subject,
        template=template,
        values=_known(case) | values,
        now=now,
        otherwise=otherwise,
        profile=profile,
    )
    return queued is not None


def _text_person(case: Case, template: str, values: dict[str, str], profile: Profile, now: datetime) -> None:
    """The same in few words to the first mobile that was left. At night only where a life is at risk."""
    person = case.person
    mobiles = filter(None, map(sms_number, (person.phone, person.other_phone))) if person else iter(())
    to = next(mobiles, "")
    if not to or case.reserved:
        return
    send_later(
        org=case.org,
        to=to,
        person=person,
        subject=case.subject,
        template=template,
        values=_known(case) | values,
        now=now,
        profile=profile,
        channel="sms",
        at_any_hour=_is_vital(case, profile),
    )


def _is_vital(case: Case, profile: Profile) -> bool:
    kind = profile.section(CasesPolicy).type_of(case.case_type)
    return case.emergency or (kind is not None and kind.risk == "vital")


def _known(case: Case) -> dict[str, str]:
    return {
        "name": case.person.name if case.person else "",
        "number": case.filing_number,
        "tracking_url": _address(case, "tracking"),
    }


def _address(case: Case, page: str, **parts: str) -> str:
    return settings.ADDRESS.format(host=case.org.host) + settings.PAGES[page].format(**parts)
