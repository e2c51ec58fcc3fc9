"""A report says whom it is about: from its first moment it is kept from who is named in it, and from their chain."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.events import AccusedNamed
from escucha.contexts.cases.models import Accused, Case
from escucha.contexts.cases.operations.releasing import let_go
from escucha.contexts.cases.queries.doors import case_for_change
from escucha.contexts.cases.queries.reserved import keepers_of
from escucha.contexts.cases.rules.accusing import Named, how_named, names_label
from escucha.contexts.cases.rules.reserve import Charge
from escucha.kernel.orgs.models import Member, Organisation, Unit
from escucha.kernel.orgs.queries import members_of, profile_of, units_of
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record

ACCUSED = "accused"  # the field of a report that says whom it is about


@transaction.atomic
def name_whom_it_says(
    *, org: Organisation, case_id: int, added: str = "", by: Actor, now: datetime
) -> Sequence[Accused]:
    """Those who work here and whom a reserved case names are accused, before anybody opens it. Twice is as once.

    Who is named whole where it says whom it is about does not see it, though nobody else could handle it: that is told
    to whom the policy names above, and by `doctor`. What is in doubt, a first name, a post or who is told of in
    passing, keeps it only from who is not the last. Who handles it lifts what was taken for another. `added` is what is
    said later, before anybody reads it.
    """
    case = case_for_change(org=org, case_id=case_id, by=by)
    said = str(case.details.get(ACCUSED, ""))
    if not case.reserved:
        return []
    sure: list[Member | Unit] = [unit for unit in units_of(org) if names_label(said, unit.label)]
    sure += [one for one in members_of(org=org) if how_named(said, one.account.name) is Named.WHOLE]
    named = [_accuse(case, one, by=by, now=now) for one in sure]
    for one in _doubtful(case, said, f"{case.matter} {case.body} {added}", now=now):
        if keepers_of(case, now=now, also=[Charge(one.pk, one.unit_id)]):
            named.append(_accuse(case, one, by=by, now=now))
    if any(named) and not keepers_of(case, now=now):
        notices.tell_above(case, now=now)
    return [one for one in named if one is not None]


def _doubtful(case: Case, said: str, told: str, *, now: datetime) -> Iterator[Member]:
    """Those who would handle the case and may be whom it is about."""
    profile = profile_of(case.org, at=now)
    for one in keepers_of(case, now=now):
        posts = [profile.roles[role].label for role in one.roles if role in profile.roles]
        in_passing = how_named(told, one.account.name) is Named.WHOLE
        if how_named(said, one.account.name) or in_passing or any(names_label(said, post) for post in posts):
            yield one


def _accuse(case: Case, whom: Member | Unit, *, by: Actor, now: datetime) -> Accused | None:
    """The charge, if nobody said it before."""
    member, unit = (whom, None) if isinstance(whom, Member) else (None, whom)
    accused, made = Accused.objects.get_or_create(
        case=case, member=member, unit=unit, defaults={"org": case.org, "at": now}
    )
    if not made:
        return None
    let_go(case, by=by, now=now)
    record(AccusedNamed(subject=case.subject, accused=accused.pk), org=case.org, by=by, now=now)
    return accused
