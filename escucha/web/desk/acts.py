"""The acts on a case. Each reads its form, calls one verb, comes back to the case; a refusal keeps what was typed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations import answering, filing, handling, reaching
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import NoSuchCase, profile_of_case
from escucha.contexts.cases.queries.standing import standing_of
from escucha.kernel.orgs.queries import member_by_id, unit_by_key, units_of
from escucha.web.desk import forms
from escucha.web.desk.case import found, members_at_work, page
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

OVERTAKEN = _(
    "Otra persona actuó sobre este caso mientras usted escribía. Lo que escribió sigue aquí: "
    "mire qué cambió en la historia y, si todavía hace falta, vuelva a enviarlo."
)

KEPT = {"answering": "answer", "returning": "return", "checking": "check", "noting": "note"}  # as the browser keeps it
DONE = {
    "answering": _("La respuesta quedó entregada."),
    "returning": _("El caso quedó devuelto."),
    "checking": _("La revisión quedó registrada."),
    "noting": _("La nota quedó guardada."),
}


def act_on(name: str, form_of: Callable[[DeskRequest, Case], forms.OnCase]) -> Callable[[Any], Any]:
    """A POST on a case with one form. The verb returns nothing that the page needs: it comes back to the case."""

    def wrapped(do: Callable[[DeskRequest, Case, Any], None]) -> Any:
        @require_POST
        @desk("cases.see")
        @wraps(do)
        def view(request: DeskRequest, number: str) -> HttpResponse:
            case = found(request, number)
            form = form_of(request, case)
            if not form.is_valid():
                return page(request, case, status=422, problem=_wrong_with(form), typed=form.texts, **{name: form})
            try:
                do(request, case, form)
            except Refused as refused:
                return page(request, case, status=409, problem=refused.blockers, typed=form.texts, **{name: form})
            except NoSuchCase:  # it went to another unit since this request began
                raise Http404 from None
            except Overtaken as overtaken:
                return _overtaken(request, overtaken.case, name, form)
            if done := _said_when_done(request, name):
                messages.success(request, done, extra_tags=f"{KEPT[name]}-{case.pk}-{request.member.pk}")
            return _onward(request, case)

        return view

    return wrapped


def _onward(request: DeskRequest, case: Case) -> HttpResponse:
    """Back to the case; to the lists, when the act took it out of this member's sight."""
    try:
        found(request, case.filing_number)
    except Http404:
        messages.info(request, _("El caso {number} ya no está a su cargo.").format(number=case.filing_number))
        return redirect("desk:cases")
    return redirect("desk:case", number=case.filing_number)


def _overtaken(request: DeskRequest, case: Case, name: str, form: Any) -> HttpResponse:
    """The page as it is now, with the text as it was typed and the version that is now current."""
    now = found(request, case.filing_number)
    return page(request, now, status=409, problem=[OVERTAKEN], typed=form.texts, **{name: _seen_now(form, now)})


def _seen_now(form: Any, case: Case) -> Any:
    form.data = form.data.copy()
    form.data["version"] = str(case.version)
    return form


def _wrong_with(form: Any) -> list[str]:
    """What must be corrected, each with the label of its field."""
    return [
        error if form[name].is_hidden else f"{form[name].label}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    ]


def _said_when_done(request: DeskRequest, name: str) -> str:
    """Said of what leaves little trace on the page; the rest the page itself shows."""
    if name not in KEPT:
        return ""
    return _("El borrador quedó guardado.") if "draft" in request.POST else str(DONE[name])


def same(request: DeskRequest, case: Case) -> dict[str, Any]:
    return {"org": request.org, "case_id": case.pk, "by": request.actor, "now": request.now}


def versioned(request: DeskRequest, case: Case, form: Any) -> dict[str, Any]:
    return same(request, case) | {"version": form.cleaned_data["version"]}


def _unit(request: DeskRequest, key: str) -> Any:
    return unit_by_key(org=request.org, key=key) if key else None


@act_on(
    "classification",
    lambda request, case: forms.Classification(
        request.POST, policy=profile_of_case(case).section(CasesPolicy), units=units_of(request.org)
    ),
)
def classification(request: DeskRequest, case: Case, form: Any) -> None:
    said = form.cleaned_data
    unit = _unit(request, said["unit"])
    filing.classify_case(case_type=said["case_type"], unit=unit, **versioned(request, case, form))


@act_on("routing", lambda request, case: forms.Routing(request.POST, units=units_of(request.org)))
def routing(request: DeskRequest, case: Case, form: Any) -> None:
    handling.route_case(unit=_unit(request, form.cleaned_data["unit"]), **versioned(request, case, form))


@act_on("returning", lambda request, case: forms.Returning(request.POST))
def returning(request: DeskRequest, case: Case, form: Any) -> None:
    handling.return_case(reason=form.cleaned_data["reason"], **versioned(request, case, form))


@act_on(
    "assignment",
    lambda request, case: forms.Assignment(
        request.POST, members=members_at_work(request, case, standing_of(case), units_of(request.org))
    ),
)
def assignment(request: DeskRequest, case: Case, form: Any) -> None:
    chosen = form.cleaned_data["member"]
    member = member_by_id(org=request.org, member_id=int(chosen)) if chosen else None
    handling.assign_case(member=member, **versioned(request, case, form))


@act_on("answering", lambda request, case: forms.Answering(request.POST))
def answer(request: DeskRequest, case: Case, form: Any) -> None:
    """Hands the answer in, or only keeps it as a draft."""
    body = form.cleaned_data["body"]
    if "draft" in request.POST:
        handling.keep_draft(body=body, **same(request, case))
    else:
        answering.answer_case(body=body, **versioned(request, case, form))


@act_on("checking", lambda request, case: forms.Checking(request.POST))
def check(request: DeskRequest, case: Case, form: Any) -> None:
    reason = form.cleaned_data["reason"]
    answering.check_answer(verdicts=form.verdicts, reason=reason, **versioned(request, case, form))


@act_on("seen", lambda request, case: forms.Versioned(request.POST))
def sending(request: DeskRequest, case: Case, form: Any) -> None:
    answering.send_answer(**versioned(request, case, form))


@act_on("calling", lambda request, case: forms.Calling(request.POST))
def calls(request: DeskRequest, case: Case, form: Any) -> None:
    said = form.cleaned_data
    reaching.record_call(number=said["number"], result=said["result"], **same(request, case))


@act_on("seen", lambda request, case: forms.Versioned(request.POST))
def reminders(request: DeskRequest, case: Case, form: Any) -> None:
    reaching.remind_person(**versioned(request, case, form))


@act_on("seen", lambda request, case: forms.Versioned(request.POST))
def notice(request: DeskRequest, case: Case, form: Any) -> None:
    reaching.publish_notice(**versioned(request, case, form))


@act_on("seen", lambda request, case: forms.Versioned(request.POST))
def closing(request: DeskRequest, case: Case, form: Any) -> None:
    reaching.close_case(**versioned(request, case, form))


@act_on("withdrawing", lambda request, case: forms.Withdrawing(request.POST))
def withdrawal(request: DeskRequest, case: Case, form: Any) -> None:
    handling.withdraw_case(reason=form.cleaned_data["reason"], **versioned(request, case, form))


@act_on("noting", lambda request, case: forms.Noting(request.POST))
def notes(request: DeskRequest, case: Case, form: Any) -> None:
    handling.write_note(body=form.cleaned_data["body"], **same(request, case))
