"""Arbitrary calendars, terms and lives, in zones with and without daylight saving."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.days import CountingNorms, OffDay
from escucha.kernel.worktime.life import (
    Cap,
    Completed,
    CompletionRequested,
    Extended,
    RequestDay,
    Resume,
    Switches,
)
from escucha.kernel.worktime.terms import CountFrom, ReceiptRule, Term, Unit

YEARS = (2021, 2032)
FIRST, LAST = date(2022, 1, 1), date(2023, 12, 31)
DAYS = st.dates(FIRST, LAST)
NORMS = CountingNorms("received", "counted", "weekend", "closure", "paused", "outside", "elapsed")
ZONES = ["America/Bogota", "America/Santiago", "Europe/Madrid", "America/Havana", "Africa/Cairo", "Asia/Kathmandu"]

off_days = st.builds(OffDay, st.sampled_from(["holiday", "civic_day"]), st.just("law"), st.just("name"))
shifts = st.sampled_from(
    [(), ((480, 1020),), ((480, 720), (840, 1020)), ((0, 1440),), ((0, 60), (120, 180), (1380, 1440)), ((720, 725),)]
)


@st.composite
def closures(draw):
    found = {}
    for first in draw(st.lists(DAYS, max_size=3)):
        act = draw(st.sampled_from([None, "Resolución 1"]))
        for number in range(draw(st.integers(1, 20))):
            found.setdefault(first + timedelta(days=number), act)
    return found


@st.composite
def calendars(draw):
    hours = {day: draw(shifts) for day in range(7)}
    hours[1] = hours[1] or ((480, 1020),)
    return Calendar(
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        weekend=draw(st.frozensets(st.sampled_from([0, 2, 3, 4, 5, 6]), max_size=4)),
        off_days=draw(st.dictionaries(DAYS, off_days, max_size=25)),
        closures=draw(closures()),
        office_hours=hours,
        years=YEARS,
        norms=NORMS,
    )


moments = st.datetimes(datetime(2022, 1, 2), datetime(2023, 12, 30), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0, second=moment.second // 20 * 20)
)
rules = st.sampled_from(list(ReceiptRule))
DAY_UNITS = [Unit.BUSINESS_DAYS, Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS]


@st.composite
def terms(draw, units=tuple(DAY_UNITS)):
    unit = draw(st.sampled_from(units))
    most = {Unit.CALENDAR_MONTHS: 6, Unit.ELAPSED_HOURS: 200, Unit.ELAPSED_MINUTES: 3000, Unit.WORKING_MINUTES: 500}
    amount = draw(st.integers(1, most.get(unit, 40)))
    return Term(amount, unit, draw(st.sampled_from(list(CountFrom))), draw(st.booleans()))


switches = st.builds(
    Switches,
    request_day=st.sampled_from(list(RequestDay)),
    resume=st.sampled_from(list(Resume)),
    completion_window=st.sampled_from([1, 3, 10, 30]),
    person_months=st.integers(1, 3),
    extension_cap=st.sampled_from([None, Cap(factor=2), Cap(factor=1.5), Cap(plus=5), Cap(plus=8)]),
)


@st.composite
def stories(draw, received_at, amount):
    """A request, its completion, an extension, perhaps a second request: near enough to be accepted often."""
    asked = received_at.date() + timedelta(days=draw(st.integers(0, 9)))
    done = asked + timedelta(days=draw(st.integers(0, 25)))
    told_at = received_at + timedelta(hours=draw(st.integers(0, 500)))
    again = done + timedelta(days=draw(st.integers(0, 4)))
    story = [CompletionRequested(asked), Completed(done), Extended(amount + draw(st.integers(1, amount)), told_at)]
    story += [CompletionRequested(again), Completed(again + timedelta(days=draw(st.integers(0, 9))))]
    return draw(st.permutations(story))[: draw(st.integers(1, 5))] if draw(st.booleans()) else story


@st.composite
def accidents(draw, received_at, amount):
    """Whatever may be told of a term, in any order."""
    soon = st.integers(-2, 40).map(lambda days: received_at.date() + timedelta(days=days))
    told_at = st.integers(-20, 2000).map(lambda hours: received_at + timedelta(hours=hours))
    extended = st.builds(Extended, st.integers(1, 2 * amount + 2), told_at)
    happened = st.one_of(st.builds(CompletionRequested, soon), st.builds(Completed, soon), extended)
    return draw(st.lists(happened, max_size=5))


@st.composite
def lives(draw, units=tuple(DAY_UNITS)):
    """A moment of receipt, a term, its stages and what happened to it."""
    received_at, term = draw(moments), draw(terms(units))
    stages, left = [], term.amount
    while left and len(stages) < 3 and draw(st.booleans()):
        stages.append(draw(st.integers(1, left)))
        left -= stages[-1]
    told = draw(st.sampled_from([stories, accidents]))
    return received_at, term, stages, draw(told(received_at, term.amount))
