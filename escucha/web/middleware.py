"""Gives every request its organisation and its moment."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from escucha.kernel.orgs.queries import org_at, profile_of
from escucha.web.ui.requests import HouseRequest


class House:
    """The host, without its port, picks the organisation. A landing host has none; an unknown one is not found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HouseRequest) -> HttpResponse:
        host = _without_port(request.get_host())
        request.now = timezone.now()
        org = None if _is_landing(host) else org_at(host)
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
