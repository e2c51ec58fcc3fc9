"""What may be done to a case, by whom, and why not. Plain values in, reasons out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from escucha.contexts.cases.rules.reserve import RESERVED
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
    MERGED = "merged"  # follows another case, and can be taken out of it again


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
    State.MERGED: _("Juntado con otro"),
}

MOVES: Mapping[State, frozenset[State]] = {
    State.FILED: frozenset({State.CLASSIFIED, State.ASSIGNED, State.WITHDRAWN, State.MERGED}),
    State.CLASSIFIED: frozenset({State.CLASSIFIED, State.ASSIGNED, State.APPROVED, State.WITHDRAWN, State.MERGED}),
    State.ASSIGNED: frozenset(
        {State.CLASSIFIED, State.ASSIGNED, State.ANSWERED, State.APPROVED, State.WITHDRAWN, State.MERGED}
    ),
    State.ANSWERED: frozenset({State.ANSWERED, State.ASSIGNED, State.APPROVED, State.WITHDRAWN, State.MERGED}),
    State.APPROVED: frozenset({State.SENT, State.WITHDRAWN, State.MERGED}),
    State.SENT: frozenset({State.NOTIFIED}),
    State.NOTIFIED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.MERGED: frozenset({State.FILED, State.CLASSIFIED, State.ASSIGNED, State.ANSWERED, State.APPROVED}),
}

ENDED = frozenset({State.CLOSED, State.WITHDRAWN, State.MERGED})
OPEN = frozenset(State) - ENDED
UNANSWERED = frozenset({State.FILED, State.CLASSIFIED, State.ASSIGNED, State.ANSWERED, State.APPROVED})

CHARACTERISTICS: Mapping[str, tuple[str, str]] = {
    "quality": (_("Calidad"), _("Responde todo lo que la persona pidió")),
    "clarity": (_("Claridad"), _("Se entiende sin conocer la entidad")),
    "precision": (_("Precisión"), _("Fechas, valores y nombres comprobados")),
    "suitability": (_("Idoneidad"), _("La firma quien puede comprometerse")),
    "congruence": (_("Congruencia"), _("Lo que ofrece coincide con el expediente")),
}

CALL_REACHED = "answered"
BY_NOTICE, KEPT_NOTICE = "notice", "kept_notice"  # how a notice reached the person: a published one, one in reserve
TELLS_OF_ANSWER = frozenset({"answer_ready", "answer_again"})  # the messages that lead to the answer


@dataclass(frozen=True)
class Standing:
    """How a case stands, as far as rules need to know."""

    state: State
    unit_id: int | None
    central_unit_id: int
    at_once: bool  # its kind may be solved without procedure
    check_needed: bool
    failed_tries: int  # calls that did not reach the person; for who left no telephone, days on which it was written to
    tries_needed: int
    hours_apart: int  # calls nearer to each other than this are one try
    can_be_called: bool
    can_be_written_to: bool
    notice_published: bool
    doers: Mapping[str, str] = field(default_factory=dict)  # who may do each act, in words
    reserved: bool = False  # who has the reserved channel handles it whole: nobody else may be asked to


def blockers_to_classify(standing: Standing, by: Actor, *, unit_id: int | None = None) -> Sequence[Saying]:
    """Only who was given this act sets or changes the kind, and only while no answer may leave.

    `unit_id` is the unit that gets the case in the same act: another one asks for the act of routing too.
    """
    blockers = without_act(standing, by, "cases.classify", _("Las solicitudes las clasifica {who}."))
    if standing.state in ENDED:
        return [*blockers, Saying(_("El caso ya está cerrado."))]
    if standing.state not in UNANSWERED - {State.APPROVED}:
        blockers.append(Saying(_("El caso ya tiene una respuesta aprobada: su tipo no cambia.")))
    if unit_id is not None and unit_id != standing.unit_id:
        known = replace(standing, state=State.CLASSIFIED) if standing.state == State.FILED else standing
        blockers.extend(blockers_to_route(known, by))
    return blockers


def blockers_to_route(standing: Standing, by: Actor, *, unit_id: int | None = None) -> Sequence[Saying]:
    """Why the case cannot pass to a unit. `unit_id` is None while a page only asks."""
    blockers = without_act(standing, by, "cases.route", _("Los casos los asigna a las dependencias {who}."))
    if standing.reserved:
        blockers.append(Saying(_("El caso es reservado: no pasa a ninguna dependencia.")))
    elif standing.state == State.FILED:
        blockers.append(Saying(_("Clasifique primero el caso.")))
    elif standing.state in ENDED:
        blockers.append(Saying(_("El caso ya está cerrado.")))
    elif standing.state not in {State.CLASSIFIED, State.ASSIGNED}:
        blockers.append(Saying(_("El caso ya tiene una respuesta: ya no se traslada.")))
    elif unit_id is not None and unit_id == standing.unit_id:
        blockers.append(Saying(_("El caso ya está en esa dependencia.")))
    return blockers


def blockers_to_return(standing: Standing, by: Actor, *, reason: str | None = None) -> Sequence[Saying]:
    """A unit returns what is not its own, and says why. `reason` is None while a page only asks."""
    blockers = without_act(standing, by, "cases.return", _("El caso lo devuelve {who}."))
    if standing.state != State.ASSIGNED:
        blockers.append(Saying(_("Solo se devuelve un caso que está en una dependencia y sin respuesta.")))
    elif standing.unit_id == standing.central_unit_id:
        blockers.append(Saying(_("El caso ya está en la dependencia que reparte.")))
    elif not _holds(standing, by, standing.unit_id):
        blockers.append(Saying(_("El caso está en otra dependencia.")))
    if reason is not None and not reason.strip():
        blockers.append(Saying(_("Escriba por qué no es de su dependencia.")))
    return blockers


def units_at_work(standing: Standing) -> frozenset[int]:
    """The units whose people may take charge of the case now: who has it, and who checks what it answered."""
    holding = standing.unit_id or standing.central_unit_id
    checking = {standing.central_unit_id} if standing.state in {State.ANSWERED, State.APPROVED} else set()
    return frozenset({holding} | checking)


def blockers_to_assign(standing: Standing, by: Actor, *, outside: bool = False) -> Sequence[Saying]:
    """`outside` says that who would take charge works in none of the units at work."""
    blockers = without_act(standing, by, "cases.assign", _("Los casos los reparte entre personas {who}."))
    if standing.state in ENDED:
        blockers.append(Saying(_("El caso ya está cerrado.")))
    elif standing.state not in UNANSWERED:
        blockers.append(Saying(_("El caso ya fue respondido.")))
    elif not _holds(standing, by, standing.unit_id or standing.central_unit_id):
        blockers.append(Saying(_("El caso está en otra dependencia.")))
    if outside:
        blockers.append(Saying(_("Escoja a alguien de la dependencia que tiene el caso.")))
    return blockers


def blockers_to_answer(standing: Standing, by: Actor, *, body: str | None = None) -> Sequence[Saying]:
    """Why an answer cannot be written or handed in now. `body` is None while a page only asks."""
    blockers = without_act(standing, by, "cases.answer", _("La respuesta la escribe {who}."))
    if standing.state == State.FILED:
        blockers.append(Saying(_("Clasifique primero el caso.")))
    elif standing.state == State.CLASSIFIED:
        if not (standing.at_once and _holds(standing, by, standing.central_unit_id)):
            blockers.append(Saying(_("Asigne primero el caso a una dependencia.")))
    elif standing.state != State.ASSIGNED:
        blockers.append(Saying(_("El caso ya no admite otra respuesta.")))
    elif not _holds(standing, by, standing.unit_id):
        blockers.append(Saying(_("El caso está en otra dependencia.")))
    if body is not None and not body.strip():
        blockers.append(Saying(_("Escriba la respuesta.")))
    return blockers


def blockers_to_check(
    standing: Standing, by: Actor, *, verdicts: Mapping[str, bool] | None = None, reason: str = ""
) -> Sequence[Saying]:
    """The five characteristics are each judged by a person; where one fails, the reason goes with it."""
    blockers = without_act(standing, by, "cases.check", _("Las respuestas las revisa {who}."))
    if standing.state != State.ANSWERED:
        blockers.append(Saying(_("No hay una respuesta por revisar.")))
    else:
        blockers.extend(elsewhere(standing, by))
    if verdicts is not None:
        missing = [CHARACTERISTICS[key][0].lower() for key in CHARACTERISTICS if key not in verdicts]
        if missing:
            blockers.append(Saying(_("Para terminar la revisión, califique {missing}."), {"missing": listed(missing)}))
        if not all(verdicts.values()) and not reason.strip():
            blockers.append(Saying(_("Escriba qué debe corregir la dependencia.")))
    return blockers


def blockers_to_send(standing: Standing, by: Actor) -> Sequence[Saying]:
    blockers = without_act(standing, by, "cases.send", _("Las respuestas las envía {who}."))
    if standing.state == State.ANSWERED:
        blockers.append(Saying(_("Revise primero las cinco características de la respuesta.")))
    elif standing.state in {State.WITHDRAWN, State.MERGED}:
        blockers.append(Saying(_("El caso ya está cerrado.")))
    elif standing.state in {State.SENT, State.NOTIFIED, State.CLOSED}:
        blockers.append(Saying(_("La respuesta ya fue enviada.")))
    elif standing.state != State.APPROVED:
        blockers.append(Saying(_("Todavía no hay una respuesta para enviar.")))
    else:
        blockers.extend(elsewhere(standing, by))
    return blockers


def blockers_to_call(standing: Standing, by: Actor) -> Sequence[Saying]:
    blockers = without_act(standing, by, "cases.contact", _("Las llamadas a la persona las registra {who}."))
    if standing.state in ENDED:
        blockers.append(Saying(_("El caso ya está cerrado.")))
    elif standing.state not in {State.SENT, State.NOTIFIED}:
        blockers.append(Saying(_("Envíe primero la respuesta: la llamada es para entregarla.")))
    else:
        if not standing.can_be_called:
            blockers.append(Saying(_("La persona no dejó teléfono.")))
        blockers.extend(elsewhere(standing, by))
    return blockers


def blockers_to_publish(standing: Standing, by: Actor) -> Sequence[Saying]:
    """The notice is for who left no contact, or could not be reached in the tries the policy asks."""
    blockers = without_act(standing, by, "cases.publish", _("Los avisos los publica {who}."))
    if standing.state != State.SENT:
        blockers.append(Saying(_("El aviso se publica cuando la respuesta ya salió y no ha llegado a la persona.")))
    elif standing.notice_published and standing.reserved:
        blockers.append(Saying(_("La respuesta ya espera a la persona en su página, por los días de un aviso.")))
    elif standing.notice_published:
        blockers.append(Saying(_("El aviso ya está publicado.")))
    else:
        blockers.extend([*_tries_missing(standing), *elsewhere(standing, by)])
    return blockers


def blockers_to_remind(standing: Standing, by: Actor) -> Sequence[Saying]:
    """Writing again to who has not opened its answer."""
    blockers = without_act(standing, by, "cases.contact", _("A la persona le escribe {who}."))
    if standing.state != State.SENT:
        blockers.append(Saying(_("Solo se escribe otra vez cuando la respuesta salió y no ha llegado a la persona.")))
    elif not standing.can_be_written_to:
        blockers.append(Saying(_("La persona no dejó correo electrónico.")))
    else:
        blockers.extend(elsewhere(standing, by))
    return blockers


def blockers_to_close(standing: Standing, by: Actor) -> Sequence[Saying]:
    """A case is closed as answered only when the answer reached the person (or its notice took effect)."""
    blockers = without_act(standing, by, "cases.close", _("Los casos los cierra {who}."))
    if standing.state in ENDED:
        blockers.append(Saying(_("El caso ya está cerrado.")))
    elif standing.state in UNANSWERED:
        blockers.append(Saying(_("El caso no tiene respuesta enviada.")))
    elif standing.state == State.SENT:
        blockers.append(Saying(_("La respuesta no ha llegado a la persona. Ciérrelo cuando conste que la recibió.")))
    else:
        blockers.extend(elsewhere(standing, by))
    return blockers


def blockers_to_note(standing: Standing, by: Actor, *, body: str | None = None) -> Sequence[Saying]:
    blockers = [] if _may(standing, by, "cases.note") else [Saying(_("Su rol no escribe notas."))]
    blockers.extend(elsewhere(standing, by))
    if body is not None and not body.strip():
        blockers.append(Saying(_("Escriba la nota.")))
    return blockers


def blockers_to_withdraw(standing: Standing, by: Actor, *, reason: str | None = None) -> Sequence[Saying]:
    """The person may withdraw at any time before the answer left (CPACA art. 18); staff, in its name, by its role.

    Staff says how the person said so. `reason` is None while a page only asks.
    """
    blockers: list[Saying] = []
    if by.kind == "staff":
        blockers = without_act(standing, by, "cases.withdraw", _("El desistimiento lo registra {who}."))
    if standing.state in ENDED:
        blockers.append(Saying(_("El caso ya está cerrado.")))
    elif standing.state not in UNANSWERED:
        blockers.append(Saying(_("La respuesta ya salió: la solicitud ya no se puede retirar.")))
    else:
        blockers.extend(elsewhere(standing, by))
    if by.kind == "staff" and reason is not None and not reason.strip():
        blockers.append(Saying(_("Escriba cómo y cuándo dijo la persona que ya no quiere respuesta.")))
    return blockers


def tries_apart(moments: Iterable[datetime], *, hours: int) -> int:
    """How many tries some calls are: one that comes less than `hours` after the last that counted is the same try."""
    tries, counted = 0, None
    for moment in sorted(moments):
        if counted is None or moment - counted >= timedelta(hours=hours):
            tries, counted = tries + 1, moment
    return tries


def listed(words: Sequence[str]) -> str:
    """`a, b y c`."""
    return " y ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def _tries_missing(standing: Standing) -> Sequence[Saying]:
    """What is still to be tried before a notice may stand for reaching the person. Who left no contact is not tried."""
    left = standing.tries_needed - standing.failed_tries
    if left <= 0:
        return []
    if standing.can_be_called:
        why = _("Intente antes comunicarse: llamadas sin éxito que faltan, {left}.")
        if standing.hours_apart:
            why = _(
                "Intente antes comunicarse: llamadas sin éxito que faltan, {left}. "
                "Las que se hacen con menos de {hours} horas de diferencia cuentan como una."
            )
        return [Saying(why, {"left": left, "hours": standing.hours_apart})]
    if standing.can_be_written_to:
        why = _("No dejó teléfono: escríbale antes otra vez, un día distinto. Correos que faltan, {left}.")
        return [Saying(why, {"left": left})]
    return []


def elsewhere(standing: Standing, by: Actor) -> Sequence[Saying]:
    """Staff handles what its own unit has; where the central office checks answers, that office handles it too."""
    holding = {standing.unit_id or standing.central_unit_id}
    if standing.check_needed:
        holding.add(standing.central_unit_id)
    if by.kind != "staff" or any(_holds(standing, by, unit) for unit in holding):
        return []
    return [Saying(_("El caso está en otra dependencia."))]


def without_act(standing: Standing, by: Actor, act: str, why: str) -> list[Saying]:
    """Nothing for who has the act; for the rest, who does it here."""
    return [] if _may(standing, by, act) else [Saying(why, {"who": standing.doers.get(act) or _("nadie todavía")})]


def _may(standing: Standing, by: Actor, act: str) -> bool:
    return by.may(act) or (standing.reserved and by.may(RESERVED))


def _holds(standing: Standing, by: Actor, unit_id: int | None) -> bool:
    return by.holds(unit_id) or (standing.reserved and by.may(RESERVED))
