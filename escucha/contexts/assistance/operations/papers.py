"""The documents of a provider. The first one that ends decides until when it may be sent."""

from datetime import date, datetime

from django.db.models import Min

from escucha.contexts.assistance.events import PaperAdded, PaperWithdrawn
from escucha.contexts.assistance.models import Paper, Provider
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.queries.providers import paper_for_change, provider_for_change
from escucha.contexts.assistance.rules.network import blockers_to_add_paper, blockers_to_change_network
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import refuse_if


@act
def add_paper(
    *,
    org: Organisation,
    provider_id: int,
    name: str,
    until: date | None = None,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Paper:
    """One more document, with the last day on which it holds. It takes the place of the one of the same name."""
    provider = provider_for_change(org=org, provider_id=provider_id)
    same_version(provider, version)
    refuse_if(blockers_to_add_paper(by, name=name))
    before = Paper.objects.filter(provider=provider, name__iexact=name.strip(), withdrawn_at=None)
    before.update(withdrawn_at=now)
    paper = Paper.objects.create(
        org=org, provider=provider, name=name.strip(), until=until, member_id=by.member_id, added_at=now
    )
    _keep(provider, now=now)
    fact = PaperAdded(subject=provider.subject, paper=paper.pk, until=until.isoformat() if until else "")
    record(fact, org=org, by=by, now=now)
    return paper


@act
def withdraw_paper(*, org: Organisation, paper_id: int, version: int | None = None, by: Actor, now: datetime) -> Paper:
    """It counts no more. That it was there stays written."""
    paper = paper_for_change(org=org, paper_id=paper_id)
    same_version(paper.provider, version)
    refuse_if(blockers_to_change_network(by))
    if paper.withdrawn_at is None:
        paper.withdrawn_at = now
        paper.save(update_fields=["withdrawn_at"])
        _keep(paper.provider, now=now)
        record(PaperWithdrawn(subject=paper.provider.subject, paper=paper.pk), org=org, by=by, now=now)
    return paper


def _keep(provider: Provider, *, now: datetime) -> None:
    held = Paper.objects.filter(provider=provider, withdrawn_at=None)
    provider.papers_until, provider.changed_at = held.aggregate(first=Min("until"))["first"], now
    keep(provider, "papers_until", "changed_at")
