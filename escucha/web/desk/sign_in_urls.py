"""Where staff sign in. The names are those that allauth looks for; the addresses are ours.

Signing up has a name, since allauth asks for it, and no page: accounts are made by the organisation.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from escucha.web.desk import signing_in
from escucha.web.ui.access import public

urlpatterns = [
    path("entrar/", public(account.login), name="account_login"),
    path("salir/", public(signing_in.leaving), name="account_logout"),
    path("cuenta-inactiva/", public(account.account_inactive), name="account_inactive"),
    path("cuenta-nueva/", public(signing_in.closed), name="account_signup"),
    path("confirmacion/", public(account.reauthenticate), name="account_reauthenticate"),
    path("clave/", public(account.password_reset), name="account_reset_password"),
    path("clave/enviada/", public(account.password_reset_done), name="account_reset_password_done"),
    path(
        "clave/nueva/<str:uidb36>-<path:key>/",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "clave/cambiada/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("segundo-factor/", public(factor.index), name="mfa_index"),
    path("segundo-factor/codigo/", public(factor.authenticate), name="mfa_authenticate"),
    path("segundo-factor/confirmacion/", public(factor.reauthenticate), name="mfa_reauthenticate"),
    path("segundo-factor/activacion/", public(totp.activate_totp), name="mfa_activate_totp"),
    path("segundo-factor/reemplazo/", public(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("segundo-factor/respaldo/", public(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("segundo-factor/respaldo/nuevos/", public(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("segundo-factor/respaldo/archivo/", public(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
