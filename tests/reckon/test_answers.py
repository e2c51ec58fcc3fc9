"""What an answer holds: the issue's own example to the letter, ledgers row by row, the holidays of seven years."""

from datetime import date
from typing import Any

import holidays
import pytest

from tests.reckon.asking import SPLIT_WEEK, ask, ask_raw, question

FIELDS = {
    "id",
    "effective_receipt",
    "due_date",
    "due_at",
    "counted_days",
    "person_until",
    "paused_since",
    "ledger",
    "refused",
}
PRINTED = {
    2024: "01-01 01-08 03-25 03-28 03-29 05-01 05-13 06-03 06-10 07-01 07-20 08-07 08-19 10-14 11-04 11-11 12-08 12-25",
    2025: "01-01 01-06 03-24 04-17 04-18 05-01 06-02 06-23 06-30 07-20 08-07 08-18 10-13 11-03 11-17 12-08 12-25",
    2026: "01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-13 07-20 08-07 08-17 10-12 11-02 11-16 12-08"
    " 12-25",
    2027: "01-01 01-11 03-22 03-25 03-26 05-01 05-10 05-31 06-07 07-05 07-12 07-20 08-07 08-16 10-18 11-01 11-15 12-08"
    " 12-25",
    2028: "01-01 01-10 03-20 04-13 04-14 05-01 05-29 06-19 06-26 07-03 07-10 07-20 08-07 08-21 10-16 11-06 11-13 12-08"
    " 12-25",
    2029: "01-01 01-08 03-19 03-29 03-30 05-01 05-14 06-04 06-11 07-02 07-09 07-20 08-07 08-20 10-15 11-05 11-12 12-08"
    " 12-25",
    2030: "01-01 01-07 03-25 04-18 04-19 05-01 06-03 06-24 07-01 07-15 07-20 08-07 08-19 10-14 11-04 11-11 12-08 12-25",
}


def ledger_of(asked: dict[str, Any]) -> list[tuple[str, int | None, str]]:
    """The ledger as (date, n, reason)."""
    return [(row["date"], row["n"], row["reason"]) for row in ask([asked])[0]["ledger"]]


@pytest.mark.requirement("MORE-01.1")
def test_the_example_of_the_text() -> None:
    (answer,) = ask([question(15)])
    assert answer.keys() - {"stage_due"} == FIELDS
    assert answer["effective_receipt"] == "2026-03-02"
    assert (answer["due_date"], answer["due_at"]) == ("2026-03-24", "2026-03-25T05:00:00Z")
    assert (answer["counted_days"], answer["person_until"], answer["paused_since"]) == (15, None, None)
    assert answer["refused"] == []
    assert len(answer["ledger"]) == 23


@pytest.mark.requirement("MORE-01.1")
def test_each_day_says_whether_it_counted_and_why() -> None:
    assert ledger_of(question(4, at="2026-03-19T10:00:00-05:00", closures=["2026-03-25"])) == [
        ("2026-03-19", None, "received"),
        ("2026-03-20", 1, "counted"),
        ("2026-03-21", None, "saturday"),
        ("2026-03-22", None, "sunday"),
        ("2026-03-23", None, "holiday"),
        ("2026-03-24", 2, "counted"),
        ("2026-03-25", None, "closure"),
        ("2026-03-26", 3, "counted"),
        ("2026-03-27", 4, "counted"),
    ]


@pytest.mark.requirement("MORE-01.1")
def test_paused_days_are_told() -> None:
    events = [{"type": "completion_requested", "on": "2026-03-03"}, {"type": "completed", "on": "2026-03-05"}]
    assert ledger_of(question(3, events=events)) == [
        ("2026-03-02", None, "received"),
        ("2026-03-03", 1, "counted"),
        ("2026-03-04", None, "paused"),
        ("2026-03-05", None, "paused"),
        ("2026-03-06", 2, "counted"),
        ("2026-03-07", None, "saturday"),
        ("2026-03-08", None, "sunday"),
        ("2026-03-09", 3, "counted"),
    ]


@pytest.mark.requirement("MORE-01.1")
def test_a_calendar_term_that_ends_on_a_sunday_explains_its_monday() -> None:
    assert ledger_of(question(3, "calendar_days", at="2026-03-05T10:00:00-05:00")) == [
        ("2026-03-05", None, "received"),
        ("2026-03-06", 1, "counted"),
        ("2026-03-07", 2, "counted"),
        ("2026-03-08", None, "sunday"),
        ("2026-03-09", 3, "counted"),
    ]


@pytest.mark.requirement("MORE-01.1")
def test_a_last_day_that_was_moving_when_the_term_stopped_has_landed_nowhere() -> None:
    events = [{"type": "completion_requested", "on": "2026-03-01"}]
    assert ledger_of(question(2, "calendar_days", at="2026-02-26T10:00:00-05:00", events=events)) == [
        ("2026-02-26", None, "received"),
        ("2026-02-27", 1, "counted"),
        ("2026-02-28", None, "saturday"),
        ("2026-03-01", None, "sunday"),
    ]


@pytest.mark.requirement("MORE-01.1")
def test_a_late_receipt_is_outside_hours() -> None:
    asked = question(1, at="2026-03-06T18:00:00-05:00", receipt_rule="office_hours_roll", office_hours=SPLIT_WEEK)
    assert ledger_of(asked) == [
        ("2026-03-06", None, "outside_hours"),
        ("2026-03-07", None, "saturday"),
        ("2026-03-08", None, "sunday"),
        ("2026-03-09", None, "received"),
        ("2026-03-10", 1, "counted"),
    ]


@pytest.mark.requirement("MORE-01.1")
def test_elapsed_time_has_its_first_and_last_date_only() -> None:
    rows = ledger_of(question(72, "elapsed_hours"))
    assert [row[0] for row in rows] == ["2026-03-02", "2026-03-05"]
    assert [row[0] for row in ledger_of(question(30, "elapsed_minutes"))] == ["2026-03-02"]


@pytest.mark.requirement("MORE-01.1")
def test_working_minutes_have_a_row_for_each_date() -> None:
    asked = question(600, "working_minutes", at="2026-03-20T10:00:00-05:00", office_hours=SPLIT_WEEK)
    rows = ledger_of(asked)
    assert [row[0] for row in rows] == [f"2026-03-{day}" for day in range(20, 25)]
    assert [row[2] for row in rows[1:4]] == ["saturday", "sunday", "holiday"]


@pytest.mark.requirement("MORE-01.1")
def test_months_have_a_row_for_each_date() -> None:
    rows = ledger_of(question(1, "calendar_months", at="2026-02-23T10:00:00-05:00"))
    assert len(rows) == 30
    assert (rows[0][2], rows[-2][0], rows[-2][2]) == ("received", "2026-03-23", "holiday")


@pytest.fixture(scope="module")
def years() -> dict[int, list[dict[str, Any]]]:
    """The ledger of each year's every day, without weekends: all dates of 2024 to 2030 that are no holiday count."""
    asked = [
        question(340, at=f"{year - 1}-12-30T10:00:00-05:00", weekend=[], layers=["national", "national-executive"])
        for year in PRINTED
    ]
    return {year: answer["ledger"] for year, answer in zip(PRINTED, ask(asked), strict=True)}


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("year", PRINTED)
def test_holidays_are_those_of_the_printed_table(year: int, years: dict[int, list[dict[str, Any]]]) -> None:
    found = [row["date"][5:] for row in years[year] if row["reason"] == "holiday" and row["date"][:4] == str(year)]
    last = years[year][-1]["date"]
    assert found == [day for day in PRINTED[year].split() if f"{year}-{day}" <= last]
    assert f"{year}-11-30" < last


@pytest.mark.parametrize("year", PRINTED)
def test_the_printed_table_is_that_of_the_library(year: int) -> None:
    printed = {date.fromisoformat(f"{year}-{day}") for day in PRINTED[year].split()}
    assert printed == set(holidays.country_holidays("CO", years=year))


@pytest.mark.requirement("MORE-01.1")
def test_holidays_of_december_too() -> None:
    asked = [question(340, at=f"{year}-06-01T10:00:00-05:00", weekend=[]) for year in PRINTED]
    for year, answer in zip(PRINTED, ask(asked), strict=True):
        found = [r["date"][5:] for r in answer["ledger"] if r["reason"] == "holiday" and r["date"][:4] == str(year)]
        assert found == [day for day in PRINTED[year].split() if day >= "06-01"]


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize(
    ("day", "reason", "law"),
    [
        ("2026-03-23", "holiday", "Ley 51 de 1983"),
        ("2026-07-13", "holiday", "Ley 2578 de 2026"),
        ("2026-04-17", "civic_day", "Decreto 500 de 2024"),
        ("2026-12-25", "holiday", "Ley 51 de 1983"),
        ("2025-06-30", "holiday", "Ley 51 de 1983"),
    ],
)
def test_norms_are_named(day: str, reason: str, law: str, years: dict[int, list[dict[str, Any]]]) -> None:
    row = next((row for row in years[int(day[:4])] if row["date"] == day), None)
    if row is None:
        asked = question(5, at=f"{day[:8]}20T10:00:00-05:00", weekend=[])
        row = next(row for row in ask([asked])[0]["ledger"] if row["date"] == day)
    assert row["reason"] == reason
    assert law in row["norm"]
    assert "art" in row["norm"]


@pytest.mark.requirement("MORE-01.1")
def test_the_civic_day_of_2025_names_its_decree(years: dict[int, list[dict[str, Any]]]) -> None:
    (row,) = [row for row in years[2025] if row["date"] == "2025-03-18"]
    assert row["reason"] == "civic_day"
    assert "302 de 2025" in row["norm"]


@pytest.mark.requirement("MORE-01.1")
def test_a_closure_names_its_act() -> None:
    closed = [{"from": "2026-03-04", "to": "2026-03-05", "act": "Resolución 12 de 2026"}]
    rows = ask([question(3, closures=closed)])[0]["ledger"]
    assert [row["norm"] for row in rows if row["reason"] == "closure"] == ["Resolución 12 de 2026"] * 2


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("given", ["a", "á\U0001f33f", 7, 0, "", None, "x" * 1000])
def test_the_id_is_echoed(given: Any) -> None:
    assert ask([question(15, id=given)])[0]["id"] == given


@pytest.mark.requirement("MORE-01.1")
def test_no_questions_no_answers() -> None:
    assert ask_raw([]) == []
