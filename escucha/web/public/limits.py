"""How much one visitor may ask. What is kept of who asks is a keyed digest, in which no address can be read."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from escucha.contexts.people.operations.trying import key_of
from escucha.kernel.words import _
from escucha.web.ui.requests import HouseRequest

SITE = 48  # of an IPv6 address: what one subscriber is given at most, of which it makes its own networks
VISITORS_KEPT = 5_000


def visitor_of(request: HttpRequest) -> str:
    """Where a request comes from, as the middleware found it; of IPv6, the network."""
    known = _address(request)
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else str(known)


def site_of(request: HttpRequest) -> str:
    """The IPv6 site around the visitor's network, which holds 65,536 of them; empty for other addresses."""
    known = _address(request)
    return str(ip_network((known, SITE), strict=False)) if isinstance(known, IPv6Address) else ""


def _address(request: HttpRequest) -> object:
    address = request.META.get("REMOTE_ADDR", "")
    try:
        return ip_address(address)
    except ValueError:
        return address


class Window(NamedTuple):
    """When a visitor's count began, and how far it is."""

    since: datetime
    asked: int


class Allowance:
    """So many questions in a span, for each visitor. It spares this process, so it is counted in this process.

    Only the visitors seen last are remembered, so that asking from many addresses fills nothing.
    """

    def __init__(self, most: int, span: timedelta) -> None:
        self.most, self.span = most, span
        self._seen: OrderedDict[str, Window] = OrderedDict()
        self._lock = Lock()

    def take(self, visitor: str, *, now: datetime) -> datetime | None:
        """Count one question. None if it may be asked; else when the next one may."""
        with self._lock:
            before = self._seen.pop(visitor, None)
            fresh = before is None or now - before.since >= self.span
            window = Window(now, 1) if before is None or fresh else Window(before.since, before.asked + 1)
            self._seen[visitor] = window
            while len(self._seen) > VISITORS_KEPT:
                self._seen.popitem(last=False)
        return window.since + self.span if window.asked > self.most else None

    def forget(self) -> None:
        with self._lock:
            self._seen.clear()


RECKONINGS = Allowance(60, timedelta(minutes=1))  # the calculator, for people and for programs
VERIFICATIONS = Allowance(60, timedelta(minutes=1))

View = Callable[..., HttpResponse]


def within(allowance: Allowance, *, as_json: bool = False) -> Callable[[View], View]:
    """A page that each visitor may ask for so often; over it, 429 says when to try again."""

    def limited(view: View) -> View:
        @wraps(view)
        def enter(request: HouseRequest, *args: object, **kwargs: object) -> HttpResponse:
            again_at = allowance.take(key_of("asks", visitor_of(request)), now=request.now)
            if again_at is None:
                return view(request, *args, **kwargs)
            seconds = max(1, ceil((again_at - request.now).total_seconds()))
            response = _too_many_for_programs(seconds) if as_json else _too_many(request, seconds)
            response["Retry-After"] = str(seconds)
            return response

        return enter

    return limited


def _too_many(request: HouseRequest, seconds: int) -> HttpResponse:
    return render(request, "ui/429.html", {"seconds": seconds}, status=429)


def _too_many_for_programs(seconds: int) -> HttpResponse:
    said = _("Fueron muchas preguntas seguidas. Vuelva a intentarlo en {seconds} segundos.").format(seconds=seconds)
    refused = {"id": None, "error": {"key": "question", "message": said}}
    return JsonResponse(refused, status=429, json_dumps_params={"ensure_ascii": False})
