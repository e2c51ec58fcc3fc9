"""When a channel attends: whether at a moment, until when and from when again. Opening included, closing not.

Days and hours are those of the organisation's calendar and zone: every answer is an instant, also where clocks jump.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from escucha.contexts.messaging.policy.channels import Channel
from escucha.kernel.worktime.calendar import DAY_MINUTES, Calendar, Shift, Week
from escucha.kernel.worktime.zones import instant_of

LOOK_AHEAD = 400  # days: more than any closure; beyond it nobody plans to come
DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """A time of attention without a break, as instants (UTC)."""

    opens: datetime
    closes: datetime


class DaysOff(NamedTuple):
    """Dates on which the organisation does not attend, for one reason."""

    first: date
    last: date
    why: str


class Days(NamedTuple):
    """Days of the week, one after the other, with the same hours. 0 is Monday."""

    first: int
    last: int
    shifts: Sequence[Shift]


def open_at(channel: Channel, moment: datetime, *, calendar: Calendar) -> bool:
    """Whether somebody, or something, attends the channel at that moment."""
    shifts = shifts_on(channel, calendar.day_of(moment), calendar=calendar)
    return any(one.opens <= moment < one.closes for one in shifts)


def closes_at(channel: Channel, moment: datetime, *, calendar: Calendar) -> datetime | None:
    """When the attention that goes on at a moment stops; none where it is closed or never stops."""
    if channel.always or not open_at(channel, moment, calendar=calendar):
        return None
    held = next(_stretches(channel, moment, calendar))
    return held.closes if held.closes < _horizon(moment, calendar) else None


def next_opening(channel: Channel, moment: datetime, *, calendar: Calendar) -> datetime | None:
    """When it opens for the first time after a moment; none where that is not known, or it never closes."""
    if channel.always:
        return None
    return next((one.opens for one in _stretches(channel, moment, calendar) if one.opens > moment), None)


def shifts_on(channel: Channel, day: date, *, calendar: Calendar) -> Sequence[Stretch]:
    """The hours of a date, in order; none on a holiday or a closure unless it attends on those too."""
    if channel.always:
        return [Stretch(calendar.midnight_of(day), calendar.midnight_after_date(day))]
    if not channel.holidays and why_off(calendar, day) is not None:
        return []
    hours = _week(channel, calendar).get(day.weekday(), ())
    made = [Stretch(_at(day, opens, calendar), _at(day, closes, calendar)) for opens, closes in sorted(hours)]
    return [one for one in made if one.closes > one.opens]


def week_table(channel: Channel, *, calendar: Calendar) -> Sequence[Days]:
    """The usual week, neighbouring days with the same hours together."""
    week = _week(channel, calendar)
    days = [(day, tuple(sorted(week.get(day, ())))) for day in range(7)]
    runs = [(list(run), shifts) for shifts, run in groupby(days, key=lambda pair: pair[1])]
    return [Days(run[0][0], run[-1][0], shifts) for run, shifts in runs]


def why_off(calendar: Calendar, day: date) -> str | None:
    """The holiday or the act that closes a date; none where it is only a day of the week."""
    if off := calendar.off_days.get(day):
        return off.name or ""
    return calendar.closures.get(day) or "" if day in calendar.closures else None


def days_off_from(calendar: Calendar, day: date, *, days: int) -> Sequence[DaysOff]:
    """The holidays and closures of so many days, the first included; a closure of several is one."""
    reasons = [(day + number * DAY, why_off(calendar, day + number * DAY)) for number in range(days)]
    runs = [(why, [one for one, _why in run]) for why, run in groupby(reasons, key=lambda pair: pair[1])]
    return [DaysOff(run[0], run[-1], why) for why, run in runs if why is not None]


def _stretches(channel: Channel, moment: datetime, calendar: Calendar) -> Iterator[Stretch]:
    """Those that have not closed at a moment, in order, joined where one closes as the next opens."""
    held: Stretch | None = None
    for day in _days(moment, calendar):
        for one in shifts_on(channel, day, calendar=calendar):
            if held and one.opens <= held.closes:
                held = Stretch(held.opens, max(held.closes, one.closes))
                continue
            if held and held.closes > moment:
                yield held
            held = one
    if held and held.closes > moment:
        yield held


def _days(moment: datetime, calendar: Calendar) -> Iterator[date]:
    today = calendar.day_of(moment)
    return (today + number * DAY for number in range(-1, LOOK_AHEAD))


def _horizon(moment: datetime, calendar: Calendar) -> datetime:
    return calendar.midnight_of(calendar.day_of(moment) + LOOK_AHEAD * DAY)


def _week(channel: Channel, calendar: Calendar) -> Week:
    """The channel's hours, or the office's on the days the organisation works."""
    if channel.always:
        return dict.fromkeys(range(7), ((0, DAY_MINUTES),))
    if channel.by_notice:
        return {}
    if channel.hours is not None:
        return channel.hours
    office: Mapping[int, Sequence[Shift]] = calendar.office_hours
    return {day: tuple(shifts) for day, shifts in office.items() if day not in calendar.weekend}


def _at(day: date, minutes: int, calendar: Calendar) -> datetime:
    if minutes == DAY_MINUTES:
        return calendar.midnight_after_date(day)
    return instant_of(datetime.combine(day, time(minutes // 60, minutes % 60)), calendar.zone).astimezone(UTC)
