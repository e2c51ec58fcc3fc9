"""What a file, and each of its assistances, needs to begin. Plain values in, reasons out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from escucha.contexts.assistance.policy import AssistancePolicy, Flow
from escucha.contexts.assistance.rules.acts import AFFILIATES, AUTHORISE, HANDLE
from escucha.contexts.assistance.rules.stages import Category, Priority, Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

Window = tuple[datetime, datetime]
FEWEST_DIGITS = 7  # of a telephone that can be called back
NOT_YOURS = Saying(_("Sus permisos no incluyen coordinar asistencias."))
FILE_CLOSED = Saying(_("El expediente está cerrado. Pida a supervisión que lo abra otra vez."))
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


def blockers_to_order(*, authoriser: Actor | None, reason: str) -> Sequence[Saying]:
    """Who may not be served otherwise is, on the order of who authorises, with its reason."""
    blockers = []
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


@dataclass(frozen=True)
class Beginning:
    """How an assistance stands when it is about to be accepted."""

    stage: str
    category: str
    covered: bool  # its plan covers the service and has events left
    flow: Flow
    located: bool
    consent: bool | None
    standing: Served
    ordered: bool  # somebody who may ordered that it be served


@dataclass(frozen=True)
class Terms:
    """With what it is accepted: how soon, and when somebody will be there."""

    priority: str
    offered: Window | None = None
    other: Window | None = None
    agreed: Window | None = None
    declined: str = ""  # why it is not programmed, though it could be
    consent_reason: str = ""  # why it goes on though the affiliate's data may not be given


def blockers_to_accept(standing: Beginning, terms: Terms, *, now: datetime, by: Actor) -> Sequence[Saying]:
    if not by.may(HANDLE):
        return [NOT_YOURS]
    if standing.stage != Stage.OPENING:
        return [Saying(_("La asistencia ya se aceptó o se canceló."))]
    if terms.priority not in frozenset(Priority):
        return [Saying(_("Escoja la prioridad: riesgo de vida, emergencia o programado."))]
    return [
        *blockers_to_serve(standing.standing, priority=terms.priority, ordered=standing.ordered),
        *_why_not_by_cover(standing),
        *_why_not_there(standing),
        *_why_not_then(terms, now),
        *_why_not_without_consent(standing, terms),
    ]


def _why_not_by_cover(standing: Beginning) -> Iterator[Saying]:
    if standing.category == Category.COVERAGE and not standing.covered:
        yield Saying(_("El plan no lo cubre o ya no le quedan eventos. Ofrezca conexión, o pida una cortesía."))


def _why_not_there(standing: Beginning) -> Iterator[Saying]:
    if standing.flow == Flow.ONSITE and not standing.located:
        yield Saying(_("Escriba a dónde hay que ir: la zona, y la dirección o las referencias."))


def _why_not_then(terms: Terms, now: datetime) -> Iterator[Saying]:
    windows = [one for one in (terms.offered, terms.other, terms.agreed) if one]
    if any(opens >= closes for opens, closes in windows):
        yield Saying(_("Una franja termina antes de empezar. Corríjala."))
    elif any(closes <= now for _opens, closes in windows):
        yield Saying(_("Una franja ya pasó. Acuerde otra."))
    if terms.priority == Priority.PROGRAMMED and not (terms.agreed or terms.offered):
        yield Saying(_("Escriba desde y hasta qué hora puede recibir a quien vaya."))
    if terms.declined and terms.priority != Priority.EMERGENCY:
        yield Saying(_("Si no quiere programarla, se atiende como emergencia."))


def _why_not_without_consent(standing: Beginning, terms: Terms) -> Iterator[Saying]:
    if standing.flow == Flow.PHONE:  # the desk solves it: nobody is given anything
        return
    if standing.consent is None:
        yield Saying(_("Pregunte si sus datos se le pueden dar al proveedor y anote la respuesta."))
    elif not standing.consent and terms.priority != Priority.VITAL:
        yield Saying(_("Sin ese permiso no se puede enviar a nadie. Explíqueselo o cancele la asistencia."))
    elif not standing.consent and not terms.consent_reason.strip():
        yield Saying(_("Hay riesgo de vida: escriba por qué se envía a alguien sin ese permiso."))


def blockers_to_connect(
    *, stage: str, covered: bool, told_payment: bool, told_guarantee: bool, accepted: bool, by: Actor
) -> Sequence[Saying]:
    """The affiliate pays, so it knows how and what is guaranteed before it says yes."""
    if not by.may(HANDLE):
        return [NOT_YOURS]
    blockers = [*_why_not_instead(stage, covered)]
    if not told_payment:
        blockers.append(Saying(_("Cuéntele antes las formas de pago.")))
    if not told_guarantee:
        blockers.append(Saying(_("Cuéntele antes qué garantía tiene el trabajo.")))
    if not accepted:
        blockers.append(Saying(_("Si no acepta la conexión, cancele la asistencia al momento.")))
    return blockers


def blockers_to_give_courtesy(
    *, stage: str, covered: bool, first_use: bool, in_house: bool, reason: str, by: Actor
) -> Sequence[Saying]:
    """`first_use`: nothing was ever given under the plan. `in_house`: somebody of the company solves it at low cost."""
    if not by.may(AUTHORISE):
        return [Saying(_("La cortesía la autoriza supervisión, jefatura de operaciones o gerencia general."))]
    blockers = [*_why_not_instead(stage, covered)]
    if not first_use:
        blockers.append(Saying(_("La cortesía es para el primer uso del plan. Ofrezca conexión.")))
    if not in_house:
        blockers.append(Saying(_("La cortesía la resuelve un técnico de la casa a bajo costo. Ofrezca conexión.")))
    if not reason.strip():
        blockers.append(Saying(_("Escriba por qué se da la cortesía.")))
    return blockers


def _why_not_instead(stage: str, covered: bool) -> Iterator[Saying]:
    if stage != Stage.OPENING:
        yield Saying(_("La asistencia ya se aceptó o se canceló."))
    elif covered:
        yield Saying(_("Su plan lo cubre: ábrala en cobertura."))


def blockers_to_cancel_at_once(
    *, stage: str, covered: bool, offered: bool, rejected: bool, assigned_ever: bool, by: Actor
) -> Sequence[Saying]:
    """Only what no plan covers, after connection was offered and not wanted, and before anybody was sent."""
    if not by.may(HANDLE):
        return [NOT_YOURS]
    if stage != Stage.OPENING or assigned_ever:
        return [Saying(_("Ya se aceptó. Si la persona no la quiere, cancélela como posterior."))]
    blockers = []
    if covered:
        blockers.append(Saying(_("Su plan lo cubre. Si la persona ya no la quiere, cancélela como posterior.")))
    if not offered:
        blockers.append(Saying(_("Ofrezca antes el servicio por conexión.")))
    elif not rejected:
        blockers.append(Saying(_("Si acepta la conexión, continúe con ella.")))
    return blockers


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
