"""Correos: every message with what became of it. Those of sample organisations never left."""

from collections.abc import Collection, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from escucha.contexts.cases.notices import JOINED
from escucha.contexts.cases.queries.doors import cases_by_subject, numbers_kept_from, subjects_kept_from, subjects_seen
from escucha.contexts.cases.rules.numbers import numbers_in
from escucha.contexts.cases.rules.reserve import MASKED
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.queries import body_for_staff, kept_message, kept_messages, receipts_of
from escucha.web.desk.message_words import address_of, channel_of, state_of, status_in_words, title_of, why_of
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LIMIT = 30
FAILED = "fallidos"


@desk("messages.see")
def messages(request: DeskRequest) -> HttpResponse:
    before, failed = request.GET.get("antes", ""), request.GET.get("ver", "") == FAILED
    found = kept_messages(
        org=request.org,
        viewer=request.actor,
        **_doors(request),
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
        failed=failed,
        limit=LIMIT + 1,
    )
    page = found[:LIMIT]
    kept, unsaid = _to_somebody_kept(request, page), _numbers_unsaid(request, page)
    sample = request.profile.identity.sample
    only = f"ver={FAILED}" if failed else ""
    shown = {
        "rows": [_row(one, is_kept=one.pk in kept, sample=sample, unsaid=unsaid) for one in page],
        "next": f"?{only}{'&' if only else ''}antes={page[-1].pk}" if len(found) > LIMIT else "",
        "previous": f"{request.path}{'?' if only else ''}{only}" if before else "",
        "is_sample": request.profile.identity.sample,
        "views": [
            {"label": _("Todos"), "url": request.path, "current": not failed},
            {"label": _("No llegaron"), "url": f"?ver={FAILED}", "current": failed},
        ],
        "failed": failed,
    }
    return render(request, "desk/messages/list.html", shown)


@desk("messages.see")
def message(request: DeskRequest, message_id: int) -> HttpResponse:
    """A letter, if it is about something that who asks may see; else the page is not found."""
    found = kept_message(org=request.org, viewer=request.actor, **_doors(request), message_id=message_id)
    if found is None:
        raise Http404
    kept = bool(_to_somebody_kept(request, [found]))
    body, unsaid = body_for_staff(found, sample=request.profile.identity.sample), _numbers_unsaid(request, [found])
    shown = _row(found, is_kept=kept, sample=request.profile.identity.sample, unsaid=unsaid) | {
        "why": why_of(found),
        "body": "" if kept else _without(body, unsaid),
        "is_kept": kept,
        "is_masked": body != found.body,
        "receipts": [(one.at, status_in_words(one.status)) for one in receipts_of(found)],
    }
    return render(request, "desk/messages/show.html", shown)


def _row(one: Message, *, is_kept: bool, sample: bool, unsaid: Collection[str]) -> dict[str, Any]:
    """A message as the pages name it. Neither address nor words of who asked not to be known."""
    body = "" if is_kept else body_for_staff(one, sample=sample)
    return {
        "message": one,
        "title": _without(title_of(one, body=body), unsaid) or _("Mensaje de texto"),
        "to": _(MASKED) if is_kept else address_of(one),
        "state": state_of(one),
        "channel": channel_of(one),
        "failed": one.state == Message.State.FAILED,
    }


def _doors(request: DeskRequest) -> dict[str, Any]:
    """What a viewer reads of: the cases it sees; who sees everything, all but the reserved ones of others."""
    seen: dict[str, Any] = {"org": request.org, "viewer": request.actor}
    return {"about": subjects_seen(**seen), "kept_from": subjects_kept_from(**seen)}


def _to_somebody_kept(request: DeskRequest, page: Sequence[Message]) -> set[int]:
    """The letters to people who asked not to be known. Their address would say who they are."""
    to_people = [one for one in page if one.person_id]
    cases = cases_by_subject(org=request.org, viewer=request.actor, subjects={one.subject for one in to_people})
    return {one.pk for one in to_people if one.subject in cases and cases[one.subject].identity_reserved}


def _numbers_unsaid(request: DeskRequest, page: Sequence[Message]) -> Collection[str]:
    """The numbers of reserved cases in letters about others, to which they were joined once."""
    numbers = numbers_in("\n".join(f"{one.title}\n{one.body}" for one in page if one.template == JOINED))
    return numbers_kept_from(org=request.org, viewer=request.actor, numbers=numbers)


def _without(text: str, unsaid: Collection[str]) -> str:
    for number in unsaid:
        text = text.replace(number, _("otro caso"))
    return text
