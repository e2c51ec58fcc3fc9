"""The doors to affiliates. Who may not look is told nothing, not even that there is somebody."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import ExpressionWrapper, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Random
from django.db.models.lookups import GreaterThanOrEqual

from escucha.contexts.assistance.models import Affiliate
from escucha.contexts.assistance.models.affiliates import BY_NAME
from escucha.contexts.assistance.rules.acts import AFFILIATES, HANDLE, SEE
from escucha.contexts.assistance.rules.affiliates import keys_said, words_of_name
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

MOST_FOUND = 50
NAMES_LOOKED_AT = 10_000  # of those who share a surname
# The database expects any key in one row of two hundred, and would call more processes to fetch the one there is, which
# takes longer than fetching it. What is random they cannot share.
ONE_PROCESS = GreaterThanOrEqual(ExpressionWrapper(F("pk") * Random(), FloatField()), Value(0.0))
TURN = {Affiliate.Status.ACTIVE: 0, Affiliate.Status.TO_VERIFY: 1, Affiliate.Status.INACTIVE: 2}


class NoSuchAffiliate(LookupError):
    """There is none, or not for who asks."""


class Place(NamedTuple):
    """Where a page of the list ends: the name as it is ordered, and the row."""

    name: str
    affiliate: int


def may_look_up(viewer: Actor) -> bool:
    return any(map(viewer.may, (HANDLE, SEE, AFFILIATES)))


def visible_affiliates(*, org: Organisation, viewer: Actor) -> QuerySet[Affiliate]:
    found = Affiliate.objects.filter(org=org)
    return found if may_look_up(viewer) else found.none()


def affiliate_by_id(*, org: Organisation, viewer: Actor, affiliate_id: int) -> Affiliate:
    """With its holder and the import that brought it. Raises NoSuchAffiliate."""
    found = visible_affiliates(org=org, viewer=viewer).filter(pk=affiliate_id)
    affiliate = found.select_related("org", "holder", "last_import").first()
    if affiliate is None:
        raise NoSuchAffiliate
    return affiliate


def beneficiaries_of(*, org: Organisation, viewer: Actor, affiliate: Affiliate) -> Sequence[Affiliate]:
    found = visible_affiliates(org=org, viewer=viewer).filter(holder=affiliate)
    return list(found.order_by("pk")[:MOST_FOUND])


def find_affiliates(*, org: Organisation, viewer: Actor, said: str, account: str = "") -> Sequence[Affiliate]:
    """Who has that document, that field of its account or that telephone: the active first, each with its holder.

    By name, only within an account. One statement by a key; by name a few.
    """
    visible = visible_affiliates(org=org, viewer=viewer).select_related("holder")
    if account:
        visible = visible.filter(account=account)
    if keys := keys_said(said):
        by_key = visible.filter(ONE_PROCESS, keys__overlap=list(keys))
        # The sum keeps the database from walking the rows in their order in the hope of meeting one soon.
        found = list(by_key.order_by(F("pk") + 0)[:MOST_FOUND])
    else:
        found = _named(visible, words_of_name(said)) if account else []
    return sorted(found, key=lambda one: (TURN[Affiliate.Status(one.status)], one.holder_id is not None, one.pk))


def affiliate_list(
    *,
    org: Organisation,
    viewer: Actor,
    account: str,
    status: str = "",
    after: Place | None = None,
    limit: int = 50,
) -> Sequence[Affiliate]:
    """Those of an account by surname, one more than `limit` where there are more. Each says `name`, its place."""
    found = visible_affiliates(org=org, viewer=viewer).filter(account=account).annotate(name=BY_NAME)
    if status:
        found = found.filter(status=status)
    if after is not None:
        later = Q(name__gt=after.name) | Q(pk__gt=after.affiliate)
        found = found.filter(later, name__gte=after.name)
    return list(found.select_related("holder").order_by("name", "pk")[: limit + 1])


def _named(visible: QuerySet[Affiliate], words: Sequence[str]) -> list[Affiliate]:
    """Surnames and names as they were said, in either order; else any word as the first surname, and the rest anywhere.

    The second way looks at some thousands of those who share that surname, and no more.
    """
    named = visible.annotate(name=BY_NAME).order_by("name", "pk")
    found: dict[int, Affiliate] = {}
    for turn in range(len(words)):
        said = " ".join((*words[turn:], *words[:turn]))
        found |= {one.pk: one for one in named.filter(name__startswith=said)[:MOST_FOUND]}
    for first in () if found else words:
        begin = named.filter(name__startswith=first).values("pk")[:NAMES_LOOKED_AT]
        rest = named.filter(*(Q(name__contains=word) for word in words), pk__in=begin)
        found |= {one.pk: one for one in rest[:MOST_FOUND]}
    return list(found.values())[:MOST_FOUND]
