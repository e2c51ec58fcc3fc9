"""Who may write on a case may attach files to it, take them off and put them back.

Those of a reserved case, or of who asked not to be known, are reserved.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.refusal import refuse_if
from escucha.contexts.cases.queries.doors import case_for_change
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.rules.standing import blockers_to_note
from escucha.contexts.documents.operations import attaching
from escucha.contexts.documents.operations.keeping import Content, keep_file
from escucha.contexts.documents.operations.refusal import Refused
from escucha.contexts.documents.queries import has_same
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying


class Upload(NamedTuple):
    """A file as a member sends it."""

    content: Content
    name: str
    claimed_kind: str = ""


def attach_to_case(
    *, org: Organisation, case_id: int, uploads: Iterable[Upload], kind: str, by: Actor, now: datetime
) -> Sequence[Saying]:
    """Why those that were refused were. The others are attached, each by itself: one never takes another with it.

    What the case already has is not attached again, so that a form sent twice is as sent once.
    """
    with transaction.atomic():
        reserved = _case(org, case_id, by).keeps_papers
    refused: list[Saying] = []
    for upload in uploads:
        try:
            _attach(org, case_id, upload, kind, by, now, reserved=reserved)
        except Refused as why:
            refused.extend(why.blockers)
        except _AlreadyThere:
            continue
    return refused


@transaction.atomic
def detach_from_case(*, org: Organisation, case_id: int, attachment_id: int, by: Actor, now: datetime) -> None:
    case = _case(org, case_id, by)
    attaching.detach(org=org, attachment_id=attachment_id, subject=case.subject, by=by, now=now)


@transaction.atomic
def reattach_to_case(*, org: Organisation, case_id: int, attachment_id: int, by: Actor, now: datetime) -> None:
    case = _case(org, case_id, by)
    attaching.reattach(org=org, attachment_id=attachment_id, subject=case.subject, by=by, now=now)


class _AlreadyThere(Exception):
    """The case has those same bytes; the ones that came now are swept with whatever no row knows."""


@transaction.atomic
def _attach(
    org: Organisation, case_id: int, upload: Upload, kind: str, by: Actor, now: datetime, *, reserved: bool
) -> None:
    """The bytes are written before the case is locked: nobody waits for a disk. It may be reserved meanwhile."""
    file = keep_file(
        org=org,
        content=upload.content,
        name=upload.name,
        claimed_kind=upload.claimed_kind,
        reserved=reserved,
        now=now,
    )
    case = _case(org, case_id, by)
    if has_same(org=org, subject=case.subject, digest=file.digest):
        raise _AlreadyThere
    attaching.attach(org=org, file=file, subject=case.subject, kind=kind, by=by, now=now)
    if case.keeps_papers and not file.reserved:
        attaching.keep_back(org=org, subject=case.subject, by=by, now=now)


def _case(org: Organisation, case_id: int, by: Actor) -> Case:
    """The case, locked, for who may write on it. Raises NoSuchCase or Refused of cases."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    refuse_if(blockers_to_note(standing_of(case), by))
    return case
