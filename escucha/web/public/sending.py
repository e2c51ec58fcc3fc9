"""How a public form is sent: what is wrong comes back with everything that was typed and chosen."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.holders import case_filed_with
from escucha.contexts.documents.operations.refusal import Refused
from escucha.contexts.people.rules import mailbox_of
from escucha.contexts.people.rules.telephones import sms_number
from escucha.web.public.forms import PublicForm
from escucha.web.public.guard import FILINGS, Freely, is_heavy, lets
from escucha.web.public.limits import key_of
from escucha.web.public.papers import Papers, refused_in
from escucha.web.public.question import new_question
from escucha.web.ui.requests import HouseRequest
from escucha.web.ui.uploads import onward

AS_IS = "as_is"  # the button of who sends it without a word


class Sent(NamedTuple):
    """What came of sending: the case, or the form to show again with the files it already has."""

    form: PublicForm
    papers: Papers
    case: Case | None = None


def send(request: HouseRequest, form: PublicForm, make: Callable[[Any, Papers], Case], *, of: Freely = FILINGS) -> Sent:
    """The case that `make` files of a valid form, however often it is sent; or the form with what to put right.

    What came with a form that goes back stays here, so that only what is wrong is chosen again: unless it is too much.
    """
    papers = Papers(request, form)
    if form.is_valid():
        if made := case_filed_with(org=request.org, filing_key=form.filing_key):
            return Sent(form, papers, made)
        papers.look()
    heavy = is_heavy(request, papers.bytes_sent)
    if not form.errors and _is_blank(request, form, papers):
        form.asks_for_words = True
        return Sent(form, papers)
    if not form.errors and not lets(request, form, of=of, heavy=heavy):
        form = form.asking(*new_question(now=request.now))
    if not form.errors:
        try:
            return Sent(form, papers, _made(form, papers, make))
        except Refused as why:
            refused_in(form, papers, why)
    if not heavy:
        papers.hold()
    return Sent(form, papers)


def _is_blank(request: HouseRequest, form: PublicForm, papers: Papers) -> bool:
    """Whether a page of ours came back as it was, by a button that does not say that it is meant so.

    Its person is asked once: nothing is refused, and the same page files it with one press more.
    """
    meant = AS_IS in request.POST or not form.asks_before_blank
    return not meant and bool(form.own_key) and form.says_nothing and not papers.all


def goes_on(request: HouseRequest, address: str, *args: object) -> HttpResponse:
    """On to the page that tells what was done, for who sent with the script and for who did not."""
    return onward(request, redirect(address, *args))  # type: ignore[return-value]  # a redirect is a response


def letter_key(said: dict[str, str]) -> str:
    """Where the acknowledgement goes: the mailbox or, for who left none, the telephone that takes texts."""
    address = mailbox_of(said["email"]) if said.get("email") else ""
    texts = (sms_number(said.get(key, "")) for key in ("phone", "other_phone"))
    goes_to = address or next(filter(None, texts), "")
    return key_of("letter", goes_to) if goes_to else ""


def _made(form: PublicForm, papers: Papers, make: Callable[[Any, Papers], Case]) -> Case:
    case = make(form, papers)
    papers.let_go()
    return case
