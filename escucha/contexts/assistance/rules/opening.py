"""What a file, and each of its assistances, needs to begin. Plain values in, reasons out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Self

from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.acts import AFFILIATES, AUTHORISE, HANDLE
from escucha.contexts.assistance.rules.stages import Priority
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

TO_SERVE = "serve"  # what an order is about, where another exception is not
FEWEST_DIGITS = 7  # of a telephone that can be called back
NOT_YOURS = Saying(_("Sus permisos no incluyen coordinar asistencias."))
FILE_CLOSED = Saying(_("El expediente está cerrado. Pida a supervisión que lo abra otra vez."))
ENDED_ALREADY = Saying(_("La asistencia ya terminó."))
ANOTHER_ACCOUNT = Saying(_("Esa persona es de otra cuenta. Abra un expediente de su cuenta."))


@dataclass(frozen=True)
class Said:
    """What the file of a call says of who calls and of where, as it is kept."""

    contact_first_name: str = ""
    contact_last_name: str = ""
    contact_phone: str = ""
    description: str = ""
    country: str = ""
    area: str = ""
    address: str = ""
    references: str = ""
    lat: float | None = None
    lon: float | None = None

    def read(self, policy: AssistancePolicy, *, country: str) -> Self:
        """Without spaces around and cut to what is kept; in `country` unless it says another, in an area of it."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        texts = {name: value.strip()[: MOST.get(name)] for name, value in kept.items() if isinstance(value, str)}
        said = texts["country"]
        there = said if policy.country(said) else country
        area = texts["area"] if texts["area"].split("/")[0] == there and policy.area(texts["area"]) else ""
        whole = self.lat is not None and self.lon is not None and abs(self.lat) <= 90 and abs(self.lon) <= 180
        point = (self.lat, self.lon) if whole else (None, None)
        return replace(self, **texts | {"country": there, "area": area}, lat=point[0], lon=point[1])

    @property
    def contact_name(self) -> str:
        return f"{self.contact_first_name} {self.contact_last_name}".strip()


MOST = {
    "contact_first_name": 80,
    "contact_last_name": 80,
    "contact_phone": 30,
    "area": 120,
    "address": 200,
    "references": 200,
}


class Served(StrEnum):
    """Whether who is affiliated may be served, and on whose word."""

    YES = "yes"
    TO_VERIFY = "to_verify"  # on an order, or where a life is at risk
    ENDED = "ended"  # on an order
    NOBODY = "nobody"  # it is not known yet who


def served(*, status: str, since_on: date | None, until_on: date | None, today: date) -> Served:
    """`today` is of the place of service. The last day of a plan is still of the plan."""
    if status == Served.TO_VERIFY:
        return Served.TO_VERIFY
    within = (since_on is None or since_on <= today) and (until_on is None or today <= until_on)
    return Served.YES if status == "active" and within else Served.ENDED


def blockers_to_open_file(said: Said, *, account_known: bool, by: Actor) -> Sequence[Saying]:
    """Who calls and how to call back are what nothing begins without."""
    return [*_why_not_to_open_file(said, account_known, by)]


def _why_not_to_open_file(said: Said, account_known: bool, by: Actor) -> Iterator[Saying]:
    if not by.may(HANDLE):
        yield NOT_YOURS
    if not account_known:
        yield Saying(_("Escoja la cuenta por la que llama."))
    yield from blockers_of_contact(said)


def blockers_of_contact(said: Said) -> Iterator[Saying]:
    if not said.contact_name:
        yield Saying(_("Escriba el nombre de quien llama."))
    if sum(map(str.isdecimal, said.contact_phone)) < FEWEST_DIGITS:
        yield Saying(_("Escriba el teléfono de quien llama, con todos sus dígitos."))


def blockers_to_work_on(*, file_open: bool, by: Actor) -> Sequence[Saying]:
    """Why nothing of a file may be changed now."""
    return [one for one, holds in ((NOT_YOURS, not by.may(HANDLE)), (FILE_CLOSED, not file_open)) if holds]


def blockers_to_move(*, begun: bool) -> Sequence[Saying]:
    """Every hour of an assistance is told in the time of its country, which does not change under it."""
    said = _("Ya tiene asistencias en otro país. Abra otro expediente para este lugar.")
    return [Saying(said)] if begun else []


def blockers_to_name(*, file_open: bool, accepted: bool, same_account: bool, by: Actor) -> Sequence[Saying]:
    """Why a file does not take an affiliate. What was accepted was accepted in the name of the one it has."""
    blockers = [*blockers_to_work_on(file_open=file_open, by=by)]
    if not same_account:
        blockers.append(ANOTHER_ACCOUNT)
    if accepted:
        blockers.append(Saying(_("Ya se aceptó una asistencia de este afiliado. Abra otro expediente.")))
    return blockers


def blockers_to_change(*, still_open: bool, by: Actor) -> Sequence[Saying]:
    """Why nothing of an assistance may be changed now."""
    return [one for one, holds in ((NOT_YOURS, not by.may(HANDLE)), (ENDED_ALREADY, not still_open)) if holds]


def blockers_to_order(*, still_open: bool, authoriser: Actor | None, reason: str, by: Actor) -> Sequence[Saying]:
    """Who may not be served otherwise is, on the order of who authorises, with its reason."""
    blockers = [] if by.may(HANDLE) or by.may(AUTHORISE) else [NOT_YOURS]
    if not still_open:
        blockers.append(ENDED_ALREADY)
    if authoriser is None or not authoriser.may(AUTHORISE):
        blockers.append(
            Saying(_("Diga quién lo ordena: supervisión, jefatura de operaciones o gerencia general, y nadie más."))
        )
    if not reason.strip():
        blockers.append(Saying(_("Escriba por qué se le atiende.")))
    return blockers


def blockers_to_serve(standing: Served, *, priority: str, ordered: bool) -> Sequence[Saying]:
    """Why who asks is not served yet. Where a life is at risk nobody waits to be verified."""
    if standing == Served.NOBODY:
        return [Saying(_("Busque al afiliado. Si no aparece, regístrelo a mano: queda por verificar."))]
    if standing == Served.YES or ordered or (standing == Served.TO_VERIFY and priority == Priority.VITAL):
        return []
    if standing == Served.TO_VERIFY:
        return [Saying(_("Está por verificar. Pida la orden de supervisión, jefatura de operaciones o gerencia."))]
    return [Saying(_("Su plan no está vigente. Pida la orden de supervisión, jefatura de operaciones o gerencia."))]


def blockers_to_register(*, name: str, account: object, by: Actor) -> Sequence[Saying]:
    """Of who is not found, only a name and an account are asked: what is missing is found out when it is verified."""
    blockers = [] if by.may(HANDLE) or by.may(AFFILIATES) else [NOT_YOURS]
    if account is None:
        blockers.append(Saying(_("Escoja la cuenta por la que llama.")))
    if not name:
        blockers.append(Saying(_("Escriba el nombre del afiliado.")))
    return blockers


def blockers_to_verify(*, status: str, since_on: date | None, until_on: date | None, by: Actor) -> Sequence[Saying]:
    if not by.may(AFFILIATES):
        return [Saying(_("Lo verifica supervisión o la jefatura de operaciones, con lo que diga el cliente."))]
    if status != Served.TO_VERIFY:
        return [Saying(_("Ya está verificado."))]
    if since_on and until_on and until_on < since_on:
        return [Saying(_("El plan termina antes de empezar. Corrija las fechas."))]
    return []
