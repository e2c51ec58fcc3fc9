"""From the opening to the search: what an assistance is given for, and why it may not begin. Values in, reasons out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from escucha.contexts.assistance.policy import Flow
from escucha.contexts.assistance.rules.acts import AUTHORISE, HANDLE
from escucha.contexts.assistance.rules.opening import NOT_YOURS, Served, blockers_to_serve
from escucha.contexts.assistance.rules.stages import Category, Priority, Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

Window = tuple[datetime, datetime]


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
    *, stage: str, covered: bool, offered: bool, rejected: bool, by: Actor
) -> Sequence[Saying]:
    """Only what no plan covers, after connection was offered and not wanted, and before anybody was looked for."""
    if not by.may(HANDLE):
        return [NOT_YOURS]
    if stage != Stage.OPENING:
        return [Saying(_("Ya se aceptó. Si la persona no la quiere, cancélela como posterior."))]
    blockers = []
    if covered:
        blockers.append(Saying(_("Su plan lo cubre. Si la persona ya no la quiere, cancélela como posterior.")))
    if not offered:
        blockers.append(Saying(_("Ofrezca antes el servicio por conexión.")))
    elif not rejected:
        blockers.append(Saying(_("Si acepta la conexión, continúe con ella.")))
    return blockers
