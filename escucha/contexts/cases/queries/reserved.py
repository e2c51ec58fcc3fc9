"""Reserved cases for who has their act: whom they are about, who may handle them, what was shown and to whom."""

from collections.abc import Collection, Sequence
from datetime import datetime

from escucha.contexts.cases.models import Accused, Case, Reveal
from escucha.contexts.cases.queries.doors import reserved_cases, visible_cases
from escucha.contexts.cases.rules.reserve import RESERVED, REVEALED_IDENTITY, Charge, is_against, keeps
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.queries import members_of, profile_of
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.facts import Actor


def reserved_list(
    *, org: Organisation, viewer: Actor, closed: bool = False, before: int | None = None, limit: int = 50
) -> Sequence[Case]:
    """A page of the reserved cases a viewer may open, the newest first; one row more than `limit` tells of another."""
    found = reserved_cases(org=org, viewer=viewer).filter(closed_at__isnull=not closed)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.select_related("unit", "member__account").order_by("-pk")[: limit + 1])


def accused_of(case: Case) -> Sequence[Accused]:
    """Whom the case is about now, in the order in which they were named."""
    found = Accused.objects.filter(case=case, lifted_at=None).select_related("member__account", "unit")
    return list(found.order_by("at", "pk"))


def charges_of(case: Case) -> Sequence[Charge]:
    """The same, as the rules ask it: a member is of the unit where it works today."""
    return [Charge(one.member_id, one.member.unit_id if one.member else one.unit_id) for one in accused_of(case)]


def keepers_of(case: Case, *, now: datetime, also: Collection[Charge] = ()) -> Sequence[Member]:
    """Who may handle a reserved case, by name; `also` are charges that are not written yet."""
    charges, profile = [*charges_of(case), *also], profile_of(case.org, at=now)
    return [member for member in members_of(org=case.org) if keeps(actor_of(member, profile), charges)]


def addresses_against(case: Case, *, now: datetime) -> frozenset[str]:
    """Where nothing of a reserved case is written: the addresses of whom it is about, and of their chain."""
    charges, profile = charges_of(case), profile_of(case.org, at=now)
    members = [(member, actor_of(member, profile)) for member in members_of(org=case.org)]
    kept = [member for member, by in members if any(is_against(by, charge) for charge in charges)]
    return frozenset(member.account.email.casefold() for member in kept)


def unkept_cases(*, org: Organisation, now: datetime) -> int:
    """How many open reserved cases nobody may handle: all who have the channel are kept from them."""
    found = Case.objects.filter(org=org, reserved=True, closed_at=None).select_related("org")
    return sum(not keepers_of(case, now=now) for case in found)


def keepers_here(*, org: Organisation, now: datetime) -> int:
    """How many have the reserved channel of an organisation."""
    profile = profile_of(org, at=now)
    return sum(actor_of(member, profile).may(RESERVED) for member in members_of(org=org))


def identity_shown(case: Case, *, viewer: Actor, now: datetime) -> Reveal | None:
    """The reveal by which a viewer is shown the identity of a case at this moment."""
    if viewer.member_id is None:
        return None
    mine = Reveal.objects.filter(case=case, member=viewer.member_id, what=REVEALED_IDENTITY, at__lte=now, until__gt=now)
    return mine.order_by("-pk").first()


def reveals_seen(
    *, org: Organisation, viewer: Actor, before: int | None = None, limit: int = 50
) -> Sequence[tuple[Reveal, Case]]:
    """What was shown of what is kept, the newest first, of the cases a viewer may see: who looked, and what for."""
    found = Reveal.objects.filter(org=org, case__in=visible_cases(org=org, viewer=viewer).values("pk"))
    if before is not None:
        found = found.filter(pk__lt=before)
    return [(one, one.case) for one in found.select_related("case", "member__account").order_by("-pk")[: limit + 1]]
