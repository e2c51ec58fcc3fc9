"""What a person says about itself: never refused, only read, made comparable and doubted aloud."""

from escucha.contexts.people.rules.colombia import DOCUMENT_KINDS
from escucha.contexts.people.rules.recognising import TRY_WINDOW, document_key, mailbox_of
from escucha.contexts.people.rules.telephones import phone_key

__all__ = ["DOCUMENT_KINDS", "TRY_WINDOW", "document_key", "mailbox_of", "phone_key"]
