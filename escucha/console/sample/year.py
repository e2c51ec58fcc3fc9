"""A year of an example organisation, lived through its real operations: nothing is inserted.

Every act happens at a past moment, in the order of time, with the clock ticking between one day and the next, so that
reminders, escalations, lateness and notices are the product's own.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from escucha.console.sample.script import Script, Story
from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations import answering, filing, handling, reaching
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_id
from escucha.contexts.cases.queries.written import latest_answer
from escucha.contexts.cases.rules.standing import CHARACTERISTICS, State
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.kernel.commitments.clock import tick
from escucha.kernel.commitments.queries import history_about
from escucha.kernel.orgs.models import Member, Organisation, Unit
from escucha.kernel.orgs.queries import central_unit, profile_of, unit_by_key
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import CITIZEN, Actor
from escucha.kernel.timeline.relay import run_errands
from escucha.kernel.worktime.terms import ELAPSED

RECENT = timedelta(days=16)
ALL_MET = dict.fromkeys(CHARACTERISTICS, True)
OWING = (filing.classify_case, answering.check_answer)  # after these, other debts are owed
Act = Callable[[datetime], None]
NOTES = (
    "Hablé con el área: el soporte está en el archivo del punto.",
    "La persona llamó a preguntar; le dije el número y en qué va.",
    "Falta confirmar el valor con contabilidad.",
)


@dataclass
class Line:
    """What is still to happen, in order of time; the clock runs up to each moment before it."""

    until: datetime
    waiting: list[tuple[datetime, int, Act]] = field(default_factory=list)
    order: count = field(default_factory=count)  # type: ignore[type-arg]
    ticked: datetime | None = None
    struck: set[datetime] = field(default_factory=set)

    def at(self, moment: datetime, act: Act) -> None:
        if moment < self.until:
            heapq.heappush(self.waiting, (moment, next(self.order), act))

    def ring(self, moment: datetime) -> None:
        """The clock runs at this very moment too."""
        if moment not in self.struck:
            self.struck.add(moment)
            self.at(moment, self._strike)

    def _strike(self, moment: datetime) -> None:
        if tick(now=moment):
            self.run_clock(moment, again=True)

    def live(self, progress: Callable[[datetime], None]) -> None:
        while self.waiting:
            moment, _order, act = heapq.heappop(self.waiting)
            self.run_clock(moment)
            progress(moment)
            try:
                act(moment)
            except (Refused, NoSuchCase):
                continue  # somebody else, or the clock, was first: as in any office
        self.run_clock(self.until, again=True)

    def run_clock(self, moment: datetime, *, again: bool = False) -> None:
        """Once a day is enough for terms in days; those in hours ring at each step."""
        if again or self.ticked is None or moment - self.ticked >= timedelta(days=1):
            while tick(now=moment) + run_errands(now=moment) + deliver(now=moment):
                pass
            self.ticked = moment


class Office:
    """One organisation at work: who does what, and when they get to it."""

    def __init__(
        self, *, org: Organisation, script: Script, members: Sequence[Member], actors: Sequence[Actor], line: Line
    ):
        self.org, self.script, self.line = org, script, line
        self.people = list(zip(members, actors, strict=True))
        self.random = Random(script.slug)
        self.profile: Profile = profile_of(org, at=line.until)
        self.policy = self.profile.section(CasesPolicy)
        self.central = central_unit(org).pk
        self.unit_of: dict[int, int | None] = {}  # which unit has each case, since every act but the first needs it
        self.by_the_hour: set[int] = set()  # cases that owe, or will, something in hours

    def plan(self, *, since: datetime, cases: int) -> None:
        """Cases spread over the year, a third of them lately so that every state is seen, by day and by night."""
        for place in range(cases):
            recent = place % 3 == 0
            begin = self.line.until - RECENT if recent else since
            about = begin + (self.line.until - begin) * self.random.random()
            story = self.script.stories[place % len(self.script.stories)]
            self.line.at(self._filing_moment(about), partial(self.file, story))

    def file(self, story: Story, now: datetime) -> None:
        by_staff = self.random.random() < 0.3
        who = self.doer("cases.file")[1] if by_staff else CITIZEN
        person = self.random.choice(self.script.citizens) if self.random.random() > 0.06 else None
        case = filing.file_case(
            org=self.org,
            channel=self.random.choice(["phone", "counter", "letter"]) if by_staff else "web",
            matter=story.matter,
            body=story.body,
            suggested_type=story.suggested or (story.case_type if self.random.random() < 0.7 else ""),
            emergency=story.emergency and bool(self.policy.emergency_question),
            person=person,
            received_at=now - timedelta(hours=self.random.choice([0, 1, 3, 20])) if by_staff else None,
            received_unit=self.unit(story.unit) if by_staff else None,
            by=who,
            now=now,
        )
        if story.emergency or self.policy.types[story.case_type].promised.unit in ELAPSED:
            self.by_the_hour.add(case.pk)
            self.watch(case.pk)
        self.later(now, 0.6 if not story.emergency else 0.02, lambda at: self.classify(case.pk, story, at))

    def classify(self, case_id: int, story: Story, now: datetime) -> None:
        first = story.wrong_unit or story.unit
        self.do(filing.classify_case, "cases.classify", case_id, now, case_type=story.case_type, unit=self.unit(first))
        if story.wrong_unit:
            self.later(now, 0.8, lambda at: self.give_back(case_id, story, at))
        else:
            self.take_up(case_id, story, now)

    def give_back(self, case_id: int, story: Story, now: datetime) -> None:
        reason = "El servicio no lo presta esta dependencia. Le corresponde a quien atendió a la persona."
        self.do(handling.return_case, "cases.return", case_id, now, reason=reason)
        self.later(now, 0.4, lambda at: self.route(case_id, story, at))

    def route(self, case_id: int, story: Story, now: datetime) -> None:
        self.do(handling.route_case, "cases.route", case_id, now, unit=self.unit(story.unit))
        self.take_up(case_id, story, now)

    def take_up(self, case_id: int, story: Story, now: datetime) -> None:
        if self.random.random() < 0.35:
            self.later(now, 1, lambda at: self.note(case_id, at))
        slow = self.random.random() < 0.12
        self.later(now, 0.1 if story.emergency else 9 if slow else 2.4, lambda at: self.answer(case_id, story, at))

    def note(self, case_id: int, now: datetime) -> None:
        self.do(handling.write_note, "cases.note", case_id, now, body=self.random.choice(NOTES))

    def answer(self, case_id: int, story: Story, now: datetime) -> None:
        self.do(answering.answer_case, "cases.answer", case_id, now, body=story.answer)
        if self.policy.check:
            self.later(now, 0.02 if story.emergency else 0.7, lambda at: self.check(case_id, story, at))
        else:
            self.later(now, 0.3, lambda at: self.send(case_id, at))

    def check(self, case_id: int, story: Story, now: datetime) -> None:
        if self.case(case_id).state != State.ANSWERED:
            return
        fails = self.random.random() < 0.14
        verdicts = ALL_MET | ({self.random.choice(list(CHARACTERISTICS)): False} if fails else {})
        reason = "Falta responder la segunda petición y decir en qué fecha se hace." if fails else ""
        self.do(answering.check_answer, "cases.check", case_id, now, verdicts=verdicts, reason=reason)
        if fails:
            self.later(now, 0.8, lambda at: self.answer(case_id, story, at))
        else:
            self.later(now, 0.01 if story.emergency else 0.2, lambda at: self.send(case_id, at))

    def send(self, case_id: int, now: datetime) -> None:
        self.do(answering.send_answer, "cases.send", case_id, now)
        person = self.case(case_id).person
        if person and person.email and self.random.random() < 0.75:
            self.later(now, 1, lambda at: self.read(case_id, at))
        elif person and person.phone:
            self.later(now, 0.5, lambda at: self.call(case_id, at, left=self.policy.contact.attempts))
        else:
            self.later(now, 0.5, lambda at: self.publish(case_id, at))

    def read(self, case_id: int, now: datetime) -> None:
        answer = latest_answer(self.case(case_id))
        assert answer is not None
        reaching.open_answer(org=self.org, token=answer.link_token, now=now)
        self.later(now, 1, lambda at: self.close(case_id, at))

    def call(self, case_id: int, now: datetime, *, left: int) -> None:
        reached = self.random.random() < 0.5
        result = "answered" if reached else self.random.choice(["no_answer", "busy", "unreachable"])
        person = self.case(case_id).person
        number = person.phone if person else ""
        self.do(reaching.record_call, "cases.contact", case_id, now, number=number, result=result)
        if reached:
            self.later(now, 0.5, lambda at: self.close(case_id, at))
        elif left > 1:
            again = now + timedelta(hours=self.policy.contact.hours_apart)  # sooner it would be the same try
            self.later(again, 0.7, lambda at: self.call(case_id, at, left=left - 1))
        else:
            self.later(now, 0.5, lambda at: self.publish(case_id, at))

    def publish(self, case_id: int, now: datetime) -> None:
        self.do(reaching.publish_notice, "cases.publish", case_id, now)
        self.line.at(now + timedelta(days=11), lambda at: self.close(case_id, at))

    def close(self, case_id: int, now: datetime) -> None:
        self.do(reaching.close_case, "cases.close", case_id, now)

    def do(self, verb: Callable[..., object], act: str, case_id: int, now: datetime, **said: object) -> None:
        actor = self.doer(act, case_id)[1]
        changed = verb(org=self.org, case_id=case_id, by=actor, now=now, **said)
        if isinstance(changed, Case):
            self.unit_of[case_id] = changed.unit_id
        if case_id in self.by_the_hour and verb in OWING:
            self.watch(case_id)

    def watch(self, case_id: int) -> None:
        """The clock rings at each step that waits of what is owed in hours: a day late would be too late."""
        for owed in history_about(org=self.org, subject=f"case:{case_id}"):
            if owed.is_open and owed.unit in ELAPSED:
                for step in owed.steps.all():
                    if step.taken_at is None and step.lifted_at is None:
                        self.line.ring(step.at)

    def doer(self, act: str, case_id: int | None = None) -> tuple[Member, Actor]:
        """Somebody who has the act, of the unit that has the case if there is one there."""
        able = [one for one in self.people if one[1].may(act)]
        here = case_id and (self.unit_of.get(case_id) or self.central)
        near = [one for one in able if case_id is None or one[1].unit_id == here]
        fit = near or [one for one in able if one[1].everywhere] or able
        return self.random.choice(fit)

    def case(self, case_id: int) -> Case:
        return case_by_id(org=self.org, case_id=case_id)

    def unit(self, key: str) -> Unit | None:
        return unit_by_key(org=self.org, key=key) if key else None

    def later(self, now: datetime, days: float, act: Act) -> None:
        """Some working time after, as people get to things: about `days`, never outside the office's hours."""
        hours = timedelta(hours=days * 8 * self.random.gammavariate(2, 0.5))
        self.line.at(self.profile.calendar.add_time(now, max(hours, timedelta(minutes=4))), act)

    def _filing_moment(self, about: datetime) -> datetime:
        local = about.astimezone(self.profile.zone)
        hour = self.random.choices(range(24), weights=[1] * 6 + [3, 6, 9, 9, 8, 8, 6, 6, 8, 8, 7, 6, 5, 5, 4, 3, 2, 1])[
            0
        ]
        return local.replace(hour=hour, minute=self.random.randrange(60))
