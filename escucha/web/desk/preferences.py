"""What a member chooses about how the desk behaves for them alone."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from escucha.kernel.orgs.operations import set_keys
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest


@require_POST
@desk()
def keys(request: DeskRequest) -> HttpResponse:
    """Single keys act or are silent (WCAG 2.1.4), from the page that asked on."""
    set_keys(member=request.member, off=request.POST.get("keys") == "off")
    onward = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(onward, allowed_hosts=None, require_https=request.is_secure())
    return redirect(onward if ours else reverse("desk:today"))
