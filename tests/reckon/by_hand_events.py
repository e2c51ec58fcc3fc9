"""Pauses, extensions and stages, reckoned by hand from a printed calendar."""

from typing import Any

from tests.reckon.asking import question
from tests.reckon.by_hand import Line, calendar, days, months, noon


def requested(on: str) -> dict[str, Any]:
    return {"type": "completion_requested", "on": on}


def completed(on: str) -> dict[str, Any]:
    return {"type": "completed", "on": on}


def extended(total: int, told_at: str) -> dict[str, Any]:
    return {"type": "extended", "to_amount": total, "told_at": told_at}


P = "2026-03-06"
PAUSES = [
    Line(
        "request day consumed",
        days(15, events=[requested(P), completed("2026-03-20")]),
        "2026-04-09",
        {"person_until": "2026-04-06", "paused_since": None, "counted_days": 15, "refused": []},
    ),
    Line(
        "request day not consumed",
        days(15, request_day="not_consumed", events=[requested(P), completed("2026-03-20")]),
        "2026-04-10",
    ),
    Line(
        "restart",
        days(15, resume="restart", events=[requested(P), completed("2026-03-20")]),
        "2026-04-15",
    ),
    Line(
        "never completed",
        days(15, events=[requested(P)]),
        None,
        {"due_at": None, "paused_since": P, "person_until": "2026-04-06"},
    ),
    Line("two months", days(15, person_months=2, events=[requested(P)]), None, {"person_until": "2026-05-06"}),
    Line(
        "the person's month ends on a Saturday",
        days(15, noon("2026-01-26"), events=[requested("2026-01-30")]),
        None,
        {"person_until": "2026-03-02"},
    ),
    Line("tenth day", days(15, events=[requested("2026-03-16"), completed("2026-03-17")]), "2026-03-25"),
    Line(
        "eleventh day",
        days(15, events=[requested("2026-03-17")]),
        "2026-03-24",
        {"refused": [0], "person_until": None, "paused_since": None},
    ),
    Line("window of five", days(15, completion_window=5, events=[requested("2026-03-09")]), None, {"refused": []}),
    Line(
        "a day after", days(15, completion_window=5, events=[requested("2026-03-10")]), "2026-03-24", {"refused": [0]}
    ),
    Line(
        "asked twice",
        days(15, events=[requested(P), requested("2026-03-10")]),
        None,
        {"refused": [1], "paused_since": P},
    ),
    Line("nothing to complete", days(15, events=[completed("2026-03-10")]), "2026-03-24", {"refused": [0]}),
    Line(
        "hours do not pause",
        question(72, "elapsed_hours", noon("2026-03-02"), events=[requested("2026-03-03")]),
        "2026-03-05",
        {"refused": [0]},
    ),
    Line("completed on the day", days(15, events=[requested(P), completed(P)]), "2026-03-24"),
    Line("asked on a Saturday", days(15, events=[requested("2026-03-07"), completed("2026-03-09")]), "2026-03-25"),
    Line("asked on arrival", days(15, events=[requested("2026-03-02"), completed("2026-03-04")]), "2026-03-26"),
    Line(
        "pause over a closure",
        days(
            15,
            events=[requested(P), completed("2026-03-11")],
            closures=[{"from": "2026-03-09", "to": "2026-03-13", "act": "Res. 4"}],
        ),
        "2026-03-31",
    ),
    Line("calendar days", calendar(10, events=[requested(P), completed("2026-03-13")]), "2026-03-24"),
    Line(
        "calendar days, no roll",
        calendar(10, roll_last_day=False, events=[requested(P), completed("2026-03-13")]),
        "2026-03-21",
        {"counted_days": 10},
    ),
    Line("applied by date", days(15, events=[completed("2026-03-20"), requested(P)]), "2026-04-09", {"refused": []}),
    Line(
        "refused by its index",
        days(15, events=[completed("2026-03-20"), requested("2026-03-10"), requested(P)]),
        "2026-04-09",
        {"refused": [1]},
    ),
]
PLUS5: dict[str, Any] = {"extension_cap": {"plus": 5}}
PLUS8: dict[str, Any] = {"extension_cap": {"plus": 8}}
EXTENSIONS = [
    Line("doubled", days(15, events=[extended(30, noon("2026-03-24"))]), "2026-04-16", {"counted_days": 30}),
    Line("last second", days(15, events=[extended(30, "2026-03-25T04:59:59Z")]), "2026-04-16", {"refused": []}),
    Line("too late", days(15, events=[extended(30, "2026-03-25T05:00:00Z")]), "2026-03-24", {"refused": [0]}),
    Line("too much", days(15, events=[extended(31, noon("2026-03-10"))]), "2026-03-24", {"refused": [0]}),
    Line("plus 5", days(10, events=[extended(15, noon("2026-03-10"))], **PLUS5), "2026-03-24", {"refused": []}),
    Line("plus 6", days(10, events=[extended(16, noon("2026-03-10"))], **PLUS5), "2026-03-16", {"refused": [0]}),
    Line("plus 8", days(15, events=[extended(23, noon("2026-03-10"))], **PLUS8), "2026-04-07", {"refused": []}),
    Line("plus 9", days(15, events=[extended(24, noon("2026-03-10"))], **PLUS8), "2026-03-24", {"refused": [0]}),
    Line(
        "none", days(15, events=[extended(16, noon("2026-03-10"))], extension_cap=None), "2026-03-24", {"refused": [0]}
    ),
    Line(
        "hours are never extended",
        question(24, "elapsed_hours", noon("2026-03-02"), events=[extended(48, noon("2026-03-02"))]),
        "2026-03-03",
        {"refused": [0], "due_at": "2026-03-03T17:00:00Z"},
    ),
    Line(
        "only once",
        days(15, events=[extended(20, noon("2026-03-10")), extended(30, noon("2026-03-11"))]),
        "2026-03-31",
        {"refused": [1]},
    ),
    Line(
        "a refused one is not the one",
        days(15, events=[extended(31, noon("2026-03-10")), extended(20, noon("2026-03-11"))]),
        "2026-03-31",
        {"refused": [0]},
    ),
    Line(
        "after a pause",
        days(15, events=[requested(P), completed("2026-03-20"), extended(30, noon("2026-04-08"))]),
        "2026-04-30",
        {"refused": [], "counted_days": 30},
    ),
    Line("calendar days", calendar(10, events=[extended(20, noon("2026-03-10"))]), "2026-03-24"),
    Line("months", months(1, noon("2026-03-02"), events=[extended(2, noon("2026-03-10"))]), "2026-05-04"),
]


def dues(*days_due: str) -> dict[str, Any]:
    return {"stage_due": [{"due_date": d, "due_at": f"{d[:8]}{int(d[8:]) + 1:02}T05:00:00Z"} for d in days_due]}


STAGES = [
    Line("five and two", days(7, stages=[5, 2]), "2026-03-11", dues("2026-03-09", "2026-03-11")),
    Line("inside fifteen", days(15, stages=[5, 2]), "2026-03-24", dues("2026-03-09", "2026-03-11")),
    Line(
        "with a pause",
        days(7, stages=[5, 2], events=[requested(P), completed("2026-03-20")]),
        "2026-03-26",
        dues("2026-03-24", "2026-03-26"),
    ),
    Line(
        "of hours",
        question(24, "elapsed_hours", noon("2026-03-02"), stages=[6, 6]),
        "2026-03-03",
        {
            "stage_due": [
                {"due_date": "2026-03-02", "due_at": "2026-03-02T23:00:00Z"},
                {"due_date": "2026-03-03", "due_at": "2026-03-03T05:00:00Z"},
            ]
        },
    ),
]
