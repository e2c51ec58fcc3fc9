"""How a public form is sent: what is wrong comes back with everything that was typed and chosen, and nothing is lost."""

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.holders import case_filed_with
from escucha.contexts.documents.operations.refusal import Refused
from escucha.contexts.people.rules import mailbox_of
from escucha.contexts.people.rules.telephones import sms_number
from escucha.web.public.forms import PublicForm
from escucha.web.public.guard import FILINGS, Freely, lets, lets_hold
from escucha.web.public.limits import key_of
from escucha.web.public.papers import Papers, refused_in
from escucha.web.public.question import new_question
from escucha.web.ui.requests import HouseRequest
from escucha.web.ui.uploads import onward

SEEN = "receipts"


class Sent(NamedTuple):
    """What came of sending: the case, or the form to show again with the files it already has."""

    form: PublicForm
    papers: Papers
    case: Case | None = None


def send(request: HouseRequest, form: PublicForm, make: Callable[[PublicForm, Papers], Case]) -> Sent:
    """The case that `make` files of a valid form, however often it is sent; or the form with what to put right."""
    papers = Papers(request, form)
    if form.is_valid():
        if made := case_filed_with(org=request.org, filing_key=form.filing_key):
            return Sent(form, papers, made)
        papers.look()
    if form.errors:
        return _back(request, form, papers)
    if not lets(request, form, bytes_sent=papers.bytes_sent):
        return _asked(request, form, papers)
    try:
        case = make(form, papers)
    except Refused as why:
        refused_in(form, papers.names, why)
        return _back(request, form, papers)
    papers.let_go()
    return Sent(form, papers, case)


def goes_on(request: HouseRequest, address: str, *args: object) -> HttpResponse:
    """On to the page that tells what was done, for who sent with the script and for who did not."""
    return onward(request, redirect(address, *args))  # type: ignore[return-value]


def letter_key(said: dict[str, str]) -> str:
    """Where the acknowledgement goes: the mailbox or, for who left none, the telephone that takes texts."""
    address = mailbox_of(said["email"]) if said.get("email") else ""
    texts = (sms_number(said.get(key, "")) for key in ("phone", "other_phone"))
    goes_to = address or next(filter(None, texts), "")
    return key_of("letter", goes_to) if goes_to else ""


def _back(request: HouseRequest, form: PublicForm, papers: Papers) -> Sent:
    """What came with it stays here, so that only what is wrong is chosen again."""
    if lets_hold(request, papers.bytes_sent):
        papers.hold()
    return Sent(form, papers)


def _asked(request: HouseRequest, form: PublicForm, papers: Papers) -> Sent:
    """The same with a question. Files are held where they are not what is too much."""
    return _back(request, form.asking(*new_question(now=request.now)), papers)


__all__ = ["FILINGS", "Freely", "Sent", "goes_on", "letter_key", "send"]
