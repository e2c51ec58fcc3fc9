"""A term through its life, by counting: pauses, extensions and stages over prefix sums.

`walking.walk` answers the same questions day by day; tests hold the two equal.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate

from escucha.kernel.words import _
from escucha.kernel.worktime.calendar import Calendar, NeverOpen, OutsideYears
from escucha.kernel.worktime.days import DayRow
from escucha.kernel.worktime.life import (
    DEFAULTS,
    WHY_REFUSED,
    Completed,
    CompletionRequested,
    Event,
    Extended,
    Reckoning,
    Refusal,
    StageDue,
    StagesTooLong,
    Switches,
    in_order,
)
from escucha.kernel.worktime.rows import elapsed_rows, plain_rows, run_rows, working_rows
from escucha.kernel.worktime.runs import DayClock, InstantClock, person_limit
from escucha.kernel.worktime.terms import BY_INSTANT, ELAPSED, ReceiptRule, Term, effective_receipt, outside


def reckon(
    calendar: Calendar,
    received_at: datetime,
    term: Term,
    receipt_rule: ReceiptRule = ReceiptRule.CALENDAR_DATE,
    *,
    stages: Sequence[int] = (),
    events: Sequence[Event] = (),
    switches: Switches = DEFAULTS,
) -> Reckoning:
    """The term with its stages and all that happened to it, explained date by date.

    Raises OutsideYears, NeverOpen, and StagesTooLong when the stages add up to more than the term.
    """
    if stages and sum(stages) > term.amount:
        raise StagesTooLong(_("Las etapas suman más que el plazo."))
    life = _Life(calendar, received_at, term, effective_receipt(calendar, received_at, receipt_rule), switches)
    for place, event in in_order(events, calendar.day_of):
        life.apply(place, event)
    rows = life.rows()
    return Reckoning(
        effective_receipt=life.receipt,
        due_date=life.due.due_date,
        due_at=life.due.due_at,
        counted_days=life.counted_days(rows),
        stage_due=[life.clock.stage(amount) for amount in accumulate(stages)],
        person_until=life.person_until,
        paused_since=life.paused_since,
        ledger=rows,
        refused=sorted(life.refused),
    )


class _Life:
    """A term being told what happened to it, in order."""

    def __init__(
        self, calendar: Calendar, received_at: datetime, term: Term, receipt: date, switches: Switches
    ) -> None:
        self.calendar, self.received_at, self.receipt = calendar, received_at, receipt
        self.received_on = calendar.day_of(received_at)
        self.term, self.switches, self.amount = term, switches, term.amount
        self.clock: DayClock | InstantClock
        if term.unit in BY_INSTANT:
            self.clock = InstantClock(calendar, received_at, term.unit)
        else:
            self.clock = DayClock(calendar, term, receipt, switches)
        self.extended, self.untouched = False, True
        self.paused_since: date | None = None
        self.person_until: date | None = None
        self.refused: list[Refusal] = []
        self.due = self.clock.due(self.amount)

    def apply(self, place: int, event: Event) -> None:
        """Do what the event says, or note why not."""
        if why := self._blocker(event):
            self.refused.append(Refusal(place, WHY_REFUSED[why]))
            return
        match event:
            case CompletionRequested(on=on):
                self._pause(on)
            case Completed(on=on):
                self._resume(on)
            case Extended(to_amount=total):
                self.amount, self.extended = total, True
        self.untouched = False
        self.due = self._ending()

    def counted_days(self, rows: Sequence[DayRow]) -> int | None:
        """Days counted over the whole term, or as many as the rows count up to the pause; only for terms in days."""
        if isinstance(self.clock, InstantClock) or self.clock.months:
            return None
        if not self.paused_since:
            return self.amount
        again = self.clock.restarted_at or 0
        return max((row.n for row in rows if row.n is not None and row.date.toordinal() >= again), default=0)

    def rows(self) -> list[DayRow]:
        """The ledger, up to the last date or to the request that paused the term."""
        last = self.due.due_date or max(self.paused_since or self.receipt, self.receipt)
        if isinstance(self.clock, InstantClock):
            if self.term.unit in ELAPSED:
                return elapsed_rows(self.calendar, self.received_on, last, self.amount)
            assert self.due.due_at is not None
            return working_rows(self.calendar, self.received_at, self.receipt, self.due.due_at)
        if self.untouched and self.clock.business and self.clock.open is not None:
            return plain_rows(self.calendar, self.received_on, self.receipt, self.clock.open, last.toordinal())
        return run_rows(self.clock, self.received_on, self.receipt, self.clock.days_in(self.amount), last)

    def _ending(self) -> StageDue:
        try:
            return self.clock.due(self.amount)
        except (OutsideYears, NeverOpen):
            if self.extended:
                raise outside(self.calendar, by="to_amount") from None
            raise

    def _pause(self, on: date) -> None:
        assert isinstance(self.clock, DayClock)
        self.clock.pause(on)
        self.paused_since = on
        self.person_until = person_limit(self.calendar, on, self.switches.person_months)

    def _resume(self, on: date) -> None:
        assert isinstance(self.clock, DayClock)
        self.clock.resume(on)
        self.paused_since = None

    def _blocker(self, event: Event) -> str | None:
        match event:
            case CompletionRequested(on=on):
                return self._blocker_to_pause(on)
            case Completed(on=on):
                return None if self.paused_since and on >= self.paused_since else "not_paused"
            case Extended(to_amount=total, told_at=told_at):
                return self._blocker_to_extend(total, told_at)

    def _blocker_to_pause(self, on: date) -> str | None:
        if self.term.unit in BY_INSTANT:
            return "by_instant"
        if self.paused_since:
            return "already_paused"
        if on < self.received_on:
            return "before_receipt"
        if self.due.due_date and on > self.due.due_date:
            return "late_request"
        # Within the window: its last day is not yet behind the date.
        behind = self.calendar.count(self.receipt.toordinal() + 1, on.toordinal() - 1)
        return "outside_window" if behind >= self.switches.completion_window else None

    def _blocker_to_extend(self, total: int, told_at: datetime) -> str | None:
        cap = self.switches.extension_cap
        if cap is None or self.term.unit in ELAPSED:
            return "no_extension"
        reasons = {
            "second_extension": self.extended,
            "before_receipt": told_at < self.received_at,
            "late_extension": self.due.due_at is not None and told_at >= self.due.due_at,
            "no_longer": total <= self.amount,
            "over_cap": total > cap.most(self.term.amount),
        }
        return next((why for why, holds in reasons.items() if holds), None)
