"""Entregar expedientes: what somebody has passes to others at once, at the end of a shift or when they cannot go on.

First how it would be is shown; then it is done, and for half an hour it can be undone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escucha.contexts.assistance.operations.sharing import Stayed, hand_over_files, take_files_back
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.charges import Charge, Handed, charges, handed_over
from escucha.contexts.assistance.queries.doors import NoSuchFile
from escucha.contexts.assistance.queries.files import NOBODY, Filters, rows_in
from escucha.contexts.assistance.queries.risks import lines_by_risk
from escucha.contexts.assistance.rules.acts import HANDLE, SUPERVISE
from escucha.contexts.assistance.rules.sharing import MOST, blockers_to_hand_over_several, blockers_to_take_back, shares
from escucha.kernel.orgs.queries import members_of
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.words import Refused, Saying
from escucha.kernel.words import _ as later
from escucha.web.desk.assistance.board import Row, rows_of
from escucha.web.desk.assistance.sharing_forms import QUEUE, Person, Sharing
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
LONGEST, TOLD = 18, 12  # digits of a number; files that stayed, told one by one
DO = "entregar"
SHIFT = later("La cola del turno")


class Listed(NamedTuple):
    """A file in the list, as the first of its open assistances shows it."""

    file: int
    row: Row
    more: int  # its other open assistances
    vital: bool
    chosen: bool


class Share(NamedTuple):
    """What somebody would get, and what they would have then."""

    name: str
    has: int
    gets: int
    vital: int

    @property
    def then(self) -> int:
        return self.has + self.gets


@require_http_methods(["GET", "POST"])
@desk(SUPERVISE)
def hand_overs(request: DeskRequest) -> HttpResponse:
    """Whose files there are; of one of them, its files, who may have them, and how it would be."""
    said = request.POST if request.method == "POST" else request.GET
    have, whose = charges(org=request.org, viewer=request.actor), _number(said.get("de", ""))
    if whose is None:
        rows = [(one, one.name or _(SHIFT), f"?de={one.member or QUEUE}") for one in have]
        return render(request, "desk/assistance/sharing/people.html", {"rows": rows})
    before = whose or None
    people = list(_people(request, have, before))
    form = Sharing(request.POST or None, people=people, auto_id="entrega-%s")
    if DO in request.POST and form.is_valid():
        return _hand_over(request, form, before)
    return _files(request, before, have, people, form)


def _files(
    request: DeskRequest, before: int | None, have: Sequence[Charge], people: Sequence[Person], form: Sharing
) -> HttpResponse:
    """The files of somebody; with how it would be, where that was asked for and nothing is missing."""
    listed, others = _listed(request, before)
    chosen = [one for one in listed if one.chosen]
    shown = _whose(have, before) | {"form": form, "listed": listed, "others": others, "most": MOST}
    problem: Sequence[Saying] = ()
    if form.is_valid():
        problem = blockers_to_hand_over_several(
            files=[one.file for one in chosen], targets=form.targets, before=before, reason=form.why, by=request.actor
        )
        shown |= {} if problem else _preview(chosen, form, people)
    shown |= {"problem": problem, "all": bool(listed) and len(chosen) == len(listed)}
    status = 422 if form.errors or problem else 200
    return render(request, "desk/assistance/sharing/files.html", shown, status=status)


@require_safe
@desk(SUPERVISE)
def handed(request: DeskRequest, moment: int) -> HttpResponse:
    """What was handed over at once, to whom, and the way back."""
    at, found = _handed(request, moment)
    there = [one.file for one in found if one.stays]
    why_not = blockers_to_take_back(handed=there, at=at, now=request.now, by=request.actor)
    shown = {
        "total": len(found),
        "groups": list(_groups(found)),
        "from": found[0].before_name or _(SHIFT),
        "undo": "" if why_not else reverse("desk:file_hand_over_back", args=[moment]),
    }
    return render(request, "desk/assistance/sharing/done.html", shown)


@require_POST
@desk(SUPERVISE)
def taking_back(request: DeskRequest, moment: int) -> HttpResponse:
    at, found = _handed(request, moment)
    try:
        stayed = take_files_back(org=request.org, at=at, by=request.actor, now=request.now)
    except Refused as refused:
        messages.warning(request, " ".join(str(one) for one in refused.blockers))
        return redirect("desk:file_hand_over", moment=moment)
    back = len(found) - len(stayed)
    text = ngettext("{n} expediente volvió a quien lo tenía.", "{n} expedientes volvieron a quien los tenía.", back)
    messages.success(request, text.format(n=back))
    _tell_stayed(request, stayed)
    return redirect(f"{reverse('desk:file_hand_overs')}?de={found[0].before or QUEUE}")


def _handed(request: DeskRequest, moment: int) -> tuple[datetime, Sequence[Handed]]:
    """What passed on at that instant. Raises Http404 where nothing did."""
    at = _instant(moment)
    if found := handed_over(org=request.org, viewer=request.actor, at=at):
        return at, found
    raise Http404


def _hand_over(request: DeskRequest, form: Sharing, before: int | None) -> HttpResponse:
    plan = _plan(request.POST.get("plan", ""), form.targets)
    try:
        stayed = hand_over_files(
            org=request.org, plan=plan, before=before, reason=form.why, by=request.actor, now=request.now
        )
    except NoSuchFile:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, " ".join(str(one) for one in refused.blockers))
        return redirect(f"{reverse('desk:file_hand_overs')}?de={before or QUEUE}")
    _tell_stayed(request, stayed)
    if len(stayed) == len(plan):
        return redirect(f"{reverse('desk:file_hand_overs')}?de={before or QUEUE}")
    return redirect("desk:file_hand_over", moment=(request.now - EPOCH) // MICROSECOND)


def _tell_stayed(request: DeskRequest, stayed: Sequence[Stayed]) -> None:
    if not stayed:
        return
    told = ", ".join(str(one.number) for one in stayed[:TOLD]) + ("…" if len(stayed) > TOLD else "")
    why = " ".join(dict.fromkeys(_(one.why.text).format(**one.why.values) for one in stayed))
    text = ngettext("No se movió {n} expediente ({told}). {why}", "No se movieron {n} ({told}). {why}", len(stayed))
    messages.warning(request, text.format(n=len(stayed), told=told, why=why))


def _people(request: DeskRequest, have: Sequence[Charge], before: int | None) -> Iterator[Person]:
    """Who coordinates and does not have them, and the queue of the shift."""
    files = {one.member: one.files for one in have}
    for member in members_of(org=request.org):
        if member.pk != before and actor_of(member, request.profile).may(HANDLE):
            yield Person(member.pk, member.account.name, files.get(member.pk, 0))
    if before is not None:
        yield Person(None, _(SHIFT), files.get(None, 0))


def _listed(request: DeskRequest, before: int | None) -> tuple[Sequence[Listed], int]:
    """The open files of somebody, vital first and then by what is due; and how many more there are."""
    every, chosen = "todos" in request.POST, set(map(_number, request.POST.getlist("expediente")))
    asked: dict[str, Any] = {"org": request.org, "viewer": request.actor}
    policy, filters = request.profile.section(AssistancePolicy), Filters(coordinator=before or NOBODY)
    lines = lines_by_risk(**asked, policy=policy, filters=filters, now=request.now)
    of = Counter(line.file for line in lines)
    first = {line.file: line for line in reversed(lines)}  # of each the most urgent
    files = [*dict.fromkeys(line.file for line in lines)]
    found = rows_in(**asked, ids=files[:MOST])
    listed = []
    for file in files[:MOST]:
        if file in found:  # one that closed meanwhile is not there
            one = found[file]
            places = [each.assistance.position for each in one.assistances] or [0]
            rows = dict(zip(places, rows_of(one, policy, request.now), strict=True))
            line = first[file]
            listed.append(Listed(file, rows[line.position], of[file] - 1, line.vital, every or file in chosen))
    return listed, max(0, len(files) - MOST)


def _preview(chosen: Sequence[Listed], form: Sharing, people: Sequence[Person]) -> dict[str, Any]:
    """How it would be: what each would get, and what the form of the act carries."""
    getting = [one for one in people if one.member in form.targets]
    held = {one.member: one.has for one in getting}
    plan = shares([one.file for one in chosen], [*held], held=held)
    gets, lives = Counter(plan.values()), Counter(plan[one.file] for one in chosen if one.vital)
    said = {"reason": form.cleaned_data["reason"], "other": form.cleaned_data["other"]}
    return {
        "preview": [Share(one.name, one.has, gets[one.member], lives[one.member]) for one in getting],
        "carried": [
            *(("to", one.member or QUEUE) for one in getting),
            *said.items(),
            ("plan", " ".join(f"{file}:{member or QUEUE}" for file, member in plan.items())),
        ],
        "total": len(chosen),
    }


def _plan(said: str, targets: Sequence[int | None]) -> Mapping[int, int | None]:
    """The plan that was shown; of what is not one, nothing."""
    plan = {}
    for file, _colon, member in (part.partition(":") for part in said.split()):
        key, to = _number(file), _number(member)
        if key and to is not None and (to or None) in targets:
            plan[key] = to or None
    return plan


def _whose(have: Sequence[Charge], before: int | None) -> dict[str, Any]:
    """Who has them, and how many: without files, nobody is named."""
    one = next((one for one in have if one.member == before), None)
    name = (one.name if one else "") if before else _(SHIFT)
    return {"name": name, "whose": before or QUEUE, "files": one.files if one else 0}


def _groups(found: Sequence[Handed]) -> Iterator[tuple[str, Sequence[Handed]]]:
    by_name: dict[str, list[Handed]] = {}
    for one in found:
        by_name.setdefault(one.member_name or _(SHIFT), []).append(one)
    yield from sorted(by_name.items())


def _instant(moment: int) -> datetime:
    """Raises Http404 for what is no instant of the product's life."""
    if moment >= 10**LONGEST:
        raise Http404
    return EPOCH + moment * MICROSECOND


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= LONGEST else None
