"""The work itself: what is wrong and what it costs, who pays what the plan does not cover, and when it ended."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from escucha.contexts.assistance.policy.catalogue import Flow
from escucha.contexts.assistance.rules.course import (
    AFFILIATE,
    PROVIDER,
    Course,
    out_of_turn,
    untimely,
    without_act,
)
from escucha.contexts.assistance.rules.stages import BEFORE_ARRIVAL, Category, Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

CENT = Decimal("0.01")
MOST = Decimal(10) ** 12
WAYS: Mapping[str, str] = {
    "call": _("Por teléfono"),
    "link": _("En su página"),
    "message": _("Por mensaje escrito"),
}
PAID_BY_US = frozenset({Category.COURTESY, Category.GUARANTEE})
DIAGNOSIS_FIRST = _("Pida primero el diagnóstico y el costo.")
AUTHORISED_ALREADY = _("El trabajo ya está autorizado.")


def cover_of(category: str, amount: Decimal | None) -> Decimal | None:
    """What is paid for this event without asking the affiliate; None is without limit.

    A connection covers nothing; of a courtesy and of a guarantee the affiliate pays nothing.
    """
    if category == Category.CONNECTION:
        return Decimal(0)
    return None if category in PAID_BY_US else amount


def excess_of(cost: Decimal, cover: Decimal | None) -> Decimal:
    """What the affiliate pays of a cost."""
    return Decimal(0) if cover is None else max(cost - cover, Decimal(0))


def is_money(amount: Decimal) -> bool:
    """Whether it is an amount that can be kept: not negative, of cents at most."""
    return amount.is_finite() and 0 <= amount < MOST and amount == amount.quantize(CENT)


def written(amount: Decimal, currency: str) -> str:
    """As people write it here: `COP 80.000`, `ARS 1.250,50`."""
    whole, cents = f"{amount:,.2f}".replace(",", ".").rsplit(".", 1)
    return f"{currency} {whole}{'' if cents == '00' else ',' + cents}".strip()


def blockers_to_diagnose(
    course: Course,
    by: Actor,
    *,
    text: str | None = None,
    cost: Decimal | None = None,
    ends_at: datetime | None = None,
) -> Sequence[Saying]:
    """Why the diagnosis cannot be recorded. `text` is None while a page only asks. A wrong one is corrected."""
    blockers = without_act(course, by, also={PROVIDER})
    early = _("Confirme primero que el proveedor y el afiliado se encontraron.")
    blockers += out_of_turn(course, {Stage.CONTACTED, Stage.DIAGNOSED}, early=early, late=AUTHORISED_ALREADY)
    if text is None:
        return blockers
    if not text.strip():
        blockers.append(Saying(_("Escriba el diagnóstico.")))
    if cost is None or not is_money(cost):
        blockers.append(Saying(_("Escriba cuánto cuesta el trabajo; si no cuesta nada, escriba 0.")))
    if ends_at is None:
        blockers.append(Saying(_("Escriba a qué hora calcula terminar.")))
    elif course.contacted_at and ends_at < course.contacted_at:
        blockers.append(Saying(_("El trabajo no puede terminar antes de que se encontraran.")))
    return blockers


def blockers_to_authorise(course: Course, by: Actor) -> Sequence[Saying]:
    """Why the work cannot be authorised within the cover."""
    blockers = without_act(course, by) + _undecided(course)
    if not blockers and (excess := _excess(course)):
        why = _("Cuesta {excess} más de lo que cubre el plan: llame al afiliado y pregúntele si paga esa parte.")
        blockers.append(Saying(why, {"excess": written(excess, course.currency)}))
    return blockers


def blockers_to_accept_excess(
    course: Course,
    by: Actor,
    *,
    amount: Decimal | None = None,
    payment: str = "",
    payments: Collection[str] = (),
    who: str = "",
    how: str = "",
    told_at: datetime | None = None,
    now: datetime | None = None,
) -> Sequence[Saying]:
    """Why it cannot be recorded that the affiliate pays the excess. `amount` is None while a page only asks."""
    blockers = without_act(course, by, also={AFFILIATE}) + _undecided(course)
    if not blockers and not _excess(course):
        blockers.append(Saying(_("El plan cubre todo: autorice el trabajo.")))
    if blockers or amount is None:
        return blockers
    if amount != _excess(course):
        excess = written(_excess(course), course.currency)
        blockers.append(Saying(_("El excedente es de {excess}: dígale ese valor."), {"excess": excess}))
    if payment not in payments:
        blockers.append(Saying(_("Escoja cómo va a pagar.")))
    if how not in WAYS or not who.strip() or told_at is None:
        blockers.append(Saying(_("Escriba quién aceptó, cuándo y por qué medio.")))
    before = _("No pudo aceptarlo antes de que llegara el proveedor.")
    return blockers + untimely(told_at, now, since=course.arrived_at, before=before)


def blockers_to_reject_excess(course: Course, by: Actor) -> Sequence[Saying]:
    """Why it cannot be recorded that the affiliate does not pay the excess, which ends the assistance."""
    blockers = without_act(course, by, also={AFFILIATE}) + _undecided(course)
    if not blockers and not _excess(course):
        blockers.append(Saying(_("El plan cubre todo: no hay excedente que pagar.")))
    return blockers


def blockers_to_finish(
    course: Course, by: Actor, *, at: datetime | None = None, now: datetime | None = None
) -> Sequence[Saying]:
    """Why the end of the work cannot be recorded. By telephone there is neither arrival nor authorisation."""
    blockers = without_act(course, by, also={PROVIDER})
    if course.flow == Flow.PHONE:
        wanted, early, since = BEFORE_ARRIVAL, _("Asigne primero quién lo resuelve."), course.assigned_at
    else:
        wanted, early, since = frozenset({Stage.AUTHORISED}), _("Autorice primero el trabajo."), course.arrived_at
    blockers += out_of_turn(course, wanted, early=early, late=_("Ya consta a qué hora terminó."))
    return blockers + untimely(at, now, since=since, before=_("No pudo terminar antes de llegar."))


def _undecided(course: Course) -> list[Saying]:
    return out_of_turn(course, {Stage.DIAGNOSED}, early=DIAGNOSIS_FIRST, late=AUTHORISED_ALREADY)


def _excess(course: Course) -> Decimal:
    return excess_of(course.quoted or Decimal(0), course.cover)
