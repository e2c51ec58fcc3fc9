"""What becomes of a letter: a case, a word about one, or the tray where somebody looks at it.

Only a signature of ours and a sender who is the case's person make a letter part of a case. Whatever else points at
one, people decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from escucha.contexts.messaging.rules.automatic import WORDS as ROBOTS
from escucha.contexts.messaging.rules.automatic import Automatic
from escucha.kernel.words import _

TOO_BIG, UNREADABLE, EMPTY, CUT = "too_big", "unreadable", "empty", "cut"
STRANGER, ODD_TOKEN, OLD_REFERENCE, NUMBER, SEVERAL = "stranger", "odd_token", "old_reference", "number", "several"
NO_PERSON, RESTORED = "no_person", "restored"
REASONS: Mapping[str, str] = {
    TOO_BIG: _("Es demasiado grande para leerlo aquí; está guardado completo."),
    UNREADABLE: _("No se pudo leer, después de varios intentos; está guardado completo."),
    EMPTY: _("No dice nada ni trae archivos."),
    CUT: _("Solo se pudo leer una parte; está guardado completo."),
    STRANGER: _("Responde a un caso desde una dirección que no es la de quien lo presentó."),
    ODD_TOKEN: _("Llegó a una dirección de respuesta que no es de ningún caso."),
    OLD_REFERENCE: _("Responde a un mensaje nuestro que no lleva firma."),
    NUMBER: _("Nombra un radicado, pero no responde a un mensaje nuestro."),
    SEVERAL: _("Responde a varios casos a la vez."),
    NO_PERSON: _("El mensaje de texto viene de un número al que no se puede responder."),
    RESTORED: _("Alguien la trajo de vuelta para mirarla otra vez."),
    **{f"robot:{robot}": words for robot, words in ROBOTS.items()},
}
DISCARDS: Mapping[str, str] = {
    "advertising": _("Publicidad o correo no deseado"),
    "not_for_us": _("No es para esta organización"),
    "already_known": _("Ya está en otro caso"),
    "robot": _("Lo escribió un programa y no pide nada"),
    "empty": _("No dice nada"),
}
DISCARDED = "discarded:"


class Way(StrEnum):
    FILE = "file"
    THREAD = "thread"
    PARK = "park"
    BOUNCE = "bounce"


@dataclass(frozen=True)
class Pointers:
    """What in a letter points at something of ours. Subjects are `case:12`.

    `signed` are those of our signatures; `own_person` is whether the sender is the person of the only one of them.
    """

    signed: frozenset[str] = frozenset()
    own_person: bool = False
    has_odd_token: bool = False
    has_old_reference: bool = False
    names_number: bool = False
    bounced: bool = False  # it is the report that a message of ours did not arrive


@dataclass(frozen=True)
class Decision:
    way: Way
    about: str = ""
    reason: str = ""


def decide(*, automatic: Automatic, says_something: bool, is_whole: bool, pointers: Pointers) -> Decision:
    if automatic:
        bounced = automatic == Automatic.BOUNCE and pointers.bounced and not pointers.own_person
        return Decision(Way.BOUNCE) if bounced else Decision(Way.PARK, reason=f"robot:{automatic}")
    if not says_something and is_whole:
        return Decision(Way.PARK, reason=EMPTY)
    if not is_whole:
        return Decision(Way.PARK, reason=CUT)
    return _by_pointers(pointers)


def _by_pointers(pointers: Pointers) -> Decision:
    if len(pointers.signed) > 1:
        return Decision(Way.PARK, reason=SEVERAL)
    if pointers.signed:
        [about] = pointers.signed
        return Decision(Way.THREAD, about=about) if pointers.own_person else Decision(Way.PARK, reason=STRANGER)
    doubts = {
        ODD_TOKEN: pointers.has_odd_token,
        OLD_REFERENCE: pointers.has_old_reference,
        NUMBER: pointers.names_number,
    }
    doubt = next((reason for reason, is_there in doubts.items() if is_there), "")
    return Decision(Way.PARK, reason=doubt) if doubt else Decision(Way.FILE)


def in_words(reason: str) -> str:
    """A reason as it is told to staff."""
    if reason.startswith(DISCARDED):
        return DISCARDS.get(reason.removeprefix(DISCARDED), "")
    return REASONS.get(reason, "")


def blockers_to_settle(*, may: bool, is_parked: bool) -> list[str]:
    """Why somebody may not decide about a letter now."""
    if not may:
        return [_("Su rol no revisa las entradas.")]
    return [] if is_parked else [_("Esta entrada ya no espera revisión.")]


def blockers_to_discard(*, may: bool, is_parked: bool, why: str) -> list[str]:
    blockers = blockers_to_settle(may=may, is_parked=is_parked)
    return blockers if why in DISCARDS else [*blockers, _("Escoja por qué se descarta.")]
