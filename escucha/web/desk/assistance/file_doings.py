"""The acts on a file as its page offers them: of each its address, its form, its verb and why not now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.models import Affiliate, AssistanceFile
from escucha.contexts.assistance.operations import files, noting, registering, reminding
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.affiliates import find_affiliates
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.contexts.assistance.rules.charge import (
    blockers_to_close,
    blockers_to_hand_over,
    blockers_to_remind,
    blockers_to_reopen,
)
from escucha.contexts.assistance.rules.closing import blockers_to_write
from escucha.contexts.assistance.rules.opening import blockers_to_work_on
from escucha.kernel.orgs.queries import members_of
from escucha.kernel.timeline.actors import actor_of
from escucha.web.desk.assistance import file_forms
from escucha.web.desk.assistance.hours import instant
from escucha.web.desk.assistance.offered import Blockers, Doing, Offered, typed
from escucha.web.ui.requests import DeskRequest

WORD = "ya"  # stands for what is not typed yet, so that a page asks only what the file itself lacks


@dataclass(frozen=True)
class Looked:
    """A file as who acts on it looks at it."""

    request: DeskRequest
    file: AssistanceFile
    policy: AssistancePolicy


def offered_on(
    request: DeskRequest, file: AssistanceFile, policy: AssistancePolicy, tried: Offered | None
) -> dict[str, Offered]:
    """Every act by its name, as it may be done now. Nothing for who only looks."""
    if not request.actor.may(HANDLE):
        return {}
    one = Looked(request, file, policy)
    acts = {doing.name: _offered(doing, one) for doing in DOINGS if _belongs(doing, file)}
    return acts | ({tried.doing.name: tried} if tried else {})


def url_of_act(doing: Doing[Looked], file: AssistanceFile) -> str:
    return reverse(f"desk:file_{doing.name}", args=[file.number])


def _belongs(doing: Doing[Looked], file: AssistanceFile) -> bool:
    """A closed file only opens again, and an open one never does."""
    return (doing.name == "reopening") != file.is_open


def _offered(doing: Doing[Looked], one: Looked) -> Offered:
    return Offered(doing, doing.form(one, None), url_of_act(doing, one.file), doing.why_not(one))


def _simple(form: type[Form]) -> Callable[[Looked, Any], Form]:
    def made(one: Looked, data: Any) -> Form:
        return form(data, initial={"version": one.file.version}, auto_id=f"{form.__name__.lower()}-%s")

    return made


def _details(one: Looked, data: Any) -> Form:
    file = one.file
    names = ("version", "contact_first_name", "contact_last_name", "contact_phone", "description")
    start = {name: getattr(file, name) for name in (*names, "address", "references")}
    start["place"] = file.area or file.country
    return file_forms.Details(data, initial=start, policy=one.policy, auto_id="details-%s")


def _registering(one: Looked, data: Any) -> Form:
    account = one.policy.account(one.file.account)
    start = {"version": one.file.version}
    return file_forms.Registering(data, initial=start, account=account, auto_id="registering-%s")


def _handing_over(one: Looked, data: Any) -> Form:
    """To who coordinates and does not have it already."""
    profile, request = one.request.profile, one.request
    members = [
        member
        for member in members_of(org=request.org)
        if member.pk != one.file.coordinator_id and actor_of(member, profile).may(HANDLE)
    ]
    start = {"version": one.file.version}
    return file_forms.HandingOver(data, initial=start, members=members, auto_id="handing-%s")


def _reminding(one: Looked, data: Any) -> Form:
    return file_forms.Reminding(data, auto_id="reminding-%s")


def _noting(one: Looked, data: Any) -> Form:
    return file_forms.Noting(data, auto_id="noting-%s")


def _contact(one: Looked, form: Form) -> dict[str, Any]:
    assert isinstance(form, file_forms.Contact)  # what `_details` makes
    return form.contact_said


def _due(one: Looked, form: Form) -> dict[str, Any]:
    """The text and the instant, by the clock of the place. Raises ValidationError for an hour that does not exist."""
    said, zone = form.cleaned_data, one.policy.zone_of(one.file.country)
    now = one.request.now
    due: datetime = instant(said["hour"], day=said["day"], near=now, zone=zone)
    if due < now and not said["day"]:  # an hour that went by today is that of tomorrow
        tomorrow = due.astimezone(zone).date().toordinal() + 1
        due = instant(said["hour"], day=now.date().fromordinal(tomorrow), near=now, zone=zone)
    return {"text": said["text"], "due_at": due}


def _newcomer(one: Looked, form: Any) -> dict[str, Any]:
    return {"account": one.file.account, **(form.newcomer or {})}


def _working(one: Looked) -> Blockers:
    return blockers_to_work_on(file_open=one.file.is_open, by=one.request.actor)


def _passing(one: Looked) -> Blockers:
    """`target_id` is nobody's: the page asks before it is known to whom."""
    file, by = one.file, one.request.actor
    target = by.member_id if file.coordinator_id is None else -1
    return blockers_to_hand_over(
        file_open=file.is_open, coordinator_id=file.coordinator_id, target_id=target, target_may=True, by=by
    )


def _closing(one: Looked) -> Blockers:
    file = one.file
    return blockers_to_close(
        files.pieces_of(file),
        file_open=file.is_open,
        coordinator_id=file.coordinator_id,
        verified=file.affiliate is None or file.affiliate.status != Affiliate.Status.TO_VERIFY,
        empty_reason=WORD,
        by=one.request.actor,
    )


def _reopening(one: Looked) -> Blockers:
    return blockers_to_reopen(file_open=one.file.is_open, reason=WORD, by=one.request.actor)


def _reminded(one: Looked) -> Blockers:
    return blockers_to_remind(file_open=one.file.is_open, text=WORD, by=one.request.actor)


def _noted(one: Looked) -> Blockers:
    return blockers_to_write(None, one.request.actor, closed=not one.file.is_open)


DOINGS: Sequence[Doing[Looked]] = (
    Doing(
        "details", "datos", _("Cambiar los datos"), _("Guardar los datos"), _details, files.change_file, _working,
        _contact, _("Los datos quedaron guardados."),
    ),
    Doing(
        "naming", "afiliado", _("Nombrar al afiliado"), _("Es esta persona"), _simple(file_forms.Naming),
        files.name_affiliate, _working, typed, _("El afiliado quedó en el expediente."), hidden=True,
    ),
    Doing(
        "registering", "registro", _("Registrar al afiliado"), _("Registrar por verificar"), _registering,
        registering.register_affiliate, _working, _newcomer, _("Quedó registrado, por verificar."),
        versioned=False, hidden=True,
    ),
    Doing(
        "hand_over", "entrega", _("Entregar el expediente"), _("Entregar"), _handing_over, files.hand_over_file,
        _passing, typed, _("El expediente quedó entregado."),
    ),
    Doing(
        "reminder", "recordatorios", _("Poner un recordatorio"), _("Recordar"), _reminding, reminding.set_reminder,
        _reminded, _due, _("Se le recordará a esa hora."), versioned=False,
    ),
    Doing(
        "note", "notas", _("Escribir una nota"), _("Guardar la nota"), _noting, noting.note_on_file, _noted,
        typed, _("La nota quedó en la bitácora."), versioned=False,
    ),
    Doing(
        "closing", "cierre", _("Cerrar el expediente"), _("Cerrar"), _simple(file_forms.Closing), files.close_file,
        _closing, typed, _("El expediente quedó cerrado."),
    ),
    Doing(
        "reopening", "reapertura", _("Abrir otra vez"), _("Abrir otra vez"), _simple(file_forms.Reopening),
        files.reopen_file, _reopening, typed, _("El expediente está abierto otra vez."),
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Doing[Looked]] = {one.name: one for one in DOINGS}


def search_for(one: Looked, said: str) -> Sequence[Affiliate]:
    """Who may be the affiliate of a file: of its account."""
    return find_affiliates(org=one.request.org, viewer=one.request.actor, said=said, account=one.file.account)
