"""One assistance of an example desk, from the call to its end. Each act is a real one; what is yielded is when the
next one comes, and what comes back is the moment at which it did.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from escucha.console.sample.desk_script import DeskScript, Plot
from escucha.contexts.assistance.models import Affiliate, Assistance, AssistanceFile
from escucha.contexts.assistance.operations.assigning import assign_provider, authorise_refund, record_call
from escucha.contexts.assistance.operations.closing import cancel_later, conclude, mark_surveyed, record_conformity
from escucha.contexts.assistance.operations.costing import load_costs
from escucha.contexts.assistance.operations.covering import cancel_at_once, connect, give_courtesy
from escucha.contexts.assistance.operations.monitoring import (
    confirm_to_affiliate,
    record_arrival,
    record_check,
    record_contact,
    record_departure,
    reprogramme,
)
from escucha.contexts.assistance.operations.offering import accept_offer, refuse_offer, send_offers
from escucha.contexts.assistance.operations.opening import open_file
from escucha.contexts.assistance.operations.releasing import end_without_provider, take_provider_off
from escucha.contexts.assistance.operations.serving import (
    accept_excess,
    authorise,
    record_diagnosis,
    record_finish,
    reject_excess,
)
from escucha.contexts.assistance.operations.starting import accept_assistance, open_assistance
from escucha.contexts.assistance.policy import AssistancePolicy, Flow
from escucha.contexts.assistance.policy.plans import Rule
from escucha.contexts.assistance.queries.doors import assistance_about
from escucha.contexts.assistance.queries.network import Sendable, candidates
from escucha.contexts.assistance.rules.costs import Line, split
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.serving import cover_of, excess_of
from escucha.contexts.assistance.rules.stages import Conformity, Priority, Stage
from escucha.contexts.assistance.rules.timers import into_hours
from escucha.flows.nonconforming_assistance_files_case import record_nonconformity
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

Time = Generator[datetime, datetime, datetime]  # the moments of its acts, and the last one
MOST_OVER = Decimal("1.3")  # of what the plan gives, where there is an excess
WINDOW = timedelta(hours=2)
MORNING, AFTERNOON = time(9), time(16)
ENDED_BEFORE_WORK = frozenset({"at_once", "before_assigning", "after_assigning", "provider_cancelled", "excess"})


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@dataclass
class Service:
    org: Organisation
    policy: AssistancePolicy
    script: DeskScript
    plot: Plot
    affiliate: Affiliate
    coordinator: Actor
    supervisor: Actor
    random: Random
    until: datetime
    file: AssistanceFile = field(init=False)
    assistance: Assistance = field(init=False)
    has_others: bool = False  # than who is in turn

    def live(self, now: datetime, origin: int | None) -> Time:
        self.open_file(now)
        now = yield now + minutes(1)
        self.open(now, origin)
        if self.plot.stop == Stage.OPENING:
            return now
        now = yield now + minutes(1)
        if self.plot.ending == "at_once":
            self.do(cancel_at_once, now, offered=True, rejected=True, words=self.words("rejected"))
            return now
        self.accept(now, origin)
        if self.plot.ending == "before_assigning":
            now = yield now + minutes(6)
            self.do(cancel_later, now, comment=self.words("cancelled"))
            return now
        return (yield from self.after_accepting(now))

    def after_accepting(self, now: datetime) -> Time:
        now = yield from self.search(now)
        if self.stands(Stage.TO_ASSIGN):
            return now
        if self.plot.exhausted:
            return (yield from self.refund(now))
        now = yield from self.go(now)
        if self.plot.stop in {Stage.ASSIGNED, Stage.CONFIRMED} or self.plot.ending in ENDED_BEFORE_WORK - {"excess"}:
            return now
        now = yield from self.work(now)
        if self.plot.ending == "excess" or self.plot.stop in set(Stage) - {"", Stage.FINISHED}:
            return now
        return (yield from self.finish(now))

    def open_file(self, now: datetime) -> None:
        affiliate = self.affiliate
        self.file = open_file(
            org=self.org,
            affiliate_id=affiliate.pk,
            contact_first_name=affiliate.first_name,
            contact_last_name=affiliate.last_name,
            contact_phone=affiliate.phone,
            area=affiliate.area,
            address=affiliate.address,
            by=self.coordinator,
            now=now,
        )

    def open(self, now: datetime, origin: int | None) -> None:
        job, service = self.script.jobs[self.plot.service], self.policy.service(self.plot.service)
        order: dict[str, Any] = {}
        if self.plot.to_verify:
            order = {"ordered_by": self.supervisor.member_id, "order_reason": self.words("order")}
        self.assistance = open_assistance(
            org=self.org,
            file_id=self.file.pk,
            service=job.service,
            happened=job.happened,
            failure=job.failure,
            plate=self.affiliate.validator if service and service.vehicle else "",
            guarantee_of=origin,
            by=self.coordinator,
            now=now,
            **order,
        )

    def accept(self, now: datetime, origin: int | None) -> None:
        if self.plot.category == "connection":
            payment = self.policy.payments[0]
            self.do(connect, now, told_payment=True, told_guarantee=True, accepted=True, payment=payment)
        elif self.plot.category == "courtesy":
            self.do(give_courtesy, now, by=self.supervisor, in_house=True, reason=self.words("courtesy"))
        window = self.window(now) if self.plot.priority == Priority.PROGRAMMED else None
        self.do(accept_assistance, now, priority=self.plot.priority, offered=window, consent=True)

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        if self.plot.window:
            opens = self.until + minutes(self.plot.window)
        else:
            local = (now + timedelta(hours=4)).astimezone(self.zone)
            late = local.time() > AFTERNOON
            day = local.date() + timedelta(days=1) if late else local.date()
            opens = datetime.combine(day, MORNING, self.zone) if late else local
        return opens, opens + WINDOW

    def search(self, now: datetime) -> Time:
        """Calls until somebody goes, or the refusals that its script says; of an offer, the link is answered."""
        account = self.policy.account(self.plot.account)
        refusals = self.plot.refusals or (0 if self.plot.stop else self.random.choice([0, 0, 1, 2]))
        now = yield now + minutes(1)
        if account and account.rule is Rule.SCORE_WITH_OFFERS and not self.is_by_telephone and not self.plot.stop:
            return (yield from self.offer(now))
        while (line := self.in_turn(now)) and (refusals and self.has_others or self.plot.exhausted):
            self.do(record_call, now, provider_id=line.provider, outcome=self.random.choice(["unavailable", "refused"]))
            refusals = max(refusals - 1, 0)
            now = yield now + minutes(1)
        if self.stands(Stage.TO_ASSIGN) or self.plot.exhausted:
            return now
        return (yield from self.call(now))

    def call(self, now: datetime) -> Time:
        """Who is in turn does not answer the first call, sometimes; then it goes."""
        line = self.the_one(now)
        if not self.plot.stop and self.random.random() < 0.3:
            self.do(record_call, now, provider_id=line.provider, outcome="no_answer")
            now = yield now + minutes(1.5)
            line = self.the_one(now)
        eta_at = None if self.plot.priority == Priority.PROGRAMMED else now + minutes(self.plot.eta)
        self.do(assign_provider, now, provider_id=line.provider, eta_at=eta_at)
        return now

    def offer(self, now: datetime) -> Time:
        """The first of the order says no, sometimes, and the second takes it."""
        offers = list(send_offers(org=self.org, assistance_id=self.assistance.pk, by=self.coordinator, now=now))
        now = yield now + minutes(0.5)
        if len(offers) > 1 and self.random.random() < 0.4:
            refuse_offer(org=self.org, code=offers.pop(0).code, now=now)
            now = yield now + minutes(0.3)
        accept_offer(org=self.org, code=offers[0].code, eta_at=now + minutes(self.plot.eta), now=now)
        return now

    def refund(self, now: datetime) -> Time:
        """Nobody can go: who supervises authorises that what the affiliate pays be given back."""
        now = yield now + minutes(6)
        self.do(authorise_refund, now, by=self.supervisor, number=f"AUT-{self.file.number}")
        if self.plot.stop:
            return now
        now = yield now + timedelta(hours=5)
        self.load(self.cost, now)
        return (yield from self.conclude(now))

    def go(self, now: datetime) -> Time:
        """From who goes to the arrival, with its calls on the way."""
        if self.plot.stop == Stage.ASSIGNED:
            return now
        now = yield now + minutes(2)
        self.do(confirm_to_affiliate, now)
        if self.plot.replaced:
            now = yield now + minutes(20)
            self.do(take_provider_off, now, cause="withdrew")
            now = yield now + minutes(2)
            now = yield from self.call(now)
            now = yield now + minutes(2)
            self.do(confirm_to_affiliate, now)
        if self.plot.ending in ENDED_BEFORE_WORK - {"excess"}:
            now = yield now + minutes(12)
            self.give_up(now)
            return now
        if self.plot.stop == Stage.CONFIRMED or self.is_by_telephone:
            return now
        return (yield from self.on_the_way(now))

    def give_up(self, now: datetime) -> None:
        if self.plot.ending == "provider_cancelled":
            self.do(end_without_provider, now, cause="late", comment=self.words("rejected"))
        else:
            self.do(cancel_later, now, comment=self.words("cancelled"))

    def on_the_way(self, now: datetime) -> Time:
        late = 12 if not self.plot.stop and self.random.random() < 0.2 else 0
        if self.plot.priority != Priority.PROGRAMMED:
            arrives = now + minutes(self.plot.eta - 3 + late)
            if self.random.random() < 0.5:
                now = yield now + minutes(1)
                self.do(record_departure, now)
        else:
            now = yield from self.checks(now)
            opens, closes = self.fresh().window or (now, now)
            arrives = max(opens + (closes - opens) / 3 + minutes(late * 4), now)
        now = yield arrives
        self.do(record_arrival, now, arrived_at=now)
        return now

    def checks(self, now: datetime) -> Time:
        """The calls before the window opens; another window, where the affiliate asks for it."""
        both = ("provider", "affiliate")
        if self.plot.moved and (window := self.fresh().window):
            now = yield now + minutes(15)
            later = (window[0] + timedelta(hours=1), window[1] + timedelta(hours=1))
            self.do(reprogramme, now, window=later, accepted_by=both)
        opens = (self.fresh().window or (now, now))[0]
        now = yield max(opens - minutes(58), now + minutes(1))
        for party in both:
            self.do(record_check, now, party=party, direction="outbound")
            now = yield now + minutes(1)
        return now

    def work(self, now: datetime) -> Time:
        """Met, diagnosed and authorised. By telephone there is none of it."""
        if self.is_by_telephone or self.plot.stop == Stage.ARRIVED:
            return now
        now = yield now + minutes(3)
        self.do(record_contact, now, contacted_at=now, identity="affiliate")
        if self.plot.stop == Stage.CONTACTED:
            return now
        now = yield now + minutes(9)
        diagnosis = self.script.jobs[self.plot.service].diagnosis
        self.do(record_diagnosis, now, text=diagnosis, cost=self.cost, ends_at=now + minutes(40))
        if self.plot.stop == Stage.DIAGNOSED:
            return now
        now = yield now + minutes(3)
        self.decide(now)
        return now

    def decide(self, now: datetime) -> None:
        """Who pays what the plan does not give."""
        found = self.fresh()
        excess = excess_of(found.quoted or Decimal(0), cover_of(found.category, found.cover_amount))
        if not excess:
            self.do(authorise, now)
        elif self.plot.ending == "excess":
            self.do(reject_excess, now, comment=self.words("rejected"))
        else:
            payment, who = self.policy.payments[1], self.affiliate.full_name
            said: dict[str, Any] = {"payment": payment, "who": who, "how": "call", "told_at": now}
            self.do(accept_excess, now, amount=excess, comment=self.words("told"), **said)

    def finish(self, now: datetime) -> Time:
        now = yield now + minutes(self.random.choice([30, 35, 38, 46]))
        self.do(record_finish, now, finished_at=now)
        if self.stands(Stage.FINISHED):
            return now
        now = yield now + minutes(self.random.choice([4, 10, 25]))
        self.load(self.fresh().quoted or Decimal(0), now)
        return (yield from self.conclude(now))

    def load(self, total: Decimal, now: datetime) -> None:
        found = self.fresh()
        cover = cover_of(found.category, found.cover_amount)
        parts = split(total, category=found.category, cover=cover, excess=found.excess)
        concept = self.script.jobs[self.plot.service].happened
        lines = [Line(payer, concept, amount) for payer, amount in parts.items() if amount]
        invoice = f"FV-{self.file.number}" if total else ""
        self.do(load_costs, now, lines=lines, invoice=invoice, total=total)

    def conclude(self, now: datetime) -> Time:
        """The affiliate's word, at an hour at which it may be called, and the last look."""
        now = yield self.callable_at(now + minutes(5))
        if self.plot.ending == "nonconforming":
            comment = self.choice("complaints")
            record_nonconformity(
                org=self.org, assistance_id=self.assistance.pk, comment=comment, by=self.coordinator, now=now
            )
        elif self.plot.ending == "no_contact":
            now = yield from self.call_in_vain(now)
        else:
            self.do(record_conformity, now, outcome=Conformity.CONFORMING, comment=self.choice("verdicts"))
            if self.random.random() < 0.7:
                self.do(mark_surveyed, now)
        now = yield now + minutes(2)
        self.do(conclude, now)
        return now

    def call_in_vain(self, now: datetime) -> Time:
        for _try in range(self.policy.times.conformity_tries):
            self.do(record_conformity, now, outcome=Conformity.NO_CONTACT)
            owed = owed_of_kind(org=self.org, subject=self.assistance.subject, kind=Duty.CONFORMITY)
            if owed and owed.due_at:
                now = yield self.callable_at(owed.due_at)
        return now

    def callable_at(self, moment: datetime) -> datetime:
        return into_hours(moment, self.policy.times.contact, self.zone)

    def the_one(self, now: datetime) -> Sendable:
        """Who is in turn. Raises LookupError where the network of the example has nobody."""
        line = self.in_turn(now)
        if line is None:
            raise LookupError(f"nobody for {self.plot}")
        return line

    def in_turn(self, now: datetime) -> Sendable | None:
        roster = candidates(org=self.org, viewer=self.coordinator, assistance=self.fresh(), now=now)
        self.has_others = sum(not line.is_over for line in roster.lines) > 1
        return next((line for line in roster.lines if line.is_in_turn), None)

    def do(self, verb: Callable[..., object], now: datetime, *, by: Actor | None = None, **said: Any) -> None:
        verb(org=self.org, assistance_id=self.assistance.pk, by=by or self.coordinator, now=now, **said)

    def fresh(self) -> Assistance:
        return assistance_about(org=self.org, subject=self.assistance.subject)

    def stands(self, stage: Stage) -> bool:
        """Whether it is left there; one that nobody can serve is left when everybody said no."""
        return self.plot.stop == stage

    def words(self, key: str) -> str:
        return str(self.script.words[key])

    def choice(self, key: str) -> str:
        return str(self.random.choice(self.script.words[key]))

    @property
    def subjects(self) -> Sequence[str]:
        """What is owed about: the file from its call, and the assistance once there is one."""
        begun = [self.assistance.subject] if hasattr(self, "assistance") else []
        return [self.file.subject, *begun] if hasattr(self, "file") else []

    @property
    def zone(self) -> ZoneInfo:
        return self.policy.zone_of(self.file.country)

    @property
    def is_by_telephone(self) -> bool:
        service = self.policy.service(self.plot.service)
        return service is not None and service.flow is Flow.PHONE

    @property
    def cost(self) -> Decimal:
        """What the work costs: within what the plan gives, or beyond it."""
        found = self.fresh()
        usual = self.script.jobs[self.plot.service].cost(found.currency)
        cover = cover_of(found.category, found.cover_amount)
        return max(cover * MOST_OVER, usual) if self.plot.excess and cover is not None else usual
