"""A letter read from its bytes. Whatever they are something comes back: what cannot be read is said, and kept raw."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.parser import BytesHeaderParser

from escucha.contexts.messaging.rules.automatic import Automatic, automatic_of, may_be_answered
from escucha.contexts.messaging.rules.bounces import Bounce, bounce_of
from escucha.contexts.messaging.rules.mail_headers import (
    FORGIVING,
    Letter,
    Mailbox,
    mailboxes_of,
    message_key,
    raw_value,
    references_of,
    words_of,
    written_at,
)
from escucha.contexts.messaging.rules.mail_parts import Attachment, Contents, contents_of
from escucha.contexts.messaging.rules.mail_text import folded

NOBODY = Mailbox("", "")
TOO_DEEP = (RecursionError, ValueError, TypeError, LookupError, AttributeError, AssertionError, OverflowError)


@dataclass(frozen=True)
class Mail:
    """What a letter says. `text` are its own words, `quoted` what it repeats of earlier ones.

    `several_senders` is that more than one signed it: it is filed and nobody is answered. `is_whole` is false where
    part of it could not be read.
    """

    sender: Mailbox = NOBODY
    reply_to: Mailbox = NOBODY
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    quoted: str = ""
    attachments: tuple[Attachment, ...] = ()
    message_key: str = ""
    references: tuple[str, ...] = ()
    written_at: datetime | None = None
    automatic: Automatic = Automatic.NO
    answerable: bool = False
    bounce: Bounce | None = None
    several_senders: bool = False
    is_whole: bool = True
    content_digest: str = field(default="", repr=False)


def read_mail(raw: bytes) -> Mail:
    """The letter in some bytes. It never raises."""
    try:
        letter = message_from_bytes(raw, policy=FORGIVING)
        return _read(letter)
    except TOO_DEEP:
        return _headers_alone(raw)


def _read(letter: Letter) -> Mail:
    read = _outside(letter)
    try:
        contents = contents_of(letter)
        bounce = bounce_of(letter) if read.automatic == Automatic.BOUNCE else None
    except TOO_DEEP:
        return replace(read, is_whole=False)
    words = folded(contents.text)
    read = replace(
        read,
        text=words.text,
        quoted=words.quoted,
        attachments=tuple(contents.files),
        bounce=bounce,
        is_whole=not contents.is_cut,
    )
    return replace(read, content_digest=_digest_of(read, contents))


def _outside(letter: Letter) -> Mail:
    """What the headers say."""
    senders = mailboxes_of(letter, "From")
    signed = mailboxes_of(letter, "Sender")
    chosen = next((one for one in senders if one in signed), senders[0] if senders else NOBODY)
    answers = mailboxes_of(letter, "Reply-To")
    return Mail(
        sender=chosen if chosen.address else (signed[0] if signed else _unreachable(letter)),
        reply_to=answers[0] if answers else NOBODY,
        to=_addressed(letter),
        subject=words_of(raw_value(letter, "Subject"), 300),
        message_key=message_key(letter),
        references=tuple(references_of(letter)),
        written_at=written_at(letter),
        automatic=automatic_of(letter),
        answerable=may_be_answered(letter) and len(senders) == 1,
        several_senders=len(senders) > 1,
    )


def _unreachable(letter: Letter) -> Mailbox:
    """Who signs without an address that could be read."""
    return Mailbox("", words_of(raw_value(letter, "From"), 200))


def _addressed(letter: Letter) -> tuple[str, ...]:
    """Where it was sent, by what the servers wrote too: a copy in secret names its box nowhere else."""
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")
    found = [one.address for name in names for one in mailboxes_of(letter, name)]
    return tuple(dict.fromkeys(found))[:200]


def _headers_alone(raw: bytes) -> Mail:
    """Of what no parser can take apart, who wrote and about what."""
    try:
        return replace(_outside(BytesHeaderParser(policy=FORGIVING).parsebytes(raw[:200_000])), is_whole=False)
    except TOO_DEEP:
        return Mail(is_whole=False)


def _digest_of(mail: Mail, contents: Contents) -> str:
    """The same letter come by two ways has other headers of the road, and this the same; empty without Message-ID."""
    if not mail.message_key:
        return ""
    made = hashlib.sha256()
    said: Sequence[str] = (mail.message_key, mail.sender.address, mail.subject, contents.text)
    for one in said:
        made.update(one.encode("utf-8", "replace") + b"\0")
    for part in contents.files:
        made.update(part.name.encode("utf-8", "replace") + b"\0" + hashlib.sha256(part.content).digest())
    return made.hexdigest()
