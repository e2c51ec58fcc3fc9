"""Leaving a provider out of the network for a while, and its return. Each says why."""

from datetime import datetime

from escucha.contexts.assistance.events import ProviderReactivated, ProviderSuspended
from escucha.contexts.assistance.models import Provider, Suspension
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.queries.providers import provider_for_change
from escucha.contexts.assistance.rules.network import blockers_to_reactivate, blockers_to_suspend
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import refuse_if


@act
def suspend_provider(
    *, org: Organisation, provider_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Suspension:
    """It is sent to nobody any more, and ends the works it has."""
    provider = provider_for_change(org=org, provider_id=provider_id)
    same_version(provider, version)
    refuse_if(blockers_to_suspend(by, active=provider.active, reason=reason))
    suspension = Suspension.objects.create(
        org=org, provider=provider, reason=reason.strip(), member_id=by.member_id, since=now
    )
    _keep(provider, active=False, now=now)
    record(ProviderSuspended(subject=provider.subject, suspension=suspension.pk), org=org, by=by, now=now)
    return suspension


@act
def reactivate_provider(
    *, org: Organisation, provider_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Suspension:
    """It may be sent again. Why it was not stays written."""
    provider = provider_for_change(org=org, provider_id=provider_id)
    same_version(provider, version)
    refuse_if(blockers_to_reactivate(by, active=provider.active, reason=reason))
    suspension = Suspension.objects.select_for_update().get(provider=provider, ended_at=None)
    suspension.ended_at, suspension.end_reason, suspension.ended_by_id = now, reason.strip(), by.member_id
    suspension.save(update_fields=["ended_at", "end_reason", "ended_by"])
    _keep(provider, active=True, now=now)
    record(ProviderReactivated(subject=provider.subject, suspension=suspension.pk), org=org, by=by, now=now)
    return suspension


def _keep(provider: Provider, *, active: bool, now: datetime) -> None:
    provider.active, provider.changed_at = active, now
    keep(provider, "active", "changed_at")
