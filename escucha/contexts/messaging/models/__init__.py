"""The tables of messaging: what leaves, what is said by telephone, and what arrives."""

from escucha.contexts.messaging.models.inbox import Arrival, MailboxBalance
from escucha.contexts.messaging.models.outbox import Call, Message, Receipt
from escucha.contexts.messaging.models.texts import OptOut, TextDay

__all__ = ["Arrival", "Call", "MailboxBalance", "Message", "OptOut", "Receipt", "TextDay"]
