"""When each duty is due, from the moments of an assistance. The zone only says contact hours.

The codes are those of the procedure. A due time that has gone by when its duty is born is the moment of its birth, and
says so (`adjusted`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.policy.catalogue import Hours, Times
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Priority
from escucha.kernel.commitments.ladder import Rung

UNASSIGNED = "vital_unassigned"  # the step at which a supervisor must decide


@dataclass(frozen=True)
class Timer:
    """A duty with its moments. Not on the agenda before `visible_at`, if it says one."""

    duty: Duty
    counted_from: datetime
    due_at: datetime
    visible_at: datetime | None = None
    adjusted: bool = False


def to_assign(priority: str, *, registered_at: datetime, times: Times, now: datetime) -> Timer:
    """P01: twenty minutes, five, or at once, from when the assistance was accepted (or went back to the search)."""
    allowed = {
        Priority.PROGRAMMED: times.assign_programmed,
        Priority.EMERGENCY: times.assign_emergency,
        Priority.VITAL: times.assign_vital,
    }[Priority(priority)]
    return _timer(Duty.ASSIGN, registered_at, registered_at + timedelta(minutes=allowed), now)


def of_life(duty: Duty, priority: str, *, tolerance: int | None, to: str) -> Sequence[Rung]:
    """P16: nobody was found for a life at risk so many seconds after it was due, and the role `to` must decide."""
    if duty is not Duty.ASSIGN or priority != Priority.VITAL or tolerance is None:
        return ()
    return (Rung(UNASSIGNED, minutes_after=tolerance / 60, to=to),)


def after_assigning(
    priority: str,
    *,
    assigned_at: datetime,
    window: tuple[datetime, datetime] | None,
    eta_at: datetime | None,
    times: Times,
    zone: ZoneInfo,
    now: datetime,
) -> Sequence[Timer]:
    """P03, P04 and P06 of a programmed service; P06 of an emergency, at the hour that the provider said.

    Raises ValueError for a programmed service without window and an emergency without hour.
    """
    if priority != Priority.PROGRAMMED:
        if eta_at is None:
            raise ValueError("an emergency has the hour at which its provider arrives")
        return [_timer(Duty.ARRIVAL, assigned_at, eta_at, now)]
    if window is None:
        raise ValueError("a programmed service has its window")
    opens, closes = window
    first_move = max(opens - timedelta(minutes=times.first_move_before), assigned_at)
    timers = [
        _timer(Duty.FIRST_MOVE, assigned_at, first_move, now),
        _timer(Duty.ARRIVAL, assigned_at, opens + (closes - opens) / 2, now),
    ]
    if opens - assigned_at > timedelta(hours=times.extra_above_hours):
        timers.insert(0, _extra_check(opens, assigned_at, times=times, zone=zone, now=now))
    return timers


def at_once(duty: Duty, *, at: datetime, now: datetime) -> Timer:
    """What is due when it is born: P02, P05, P07, P09, P11, P13 to P16."""
    return _timer(duty, at, at, now)


def at_hour(duty: Duty, *, since: datetime, due_at: datetime, now: datetime) -> Timer:
    """What is due at an hour that somebody said: P10, P19."""
    return _timer(duty, since, due_at, now)


def diagnosis(*, contacted_at: datetime, minutes: int, now: datetime) -> Timer:
    """P08."""
    return _timer(Duty.DIAGNOSIS, contacted_at, contacted_at + timedelta(minutes=minutes), now)


def verification(*, opened_at: datetime, times: Times, now: datetime) -> Timer:
    """P17."""
    return _timer(Duty.VERIFY, opened_at, opened_at + timedelta(hours=times.verify_hours), now)


def next_conformity(*, last_try_at: datetime, times: Times, zone: ZoneInfo, now: datetime) -> Timer:
    """P12 after a call that nobody answered: some time later, within the hours at which an affiliate may be called."""
    due_at = into_hours(last_try_at + timedelta(minutes=times.conformity_apart), times.contact, zone)
    return _timer(Duty.CONFORMITY, last_try_at, due_at, now)


def into_hours(moment: datetime, hours: Hours, zone: ZoneInfo) -> datetime:
    """The same moment if it falls within the hours of the place, else the next opening. The closing is outside."""
    local = moment.astimezone(zone)
    if hours.opens <= local.time() < hours.closes:
        return moment
    day = local.date() if local.time() < hours.opens else local.date() + timedelta(days=1)
    return datetime.combine(day, hours.opens, tzinfo=zone).astimezone(moment.tzinfo)


def _extra_check(opens: datetime, assigned_at: datetime, *, times: Times, zone: ZoneInfo, now: datetime) -> Timer:
    """P03: seen twelve hours before the window opens, overdue four before; seen later where a provider sleeps."""
    due_at = opens - timedelta(hours=times.extra_until_hours)
    seen = into_hours(opens - timedelta(hours=times.extra_from_hours), times.provider, zone)
    timer = _timer(Duty.EXTRA_CHECK, assigned_at, due_at, now)
    seen_at = seen if seen < due_at else opens - timedelta(hours=times.extra_from_hours)
    return Timer(timer.duty, timer.counted_from, timer.due_at, max(seen_at, now), timer.adjusted)


def _timer(duty: Duty, counted_from: datetime, due_at: datetime, now: datetime) -> Timer:
    return Timer(duty, counted_from, max(due_at, now), adjusted=due_at < now)
