"""Who is attended first. Whatever is sensitive is written down only with the person's consent."""

from datetime import datetime

from django.db import transaction

from escucha.contexts.people.events import GroupMarked, GroupUnmarked
from escucha.contexts.people.models import PersonGroup
from escucha.contexts.people.queries import consent_in_force, mark_of, person_for_change, policy_of
from escucha.contexts.people.rules.consenting import blockers_to_mark_group, blockers_to_unmark_group
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import refuse_if


@transaction.atomic
def mark_group(*, org: Organisation, person_id: int, group: str, channel: str, by: Actor, now: datetime) -> PersonGroup:
    """The person is of a group attended first. A mark that already is there is returned as it is.

    A sensitive group needs the consent that `group_purpose` of the policy asks for, given before (`give_consent`).
    """
    person = person_for_change(org=org, person_id=person_id)
    policy = policy_of(org, at=now)
    known = policy.groups.get(group)
    asked = known.sensitive if known else False
    consent = consent_in_force(org=org, person=person, purpose=policy.group_purpose, at=now) if asked else None
    refuse_if(blockers_to_mark_group(by, group=known, consented=consent is not None))
    if mark := mark_of(org=org, person=person, group=group):
        return mark
    mark = PersonGroup.objects.create(
        org=org, person=person, group=group, since=now, channel=channel, member_id=by.member_id, consent=consent
    )
    record(GroupMarked(subject=person.subject, mark=mark.pk), org=org, by=by, now=now)
    return mark


@transaction.atomic
def unmark_group(*, org: Organisation, person_id: int, group: str, by: Actor, now: datetime) -> PersonGroup:
    """The person is not of that group, or no longer. What was sensitive is erased with the mark."""
    person = person_for_change(org=org, person_id=person_id)
    mark = mark_of(org=org, person=person, group=group)
    refuse_if(blockers_to_unmark_group(by, marked=mark is not None))
    assert mark is not None
    return end_mark(mark, erased=mark.consent_id is not None, by=by, now=now)


def end_mark(mark: PersonGroup, *, erased: bool, by: Actor, now: datetime) -> PersonGroup:
    """The mark ends; `erased`, it no longer says of which group it was."""
    mark.ended_at = now
    mark.group = "" if erased else mark.group
    mark.save(update_fields=["ended_at", "group"])
    record(GroupUnmarked(subject=mark.person.subject, mark=mark.pk), org=mark.org, by=by, now=now)
    return mark
