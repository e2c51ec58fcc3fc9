"""allauth's forms in our words: visible labels and no examples inside the boxes, since those vanish on typing."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

EMAIL = (_("Correo electrónico"), _("El de su trabajo, con el que le crearon la cuenta."))
PASSWORD = (_("Clave"), "")
CODE = (_("Código"), _("Los seis números que muestra su aplicación, o uno de sus códigos de respaldo."))
CODE_LIVES = 120  # seconds: the step in force and one on each side


class _InOurWords:
    said: dict[str, tuple[Any, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.said.items():
            field = self.fields[name]  # type: ignore[attr-defined]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)


class _OnceOnly:
    """A code that opened a door does not open another one: who reads it over a shoulder comes too late."""

    def clean_code(self) -> str:
        digits = "".join(sign for sign in self.cleaned_data["code"] if sign.isdigit())  # type: ignore[attr-defined]
        used = f"second-factor:{self.user.pk}:{digits}"  # type: ignore[attr-defined]
        if cache.get(used):
            raise get_adapter().validation_error("used_code")
        code: str = super().clean_code()  # type: ignore[misc]
        if not cache.add(used, True, CODE_LIVES):
            raise get_adapter().validation_error("used_code")
        return code


class Entering(_InOurWords, LoginForm):
    said = {"login": EMAIL, "password": PASSWORD}


class AskingForReset(_InOurWords, ResetPasswordForm):
    said = {"email": EMAIL}


class Resetting(_InOurWords, ResetPasswordKeyForm):
    said = {
        "password1": (_("Clave nueva"), _("Doce caracteres o más. Una frase que solo usted diría es buena clave.")),
        "password2": (_("Clave nueva, otra vez"), ""),
    }


class Confirming(_InOurWords, ReauthenticateForm):
    said = {"password": PASSWORD}


class EnteringCode(_InOurWords, _OnceOnly, AuthenticateForm):
    said = {"code": CODE}


class ConfirmingCode(_InOurWords, _OnceOnly, CodeAgainForm):
    said = {"code": CODE}


class Activating(_InOurWords, ActivateTOTPForm):
    said = {"code": (_("Código"), _("Los seis números que muestra la aplicación ahora."))}
