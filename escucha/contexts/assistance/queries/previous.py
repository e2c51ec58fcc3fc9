"""What was given before to the people of a plan, as it is read while somebody calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from escucha.contexts.assistance.models import Affiliate, Assignment, Assistance, AssistanceFile, Cost
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.cover import root_of
from escucha.contexts.assistance.queries.doors import may_look, policy_of_file
from escucha.contexts.assistance.rules.assignments import Work
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

PAGE = 20


@dataclass(frozen=True)
class Before:
    """What the history is narrowed to. The days are of the place of the file that is looked at, both included."""

    service: str = ""
    type: str = ""
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True)
class Previous:
    """An assistance that was asked for before, with who went and what it cost in its currency."""

    assistance: Assistance
    provider: str
    total: Decimal


def previous_assistances(
    *,
    org: Organisation,
    viewer: Actor,
    file: AssistanceFile,
    only: Before = Before(),
    before: int | None = None,
    limit: int = PAGE,
) -> Sequence[Previous]:
    """Those of its affiliate and of who shares the plan, in other files, the newest first: four statements."""
    if not may_look(viewer) or file.affiliate is None or file.org_id != org.pk:
        return []
    root = root_of(file.affiliate)
    family = Affiliate.objects.filter(Q(pk=root) | Q(holder=root), org=org)
    found = Assistance.objects.filter(org=org, file__affiliate__in=family.values("pk")).exclude(file=file)
    found = _narrowed(found, only, policy_of_file(file), file.country)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.select_related("file__coordinator__account", "file__affiliate").order_by("-pk")[:limit])
    sent = Assignment.objects.filter(~Q(state=Work.CANCELLED), assistance__in=rows).order_by("pk")
    who = dict(sent.values_list("assistance", "provider__name"))
    costs = Cost.objects.filter(assistance__in=rows).order_by().values("assistance").annotate(total=Sum("amount"))
    total = dict(costs.values_list("assistance", "total"))
    return [Previous(one, who.get(one.pk, ""), total.get(one.pk) or Decimal(0)) for one in rows]


def origin_of(*, org: Organisation, viewer: Actor, assistance: Assistance) -> Assistance | None:
    """The work whose guarantee it is, with its file; None where it is nobody's."""
    if assistance.guarantee_of_id is None or not may_look(viewer):
        return None
    return Assistance.objects.filter(org=org, pk=assistance.guarantee_of_id).select_related("file").first()


def _narrowed(
    found: QuerySet[Assistance], only: Before, policy: AssistancePolicy, country: str
) -> QuerySet[Assistance]:
    zone = policy.zone_of(country)
    if only.service:
        found = found.filter(service=only.service)
    if only.type:
        found = found.filter(service__in=[one.key for one in policy.services if one.type == only.type])
    if only.from_on:
        found = found.filter(opened_at__gte=_begin(only.from_on, zone))
    if only.until_on:
        found = found.filter(opened_at__lt=_begin(only.until_on + timedelta(days=1), zone))
    return found


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
