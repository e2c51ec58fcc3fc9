"""What is allowed while requests are received together: a box that is opened, a hearing; and contacts that are none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from escucha.contexts.cases.policy.receiving import OPENING
from escucha.contexts.cases.rules.standing import listed
from escucha.contexts.people.rules.places import folded
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _
from escucha.kernel.worktime.words import long_day

BOX, HEARING = "box", "hearing"
MOST_SLIPS = 2000  # of one act: beyond it a number was mistyped
BLANK, ILLEGIBLE = _("En blanco"), _("No se puede leer")
PUT_RIGHT = _("Texto corregido, como está en el papel:\n\n{body}")
VOID_REASONS = (BLANK, ILLEGIBLE, _("No es una solicitud"), _("Está repetida"))


@dataclass(frozen=True)
class ActStanding:
    """How an act stands, as far as rules need to know. `taken` are the positions that have their slip."""

    kind: str
    closed: bool
    first: int | None
    last: int | None
    taken: frozenset[int] = frozenset()

    @property
    def missing(self) -> Sequence[int]:
        """The numbers of the sealed range that nobody has entered."""
        if self.first is None or self.last is None:
            return []
        return [position for position in range(self.first, self.last + 1) if position not in self.taken]

    @property
    def following(self) -> int | None:
        """The next number to enter; of a box whose range is whole, none."""
        if self.kind == HEARING:
            return max(self.taken, default=0) + 1
        return next(iter(self.missing), None)


def blockers_to_record(by: Actor) -> Sequence[Saying]:
    return [] if by.may("attentions.record") else [Saying(_("Su rol no registra atenciones."))]


def blockers_to_turn_into_case(by: Actor, *, filed: bool) -> Sequence[Saying]:
    """A contact becomes one case, once."""
    blockers = list(blockers_to_record(by))
    if not by.may("cases.file"):
        blockers.append(Saying(_("Su rol no radica solicitudes.")))
    if filed:
        blockers.append(Saying(_("Esta atención ya es una solicitud.")))
    return blockers


def blockers_to_open_act(
    by: Actor,
    *,
    kind: str,
    witnesses: Sequence[str],
    needed: int,
    slips: tuple[int | None, int | None],
    held_at: datetime,
    now: datetime,
) -> Sequence[Saying]:
    """`slips` are the first and the last number of the sealed range; neither, for a box that was empty."""
    blockers = _without_act(by)
    if held_at > now:
        blockers.append(Saying(_("Esa hora todavía no llega: escriba cuándo fue.")))
    if kind == BOX:
        if len({folded(name) for name in witnesses}) < needed:
            blockers.append(Saying(_("Escriba el nombre de {many} testigos distintos."), {"many": needed}))
        blockers.extend(_odd_range(*slips))
    return blockers


def blockers_to_enter(act: ActStanding, by: Actor, *, position: int | None = None) -> Sequence[Saying]:
    """Why a slip or a word cannot be entered now. `position` is None while a page only asks."""
    blockers = [*_without_act(by), *_closed(act)]
    if not by.may("cases.file"):
        blockers.append(Saying(_("Su rol no radica solicitudes.")))
    if position is None or blockers:
        return blockers
    if act.kind == BOX and (act.first is None or act.last is None or not act.first <= position <= act.last):
        why = _("La papeleta {number} no está entre las que se sellaron: de la {first} a la {last}.")
        blockers.append(Saying(why, {"number": position, "first": act.first or 0, "last": act.last or 0}))
    if position in act.taken:
        blockers.append(Saying(_("La número {number} ya está en el acta."), {"number": position}))
    return blockers


def blockers_to_void(act: ActStanding, by: Actor, *, position: int, reason: str) -> Sequence[Saying]:
    """Only a slip may say nothing: who speaks in a hearing has spoken."""
    if act.kind == HEARING:
        return [Saying(_("Una intervención no se anula. Escriba lo que se dijo o déjela sin anotar."))]
    blockers = list(blockers_to_enter(act, by, position=position))
    if not reason.strip():
        blockers.append(Saying(_("Diga por qué se anula.")))
    return blockers


def blockers_to_correct(act: ActStanding, by: Actor, *, moved: bool = False) -> Sequence[Saying]:
    """A slip is corrected until its act is closed. `moved` says that somebody is handling its case by now."""
    blockers = [*_without_act(by), *_closed(act)]
    if moved:
        blockers.append(Saying(_("Esa solicitud ya se está atendiendo: lo que haya que corregir va en una nota suya.")))
    return blockers


def blockers_to_date(written_on: date | None, *, opened_on: date) -> Sequence[Saying]:
    """Nobody writes in a box after it was opened."""
    if written_on is None or written_on <= opened_on:
        return []
    why = _(
        "El buzón se abrió el {day} y esa fecha es posterior: revísela. Si es la que dice el papel, déjela en blanco."
    )
    return [Saying(why, {"day": long_day(opened_on)})]


def counted_from(
    *, kind: str, held_at: datetime, written_on: date | None, minute: int | None, counts_from: str
) -> datetime:
    """From when the term counts: the word in the hearing, the opening of the box or, by policy, the day on the slip.

    `held_at` is in the zone of the organisation.
    """
    if kind == HEARING:
        return held_at + timedelta(minutes=minute or 0)
    if written_on is None or counts_from == OPENING:
        return held_at
    return min(held_at, datetime.combine(written_on, time(12), tzinfo=held_at.tzinfo))


def blockers_to_close_act(act: ActStanding, by: Actor) -> Sequence[Saying]:
    """An act is closed only when it is whole."""
    blockers = [*_without_act(by), *_closed(act)]
    if act.missing:
        blockers.append(Saying(_("Faltan por escribir o anular: {missing}."), {"missing": in_ranges(act.missing)}))
    return blockers


def in_ranges(positions: Iterable[int]) -> str:
    """`3, 7 y 9 a 12`."""
    runs = [
        [position for _place, position in run]
        for _offset, run in groupby(enumerate(sorted(positions)), lambda pair: pair[1] - pair[0])
    ]
    said = [str(run[0]) if len(run) == 1 else _("{first} a {last}").format(first=run[0], last=run[-1]) for run in runs]
    return listed(said)


def _odd_range(first: int | None, last: int | None) -> Sequence[Saying]:
    if first is None and last is None:
        return []
    if first is None or last is None:
        return [Saying(_("Escriba el primero y el último número de las papeletas."))]
    if not 0 < first <= last:
        return [Saying(_("El último número de las papeletas no puede ser menor que el primero."))]
    if last - first >= MOST_SLIPS:
        return [Saying(_("Son más de {most} papeletas: revise los números."), {"most": MOST_SLIPS})]
    return []


def _closed(act: ActStanding) -> list[Saying]:
    return [Saying(_("El acta ya está cerrada."))] if act.closed else []


def _without_act(by: Actor) -> list[Saying]:
    return [] if by.may("acts.open") else [Saying(_("Su rol no lleva actas."))]
