"""What is known of a person is put right, and what stood before is kept. It is never made one with anybody else."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from escucha.contexts.people.events import PersonCorrected
from escucha.contexts.people.models import Correction, Person
from escucha.contexts.people.queries import (
    data_of,
    digest_of_corrected,
    digest_of_correction,
    last_correction,
    person_for_change,
)
from escucha.contexts.people.rules.correcting import blockers_to_correct, kind_after, what_changes
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import refuse_if


def welcome(*, org: Organisation, now: datetime) -> Person:
    """Somebody of whom nothing is known yet, for who says it in the same act: what was not said is empty."""
    return Person.objects.create(org=org, known_since=now)


@act
def correct_person(
    *,
    org: Organisation,
    person_id: int,
    said: Mapping[str, str],
    reason: str,
    about: str = "",
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> Correction:
    """The fields of `said` are as it says from now on; those that it does not name stay as they are.

    `about` is the subject from which it was asked; `seen`, the last correction that who asks had before its eyes, 0 for
    none: programs that saw no page pass None. Another correction puts it back.
    """
    person = person_for_change(org=org, person_id=person_id)
    before = data_of(person)
    last = last_correction(person)
    overtaken = seen is not None and seen != (last.pk if last else 0)
    changes = what_changes(before, said)
    refuse_if(blockers_to_correct(by, before=before, changes=changes, reason=reason, overtaken=overtaken))
    person.kind = kind_after(person.kind, before, changes)
    for field, text in changes.items():
        setattr(person, field, text)
    person.save(update_fields=["kind", *changes])
    correction = Correction.objects.create(
        org=org,
        person=person,
        about=about,
        before={field: before[field] for field in changes},
        after=changes,
        reason=reason.strip(),
        member_id=by.member_id,
        at=now,
        salt=secrets.token_hex(16),
    )
    fact = PersonCorrected(
        subject=person.subject,
        correction=correction.pk,
        corrected=",".join(changes),
        digest=digest_of_correction(correction),
        words_digest=digest_of_corrected(correction),
    )
    record(fact, org=org, by=by, now=now)
    return correction
