"""Who is kept from a reserved case, and from the identity of who asked not to be known.

A reserved case is of who has its act and of nobody else, whatever else they see. Not of who it is about either, nor of
their chain: who may reassign the work of the accused leads it, and may be told by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

RESERVED, IDENTITY = "cases.reserved", "cases.identity"
LEADS = "cases.assign"
SHOWN_FOR = timedelta(minutes=15)
MASKED, ANONYMOUS = _("Identidad reservada"), _("Anónimo")
REVEALED_IDENTITY, REVEALED_ORIGINAL = "identity", "original"
REVEALED_NAMES = {REVEALED_IDENTITY: _("Identidad"), REVEALED_ORIGINAL: _("Original de un anexo")}


@dataclass(frozen=True)
class Charge:
    """Whom a case is about: a member, with the unit where it works now, or a whole unit."""

    member_id: int | None
    unit_id: int | None


def keeps(by: Actor, charges: Iterable[Charge]) -> bool:
    """Whether a reserved case with these charges is this actor's to see and to handle."""
    return by.may("cases.see") and by.may(RESERVED) and not any(is_against(by, charge) for charge in charges)


def is_against(by: Actor, charge: Charge) -> bool:
    """Whether the charge is against who acts, against its unit, or against somebody whose work it may reassign."""
    if charge.member_id is not None and charge.member_id == by.member_id:
        return True
    if charge.member_id is None and charge.unit_id is not None and charge.unit_id == by.unit_id:
        return True
    return leads(by) and by.holds(charge.unit_id)


def leads(by: Actor) -> bool:
    """Whether its roles make it the chain of those who work in the units it holds."""
    return by.may(LEADS)


def petitioner(*, name: str, anonymous: bool, identity_reserved: bool) -> str:
    """Who filed, as anybody who sees the case may read it; empty where it left no name."""
    if anonymous:
        return ANONYMOUS
    return MASKED if identity_reserved else name


def blockers_to_reserve(by: Actor, *, reserved: bool, ended: bool) -> Sequence[Saying]:
    """Why a case cannot pass to the reserved channel: who classifies sends it there."""
    blockers = [] if by.may("cases.classify") or by.may(RESERVED) else [Saying(_("Su rol no reserva casos."))]
    if reserved:
        blockers.append(Saying(_("El caso ya es reservado.")))
    elif ended:
        blockers.append(Saying(_("El caso ya está cerrado.")))
    return blockers


def blockers_to_put_in_reserve(*, holds: bool) -> Sequence[Saying]:
    """Why a case cannot be reserved by itself: those that follow it tell the same, and would stay open to everybody."""
    why = _("El caso responde también por otros. Sepárelos antes y reserve cada uno.")
    return [Saying(why)] if holds else []


def blockers_to_open_up(by: Actor, *, reserved: bool, accused: bool, reason: str | None = None) -> Sequence[Saying]:
    """Why a case cannot leave the reserved channel. `reason` is None while a page only asks."""
    blockers = _without(by)
    if not reserved:
        blockers.append(Saying(_("El caso no es reservado.")))
    if accused:
        blockers.append(Saying(_("El caso señala a alguien: retire antes a las personas señaladas.")))
    if reason is not None and not reason.strip():
        blockers.append(Saying(_("Escriba por qué el caso deja de ser reservado.")))
    return blockers


def blockers_to_accuse(by: Actor, *, reserved: bool, left: int | None = None) -> Sequence[Saying]:
    """Why nobody can be named as who the case is about. `left` is how many could still handle it then."""
    blockers = _without(by)
    if not reserved:
        blockers.append(Saying(_("Solo un caso reservado señala a alguien. Páselo antes al canal reservado.")))
    if left == 0:
        why = _("Nadie más podría atender el caso. Dé antes el canal reservado a alguien ajeno a lo que se denuncia.")
        blockers.append(Saying(why))
    return blockers


def blockers_to_reveal(by: Actor, *, kept: bool, reserved: bool, reason: str | None = None) -> Sequence[Saying]:
    """Why an identity cannot be shown. `kept` says that it is there and is kept."""
    may = by.may(IDENTITY) or (reserved and by.may(RESERVED))
    blockers = [] if may else [Saying(_("Su rol no ve identidades reservadas."))]
    if not kept:
        blockers.append(Saying(_("El caso no tiene una identidad reservada.")))
    if reason is not None and not reason.strip():
        blockers.append(Saying(_("Escriba para qué necesita ver la identidad.")))
    return blockers


def blockers_to_open_original(by: Actor, *, reserved: bool, reason: str | None = None) -> Sequence[Saying]:
    """Why the bytes as received of a reserved attachment cannot be had: they may say who filed, or of whom it is."""
    may = by.may(RESERVED if reserved else IDENTITY)
    blockers = [] if may else [Saying(_("Su rol no abre originales reservados."))]
    if reason is not None and not reason.strip():
        blockers.append(Saying(_("Escriba para qué necesita abrir el original.")))
    return blockers


def _without(by: Actor) -> list[Saying]:
    return [] if by.may(RESERVED) else [Saying(_("Su rol no atiende casos reservados."))]
