"""The log: every act writes its line. A line is never changed; its words are a row that can be erased."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from escucha.contexts.assistance.events import LineWritten
from escucha.contexts.assistance.models import Assistance, AssistanceFile, LogLine
from escucha.contexts.assistance.rules.stages import Priority
from escucha.contexts.assistance.rules.subtypes import SUBTYPES, Subtype
from escucha.kernel.composed import insert
from escucha.kernel.timeline.digests import digest_of
from escucha.kernel.timeline.facts import Actor, Fact
from escucha.kernel.timeline.news import announce
from escucha.kernel.timeline.record import record_all

TOPIC = "assistance"


def write(
    about: Assistance | AssistanceFile,
    subtype: Subtype,
    *facts: Fact,
    said: Mapping[str, str | int | None] | None = None,
    comment: str = "",
    automatic: bool = True,
    at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> LogLine:
    """The line of an act with its facts, in its transaction. `at` is when what it tells happened, if not now.

    `said`: plain values (moments in ISO 8601, amounts, ids). `comment`: words, kept apart with their salt.
    """
    step, _label = SUBTYPES[subtype]
    file = about.file if isinstance(about, Assistance) else about
    line = insert(
        LogLine(
            org=file.org,
            file=file,
            assistance=about if isinstance(about, Assistance) else None,
            step=step,
            subtype=subtype,
            automatic=automatic,
            said=dict(said or {}),
            comment=comment.strip(),
            salt=secrets.token_hex(16),
            happened_at=at or now,
            member_id=by.member_id,
            actor=by.kind,
            at=now,
        )
    )
    digest = digest_of(line.salt, line.comment) if line.comment else ""
    written = LineWritten(
        subject=about.subject, line=line.pk, step=step, subtype=subtype, digest=digest, automatic=automatic
    )
    record_all([*facts, written], org=file.org, by=by, now=now)
    _tell_pages(about, file, subtype)
    return line


def _tell_pages(about: Assistance | AssistanceFile, file: AssistanceFile, subtype: Subtype) -> None:
    said: dict[str, str | int | None] = {"file": file.number, "coordinator": file.coordinator_id, "line": subtype}
    if isinstance(about, Assistance):
        said |= {"position": about.position, "stage": about.stage, "version": about.version}
        said |= {"vital": int(about.is_open and about.priority == Priority.VITAL)}
    announce(org=file.org, topic=TOPIC, said=said)
