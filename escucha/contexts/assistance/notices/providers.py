"""What a provider is told: that there is a work, that it is its own, that it is no longer.

By text to its mobile, else by e-mail. Never who asks, where it lives nor its telephone: those are on the provider's own
page, once the affiliate let them be given.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from escucha.contexts.assistance.models import Assignment, Assistance, Offer, Provider
from escucha.contexts.assistance.queries.doors import profile_of_file
from escucha.contexts.assistance.queries.offers import described
from escucha.contexts.assistance.rules.stages import Priority
from escucha.contexts.messaging.operations.delivering import send_later
from escucha.contexts.people.rules.telephones import sms_number
from escucha.kernel.words import _

OFFERED, ASSIGNED, CALLED_OFF = "work_offer", "work_assigned", "work_called_off"
OFFERED_TEXT = _(
    "Asunto: {service} en {area}: ¿puede ir?\n"
    "\n"
    "Buen día.\n"
    "\n"
    "Hay un trabajo de {service} en {area}. Prioridad: {priority}. Cuándo: {window}.\n"
    "\n"
    "Conteste antes de las {until}. Si acepta, diga a qué hora llega:\n"
    "{offer_url}\n"
    "\n"
    "{organisation}"
)
OFFERED_LINE = _("{organisation}: {service} en {area}, {window}. Conteste antes de las {until}: {offer_url}")
ASSIGNED_TEXT = _(
    "Asunto: El trabajo {number} es suyo\n"
    "\n"
    "Buen día.\n"
    "\n"
    "La asistencia {number}, de {service} en {area}, es suya. Aquí están la dirección y lo que debe contarnos:\n"
    "{work_url}\n"
    "\n"
    "{organisation}"
)
ASSIGNED_LINE = _("{organisation}: la asistencia {number} es suya. La dirección está aquí: {work_url}")
CALLED_OFF_TEXT = _(
    "Asunto: Ya no vaya a la asistencia {number}\n"
    "\n"
    "Buen día.\n"
    "\n"
    "Ya no vaya a la asistencia {number}, de {service} en {area}. Si iba en camino, llámenos.\n"
    "\n"
    "{organisation}"
)
CALLED_OFF_LINE = _("{organisation}: ya no vaya a la asistencia {number}. Si iba en camino, llámenos.")


def offer_work(offer: Offer, *, now: datetime) -> None:
    """That there is a work, for who may take it."""
    until = offer.expires_at.astimezone(ZoneInfo(offer.assistance.zone)).strftime("%H:%M:%S")
    values = {"offer_url": _address(offer.assistance, "offer", offer.code), "until": until}
    _tell(offer.assistance, offer.provider, OFFERED, (OFFERED_TEXT, OFFERED_LINE), values, now=now)


def give_work(assignment: Assignment, *, now: datetime) -> None:
    """That the work is its own, with the way to its page."""
    values = {"work_url": _address(assignment.assistance, "work", assignment.page_code)}
    texts = (ASSIGNED_TEXT, ASSIGNED_LINE)
    _tell(assignment.assistance, assignment.provider, ASSIGNED, texts, values, now=now)


def call_off(assignment: Assignment, *, now: datetime) -> None:
    """That it is not to go any more."""
    texts = (CALLED_OFF_TEXT, CALLED_OFF_LINE)
    _tell(assignment.assistance, assignment.provider, CALLED_OFF, texts, {}, now=now)


def _tell(
    assistance: Assistance,
    provider: Provider,
    template: str,
    texts: tuple[str, str],
    values: dict[str, str],
    *,
    now: datetime,
) -> None:
    letter, line = texts
    mobile = next(filter(None, map(sms_number, (provider.phone, provider.other_phone))), "")
    send_later(
        org=assistance.org,
        to=mobile or provider.email,
        subject=assistance.subject,
        template=template,
        values=_known(assistance, now=now) | values,
        otherwise=line if mobile else letter,
        channel="sms" if mobile else "email",
        # An emergency does not wait for the morning, and who is on guard expects to be woken.
        at_any_hour=assistance.priority != Priority.PROGRAMMED or provider.on_guard,
        profile=None,
        now=now,
    )


def _known(assistance: Assistance, *, now: datetime) -> dict[str, str]:
    shown = described(assistance, profile_of_file(assistance.file), now=now)
    return {
        "number": f"{assistance.file.number}/{assistance.position}",
        "service": shown.service,
        "area": shown.area,
        "priority": shown.priority,
        "window": shown.window,
    }


def _address(assistance: Assistance, page: str, code: str) -> str:
    return settings.ADDRESS.format(host=assistance.org.host) + settings.PAGES[page].format(code=code)
