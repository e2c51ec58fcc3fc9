"""The acts on an assistance as its page offers them: of each its address, its form, its verb and why not now.

An address is a noun. The forms say what their verb takes, by name, so that no act needs a view of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from escucha.contexts.assistance.operations import (
    allowing,
    assigning,
    closing,
    costing,
    covering,
    describing,
    monitoring,
    noting,
    offering,
    releasing,
    serving,
    starting,
)
from escucha.contexts.assistance.rules import closing as ending
from escucha.contexts.assistance.rules import costs, searching
from escucha.contexts.assistance.rules import monitoring as watching
from escucha.contexts.assistance.rules import serving as work
from escucha.contexts.assistance.rules import starting as beginning
from escucha.contexts.assistance.rules.acts import AUTHORISE, HANDLE
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.opening import ENDED_ALREADY, NOT_YOURS, Served, blockers_to_change
from escucha.contexts.assistance.rules.stages import Conformity, Stage
from escucha.flows.nonconforming_assistance_files_case import record_nonconformity
from escucha.kernel.words import Saying, _
from escucha.web.desk.assistance import opening_forms as opening
from escucha.web.desk.assistance import service_forms as service
from escucha.web.desk.assistance.act_forms import Act
from escucha.web.desk.assistance.offered import Doing
from escucha.web.desk.assistance.seen import Seen

Why = Callable[[Seen], Sequence[Saying]]


def _act(
    name: str,
    noun: str,
    title: str,
    button: str,
    form: type[Act],
    verb: Callable[..., Any],
    why_not: Why,
    step: str,
    variant: str = "",
    *,
    versioned: bool = True,
    tab: str = "",
) -> Doing[Seen]:
    """An act whose form knows what it is on and what it says to its verb."""
    return Doing(
        name=name,
        noun=noun,
        title=title,
        button=button,
        form=lambda seen, data: form(data, seen=seen, name=name),
        verb=verb,
        why_not=why_not,
        said=lambda _seen, typed: typed.said,
        step=step,
        variant=variant,
        versioned=versioned,
        tab=tab,
    )


def _of_course(blockers: Callable[..., Sequence[Saying]]) -> Why:
    return lambda seen: blockers(seen.course, seen.by)


def _open(seen: Seen) -> Sequence[Saying]:
    if not seen.by.may(HANDLE):
        return [NOT_YOURS]
    late = Saying(_("La asistencia ya se aceptó o se canceló."))
    return [] if seen.assistance.stage == Stage.OPENING else [late]


def _is_covered(seen: Seen) -> bool:
    """Looked at only where it decides something."""
    return seen.assistance.stage == Stage.OPENING and seen.covered


def _courtesy(seen: Seen) -> Sequence[Saying]:
    stage, first = seen.assistance.stage, True
    if stage == Stage.OPENING and seen.by.may(AUTHORISE):
        first = seen.is_first_use
    return beginning.blockers_to_give_courtesy(
        stage=stage, covered=_is_covered(seen), first_use=first, in_house=True, reason="-", by=seen.by
    )


def _connection(seen: Seen) -> Sequence[Saying]:
    said = dict.fromkeys(("told_payment", "told_guarantee", "accepted"), True)
    return beginning.blockers_to_connect(stage=seen.assistance.stage, covered=_is_covered(seen), by=seen.by, **said)


def _at_once(seen: Seen) -> Sequence[Saying]:
    return beginning.blockers_to_cancel_at_once(
        stage=seen.assistance.stage, covered=_is_covered(seen), offered=True, rejected=True, by=seen.by
    )


def _order(seen: Seen) -> Sequence[Saying]:
    if not (seen.by.may(HANDLE) or seen.by.may(AUTHORISE)):
        return [NOT_YOURS]
    if not seen.assistance.is_open:
        return [ENDED_ALREADY]
    unneeded = Saying(_("Su plan está vigente: no hace falta una orden."))
    return [unneeded] if starting.standing_of(seen.file, now=seen.now) == Served.YES else []


def search_of(seen: Seen) -> searching.Search:
    """The search as it goes on; where nobody is looked for, without asking who could go."""
    if seen.assistance.stage == Stage.TO_ASSIGN:
        return seen.roster.search
    return searching.Search(Stage(seen.assistance.stage), seen.assistance.priority, ())


def _offers(seen: Seen) -> Sequence[Saying]:
    return searching.blockers_to_offer(search_of(seen), seen.by, now=seen.now)


def _off(seen: Seen) -> Sequence[Saying]:
    return searching.blockers_to_take_off(Stage(seen.assistance.stage), seen.by, cause=next(iter(searching.CAUSES)))


def _give_up(seen: Seen) -> Sequence[Saying]:
    stage = Stage(seen.assistance.stage)
    return searching.blockers_to_give_up(stage, seen.by, failed=stage is Stage.TO_ASSIGN and seen.failed)


def _write(seen: Seen) -> Sequence[Saying]:
    return ending.blockers_to_write(seen.course, seen.by, closed=not seen.file.is_open)


def _record_conformity(*, outcome: str, **said: Any) -> None:
    """What did not conform is a case of Quality's in the same act."""
    if outcome == Conformity.NONCONFORMING:
        record_nonconformity(**said)
    else:
        closing.record_conformity(outcome=outcome, **said)


OPENING, SEARCH, ON_THE_WAY, SERVICE, CLOSING = "1", "2", "3", "4", "5"

DOINGS: Sequence[Doing[Seen]] = (
    _act(
        "acceptance", "aceptacion", _("Aceptar la asistencia"), _("Aceptar y buscar proveedor"), opening.Acceptance,
        starting.accept_assistance, _open, OPENING, "primary",
    ),
    _act(
        "courtesy", "cortesia", _("Darla como cortesía"), _("Autorizar la cortesía"), opening.Courtesy,
        covering.give_courtesy, _courtesy, OPENING,
    ),
    _act(
        "connection", "conexion", _("Darla por conexión"), _("Seguir por conexión"), opening.Connection,
        covering.connect, _connection, OPENING,
    ),
    _act(
        "cancelling_at_once", "cancelacion-al-momento", _("Cancelar al momento"), _("Cancelar al momento"),
        opening.CancellingAtOnce, covering.cancel_at_once, _at_once, OPENING, "danger",
    ),
    _act(
        "order", "orden", _("Anotar la orden de atender"), _("Anotar la orden"), opening.Order,
        allowing.order_to_serve, _order, OPENING,
    ),
    _act(
        "description", "descripcion", _("Completar lo que pasó y la falla"), _("Guardar lo que se sabe"),
        opening.Description, describing.describe_assistance,
        lambda seen: blockers_to_change(still_open=seen.assistance.is_open, by=seen.by), OPENING,
    ),
    _act(
        "consent", "permiso", _("Anotar si autoriza dar sus datos"), _("Anotar la respuesta"), opening.Consent,
        allowing.record_consent,
        lambda seen: blockers_to_change(still_open=seen.assistance.is_open, by=seen.by), OPENING,
    ),
    _act(
        "calling", "llamadas", _("Anotar una llamada a un proveedor"), _("Anotar la llamada"), opening.Calling,
        assigning.record_call, lambda seen: searching.blockers_to_search(search_of(seen), seen.by), SEARCH,
    ),
    _act(
        "assigning", "asignacion", _("Asignar un proveedor"), _("Asignar"), opening.Assigning,
        assigning.assign_provider, lambda seen: searching.blockers_to_search(search_of(seen), seen.by), SEARCH,
        "primary",
    ),
    _act(
        "offering", "ofertas", _("Ofrecer el trabajo por enlace"), _("Enviar las ofertas"), Act,
        offering.send_offers, _offers, SEARCH,
    ),
    _act(
        "exhausting", "agotamiento", _("Avisar que no hay a quién llamar"), _("Avisar a supervisión"), Act,
        assigning.exhaust_search, lambda seen: searching.blockers_to_exhaust(search_of(seen), seen.by), SEARCH,
    ),
    _act(
        "refund", "reembolso", _("Autorizar un reembolso"), _("Autorizar el reembolso"), opening.Refund,
        assigning.authorise_refund,
        lambda seen: searching.blockers_to_refund(Stage(seen.assistance.stage), seen.by, number="-"), SEARCH,
    ),
    _act(
        "taking_off", "cancelacion-del-proveedor", _("Cancelar el proveedor y buscar otro"),
        _("Cancelar el proveedor"), opening.Caused, releasing.take_provider_off, _off, SEARCH, "danger",
    ),
    _act(
        "giving_up", "fin-sin-proveedor", _("Terminar: el afiliado no quiere otro proveedor"),
        _("Terminar sin proveedor"), opening.Caused, releasing.end_without_provider, _give_up, SEARCH, "danger",
    ),
    _act(
        "confirmation", "confirmacion", _("Confirmar al afiliado quién va"), _("Ya se le confirmó"),
        service.Confirmation, monitoring.confirm_to_affiliate, _of_course(watching.blockers_to_confirm), ON_THE_WAY,
        "primary",
    ),
    _act(
        "provider_check", "monitoreos/proveedor", _("Anotar una llamada con el proveedor"), _("Anotar la llamada"),
        service.ProviderCheck, monitoring.record_check, _of_course(watching.blockers_to_check), ON_THE_WAY, "primary",
    ),
    _act(
        "affiliate_check", "monitoreos/afiliado", _("Anotar una llamada con el afiliado"), _("Anotar la llamada"),
        service.AffiliateCheck, monitoring.record_check, _of_course(watching.blockers_to_check), ON_THE_WAY,
        "primary",
    ),
    _act(
        "departure", "salida", _("El proveedor dice que ya salió"), _("Anotar que salió"), service.Comment,
        monitoring.record_departure, _of_course(watching.blockers_to_check), ON_THE_WAY,
    ),
    _act(
        "reprogramming", "reprogramacion", _("Acordar otra hora"), _("Reprogramar"), service.Reprogramming,
        monitoring.reprogramme, _of_course(watching.blockers_to_reprogramme), ON_THE_WAY,
    ),
    _act(
        "arrival", "arribo", _("Anotar que el proveedor llegó"), _("Anotar la llegada"), service.Arrival,
        monitoring.record_arrival, _of_course(watching.blockers_to_arrive), ON_THE_WAY, "primary",
    ),
    _act(
        "meeting", "encuentro", _("Anotar que se encontraron"), _("Anotar el encuentro"), service.Meeting,
        monitoring.record_contact, _of_course(watching.blockers_to_contact), ON_THE_WAY, "primary",
    ),
    _act(
        "diagnosis", "diagnostico", _("Anotar el diagnóstico y el costo"), _("Anotar el diagnóstico"),
        service.Diagnosis, serving.record_diagnosis, _of_course(work.blockers_to_diagnose), SERVICE, "primary",
    ),
    _act(
        "authorisation", "autorizacion", _("Autorizar el trabajo"), _("Autorizar el trabajo"), service.Comment,
        serving.authorise, _of_course(work.blockers_to_authorise), SERVICE, "primary",
    ),
    _act(
        "excess", "excedente", _("El afiliado paga el excedente"), _("Anotar que acepta y autorizar"),
        service.Excess, serving.accept_excess, _of_course(work.blockers_to_accept_excess), SERVICE, "primary",
    ),
    _act(
        "excess_rejection", "rechazo-del-excedente", _("El afiliado no paga el excedente"),
        _("Terminar: no acepta el excedente"), service.Comment, serving.reject_excess,
        _of_course(work.blockers_to_reject_excess), SERVICE, "danger",
    ),
    _act(
        "finish", "termino", _("Anotar que terminó"), _("Anotar el término"), service.Finish,
        serving.record_finish, _of_course(work.blockers_to_finish), SERVICE, "primary",
    ),
    _act(
        "costs", "costos", _("Cargar los costos"), _("Cargar los costos"), service.Costs, costing.load_costs,
        _of_course(costs.blockers_to_load), CLOSING, "primary",
    ),
    _act(
        "taking_back", "retiro-de-costos", _("Retirar los costos de una factura"), _("Retirar la factura"),
        service.TakingBack, costing.take_costs_back, _of_course(costs.blockers_to_take_back), CLOSING, "danger",
        tab="costos",
    ),
    _act(
        "conformity", "conformidad", _("Preguntar si quedó conforme"), _("Anotar la respuesta"),
        service.Conformity, _record_conformity, _of_course(ending.blockers_to_ask_conformity), CLOSING, "primary",
    ),
    _act(
        "survey", "encuesta", _("Pasar a la encuesta"), _("Anotar la encuesta"), service.Survey,
        closing.mark_surveyed, _of_course(ending.blockers_to_survey), CLOSING,
    ),
    _act(
        "conclusion", "conclusion", _("Concluir la asistencia"), _("Concluir"), service.Comment, closing.conclude,
        _of_course(ending.blockers_to_conclude), CLOSING, "primary",
    ),
    _act(
        "cancelling", "cancelacion", _("Cancelar: el afiliado ya no la quiere"), _("Cancelar la asistencia"),
        service.Comment, closing.cancel_later, _of_course(ending.blockers_to_cancel), CLOSING, "danger",
    ),
    _act(
        "writing", "bitacora", _("Agregar a la bitácora"), _("Agregar a la bitácora"), service.Writing,
        noting.write_line, _write, ON_THE_WAY, versioned=False, tab="bitacora",
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Doing[Seen]] = {one.name: one for one in DOINGS}

# What fulfils each duty, in the order in which it is offered. Looking for a provider has a panel of its own.
FULFILS: Mapping[Duty, Sequence[str]] = {
    Duty.ASSIGN: (),
    Duty.DECIDE: ("refund", "giving_up", "cancelling"),
    Duty.CONFIRM: ("confirmation",),
    Duty.EXTRA_CHECK: ("provider_check",),
    Duty.FIRST_MOVE: ("provider_check",),
    Duty.AFFILIATE_CHECK: ("affiliate_check",),
    Duty.ARRIVAL: ("arrival",),
    Duty.CONTACT: ("meeting",),
    Duty.DIAGNOSIS: ("diagnosis",),
    Duty.AUTHORISE: ("authorisation", "excess", "excess_rejection"),
    Duty.FINISH: ("finish",),
    Duty.COSTS: ("costs",),
    Duty.CONFORMITY: ("conformity",),
    Duty.SURVEY: ("survey",),
    Duty.CONCLUDE: ("conclusion",),
}
