"""Who may enter a page. Every view says so, and a test walks the addresses to see that it does."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from escucha.kernel.orgs.queries import member_at
from escucha.kernel.timeline.actors import actor_of
from escucha.web.ui.requests import DeskRequest

View = Callable[..., HttpResponseBase]
TOTP = [Authenticator.Type.TOTP]


def public(view: View) -> View:
    """A page of an organisation that anybody may open."""
    view.entry = "public"  # type: ignore[attr-defined]
    return view


def landing(view: View) -> View:
    """A page of the installation, at the hosts that belong to no organisation."""
    view.entry = "landing"  # type: ignore[attr-defined]
    return view


def anywhere(view: View) -> View:
    """A page that answers at every known host."""
    view.entry = "anywhere"  # type: ignore[attr-defined]
    return view


def desk(*acts: str) -> Callable[[View], View]:
    """A page for members who signed in with their second factor and whose roles allow one of the acts, if any is said.

    Decides the page only: what may be done to a case is asked again by its verb.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def enter(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            member = member_at(org=request.org, account=request.user)
            if member is None:
                raise PermissionDenied
            if not is_mfa_enabled(request.user, TOTP):
                return redirect("mfa_activate_totp")
            if _came_by_password_alone(request):
                return _out(request)
            request.member, request.actor = member, actor_of(member, request.profile)
            if acts and not any(map(request.actor.may, acts)):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_store=True)
            return response

        enter.entry = "desk"  # type: ignore[attr-defined]
        return enter

    return guarded


def with_factor(view: View) -> View:
    """A page about the second factor: a session that never showed the account's factor does not get to touch it.

    Who has none yet goes in, since activating one is how it is gained.
    """

    @wraps(view)
    def enter(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and is_mfa_enabled(request.user, TOTP) and _came_by_password_alone(request):
            return _out(request)
        return view(request, *args, **kwargs)

    return enter


def _out(request: DeskRequest) -> HttpResponseBase:
    logout(request)
    return redirect_to_login(request.get_full_path())


def _came_by_password_alone(request: DeskRequest) -> bool:
    """A session opened before the account had its second factor does not gain it when it is activated elsewhere."""
    records = get_authentication_records(request, request.user)
    return bool(records) and not any(record["method"] == "mfa" for record in records)
