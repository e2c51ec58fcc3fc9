"""Who has a file in charge, who may pass it on, and when it may close. Plain values in, reasons out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from escucha.contexts.assistance.rules.acts import HANDLE, SUPERVISE
from escucha.contexts.assistance.rules.opening import FILE_CLOSED, NOT_YOURS
from escucha.contexts.assistance.rules.stages import ENDED, STATE_NAMES, Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _


@dataclass(frozen=True)
class Piece:
    """An assistance of a file, as far as its closing needs to know."""

    number: int  # of its file
    position: int
    stage: str
    costed_at: datetime | None = None
    conformity: str = ""

    @property
    def called(self) -> str:
        return f"{self.number}/{self.position}"


def missing_of(piece: Piece) -> Sequence[Saying]:
    """What an assistance lacks before its file may close. What was cancelled lacks nothing more."""
    called = {"assistance": piece.called}
    if piece.stage not in ENDED:
        said = _("La asistencia {assistance} sigue abierta: {stage}. Conclúyala o cancélela.")
        return [Saying(said, called | {"stage": STATE_NAMES[Stage(piece.stage)]})]
    missing = []
    if piece.stage == Stage.CONCLUDED and piece.costed_at is None:
        missing.append(Saying(_("A la asistencia {assistance} le faltan los costos."), called))
    if piece.stage == Stage.CONCLUDED and not piece.conformity:
        missing.append(Saying(_("A la asistencia {assistance} le falta la conformidad."), called))
    return missing


def blockers_to_close(
    pieces: Iterable[Piece],
    *,
    file_open: bool,
    coordinator_id: int | None,
    verified: bool,
    empty_reason: str,
    by: Actor,
) -> Sequence[Saying]:
    """Every assistance is looked at, one by one, and everything that is missing is said at once."""
    if not file_open:
        return [Saying(_("El expediente ya está cerrado."))]
    return [*_why_not_to_close([*pieces], coordinator_id, verified, empty_reason, by)]


def _why_not_to_close(
    pieces: Sequence[Piece], coordinator_id: int | None, verified: bool, empty_reason: str, by: Actor
) -> Iterator[Saying]:
    if not has_in_charge(by, coordinator_id):
        yield Saying(_("Lo cierra quien lo tiene a cargo, o supervisión."))
    for piece in pieces:
        yield from missing_of(piece)
    if not verified:
        yield Saying(_("Falta verificar al afiliado con su cliente. Pídaselo a supervisión."))
    if not pieces and not empty_reason.strip():
        yield Saying(_("No tiene asistencias: escriba por qué se cierra sin ninguna."))


def has_in_charge(by: Actor, coordinator_id: int | None) -> bool:
    return by.may(SUPERVISE) or (by.may(HANDLE) and by.member_id is not None and by.member_id == coordinator_id)


def blockers_to_hand_over(
    *, file_open: bool, coordinator_id: int | None, target_id: int | None, target_may: bool, by: Actor
) -> Sequence[Saying]:
    """Supervision passes any file to anybody; who coordinates passes its own on, and takes from the queue of the shift.

    `target_may`: it is somebody active who may coordinate, or nobody, which is the queue.
    """
    if not file_open:
        return [FILE_CLOSED]
    takes = coordinator_id is None and target_id is not None and target_id == by.member_id
    if not has_in_charge(by, coordinator_id) and not (takes and by.may(HANDLE)):
        return [Saying(_("Lo entrega quien lo tiene a cargo, o supervisión."))]
    if not target_may:
        return [Saying(_("Escoja a alguien activo que coordine asistencias."))]
    return [Saying(_("Ya lo tiene a cargo."))] if target_id == coordinator_id else []


def blockers_to_reopen(*, file_open: bool, reason: str, by: Actor) -> Sequence[Saying]:
    if file_open:
        return [Saying(_("El expediente está abierto."))]
    blockers = [] if by.may(SUPERVISE) else [Saying(_("Un expediente cerrado lo abre otra vez supervisión."))]
    if not reason.strip():
        blockers.append(Saying(_("Escriba por qué se abre otra vez.")))
    return blockers


def blockers_to_remind(*, file_open: bool, text: str, by: Actor) -> Sequence[Saying]:
    """`by` is who is reminded, so it is somebody who works here."""
    blockers = [] if by.may(HANDLE) and by.member_id is not None else [NOT_YOURS]
    if not file_open:
        blockers.append(FILE_CLOSED)
    if not text.strip():
        blockers.append(Saying(_("Escriba qué hay que recordar.")))
    return blockers
