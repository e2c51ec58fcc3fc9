"""A second reading of the term calculator's text: naive, day by day, sharing no code with the product.

Where the text leaves a ledger reason open (a Saturday that is also a holiday), the oracle gives every true reason and
the comparison accepts any of them.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from tests.reckon.asking import Answer, Question

DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ELAPSED = {"elapsed_hours": timedelta(hours=1), "elapsed_minutes": timedelta(minutes=1)}
DAY_UNITS = ("business_days", "calendar_days")


@cache
def holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("CO", years=year))


def is_civic(day: date) -> bool:
    """Decreto 302 de 2025: 18 March 2025. Decreto 500 de 2024: third Friday of April, each year since."""
    third_friday = day.month == 4 and day.weekday() == 4 and 15 <= day.day <= 21
    return day == date(2025, 3, 18) or (third_friday and day.year >= 2024)


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_local(text: str, zone: ZoneInfo) -> datetime:
    """An instant, in the zone; ValueError where a bare local time does not exist or happens twice."""
    given = datetime.fromisoformat(text)
    if given.tzinfo is not None:
        return given.astimezone(zone)
    local = given.replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != given:
        raise ValueError("does not exist")
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise ValueError("ambiguous")
    return local


def utc_text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Pause:
    asked: date
    completed: date | None = None


@dataclass
class Walk:
    """The days of a term: its rows until the due date, or until the pause that nobody ended."""

    rows: list[tuple[date, int | None, set[str]]]
    due: date | None


class Oracle:
    """One question; `answer()` gives the expected fields."""

    def __init__(self, question: Question) -> None:
        self.q = question
        self.zone = ZoneInfo(question.get("zone", "America/Bogota"))
        self.received = parse_local(question["received_at"], self.zone)
        self.amount: int = question["term"]["amount"]
        self.unit: str = question["term"]["unit"]
        self.pauses: list[Pause] = []
        self.person_until: date | None = None
        self.extended = False
        self.refused: list[int] = []
        self.effective = self.effective_receipt()

    # The calendar

    def why_not(self, day: date) -> set[str]:
        """Every reason why this is no business day; empty when it is one."""
        layers = self.q.get("layers", ["national"])
        name = WEEKDAYS[day.weekday()]
        found = set()
        if name in self.q.get("weekend", ["sat", "sun"]):
            found.add({"sat": "saturday", "sun": "sunday"}[name])
        if "national" in layers and day in holidays_of(day.year):
            found.add("holiday")
        if "national-executive" in layers and is_civic(day):
            found.add("civic_day")
        if any(first <= day <= last for first, last in self.closures()):
            found.add("closure")
        return found

    def closures(self) -> Iterator[tuple[date, date]]:
        for closure in self.q.get("closures", []):
            ends = (closure, closure) if isinstance(closure, str) else (closure["from"], closure["to"])
            yield date.fromisoformat(ends[0]), date.fromisoformat(ends[1])

    def is_business(self, day: date) -> bool:
        return not self.why_not(day)

    def roll(self, day: date) -> date:
        while not self.is_business(day):
            day += DAY
        return day

    def shifts(self, day: date) -> list[tuple[datetime, datetime]]:
        """The opening hours of a business day, as local instants."""
        hours = self.q["office_hours"].get(WEEKDAYS[day.weekday()], []) if self.is_business(day) else []
        at = [[datetime.combine(day, time.fromisoformat(text), self.zone) for text in pair] for pair in hours]
        return sorted((opens, closes) for opens, closes in at)

    def effective_receipt(self) -> date:
        day = self.received.date()
        if self.q["receipt_rule"] == "calendar_date":
            return day
        shifts = self.shifts(day)
        if shifts and self.received <= shifts[-1][1]:
            return day
        return self.roll(day + DAY)

    # Counting

    def walk(self, total: int) -> Walk:
        """Walk from the date of `received_at` to the due date of `total` days, counted from the last restart."""
        rows: list[tuple[date, int | None, set[str]]] = []
        day, n = self.received.date(), 0
        while True:
            if self.restarts_on(day):
                n = 0
            counts = self.counts(day, n + 1 == total)
            n += counts
            rows.append((day, n if counts else None, {"counted"} if counts else self.reasons(day)))
            if counts and n == total and not self.restart_ahead(day):
                return Walk(rows, day)
            if any(p.completed is None and p.asked <= day for p in self.pauses):
                return Walk(rows, None)
            day += DAY

    def counts(self, day: date, is_last: bool) -> bool:
        first = self.effective + (DAY if self.q.get("count_from", "next_day") == "next_day" else 0 * DAY)
        if day < first or self.is_paused(day) or self.waits_for_resume(day):
            return False
        if self.unit == "business_days" or (is_last and self.q.get("roll_last_day", True)):
            return self.is_business(day)
        return True

    def is_paused(self, day: date) -> bool:
        consumed = self.q.get("request_day", "consumed") == "consumed"
        for pause in self.pauses:
            after = pause.asked < day or (pause.asked == day and not consumed)
            if after and (pause.completed is None or day <= pause.completed):
                return True
        return False

    def waits_for_resume(self, day: date) -> bool:
        """Completed, and no business day since."""
        return any(p.completed and p.completed < day < self.roll(p.completed + DAY) for p in self.pauses)

    def restarts_on(self, day: date) -> bool:
        restart = self.q.get("resume", "remaining") == "restart"
        return restart and any(p.completed and day == self.roll(p.completed + DAY) for p in self.pauses)

    def restart_ahead(self, day: date) -> bool:
        restart = self.q.get("resume", "remaining") == "restart"
        return restart and any(p.completed and p.asked >= day for p in self.pauses)

    def reasons(self, day: date) -> set[str]:
        """What may explain a date that was not counted."""
        found = self.why_not(day)
        if self.is_paused(day) or (found and self.waits_for_resume(day)):
            found.add("paused")
        if day == self.effective:
            return {"received"} | (found & {"paused"})
        if day == self.received.date() and not found:
            return {"outside_hours"}
        if day < self.effective and not found:
            return {"outside_hours"}
        return found

    def minutes_after(self, minutes: int) -> datetime:
        left, day = timedelta(minutes=minutes), self.received.date()
        while True:
            for opens, closes in self.shifts(day):
                start = max(opens, self.received)
                if closes.astimezone(UTC) - start.astimezone(UTC) >= left:
                    return (start.astimezone(UTC) + left).astimezone(self.zone)
                left -= max(closes.astimezone(UTC) - start.astimezone(UTC), timedelta(0))
            day += DAY

    def due_of(self, total: int) -> tuple[date | None, datetime | None]:
        """The due date and instant of a total, in the state of now."""
        if self.unit in ELAPSED or self.unit == "working_minutes":
            at = self.instant_after(total)
            return at.date(), at
        if self.unit == "calendar_months":
            day: date | None = add_months(self.effective, total)
            if self.q.get("roll_last_day", True):
                day = self.roll(day)
        else:
            day = self.walk(total).due
        return (day, datetime.combine(day + DAY, time(), self.zone)) if day else (None, None)

    def instant_after(self, total: int) -> datetime:
        if self.unit == "working_minutes":
            return self.minutes_after(total)
        return (self.received.astimezone(UTC) + total * ELAPSED[self.unit]).astimezone(self.zone)

    # Events

    def event_date(self, event: dict[str, Any]) -> date:
        if event["type"] == "extended":
            return parse_local(event["told_at"], self.zone).date()
        return date.fromisoformat(event["on"])

    def apply_events(self) -> None:
        events = self.q.get("events", [])
        for index in sorted(range(len(events)), key=lambda i: (self.event_date(events[i]), i)):
            apply = {
                "completion_requested": self.request_completion,
                "completed": self.complete,
                "extended": self.extend,
            }[events[index]["type"]]
            if not apply(events[index]):
                self.refused.append(index)

    def is_pausing(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].completed is None

    def request_completion(self, body: dict[str, Any]) -> bool:
        on = date.fromisoformat(body["on"])
        if self.is_pausing() or self.unit in ELAPSED or self.unit == "working_minutes":
            return False
        if on < self.effective or on > self.window_end():
            return False
        due, _ = self.due_of(self.amount)
        if due is not None and on > due:
            return False
        self.pauses.append(Pause(on))
        self.person_until = self.roll(add_months(on, self.q.get("person_months", 1)))
        return True

    def window_end(self) -> date:
        """The last business day on which completion can be asked; the first is the one after the receipt."""
        day, left = self.effective, self.q.get("completion_window", 10)
        while left > 0:
            day += DAY
            left -= self.is_business(day)
        return day

    def complete(self, body: dict[str, Any]) -> bool:
        if not self.is_pausing():
            return False
        self.pauses[-1].completed = date.fromisoformat(body["on"])
        return True

    def extend(self, body: dict[str, Any]) -> bool:
        _, due_at = self.due_of(self.amount)
        if self.extended or self.unit in ELAPSED or body["to_amount"] > self.cap():
            return False
        if body["to_amount"] <= self.amount:
            return False
        if due_at is not None and parse_local(body["told_at"], self.zone) >= due_at:
            return False
        self.amount, self.extended = body["to_amount"], True
        return True

    def cap(self) -> int:
        rule, original = self.q.get("extension_cap", {"factor": 2}), self.q["term"]["amount"]
        if rule is None:
            return 0
        return original * rule["factor"] if "factor" in rule else original + rule["plus"]

    # The answer

    def is_settled(self) -> bool:
        """False where the text says nothing; asks a copy, so that the events are applied afresh later.

        Left open: a pause of months, a request on the last day of the term or of a stage when that day is consumed, an
        extension told while paused, an extension of a restarted term, and an event before the receipt.
        """
        events = sorted(self.q.get("events", []), key=self.event_date)
        kinds = [event["type"] for event in events]
        if "completion_requested" not in kinds or self.unit in ELAPSED or self.unit == "working_minutes":
            return not events or self.event_date(events[0]) > self.received.date()
        if self.unit == "calendar_months" or self.event_date(events[0]) < self.effective:
            return False
        due, _ = Oracle(self.q | {"events": []}).due_of(self.amount)
        latest, _ = Oracle(self.q | {"events": []}).due_of(3 * self.amount)
        on = self.event_date(events[kinds.index("completion_requested")])
        if due is None or latest is None or due <= on <= latest or ("stages" in self.q and not self.is_business(on)):
            return False
        return "extended" not in kinds or self.extension_is_settled(events, kinds)

    def extension_is_settled(self, events: list[dict[str, Any]], kinds: list[str]) -> bool:
        told = self.event_date(events[kinds.index("extended")])
        on = self.event_date(events[kinds.index("completion_requested")])
        ends = self.event_date(events[kinds.index("completed")]) if "completed" in kinds else None
        outside = told < on or (ends is not None and told > ends)
        return outside and self.q.get("resume") != "restart"

    def answer(self) -> Answer:
        """The expected fields; `rows` holds (date, n, acceptable reasons) in place of the ledger."""
        self.apply_events()
        due, due_at = self.due_of(self.amount)
        is_days = self.unit in DAY_UNITS
        expected: Answer = {
            "effective_receipt": self.effective.isoformat(),
            "due_date": due.isoformat() if due else None,
            "due_at": utc_text(due_at) if due_at else None,
            "person_until": self.person_until.isoformat() if self.person_until else None,
            "paused_since": self.pauses[-1].asked.isoformat() if self.is_pausing() else None,
            "refused": sorted(self.refused),
        }
        if due or not is_days:
            expected["counted_days"] = self.amount if is_days else None
        if "stages" in self.q:
            expected["stage_due"] = self.stage_due()
        if is_days:
            expected["rows"] = self.walk(self.amount).rows
        return expected

    def stage_due(self) -> list[dict[str, str | None]]:
        found, total = [], 0
        for stage in self.q["stages"]:
            total += stage
            day, at = self.due_of(total)
            found.append({"due_date": day.isoformat() if day else None, "due_at": utc_text(at) if at else None})
        return found
