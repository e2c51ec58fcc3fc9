"""What the plan of a file still gives, with the events that its people used."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from escucha.contexts.assistance.models import Affiliate, Assistance, AssistanceFile, Cost
from escucha.contexts.assistance.policy import Plan
from escucha.contexts.assistance.queries.doors import may_look, policy_of_file
from escucha.contexts.assistance.rules.cover import NEVER_GIVEN, Covered, Event, cover_today, earliest_needed
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

CAP = 1_000  # events of one family in one period; who used as many has used every limit there is
ASTRIDE = timedelta(days=1)  # a local day begins within a day of the same day of UTC


def cover_of_file(*, org: Organisation, viewer: Actor, file: AssistanceFile, now: datetime) -> Sequence[Covered]:
    """Every service of its plan with what is left of it: two statements. Nothing where it has no plan."""
    return cover_of(file, now=now) if may_look(viewer) and file.org_id == org.pk else []


def cover_of(file: AssistanceFile, *, now: datetime) -> Sequence[Covered]:
    policy = policy_of_file(file)
    plan = policy.plan(file.plan)
    if plan is None:
        return []
    today = now.astimezone(policy.zone_of(file.country)).date()
    since_on = file.affiliate.since_on if file.affiliate else None
    events = _events(file, plan, since=earliest_needed(plan, since_on=since_on, today=today))
    return cover_today(plan, events, since_on=since_on, today=today)


def cover_of_service(file: AssistanceFile, service: str, *, now: datetime) -> Covered | None:
    """What is left of one service; None where the plan does not name it."""
    return next((one for one in cover_of(file, now=now) if one.service == service), None)


def today_of(file: AssistanceFile, *, now: datetime) -> date:
    """The day that it is where the file is about."""
    return now.astimezone(policy_of_file(file).zone_of(file.country)).date()


def used_ever(file: AssistanceFile) -> bool:
    """Whether anything was ever given to its people under its plan."""
    if file.affiliate is None:
        return False
    given = _given(org=file.org_id, plan=file.plan, root=root_of(file.affiliate))
    return given.exclude(stage__in=sorted(NEVER_GIVEN)).exists()


def same_family(one: Affiliate | None, other: Affiliate | None) -> bool:
    """Whether two share a plan: its holder and the beneficiaries."""
    return one is not None and other is not None and root_of(one) == root_of(other)


def root_of(affiliate: Affiliate) -> int:
    """Who has the plan, whose events its beneficiaries use."""
    return affiliate.holder_id or affiliate.pk


def _events(file: AssistanceFile, plan: Plan, *, since: date | None) -> Sequence[Event]:
    if file.affiliate is None:
        return []
    rows = EVENTS.ask(
        org=file.org_id,
        plan=file.plan,
        root=root_of(file.affiliate),
        services=[one.service for one in plan.coverages if one.max_events is not None],
        since=datetime.combine(since, time.min, tzinfo=UTC) - ASTRIDE if since else EVER,
    )
    return [
        Event(service, at.astimezone(ZoneInfo(zone)).date(), category, stage, charged)
        for service, at, zone, category, stage, charged in rows
    ]


def _given(*, org: Any, plan: Any, root: Any) -> QuerySet[Assistance]:
    """What the people of a plan's holder asked for under it and was accepted."""
    family = Affiliate.objects.filter(Q(pk=root) | Q(holder=root), org=org)
    return Assistance.objects.filter(
        org=org, file__affiliate__in=family.values("pk"), file__plan=plan, registered_at__isnull=False
    )


def _charged() -> QuerySet[Assistance, tuple[Any, ...]]:
    """The latest of them, each with whether anything was charged for it."""
    taken_back = Cost.objects.filter(takes_back=OuterRef("pk"))
    costs = Cost.objects.filter(~Exists(taken_back), assistance=OuterRef("pk"), takes_back=None)
    found = _given(org=Blank("org"), plan=Blank("plan"), root=Blank("root")).filter(registered_at__gte=Blank("since"))
    found = found.extra(where=["assistance_assistance.service = ANY(%s)"], params=[Blank("services")])
    rows = found.annotate(charged=Exists(costs)).order_by("-registered_at")[:CAP]
    return rows.values_list("service", "registered_at", "zone", "category", "stage", "charged")


EVENTS = Composed(_charged)
EVER = datetime(1900, 1, 1, tzinfo=UTC)  # before anything
