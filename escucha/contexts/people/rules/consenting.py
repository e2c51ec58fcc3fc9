"""Who may write down what a person agrees to, and what stays in the bitácora of it."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from escucha.contexts.people.policy import Group, Purpose
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

FILES, SEES = "cases.file", "cases.see"  # who takes down a request takes down this too; who handles it may read it
NOT_YOURS = _("Pida a quien radica los casos que lo anote: su rol no lo permite.")
NO_PURPOSE = _("Escoja un uso de los datos de los que la organización pregunta.")
NOT_ASKED = _("No pregunte por este uso de los datos: la ley lo permite sin autorización.")
NO_PROOF = _("Diga cómo lo autorizó la persona: sin prueba, la autorización no vale.")
NOTHING_GIVEN = _("La persona no tiene esta autorización: no hay nada que retirar.")
NO_GROUP = _("Escoja un grupo de los que la organización atiende primero.")
ASK_FIRST = _("Pregunte primero a la persona: este dato es sensible y solo se anota si ella lo autoriza.")
NOT_MARKED = _("La persona ya no tiene esta marca.")


def may_read_groups(viewer: Actor) -> bool:
    """The person, the product, and the staff who handle cases."""
    return viewer.kind != "staff" or viewer.may(SEES)


def blockers_to_give_consent(by: Actor, *, purpose: Purpose | None, proof: str) -> Sequence[Saying]:
    """Why a consent may not be written down, in words for who tried."""
    found = _for(by)
    if purpose is None:
        found.append(Saying(NO_PURPOSE))
    elif not purpose.consent:
        found.append(Saying(NOT_ASKED))
    if not proof.strip():
        found.append(Saying(NO_PROOF))
    return found


def blockers_to_withdraw_consent(by: Actor, *, given: bool) -> Sequence[Saying]:
    """Why a consent may not be withdrawn. The person never has to say why it does."""
    return [*_for(by), *([] if given else [Saying(NOTHING_GIVEN)])]


def blockers_to_mark_group(by: Actor, *, group: Group | None, consented: bool) -> Sequence[Saying]:
    """Why a person may not be marked: a sensitive group needs its consent first."""
    found = _for(by)
    if group is None:
        found.append(Saying(NO_GROUP))
    elif group.sensitive and not consented:
        found.append(Saying(ASK_FIRST))
    return found


def blockers_to_unmark_group(by: Actor, *, marked: bool) -> Sequence[Saying]:
    return [*_for(by), *([] if marked else [Saying(NOT_MARKED)])]


def digest_of_text(text: str) -> str:
    """What shows later that a text is the one that was read."""
    return sha256(text.encode()).hexdigest()


def digest_of_row(salt: str, row: Mapping[str, object]) -> str:
    """The digest of a consent's own columns with its salt, without which it could be guessed."""
    said = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(f"{salt}\n{said}".encode()).hexdigest()


def _for(by: Actor) -> list[Saying]:
    return [Saying(NOT_YOURS)] if by.kind == "staff" and not by.may(FILES) else []
