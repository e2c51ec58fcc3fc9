"""Gives every request who asks, its organisation and its moment."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from escucha.kernel.orgs.queries import org_at, profile_of
from escucha.web.ui.requests import HouseRequest


class Proxies:
    """What a request says of its way here is believed of the servers in front (`ESCUCHA_PROXIES`) and of nobody else.

    Behind them `REMOTE_ADDR` is the visitor's: the last hop that is no server of ours. Whoever reaches the port
    without them is who the connection says, over plain HTTP, whatever its headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        hops = meta.pop("HTTP_X_FORWARDED_FOR", "").split(",")
        if _is_proxy(_address(meta.get("REMOTE_ADDR", ""))):
            meta["REMOTE_ADDR"] = _visitor(meta["REMOTE_ADDR"], hops)
        else:
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)


class House:
    """The host, without its port, picks the organisation. A landing host has none; an unknown one is not found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HouseRequest) -> HttpResponse:
        host = _without_port(request.get_host())
        request.now = timezone.now()
        org = None if _is_landing(host) else org_at(host, at=request.now)
        request.is_known = org is not None or _is_landing(host)
        request.org = org  # type: ignore[assignment]  # no page of an organisation is reached without one
        if org is None:
            return self.get_response(request)
        request.profile = profile_of(org, at=request.now)
        with timezone.override(request.profile.zone):
            return self.get_response(request)

    def process_view(self, request: HouseRequest, view: object, args: object, kwargs: object) -> None:
        """A page of the installation is not found at an organisation's host, nor the other way round."""
        entry = getattr(view, "entry", "")
        fits = entry == "anywhere" or (entry == "landing") == (request.org is None)
        if not (request.is_known and fits):
            raise Http404


def _visitor(nearest: str, hops: Sequence[str]) -> str:
    """The last hop that is not a proxy; where one cannot be read, the one before it, which said so."""
    for hop in reversed(hops):
        address = _address(hop.strip())
        if address is None:
            break
        nearest = str(address)
        if not _is_proxy(address):
            break
    return nearest


def _is_proxy(address: IPv4Address | IPv6Address | None) -> bool:
    return address is not None and any(address in network for network in settings.PROXIES)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address  # a socket of both kinds says ::ffff:127.0.0.1


def _without_port(host: str) -> str:
    return host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _is_landing(host: str) -> bool:
    if host in settings.LANDING_HOSTS:
        return True
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
