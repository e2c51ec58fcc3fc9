"""The facts this context records. Ids and plain values only; what people said is a row, and its digest is here."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class LineWritten(Fact):
    """A line of the log. Its subject is the assistance, or the file where it is of no assistance."""

    line: int
    step: str
    subtype: str
    digest: str = ""
    automatic: bool = True

    verb = "assistance.line_written"
    sentence = _("Quedó en la bitácora: {subtype}")


@dataclass(frozen=True, kw_only=True)
class FileOpened(Fact):
    number: int
    account: str
    coordinator: int | None = None

    verb = "assistance.file_opened"
    sentence = _("Se abrió el expediente {number}")


@dataclass(frozen=True, kw_only=True)
class FileHandedOver(Fact):
    member: int | None
    before: int | None = None

    verb = "assistance.file_handed_over"
    sentence = _("Quedó a cargo de {member}")


@dataclass(frozen=True, kw_only=True)
class FileClosed(Fact):
    assistances: int

    verb = "assistance.file_closed"
    sentence = _("Se cerró el expediente")


@dataclass(frozen=True, kw_only=True)
class FileReopened(Fact):
    verb = "assistance.file_reopened"
    sentence = _("Se abrió otra vez el expediente")


@dataclass(frozen=True, kw_only=True)
class AffiliateRegistered(Fact):
    """By hand: it is to be verified."""

    account: str

    verb = "assistance.affiliate_registered"
    sentence = _("Se registró a mano: está por verificar")


@dataclass(frozen=True, kw_only=True)
class AffiliateVerified(Fact):
    status: str

    verb = "assistance.affiliate_verified"
    sentence = _("Quedó verificado: {status}")


@dataclass(frozen=True, kw_only=True)
class AffiliateCorrected(Fact):
    """By hand, between two files of the client."""

    status: str
    before: str

    verb = "assistance.affiliate_corrected"
    sentence = _("Pasó a estar {status}")


@dataclass(frozen=True, kw_only=True)
class AffiliatesImported(Fact):
    account: str
    new: int
    changed: int
    ended: int
    bad: int

    verb = "assistance.affiliates_imported"
    sentence = _("Se importaron afiliados: {new} nuevos, {changed} con cambios, {bad} filas con errores")


@dataclass(frozen=True, kw_only=True)
class AssistanceOpened(Fact):
    file: int
    position: int
    service: str

    verb = "assistance.assistance_opened"
    sentence = _("Se abrió una asistencia: {service}")


@dataclass(frozen=True, kw_only=True)
class AssistanceMoved(Fact):
    """From one stage to another. `cause` is a key, where there is more than one way there."""

    before: str
    after: str
    cause: str = ""

    verb = "assistance.assistance_moved"
    sentence = _("Pasó de {before} a {after}")


@dataclass(frozen=True, kw_only=True)
class CategorySet(Fact):
    category: str
    before: str

    verb = "assistance.category_set"
    sentence = _("Pasó a ser {category}")


@dataclass(frozen=True, kw_only=True)
class ConsentAsked(Fact):
    given: bool
    version: str

    verb = "assistance.consent_asked"
    sentence = _("Se le preguntó si sus datos se dan al proveedor")


@dataclass(frozen=True, kw_only=True)
class ProviderAsked(Fact):
    provider: int
    position: int
    way: str
    outcome: str

    verb = "assistance.provider_asked"
    sentence = _("Se le preguntó a un proveedor: {outcome}")


@dataclass(frozen=True, kw_only=True)
class OffersSent(Fact):
    offers: int
    expires_at: str

    verb = "assistance.offers_sent"
    sentence = _("Se ofreció el trabajo por enlace a {offers} proveedores")


@dataclass(frozen=True, kw_only=True)
class ProviderKept(Fact):
    """A provider is in the network, or something of it changed: the names of what did, never the values."""

    new: bool
    changed: str = ""

    verb = "assistance.provider_kept"
    sentence = _("Se guardaron los datos de un proveedor: {changed}")


@dataclass(frozen=True, kw_only=True)
class ReachKept(Fact):
    """That a provider gives a service in an area, in which position and at what price."""

    service: str
    area: str
    position: int
    tariff: str = ""
    active: bool = True

    verb = "assistance.reach_kept"
    sentence = _("Se guardó que atiende {service} en {area}, en la posición {position}")


@dataclass(frozen=True, kw_only=True)
class ProviderVetoed(Fact):
    veto: int
    account: str = ""
    affiliate: int | None = None

    verb = "assistance.provider_vetoed"
    sentence = _("Se anotó que no lo quieren")


@dataclass(frozen=True, kw_only=True)
class VetoEnded(Fact):
    veto: int

    verb = "assistance.veto_ended"
    sentence = _("Se levantó que no lo querían")


@dataclass(frozen=True, kw_only=True)
class ProviderSuspended(Fact):
    suspension: int

    verb = "assistance.provider_suspended"
    sentence = _("Se suspendió el proveedor")


@dataclass(frozen=True, kw_only=True)
class ProviderReactivated(Fact):
    suspension: int

    verb = "assistance.provider_reactivated"
    sentence = _("El proveedor volvió a la red")


@dataclass(frozen=True, kw_only=True)
class PaperAdded(Fact):
    """A document of a provider, and until which day it holds; empty where it does not end."""

    paper: int
    until: str = ""

    verb = "assistance.provider_paper_added"
    sentence = _("Se agregó un documento del proveedor")


@dataclass(frozen=True, kw_only=True)
class PaperWithdrawn(Fact):
    paper: int

    verb = "assistance.provider_paper_withdrawn"
    sentence = _("Se retiró un documento del proveedor")


@dataclass(frozen=True, kw_only=True)
class OfferAnswered(Fact):
    """What a provider said to an offer by link, or that its time ran out."""

    offer: int
    provider: int
    answer: str

    verb = "assistance.offer_answered"
    sentence = _("Una oferta por enlace: {answer}")


@dataclass(frozen=True, kw_only=True)
class ProviderAssigned(Fact):
    provider: int
    assignment: int
    how: str
    position: int | None = None

    verb = "assistance.provider_assigned"
    sentence = _("Se asignó un proveedor")


@dataclass(frozen=True, kw_only=True)
class SearchOverdue(Fact):
    """A life is at risk and nobody goes so many seconds past the time to find who: a supervisor decides."""

    search: int
    tolerance: int

    verb = "assistance.search_overdue"
    sentence = _("Pasó el tiempo y nadie va: decide supervisión")


@dataclass(frozen=True, kw_only=True)
class ProviderTakenOff(Fact):
    provider: int
    assignment: int
    cause: str

    verb = "assistance.provider_taken_off"
    sentence = _("Se canceló el proveedor")


@dataclass(frozen=True, kw_only=True)
class DataDisclosed(Fact):
    """A provider was shown the affiliate's name, address and telephone (Ley 1581 de 2012, art. 17)."""

    provider: int
    assignment: int

    verb = "assistance.data_disclosed"
    sentence = _("El proveedor vio los datos del afiliado")


@dataclass(frozen=True, kw_only=True)
class WorkMoved(Fact):
    """What a provider told of its work."""

    assignment: int
    before: str
    after: str

    verb = "assistance.work_moved"
    sentence = _("El proveedor pasó de {before} a {after}")


@dataclass(frozen=True, kw_only=True)
class AssistanceReprogrammed(Fact):
    agenda: int
    opens_at: str
    closes_at: str

    verb = "assistance.assistance_reprogrammed"
    sentence = _("Se acordó otra franja")


@dataclass(frozen=True, kw_only=True)
class CostsLoaded(Fact):
    coverage: str
    affiliate: str
    company: str
    currency: str

    verb = "assistance.costs_loaded"
    sentence = _("Se cargaron los costos")


@dataclass(frozen=True, kw_only=True)
class ConformityAsked(Fact):
    attempt: int
    outcome: str

    verb = "assistance.conformity_asked"
    sentence = _("Se preguntó por la conformidad: {outcome}")


@dataclass(frozen=True, kw_only=True)
class AssistanceEnded(Fact):
    """It concluded or was cancelled. What follows elsewhere hangs from here."""

    stage: str
    conformity: str = ""
    service: str = ""

    verb = "assistance.assistance_ended"
    sentence = _("Terminó: {stage}")


@dataclass(frozen=True, kw_only=True)
class ReminderSet(Fact):
    reminder: int
    due_at: str

    verb = "assistance.reminder_set"
    sentence = _("Se anotó un recordatorio")


@dataclass(frozen=True, kw_only=True)
class CallTaken(Fact):
    call: int
    rings: int
    file: int | None = None

    verb = "assistance.call_taken"
    sentence = _("Se atendió una llamada al timbre {rings}")
