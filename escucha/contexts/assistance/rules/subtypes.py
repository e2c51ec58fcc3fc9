"""The lines of the log: of which step, and what about. A subtype is what a coordinator looks for when reading."""

from collections.abc import Mapping
from enum import StrEnum

from escucha.contexts.assistance.rules.stages import Step
from escucha.kernel.words import _


class Subtype(StrEnum):
    OPENED = "opened"
    CONSENT = "consent"
    COVER = "cover"
    PRIORITY = "priority"
    AUTHORISED = "authorised_by"  # courtesy, exceptions
    AFFILIATE = "affiliate"
    CALLED_PROVIDER = "called_provider"
    ASSIGNED = "assigned"
    CONFIRMED = "confirmed"
    EXHAUSTED = "exhausted"
    OVERDUE = "overdue"  # a life at risk and nobody going, past its time
    PROVIDER_OFF = "provider_off"
    REPROGRAMMED = "reprogrammed"
    FROM_PROVIDER = "from_provider"
    TO_PROVIDER = "to_provider"
    FROM_AFFILIATE = "from_affiliate"
    TO_AFFILIATE = "to_affiliate"
    ARRIVED = "arrived"
    CONTACTED = "contacted"
    DIAGNOSED = "diagnosed"
    EXCESS = "excess"
    AUTHORISATION = "authorisation"
    FINISHED = "finished"
    COSTS = "costs"
    CONFORMITY = "conformity"
    SURVEY = "survey"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"
    FILE_CLOSED = "file_closed"
    FILE_OPENED = "file_opened"
    HANDED_OVER = "handed_over"
    NOTE = "note"


SUBTYPES: Mapping[Subtype, tuple[Step, str]] = {
    Subtype.OPENED: (Step.OPENING, _("Apertura")),
    Subtype.CONSENT: (Step.OPENING, _("Permiso para dar los datos al proveedor")),
    Subtype.COVER: (Step.OPENING, _("Revisión de la cobertura")),
    Subtype.PRIORITY: (Step.OPENING, _("Prioridad y franjas")),
    Subtype.AUTHORISED: (Step.OPENING, _("Autorización especial")),
    Subtype.AFFILIATE: (Step.OPENING, _("Datos del afiliado")),
    Subtype.CALLED_PROVIDER: (Step.ASSIGNING, _("Llamada a un proveedor")),
    Subtype.ASSIGNED: (Step.ASSIGNING, _("Proveedor asignado")),
    Subtype.CONFIRMED: (Step.ASSIGNING, _("Se le confirma al afiliado")),
    Subtype.EXHAUSTED: (Step.ASSIGNING, _("Nadie puede ir")),
    Subtype.OVERDUE: (Step.ASSIGNING, _("Sin proveedor a tiempo")),
    Subtype.PROVIDER_OFF: (Step.ASSIGNING, _("Proveedor cancelado")),
    Subtype.REPROGRAMMED: (Step.MONITORING, _("Otra franja")),
    Subtype.FROM_PROVIDER: (Step.MONITORING, _("Llama el proveedor")),
    Subtype.TO_PROVIDER: (Step.MONITORING, _("Se llama al proveedor")),
    Subtype.FROM_AFFILIATE: (Step.MONITORING, _("Llama el afiliado")),
    Subtype.TO_AFFILIATE: (Step.MONITORING, _("Se llama al afiliado")),
    Subtype.ARRIVED: (Step.MONITORING, _("Hora de llegada")),
    Subtype.CONTACTED: (Step.MONITORING, _("Hora en que se encontraron")),
    Subtype.DIAGNOSED: (Step.SERVICE, _("Diagnóstico y costo")),
    Subtype.EXCESS: (Step.SERVICE, _("Excedente que paga el afiliado")),
    Subtype.AUTHORISATION: (Step.SERVICE, _("Trabajo autorizado")),
    Subtype.FINISHED: (Step.SERVICE, _("Hora en que terminó")),
    Subtype.COSTS: (Step.SERVICE, _("Costos")),
    Subtype.CONFORMITY: (Step.CLOSING, _("Conformidad del afiliado")),
    Subtype.SURVEY: (Step.CLOSING, _("Encuesta")),
    Subtype.CONCLUDED: (Step.CLOSING, _("Asistencia concluida")),
    Subtype.CANCELLED: (Step.CLOSING, _("Asistencia cancelada")),
    Subtype.FILE_CLOSED: (Step.CLOSING, _("Cierre del expediente")),
    Subtype.FILE_OPENED: (Step.CLOSING, _("Expediente abierto de nuevo")),
    Subtype.HANDED_OVER: (Step.OPENING, _("Cambio de coordinador")),
    Subtype.NOTE: (Step.MONITORING, _("Anotación")),
}
BY_HAND = (
    Subtype.FROM_PROVIDER,
    Subtype.TO_PROVIDER,
    Subtype.FROM_AFFILIATE,
    Subtype.TO_AFFILIATE,
    Subtype.NOTE,
)
