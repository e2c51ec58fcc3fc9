"""Reminders: what somebody wants to be reminded of at an hour, on the same agenda as everything else."""

from datetime import datetime

from escucha.contexts.assistance.events import ReminderSet
from escucha.contexts.assistance.models import Assistance, AssistanceFile, Reminder
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.doors import NoSuchFile, file_for_change, profile_of_file
from escucha.contexts.assistance.rules.charge import blockers_to_remind
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.opening import blockers_to_work_on
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import at_hour
from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.ledger import Debt, Owner
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.composed import insert
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import member_by_id, unit_by_key
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if
from escucha.kernel.worktime.terms import Unit

MOST = 200  # letters of a reminder


@act
def set_reminder(
    *,
    org: Organisation,
    file_id: int,
    text: str,
    due_at: datetime,
    assistance_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Reminder:
    """P19: owed by who sets it. An hour that went by is now."""
    file = file_for_change(org=org, file_id=file_id, by=by)
    refuse_if(blockers_to_remind(file_open=file.is_open, text=text, by=by))
    about = _about(file, assistance_id)
    member = member_by_id(org=org, member_id=by.member_id or 0)
    reminder = insert(Reminder(org=org, file=file, assistance=about, text=text.strip()[:MOST], member=member, at=now))
    _owe(reminder, file, due_at, now=now)
    fact = ReminderSet(subject=reminder.subject, reminder=reminder.pk, due_at=due_at.isoformat())
    write(about or file, Subtype.NOTE, fact, said={"reminder": reminder.pk}, by=by, now=now)
    return reminder


@act
def finish_reminder(*, org: Organisation, reminder_id: int, by: Actor, now: datetime) -> Reminder:
    """Done. Twice is once. Raises NoSuchFile where there is no such reminder, or not for who asks."""
    reminder = Reminder.objects.filter(org=org, pk=reminder_id).select_related("org", "assistance__file__org").first()
    if reminder is None:
        raise NoSuchFile
    file = file_for_change(org=org, file_id=reminder.file_id, by=by)
    refuse_if(blockers_to_work_on(file_open=True, by=by))
    met = ledger.settle(org=org, kind=Duty.MANUAL, subject=reminder.subject, by=by, now=now)
    if met:
        write(reminder.assistance or file, Subtype.NOTE, said={"reminder_done": reminder.pk}, by=by, now=now)
    return reminder


def annul_reminders(file: AssistanceFile, *, of: int | None = None, cause: str, by: Actor, now: datetime) -> None:
    """Nobody is reminded any more of anything about a file, or only about one assistance of it."""
    found = Reminder.objects.filter(org=file.org, file=file)
    for reminder in (found.filter(assistance=of) if of else found).order_by("pk"):
        ledger.annul(org=file.org, kind=Duty.MANUAL, subject=reminder.subject, cause=cause, by=by, now=now)


def pass_reminders(file: AssistanceFile, *, before: int | None, by: Actor, now: datetime) -> None:
    """What who had the file was to be reminded of, who has it now is."""
    for reminder in Reminder.objects.filter(org=file.org, file=file).order_by("pk"):
        owed = owed_of_kind(org=file.org, subject=reminder.subject, kind=Duty.MANUAL)
        if owed and owed.owner_member_id == before:
            owner = Owner(unit=owed.owner_unit, role=owed.owner_role, member=file.coordinator)
            ledger.hand_over(org=file.org, kind=owed.kind, subject=owed.subject, owner=owner, by=by, now=now)


def _about(file: AssistanceFile, assistance_id: int | None) -> Assistance | None:
    """The assistance that it is about, of those of the file that go on."""
    going = Assistance.objects.filter(file=file, ended_at=None)
    return going.filter(pk=assistance_id).select_related("file__org").first() if assistance_id else None


def _owe(reminder: Reminder, file: AssistanceFile, due_at: datetime, *, now: datetime) -> None:
    profile, timer = profile_of_file(file), at_hour(Duty.MANUAL, since=now, due_at=due_at, now=now)
    unit = unit_by_key(org=file.org, key=profile.section(AssistancePolicy).unit)
    debt = Debt(
        kind=timer.duty,
        owner=Owner(unit=unit, member=reminder.member),
        counted_from=timer.counted_from,
        due_at=timer.due_at,
        unit=Unit.ELAPSED_MINUTES,
        reckoning={"adjusted": timer.adjusted},
    )
    ledger.owe(
        org=file.org,
        subject=reminder.subject,
        debt=debt,
        version=file.profile_version,
        calendar=profile.calendar,
        now=now,
    )
