"""Who bears what a provider charges. The lines of an invoice add up to it; none is erased, one takes back another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from escucha.contexts.assistance.rules.course import Course, out_of_turn, without_act
from escucha.contexts.assistance.rules.serving import PAID_BY_US, is_money, written
from escucha.contexts.assistance.rules.stages import Category, Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _


class Payer(StrEnum):
    COVERAGE = "coverage"
    AFFILIATE = "affiliate"
    COMPANY = "company"


PAYER_NAMES: Mapping[Payer, str] = {
    Payer.COVERAGE: _("La cobertura"),
    Payer.AFFILIATE: _("El afiliado"),
    Payer.COMPANY: _("La compañía"),
}
# A visit may be charged of what was cancelled afterwards, and of what concluded an invoice may come that says more.
COSTED = frozenset({Stage.FINISHED, Stage.REFUNDING, Stage.CANCELLED_LATER, Stage.PROVIDER_CANCELLED})
CORRECTED = COSTED | {Stage.CONCLUDED}
WORK_FIRST = _("Anote primero a qué hora terminó el trabajo.")


@dataclass(frozen=True)
class Line:
    """What one payer bears, and of what."""

    payer: str
    concept: str
    amount: Decimal


def split(total: Decimal, *, category: str, cover: Decimal | None, excess: Decimal | None) -> Mapping[Payer, Decimal]:
    """How an invoice is proposed to be shared: the cover first, then what the affiliate accepted, the company the rest.

    Of what the company gives (courtesy, guarantee) it bears all.
    """
    covered = Decimal(0)
    if category in {Category.COVERAGE, Category.REFUND}:
        covered = total if cover is None else min(total, cover)
    over = total - covered
    asked = over if category == Category.REFUND else min(over, excess or Decimal(0))
    return {Payer.COVERAGE: covered, Payer.AFFILIATE: asked, Payer.COMPANY: over - asked}


def totals(lines: Iterable[Line]) -> Mapping[str, Decimal]:
    """By payer, every one of them; a line that takes another back is negative."""
    sums = dict.fromkeys(map(str, Payer), Decimal(0))
    for line in lines:
        sums[line.payer] += line.amount
    return sums


def blockers_to_load(
    course: Course,
    by: Actor,
    *,
    lines: Sequence[Line] | None = None,
    invoice: str = "",
    total: Decimal = Decimal(0),
) -> Sequence[Saying]:
    """Why costs cannot be loaded. `lines` is None while a page only asks. No lines at all: it cost nothing."""
    blockers = _out_of_hand(course, by)
    if lines is None or blockers:
        return blockers
    if invoice in course.invoices:
        blockers.append(Saying(_("Esa factura ya está cargada: retírela antes de cargarla otra vez.")))
    if wrong := _wrong_lines(lines):
        return [*blockers, *wrong]
    if total != (sum_ := sum((line.amount for line in lines), Decimal(0))):
        why = _("Las partes suman {sum} y la factura dice {total}: deben ser iguales.")
        said = {"sum": written(sum_, course.currency), "total": written(total, course.currency)}
        blockers.append(Saying(why, said))
    if total and not invoice.strip():
        blockers.append(Saying(_("Escriba el número de la factura.")))
    return blockers + _too_much(course, totals(lines))


def blockers_to_take_back(
    course: Course, by: Actor, *, invoice: str | None = None, reason: str = ""
) -> Sequence[Saying]:
    """Why loaded costs cannot be taken back. `invoice` is None while a page only asks."""
    blockers = without_act(course, by)
    blockers += out_of_turn(course, CORRECTED, early=WORK_FIRST, late="")
    if blockers:
        return blockers
    if not course.invoices if invoice is None else invoice not in course.invoices:
        blockers.append(Saying(_("No hay costos cargados de esa factura.")))
    if invoice is not None and not reason.strip():
        blockers.append(Saying(_("Escriba por qué se retiran.")))
    return blockers


def _out_of_hand(course: Course, by: Actor) -> list[Saying]:
    blockers = without_act(course, by)
    if course.stage in CORRECTED:
        if course.stage not in {Stage.FINISHED, Stage.REFUNDING} and course.assigned_at is None:
            blockers.append(Saying(_("Nunca se asignó un proveedor: no hay qué cobrar.")))
        return blockers
    return blockers + out_of_turn(course, COSTED, early=WORK_FIRST, late=WORK_FIRST)


def _wrong_lines(lines: Sequence[Line]) -> list[Saying]:
    blockers = []
    if any(line.payer not in PAYER_NAMES for line in lines):
        blockers.append(Saying(_("Diga quién asume cada parte.")))
    if any(not is_money(line.amount) or not line.amount for line in lines):
        blockers.append(Saying(_("Escriba el valor de cada parte: más de 0 y con dos decimales como máximo.")))
    if any(not line.concept.strip() for line in lines):
        blockers.append(Saying(_("Escriba de qué es cada parte.")))
    return blockers


def _too_much(course: Course, sums: Mapping[str, Decimal]) -> list[Saying]:
    """Beyond what the plan gives, and beyond what the affiliate accepted, the company pays."""
    blockers = []
    cover = Decimal(0) if course.category in PAID_BY_US else course.cover
    if cover is not None and sums[Payer.COVERAGE] + course.charged.get(Payer.COVERAGE, 0) > cover:
        why = _("La cobertura da hasta {cover} por este evento.")
        blockers.append(Saying(why, {"cover": written(cover, course.currency)}))
    accepted = course.excess or Decimal(0)
    asked = sums[Payer.AFFILIATE] + course.charged.get(Payer.AFFILIATE, 0)
    if course.category != Category.REFUND and asked > accepted:
        why = _("El afiliado aceptó pagar {accepted}: lo que pase de ahí lo asume la compañía.")
        blockers.append(Saying(why, {"accepted": written(accepted, course.currency)}))
    return blockers
