"""The second factor of an account: given from a known secret, and the code it shows at a moment (RFC 6238)."""

import base64
import hashlib
import hmac
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings

from escucha.kernel.orgs.models import Account

PERIOD = 30  # seconds


def give_second_factor(account: Account, *, secret: str) -> None:
    """The account signs in with the codes of this secret (base32). One that has a second factor keeps it."""
    if not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(account, secret)


def code_now(secret: str, *, at: datetime) -> str:
    """The six digits that the secret shows at a moment."""
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // PERIOD)))


def sample_secret(email: str) -> str:
    """The secret of a sample account: each installation has its own, and can show its codes."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"sample:{email}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()
