"""What an assistance gathered on its way: who goes, what was said, what it cost, and how long each thing took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from escucha.contexts.assistance.models import Assignment, Assistance, AssistanceFile, Cost, LogLine
from escucha.contexts.assistance.policy import AssistancePolicy, Flow
from escucha.contexts.assistance.queries.doors import may_look, policy_of_file, profile_of_file
from escucha.contexts.assistance.rules.assignments import GOING, Work
from escucha.contexts.assistance.rules.costs import Line, Payer, totals
from escucha.contexts.assistance.rules.course import Course, Owed
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.serving import cover_of
from escucha.contexts.assistance.rules.stages import Category, Stage
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import history_about, owed_about
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import _

PAGE = 40
AT_ONCE = "at_once"  # done as soon as it was owed


@dataclass(frozen=True)
class Moment:
    """A duty as it went: when it began, until when it had, when it was done, all in the zone of the assistance."""

    duty: Duty
    attempt: int
    began_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    outcome: str  # met, at_once, met_late, annulled; empty while it is owed
    cause: str
    late: bool
    adjusted: bool  # its hour had gone by when it was born

    @property
    def allowed(self) -> timedelta | None:
        return self.due_at - self.began_at if self.due_at else None

    @property
    def spent(self) -> timedelta | None:
        """How long it took; None while it is owed. What was told before it was owed took no time."""
        return max(self.done_at - self.began_at, timedelta(0)) if self.done_at else None


@dataclass(frozen=True)
class Happened:
    """A moment of the assistance itself, in its zone."""

    label: str
    at: datetime


@dataclass(frozen=True)
class Totals:
    """What an assistance or a file cost in one currency, by who bears it."""

    currency: str
    coverage: Decimal
    affiliate: Decimal
    company: Decimal

    @property
    def whole(self) -> Decimal:
        return self.coverage + self.affiliate + self.company


HAPPENED = {
    "opened_at": _("Se abrió"),
    "registered_at": _("Se aceptó"),
    "assigned_at": _("Se asignó proveedor"),
    "confirmed_at": _("Se le confirmó al afiliado"),
    "arrived_at": _("Llegó el proveedor"),
    "contacted_at": _("Se encontraron"),
    "diagnosed_at": _("Hubo diagnóstico"),
    "authorised_at": _("Se autorizó el trabajo"),
    "finished_at": _("Terminó el trabajo"),
    "costed_at": _("Se cargaron los costos"),
    "surveyed_at": _("Se hizo la encuesta"),
    "ended_at": _("Terminó la asistencia"),
}


def _assignments() -> QuerySet[Assignment]:
    return Assignment.objects.filter(assistance=Blank("assistance")).select_related("provider")


GOES = Composed(lambda: _assignments().filter(state__in=sorted(GOING)).order_by("id")[:1])
LAST = Composed(lambda: _assignments().order_by("-id")[:1])


def going(assistance: Assistance) -> Assignment | None:
    """The assignment of the provider who goes now, if any does."""
    return _of(assistance, GOES.first(assistance=assistance.pk))


def flow_of(assistance: Assistance) -> Flow:
    """How its service is given."""
    service = policy_of_file(assistance.file).service(assistance.service)
    return service.flow if service else Flow.ONSITE


def last_assignment(assistance: Assistance) -> Assignment | None:
    """The assignment that stands or was the last: whose work it is."""
    return _of(assistance, LAST.first(assistance=assistance.pk))


def assignments_of(*, org: Organisation, viewer: Actor, assistance: Assistance) -> Sequence[Assignment]:
    """Everybody who was to go, the first one first."""
    return list(assignments(assistance).order_by("id")) if _may(org, viewer, assistance) else []


def assignments(assistance: Assistance) -> QuerySet[Assignment]:
    return Assignment.objects.filter(assistance=assistance).select_related("provider")


def _of(assistance: Assistance, work: Assignment | None) -> Assignment | None:
    if work:
        work.assistance = assistance  # which is at hand, locked and as it is now
    return work


def course_of(assistance: Assistance) -> Course:
    """How an assistance stands, for the rules: two statements, and one more where costs were loaded."""
    profile = profile_of_file(assistance.file)
    service = profile.section(AssistancePolicy).service(assistance.service)
    live = _live(assistance) if assistance.costed_at else []
    last = last_assignment(assistance)
    flow = service.flow if service else Flow.ONSITE
    return Course(
        stage=Stage(assistance.stage),
        priority=assistance.priority,
        flow=flow,
        category=assistance.category,
        zone=ZoneInfo(assistance.zone),
        currency=assistance.currency,
        going=Work(last.state) if last and last.state != Work.CANCELLED else None,
        owed=_owed(assistance),
        assigned_at=assistance.assigned_at or (last.assigned_at if last else None),
        arrived_at=assistance.arrived_at,
        contacted_at=assistance.contacted_at,
        finished_at=assistance.finished_at,
        cover=cover_of(assistance.category, assistance.cover_amount),
        quoted=assistance.quoted,
        excess=assistance.excess,
        conformity=assistance.conformity,
        tries=assistance.conformity_tries,
        has_survey=service is None or service.survey,
        surveyed=assistance.surveyed_at is not None,
        invoices=frozenset(cost.invoice for cost in live),
        charged=totals(Line(cost.payer, cost.concept, cost.amount) for cost in live),
        has_costs=assistance.costed_at is not None,
        missing=_missing(assistance, vehicle=bool(service and service.vehicle)),
        doers=profile.doers,
    )


def log_of(
    *,
    org: Organisation,
    viewer: Actor,
    about: Assistance | AssistanceFile,
    before: int | None = None,
    limit: int = PAGE,
) -> Sequence[LogLine]:
    """The lines of an assistance, or of a file with all its assistances, newest first; `before` that id."""
    if not _may(org, viewer, about):
        return []
    of = {"assistance": about} if isinstance(about, Assistance) else {"file": about}
    found = LogLine.objects.filter(**of).select_related("member__account", "assistance")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-id")[:limit])


def times_of(*, org: Organisation, viewer: Actor, assistance: Assistance) -> Sequence[Moment]:
    """Every duty there was, oldest first, with what it was allowed and what it took."""
    if not _may(org, viewer, assistance):
        return []
    zone = ZoneInfo(assistance.zone)
    tolerance = timedelta(seconds=policy_of_file(assistance.file).times.at_once_seconds)
    return [_moment(one, zone, tolerance) for one in history_about(org=org, subject=assistance.subject)]


def happened_to(assistance: Assistance) -> Sequence[Happened]:
    """The moments of an assistance in their order, in its zone."""
    zone = ZoneInfo(assistance.zone)
    known = [(label, getattr(assistance, name)) for name, label in HAPPENED.items()]
    return sorted((Happened(label, at.astimezone(zone)) for label, at in known if at), key=lambda one: one.at)


def costs_of(*, org: Organisation, viewer: Actor, assistance: Assistance) -> Sequence[Cost]:
    """Every line that was loaded, taken back or not, in their order."""
    if not _may(org, viewer, assistance):
        return []
    return list(Cost.objects.filter(assistance=assistance).select_related("member__account").order_by("id"))


def totals_of(assistance: Assistance) -> Totals:
    lines = Cost.objects.filter(assistance=assistance).values_list("payer", "amount")
    sums = totals(Line(payer, "", amount) for payer, amount in lines)
    return Totals(assistance.currency, sums[Payer.COVERAGE], sums[Payer.AFFILIATE], sums[Payer.COMPANY])


def totals_of_file(file: AssistanceFile) -> Sequence[Totals]:
    """Of all its assistances, one for each currency that was charged: one statement."""
    of = {payer: Sum("amount", filter=Q(payer=payer), default=Decimal(0)) for payer in Payer}
    rows = Cost.objects.filter(assistance__file=file).values("currency").annotate(**of).order_by("currency")
    return [Totals(*row) for row in rows.values_list("currency", *Payer)]


def live_costs(assistance: Assistance, *, invoice: str) -> Sequence[Cost]:
    """The lines of an invoice that were not taken back."""
    return [cost for cost in _live(assistance) if cost.invoice == invoice]


def _live(assistance: Assistance) -> Sequence[Cost]:
    lines = list(Cost.objects.filter(assistance=assistance).order_by("id"))
    back = {line.takes_back_id for line in lines}
    return [line for line in lines if line.pk not in back and line.takes_back_id is None]


def _owed(assistance: Assistance) -> Sequence[Owed]:
    owed = owed_about(org=assistance.org, subject=assistance.subject)
    return [Owed(Duty(one.kind), one.due_at, one.visible_at) for one in owed if one.due_at]


def _missing(assistance: Assistance, *, vehicle: bool) -> Sequence[str]:
    """What the procedure asks to be filled in and is not."""
    wanted = {_("el detalle de la falla"): assistance.failure.strip() or assistance.category == Category.REFUND}
    if vehicle:
        wanted[_("la placa")] = assistance.plate.strip()
    return [label for label, there in wanted.items() if not there]


def _moment(owed: Commitment, zone: ZoneInfo, tolerance: timedelta) -> Moment:
    """Of what is due as it is born the ledger says that it is late: done within the tolerance, it was done at once."""
    due_at = owed.due_at.astimezone(zone) if owed.due_at else None
    born_due = owed.due_at is not None and owed.due_at <= owed.counted_from
    at_once = born_due and owed.settled_at is not None and owed.settled_at - owed.counted_from <= tolerance
    outcome = AT_ONCE if at_once and owed.outcome == "met_late" else owed.outcome
    return Moment(
        duty=Duty(owed.kind),
        attempt=owed.attempt,
        began_at=owed.counted_from.astimezone(zone),
        due_at=due_at,
        done_at=owed.settled_at.astimezone(zone) if owed.settled_at else None,
        outcome=outcome,
        cause=owed.cause,
        late=outcome == "met_late" or (owed.is_open and owed.late_at is not None),
        adjusted=bool(owed.reckoning.get("adjusted")),
    )


def _may(org: Organisation, viewer: Actor, about: Assistance | AssistanceFile) -> bool:
    return about.org_id == org.pk and may_look(viewer)
