"""What a company would know of its providers: the counts that the product keeps, faded as it fades them."""

from collections.abc import Sequence
from heapq import heappop, heappush

from bench.dispatch.world import Provider
from escucha.contexts.assistance.rules.standings import Band, Record, Zone, fading, recent_fading, zone_of

TARIFF = 100.0  # what the network agreed, for everybody
TURN = ("asked", "answered", "accepted")
REST = ("jobs", "on_time", "rated", "conforming", "completed", "cost")


class Memory:
    """The counts of one cell. What is learnt is known only when it would be known."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self.turns = {(one.key, band): dict.fromkeys(TURN, 0.0) for one in providers for band in Band}
        self.rest = {one.key: dict.fromkeys(REST, 0.0) for one in providers}
        self.recent = {one.key: 0.0 for one in providers}
        self.last: dict[int, float] = {}  # minute of the last assignment
        self.day = 0.0
        self.to_come: list[tuple[float, int, float, float, float]] = []

    def asked(self, key: int, band: Band, *, answered: bool, accepted: bool) -> None:
        counts = self.turns[key, band]
        counts["asked"] += 1
        counts["answered"] += answered
        counts["accepted"] += accepted

    def assigned(self, key: int, minute: float) -> None:
        self.recent[key] += 1
        self.last[key] = minute

    def will_be_known(self, minute: float, key: int, *, on_time: bool, conforming: bool, cost: float) -> None:
        heappush(self.to_come, (minute, key, float(on_time), float(conforming), cost))

    def now(self, minute: float) -> None:
        """Take in what is known by now, and fade the rest."""
        while self.to_come and self.to_come[0][0] <= minute:
            _at, key, on_time, conforming, cost = heappop(self.to_come)
            counts = self.rest[key]
            for name, more in zip(REST, (1.0, on_time, 1.0, conforming, 1.0, cost), strict=True):
                counts[name] += more
        self._fade(minute / 1440)

    def records(self, band: Band) -> dict[int, Record]:
        """The record of each provider at that part of the day."""
        return {
            key: Record(**self.turns[key, band], **counts, recent=self.recent[key]) for key, counts in self.rest.items()
        }

    def zone(self, records: dict[int, Record]) -> Zone:
        return zone_of(records.values(), [TARIFF])

    def _fade(self, day: float) -> None:
        if (gone := day - self.day) < 0.25:  # what fades in six hours is nothing
            return
        left, recent = fading(gone), recent_fading(gone)
        for counts in (*self.turns.values(), *self.rest.values()):
            for name in counts:
                counts[name] *= left
        self.recent = {key: count * recent for key, count in self.recent.items()}
        self.day = day
