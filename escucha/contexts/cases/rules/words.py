"""Who reads what people add to their cases, and when it becomes a case of its own."""

from collections.abc import Sequence

from escucha.contexts.cases.rules.standing import ENDED, Standing, elsewhere, without_act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _


def blockers_to_read_words(standing: Standing, by: Actor) -> Sequence[Saying]:
    """Read is read for everybody: by who handles the case, not by who only looks at it."""
    blockers = without_act(standing, by, "cases.note", _("Los mensajes los da por leídos {who}."))
    return [*blockers, *elsewhere(standing, by)]


def blockers_to_file_word(standing: Standing, by: Actor) -> Sequence[Saying]:
    """What is said about an open case is answered with it."""
    blockers = without_act(standing, by, "cases.file", _("Las solicitudes las radica {who}."))
    if standing.state not in ENDED:
        blockers.append(Saying(_("El caso sigue abierto: lo que agregó la persona se responde con él.")))
    return blockers
