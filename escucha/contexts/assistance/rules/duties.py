"""What the desk owes about an assistance, each with the code that people call it by."""

from collections.abc import Mapping
from enum import StrEnum

from escucha.kernel.words import _


class Duty(StrEnum):
    """A kind of debt. The procedure's timers, P01 to P19, in their order."""

    ASSIGN = "assign_provider"
    CONFIRM = "confirm_to_affiliate"
    EXTRA_CHECK = "extra_provider_check"
    FIRST_MOVE = "first_move_check"
    AFFILIATE_CHECK = "affiliate_check"
    ARRIVAL = "provider_arrival"
    CONTACT = "affiliate_contact"
    DIAGNOSIS = "diagnosis"
    AUTHORISE = "authorisation"
    FINISH = "service_end"
    COSTS = "costs"
    CONFORMITY = "conformity"
    SURVEY = "survey_pending"
    CONCLUDE = "conclude_assistance"
    CLOSE_FILE = "close_file"
    DECIDE = "supervisor_decision"
    VERIFY = "verify_affiliate"
    MANUAL = "reminder"


DUTY_NAMES: Mapping[Duty, str] = {
    Duty.ASSIGN: _("Asignar proveedor"),
    Duty.CONFIRM: _("Confirmar al afiliado quién va"),
    Duty.EXTRA_CHECK: _("Monitoreo extra al proveedor"),
    Duty.FIRST_MOVE: _("Verificar que el proveedor sale a tiempo"),
    Duty.AFFILIATE_CHECK: _("Contarle al afiliado que va a tiempo"),
    Duty.ARRIVAL: _("Confirmar la llegada del proveedor"),
    Duty.CONTACT: _("Confirmar que se encontraron"),
    Duty.DIAGNOSIS: _("Pedir el diagnóstico y el costo"),
    Duty.AUTHORISE: _("Autorizar el trabajo"),
    Duty.FINISH: _("Confirmar que terminó"),
    Duty.COSTS: _("Cargar los costos"),
    Duty.CONFORMITY: _("Preguntar si quedó conforme"),
    Duty.SURVEY: _("Enviar la encuesta"),
    Duty.CONCLUDE: _("Concluir la asistencia"),
    Duty.CLOSE_FILE: _("Cerrar el expediente"),
    Duty.DECIDE: _("Decidir: no hay quien vaya"),
    Duty.VERIFY: _("Verificar al afiliado"),
    Duty.MANUAL: _("Recordatorio"),
}

OF_AGENDA = (Duty.EXTRA_CHECK, Duty.FIRST_MOVE, Duty.AFFILIATE_CHECK, Duty.ARRIVAL)  # reckoned again with a new window
