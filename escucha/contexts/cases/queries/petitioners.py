"""The person of a case, for who may see it; and its other cases, which tell the same of it."""

from collections.abc import Sequence
from datetime import datetime

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.reserved import identity_shown
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor


def is_kept_from(case: Case, *, viewer: Actor, now: datetime) -> bool:
    """Whether who its person is, is kept from a viewer at this moment."""
    return case.identity_reserved and identity_shown(case, viewer=viewer, now=now) is None


def may_be_told(case: Case) -> bool:
    """Whether its person left nothing of itself, and may still say it."""
    return case.person_id is None and not (case.anonymous or case.keeps_papers)


def others_of_person(case: Case) -> Sequence[Case]:
    """The other cases of its person that are kept from nobody who sees them; for the product itself."""
    found = Case.objects.filter(org=case.org_id, person=case.person_id, reserved=False, identity_reserved=False)
    return list(found.exclude(pk=case.pk).order_by("pk").only("pk"))


def all_of_person(*, org: Organisation, person_id: int) -> Sequence[Case]:
    """All that somebody asked, locked, in an order that no two takers can cross. For the product itself."""
    found = Case.objects.filter(org=org, person=person_id).order_by("pk")
    return list(found.select_for_update(of=("self",)))
