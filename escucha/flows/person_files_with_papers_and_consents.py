"""Who files from a page brings papers, says what its data may be used for and whether it is attended first.

All or nothing: no case without its papers, no mark without its consent. No case waits for any of it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db import transaction

from escucha.contexts.cases.models import Case
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.people.operations.consenting import give_consent
from escucha.contexts.people.operations.marking import mark_group
from escucha.contexts.people.policy import PeoplePolicy
from escucha.flows.person_files_and_gets_one_letter_an_hour import file_from_the_web
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.words import _

TICKED = _("La persona marcó la casilla en la página.")


class Bytes(Protocol):
    def chunks(self) -> Iterator[bytes]: ...


class Paper(NamedTuple):
    """A file as somebody sends it."""

    content: Bytes
    name: str
    claimed_kind: str = ""


def file_with_papers(
    *,
    org: Organisation,
    channel: str,
    papers: Sequence[Paper] = (),
    agreed: Sequence[str] = (),
    groups: Sequence[str] = (),
    identity_reserved: bool = False,
    reserved: bool = False,
    filing_key: str,
    now: datetime,
    **filing: Any,
) -> Case:
    """The case, as `file_case` takes it. `agreed` are the purposes whose box was ticked; `groups`, what it says it is.

    Papers of who asks not to be known are reserved, as those of a reserved case: they may say who it is.
    A sensitive group without the consent to its purpose is not written down, nor anything of who is not known.
    Raises Refused of documents, and files nothing, where a paper may not be taken.
    """
    kept_back = reserved or identity_reserved
    try:
        with transaction.atomic():
            case = file_from_the_web(
                org=org,
                channel=channel,
                attachments=[_kept(paper, org=org, reserved=kept_back, now=now) for paper in papers],
                identity_reserved=identity_reserved,
                reserved=reserved,
                filled_by="person",
                filing_key=filing_key,
                now=now,
                **filing,
            )
            if case.filed_at != now:
                raise _TwinWasFirst
            if case.person_id is not None and (agreed or groups):
                _note(org, case.person_id, channel, agreed, groups, now=now)
    except _TwinWasFirst:
        return case
    return case


class _TwinWasFirst(Exception):
    """The same form was filed meanwhile: the papers of this one are nobody's, and their rows go."""


def _kept(paper: Paper, *, org: Organisation, reserved: bool, now: datetime) -> File:
    content = paper.content.chunks()
    return keep_file(
        org=org, content=content, name=paper.name, claimed_kind=paper.claimed_kind, reserved=reserved, now=now
    )


def _note(
    org: Organisation, person_id: int, channel: str, agreed: Sequence[str], groups: Sequence[str], *, now: datetime
) -> None:
    policy = profile_of(org, at=now).section(PeoplePolicy)
    same: dict[str, Any] = {"org": org, "person_id": person_id, "channel": channel, "by": CITIZEN, "now": now}
    asked = [purpose.key for purpose in policy.asked if purpose.key in agreed]
    known = [policy.groups[key] for key in groups if key in policy.groups]
    for key in asked:
        if key != policy.group_purpose or any(group.sensitive for group in known):
            give_consent(purpose=key, proof=TICKED, **same)
    for group in known:
        if policy.group_purpose in asked or not group.sensitive:
            mark_group(group=group.key, **same)
