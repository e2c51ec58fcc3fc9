"""The life of a file after it is open: its data, who has it, its close and its opening again."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from escucha.contexts.assistance.events import FileClosed, FileHandedOver, FileReopened
from escucha.contexts.assistance.models import Affiliate, Assistance, AssistanceFile, HandOver
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.opening import affiliate_of
from escucha.contexts.assistance.operations.owing import annul_all, hand_over, settle
from escucha.contexts.assistance.operations.registering import put_affiliate
from escucha.contexts.assistance.operations.reminding import annul_reminders, pass_reminders
from escucha.contexts.assistance.queries.doors import file_for_change, policy_of_file
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.contexts.assistance.rules.charge import (
    Piece,
    blockers_to_close,
    blockers_to_hand_over,
    blockers_to_reopen,
)
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.files import FileState
from escucha.contexts.assistance.rules.opening import Said, blockers_of_contact, blockers_to_move, blockers_to_work_on
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.composed import insert
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.queries import members_by_id, profile_of
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if

BEFORE = " · "  # between what was written before, in the line of a change


@act
def change_file(
    *, org: Organisation, file_id: int, version: int | None = None, by: Actor, now: datetime, **said: Any
) -> AssistanceFile:
    """What is said of who calls and of where, and nothing else. What it was before stays in the log."""
    file = file_for_change(org=org, file_id=file_id, by=by)
    same_version(file, version)
    refuse_if(blockers_to_work_on(file_open=file.is_open, by=by))
    before = {name: getattr(file, name) for name in asdict(Said())}
    after = replace(Said(**before), **said).read(policy_of_file(file), country=file.country)
    refuse_if([*blockers_of_contact(after)])
    changed = sorted(name for name, value in asdict(after).items() if value != before[name])
    if not changed:
        return file
    begun = "country" in changed and Assistance.objects.filter(file=file).exists()
    refuse_if(blockers_to_move(begun=begun))
    for name in changed:
        setattr(file, name, getattr(after, name))
    keep(file, *changed)
    was = BEFORE.join(str(before[name]) for name in changed if before[name] not in (None, ""))
    write(file, Subtype.AFFILIATE, said={"changed": ", ".join(changed)}, comment=was, by=by, now=now)
    return file


@act
def name_affiliate(
    *, org: Organisation, file_id: int, affiliate_id: int, version: int | None = None, by: Actor, now: datetime
) -> AssistanceFile:
    """The affiliate of a file, found after it was opened. Not changed once an assistance was accepted in its name."""
    file = file_for_change(org=org, file_id=file_id, by=by)
    same_version(file, version)
    put_affiliate(file, affiliate_of(org, affiliate_id), by=by, now=now)
    return file


@act
def hand_over_file(
    *, org: Organisation, file_id: int, member_id: int | None, version: int | None = None, by: Actor, now: datetime
) -> AssistanceFile:
    """E2: another has it, or nobody: the queue of the shift. What is owed about it passes on; no due time changes."""
    assistances = _held(file_id, org=org)
    file = file_for_change(org=org, file_id=file_id, by=by)
    same_version(file, version)
    target = members_by_id(org=org, ids=[member_id]).get(member_id) if member_id else None
    refuse_if(
        blockers_to_hand_over(
            file_open=file.is_open,
            coordinator_id=file.coordinator_id,
            target_id=member_id,
            target_may=member_id is None or _coordinates(target, now=now),
            by=by,
        )
    )
    before, file.coordinator = file.coordinator_id, target
    keep(file, "coordinator")
    insert(HandOver(org=org, file=file, member=target, by_id=by.member_id, at=now))
    handed = FileHandedOver(subject=file.subject, member=member_id, before=before)
    write(file, Subtype.HANDED_OVER, handed, said={"member": member_id, "before": before}, by=by, now=now)
    for assistance in assistances:
        assistance.file = file
        hand_over(assistance, by=by, now=now)
    hand_over(file, by=by, now=now)
    pass_reminders(file, before=before, by=by, now=now)
    return file


@act
def close_file(
    *,
    org: Organisation,
    file_id: int,
    empty_reason: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> AssistanceFile:
    """E3: every assistance ended and is complete. `empty_reason`: why a file without any closes."""
    file = file_for_change(org=org, file_id=file_id, by=by)
    same_version(file, version)
    pieces = pieces_of(file)
    refuse_if(
        blockers_to_close(
            pieces,
            file_open=file.is_open,
            coordinator_id=file.coordinator_id,
            verified=file.affiliate is None or file.affiliate.status != Affiliate.Status.TO_VERIFY,
            empty_reason=empty_reason,
            by=by,
        )
    )
    file.state, file.closed_at = FileState.CLOSED, now
    file.empty_reason = "" if pieces else empty_reason.strip()[:200]
    keep(file, "state", "closed_at", "empty_reason")
    settle(file, Duty.CLOSE_FILE, by=by, now=now)
    annul_all(file, cause="file_closed", by=by, now=now)
    annul_reminders(file, cause="file_closed", by=by, now=now)
    closed = FileClosed(subject=file.subject, assistances=len(pieces))
    write(file, Subtype.FILE_CLOSED, closed, said={"assistances": len(pieces)}, by=by, now=now)
    return file


@act
def reopen_file(
    *, org: Organisation, file_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> AssistanceFile:
    """E4: open again. Nothing that was owed is owed again, and no assistance goes on: what is needed is opened anew."""
    file = file_for_change(org=org, file_id=file_id, by=by)
    same_version(file, version)
    refuse_if(blockers_to_reopen(file_open=file.is_open, reason=reason, by=by))
    file.state, file.closed_at, file.empty_reason = FileState.OPEN, None, ""
    keep(file, "state", "closed_at", "empty_reason")
    reopened = FileReopened(subject=file.subject)
    write(file, Subtype.FILE_OPENED, reopened, comment=reason, by=by, now=now)
    return file


def pieces_of(file: AssistanceFile) -> list[Piece]:
    """Its assistances in their order, as its closing looks at them."""
    found = Assistance.objects.filter(file=file).order_by("position")
    told = found.values_list("position", "stage", "costed_at", "conformity")
    return [Piece(file.number, *values) for values in told]


def _held(file_id: int, *, org: Organisation) -> list[Assistance]:
    """The open assistances of a file, locked before it, as every verb locks them."""
    found = Assistance.objects.filter(org=org, file=file_id, ended_at=None).order_by("pk")
    return list(found.select_for_update(of=("self",)).select_related("org"))


def _coordinates(member: Member | None, *, now: datetime) -> bool:
    if member is None or not member.active:
        return False
    return actor_of(member, profile_of(member.org, at=now)).may(HANDLE)
