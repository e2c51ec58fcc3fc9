"""A call taken down: whose account it is, who it is for, where and what, in one form that a keyboard goes through."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from escucha.contexts.assistance.models import Affiliate, AssistanceFile, IncomingCall
from escucha.contexts.assistance.operations.receiving import receive_call
from escucha.contexts.assistance.policy import Account, AssistancePolicy
from escucha.contexts.assistance.queries.affiliates import NoSuchAffiliate, affiliate_by_id, find_affiliates
from escucha.contexts.assistance.queries.calls import Caller, call_of_mine, caller_of
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.kernel.words import Refused
from escucha.web.desk.assistance.affiliates import policy_of, row_of
from escucha.web.desk.assistance.calls import calls_shown, greetings
from escucha.web.desk.assistance.file_forms import NewFile, Place, place_of
from escucha.web.desk.receiving.forms import new_key
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

MOST, LONGEST, LARGEST_ID = 8, 120, 2**63 - 1
NOT_THERE = _("Esa persona ya no está. Búsquela otra vez.")


@require_http_methods(["GET", "POST"])
@desk(HANDLE)
def new_file(request: DeskRequest) -> HttpResponse:
    """The page of a call, and its file once it is complete. What was typed is kept until then."""
    policy, call = policy_of(request), _call(request)
    if call and call.file:
        return redirect("desk:assistance_file", number=call.file.number)
    if request.method != "POST":
        return _page(request, policy, call, _form(request, policy, _account(request, policy, call), _start(call)))
    account = _account(request, policy, call)
    if _looks(request):
        return _page(request, policy, call, _form(request, policy, account, request.POST.dict()))
    form = _form(request, policy, account, {}, request.POST)
    chosen = _chosen(request, form) if form.is_valid() else None
    if form.errors:
        return _page(request, policy, call, form, status=422)
    try:
        file = _opened(request, policy, form, chosen, call)
    except Refused as refused:
        for blocker in refused.blockers:
            form.add_error(None, _(blocker.text).format(**blocker.values))
        return _page(request, policy, call, form, status=422)
    return redirect(f"{reverse('desk:assistance_file', args=[file.number])}?nuevo=1")


@require_POST
@desk(HANDLE)
def candidates(request: DeskRequest) -> HttpResponse:
    """Who may be meant by what is typed, while it is typed."""
    policy = policy_of(request)
    shown = _candidates(request, policy, _call(request), _said(request))
    return render(request, "desk/assistance/files/_candidates.html", shown)


@require_POST
@desk(HANDLE)
def place(request: DeskRequest) -> HttpResponse:
    """The place of whom was chosen, where no other was typed."""
    policy = policy_of(request)
    typed = {name: request.POST.get(name, "")[:200] for name in ("place", "address", "references")}
    found = _affiliate(request, request.POST.get("affiliate", ""))
    if found and not typed["address"]:
        typed |= place_of(found, policy, policy.account(found.account))
    form = Place(initial=typed, policy=policy)
    return render(request, "desk/assistance/files/_place.html", {"form": form})


@require_POST
@desk(HANDLE)
def salute(request: DeskRequest) -> HttpResponse:
    """What is said for an account, once it is chosen."""
    policy = policy_of(request)
    hello, emergency = greetings(request, policy, policy.account(request.POST.get("account", "")))
    shown = {"hello": hello, "emergency": emergency}
    return render(request, "desk/assistance/files/_greeting.html", shown)


def _opened(
    request: DeskRequest, policy: AssistancePolicy, form: NewFile, chosen: Affiliate | None, call: IncomingCall | None
) -> AssistanceFile:
    newcomer = None if chosen else form.newcomer
    contact = form.contact_said
    if form.cleaned_data["same"]:
        contact |= _same_person(contact, chosen, newcomer)
    if chosen and not (form.cleaned_data["place"] or form.cleaned_data["address"]):
        contact |= {"area": chosen.area if policy.area(chosen.area) else "", "address": chosen.address}
    return receive_call(
        org=request.org,
        account=form.cleaned_data["account"],
        affiliate_id=chosen.pk if chosen else None,
        newcomer=newcomer,
        call_id=call.pk if call else None,
        form_key=form.cleaned_data["key"],
        by=request.actor,
        now=request.now,
        **contact,
    )


def _same_person(
    contact: Mapping[str, Any], chosen: Affiliate | None, newcomer: Mapping[str, str] | None
) -> dict[str, str]:
    """Who calls is the affiliate: what was not typed of the one is known of the other."""
    known = newcomer or {}
    if chosen:
        known = {name: getattr(chosen, name) for name in ("first_name", "last_name", "phone")}
    named = contact["contact_first_name"] or contact["contact_last_name"]
    names = () if named else ("first_name", "last_name")
    phone = () if contact["contact_phone"] else ("phone",)
    return {f"contact_{name}": known.get(name, "") for name in (*names, *phone)}


def _form(
    request: DeskRequest,
    policy: AssistancePolicy,
    account: Account | None,
    initial: Mapping[str, Any],
    data: Any = None,
) -> NewFile:
    start = {"key": new_key(), "account": account.key if account else ""}
    start |= {"place": account.country} if account and len(policy.countries) > 1 else {}
    form = NewFile(data, initial=start | dict(initial), policy=policy, account=account)
    search = {"hx-post": reverse("desk:assistance_candidates"), "hx-target": "#candidatos"}
    form.fields["looked_for"].widget.attrs |= search | {"hx-trigger": "input changed delay:250ms", "type": "search"}
    hello = {"hx-post": reverse("desk:assistance_greeting"), "hx-target": "#saludo", "hx-trigger": "change"}
    form.fields["account"].widget.attrs |= hello
    return form


def _page(
    request: DeskRequest, policy: AssistancePolicy, call: IncomingCall | None, form: NewFile, *, status: int = 200
) -> HttpResponse:
    account = policy.account(str(form["account"].value() or ""))
    hello, emergency = greetings(request, policy, account)
    shown: dict[str, Any] = {
        "form": form,
        "call": call,
        "hello": hello,
        "emergency": emergency,
        "by_hand": any(form[name].value() for name in form.of_newcomer),
        "call_id": call.pk if call else "",
    }
    shown |= _candidates(request, policy, call, str(form["looked_for"].value() or ""))
    if not form.is_bound:
        _begin_at_home(form, policy, shown["rows"], shown["chosen"])
    shown |= calls_shown(request, but=call.pk if call else None)
    return render(request, "desk/assistance/files/new.html", shown, status=status)


def _begin_at_home(form: NewFile, policy: AssistancePolicy, rows: Any, chosen: str) -> None:
    """Whom is chosen already is not looked for, and its place is there where none was typed."""
    home = next((row.affiliate for row in rows if str(row.affiliate.pk) == chosen), None)
    if home:  # who it is for is known: what is left to say comes after
        form.fields["looked_for"].widget.attrs.pop("autofocus", None)
        form.fields["same"].widget.attrs["autofocus"] = True
    if home and not form.initial.get("address"):
        form.initial = {**form.initial, **place_of(home, policy, policy.account(home.account))}


def _candidates(
    request: DeskRequest, policy: AssistancePolicy, call: IncomingCall | None, typed: str
) -> dict[str, Any]:
    """Who was found by what was typed, or by the telephone that calls while nothing was."""
    caller = Caller([], [])
    if call and not typed:
        caller = caller_of(org=request.org, viewer=request.actor, call=call)
    found: Sequence[Affiliate] = caller.affiliates
    if typed:
        account = policy.account(request.POST.get("account", "") or (call.account if call else ""))
        found = _found(request, typed, account)
    chosen = request.POST.get("affiliate", "")
    alone = str(found[0].pk) if len(found) == 1 else ""
    kept = chosen if chosen in {str(one.pk) for one in found} else alone
    return {
        "typed": typed,
        "rows": [row_of(policy, one) for one in found[:MOST]],
        "more": len(found) > MOST,
        "files": caller.files,
        "chosen": kept,
    }


def _found(request: DeskRequest, typed: str, account: Account | None) -> Sequence[Affiliate]:
    """Of the account that calls; else, by a document or a telephone, of any."""
    key = account.key if account else ""
    return find_affiliates(org=request.org, viewer=request.actor, said=typed, account=key)


def _looks(request: DeskRequest) -> bool:
    """Whether who sent it wants to see who was found first: they typed something and saw no answer to it."""
    post = request.POST
    chosen = post.get("affiliate") or post.get("first_name") or post.get("last_name")
    unseen = bool(_said(request)) and post.get("shown", "") != _said(request)
    return "look" in post or (unseen and not chosen)


def _said(request: DeskRequest) -> str:
    return request.POST.get("looked_for", "").replace("\x00", "").strip()[:LONGEST]


def _chosen(request: DeskRequest, form: NewFile) -> Affiliate | None:
    """Who it is for, if that is known; an error of the form where they are no longer there."""
    wanted = form.cleaned_data["affiliate"]
    found = _affiliate(request, str(wanted)) if wanted else None
    if wanted and found is None:
        form.add_error(None, NOT_THERE)
    return found


def _affiliate(request: DeskRequest, said: str) -> Affiliate | None:
    if not (said.isascii() and said.isdecimal() and len(said) < 20 and int(said) <= LARGEST_ID):
        return None
    try:
        return affiliate_by_id(org=request.org, viewer=request.actor, affiliate_id=int(said))
    except NoSuchAffiliate:
        return None


def _account(request: DeskRequest, policy: AssistancePolicy, call: IncomingCall | None) -> Account | None:
    """As it was chosen; that of the call; the only one there is."""
    said = request.POST.get("account") or request.GET.get("cuenta") or (call.account if call else "")
    only = policy.accounts[0] if len(policy.accounts) == 1 else None
    return policy.account(said) or only


def _call(request: DeskRequest) -> IncomingCall | None:
    """The call that was taken to come here, by who took it."""
    said = request.POST.get("call") or request.GET.get("llamada", "")
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        return None
    return call_of_mine(org=request.org, viewer=request.actor, call_id=int(said))


def _start(call: IncomingCall | None) -> dict[str, str]:
    return {"contact_phone": call.caller} if call else {}
