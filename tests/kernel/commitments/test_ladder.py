"""When reminders and escalations fall: exactly, in the unit of the term, and none is lost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escucha.kernel.commitments.ladder import LATE, Rung, ladder_of, plan
from escucha.kernel.worktime.terms import ELAPSED, Unit
from tests.kernel.commitments.making import CALENDAR, DUE, LADDER, MONDAY, calendar_of, local

ZONES = {name: calendar_of(ZoneInfo(name)) for name in ("America/Bogota", "America/Santiago", "Europe/Madrid")}
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(), timedelta(days=90))
units = st.sampled_from(list(Unit))
zones = st.sampled_from(sorted(ZONES))
ladders = st.lists(
    st.one_of(
        st.builds(dict, spent=st.floats(0, 3, allow_nan=False)),
        st.builds(dict, minutes_before=st.integers(0, 10_000)),
        st.builds(dict, minutes_after=st.integers(0, 10_000)),
    ),
    max_size=5,
).map(lambda rungs: [Rung(f"step_{n}", **rung) for n, rung in enumerate(rungs)])


class TestTermsInDays:
    def test_steps_count_working_time(self) -> None:
        planned = plan(LADDER, owed_at=MONDAY, due_at=DUE, calendar=CALENDAR, unit=Unit.BUSINESS_DAYS)
        # Eleven working days from Monday the 2nd to Monday the 16th: 88 hours, of which 44, 79.2 and 8.8 beyond.
        assert [(step.step, step.at, step.to) for step in planned] == [
            ("remind_owner", local(2026, 3, 9, 12), ""),
            ("tell_supervisor", local(2026, 3, 13, 16, 12), "jefe"),
            ("tell_director", local(2026, 3, 18, 8, 48), "directora"),
        ]

    def test_a_receipt_out_of_hours_waits_for_the_opening(self) -> None:
        night = local(2026, 3, 6, 20)
        (step,) = plan(
            [Rung("half", spent=0.5)],
            owed_at=night,
            due_at=local(2026, 3, 10),
            calendar=CALENDAR,
            unit=Unit.BUSINESS_DAYS,
        )
        assert step.at == local(2026, 3, 9, 12)

    def test_minutes_before_and_after_are_working_minutes(self) -> None:
        rungs = [Rung("day_before", minutes_before=480), Rung("day_after", minutes_after=480)]
        planned = plan(rungs, owed_at=MONDAY, due_at=DUE, calendar=CALENDAR, unit=Unit.CALENDAR_DAYS)
        assert [step.at for step in planned] == [local(2026, 3, 13, 17), local(2026, 3, 17, 17)]


class TestTermsInHours:
    def test_steps_run_through_nights_and_holidays(self) -> None:
        friday = local(2026, 3, 20, 18)
        planned = plan(
            LADDER, owed_at=friday, due_at=friday + timedelta(hours=48), calendar=CALENDAR, unit=Unit.ELAPSED_HOURS
        )
        assert [step.at - friday for step in planned] == [timedelta(hours=h) for h in (24, 43.2, 52.8)]

    @pytest.mark.parametrize("name", ["America/Santiago", "Europe/Madrid"])
    def test_an_hour_is_an_hour_when_clocks_change(self, name: str) -> None:
        zone = ZoneInfo(name)
        eve = (
            datetime(2026, 3, 28, 20, tzinfo=zone) if name == "Europe/Madrid" else datetime(2026, 4, 4, 20, tzinfo=zone)
        )
        owed_at = eve.astimezone(UTC)
        (step,) = plan(
            [Rung("half", spent=0.5)],
            owed_at=owed_at,
            due_at=owed_at + timedelta(hours=24),
            calendar=ZONES[name],
            unit=Unit.ELAPSED_HOURS,
        )
        assert step.at - owed_at == timedelta(hours=12)


@pytest.mark.requirement("MORE-04.2")
@settings(max_examples=150, deadline=None)
@given(rungs=ladders, owed_at=moments, span=spans, ran=spans, unit=units, zone=zones)
def test_every_step_is_planned_on_its_side_of_the_due_time(
    rungs: list[Rung], owed_at: datetime, span: timedelta, ran: timedelta, unit: Unit, zone: str
) -> None:
    due_at = owed_at + span
    planned = plan(rungs, owed_at=owed_at, due_at=due_at, calendar=ZONES[zone], unit=unit, spent=ran)
    assert sorted(step.step for step in planned) == sorted(rung.step for rung in rungs)
    assert [step.at for step in planned] == sorted(step.at for step in planned)
    by_name = {rung.step: rung for rung in rungs}
    for step in planned:
        assert step.at >= owed_at
        if by_name[step.step].at_due:
            assert step.at == due_at
        elif by_name[step.step].after_due:
            assert step.at >= due_at
        else:
            assert step.at <= due_at


@settings(max_examples=100, deadline=None)
@given(rungs=ladders, owed_at=moments, span=spans, wait=spans, unit=units, zone=zones)
def test_a_step_whose_moment_has_gone_falls_now(
    rungs: list[Rung], owed_at: datetime, span: timedelta, wait: timedelta, unit: Unit, zone: str
) -> None:
    said = {"owed_at": owed_at, "due_at": owed_at + span, "calendar": ZONES[zone], "unit": unit}
    on_time, now = plan(rungs, **said), owed_at + wait
    planned = {step.step: step.at for step in plan(rungs, **said, now=now)}
    assert planned == {step.step: max(step.at, now) for step in on_time}


@settings(max_examples=100, deadline=None)
@given(
    shares=st.lists(st.floats(0, 3, allow_nan=False), min_size=2, max_size=2).map(sorted),
    owed_at=moments,
    span=spans,
    unit=units,
    zone=zones,
)
def test_a_larger_share_never_falls_earlier(
    shares: list[float], owed_at: datetime, span: timedelta, unit: Unit, zone: str
) -> None:
    rungs = [Rung("less", spent=shares[0]), Rung("more", spent=shares[1])]
    planned = plan(rungs, owed_at=owed_at, due_at=owed_at + span, calendar=ZONES[zone], unit=unit)
    moments_of = {step.step: step.at for step in planned}
    assert moments_of["less"] <= moments_of["more"]


@settings(max_examples=100, deadline=None)
@given(share=st.floats(0, 0.99), owed_at=moments, span=spans, unit=units, zone=zones)
def test_a_share_of_the_time_is_measured_back(
    share: float, owed_at: datetime, span: timedelta, unit: Unit, zone: str
) -> None:
    calendar, due_at = ZONES[zone], owed_at + span
    (step,) = plan([Rung("some", spent=share)], owed_at=owed_at, due_at=due_at, calendar=calendar, unit=unit)
    between = (lambda start, end: end - start) if unit in ELAPSED else calendar.between
    exact = between(owed_at, due_at).total_seconds() * share
    assert exact - 1 < between(owed_at, step.at).total_seconds() <= exact + 0.001


def test_what_ran_before_a_pause_counts_as_spent() -> None:
    resumed = local(2026, 4, 6, 8)
    (step,) = plan(
        [Rung("half", spent=0.5)],
        owed_at=resumed,
        due_at=local(2026, 4, 8),  # two days left
        calendar=CALENDAR,
        unit=Unit.BUSINESS_DAYS,
        spent=timedelta(hours=8),  # one day had run: half of three days is four hours into the second
    )
    assert step.at == local(2026, 4, 6, 12)


def test_two_steps_may_share_an_instant_and_keep_their_order() -> None:
    rungs = [Rung("b", spent=1), Rung("a", minutes_before=0)]
    planned = plan(rungs, owed_at=MONDAY, due_at=DUE, calendar=CALENDAR, unit=Unit.BUSINESS_DAYS)
    assert [(step.step, step.at) for step in planned] == [("b", DUE), ("a", DUE)]


@pytest.mark.parametrize(
    "odd",
    [{}, {"spent": 0.5, "minutes_before": 5}, {"spent": -0.1}, {"minutes_after": -1}],
)
def test_an_odd_rung_is_refused(odd: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Rung("remind", **odd)  # type: ignore[arg-type]


def test_no_rung_is_nameless_or_takes_the_name_of_the_due_time() -> None:
    for name in ("", LATE):
        with pytest.raises(ValueError):
            Rung(name, spent=1)


def test_a_ladder_is_read_and_kept_as_plain_values() -> None:
    assert ladder_of(rung.plain() for rung in LADDER) == LADDER
    with pytest.raises(ValueError):
        ladder_of([{"step": "twice", "spent": 0.1}, {"step": "twice", "spent": 0.2}])
