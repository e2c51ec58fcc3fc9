"""Terms without events, reckoned by hand from a printed calendar: question, due date, what else is answered."""

from typing import Any, NamedTuple

from tests.reckon.asking import SPLIT_WEEK, question

SPLIT: dict[str, Any] = {"receipt_rule": "office_hours_roll", "office_hours": SPLIT_WEEK}
HOURS: dict[str, Any] = {"office_hours": SPLIT_WEEK}
EXEC: dict[str, Any] = {"layers": ["national", "national-executive"]}
SANTIAGO: dict[str, Any] = {"zone": "America/Santiago"}
MADRID: dict[str, Any] = {"zone": "Europe/Madrid"}


class Line(NamedTuple):
    name: str
    asked: dict[str, Any]
    due: str | None
    more: dict[str, Any] = {}  # noqa: RUF012 - never written


def days(amount: int, at: str = "2026-03-02T10:00:00-05:00", **more: Any) -> dict[str, Any]:
    return question(amount, "business_days", at, **more)


def calendar(amount: int, at: str = "2026-03-02T10:00:00-05:00", **more: Any) -> dict[str, Any]:
    return question(amount, "calendar_days", at, **more)


def months(amount: int, at: str, **more: Any) -> dict[str, Any]:
    return question(amount, "calendar_months", at, **more)


def working(minutes: int, at: str, **more: Any) -> dict[str, Any]:
    return question(minutes, "working_minutes", at, **HOURS | more)


def noon(day: str) -> str:
    return f"{day}T12:00:00-05:00"


BUSINESS = [
    Line("one day", days(1), "2026-03-03", {"due_at": "2026-03-04T05:00:00Z", "counted_days": 1}),
    Line("over a weekend", days(5), "2026-03-09", {"counted_days": 5}),
    Line("ten", days(10), "2026-03-16"),
    Line("received on a Friday", days(1, noon("2026-03-06")), "2026-03-09"),
    Line("received on a Saturday", days(15, noon("2026-03-07")), "2026-03-30", {"effective_receipt": "2026-03-07"}),
    Line("received on a holiday", days(3, noon("2026-03-23")), "2026-03-26", {"effective_receipt": "2026-03-23"}),
    Line("over Holy Week", days(10, noon("2026-03-27")), "2026-04-14"),
    Line("over the end of the year", days(30, noon("2026-12-01")), "2027-01-18"),
    Line("the July Monday exists from 2026", days(5, noon("2026-07-10")), "2026-07-21"),
    Line("and not before", days(5, noon("2025-07-11")), "2025-07-18"),
    Line("two holidays on one Monday", days(1, noon("2025-06-27")), "2025-07-01"),
    Line("New Year's Eve", days(1, noon("2026-12-31")), "2027-01-04"),
    Line("29 February", days(1, noon("2028-02-28")), "2028-02-29"),
    Line("a holiday on Sunday is not moved", days(1, noon("2025-07-18")), "2025-07-21"),
    Line("same day", days(15, count_from="same_day"), "2026-03-20", {"counted_days": 15}),
    Line("same day, on a Saturday", days(1, noon("2026-03-07"), count_from="same_day"), "2026-03-09"),
    Line("evening in UTC is yesterday", days(1, "2026-03-03T04:59:59Z"), "2026-03-03"),
    Line("midnight is today", days(1, "2026-03-03T05:00:00Z"), "2026-03-04", {"effective_receipt": "2026-03-03"}),
    Line("Saturdays worked", days(15, weekend=["sun"]), "2026-03-19"),
    Line("no weekend at all", days(15, weekend=[]), "2026-03-17"),
    Line("one closed day", days(5, closures=["2026-03-04"]), "2026-03-10"),
    Line(
        "year-end closing over holidays",
        days(10, noon("2026-12-14"), closures=[{"from": "2026-12-21", "to": "2027-01-08", "act": "Res. 1"}]),
        "2027-01-19",
    ),
    Line(
        "Holy Week closed",
        days(5, noon("2026-03-24"), closures=[{"from": "2026-03-30", "to": "2026-04-03", "act": "Res. 2"}]),
        "2026-04-07",
    ),
    Line(
        "closures that overlap count once",
        days(3, closures=["2026-03-04", {"from": "2026-03-03", "to": "2026-03-05", "act": "Res. 3"}]),
        "2026-03-10",
    ),
    Line("a Saturday closed changes nothing", days(5, closures=["2026-03-07"]), "2026-03-09"),
    Line("civic day 2026", days(2, noon("2026-04-15"), **EXEC), "2026-04-20"),
    Line("civic day only in its layer", days(2, noon("2026-04-15")), "2026-04-17"),
    Line("civic day of March 2025", days(1, noon("2025-03-17"), **EXEC), "2025-03-19"),
    Line("first civic Friday", days(1, noon("2024-04-18"), **EXEC), "2024-04-22"),
    Line("no civic Friday before the decree", days(1, noon("2023-04-20"), **EXEC), "2023-04-21"),
]
RECEIPT = [
    Line("the closing second", days(1, "2026-03-06T17:00:00-05:00", **SPLIT), "2026-03-09"),
    Line(
        "a second later",
        days(1, "2026-03-06T17:00:01-05:00", **SPLIT),
        "2026-03-10",
        {"effective_receipt": "2026-03-09"},
    ),
    Line(
        "before opening",
        days(1, "2026-03-02T05:00:00-05:00", **SPLIT),
        "2026-03-03",
        {"effective_receipt": "2026-03-02"},
    ),
    Line("between shifts", days(1, "2026-03-02T13:00:00-05:00", **SPLIT), "2026-03-03"),
    Line(
        "Saturday rolls",
        days(1, noon("2026-03-07"), **SPLIT),
        "2026-03-10",
        {"effective_receipt": "2026-03-09"},
    ),
    Line("holiday rolls", days(1, noon("2026-03-23"), **SPLIT), "2026-03-25", {"effective_receipt": "2026-03-24"}),
    Line(
        "closure rolls",
        days(1, noon("2026-03-24"), closures=["2026-03-24"], **SPLIT),
        "2026-03-26",
        {"effective_receipt": "2026-03-25"},
    ),
    Line(
        "a day without hours rolls",
        days(1, noon("2026-03-06"), receipt_rule="office_hours_roll", office_hours={"mon": [["08:00", "17:00"]]}),
        "2026-03-10",
        {"effective_receipt": "2026-03-09"},
    ),
    Line(
        "Saturday with hours and worked",
        days(
            1,
            "2026-03-07T10:00:00-05:00",
            receipt_rule="office_hours_roll",
            office_hours=SPLIT_WEEK | {"sat": [["08:00", "12:00"]]},
            weekend=["sun"],
        ),
        "2026-03-09",
        {"effective_receipt": "2026-03-07"},
    ),
    Line(
        "Saturday with hours, not a business day",
        days(
            1,
            "2026-03-07T10:00:00-05:00",
            receipt_rule="office_hours_roll",
            office_hours=SPLIT_WEEK | {"sat": [["08:00", "12:00"]]},
        ),
        "2026-03-10",
    ),
    Line(
        "late and counted from the same day",
        days(1, "2026-03-06T17:00:01-05:00", count_from="same_day", **SPLIT),
        "2026-03-09",
    ),
]
CALENDAR = [
    Line("ten", calendar(10), "2026-03-12", {"counted_days": 10}),
    Line("rolls to Monday", calendar(5), "2026-03-09", {"counted_days": 5}),
    Line("does not roll", calendar(5, roll_last_day=False), "2026-03-07", {"due_at": "2026-03-08T05:00:00Z"}),
    Line("same day", calendar(5, count_from="same_day"), "2026-03-06"),
    Line("rolls over a holiday", calendar(21), "2026-03-24"),
    Line("rolls over a closure", calendar(10, closures=["2026-03-12", "2026-03-13"]), "2026-03-16"),
    Line("31 January", months(1, noon("2026-01-31")), "2026-03-02", {"counted_days": None}),
    Line("31 January, no roll", months(1, noon("2026-01-31"), roll_last_day=False), "2026-02-28"),
    Line("31 March", months(1, noon("2026-03-31")), "2026-04-30"),
    Line("three months", months(3, noon("2026-03-02")), "2026-06-02", {"due_at": "2026-06-03T05:00:00Z"}),
    Line("to a holiday", months(1, noon("2026-02-23")), "2026-03-24"),
    Line("to a leap day", months(2, noon("2027-12-31")), "2028-02-29"),
    Line("from a leap day", months(12, noon("2028-02-29")), "2029-02-28"),
    Line(
        "months from the rolled receipt",
        months(1, noon("2026-02-28"), **SPLIT),
        "2026-04-06",
        {"effective_receipt": "2026-03-02"},
    ),
]
INSTANTS = [
    Line(
        "24 hours through Christmas",
        question(24, "elapsed_hours", "2026-12-24T18:00:00-05:00"),
        "2026-12-25",
        {"due_at": "2026-12-25T23:00:00Z", "counted_days": None},
    ),
    Line(
        "72 hours from a Friday",
        question(72, "elapsed_hours", "2026-03-06T18:30:15-05:00"),
        "2026-03-09",
        {"due_at": "2026-03-09T23:30:15Z"},
    ),
    Line(
        "90 minutes over midnight",
        question(90, "elapsed_minutes", "2026-03-02T23:00:00-05:00"),
        "2026-03-03",
        {"due_at": "2026-03-03T05:30:00Z"},
    ),
    Line(
        "closures never touch hours",
        question(24, "elapsed_hours", noon("2026-03-02"), closures=[{"from": "2026-03-01", "to": "2026-03-31"}]),
        "2026-03-03",
        {"due_at": "2026-03-03T17:00:00Z"},
    ),
    Line(
        "24 hours over the spring change",
        question(24, "elapsed_hours", "2026-09-05T12:00:00", **SANTIAGO),
        "2026-09-06",
        {"due_at": "2026-09-06T16:00:00Z"},
    ),
    Line(
        "24 hours over the autumn change",
        question(24, "elapsed_hours", "2026-10-24T23:30:00", **MADRID),
        "2026-10-25",
        {"due_at": "2026-10-25T21:30:00Z"},
    ),
    Line("an hour of work", working(60, "2026-03-02T10:00:00-05:00"), "2026-03-02", {"due_at": "2026-03-02T16:00:00Z"}),
    Line("to the closing", working(120, "2026-03-02T10:00:00-05:00"), "2026-03-02", {"due_at": "2026-03-02T17:00:00Z"}),
    Line("over lunch", working(121, "2026-03-02T10:00:00-05:00"), "2026-03-02", {"due_at": "2026-03-02T19:01:00Z"}),
    Line("from lunch", working(30, "2026-03-02T13:00:00-05:00"), "2026-03-02", {"due_at": "2026-03-02T19:30:00Z"}),
    Line("a whole day", working(420, "2026-03-02T08:00:00-05:00"), "2026-03-02", {"due_at": "2026-03-02T22:00:00Z"}),
    Line("and a minute", working(421, "2026-03-02T08:00:00-05:00"), "2026-03-03", {"due_at": "2026-03-03T13:01:00Z"}),
    Line("over a weekend", working(60, "2026-03-06T16:30:00-05:00"), "2026-03-09", {"due_at": "2026-03-09T13:30:00Z"}),
    Line("holiday", working(60, "2026-03-20T16:30:00-05:00"), "2026-03-24", {"due_at": "2026-03-24T13:30:00Z"}),
    Line(
        "closure",
        working(60, "2026-03-02T16:30:00-05:00", closures=["2026-03-03"]),
        "2026-03-04",
        {"due_at": "2026-03-04T13:30:00Z"},
    ),
    Line("early", working(10, "2026-03-02T06:00:00-05:00"), "2026-03-02", {"due_at": "2026-03-02T13:10:00Z"}),
    Line("seconds", working(30, "2026-03-02T10:00:30-05:00"), "2026-03-02", {"due_at": "2026-03-02T15:30:30Z"}),
]
ZONES = [
    Line(
        "midnight that does not exist",
        calendar(1, "2026-09-04T10:00:00", roll_last_day=False, **SANTIAGO),
        "2026-09-05",
        {"due_at": "2026-09-06T04:00:00Z"},
    ),
    Line(
        "midnight after the long Saturday",
        calendar(1, "2026-04-03T10:00:00", roll_last_day=False, **SANTIAGO),
        "2026-04-04",
        {"due_at": "2026-04-05T04:00:00Z"},
    ),
    Line("winter midnight", days(1, "2026-03-25T10:00:00", **MADRID), "2026-03-26", {"due_at": "2026-03-26T23:00:00Z"}),
    Line("summer midnight", days(1, "2026-03-27T10:00:00", **MADRID), "2026-03-30", {"due_at": "2026-03-30T22:00:00Z"}),
    Line(
        "the repeated hour, told by its offset",
        question(1, "elapsed_hours", "2026-10-25T02:30:00+01:00", **MADRID),
        "2026-10-25",
        {"due_at": "2026-10-25T02:30:00Z"},
    ),
    Line(
        "an offset that is not the zone's",
        days(1, "2026-03-02T23:30:00-05:00", **MADRID),
        "2026-03-04",
        {"effective_receipt": "2026-03-03"},
    ),
]
