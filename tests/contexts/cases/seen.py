"""What a test looks at after an act on a case."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from escucha.contexts.messaging.queries import messages_about
from escucha.kernel.commitments.queries import history_about, owed_about
from escucha.kernel.timeline.record import entries_about

BOGOTA = ZoneInfo("America/Bogota")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: str, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of a day in Bogotá."""
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=BOGOTA).astimezone(UTC)


def due_days(case):
    """What is owed: kind and last day."""
    return {
        owed.kind: owed.due_on.isoformat() for owed in owed_about(org=case.org, subject=case.subject) if owed.due_on
    }


def owed(case):
    """What is owed, by kind."""
    return {debt.kind: debt for debt in owed_about(org=case.org, subject=case.subject)}


def ended(case):
    """How everything that is no longer owed ended: kind, attempt, outcome."""
    known = history_about(org=case.org, subject=case.subject)
    return {(debt.kind, debt.attempt): debt.outcome for debt in known if debt.outcome}


def verbs(case):
    return [entry.verb for entry in entries_about(org=case.org, subject=case.subject)]


def own_verbs(case):
    """The acts on the case, without what its debts told."""
    return [verb.removeprefix("cases.") for verb in verbs(case) if verb.startswith("cases.")]


def last_fact(case, verb):
    """The data and the member of the last fact with a verb."""
    entry = [one for one in entries_about(org=case.org, subject=case.subject) if one.verb == verb][-1]
    return entry.data, entry.member_id


def told(case, template=None):
    """Who was written to about the case, with which text, in order."""
    sent = messages_about(org=case.org, subject=case.subject)
    return [(one.template, one.to) for one in sent if template in (None, one.template)]


def picture(case):
    """Everything an act may change: to see that a refused one changed nothing."""
    fresh = type(case).objects.get(pk=case.pk)
    row = {field.attname: getattr(fresh, field.attname) for field in fresh._meta.concrete_fields}
    said = ("kind", "attempt", "outcome", "due_at", "owner_unit_id", "owner_member_id", "late_at")
    debts = [[str(getattr(debt, name)) for name in said] for debt in history_about(org=case.org, subject=case.subject)]
    return row, sorted(debts), verbs(case), told(case)
