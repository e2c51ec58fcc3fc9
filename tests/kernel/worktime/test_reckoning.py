"""A term through its life, case by case, on the calendar of 2026."""

from datetime import UTC, date, datetime

import pytest

from escucha.kernel.norms.pack import load_pack
from escucha.kernel.worktime.calendar import NeverOpen, OutsideYears, Reason
from escucha.kernel.worktime.life import (
    WHY_REFUSED,
    Cap,
    Completed,
    CompletionRequested,
    Extended,
    RequestDay,
    Resume,
    StagesTooLong,
    Switches,
)
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.terms import CountFrom, ReceiptRule, Term, Unit, due, months_later

CALENDAR = load_pack("co").calendar(office_hours={day: ((480, 720), (840, 1020)) for day in range(5)})
DAYS, ALL_DAYS, MONTHS = Unit.BUSINESS_DAYS, Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS
ROLL = ReceiptRule.OFFICE_HOURS_ROLL


def at(text):
    return datetime.fromisoformat(f"2026-{text}-05:00")


def on(text):
    return date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("received", "term", "ends"),
    [
        ("03-02T10:00", Term(15, DAYS), "03-24"),
        ("03-02T23:59:59", Term(1, DAYS), "03-03"),
        ("03-07T10:00", Term(1, DAYS), "03-09"),
        ("03-02T10:00", Term(1, DAYS, CountFrom.SAME_DAY), "03-02"),
        ("03-07T10:00", Term(1, DAYS, CountFrom.SAME_DAY), "03-09"),
        ("03-06T10:00", Term(5, ALL_DAYS), "03-11"),
        ("03-06T10:00", Term(1, ALL_DAYS), "03-09"),
        ("03-06T10:00", Term(1, ALL_DAYS, roll_last_day=False), "03-07"),
        ("03-06T10:00", Term(1, ALL_DAYS, CountFrom.SAME_DAY), "03-06"),
        ("01-31T10:00", Term(1, MONTHS), "03-02"),
        ("01-31T10:00", Term(1, MONTHS, roll_last_day=False), "02-28"),
        ("03-25T10:00", Term(3, MONTHS), "06-25"),
    ],
)
def test_when_it_ends(received, term, ends):
    found = due(CALENDAR, at(received), term)
    assert found.due_date == on(ends)
    assert found.due_at == CALENDAR.midnight_after_date(on(ends))


@pytest.mark.parametrize(
    ("received", "counts_as"),
    [
        ("03-02T06:00", "03-02"),  # before opening
        ("03-02T13:00", "03-02"),  # between shifts
        ("03-02T17:00:00", "03-02"),  # the closing is inclusive to the second
        ("03-02T17:00:00.900", "03-02"),
        ("03-02T17:00:01", "03-03"),
        ("03-06T17:00:01", "03-09"),
        ("03-21T10:00", "03-24"),  # Saturday before a holiday on Monday
    ],
)
def test_receipt_by_office_hours(received, counts_as):
    assert due(CALENDAR, at(received), Term(1, DAYS), ROLL).effective_receipt == on(counts_as)


def test_a_closure_stops_receipt_too():
    closed = load_pack("co").calendar(closures={on("03-02"): "Resolución 1"}, office_hours=CALENDAR.office_hours)
    assert due(closed, at("03-02T10:00"), Term(1, DAYS), ROLL)[:2] == (on("03-03"), on("03-04"))
    assert due(closed, at("03-02T10:00"), Term(1, DAYS))[:2] == (on("03-02"), on("03-03"))
    assert due(closed, at("03-02T10:00"), Term(24, Unit.ELAPSED_HOURS)).due_at == at("03-03T10:00")


def test_hours_run_through_nights_and_holidays():
    found = due(CALENDAR, at("04-01T20:30"), Term(72, Unit.ELAPSED_HOURS))
    assert (found.due_date, found.due_at) == (on("04-04"), datetime(2026, 4, 5, 1, 30, tzinfo=UTC))


def test_working_minutes_may_end_as_the_office_closes():
    assert due(CALENDAR, at("03-02T16:40"), Term(20, Unit.WORKING_MINUTES)).due_at == at("03-02T17:00")
    assert due(CALENDAR, at("03-02T17:00"), Term(20, Unit.WORKING_MINUTES)).due_at == at("03-03T08:20")


TERM = Term(10, DAYS)  # received on Monday 2 March: ends on Monday 16 March
REQUEST, DONE = CompletionRequested(on("03-05")), Completed(on("03-11"))


@pytest.mark.parametrize(
    ("switches", "ends"),
    [
        (Switches(), "03-20"),
        (Switches(request_day=RequestDay.NOT_CONSUMED), "03-24"),
        (Switches(resume=Resume.RESTART), "03-26"),
    ],
)
def test_a_pause_and_what_is_left(switches, ends):
    found = reckon(CALENDAR, at("03-02T10:00"), TERM, events=[REQUEST, DONE], switches=switches)
    assert (found.due_date, found.counted_days, found.paused_since) == (on(ends), 10, None)
    assert found.person_until == on("04-06")


def test_never_completed_has_no_due_time():
    found = reckon(
        CALENDAR, at("03-02T10:00"), TERM, events=[REQUEST], switches=Switches(person_months=2), stages=[3, 2]
    )
    assert (found.due_date, found.due_at, found.paused_since) == (None, None, on("03-05"))
    assert found.person_until == on("05-05")
    assert found.counted_days == 3
    assert found.stage_due[0].due_date == on("03-05")
    assert found.stage_due[1] == (None, None)
    assert found.ledger[-1][:3] == (on("03-05"), Reason.COUNTED, 3)


def test_days_closed_within_a_pause_count_once():
    closed = load_pack("co").calendar(closures={on("03-09"): "A", on("03-10"): "A", on("03-12"): "A"})
    found = reckon(closed, at("03-02T10:00"), TERM, events=[REQUEST, DONE])
    assert found.due_date == on("03-24")
    assert [row.reason for row in found.ledger if row.date in (on("03-09"), on("03-12"))] == [Reason.CLOSURE] * 2


def test_all_days_used_before_the_pause_leave_the_day_of_completion():
    used = Term(3, DAYS)
    assert reckon(CALENDAR, at("03-02T10:00"), used, events=[REQUEST, DONE]).due_date == on("03-11")
    found = reckon(CALENDAR, at("03-02T10:00"), used, events=[REQUEST, Completed(on("03-14"))])
    assert found.due_date == on("03-16")


@pytest.mark.parametrize(
    ("events", "refused"),
    [
        ([CompletionRequested(on("03-01"))], [(0, "before_receipt")]),
        ([CompletionRequested(on("03-16"))], []),
        ([CompletionRequested(on("03-17"))], [(0, "late_request")]),
        ([REQUEST, CompletionRequested(on("03-06"))], [(1, "already_paused")]),
        ([DONE], [(0, "not_paused")]),
        ([DONE, REQUEST], []),  # applied by date, not by place
        ([Completed(on("03-05")), REQUEST], [(0, "not_paused")]),  # one date: in the order told
        ([Extended(20, at("03-16T23:59:59"))], []),
        ([Extended(20, at("03-17T00:00"))], [(0, "late_extension")]),
        ([Extended(21, at("03-10T10:00"))], [(0, "over_cap")]),
        ([Extended(10, at("03-10T10:00"))], [(0, "no_longer")]),
        ([Extended(20, at("03-02T09:59"))], [(0, "before_receipt")]),
        ([Extended(11, at("03-10T10:00")), Extended(12, at("03-11T10:00"))], [(1, "second_extension")]),
        ([Extended(21, at("03-10T10:00")), Extended(20, at("03-11T10:00"))], [(0, "over_cap")]),
        ([REQUEST, DONE, Extended(20, at("03-19T10:00"))], []),  # the due time moved with the pause
        ([REQUEST, Extended(20, at("03-25T10:00"))], []),  # while paused it has not run out
    ],
)
def test_what_is_refused(events, refused):
    found = reckon(CALENDAR, at("03-02T10:00"), TERM, events=events)
    assert found.refused == [(place, WHY_REFUSED[why]) for place, why in refused]


def test_a_request_after_the_window_changes_nothing():
    term, events = Term(30, DAYS), [CompletionRequested(on("03-17")), Completed(on("03-18"))]
    found = reckon(CALENDAR, at("03-02T10:00"), term, events=events)
    assert [refusal.event for refusal in found.refused] == [0, 1]
    assert found.person_until is None
    assert found.due_date == due(CALENDAR, at("03-02T10:00"), term).due_date
    weekend = [CompletionRequested(on("03-14"))]
    assert not reckon(CALENDAR, at("03-02T10:00"), term, events=weekend).refused
    assert reckon(CALENDAR, at("02-27T10:00"), term, events=weekend).refused, "the window ended on Friday"


@pytest.mark.parametrize("unit", [Unit.ELAPSED_HOURS, Unit.ELAPSED_MINUTES])
def test_hours_are_neither_paused_nor_extended(unit):
    found = reckon(CALENDAR, at("03-02T10:00"), Term(240, unit), events=[REQUEST, Extended(300, at("03-02T10:01"))])
    assert sorted(refusal.event for refusal in found.refused) == [0, 1]


@pytest.mark.parametrize(
    ("cap", "total", "taken"),
    [
        (Cap(factor=2), 20, True),
        (Cap(plus=5), 15, True),
        (Cap(plus=5), 16, False),
        (Cap(plus=8), 18, True),
        (Cap(factor=1.15), 11, True),
        (None, 11, False),
    ],
)
def test_extension_up_to_its_cap(cap, total, taken):
    told = [Extended(total, at("03-10T10:00"))]
    found = reckon(CALENDAR, at("03-02T10:00"), TERM, events=told, switches=Switches(extension_cap=cap))
    assert found.counted_days == (total if taken else 10)
    assert bool(found.refused) is not taken


def test_stages_add_up_within_the_term():
    found = reckon(CALENDAR, at("03-02T10:00"), Term(7, DAYS), stages=[5, 2])
    assert [stage.due_date for stage in found.stage_due] == [on("03-09"), on("03-11")]
    with pytest.raises(StagesTooLong):
        reckon(CALENDAR, at("03-02T10:00"), Term(7, DAYS), stages=[5, 3])


def test_the_ledger_has_a_row_for_each_date():
    rows = reckon(CALENDAR, at("03-20T18:00"), Term(2, DAYS), ROLL).ledger
    assert [(row.date.day, row.reason.value, row.n) for row in rows] == [
        (20, "outside_hours", None),
        (21, "saturday", None),
        (22, "sunday", None),
        (23, "holiday", None),
        (24, "received", None),
        (25, "counted", 1),
        (26, "counted", 2),
    ]
    assert rows[3].norm == "Ley 51 de 1983, art. 1"
    assert all(row.norm for row in rows)


def test_a_last_day_that_moves_counts_where_it_lands():
    rows = reckon(CALENDAR, at("03-05T10:00"), Term(2, ALL_DAYS)).ledger
    assert [(row.reason.value, row.n) for row in rows] == [
        ("received", None),
        ("counted", 1),
        ("saturday", None),
        ("sunday", None),
        ("counted", 2),
    ]


def test_the_ledger_of_hours_has_the_first_and_the_last_date():
    rows = reckon(CALENDAR, at("04-01T20:30"), Term(72, Unit.ELAPSED_HOURS)).ledger
    assert [(row.date, row.reason.value, row.n) for row in rows] == [
        (on("04-01"), "received", None),
        (on("04-04"), "counted", 72),
    ]


def test_month_ends():
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_later(date(2026, 11, 30), 1) == date(2026, 12, 30)


@pytest.mark.parametrize("unit", list(Unit))
def test_a_term_out_of_the_calendar_is_refused(unit):
    with pytest.raises((OutsideYears, NeverOpen)):
        due(CALENDAR, at("03-02T10:00"), Term(10**12, unit))
    with pytest.raises((OutsideYears, NeverOpen)):
        due(CALENDAR, datetime(1983, 5, 5, tzinfo=UTC), Term(1, unit))
