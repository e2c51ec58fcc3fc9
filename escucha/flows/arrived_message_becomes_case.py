"""A letter that arrived becomes a case, or a word about the one it answers; what is in doubt waits for somebody.

It answers a case only with a signature of ours and from the address of the case's person: neither is enough alone.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.operations.words import add_word
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_id
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.keeping import keep_file, note_left_out
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.operations.arriving import claimed, log_failure, park
from escucha.contexts.messaging.operations.settling import mail_filed, note_bounce
from escucha.contexts.messaging.operations.signing import keys
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.messaging.policy.mailboxes import Mailbox, MailboxesPolicy
from escucha.contexts.messaging.queries.arrivals import EMAIL, letter_of, waiting_mail
from escucha.contexts.messaging.rules.automatic import Automatic
from escucha.contexts.messaging.rules.intake import Decision, Pointers, Way, decide
from escucha.contexts.messaging.rules.mail import Mail
from escucha.contexts.messaging.rules.signatures import (
    Reference,
    read_reference,
    subject_of_token,
    tokens_in,
    unsigned_reference,
)
from escucha.contexts.people.operations.trying import key_of, note_try
from escucha.contexts.people.rules import mailbox_of
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import CITIZEN, SYSTEM, Actor

LETTERS_AN_HOUR = 1


def settle_waiting_mail(*, now: datetime, limit: int = 20) -> int:
    """Settle the letters that were read, one by one. On how many something was done."""
    for done in range(limit):
        arrival = claimed(Arrival.State.PARSED, now=now)
        if arrival is None:
            return done
        try:
            settle_mail(arrival, now=now)
        except Exception as error:  # it is tried again when its lease ends, and the next one goes on
            log_failure("could not settle", arrival, error)
    return limit


def settle_mail(arrival: Arrival, *, now: datetime) -> None:
    """All or nothing, and once: what is settled stays so."""
    mail = letter_of(arrival)
    with transaction.atomic():
        row = waiting_mail(org=arrival.org, arrival_id=arrival.pk)
        if row is None:
            return
        profile = profile_of(row.org, at=now)
        decision = _decided(row.org, mail, profile)
        if decision.way is Way.BOUNCE:
            _take_bounce(row, mail, now)
        elif decision.way is Way.PARK:
            park(row, reason=decision.reason, now=now)
        elif decision.way is Way.THREAD:
            add_mail_to_case(row, mail, about=decision.about, by=CITIZEN, now=now)
        else:
            file_mail(row, mail, by=CITIZEN, now=now)


def file_mail(arrival: Arrival, mail: Mail, *, by: Actor, now: datetime) -> Case:
    """A new case with a locked letter and its files, acknowledged unless its sender had a letter within the hour."""
    org, profile = arrival.org, profile_of(arrival.org, at=now)
    box = box_of(arrival, profile)
    name, address = mail.sender.name, mail.sender.address
    case = file_case(
        org=org,
        channel=_channel(arrival, profile),
        matter=mail.subject or (box.matter if box else ""),
        body="\n\n".join(filter(None, [mail.text, mail.quoted])),
        suggested_type=box.default_type if box else "",
        form=box.form if box else "",
        requester_kind=box.requester if box else "",
        person={"name": name, "email": address} if name or address else None,
        filled_by="person",
        received_at=arrival.arrived_at,
        attachments=_files_of(arrival, mail, reserved=False, now=now),
        filing_key=f"arrival-{arrival.pk}",
        acknowledged=_may_acknowledge(org, mail, profile, now),
        by=by,
        now=now,
    )
    mail_filed(arrival, about=case.subject, by=by, now=now)
    return case


def add_mail_to_case(arrival: Arrival, mail: Mail, *, about: str, by: Actor, now: datetime) -> None:
    """A locked letter, and its files, as a word about a case. Nobody is told anything for it."""
    case = case_by_id(org=arrival.org, case_id=int(about.removeprefix("case:")))
    add_word(
        org=arrival.org,
        case_id=case.pk,
        body=mail.text,
        channel=_channel(arrival, profile_of(arrival.org, at=now)),
        arrival=arrival.pk,
        attachments=_files_of(arrival, mail, reserved=case.keeps_papers, now=now),
        by=by,
        now=now,
    )
    mail_filed(arrival, about=about, by=by, now=now)


def box_of(arrival: Arrival, profile: Profile) -> Mailbox | None:
    return profile.section(MailboxesPolicy).boxes.get(arrival.mailbox)


def signed_subjects(org: Organisation, mail: Mail, profile: Profile) -> frozenset[str]:
    """What our signatures in a letter are about, in its addresses and in what it answers."""
    boxes = profile.section(MailboxesPolicy).addresses
    made = [subject_of_token(keys(), token, org_id=org.pk) for token in tokens_in(mail.to, mailboxes=boxes)]
    made += [one.subject for one in _ours(org, mail.references)]
    return frozenset(filter(None, made))


def numbers_named(mail: Mail, profile: Profile) -> Sequence[str]:
    """The filing numbers that a letter says, as they are kept."""
    series = re.escape(profile.section(CasesPolicy).series)
    found = re.findall(
        rf"\b({series})[\s-]?(20\d\d)[\s-]?(\d{{1,9}})\b", f"{mail.subject}\n{mail.text}".upper()[:20_000]
    )
    return list(dict.fromkeys(f"{said}-{year}-{int(serial):06d}" for said, year, serial in found))[:10]


def _decided(org: Organisation, mail: Mail, profile: Profile) -> Decision:
    signed = signed_subjects(org, mail, profile)
    boxes = profile.section(MailboxesPolicy).addresses
    pointers = Pointers(
        signed=signed,
        own_person=len(signed) == 1 and not mail.several_senders and _is_of(org, next(iter(signed)), mail),
        has_odd_token=bool(tokens_in(mail.to, mailboxes=boxes)) and not signed,
        has_old_reference=any(unsigned_reference(one, org_id=org.pk) for one in mail.references),
        names_number=bool(numbers_named(mail, profile)),
        bounced=bool(mail.bounce and mail.bounce.is_final and _ours(org, mail.bounce.keys)),
    )
    says = bool(mail.text or mail.quoted or mail.attachments or mail.subject)
    automatic = mail.automatic or (Automatic.OURS if _is_own(mail, profile) else Automatic.NO)
    return decide(automatic=automatic, says_something=says, is_whole=mail.is_whole, pointers=pointers)


def _is_of(org: Organisation, subject: str, mail: Mail) -> bool:
    """Whether the sender has the address of the case's person, both of them something."""
    kind, _colon, key = subject.partition(":")
    if kind != "case" or not mail.sender.address:
        return False
    try:
        case = case_by_id(org=org, case_id=int(key))
    except NoSuchCase:
        return False
    known = case.person.email if case.person else ""
    return bool(known) and mailbox_of(known) == mailbox_of(mail.sender.address)


def _is_own(mail: Mail, profile: Profile) -> bool:
    """Whether it says to come from one of our mailboxes, or from an address of ours that is about a case."""
    return bool(mail.sender.address) and mailbox_of(mail.sender.address) in profile.section(MailboxesPolicy).addresses


def _ours(org: Organisation, ids: Sequence[str]) -> Sequence[Reference]:
    """Our messages among some Message-IDs, by their signature."""
    found = [read_reference(keys(), one, org_id=org.pk) for one in ids]
    return [one for one in found if one]


def _take_bounce(arrival: Arrival, mail: Mail, now: datetime) -> None:
    assert mail.bounce is not None
    first, *_others = _ours(arrival.org, mail.bounce.keys)
    about = note_bounce(org=arrival.org, message_id=first.message, status=mail.bounce.status, now=now)
    mail_filed(arrival, about=about or first.subject, by=SYSTEM, now=now)


def _files_of(arrival: Arrival, mail: Mail, *, reserved: bool, now: datetime) -> list[File]:
    """The letter itself, and each file that the policy takes; the others are in the letter, and it is said which.

    A text brings none.
    """
    if arrival.file is None or arrival.channel != EMAIL:
        return []
    return [arrival.file, *_kept(arrival.file, mail, reserved=reserved, now=now)]


def _kept(letter: File, mail: Mail, *, reserved: bool, now: datetime) -> Iterator[File]:
    for place, one in enumerate(mail.attachments, 1):
        if not note_left_out(letter=letter, content=one.content, name=one.name, place=place, now=now):
            yield keep_file(
                org=letter.org,
                content=one.content,
                name=one.name,
                claimed_kind=one.claimed_kind,
                reserved=reserved,
                now=now,
            )


def _channel(arrival: Arrival, profile: Profile) -> str:
    channel = profile.section(ChannelsPolicy).receiving_by(arrival.channel)
    return channel.key if channel else arrival.channel


def _may_acknowledge(org: Organisation, mail: Mail, profile: Profile, now: datetime) -> bool:
    """Robots, and who signed with others, are not answered; an address has one letter an hour, by whatever door."""
    address = mail.sender.address
    if not (mail.answerable and address) or _is_own(mail, profile):
        return False
    key = letter_key(address)
    return note_try(org=org, limits={key: LETTERS_AN_HOUR}, now=now) is None


def letter_key(address: str) -> str:
    """The keyed digest under which letters to an address are counted: that of the public form, for one count."""
    return key_of("letter", mailbox_of(address))
