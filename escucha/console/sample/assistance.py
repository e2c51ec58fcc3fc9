"""The desk of an example organisation at work, through its real operations: nothing is inserted.

Each assistance is a course that says when its next act comes; the line of the year plays them all in the order of
time. Those of now stop where the script says, so that every stage is seen with its hours running.
"""

from collections.abc import Generator, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from escucha.console.sample import network
from escucha.console.sample.desk_script import DeskScript, Plot
from escucha.console.sample.service import Service
from escucha.console.sample.year import Line
from escucha.contexts.assistance.models import Affiliate
from escucha.contexts.assistance.operations.files import close_file, hand_over_file
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.acts import HANDLE, SUPERVISE
from escucha.kernel.commitments.queries import history_about
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Refused

Course = Generator[datetime, datetime]
BEFORE_THE_FIRST = timedelta(days=3)  # the network and the books are there since
GUARANTEED_AFTER = timedelta(days=6)
NOT_YET = timedelta(days=8)  # what came back under its guarantee is over by now
JUST_OVER = timedelta(days=3)  # however late it is concluded, it is by now


class Desk:
    """One organisation's desk: who coordinates, what happens, and when they get to it."""

    def __init__(self, *, org: Organisation, script: DeskScript, actors: Sequence[Actor], line: Line):
        self.org, self.script, self.line = org, script, line
        self.policy = profile_of(org, at=line.until).section(AssistancePolicy)
        handle = [one for one in actors if one.may(HANDLE)]
        self.coordinators = [one for one in handle if not one.may(SUPERVISE)]
        self.supervisor = next(one for one in handle if one.may(SUPERVISE))
        self.random = Random(f"{org.slug} desk")
        self.holders: dict[tuple[str, str], Iterator[Affiliate]] = {}
        self.begun = 0
        self.refused: list[Refused] = []

    def plan(self, *, assistances: int) -> None:
        """The network first; then what is over, spread over its days; then what goes on now."""
        until = self.line.until
        since = until - timedelta(days=self.script.days)
        self.line.at(since - BEFORE_THE_FIRST, self.furnish)
        usual = self.script.usual
        over = [*self.script.special, *(usual[place % len(usual)] for place in range(assistances))]
        over = over[: max(assistances, len(self.script.special))]
        for place, plot in enumerate(over):
            whole = (until - NOT_YET if plot.again else until - JUST_OVER) - since
            about = since + whole * ((place * 37 % len(over) + self.random.random()) / len(over))
            self.line.at(self._moment(plot, about), partial(self.begin, plot))
        for plot in self.script.ongoing:
            self.line.at(until - timedelta(minutes=plot.ago), partial(self.begin, plot))

    def furnish(self, now: datetime) -> None:
        network.bring_network(org=self.org, script=self.script, by=self.supervisor, now=now)
        network.bring_affiliates(org=self.org, script=self.script, by=self.supervisor, now=now)

    def begin(self, plot: Plot, now: datetime, affiliate: Affiliate | None = None, origin: int | None = None) -> None:
        self.begun += 1
        service = Service(
            org=self.org,
            policy=self.policy,
            script=self.script,
            plot=plot,
            affiliate=affiliate or self.next_holder(plot),
            coordinator=self.coordinators[self.begun % len(self.coordinators)],
            supervisor=self.supervisor,
            random=Random(f"{self.org.slug} {self.begun}"),
            until=self.line.until,
        )
        self.step(self.course(service, origin, now), service, None)

    def course(self, service: Service, origin: int | None, now: datetime) -> Course:
        """A file from its call to its close. `origin` is the assistance under whose guarantee it is."""
        now = yield from service.live(now, origin)
        if service.plot.orphan:
            self._leave(service, now)
        if service.plot.stop:
            return
        now = yield now + timedelta(minutes=3)
        close_file(org=self.org, file_id=service.file.pk, by=service.coordinator, now=now)
        if service.plot.again and origin is None:
            affiliate, done = service.affiliate, service.assistance.pk
            act = partial(self.begin, service.plot, affiliate=affiliate, origin=done)
            self.line.at(now + GUARANTEED_AFTER, act)

    def step(self, course: Course, service: Service, now: datetime | None) -> None:
        """The next act of a course; until the one after it, the clock rings at each step of what is owed."""
        try:
            following = next(course) if now is None else course.send(now)
        except StopIteration:
            following = None
        except Refused as refused:
            self.refused.append(refused)
            return
        for subject in service.subjects:
            self._ring(subject, until=min(following or self.line.until, self.line.until))
        if following:
            self.line.at(following, partial(self.step, course, service))

    def next_holder(self, plot: Plot) -> Affiliate:
        """Each time another one of the account, in the order of their documents."""
        status = Affiliate.Status.TO_VERIFY if plot.to_verify else Affiliate.Status.ACTIVE
        known = self.holders.get((plot.account, status))
        if known is None:
            found = Affiliate.objects.filter(org=self.org, account=plot.account, status=status, holder=None)
            known = self.holders[plot.account, status] = iter(list(found.order_by("document_number")))
        return next(known)

    def _leave(self, service: Service, now: datetime) -> None:
        file = service.file.pk
        hand_over_file(org=self.org, file_id=file, member_id=None, by=self.supervisor, now=now)

    def _ring(self, subject: str, *, until: datetime) -> None:
        for owed in history_about(org=self.org, subject=subject):
            for step in owed.steps.all() if owed.is_open else ():
                if step.taken_at is None and step.lifted_at is None and step.at <= until:
                    self.line.ring(step.at)

    def _moment(self, plot: Plot, about: datetime) -> datetime:
        """By day, but for what cannot wait, which also comes by night."""
        account = self.policy.account(plot.account)
        zone: ZoneInfo = self.policy.zone_of(account.country if account else "")
        hours = range(8, 13) if plot.priority == "programmed" else range(7, 23)
        return about.astimezone(zone).replace(hour=self.random.choice(hours), minute=self.random.randrange(60))
