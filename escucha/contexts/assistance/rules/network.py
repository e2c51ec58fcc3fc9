"""Who can be sent: what forbids it, in words for who looks for a provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from escucha.contexts.assistance.rules.acts import NETWORK
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

EXTERNAL, IN_HOUSE, DESK = "external", "in_house", "desk"
DAY_MINUTES = 24 * 60

type Shifts = Mapping[str, Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Need:
    """What an assistance asks of who goes: when it begins and when it is expected, told in the time of its place."""

    begins_at: datetime
    expected_at: datetime
    by_telephone: bool = False
    in_house_only: bool = False  # a courtesy


@dataclass(frozen=True, slots=True)
class Ability:
    """How a provider stands towards one assistance."""

    kind: str = EXTERNAL
    active: bool = True
    capacity: int = 1
    going: int = 0  # works it has now
    shifts: Shifts | None = None
    on_guard: bool = False
    papers_until: date | None = None
    vetoed: bool = False
    failed: bool = False  # it was sent to this very assistance, and taken off


def blockers_to_send(one: Ability, need: Need) -> Sequence[Saying]:
    """Why a provider cannot be sent. Nothing of it can be put right with a reason: the network is changed instead."""
    blockers = []
    if not one.active:
        blockers.append(Saying(_("Ese proveedor no está activo.")))
    if one.failed:
        blockers.append(Saying(_("Ese proveedor ya se canceló en esta asistencia.")))
    if one.vetoed:
        blockers.append(Saying(_("La cuenta o el afiliado no quieren a ese proveedor.")))
    if one.papers_until and one.papers_until < need.expected_at.date():
        blockers.append(Saying(_("Sus documentos están vencidos.")))
    if not (one.on_guard or works_during(one.shifts, need)):
        blockers.append(Saying(_("A esa hora no trabaja ni está de guardia.")))
    if one.going >= one.capacity:
        blockers.append(Saying(_("Ya tiene todos los trabajos que puede atender a la vez.")))
    return blockers + _blockers_of_kind(one, need)


def works_during(shifts: Shifts | None, need: Need) -> bool:
    """Whether it works when the service begins, and still at the hour at which it is expected."""
    return on_shift(shifts, need.begins_at) and on_shift(shifts, need.expected_at)


def on_shift(shifts: Shifts | None, moment: datetime) -> bool:
    """Without shifts one always works. A shift that closes after midnight is of the day on which it opened."""
    if not shifts:
        return True
    minute, day = moment.hour * 60 + moment.minute, moment.weekday()
    today, yesterday = shifts.get(str(day), ()), shifts.get(str((day - 1) % 7), ())
    return any(opens <= minute < closes for opens, closes in today) or any(
        opens <= minute + DAY_MINUTES < closes for opens, closes in yesterday
    )


def areas_of(path: str) -> Sequence[str]:
    """An area and all that it is a part of: who gives a service in a province gives it in its zones."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts), 0, -1)] if path else []


def blockers_to_change_network(by: Actor, **values: Any) -> Sequence[Saying]:
    """Why the network cannot be changed so."""
    blockers = []
    if not by.may(NETWORK):
        blockers.append(Saying(_("Su rol no cambia la red de proveedores.")))
    if not str(values.get("name", "-")).strip():
        blockers.append(Saying(_("Escriba el nombre del proveedor.")))
    if values.get("capacity", 1) < 1:
        blockers.append(Saying(_("Un proveedor atiende al menos un trabajo a la vez.")))
    if values.get("position", 1) < 1:
        blockers.append(Saying(_("Las posiciones empiezan en 1.")))
    if (values.get("tariff") or 0) < 0:
        blockers.append(Saying(_("Una tarifa no es negativa.")))
    if not _are_shifts(values.get("shifts", {})):
        blockers.append(Saying(_("Revise los turnos: cada uno cierra después de abrir.")))
    return blockers


def blockers_to_veto(by: Actor, *, account: str, affiliate: bool, reason: str) -> Sequence[Saying]:
    blockers = list(blockers_to_change_network(by))
    if bool(account) == affiliate:
        blockers.append(Saying(_("Diga quién no lo quiere: la cuenta o el afiliado.")))
    if not reason.strip():
        blockers.append(Saying(_("Escriba por qué no lo quieren.")))
    return blockers


def blockers_to_suspend(by: Actor, *, active: bool, reason: str) -> Sequence[Saying]:
    blockers = list(blockers_to_change_network(by))
    if not active:
        blockers.append(Saying(_("Ya está suspendido.")))
    if not reason.strip():
        blockers.append(Saying(_("Escriba por qué se suspende.")))
    return blockers


def blockers_to_reactivate(by: Actor, *, active: bool, reason: str) -> Sequence[Saying]:
    blockers = list(blockers_to_change_network(by))
    if active:
        blockers.append(Saying(_("No está suspendido.")))
    if not reason.strip():
        blockers.append(Saying(_("Escriba por qué vuelve a la red.")))
    return blockers


def blockers_to_add_paper(by: Actor, *, name: str) -> Sequence[Saying]:
    blockers = list(blockers_to_change_network(by))
    if not name.strip():
        blockers.append(Saying(_("Escriba qué documento es.")))
    return blockers


def _blockers_of_kind(one: Ability, need: Need) -> list[Saying]:
    if need.by_telephone and one.kind == EXTERNAL:
        return [Saying(_("Este servicio lo resuelve por teléfono alguien de la compañía."))]
    if not need.by_telephone and one.kind == DESK:
        return [Saying(_("A este servicio va alguien: la cabina solo atiende por teléfono."))]
    if need.in_house_only and one.kind == EXTERNAL:
        return [Saying(_("A una cortesía va un técnico de la compañía."))]
    return []


def _are_shifts(shifts: Shifts) -> bool:
    return all(
        day in set("0123456") and all(0 <= opens < closes <= opens + DAY_MINUTES for opens, closes in spans)
        for day, spans in shifts.items()
    ) and all(opens < DAY_MINUTES for spans in shifts.values() for opens, _closes in spans)
