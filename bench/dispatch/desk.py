"""The desk at work: it looks for somebody as the procedure says, in the order of a policy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import exp

from bench.dispatch import world as w
from bench.dispatch.memory import Memory
from bench.dispatch.policies import Moment, Policy
from bench.dispatch.world import Luck, Provider, Request, World
from escucha.contexts.assistance.policy.catalogue import Times
from escucha.contexts.assistance.rules.standings import band_of

TIMES = Times()


@dataclass(slots=True)
class Outcome:
    """What became of a request."""

    priority: str
    cell: int
    calls: int = 0
    provider: int | None = None
    seconds: float = 0.0  # until it was assigned, or given up
    arrival: float | None = None  # minutes from the request, of an emergency
    late: bool = False
    conforming: bool = True
    cost: float = 0.0


@dataclass(slots=True)
class Hand:
    """A provider at work: its works, and where it was left by the last."""

    provider: Provider
    works: list[tuple[float, float]] = field(default_factory=list)  # from and until, in minutes
    left: tuple[float, float, float] | None = None  # minute and place

    def now(self, minute: float) -> None:
        self.works = [work for work in self.works if work[1] > minute]

    def busy(self, minute: float) -> list[float]:
        """When each work that it has at a minute ends."""
        return sorted(until for since, until in self.works if since <= minute < until)

    def full(self, minute: float) -> bool:
        return len(self.busy(minute)) >= self.provider.capacity

    def eta(self, request: Request) -> float:
        """Minutes from now: what it has to finish, and the road from where it is then."""
        minute = request.minute
        ends = self.busy(minute)
        waits = ends[len(ends) - self.provider.capacity] - minute if len(ends) >= self.provider.capacity else 0.0
        x, y = self.provider.x, self.provider.y
        if self.left and self.left[0] <= minute + waits < self.left[0] + w.STAYS_MINUTES:
            _minute, x, y = self.left
        return waits + w.road_minutes(x, y, request, minute)


class Desk:
    """Goes through the requests of a world under one policy."""

    def __init__(self, world: World, policy: Policy) -> None:
        self.world, self.policy = world, policy
        self.hands = [[Hand(one) for one in cell] for cell in world.cells]
        self.memories = [Memory(cell) for cell in world.cells]

    def outcomes(self) -> Iterator[Outcome]:
        for request in self.world.requests:
            yield self._serve(request)

    def _serve(self, request: Request) -> Outcome:
        hands, memory = self.hands[request.cell], self.memories[request.cell]
        memory.now(request.minute)
        for hand in hands:
            hand.now(request.minute)
        etas = [hand.eta(request) for hand in hands]
        moment = Moment(request, self.world.cells[request.cell], etas, memory)
        places = {hand.provider.key: place for place, hand in enumerate(hands)}
        search = Search(request, hands, memory, [places[key] for key in self.policy.order(moment)])
        search.run(offers=self.policy.offers)
        outcome = Outcome(request.priority, request.cell, search.calls, None, search.seconds)
        if search.found is not None:
            self._work(request, hands[search.found], etas[search.found], request.luck[search.found], outcome)
        return outcome

    def _work(self, request: Request, hand: Hand, eta: float, luck: Luck, outcome: Outcome) -> None:
        provider, memory = hand.provider, self.memories[request.cell]
        memory.assigned(provider.key, request.minute)
        outcome.provider = provider.key
        outcome.late = luck.punctual >= provider.punctual
        outcome.conforming = luck.conforms < provider.conforms * (w.WHEN_LATE if outcome.late else 1.0)
        outcome.cost = provider.cost * luck.cost
        lateness = luck.lateness if outcome.late else 0.0
        arrives = request.window_minute + lateness
        starts = request.window_minute
        if request.priority != "programmed":
            starts = request.minute + outcome.seconds / 60
            arrives = starts + eta + lateness
            outcome.arrival = arrives - request.minute
        ends = arrives + luck.works
        hand.works.append((starts, ends))
        if hand.left is None or ends > hand.left[0]:
            hand.left = ends, request.x, request.y
        memory.will_be_known(
            ends + w.ACCOUNTED_MINUTES,
            provider.key,
            on_time=not outcome.late,
            conforming=outcome.conforming,
            cost=outcome.cost,
        )


class Search:
    """One search: links if the policy sends them, then calls in its order, and again if nobody is left.

    How many tries, how far apart, and for how long a link holds are those of the product.
    """

    def __init__(self, request: Request, hands: Sequence[Hand], memory: Memory, order: Sequence[int]) -> None:
        self.request, self.hands, self.memory, self.order = request, hands, memory, order
        self.calls, self.seconds = 0, 0.0
        self.found: int | None = None
        self.refused: set[int] = set()
        self.links: list[tuple[float, int]] = []  # who accepted by link, and at what second

    def run(self, *, offers: bool) -> None:
        if offers:
            self._offer()
        for round_number in range(w.ROUNDS):
            if self.found is not None:
                return
            if round_number:
                self.seconds += w.BETWEEN_ROUNDS
                self.refused.clear()
            self._call_all(round_number)

    def _offer(self) -> None:
        first = self.order[: TIMES.offers_at_once]
        answered = {place: second for place in first if (second := self._reads(place)) is not None}
        self.refused = {place for place in answered if not self._accepts(place, 0)}
        accepted = [place for place in answered if place not in self.refused]
        for place in self.refused:
            self._remember(place, answered=True, accepted=False)
        if self.request.priority == "vital":  # called at once, while the links are out
            self.links = sorted((answered[place], place) for place in accepted)
        elif accepted:
            self.found = accepted[0]
            before = first[: first.index(self.found) + 1]
            self.seconds = max(answered.get(place, float(TIMES.offer_seconds)) for place in before)
            self._remember(self.found, answered=True, accepted=True)
        else:
            self.seconds = float(TIMES.offer_seconds)

    def _call_all(self, round_number: int) -> None:
        for place in self.order:
            if place in self.refused:
                continue
            if self._link_came() or self._call(place, round_number):
                return
        self._link_came(late=True)

    def _call(self, place: int, round_number: int) -> bool:
        provider, luck = self.hands[place].provider, self.request.luck[place]
        for attempt in range(TIMES.call_tries):
            self.calls += 1
            self.seconds += self._apart if attempt else 0.0
            if luck.answers[round_number * TIMES.call_tries + attempt] < provider.answers:
                return self._answers(place, round_number)
            self.seconds += w.UNANSWERED
            if self._link_came():
                return True
        self._remember(place, answered=False, accepted=False)
        return False

    @property
    def _apart(self) -> float:
        vital = self.request.priority == "vital"
        return float(TIMES.vital_call_apart_seconds if vital else TIMES.call_apart_seconds)

    def _answers(self, place: int, round_number: int) -> bool:
        accepts = self._accepts(place, round_number)
        self.seconds += w.ACCEPTANCE if accepts else w.REFUSAL
        self._remember(place, answered=True, accepted=accepts)
        if accepts:
            self.found = place
        return accepts or self._link_came()

    def _link_came(self, *, late: bool = False) -> bool:
        if self.found is None and self.links and (late or self.links[0][0] <= self.seconds):
            second, self.found = self.links[0]
            self.seconds = max(second, 0.0) if not late else max(self.seconds, second)
            self._remember(self.found, answered=True, accepted=True)
        return self.found is not None

    def _reads(self, place: int) -> float | None:
        luck = self.request.luck[place]
        return luck.seconds if self.hands[place].provider.reads and luck.reads < w.IN_TIME else None

    def _accepts(self, place: int, round_number: int) -> bool:
        hand, luck, request = self.hands[place], self.request.luck[place], self.request
        provider = hand.provider
        km = ((provider.x - request.x) ** 2 + (provider.y - request.y) ** 2) ** 0.5
        will = provider.accepts * exp(-max(km - w.NEAR_KM, 0.0) / w.FAR_KM)
        at = request.window_minute if request.priority == "programmed" else request.minute
        if hand.full(at):
            will *= w.WHEN_FULL
        if luck.outside < provider.outside:
            will *= w.WHEN_OUTSIDE
        if w.hour_of(at) in w.NIGHT:
            will *= w.AT_NIGHT
        return luck.accepts[round_number] < will

    def _remember(self, place: int, *, answered: bool, accepted: bool) -> None:
        band = band_of(w.hour_of(self.request.minute))
        self.memory.asked(self.hands[place].provider.key, band, answered=answered, accepted=accepted)
