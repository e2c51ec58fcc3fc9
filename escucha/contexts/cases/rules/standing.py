"""What may be done to a case, by whom, and why not. Plain values in, reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _


class State(StrEnum):
    FILED = "filed"  # waits for its kind
    CLASSIFIED = "classified"  # has a kind, waits for a unit
    ASSIGNED = "assigned"  # a unit owes its answer
    ANSWERED = "answered"  # an answer waits for its check
    APPROVED = "approved"  # may leave
    SENT = "sent"  # left, has not reached the person
    NOTIFIED = "notified"  # reached the person
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Mapping[State, str] = {
    State.FILED: _("Por clasificar"),
    State.CLASSIFIED: _("Por asignar"),
    State.ASSIGNED: _("En la dependencia"),
    State.ANSWERED: _("En revisión"),
    State.APPROVED: _("Por enviar"),
    State.SENT: _("Enviada, sin notificar"),
    State.NOTIFIED: _("Notificada"),
    State.CLOSED: _("Cerrado"),
    State.WITHDRAWN: _("Desistido"),
}

MOVES: Mapping[State, frozenset[State]] = {
    State.FILED: frozenset({State.CLASSIFIED, State.ASSIGNED, State.WITHDRAWN}),
    State.CLASSIFIED: frozenset({State.CLASSIFIED, State.ASSIGNED, State.APPROVED, State.WITHDRAWN}),
    State.ASSIGNED: frozenset({State.CLASSIFIED, State.ASSIGNED, State.ANSWERED, State.APPROVED, State.WITHDRAWN}),
    State.ANSWERED: frozenset({State.CLASSIFIED, State.ASSIGNED, State.APPROVED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.SENT, State.ASSIGNED, State.WITHDRAWN}),
    State.SENT: frozenset({State.NOTIFIED}),
    State.NOTIFIED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}

OPEN = frozenset(State) - {State.CLOSED, State.WITHDRAWN}
UNANSWERED = frozenset({State.FILED, State.CLASSIFIED, State.ASSIGNED, State.ANSWERED, State.APPROVED})

CHARACTERISTICS: Mapping[str, tuple[str, str]] = {
    "quality": (_("Calidad"), _("Responde todo lo que la persona pidió")),
    "clarity": (_("Claridad"), _("Se entiende sin conocer la entidad")),
    "precision": (_("Precisión"), _("Fechas, valores y nombres comprobados")),
    "suitability": (_("Idoneidad"), _("La firma quien puede comprometerse")),
    "congruence": (_("Congruencia"), _("Lo que ofrece coincide con el expediente")),
}

CALL_REACHED = "answered"


@dataclass(frozen=True)
class Standing:
    """How a case stands, as far as rules need to know."""

    state: State
    unit_id: int | None
    central_unit_id: int
    at_once: bool  # its kind may be solved without procedure
    check_needed: bool
    failed_calls: int
    calls_needed: int
    can_be_reached: bool
    notice_published: bool
    doers: Mapping[str, str] = field(default_factory=dict)  # who may do each act, in words


def blockers_to_classify(standing: Standing, by: Actor) -> Sequence[Saying]:
    """Only who was given this act sets or changes the kind, and only while no answer is on its way."""
    blockers = _without_act(standing, by, "cases.classify", _("Las solicitudes las clasifica {who}."))
    if standing.state not in UNANSWERED - {State.APPROVED}:
        blockers.append(Saying(_("El caso ya tiene una respuesta aprobada: su tipo no cambia.")))
    return blockers


def blockers_to_route(standing: Standing, by: Actor) -> Sequence[Saying]:
    blockers = _without_act(standing, by, "cases.route", _("Los casos los asigna a las dependencias {who}."))
    if standing.state == State.FILED:
        blockers.append(Saying(_("Clasifique primero el caso.")))
    elif standing.state not in {State.CLASSIFIED, State.ASSIGNED}:
        blockers.append(Saying(_("El caso ya tiene una respuesta: ya no se traslada.")))
    return blockers


def blockers_to_return(standing: Standing, by: Actor, *, reason: str | None = None) -> Sequence[Saying]:
    """A unit returns what is not its own, and says why. `reason` is None while a page only asks."""
    blockers = _without_act(standing, by, "cases.return", _("El caso lo devuelve {who}."))
    if standing.state != State.ASSIGNED:
        blockers.append(Saying(_("Solo se devuelve un caso que está en una dependencia y sin respuesta.")))
    elif standing.unit_id == standing.central_unit_id:
        blockers.append(Saying(_("El caso ya está en la dependencia que reparte.")))
    elif not by.holds(standing.unit_id):
        blockers.append(Saying(_("El caso está en otra dependencia.")))
    if reason is not None and not reason.strip():
        blockers.append(Saying(_("Escriba por qué no es de su dependencia.")))
    return blockers


def blockers_to_assign(standing: Standing, by: Actor) -> Sequence[Saying]:
    blockers = _without_act(standing, by, "cases.assign", _("Los casos los reparte entre personas {who}."))
    if standing.state not in UNANSWERED:
        blockers.append(Saying(_("El caso ya fue respondido.")))
    elif not by.holds(standing.unit_id or standing.central_unit_id):
        blockers.append(Saying(_("El caso está en otra dependencia.")))
    return blockers


def blockers_to_answer(standing: Standing, by: Actor, *, body: str | None = None) -> Sequence[Saying]:
    """Why an answer cannot be written or handed in now. `body` is None while a page only asks."""
    blockers = _without_act(standing, by, "cases.answer", _("La respuesta la escribe {who}."))
    if standing.state == State.FILED:
        blockers.append(Saying(_("Clasifique primero el caso.")))
    elif standing.state == State.CLASSIFIED:
        if not (standing.at_once and by.holds(standing.central_unit_id)):
            blockers.append(Saying(_("Asigne primero el caso a una dependencia.")))
    elif standing.state != State.ASSIGNED:
        blockers.append(Saying(_("El caso ya no admite otra respuesta.")))
    elif not by.holds(standing.unit_id):
        blockers.append(Saying(_("El caso está en otra dependencia.")))
    if body is not None and not body.strip():
        blockers.append(Saying(_("Escriba la respuesta.")))
    return blockers


def blockers_to_check(
    standing: Standing, by: Actor, *, verdicts: Mapping[str, bool] | None = None, reason: str = ""
) -> Sequence[Saying]:
    """The five characteristics are each judged by a person; where one fails, the reason goes with it."""
    blockers = _without_act(standing, by, "cases.check", _("Las respuestas las revisa {who}."))
    if standing.state != State.ANSWERED:
        blockers.append(Saying(_("No hay una respuesta por revisar.")))
    if verdicts is not None:
        missing = [CHARACTERISTICS[key][0].lower() for key in CHARACTERISTICS if key not in verdicts]
        if missing:
            blockers.append(Saying(_("Para terminar la revisión, califique {missing}."), {"missing": listed(missing)}))
        if not all(verdicts.values()) and not reason.strip():
            blockers.append(Saying(_("Escriba qué debe corregir la dependencia.")))
    return blockers


def blockers_to_send(standing: Standing, by: Actor) -> Sequence[Saying]:
    blockers = _without_act(standing, by, "cases.send", _("Las respuestas las envía {who}."))
    if standing.state == State.ANSWERED:
        blockers.append(Saying(_("Revise primero las cinco características de la respuesta.")))
    elif standing.state in {State.SENT, State.NOTIFIED, State.CLOSED}:
        blockers.append(Saying(_("La respuesta ya fue enviada.")))
    elif standing.state != State.APPROVED:
        blockers.append(Saying(_("Todavía no hay una respuesta para enviar.")))
    elif not standing.check_needed and not by.holds(standing.unit_id or standing.central_unit_id):
        blockers.append(Saying(_("El caso está en otra dependencia.")))
    return blockers


def blockers_to_call(standing: Standing, by: Actor) -> Sequence[Saying]:
    blockers = _without_act(standing, by, "cases.contact", _("Las llamadas a la persona las registra {who}."))
    if standing.state not in {State.SENT, State.NOTIFIED}:
        blockers.append(Saying(_("Envíe primero la respuesta: la llamada es para entregarla.")))
    return blockers


def blockers_to_publish(standing: Standing, by: Actor) -> Sequence[Saying]:
    """The published notice is for who left no contact, or could not be reached in the tries the policy asks."""
    blockers = _without_act(standing, by, "cases.publish", _("Los avisos los publica {who}."))
    if standing.state != State.SENT:
        blockers.append(Saying(_("El aviso se publica cuando la respuesta ya salió y no ha llegado a la persona.")))
    elif standing.notice_published:
        blockers.append(Saying(_("El aviso ya está publicado.")))
    elif standing.can_be_reached and standing.failed_calls < standing.calls_needed:
        left = standing.calls_needed - standing.failed_calls
        blockers.append(Saying(_("Intente antes comunicarse: faltan {left} llamadas sin éxito."), {"left": left}))
    return blockers


def blockers_to_close(standing: Standing, by: Actor) -> Sequence[Saying]:
    """A case is closed as answered only when the answer reached the person (or its notice took effect)."""
    blockers = _without_act(standing, by, "cases.close", _("Los casos los cierra {who}."))
    if standing.state in {State.CLOSED, State.WITHDRAWN}:
        blockers.append(Saying(_("El caso ya está cerrado.")))
    elif standing.state in UNANSWERED:
        blockers.append(Saying(_("El caso no tiene respuesta enviada.")))
    elif standing.state == State.SENT:
        blockers.append(Saying(_("La respuesta no ha llegado a la persona. Ciérrelo cuando conste que la recibió.")))
    return blockers


def blockers_to_note(by: Actor, *, body: str | None = None) -> Sequence[Saying]:
    blockers = [] if by.may("cases.note") else [Saying(_("Su rol no escribe notas."))]
    if body is not None and not body.strip():
        blockers.append(Saying(_("Escriba la nota.")))
    return blockers


def blockers_to_withdraw(standing: Standing, by: Actor) -> Sequence[Saying]:
    """The person may withdraw at any time before the answer left (CPACA art. 18); staff, in its name, by its role."""
    blockers: list[Saying] = []
    if by.kind == "staff":
        blockers = _without_act(standing, by, "cases.withdraw", _("El desistimiento lo registra {who}."))
    if standing.state not in UNANSWERED:
        blockers.append(Saying(_("La respuesta ya salió: la solicitud ya no se puede retirar.")))
    return blockers


def listed(words: Sequence[str]) -> str:
    """`a, b y c`."""
    return " y ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def _without_act(standing: Standing, by: Actor, act: str, why: str) -> list[Saying]:
    """Nothing for who has the act; for the rest, who does it here."""
    return [] if by.may(act) else [Saying(why, {"who": standing.doers.get(act) or _("nadie todavía")})]
