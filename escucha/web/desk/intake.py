"""Entradas: the intake ledger, the tray of what is in doubt, one entry with what can be done, and the balance."""

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import NoSuchCase, cases_by_subject, subjects_kept_from
from escucha.contexts.cases.rules.numbers import readings
from escucha.contexts.cases.rules.reserve import MASKED
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.rules.naming import safe_name
from escucha.contexts.documents.rules.sniffing import kind_of
from escucha.contexts.documents.rules.taking import left_out_in_words, megabytes, why_left_out
from escucha.contexts.messaging.models import Arrival, MailboxBalance
from escucha.contexts.messaging.operations.settling import Refused, discard_mail, release_mail, restore_mail
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.contexts.messaging.queries.arrivals import (
    COUNTED,
    EMAIL,
    NoSuchArrival,
    arrival_by_id,
    arrivals,
    balances,
    mailbox_alarms,
    review_count,
    to_review,
)
from escucha.contexts.messaging.rules.intake import DISCARDED, DISCARDS, in_words
from escucha.contexts.messaging.rules.mail import Mail
from escucha.flows.arrived_mail_is_reviewed import add_reviewed_mail, file_reviewed_mail, matches_of, said_in
from escucha.kernel.words import Saying
from escucha.web.ui.access import desk
from escucha.web.ui.downloads import download_kept
from escucha.web.ui.requests import DeskRequest

REVIEW = "intake.review"
LIMIT = 40
STATES = {
    "received": _("Por leer"),
    "parsed": _("Por radicar"),
    "filed": _("En un caso"),
    "parked": _("Por revisar"),
    "duplicate": _("Repetida"),
}
DISCARDED_STATE = _("Descartada")
FROM_PROGRAMS = "programas"


class Row(NamedTuple):
    """An entry as the pages name it."""

    entry: Arrival
    state: str
    why: str
    sender: str
    title: str
    mailbox: str
    case: Case | None
    is_kept: bool  # its person asked not to be known

    @property
    def is_letter(self) -> bool:
        return self.entry.channel == EMAIL

    @property
    def is_discarded(self) -> bool:
        return self.entry.reason.startswith(DISCARDED)


@require_safe
@desk(REVIEW)
def intake(request: DeskRequest) -> HttpResponse:
    """The ledger, newest first."""
    state = _known(request.GET.get("estado", ""), STATES)
    mailbox = _known(request.GET.get("buzon", ""), request.profile.section(MailboxesPolicy).boxes)
    before = _number(request.GET.get("antes", ""))
    found = arrivals(
        org=request.org,
        viewer=request.actor,
        kept_from=subjects_kept_from(org=request.org, viewer=request.actor),
        state=state,
        mailbox=mailbox,
        before=before,
        limit=LIMIT + 1,
    )
    chosen = urlencode({name: value for name, value in (("estado", state), ("buzon", mailbox)) if value})
    shown = {
        "rows": _rows(request, found[:LIMIT]),
        "tabs": _tabs(request, "intake"),
        "filters": _filters(request, state, mailbox),
        "next": _onward(f"antes={found[LIMIT - 1].pk}", chosen) if len(found) > LIMIT else "",
        "previous": f"{request.path}{'?' if chosen else ''}{chosen}" if before else "",
        "alarms": mailbox_alarms(org=request.org, profile=request.profile, now=request.now),
    }
    return render(request, "desk/intake/ledger.html", shown)


@require_safe
@desk(REVIEW)
def review(request: DeskRequest) -> HttpResponse:
    """What waits for somebody, the oldest first: from people or, in its own view, from programs."""
    programs, after = request.GET.get("de", "") == FROM_PROGRAMS, _number(request.GET.get("despues", ""))
    found = to_review(
        org=request.org,
        viewer=request.actor,
        kept_from=subjects_kept_from(org=request.org, viewer=request.actor),
        automatic=programs,
        after=after,
        limit=LIMIT + 1,
    )
    chosen = f"de={FROM_PROGRAMS}" if programs else ""
    shown = {
        "rows": _rows(request, found[:LIMIT]),
        "tabs": _tabs(request, "programs" if programs else "review"),
        "programs": programs,
        "next": _onward(f"despues={found[LIMIT - 1].pk}", chosen) if len(found) > LIMIT else "",
        "previous": f"{request.path}{'?' if chosen else ''}{chosen}" if after else "",
    }
    return render(request, "desk/intake/review.html", shown)


@require_safe
@desk(REVIEW)
def balance(request: DeskRequest) -> HttpResponse:
    """What each mailbox held each day, against the ledger."""
    boxes = request.profile.section(MailboxesPolicy).boxes
    found = balances(org=request.org, viewer=request.actor)
    shown = {
        "rows": [(one, _label(boxes, one.mailbox), _settled(one)) for one in found],
        "tabs": _tabs(request, "balance"),
        "alarms": mailbox_alarms(org=request.org, profile=request.profile, now=request.now),
    }
    return render(request, "desk/intake/balance.html", shown)


@require_safe
@desk(REVIEW)
def entry(request: DeskRequest, arrival_id: int) -> HttpResponse:
    return _page(request, _found(request, arrival_id))


@require_safe
@desk(REVIEW)
def raw(request: DeskRequest, arrival_id: int) -> HttpResponseBase:
    """The message byte for byte, to be saved."""
    arrival = _found(request, arrival_id)
    [row] = _rows(request, [arrival])
    if arrival.file is None or row.is_kept:
        raise Http404
    return download_kept(arrival.file)


def _act(do: Callable[[DeskRequest, int], HttpResponse]) -> Any:
    """A POST on an entry. A refusal comes back to its page, and says why."""

    @require_POST
    @desk(REVIEW)
    @wraps(do)
    def view(request: DeskRequest, arrival_id: int) -> HttpResponse:
        arrival = _found(request, arrival_id)
        try:
            return do(request, arrival_id)
        except Refused as refused:
            return _page(request, arrival, problem=[str(_(one)) for one in refused.blockers], status=409)

    return view


@_act
def filing(request: DeskRequest, arrival_id: int) -> HttpResponse:
    case = file_reviewed_mail(arrival_id=arrival_id, **_acting(request))
    messages.success(request, _("Quedó radicada con el número {number}.").format(number=case.filing_number))
    return redirect("desk:case", number=case.filing_number)


@_act
def joining(request: DeskRequest, arrival_id: int) -> HttpResponse:
    """The entry as a word about the case whose number was chosen or typed."""
    typed = request.POST.get("number", "").strip()
    found = readings(typed, series=request.profile.section(CasesPolicy).series, year=request.now.year)
    number = found[0].number if found else typed
    try:
        case = add_reviewed_mail(arrival_id=arrival_id, number=number, **_acting(request))
    except NoSuchCase:
        words = _("No encontramos el caso «{number}». Escriba el número como está en el recibo.")
        arrival, problem = _found(request, arrival_id), [words.format(number=typed)]
        return _page(request, arrival, problem=problem, typed=typed, status=422)
    messages.success(request, _("Quedó en el caso {number}.").format(number=case.filing_number))
    return redirect("desk:case", number=case.filing_number)


@_act
def discarding(request: DeskRequest, arrival_id: int) -> HttpResponse:
    discard_mail(arrival_id=arrival_id, why=request.POST.get("why", ""), **_acting(request))
    messages.success(request, _("Quedó descartada. Puede traerla de vuelta desde su página."))
    return redirect("desk:intake_review")


@_act
def restoring(request: DeskRequest, arrival_id: int) -> HttpResponse:
    restore_mail(arrival_id=arrival_id, **_acting(request))
    return redirect("desk:intake_entry", arrival_id=arrival_id)


@_act
def reading(request: DeskRequest, arrival_id: int) -> HttpResponse:
    release_mail(arrival_id=arrival_id, **_acting(request))
    messages.success(request, _("La leeremos otra vez en unos segundos."))
    return redirect("desk:intake_entry", arrival_id=arrival_id)


def _page(
    request: DeskRequest, arrival: Arrival, *, problem: Sequence[str] = (), typed: str = "", status: int = 200
) -> HttpResponse:
    [row] = _rows(request, [arrival])
    waits = arrival.state == Arrival.State.PARKED and arrival.settled_by_id is None
    mail = None if row.is_kept else _mail(arrival)
    found: dict[str, Any] = {"org": request.org, "viewer": request.actor, "arrival": arrival, "now": request.now}
    shown = {
        "row": row,
        "mail": mail,
        "brought": _brought(request, mail) if mail and row.is_letter else [],
        "waits": waits,
        "matches": matches_of(mail=mail, **found) if waits and mail else [],
        "discards": [(key, _(label)) for key, label in DISCARDS.items()],
        "problem": problem,
        "typed": typed,
    }
    return render(request, "desk/intake/entry.html", shown, status=status)


def _brought(request: DeskRequest, mail: Mail) -> list[tuple[str, str, Saying | None]]:
    """What a letter brings: its name, its size, and why it would not be taken where it would not."""
    policy, found = request.profile.section(DocumentsPolicy), []
    for place, one in enumerate(mail.attachments, 1):
        kind, size = kind_of(BytesIO(one.content)), len(one.content)
        why = why_left_out(kind=kind, said=one.name, size=size, place=place, policy=policy)
        found.append((safe_name(one.name), megabytes(size), left_out_in_words(why, policy) if why else None))
    return found


def _mail(arrival: Arrival) -> Mail | None:
    """What the entry says; nothing where it is too large to be read here, or its bytes are away."""
    if arrival.reason == "too_big":
        return None
    try:
        return said_in(arrival)
    except OSError:
        return None


def _acting(request: DeskRequest) -> dict[str, Any]:
    return {"org": request.org, "by": request.actor, "now": request.now}


def _found(request: DeskRequest, arrival_id: int) -> Arrival:
    kept_from = subjects_kept_from(org=request.org, viewer=request.actor)
    try:
        return arrival_by_id(org=request.org, viewer=request.actor, arrival_id=arrival_id, kept_from=kept_from)
    except NoSuchArrival:
        raise Http404 from None


def _rows(request: DeskRequest, page: Sequence[Arrival]) -> list[Row]:
    boxes = request.profile.section(MailboxesPolicy).boxes
    subjects = {one.first.subject for one in page if one.first.subject}
    cases = cases_by_subject(org=request.org, viewer=request.actor, subjects=subjects) if subjects else {}
    return [_row(one, boxes, cases.get(one.first.subject)) for one in page]


def _row(one: Arrival, boxes: Any, case: Case | None) -> Row:
    """`case` is that of the entry or, of what came twice, of what came first: only there is it told."""
    said = one if one.parsed_at else one.first
    kept = bool(case and case.identity_reserved)
    state = DISCARDED_STATE if one.reason.startswith(DISCARDED) else STATES[one.state]
    return Row(
        entry=one,
        state=str(_(state)),
        why=str(_(in_words(one.reason))) if one.reason else "",
        sender=str(_(MASKED)) if kept else (said.sender_name or said.sender),
        title=said.title or " ".join(said.body.split())[:80] or str(_("Sin asunto")),
        mailbox=_label(boxes, one.mailbox),
        case=case if one.subject else None,
        is_kept=kept,
    )


def _label(boxes: Any, key: str) -> str:
    return boxes[key].label if key in boxes else str(_("Mensajes de texto"))


def _settled(one: MailboxBalance) -> int:
    return one.received + one.parsed + one.filed + one.parked + one.duplicate


def _tabs(request: DeskRequest, current: str) -> list[dict[str, Any]]:
    people = review_count(org=request.org, viewer=request.actor)
    programs = review_count(org=request.org, viewer=request.actor, automatic=True)
    tray = reverse("desk:intake_review")
    tabs = {
        "intake": (_("Todas"), reverse("desk:intake"), None),
        "review": (_("Por revisar"), tray, people),
        "programs": (_("De programas"), f"{tray}?de={FROM_PROGRAMS}", programs),
        "balance": (_("Cuadre"), reverse("desk:intake_balance"), None),
    }
    return [
        {"label": label, "url": url, "count": _counted(count), "current": key == current}
        for key, (label, url, count) in tabs.items()
    ]


def _counted(count: int | None) -> int | str | None:
    return _("más de {most}").format(most=COUNTED) if count and count > COUNTED else count or None


def _filters(request: DeskRequest, state: str, mailbox: str) -> list[dict[str, Any]]:
    boxes = request.profile.section(MailboxesPolicy).boxes.values()
    states = [(key, _(said)) for key, said in STATES.items()]
    return [
        {"label": _("Qué pasó"), "name": "estado", "value": state, "options": states},
        {"label": _("Buzón"), "name": "buzon", "value": mailbox, "options": [(box.key, box.label) for box in boxes]},
    ]


def _known(said: str, names: Collection[str]) -> str:
    return said if said in names else ""


def _onward(place: str, chosen: str) -> str:
    return f"?{chosen}{'&' if chosen else ''}{place}"


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else None
