"""Staff sign in: e-mail and password at their organisation's address, then the code of their telephone.

allauth keeps the steps; here is what this house asks of it. Citizens never sign in.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account import views as account_views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from escucha.contexts.messaging.operations.delivering import send_later
from escucha.kernel.orgs.models import Account
from escucha.kernel.orgs.queries import has_second_factor, member_at
from escucha.web.ui.requests import HouseRequest

ONWARD = "onward"  # of the session: where somebody was going who had to activate the second factor first
RESET = "password_reset"
RESET_TEXT = _(
    """Asunto: Cambio de su clave

Alguien pidió cambiar la clave de su cuenta en {organisation}.

Si fue usted, abra este enlace y escriba la clave nueva:
{reset_url}

El enlace sirve una sola vez y durante dos horas. Si no fue usted, no haga nada: su clave sigue igual."""
)

leaving = require_POST(account_views.logout)


def closed(request: HouseRequest) -> HttpResponse:
    """Accounts are made by the organisation: there is no page where one signs up."""
    raise Http404


def too_many(request: HouseRequest) -> HttpResponse:
    """Too many tries from one address of the network."""
    return render(request, "account/too_many.html", status=429)


class StaffOnly(DefaultAccountAdapter):
    """Who may come in, where they go next, and how the only letter of an account is sent."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("El correo o la clave no son correctos. Revíselos y vuelva a intentar."),
        "incorrect_password": _("Esa no es su clave. Escríbala otra vez."),
        "too_many_login_attempts": _("Hubo demasiados intentos fallidos. Espere cinco minutos y vuelva a intentar."),
        "rate_limited": _("Hubo demasiados intentos. Espere cinco minutos y vuelva a intentar."),
        "invalid_password_reset": _("Este enlace ya no sirve. Pida otro."),
    }

    def is_open_for_signup(self, request: HouseRequest) -> bool:
        return False

    def add_message(self, request: HouseRequest, level: int, *args: Any, message: str = "", **kwargs: Any) -> None:
        """Only what is said in words of our own: the page that follows already shows that a step went well."""
        if message:
            messages.add_message(request, level, message)

    def pre_login(self, request: HouseRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """After a right password: nobody goes on at an organisation where they do not work."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is None and member_at(org=request.org, account=user) is None:
            clear_login(request)
            said = gettext("Esta cuenta no pertenece a %(org)s. Entre por la dirección de su organización.")
            messages.error(request, said % {"org": request.profile.identity.name})
            return redirect("account_login")
        return refused

    def post_login(self, request: HouseRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Where they were going; by way of the second factor, for who has none yet."""
        response = super().post_login(request, user, **kwargs)
        if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            return response
        request.session[ONWARD] = response.headers["Location"]
        return redirect("mfa_activate_totp")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for who has just signed in: the password was asked a moment ago."""
        request = self.request
        said = get_authentication_records(request, request.user)
        return not said or request.now.timestamp() - said[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the organisation's own host, whatever the request called it."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return str(settings.ADDRESS).format(host=self.request.org.host) + path

    def send_password_reset_mail(self, user: Account, email: str, context: dict[str, Any]) -> None:
        """To members only: at another organisation's address the same page is shown and nothing is written."""
        org, now = self.request.org, self.request.now
        if member_at(org=org, account=user):
            values = {"name": user.name, "reset_url": context["password_reset_url"]}
            subject, text = f"account:{user.pk}", str(RESET_TEXT)
            send_later(org=org, to=user.email, subject=subject, template=RESET, values=values, now=now, otherwise=text)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotImplementedError(f"{template_prefix}: every message leaves through messaging")


class SecondFactor(DefaultMFAAdapter):
    """Keeps secrets unreadable without the installation's own, and draws them for the telephone."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Ese código no sirve. Escriba el que su aplicación muestra ahora."),
        "used_code": _("Ese código ya se usó. Espere a que su aplicación muestre el siguiente."),
    }

    def get_totp_issuer(self) -> str:
        return f"Escucha · {current.request.profile.identity.name}"

    def build_totp_svg(self, url: str) -> str:
        """An inline drawing without any style, as the content policy asks."""
        drawn: str = segno.make(url, error="m").svg_inline(
            scale=4, border=4, dark="black", light="white", svgclass=None, lineclass=None
        )
        return drawn

    def is_mfa_enabled(self, user: Account, types: Sequence[str] | None = None) -> bool:
        """Asked for every page of the desk, always of the same kinds."""
        return not user.is_anonymous and has_second_factor(user, kinds=None if types is None else tuple(types))

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    secrets = [str(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [sha256(f"second factor:{secret}".encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
