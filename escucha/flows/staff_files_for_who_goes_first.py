"""Staff takes down a request and, with it, that its person is attended first: all in one act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.queries.holders import case_filed_with
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.keeping import Content, keep_file
from escucha.contexts.people.operations.consenting import give_consent
from escucha.contexts.people.operations.marking import mark_group
from escucha.contexts.people.policy import PeoplePolicy
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import _

READ_ALOUD = _("Quien radicó le leyó el texto en voz alta y la persona dijo que sí.")


class Scan(NamedTuple):
    """A paper as a member scanned it."""

    content: Content
    name: str
    claimed_kind: str = ""


@transaction.atomic
def file_at_desk(
    *,
    org: Organisation,
    channel: str,
    groups: Sequence[str] = (),
    agreed: bool = False,
    scans: Sequence[Scan] = (),
    identity_reserved: bool = False,
    filing_key: str = "",
    by: Actor,
    now: datetime,
    **filing: Any,
) -> Case:
    """The case, as `file_case` takes it, whoever says it. `agreed`: the text about the groups was read and accepted.

    `scans` are what came on paper: reserved, of who asks not to be known. A sensitive group without that consent is
    not written down, nor any for who said nothing of itself.
    """
    if filing_key and (twin := case_filed_with(org=org, filing_key=filing_key)):
        return twin
    case = file_case(
        org=org,
        channel=channel,
        attachments=[_kept(one, org=org, reserved=identity_reserved, now=now) for one in scans],
        identity_reserved=identity_reserved,
        filing_key=filing_key,
        by=by,
        now=now,
        **filing,
    )
    policy = profile_of(org, at=now).section(PeoplePolicy)
    if case.person_id is None:
        return case
    same: dict[str, Any] = {"org": org, "person_id": case.person_id, "channel": channel, "by": by, "now": now}
    known = [policy.groups[key] for key in groups if key in policy.groups]
    if agreed and any(group.sensitive for group in known):
        give_consent(purpose=policy.group_purpose, proof=READ_ALOUD, **same)
    for group in known:
        if agreed or not group.sensitive:
            mark_group(group=group.key, **same)
    return case


def _kept(scan: Scan, *, org: Organisation, reserved: bool, now: datetime) -> File:
    return keep_file(
        org=org,
        content=scan.content,
        name=scan.name,
        claimed_kind=scan.claimed_kind,
        purpose=File.Purpose.SCAN,
        reserved=reserved,
        now=now,
    )
