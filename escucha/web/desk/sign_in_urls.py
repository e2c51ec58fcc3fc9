"""Where staff sign in. The names are those that allauth looks for; the addresses are ours.

Signing up has a name, since allauth asks for it, and no page: accounts are made by the organisation.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from django.urls import path, re_path

from escucha.web.desk import second_factor, signing_in
from escucha.web.ui.access import public, with_factor

urlpatterns = [
    path("entrar/", public(account.login), name="account_login"),
    path("salir/", public(signing_in.leaving), name="account_logout"),
    path("cuenta-inactiva/", public(account.account_inactive), name="account_inactive"),
    path("cuenta-nueva/", public(signing_in.closed), name="account_signup"),
    path("confirmacion/", public(account.reauthenticate), name="account_reauthenticate"),
    path("clave/", public(account.password_reset), name="account_reset_password"),
    path("clave/enviada/", public(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^clave/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        public(account.PasswordResetFromKeyView.as_view(reset_url_key="cambio")),
        name="account_reset_password_from_key",
    ),
    path(
        "clave/cambiada/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("segundo-factor/", public(with_factor(factor.index)), name="mfa_index"),
    path("segundo-factor/codigo/", public(factor.authenticate), name="mfa_authenticate"),
    path("segundo-factor/confirmacion/", public(factor.reauthenticate), name="mfa_reauthenticate"),
    path("segundo-factor/activacion/", public(with_factor(second_factor.activation)), name="mfa_activate_totp"),
    path("segundo-factor/reemplazo/", public(with_factor(second_factor.replacement)), name="mfa_deactivate_totp"),
    path("segundo-factor/respaldo/", public(with_factor(second_factor.backup_codes)), name="mfa_view_recovery_codes"),
    path(
        "segundo-factor/respaldo/nuevos/",
        public(with_factor(codes.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
]
