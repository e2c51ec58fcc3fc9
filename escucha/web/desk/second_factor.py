"""A member's second factor: activating it, replacing it by another, and the codes for the day the telephone is lost.

It is never just taken away: the old one works until the new one has proved itself.
"""

from itertools import batched
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from escucha.kernel.orgs.operations import end_sessions
from escucha.web.desk.signing_in import ONWARD
from escucha.web.ui.access import TOTP


@method_decorator(never_cache, name="dispatch")
class Activation(ActivateTOTPView):
    """The secret as a drawing and as text; it counts from the first right code on."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_mfa_enabled(request.user, TOTP):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"secret": secret, "spelled": " ".join("".join(group) for group in batched(secret, 4))}

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes")

    def form_valid(self, form: Any) -> HttpResponse:
        """Every other session of the account ends: one that somebody opened by password alone would gain the factor."""
        response = super().form_valid(form)
        end_sessions(account=self.request.user)
        update_session_auth_hash(self.request, self.request.user)
        record_authentication(self.request, self.request.user, "mfa", type=Authenticator.Type.TOTP)
        return response


@method_decorator(never_cache, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class Replacement(Activation):
    """Another telephone: the new secret takes the place of the old one, and of its backup codes, in one act."""

    template_name = "mfa/totp/replacement.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_mfa_enabled(request.user, TOTP):
            return redirect("mfa_activate_totp")
        return FormView.dispatch(self, request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        delete_and_cleanup(self.request, self.request.user.authenticator_set.get(type=Authenticator.Type.TOTP))
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class BackupCodes(ViewRecoveryCodesView):
    """The codes, shown once; and the way on, to where the member was going."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"onward": self.request.session.get(ONWARD, settings.LOGIN_REDIRECT_URL)}


activation = Activation.as_view()
replacement = Replacement.as_view()
backup_codes = BackupCodes.as_view()
