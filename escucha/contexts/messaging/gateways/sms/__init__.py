"""The ways out by text message: one small interface, one file for each gateway, and the table of both."""

from collections.abc import Mapping
from typing import cast

from django.conf import settings

from escucha.contexts.messaging.gateways.sms import telnyx, twilio
from escucha.contexts.messaging.gateways.sms.interface import Account, Gateway

TABLE: Mapping[str, Gateway] = {"twilio": cast(Gateway, twilio), "telnyx": cast(Gateway, telnyx)}


def gateway_named(key: str) -> Gateway | None:
    return TABLE.get(key)


def account_of(slug: str, *, gateway: str) -> Account | None:
    """What an organisation has with a gateway, from the environment; None where it says nothing, or names another."""
    key, _colon, rest = str(settings.SMS_ACCOUNTS.get(slug, "")).partition(":")
    user, _colon, secret = rest.partition(":")
    if key != gateway or key not in TABLE or not user or not secret:
        return None
    return Account(gateway=key, user=user, secret=secret, address=settings.SMS_ADDRESSES[key])
