"""Putting an affiliate right by hand, between two files of the client."""

from datetime import datetime

from escucha.contexts.assistance.events import AffiliateCorrected
from escucha.contexts.assistance.models import Affiliate
from escucha.contexts.assistance.queries.affiliates import NoSuchAffiliate, visible_affiliates
from escucha.contexts.assistance.rules.importing.asking import blockers_to_correct
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import refuse_if


@act
def correct_status(*, org: Organisation, affiliate_id: int, status: str, by: Actor, now: datetime) -> Affiliate:
    """Active, or no longer. Raises NoSuchAffiliate, and Refused for who is to be verified: that is another act."""
    found = visible_affiliates(org=org, viewer=by).filter(pk=affiliate_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NoSuchAffiliate
    after, before = Affiliate.Status(status), found.status
    refuse_if(blockers_to_correct(by, status=before, after=after))
    found.status, found.changed_at = after, now
    found.save(update_fields=["status", "changed_at"])
    record(AffiliateCorrected(subject=found.subject, status=after, before=before), org=org, by=by, now=now)
    return found
