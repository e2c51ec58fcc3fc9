"""One life of the hour, act by act: each is the verb of the product at the moment it is done, by the clock on the wall.

What is yielded is how many seconds go by before the next act.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from time import perf_counter
from typing import Any

from bench.hour.house import Desk
from bench.hour.plots import PROGRAMMED, VITAL, Plot
from escucha.contexts.assistance.operations import (
    assigning,
    closing,
    covering,
    monitoring,
    offering,
    releasing,
    serving,
)
from escucha.contexts.assistance.operations.costing import load_costs
from escucha.contexts.assistance.operations.disclosing import disclose
from escucha.contexts.assistance.operations.files import close_file, hand_over_file
from escucha.contexts.assistance.operations.opening import open_file
from escucha.contexts.assistance.operations.receiving import receive_call
from escucha.contexts.assistance.operations.registering import verify_affiliate
from escucha.contexts.assistance.operations.reminding import finish_reminder, set_reminder
from escucha.contexts.assistance.operations.starting import accept_assistance, open_assistance
from escucha.contexts.assistance.policy.plans import Rule
from escucha.contexts.assistance.queries.affiliates import find_affiliates
from escucha.contexts.assistance.queries.doors import assistance_about
from escucha.contexts.assistance.queries.network import candidates
from escucha.contexts.assistance.queries.work import last_assignment
from escucha.contexts.assistance.rules.costs import Line, split
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.serving import cover_of, excess_of
from escucha.contexts.assistance.rules.stages import Stage
from escucha.flows.nonconforming_assistance_files_case import record_nonconformity
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.words import Refused

Waits = Iterator[float]
OPENS_AFTER = (timedelta(seconds=10), timedelta(minutes=61), timedelta(hours=5), timedelta(hours=30))
WINDOW = timedelta(hours=2)
USUAL, MORE, UNLIMITED = Decimal("0.7"), Decimal("1.3"), Decimal(80_000)
MOST_TRIES, PATIENCE = 60, 60  # searches that others were ahead in; seconds after an offer's time


class Stuck(Exception):
    """It could not go on as it should."""


class Life:
    """Who calls, from the call to the closing of the file."""

    def __init__(self, plot: Plot, desk: Desk, *, pace: float) -> None:
        self.plot, self.desk, self.pace = plot, desk, pace
        self.random = Random(plot.number)
        self.coordinator = desk.coordinators[plot.number % len(desk.coordinators)]
        self.spent: dict[str, list[float]] = defaultdict(list)
        self.overtaken = 0  # times that somebody else took who was to go
        self.files: list[int] = []
        self.assistances: list[int] = []

    def live(self) -> Waits:
        yield from self.once(None)
        if self.plot.kind == "guarantee":
            yield self.pause()
            yield from self.once(self.assistances[0])

    def once(self, origin: int | None) -> Waits:
        yield from self.open(origin)
        yield from self.after_opening()
        yield self.pause()
        if self.plot.kind == "newcomer":
            self.run(verify_affiliate, affiliate_id=self.affiliate, active=True, by=self.desk.supervisor)
            yield self.pause()
        self.run(close_file, file_id=self.files[-1])

    def open(self, origin: int | None) -> Waits:
        """The call: who it is, the file, and what is asked for."""
        plot, order = self.plot, {}
        known = self.run_query(find_affiliates, viewer=self.coordinator, said=plot.document)
        said = {"contact_first_name": "Marta", "contact_phone": f"300 000 {plot.number % 1000:04}", "area": plot.area}
        said["address"] = "Calle 900 n.º 1-01"
        if plot.kind == "newcomer":
            person = {"first_name": "Nuevo", "last_name": "Pedraza", "document_kind": "CC"}
            new = person | {"document_number": plot.document}
            file = self.run(receive_call, account=plot.account, newcomer=new, **said)
            order = {"ordered_by": self.desk.supervisor.member_id, "order_reason": "El cliente lo confirma"}
        else:
            file = self.run(open_file, affiliate_id=known[0].pk, **said)
        self.files.append(file.pk)
        self.affiliate = file.affiliate_id
        yield self.pause()
        plate = {"plate": "ZZZ900"} if plot.account == "ruta_clara" else {}
        what = {"happened": "Se rompió", "failure": "No sirve desde la mañana", "guarantee_of": origin}
        opened = self.run(open_assistance, file_id=file.pk, service=plot.service, **what, **plate, **order)
        self.assistances.append(opened.pk)
        yield self.pause()

    def after_opening(self) -> Waits:
        kind = self.plot.kind
        if kind == "at_once":
            self.do(covering.cancel_at_once, offered=True, rejected=True, words="No lo quiere así")
            return
        if kind == "connection":
            told = {"told_payment": True, "told_guarantee": True, "accepted": True}
            self.do(covering.connect, payment=self.desk.policy.payments[0], **told)
        elif kind == "courtesy":
            self.do(covering.give_courtesy, by=self.desk.supervisor, in_house=True, reason="Es su primera vez")
        window = self.window() if self.plot.priority == PROGRAMMED else None
        self.do(accept_assistance, priority=self.plot.priority, offered=window, consent=True)
        yield self.pause()
        if kind == "before":
            self.do(closing.cancel_later, comment="Ya no lo necesita")
        elif kind == "refund":
            yield from self.refund()
        else:
            yield from self.search()
            yield from self.go()

    def refund(self) -> Waits:
        self.do(assigning.exhaust_search)
        yield self.pause()
        self.do(assigning.authorise_refund, by=self.desk.supervisor, number=f"AUT-{self.plot.number}")
        yield self.pause()
        self.load(UNLIMITED)
        yield from self.conclude()

    def search(self) -> Waits:
        """By link where the account wants it; by calls where it does not, and where nobody took it."""
        account = self.desk.policy.account(self.plot.account)
        if account.rule is Rule.SCORE_WITH_OFFERS and len(self.lines()) > 1:
            yield from self.offer()
        if not self.is_at(Stage.ASSIGNED):
            yield from self.call()

    def offer(self) -> Waits:
        """The first takes it; or says no and the second does; or is silent, and the clock gives it to the second; or
        all are, and the clock closes the offers."""
        offers = self.do(offering.send_offers)
        yield self.pause()
        [how] = self.random.choices(["first", "second", "silent", "nobody"], [55, 20, 15, 10])
        if how == "second":
            self.answer(offering.refuse_offer, offers[0])
            yield self.pause()
        if how != "nobody":
            self.answer(offering.accept_offer, offers[0 if how == "first" else 1], eta_at=self.hour())
        if self.is_at(Stage.ASSIGNED):
            return
        yield max((offers[0].expires_at - now()).total_seconds(), 0.0)
        for _second in range(PATIENCE):
            if self.is_at(Stage.ASSIGNED) or not self.is_offered():
                return
            yield 1.0
        raise Stuck("its offers were not closed")

    def call(self) -> Waits:
        """Somebody says no, sometimes, and somebody does not answer the first time; then who is in turn goes."""
        refusals, silent = self.random.choice([0, 0, 0, 1]), self.random.random() < 0.2
        times = self.desk.policy.times
        apart = times.vital_call_apart_seconds if self.plot.priority == VITAL else times.call_apart_seconds
        for _try in range(MOST_TRIES):
            lines = self.lines()
            line = next((one for one in lines if one.is_in_turn), None)
            if line is None:
                yield 1.0
                continue
            try:
                if refusals and sum(not one.is_over for one in lines) > 1:
                    self.do(assigning.record_call, provider_id=line.provider, outcome="refused")
                    refusals, wait = 0, self.pause()
                elif silent:
                    self.do(assigning.record_call, provider_id=line.provider, outcome="no_answer")
                    silent, wait = False, apart + 0.5
                else:
                    self.do(assigning.assign_provider, provider_id=line.provider, eta_at=self.hour())
                    return
            except Refused:  # another coordinator sent it meanwhile: whoever follows is asked
                self.overtaken += 1
                wait = 0.1
            yield wait
        raise Stuck("nobody could be sent")

    def go(self) -> Waits:
        """From who goes to the end."""
        yield self.pause()
        self.do(monitoring.confirm_to_affiliate)
        yield self.pause()
        if self.plot.kind == "replaced":
            self.do(releasing.take_provider_off, cause="withdrew")
            yield self.pause()
            yield from self.call()
            yield self.pause()
            self.do(monitoring.confirm_to_affiliate)
            yield self.pause()
        if self.plot.number % 20 == 0:
            yield from self.change_hands()
        if self.plot.kind == "after":
            self.do(closing.cancel_later, comment="Se lo arregló un vecino")
        elif self.plot.kind == "failed":
            self.do(releasing.end_without_provider, cause="late", comment="No quiere otro")
        else:
            if self.plot.kind != "phone":
                yield from self.on_the_way()
                yield from self.work()
            if self.plot.kind != "rejected":
                yield from self.finish()

    def change_hands(self) -> Waits:
        """Another coordinator takes the file, who is reminded of something."""
        everybody = self.desk.coordinators
        following = everybody[(everybody.index(self.coordinator) + 1) % len(everybody)]
        self.run(hand_over_file, file_id=self.files[-1], member_id=following.member_id)
        self.coordinator = following
        yield self.pause()
        due_at = now() + timedelta(seconds=self.pace)
        reminder = self.run(set_reminder, file_id=self.files[-1], text="Preguntar si llegó", due_at=due_at)
        yield 2 * self.pause()
        self.run(finish_reminder, reminder_id=reminder.pk)
        yield self.pause()

    def on_the_way(self) -> Waits:
        work = last_assignment(self.fresh())
        assert work is not None
        self.timed(disclose, org=self.desk.org, code=work.page_code, now=now())
        yield self.pause()
        if self.plot.kind == "moved":
            opens = now() + timedelta(hours=3)
            both = ("provider", "affiliate")
            self.do(monitoring.reprogramme, window=(opens, opens + WINDOW), accepted_by=both)
            yield self.pause()
        if self.plot.priority == PROGRAMMED:
            for party in ("provider", "affiliate"):
                self.do(monitoring.record_check, party=party, direction="outbound")
                yield self.pause()
        elif self.random.random() < 0.5:
            self.do(monitoring.record_departure)
            yield self.pause()
        self.do(monitoring.record_arrival, arrived_at=now())
        yield self.pause()

    def work(self) -> Waits:
        self.do(monitoring.record_contact, contacted_at=now(), identity="affiliate")
        yield self.pause()
        cost = self.cost()
        self.do(serving.record_diagnosis, text="Hay que cambiar la pieza", cost=cost, ends_at=now() + WINDOW)
        yield self.pause()
        found = self.fresh()
        excess = excess_of(cost, cover_of(found.category, found.cover_amount))
        if self.plot.kind == "rejected":
            self.do(serving.reject_excess, comment="No lo paga")
        elif excess:
            said = {"payment": self.desk.policy.payments[0], "who": "Rebeca Pedraza", "how": "call", "told_at": now()}
            self.do(serving.accept_excess, amount=excess, **said)
        else:
            self.do(serving.authorise)
        yield self.pause()

    def finish(self) -> Waits:
        self.do(serving.record_finish, finished_at=now())
        yield self.pause()
        self.load(self.fresh().quoted or Decimal(0))
        yield from self.conclude()

    def load(self, total: Decimal) -> None:
        found = self.fresh()
        cover = cover_of(found.category, found.cover_amount)
        parts = split(total, category=found.category, cover=cover, excess=found.excess)
        lines = [Line(payer, "Servicio", amount) for payer, amount in parts.items() if amount]
        self.do(load_costs, lines=lines, invoice=f"FV-{self.plot.number}" if total else "", total=total)

    def conclude(self) -> Waits:
        yield self.pause()
        if self.plot.kind == "nonconforming":
            self.do(record_nonconformity, comment="Quedó goteando otra vez")
        elif self.plot.kind == "no_contact":
            yield from self.call_in_vain()
        else:
            self.do(closing.record_conformity, outcome="conforming")
            if self.random.random() < 0.7:
                self.do(closing.mark_surveyed)
        yield self.pause()
        self.do(closing.conclude)

    def call_in_vain(self) -> Waits:
        for _try in range(self.desk.policy.times.conformity_tries):
            self.do(closing.record_conformity, outcome="no_contact")
            owed = owed_of_kind(org=self.desk.org, subject=self.fresh().subject, kind=Duty.CONFORMITY)
            if owed and owed.due_at:
                yield max((owed.due_at - now()).total_seconds(), 0.0) + 0.5

    def answer(self, verb: Callable[..., Any], offer: Any, **said: Any) -> None:
        with suppress(Refused):  # another offer of the same work was taken first, or the calls were
            self.timed(verb, org=self.desk.org, code=offer.code, now=now(), **said)

    def lines(self) -> Any:
        roster = self.run_query(candidates, viewer=self.coordinator, assistance=self.fresh(), now=now())
        return roster.lines

    def is_offered(self) -> bool:
        from escucha.contexts.assistance.models import Offer

        return Offer.objects.filter(assistance=self.assistances[-1], state=Offer.State.OPEN).exists()

    def is_at(self, stage: Stage) -> bool:
        from escucha.contexts.assistance.models import Assistance

        return Assistance.objects.filter(pk=self.assistances[-1], stage=stage).exists()

    def fresh(self) -> Any:
        return assistance_about(org=self.desk.org, subject=f"assistance:{self.assistances[-1]}")

    def cost(self) -> Decimal:
        found = self.fresh()
        cover = cover_of(found.category, found.cover_amount)
        share = MORE if self.plot.kind in {"excess", "rejected"} else USUAL
        return (cover * share).quantize(Decimal(1)) if cover else UNLIMITED

    def hour(self) -> datetime | None:
        """At which it arrives, where there is no window."""
        return None if self.plot.priority == PROGRAMMED else now() + timedelta(minutes=35)

    def window(self) -> tuple[datetime, datetime]:
        opens = now() + self.random.choice(OPENS_AFTER)
        return opens, opens + WINDOW

    def pause(self) -> float:
        return self.pace * self.random.uniform(0.5, 1.5)

    def do(self, verb: Callable[..., Any], **said: Any) -> Any:
        return self.run(verb, assistance_id=self.assistances[-1], **said)

    def run(self, verb: Callable[..., Any], *, by: Any = None, **said: Any) -> Any:
        return self.timed(verb, org=self.desk.org, by=by or self.coordinator, now=now(), **said)

    def run_query(self, query: Callable[..., Any], **said: Any) -> Any:
        return self.timed(query, org=self.desk.org, **said)

    def timed(self, verb: Callable[..., Any], **said: Any) -> Any:
        begun = perf_counter()
        try:
            return verb(**said)
        finally:
            self.spent[verb.__name__].append(perf_counter() - begun)


def now() -> datetime:
    return datetime.now(UTC)
