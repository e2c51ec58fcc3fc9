"""Random questions, in batches to one process, against the oracle: every field, every row."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.reckon.asking import SPLIT_WEEK, Question, ask
from tests.reckon.judging import differences
from tests.reckon.oracle import Oracle, add_months

BATCH = 600
FIRST, LAST = date(2000, 1, 1), date(2050, 12, 31)
ZONES = ("America/Bogota", "America/Santiago", "Europe/Madrid")
HOURS = [
    SPLIT_WEEK,
    {"mon": [["08:00", "17:00"]], "wed": [["07:30", "11:30"], ["13:30", "16:40"]]},
    SPLIT_WEEK | {"sat": [["09:00", "12:00"]], "fri": [["07:00", "15:00"]]},
]
SECONDS = [0, 7 * 3600 + 1800, 12 * 3600, 12 * 3600 + 1, 13 * 3600, 17 * 3600 - 1, 17 * 3600, 17 * 3600 + 1, 86399]
AMOUNTS = {
    "business_days": 40,
    "calendar_days": 60,
    "calendar_months": 13,
    "elapsed_hours": 200,
    "elapsed_minutes": 9000,
    "working_minutes": 3000,
}


@st.composite
def received(draw: st.DrawFn) -> datetime:
    """A local moment, often near a holiday, a civic day or a month's end, often on the edge of a shift."""
    day = draw(
        st.one_of(
            st.dates(FIRST, LAST),
            st.dates(date(2024, 1, 1), date(2028, 12, 31)),
            st.builds(lambda y, n: date(y, 1, 1) - timedelta(n), st.integers(2001, 2050), st.integers(0, 30)),
            st.builds(lambda y, n: date(y, 4, 10) - timedelta(n), st.integers(2001, 2050), st.integers(-12, 30)),
            st.builds(lambda y, m: date(y, m, 1) - timedelta(1), st.integers(2001, 2050), st.integers(1, 12)),
        )
    )
    second = draw(st.one_of(st.sampled_from(SECONDS), st.integers(0, 86399)))
    return datetime.combine(day, datetime.min.time()) + timedelta(seconds=second)


@st.composite
def closures(draw: st.DrawFn, near: date) -> list[Any]:
    found: list[Any] = []
    for start, length in draw(st.lists(st.tuples(st.integers(-5, 60), st.integers(-1, 20)), max_size=3)):
        first = near + timedelta(start)
        last = first + timedelta(length)
        ranged = {"from": first.isoformat(), "to": last.isoformat(), "act": "Resolución 7"}
        found.append(first.isoformat() if length < 0 else ranged)
    return found


@st.composite
def events(draw: st.DrawFn, near: date, amount: int) -> list[dict[str, Any]]:
    """A request, its completion and an extension, in any order, some of them missing or out of place."""
    asked = near + timedelta(draw(st.one_of(st.integers(0, 9), st.integers(0, 24))))
    done = asked + timedelta(draw(st.integers(0, 45)))
    told = near + timedelta(draw(st.one_of(st.integers(1, 8), st.integers(1, 70))))
    told_at = f"{told}T{draw(st.sampled_from(['05:00:00Z', '04:59:59Z', '17:00:00Z', '22:00:00-05:00']))}"
    total = draw(
        st.one_of(st.integers(amount, 2 * amount + 1), st.sampled_from([1, 2 * amount, amount + 5, amount + 9]))
    )
    likely = [
        {"type": "completion_requested", "on": asked.isoformat()},
        {"type": "completed", "on": done.isoformat()},
        {"type": "extended", "to_amount": total, "told_at": told_at},
    ]
    again = {"type": "extended", "to_amount": total + 1, "told_at": told_at}
    chosen = [event for event in likely if draw(st.integers(0, 3))]
    if not draw(st.integers(0, 4)):
        chosen.append(again)
    return draw(st.permutations(chosen))


SWITCHES: dict[str, list[Any]] = {
    "layers": [["national"], ["national", "national-executive"]],
    "weekend": [["sat", "sun"], ["sun"], ["sun", "sat"]],
    "count_from": ["next_day", "same_day"],
    "roll_last_day": [True, False],
    "completion_window": [5, 10, 30],
    "request_day": ["consumed", "not_consumed"],
    "resume": ["remaining", "restart"],
    "person_months": [1, 2],
    "extension_cap": [{"factor": 2}, {"plus": 5}, {"plus": 8}, None],
}


@st.composite
def questions(draw: st.DrawFn) -> Question:
    moment = draw(received())
    unit = draw(st.sampled_from([*AMOUNTS, *["business_days"] * 6, *["calendar_days"] * 3]))
    amount = draw(st.one_of(st.integers(1, AMOUNTS[unit]), st.sampled_from([10, 15, 30])))
    zone = draw(st.sampled_from(ZONES))
    text = moment.isoformat() + draw(st.sampled_from(["", "", "Z", "-05:00", "+02:00"]))
    rule = draw(st.sampled_from(["calendar_date", "office_hours_roll"]))
    asked: Question = {"received_at": text, "zone": zone, "country": "CO", "receipt_rule": rule}
    asked["term"] = {"amount": amount, "unit": unit}
    if rule == "office_hours_roll" or unit == "working_minutes" or draw(st.booleans()):
        asked["office_hours"] = draw(st.sampled_from(HOURS))
    if zone == "America/Bogota" and draw(st.booleans()):
        del asked["zone"]
    for key, values in SWITCHES.items():
        if draw(st.booleans()):
            asked[key] = draw(st.sampled_from(values))
    if draw(st.booleans()):
        asked["closures"] = draw(closures(moment.date()))
    if draw(st.integers(0, 3)):
        asked["events"] = draw(events(moment.date(), amount))
    if draw(st.integers(0, 2)) == 0:
        first = draw(st.integers(1, amount))
        asked["stages"] = [first] + ([amount - first] if first < amount else [])
    return asked


def is_settled_by_the_text(asked: Question) -> bool:
    """False for the few questions that the text leaves open."""
    try:
        oracle = Oracle(asked)
    except ValueError:
        return False
    return oracle.is_settled()


def batch(size: int, *, repeatable: bool) -> list[Question]:
    """Questions drawn by hypothesis; all are asked at once, since starting the command is what costs."""
    drawn: list[Question] = []

    @settings(
        max_examples=size,
        phases=[Phase.generate],
        derandomize=repeatable,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(questions())
    def collect(asked: Question) -> None:
        if is_settled_by_the_text(asked):
            drawn.append(asked)

    collect()
    return drawn


def judge(asked: list[Question]) -> None:
    """Fails with the shortest question that differs, and how many do."""
    wrong = []
    for asked_one, answer in zip(asked, ask(asked), strict=True):
        if found := differences(Oracle(asked_one).answer(), answer):
            wrong.append((json.dumps(asked_one, ensure_ascii=False), found))
    wrong.sort(key=lambda pair: (len(pair[0]), pair[0]))
    assert not wrong, f"{len(wrong)} of {len(asked)} differ; the shortest:\n{wrong[0][0]}\n" + "\n".join(wrong[0][1])


@pytest.mark.slow
@pytest.mark.requirement("MORE-01.1")
def test_random_questions_are_answered_as_the_oracle_does() -> None:
    asked = batch(BATCH, repeatable=True)
    assert len(asked) > BATCH // 2
    judge(asked)


@pytest.mark.long
@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("round_", range(10))
def test_more_random_questions(round_: int) -> None:
    judge(batch(BATCH, repeatable=False))


def test_the_oracle_knows_month_ends() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
