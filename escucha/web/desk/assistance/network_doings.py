"""The acts on a provider as its page offers them: of each its address, its form, its verb and why not now."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.models import Paper, Provider, Reach, Veto
from escucha.contexts.assistance.operations import network, papers, suspending
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.affiliates import find_affiliates
from escucha.contexts.assistance.queries.providers import papers_of, reaches_of, vetoes_of
from escucha.contexts.assistance.rules.network import (
    blockers_to_change_network,
    blockers_to_reactivate,
    blockers_to_suspend,
)
from escucha.web.desk.assistance import network_forms as forms
from escucha.web.desk.assistance.offered import Blockers, Doing, Offered, typed
from escucha.web.ui.requests import DeskRequest

WORD = "ya"  # stands for what is not typed yet, so that a page asks only what the provider itself lacks


class Looked:
    """A provider as who acts on it looks at it. What is asked more than once is asked of the database once."""

    def __init__(self, request: DeskRequest, provider: Provider, policy: AssistancePolicy):
        self.request, self.provider, self.policy = request, provider, policy

    @cached_property
    def reaches(self) -> Sequence[Reach]:
        return reaches_of(self.provider)

    @cached_property
    def chosen(self) -> Reach | None:
        """That whose place or price is to be changed, by the address."""
        said = self.request.GET.get("alcance", "")
        return next((one for one in self.reaches if one.active and str(one.pk) == said), None)

    @cached_property
    def papers(self) -> Sequence[Paper]:
        return papers_of(self.provider)

    @cached_property
    def vetoes(self) -> Sequence[Veto]:
        return vetoes_of(self.provider)


def _changing(one: Looked) -> Blockers:
    return blockers_to_change_network(one.request.actor)


def _suspended(one: Looked) -> Blockers:
    return blockers_to_suspend(one.request.actor, active=one.provider.active, reason=WORD)


def _reactivated(one: Looked) -> Blockers:
    return blockers_to_reactivate(one.request.actor, active=one.provider.active, reason=WORD)


def _details(one: Looked, data: Any) -> forms.Details:
    start = {name: getattr(one.provider, name) for name in ("version", *forms.Who.base_fields)}
    return forms.Details(data, initial=start, auto_id="datos-%s")


def _week(one: Looked, data: Any) -> forms.Week:
    start = {name: getattr(one.provider, name) for name in ("version", "capacity", "on_guard")}
    return forms.Week(data, initial=start, shifts=one.provider.shifts, auto_id="turnos-%s")


def _on(form: type[forms.Versioned], called: str) -> Callable[[Looked, Any], Any]:
    return lambda one, data: form(data, initial={"version": one.provider.version}, auto_id=f"{called}-%s")


def _reaching(one: Looked, data: Any) -> forms.Reaching:
    reach, start = one.chosen, {"version": one.provider.version}
    if reach:
        start |= {name: getattr(reach, name) for name in ("service", "area", "position", "tariff")}
    return forms.Reaching(data, initial=start, policy=one.policy, auto_id="servicio-%s")


def _vetoed(one: Looked, data: Any) -> forms.Vetoing:
    return forms.Vetoing(data, initial={"version": one.provider.version}, policy=one.policy, auto_id="veto-%s")


def _leaving(own: Callable[[Looked], Sequence[Any]], called: str) -> Callable[[Looked, Any], Any]:
    def made(one: Looked, data: Any) -> forms.Leaving:
        keys = [each.pk for each in own(one)]
        return forms.Leaving(data, initial={"version": one.provider.version}, own=keys, auto_id=f"{called}-%s")

    return made


def _said(one: Looked, form: Any) -> Mapping[str, Any]:
    return {"provider_id": one.provider.pk, **typed(one, form)}


def _week_said(one: Looked, form: forms.Week) -> Mapping[str, Any]:
    return {"provider_id": one.provider.pk, **form.said}


def _vetoing(one: Looked, form: forms.Vetoing) -> Mapping[str, Any]:
    """The affiliate by its document. Raises ValidationError for a document of nobody, or of several."""
    data, request = form.cleaned_data, one.request
    said = {"provider_id": one.provider.pk, "account": data["account"], "reason": data["reason"]}
    document = data["affiliate"].strip()
    if not document:
        return said
    found = find_affiliates(org=request.org, viewer=request.actor, said=document)
    if len(found) != 1:
        words = _("No hay un afiliado con ese documento.") if not found else _("Ese documento es de varios afiliados.")
        raise ValidationError(words)
    return said | {"affiliate_id": found[0].pk}


def _ended(one: Looked, form: forms.Leaving) -> Mapping[str, Any]:
    """What is left of a reach: it stays written, with its place and its price."""
    reach = next(each for each in one.reaches if str(each.pk) == form.cleaned_data["which"])
    kept = {name: getattr(reach, name) for name in ("service", "area", "position", "tariff")}
    return {"provider_id": one.provider.pk, **kept, "active": False}


DOINGS: Sequence[Doing[Looked]] = (
    Doing(
        "details", "datos", _("Cambiar los datos"), _("Guardar los datos"), _details, network.change_provider,
        _changing, _said, _("Los datos quedaron guardados."),
    ),
    Doing(
        "week", "turnos", _("Cambiar turnos y capacidad"), _("Guardar los turnos"), _week, network.set_shifts,
        _changing, _week_said, done=_("Los turnos quedaron guardados."),
    ),
    Doing(
        "reach", "servicios", _("Agregar un servicio en una zona, o cambiar su posición o tarifa"),
        _("Guardar el servicio"), _reaching, network.set_reach, _changing,
        _said, _("El servicio quedó guardado."),
    ),
    Doing(
        "reach_end", "servicios/retiro", _("Ya no lo presta ahí"), _("Ya no lo presta ahí"),
        _leaving(lambda one: [each for each in one.reaches if each.active], "retirar-servicio"), network.set_reach,
        _changing, _ended, done=_("Ya no se le enviará a eso."), hidden=True,
    ),
    Doing(
        "paper", "documentos", _("Agregar un documento"), _("Agregar el documento"), _on(forms.NewPaper, "documento"),
        papers.add_paper, _changing, _said, _("El documento quedó agregado."),
    ),
    Doing(
        "paper_end", "documentos/retiro", _("Retirar el documento"), _("Retirar"),
        _leaving(lambda one: one.papers, "retirar-documento"), papers.withdraw_paper, _changing,
        lambda one, form: {"paper_id": int(form.cleaned_data["which"])}, _("El documento ya no cuenta."), hidden=True,
    ),
    Doing(
        "veto", "vetos", _("Anotar que una cuenta o un afiliado no lo quiere"), _("Anotar el veto"),
        _vetoed, network.veto_provider, _changing, _vetoing, _("El veto quedó anotado."),
    ),
    Doing(
        "veto_end", "vetos/fin", _("Levantar el veto"), _("Levantar"),
        _leaving(lambda one: [each for each in one.vetoes if each.ended_at is None], "levantar-veto"),
        network.end_veto, _changing, lambda one, form: {"veto_id": int(form.cleaned_data["which"])},
        _("Se le puede enviar otra vez."), hidden=True,
    ),
    Doing(
        "suspension", "suspension", _("Suspender al proveedor"), _("Suspender"), _on(forms.Reason, "suspension"),
        suspending.suspend_provider, _suspended, _said,
        _("Quedó suspendido: termina lo que tiene y no se le envía más."), variant="danger",
    ),
    Doing(
        "return", "regreso", _("Volver a ponerlo en la red"), _("Volver a la red"), _on(forms.Reason, "regreso"),
        suspending.reactivate_provider, _reactivated, _said, _("Está en la red otra vez."),
    ),
)  # fmt: skip


def offered_on(one: Looked, tried: Offered | None) -> dict[str, Offered]:
    """Every act by its name, as it may be done now. Nothing for who only looks."""
    if _changing(one):
        return {}
    gone = "suspension" if not one.provider.active else "return"
    acts = {
        doing.name: Offered(doing, doing.form(one, None), url_of_act(doing, one.provider))
        for doing in DOINGS
        if doing.name != gone
    }
    return acts | ({tried.doing.name: tried} if tried and tried.doing.name != gone else {})


def url_of_act(doing: Doing[Looked], provider: Provider) -> str:
    return reverse(f"desk:provider_{doing.name}", args=[provider.pk])
