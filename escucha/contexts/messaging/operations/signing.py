"""The keys of our signatures on letters, made from the installation's secret, and what each letter carries of them."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.contexts.messaging.rules.signatures import SUBJECT, reference_of, reply_address, reply_token
from escucha.kernel.profiles.loader import Profile

SALT = "escucha.messaging.reply"


class Marks(NamedTuple):
    """What a letter leaves with: how it is called, and where an answer to it goes."""

    reference: str
    reply_to: str = ""


def keys() -> Sequence[bytes]:
    """The key that signs, then those of before, by which what was signed with them is still known."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(SALT, "key", secret=secret, algorithm="sha256").digest() for secret in secrets if secret]


def marks_of(message: Message, profile: Profile) -> Marks:
    """A letter to the person of a case says which case an answer is about, if somebody reads the answers.

    Letters to staff carry no such address: what staff does it does at the desk.
    """
    if not SUBJECT.fullmatch(message.subject):
        return Marks(f"{message.pk}.{message.org_id}.escucha")
    signing, *_before = keys()
    org_id = message.org_id
    reference = reference_of(signing, org_id=org_id, message=message.pk, subject=message.subject)
    box = profile.section(MailboxesPolicy).for_replies()
    if message.person_id is None or box is None or not is_read(message.org.slug, box.key, profile):
        return Marks(reference)
    return Marks(reference, reply_address(box.address, reply_token(signing, org_id=org_id, subject=message.subject)))


def is_read(slug: str, key: str, profile: Profile) -> bool:
    """Whether this installation reads that mailbox."""
    try:
        return imap.account_of(slug, key, sample=profile.identity.sample) is not None
    except imap.Unusable:
        return False
