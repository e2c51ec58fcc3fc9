"""How an assistance stands, as far as the rules of its service and its end need to know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.policy.catalogue import Flow
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import ENDED, Category, Priority, Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

PROVIDER, AFFILIATE = "provider", "affiliate"  # who acts on a page of its own

ORDER = (
    Stage.OPENING,
    Stage.TO_ASSIGN,
    Stage.ASSIGNED,
    Stage.CONFIRMED,
    Stage.ARRIVED,
    Stage.CONTACTED,
    Stage.DIAGNOSED,
    Stage.AUTHORISED,
    Stage.REFUNDING,
    Stage.FINISHED,
)


@dataclass(frozen=True)
class Owed:
    """A duty that is open. Nobody sees it before `visible_at`."""

    duty: Duty
    due_at: datetime
    visible_at: datetime


@dataclass(frozen=True)
class Course:
    """How an assistance stands. `cover` is what its plan gives for this event; None is without limit."""

    stage: Stage
    priority: str = Priority.PROGRAMMED
    flow: Flow = Flow.ONSITE
    category: str = Category.COVERAGE
    zone: ZoneInfo = ZoneInfo("UTC")
    currency: str = ""
    going: Work | None = None  # of the provider who goes
    owed: Sequence[Owed] = ()
    assigned_at: datetime | None = None
    arrived_at: datetime | None = None
    contacted_at: datetime | None = None
    finished_at: datetime | None = None
    cover: Decimal | None = None
    quoted: Decimal | None = None
    excess: Decimal | None = None
    conformity: str = ""
    tries: int = 0
    has_survey: bool = True
    surveyed: bool = False
    invoices: frozenset[str] = frozenset()  # loaded and not taken back
    charged: Mapping[str, Decimal] = field(default_factory=dict)  # of those invoices, by who bears it
    has_costs: bool = False  # loaded, if only to say that it cost nothing
    missing: Sequence[str] = ()  # what was not filled in, in words
    doers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_vital(self) -> bool:
        return self.priority == Priority.VITAL

    @property
    def duties(self) -> frozenset[Duty]:
        return frozenset(one.duty for one in self.owed)

    def due_of(self, duty: Duty) -> datetime | None:
        return next((one.due_at for one in self.owed if one.duty == duty), None)


def without_act(course: Course, by: Actor, *, also: Collection[str] = ()) -> list[Saying]:
    """Nothing for who coordinates, nor for who acts on its own page where it may; for the rest, who does it here."""
    if by.may(HANDLE) or by.kind in also:
        return []
    return [Saying(_("Las asistencias las coordina {who}."), {"who": course.doers.get(HANDLE) or _("nadie todavía")})]


def out_of_turn(course: Course, wanted: Collection[Stage], *, early: str, late: str) -> list[Saying]:
    """Nothing in the stages that are wanted; before them, what is missing; after them, why it is too late."""
    if course.stage in wanted:
        return []
    if course.stage in ENDED:
        return [Saying(_("La asistencia ya terminó."))]
    if course.stage == Stage.REFUNDING:
        return [Saying(_("Se autorizó un reembolso: no va nadie."))]
    before = ORDER.index(course.stage) < min(ORDER.index(one) for one in wanted if one in ORDER)
    return [Saying(early if before else late)]


def untimely(at: datetime | None, now: datetime | None, *, since: datetime | None, before: str) -> list[Saying]:
    """What happened did so by now, and not before what had to happen first. None is not said yet."""
    if at is None:
        return []
    if now and at > now:
        return [Saying(_("Esa hora todavía no llega: escriba a qué hora pasó."))]
    return [Saying(before)] if since and at < since else []


def plain(moment: datetime | None) -> str | None:
    """As it is kept in a line of the log."""
    return moment.astimezone(UTC).isoformat() if moment else None
