"""Contacts that are no request: taken down in seconds, counted, and turned into a case when there was one behind."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escucha.contexts.cases.models import Attention
from escucha.contexts.cases.operations.receiving import record_attention, turn_attention_into_case
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.policy import AttentionPolicy
from escucha.contexts.cases.policy.receiving import ASKS, label_of
from escucha.contexts.cases.queries.doors import numbers_kept_from
from escucha.contexts.cases.queries.receiving import (
    NoSuchAttention,
    Place,
    attention_by_id,
    attention_list,
    attention_tallies,
)
from escucha.contexts.cases.rules.receiving import blockers_to_turn_into_case
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.people.queries import place_by_code, place_code_of
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk.case_export import MARK, Line, harmless
from escucha.web.desk.hand_overs import PERIODS, days_of
from escucha.web.desk.receiving.forms import OF_SOMEBODY, BecomingCase, NewAttention, new_key
from escucha.web.desk.receiving.paging import place_in
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LIMIT, BATCH = 50, 500
COLUMNS = {"stakeholder": "quien", "topic": "tema", "channel": "canal"}


class Row(NamedTuple):
    at: datetime
    stakeholder: str
    asks: str
    topic: str
    channel: str
    note: str
    member: str
    number: str
    url: str
    kept: bool


@require_safe
@desk("attentions.see", "attentions.record")
def attentions(request: DeskRequest) -> HttpResponse:
    """A page of a period, newest first, with its counts."""
    policy, look = _policy(request), _look(request)
    after, before = place_in(request, "desde"), place_in(request, "hasta")
    found = list(attention_list(after=after, before=before, limit=LIMIT, **look))
    more = len(found) > LIMIT
    page = (found[1:] if before and not after else found[:LIMIT]) if more else found
    shown = {
        "rows": _rows(request, page),
        "tallies": _tallies(request.profile, attention_tallies(**look)),
        "tabs": _tabs(request),
        "filters": _filters(request, policy),
        "may_record": request.actor.may("attentions.record"),
        "export": f"{reverse('desk:attention_export')}?{_without_place(request).urlencode()}",
        "next": _address(request, "desde", page[-1]) if page and (more or before) else "",
        "previous": _address(request, "hasta", page[0]) if page and (after or (before and more)) else "",
    }
    return render(request, "desk/receiving/attentions.html", shown)


@require_safe
@desk("attentions.see")
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The whole list of the period as it is filtered. What people typed never becomes a formula."""
    _policy(request)
    response = StreamingHttpResponse(_lines(request, _look(request)), content_type="text/csv; charset=utf-8")
    called = _("atenciones")
    name = f"{called}-{timezone.localtime(request.now):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
@desk("attentions.record")
def new_attention(request: DeskRequest) -> HttpResponse:
    _policy(request)
    start = {"key": new_key(), "channel": request.session.get("attention_channel", "phone")}
    form = NewAttention(request.POST or None, initial=start, profile=request.profile)
    if not form.is_valid():
        return render(
            request, "desk/receiving/new_attention.html", {"form": form}, status=422 if form.is_bound else 200
        )
    said = form.cleaned_data
    place_code = place_code_of(said["place"]) if said["place"] else ""
    record_attention(
        org=request.org,
        channel=said["channel"],
        stakeholder=said["stakeholder"],
        topic=said["topic"],
        note=said["note"] if place_code or not said["place"] else _with_place(said["note"], said["place"]),
        minutes=said["minutes"],
        place_code=place_code,
        person=form.person,
        unit=request.member.unit,
        form_key=form.filing_key,
        by=request.actor,
        now=request.now,
    )
    request.session["attention_channel"] = said["channel"]
    messages.success(request, _("La atención quedó registrada."), extra_tags=f"new-attention-{request.member.pk}")
    return redirect("desk:attentions")


@require_safe
@desk("attentions.see", "attentions.record")
def attention(request: DeskRequest, attention_id: int) -> HttpResponse:
    found = _found(request, attention_id)
    known = {name: getattr(found.person, name) for name in OF_SOMEBODY} if found.person else {}
    return _page(request, found, BecomingCase(initial=known | {"body": found.note}))


@require_POST
@desk("attentions.see", "attentions.record")
def becoming_case(request: DeskRequest, attention_id: int) -> HttpResponse:
    """The contact becomes a case, which is read back as any other."""
    found = _found(request, attention_id)
    form = BecomingCase(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        case = turn_attention_into_case(
            org=request.org,
            attention_id=found.pk,
            body=form.cleaned_data["body"],
            matter=form.cleaned_data["matter"],
            person=form.person,
            by=request.actor,
            now=request.now,
        )
    except Refused as refused:
        return _page(request, found, form, status=409, problem=refused.blockers)
    return redirect("desk:read_back", number=case.filing_number)


def _with_place(note: str, place: str) -> str:
    """The note with what was typed of a municipality that could be several, or none: it stays, as words."""
    return "\n".join(filter(None, (note, _("Municipio: {place}").format(place=place))))


def _page(
    request: DeskRequest, found: Attention, form: BecomingCase, *, status: int = 200, **more: Any
) -> HttpResponse:
    blockers = blockers_to_turn_into_case(request.actor, filed=found.case_id is not None)
    [row] = _rows(request, [found])
    place = place_by_code(found.place_code) if found.place_code else None
    shown = {"attention": found, "row": row, "form": form, "blockers": blockers, "place": place}
    return render(request, "desk/receiving/attention.html", shown | more, status=status)


def _found(request: DeskRequest, attention_id: int) -> Attention:
    try:
        return attention_by_id(org=request.org, viewer=request.actor, attention_id=attention_id)
    except NoSuchAttention:
        raise Http404 from None


def _policy(request: DeskRequest) -> AttentionPolicy:
    """What is asked here; an organisation that asks nothing has none of these pages."""
    policy = request.profile.section(AttentionPolicy)
    if not policy.topics:
        raise Http404
    return policy


def _look(request: DeskRequest) -> dict[str, Any]:
    """Who looks, at which period and with which filters; what means nothing is as if it was not there."""
    first, last = days_of(_period(request), today=timezone.localtime(request.now).date())
    calendar = request.profile.calendar
    offered = {
        one["column"]: dict(one["options"]) for one in _filters(request, request.profile.section(AttentionPolicy))
    }
    chosen = {column: request.GET.get(name, "") for column, name in COLUMNS.items()}
    return {
        "org": request.org,
        "viewer": request.actor,
        "since": calendar.midnight_of(first),
        "until": calendar.midnight_after_date(last),
        "chosen": {column: value for column, value in chosen.items() if value in offered[column]},
    }


def _period(request: DeskRequest) -> str:
    asked = request.GET.get("periodo", "")
    return asked if asked in PERIODS else "mes"


def _tabs(request: DeskRequest) -> list[dict[str, Any]]:
    return [
        {"label": _(label), "url": f"?periodo={key}", "current": key == _period(request)}
        for key, label in PERIODS.items()
    ]


def _filters(request: DeskRequest, policy: AttentionPolicy) -> list[dict[str, Any]]:
    channels = request.profile.section(ChannelsPolicy).channels.values()
    offered: dict[str, tuple[str, Sequence[Any]]] = {
        "stakeholder": (_("Quién"), policy.stakeholders),
        "topic": (_("Qué busca"), policy.topics),
        "channel": (_("Canal"), list(channels)),
    }
    return [
        {
            "column": column,
            "name": COLUMNS[column],
            "label": label,
            "options": [(one.key, one.label) for one in choices],
            "value": request.GET.get(COLUMNS[column], ""),
        }
        for column, (label, choices) in offered.items()
    ]


def _tallies(profile: Profile, counted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each count with its labels; topics also by what they ask for."""
    policy = profile.section(AttentionPolicy)
    label = {
        "stakeholder": lambda key: label_of(policy.stakeholders, key),
        "topic": lambda key: label_of(policy.topics, key),
        "channel": profile.section(ChannelsPolicy).label_of,
    }
    asked = {one.key: one.asks for one in policy.topics}
    kinds = {asks: sum(one.many for one in counted["topic"] if asked.get(one.key) == asks) for asks in ASKS}
    tables = [
        {"title": title, "rows": [(label[column](one.key), one.many) for one in counted[column]]}
        for column, title in (("stakeholder", _("Quién")), ("topic", _("Qué busca")), ("channel", _("Canal")))
    ]
    return [{"title": _("Clase"), "rows": [(_(ASKS[key]), many) for key, many in kinds.items() if many]}, *tables]


def _rows(request: DeskRequest, found: Sequence[Attention]) -> list[Row]:
    """What became a reserved case that this member may not open is counted, and says nothing."""
    numbers = [one.case.filing_number for one in found if one.case]
    kept = numbers_kept_from(org=request.org, viewer=request.actor, numbers=numbers)
    return [_row(one, request.profile, bool(one.case and one.case.filing_number in kept)) for one in found]


def _row(one: Attention, profile: Profile, kept: bool) -> Row:
    policy = profile.section(AttentionPolicy)
    number = one.case.filing_number if one.case else ""
    asks = next((topic.asks for topic in policy.topics if topic.key == one.topic), "")
    return Row(
        at=one.at,
        stakeholder=label_of(policy.stakeholders, one.stakeholder),
        asks=_(ASKS[asks]) if asks else "",
        topic=label_of(policy.topics, one.topic),
        channel=profile.section(ChannelsPolicy).label_of(one.channel),
        note="" if kept else one.note,
        member=one.member.account.name,
        number=_("otro caso") if kept else number,
        url=reverse("desk:attention", args=[one.pk]),
        kept=kept,
    )


def _lines(request: DeskRequest, look: dict[str, Any]) -> Iterator[str]:
    writer = csv.writer(Line())
    heads = (_("Fecha"), _("Quién"), _("Clase"), _("Qué busca"), _("Canal"), _("Nota"), _("Quién atendió"), _("Caso"))
    yield MARK + writer.writerow(heads)
    for batch in _batches(look):
        rows = _rows(request, batch)
        yield "".join(
            writer.writerow([harmless(cell) for cell in (f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}", *row[1:8])])
            for row in rows
        )


def _batches(look: dict[str, Any]) -> Iterator[Sequence[Attention]]:
    after: Place | None = None
    while found := list(attention_list(after=after, limit=BATCH, **look)):
        yield found[:BATCH]
        if len(found) <= BATCH:
            return
        after = Place(found[BATCH - 1].at, found[BATCH - 1].pk)


def _address(request: DeskRequest, name: str, one: Attention) -> str:
    query = _without_place(request)
    query[name] = f"{one.at.isoformat()}_{one.pk}"
    return f"?{query.urlencode()}"


def _without_place(request: DeskRequest) -> QueryDict:
    query = request.GET.copy()
    for gone in ("desde", "hasta"):
        query.pop(gone, None)
    return query
