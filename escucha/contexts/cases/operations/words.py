"""What a person says about its case after filing it: kept, told to who has the case, read, or made a case apart."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.events import WordAdded, WordsRead
from escucha.contexts.cases.models import Case, Word
from escucha.contexts.cases.operations.accusing import name_whom_it_says
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.operations.refusal import Refused, refuse_if
from escucha.contexts.cases.queries.doors import NoSuchCase, case_for_change, visible_cases
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.queries.words import papers_of, unread_words, word_for_change
from escucha.contexts.cases.rules.words import blockers_to_file_word, blockers_to_read_words
from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.documents.operations.attaching import attach, keep_back
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.digests import digest_of
from escucha.kernel.timeline.facts import SYSTEM, Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import Saying, _

TRIES = 3


def add_word(
    *,
    org: Organisation,
    case_id: int,
    body: str,
    channel: str,
    arrival: int | None = None,
    attachments: Sequence[File] = (),
    by: Actor,
    now: datetime,
) -> Word:
    """The word, unread. About a case that follows another it goes to that one, and says which one it named.

    `arrival` is its place in the intake ledger: the same one is one word, and is never refused, whatever it lacks. A
    closed case keeps it too: it is there to be read, and a new case may be filed from it.
    """
    if arrival is None and not (body.strip() or attachments):
        raise Refused([Saying(_("Escriba lo que quiere agregar."))])
    try:
        with transaction.atomic():
            known = Word.objects.filter(org=org, arrival=arrival).first() if arrival is not None else None
            return known or _add_new(org, case_id, body, channel, arrival, attachments, by=by, now=now)
    except IntegrityError:  # the same arrival twice at once: the other was first
        return Word.objects.get(org=org, arrival=arrival)


@transaction.atomic
def read_words(*, org: Organisation, case_id: int, last: int | None = None, by: Actor, now: datetime) -> int:
    """What was new is read, up to the last that its reader saw. Returns how many words: none, the second time."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    refuse_if(blockers_to_read_words(standing_of(case), by))
    seen = unread_words(case) if last is None else unread_words(case).filter(pk__lte=last)
    unread = list(seen.values_list("pk", flat=True))
    Word.objects.filter(pk__in=unread).update(read_at=now, read_by=by.member_id)
    if unread:
        record(WordsRead(subject=case.subject, words=len(unread), last=max(unread)), org=org, by=by, now=now)
    return len(unread)


@transaction.atomic
def file_word(*, org: Organisation, case_id: int, word_id: int, by: Actor, now: datetime) -> Case:
    """A new case with what was said about a closed one, of who said it, received when it came. Twice is as once.

    Who wrote to a case that follows another is the person of the one it wrote to. What came with it goes along.
    """
    case = case_for_change(org=org, case_id=case_id, by=by)
    word = word_for_change(org=org, word_id=word_id, case_id=case_id)
    refuse_if(blockers_to_file_word(standing_of(case), by))
    if word.read_at is None:
        word.read_at, word.read_by_id = now, by.member_id
        word.save(update_fields=["read_at", "read_by"])
    about = word.said_about or word.case
    return file_case(
        org=org,
        channel=word.channel,
        body=word.body,
        person=about.person,
        anonymous=about.anonymous,
        identity_reserved=about.identity_reserved,
        reserved=case.reserved or about.reserved,
        requester_kind=about.requester_kind,
        filled_by="person",
        attachments=[one.file for one in papers_of(word)],
        received_at=word.at,
        split_from=case,
        filing_key=f"word-{word.pk}",
        by=by,
        now=now,
    )


def _add_new(
    org: Organisation,
    case_id: int,
    body: str,
    channel: str,
    arrival: int | None,
    attachments: Sequence[File],
    *,
    by: Actor,
    now: datetime,
) -> Word:
    main = _who_answers(org, case_id, by)
    if main.reserved and name_whom_it_says(org=org, case_id=main.pk, added=body, by=SYSTEM, now=now):
        main = case_for_change(org=org, case_id=main.pk, by=SYSTEM)  # whom it names has it no longer, nor is told
    word = Word.objects.create(
        org=org,
        case=main,
        said_about_id=case_id if case_id != main.pk else None,
        channel=channel,
        body=body.replace("\x00", "").strip(),
        salt=secrets.token_hex(16),
        arrival=arrival,
        member_id=by.member_id,
        at=now,
    )
    for file in attachments:
        attach(org=org, file=file, subject=main.subject, kind=Attachment.Kind.MESSAGE, by=by, now=now)
    if attachments and main.keeps_papers:
        keep_back(org=org, subject=main.subject, by=by, now=now)
    main.version += 1  # who is writing the answer reads it first
    main.save(update_fields=["version"])
    fact = WordAdded(
        subject=main.subject,
        word=word.pk,
        channel=channel,
        digest=digest_of(word.salt, word.body),
        about=word.said_about_id,
    )
    record(fact, org=org, by=by, now=now)
    if main.is_open:
        notices.tell_of_word(main, now=now)
    return word


def _who_answers(org: Organisation, case_id: int, by: Actor) -> Case:
    """The case that answers for this one, locked: the one it follows at this moment, or itself.

    Only that one is: who separates the two locks both, in their order. Raises NoSuchCase for staff who may not see
    the case it writes about.
    """
    if by.kind == "staff" and not visible_cases(org=org, viewer=by).filter(pk=case_id).exists():
        raise NoSuchCase
    for _try in range(TRIES):
        followed = _followed(org, case_id)
        main = case_for_change(org=org, case_id=followed or case_id, by=SYSTEM)
        if _followed(org, case_id) == followed:
            return main
    raise NoSuchCase


def _followed(org: Organisation, case_id: int) -> int | None:
    return Case.objects.filter(org=org, pk=case_id).values_list("merged_into", flat=True).first()
