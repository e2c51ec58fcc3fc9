"""From who goes to who met whom: what may be told, checked and agreed again on the way, and which duty it fulfils."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from escucha.contexts.assistance.policy.catalogue import Flow, Times
from escucha.contexts.assistance.rules.course import (
    AFFILIATE,
    PROVIDER,
    Course,
    Owed,
    out_of_turn,
    untimely,
    without_act,
)
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import BEFORE_ARRIVAL, Priority, Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

INBOUND, OUTBOUND = "inbound", "outbound"
DIRECTION_NAMES: Mapping[str, str] = {INBOUND: _("Llamó"), OUTBOUND: _("Se le llamó")}
PARTY_NAMES: Mapping[str, str] = {PROVIDER: _("El proveedor"), AFFILIATE: _("El afiliado")}
CALLS: Mapping[tuple[str, str], Subtype] = {
    (PROVIDER, INBOUND): Subtype.FROM_PROVIDER,
    (PROVIDER, OUTBOUND): Subtype.TO_PROVIDER,
    (AFFILIATE, INBOUND): Subtype.FROM_AFFILIATE,
    (AFFILIATE, OUTBOUND): Subtype.TO_AFFILIATE,
}
TOLD: Mapping[str, str] = {
    "window": _("desde y hasta qué hora van"),
    "number": _("el número de la asistencia"),
    "provider": _("quién va"),
}
IDENTITIES: Mapping[str, str] = {"affiliate": _("El afiliado"), "beneficiary": _("Un beneficiario")}
PROVIDER_CHECKS = (Duty.EXTRA_CHECK, Duty.FIRST_MOVE)
NOBODY_YET = _("Asigne primero un proveedor.")
HERE_ALREADY = _("El proveedor ya llegó.")


def blockers_to_confirm(course: Course, by: Actor, *, told: Collection[str] | None = None) -> Sequence[Saying]:
    """Why the affiliate cannot be told who goes. `told` is None while a page only asks."""
    late = HERE_ALREADY if course.stage != Stage.CONFIRMED else _("El afiliado ya sabe quién va.")
    blockers = without_act(course, by, also={AFFILIATE})
    blockers += out_of_turn(course, {Stage.ASSIGNED}, early=NOBODY_YET, late=late)
    if told is not None:
        blockers += [Saying(_("Dígale también {what}."), {"what": TOLD[key]}) for key in TOLD if key not in told]
    return blockers


def blockers_to_check(
    course: Course, by: Actor, *, party: str | None = None, direction: str | None = None
) -> Sequence[Saying]:
    """Why a call on the way cannot be recorded. `party` and `direction` are None while a page only asks."""
    also = {party} if party and direction != OUTBOUND else set()
    blockers = without_act(course, by, also=also)
    late = _("El proveedor ya llegó: escriba la llamada como una anotación.")
    blockers += out_of_turn(course, BEFORE_ARRIVAL, early=NOBODY_YET, late=late)
    if party is not None and (party, direction) not in CALLS:
        blockers.append(Saying(_("Diga con quién se habló y quién llamó.")))
    return blockers


def fulfilled_by_provider(owed: Sequence[Owed], *, times: Times, now: datetime) -> Sequence[Duty]:
    """The checks that a provider who keeps its time fulfils: the next one, unless it is too early, and all overdue.

    The extra check has its own hours: a call made a day before is neither that one nor the one after it.
    """
    checks = sorted((one for one in owed if one.duty in PROVIDER_CHECKS), key=lambda one: one.due_at)
    if not checks or (checks[0].duty == Duty.EXTRA_CHECK and now < checks[0].due_at - _range_of(times)):
        return []
    return [one.duty for place, one in enumerate(checks) if place == 0 or one.due_at <= now]


def blockers_to_arrive(
    course: Course, by: Actor, *, at: datetime | None = None, now: datetime | None = None
) -> Sequence[Saying]:
    """Why the arrival cannot be recorded. `at` is None while a page only asks."""
    blockers = without_act(course, by, also={PROVIDER})
    if course.flow == Flow.PHONE and course.stage in BEFORE_ARRIVAL:
        return [*blockers, Saying(_("Se resuelve por teléfono: no va nadie."))]
    blockers += out_of_turn(course, BEFORE_ARRIVAL, early=NOBODY_YET, late=HERE_ALREADY)
    before = _("La llegada no puede ser anterior a la asignación.")
    return blockers + untimely(at, now, since=course.assigned_at, before=before)


def blockers_to_contact(
    course: Course,
    by: Actor,
    *,
    at: datetime | None = None,
    identity: str | None = None,
    now: datetime | None = None,
) -> Sequence[Saying]:
    """Why it cannot be recorded that they met. `at` and `identity` are None while a page only asks."""
    blockers = without_act(course, by, also={PROVIDER, AFFILIATE})
    blockers += out_of_turn(
        course,
        {Stage.ARRIVED},
        early=_("Anote primero la llegada del proveedor."),
        late=_("Ya consta que se encontraron."),
    )
    before = _("No pudieron encontrarse antes de que llegara el proveedor.")
    blockers += untimely(at, now, since=course.arrived_at, before=before)
    if identity is not None and identity not in IDENTITIES:
        blockers.append(Saying(_("Diga a quién encontró el proveedor: al afiliado o a un beneficiario.")))
    return blockers


def blockers_to_reprogramme(
    course: Course,
    by: Actor,
    *,
    window: tuple[datetime, datetime] | None = None,
    eta_at: datetime | None = None,
    accepted_by: Collection[str] | None = None,
    now: datetime | None = None,
) -> Sequence[Saying]:
    """Why another hour cannot be agreed. `accepted_by` is None while a page only asks: then nothing was said yet."""
    blockers = without_act(course, by)
    early = _("Diga primero cuándo puede el afiliado, al aceptar la asistencia.")
    blockers += out_of_turn(course, BEFORE_ARRIVAL | {Stage.TO_ASSIGN}, early=early, late=HERE_ALREADY)
    if accepted_by is None or blockers:
        return blockers
    if AFFILIATE not in accepted_by:
        blockers.append(Saying(_("El afiliado debe aceptar la nueva hora; si no la acepta, cancele el proveedor.")))
    if course.going and PROVIDER not in accepted_by:
        blockers.append(Saying(_("El proveedor debe aceptar la nueva hora; si no puede, cancélelo y asigne otro.")))
    return blockers + _bad_hours(course, window, eta_at, now)


def _range_of(times: Times) -> timedelta:
    return timedelta(hours=times.extra_from_hours - times.extra_until_hours)


def _bad_hours(
    course: Course, window: tuple[datetime, datetime] | None, eta_at: datetime | None, now: datetime | None
) -> list[Saying]:
    if course.priority != Priority.PROGRAMMED:
        if course.going is None:
            return [Saying(_("Asigne primero un proveedor: la hora de una emergencia la dice quien va."))]
        if eta_at is None:
            return [Saying(_("Escriba a qué hora llega el proveedor."))]
        return [Saying(_("Esa hora ya pasó."))] if now and eta_at < now else []
    if window is None:
        return [Saying(_("Escriba desde y hasta qué hora pueden ir."))]
    if window[0] >= window[1]:
        return [Saying(_("La franja termina antes de empezar."))]
    return [Saying(_("Esa franja ya pasó."))] if now and window[1] <= now else []
