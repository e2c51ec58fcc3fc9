"""What the search of a provider asks the database: who there is, how each has done, and how the search stands."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from escucha.contexts.assistance.models import Ask, Assignment, Offer, Reach, Veto
from escucha.contexts.assistance.rules.assignments import GOING, Work
from escucha.contexts.assistance.rules.fading import COUNTS, OF_THE_BAND
from escucha.kernel.composed import Blank, Composed

SHOWN = ("name", "legal_name", "phone", "other_phone", "email")
OF_PROVIDER = (
    "kind", "active", "capacity", "shifts", "on_guard", "papers_until", "lat", "lon", "seen_lat", "seen_lon", "seen_at",
    *SHOWN,
)  # fmt: skip
OF_REACH = (
    "provider_id", "area", "position", "tariff", "going", "vetoed", *(f"provider__{name}" for name in OF_PROVIDER),
)  # fmt: skip
SUMS = ", ".join(
    f"coalesce(sum({name} * {'recent_left' if name == 'recent' else 'left_now'})"
    f"{' FILTER (WHERE band = %(band)s)' if name in OF_THE_BAND else ''}, 0)"
    for name in COUNTS
)
# What is left is reckoned once a row and not once a count: OFFSET keeps the two SELECT apart. The powers are of floats,
# since exact numbers would be raised a hundred times slower.
RECORDS = f"""
SELECT provider_id, max(last_assigned_at), {SUMS}
FROM (
    SELECT *, power(%(a_day)s::float8, days) AS left_now, power(%(recent_a_day)s::float8, days) AS recent_left
    FROM (
        SELECT *, greatest(extract(epoch FROM %(now)s - faded_at)::float8 / 86400, 0) AS days
        FROM assistance_standing
        WHERE org_id = %(org)s AND service = %(service)s AND provider_id = ANY(%(providers)s)
        OFFSET 0
    ) AS aged
    OFFSET 0
) AS faded
GROUP BY provider_id
"""


def _reaches() -> QuerySet[Reach, tuple[Any, ...]]:
    """Whose service it is there, with the works that each has now and whether it is not wanted here."""
    own = OuterRef("provider_id")
    going = Assignment.objects.filter(org=Blank("org"), provider=own, state__in=sorted(GOING))
    works = going.order_by().values("provider").annotate(works=Count("id")).values("works")
    whose = Q(account=Blank("account")) | Q(affiliate=Blank("affiliate"))
    vetoes = Veto.objects.filter(whose, provider=own, ended_at=None)
    found = Reach.objects.filter(org=Blank("org"), provider__org=Blank("org"), service=Blank("service"), active=True)
    found = found.extra(where=["assistance_reach.area = ANY(%s)"], params=[Blank("areas")])
    found = found.annotate(going=Coalesce(Subquery(works, output_field=IntegerField()), 0), vetoed=Exists(vetoes))
    return found.values_list(*OF_REACH)


REACHES = Composed(_reaches)
FAILED = Composed(
    lambda: Assignment.objects.filter(assistance=Blank("assistance"), state=Work.CANCELLED).values_list("provider_id")
)
ASKED = Composed(
    lambda: (
        Ask.objects.filter(assistance=Blank("assistance"), search=Blank("search"))
        .order_by("id")
        .values_list("provider_id", "outcome", "at", "way")
    )
)
OFFERED = Composed(
    lambda: (
        Offer.objects.filter(assistance=Blank("assistance"), search=Blank("search"))
        .order_by("position", "id")
        .values_list("id", "provider_id", "position", "state", "expires_at")
    )
)
