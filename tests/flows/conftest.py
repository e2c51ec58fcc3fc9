"""Organisations whose texts really leave, for the sentences that begin with one."""

from tests.contexts.messaging.sms.conftest import gateway, stand_in, texting

__all__ = ["gateway", "stand_in", "texting"]
