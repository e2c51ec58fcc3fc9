"""What a person agrees to, with its proof, and what it no longer agrees to. No answer to a petition waits for it."""

import secrets
from datetime import datetime

from django.db import transaction

from escucha.contexts.people.events import ConsentGiven, ConsentWithdrawn
from escucha.contexts.people.models import Consent
from escucha.contexts.people.operations.marking import end_mark
from escucha.contexts.people.policy import PeoplePolicy
from escucha.contexts.people.queries import (
    consent_in_force,
    digest_of_consent,
    digest_of_proof,
    last_consent,
    marks_under,
    person_for_change,
)
from escucha.contexts.people.rules.consenting import (
    blockers_to_give_consent,
    blockers_to_withdraw_consent,
    digest_of_text,
)
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_in, version_of
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import refuse_if


@transaction.atomic
def give_consent(
    *, org: Organisation, person_id: int, purpose: str, channel: str, proof: str, by: Actor, now: datetime
) -> Consent:
    """The person agrees to the text in force of a purpose. One that already holds is returned as it is.

    `proof` is where it can be seen that it did: the box of which form, the recording, the signed sheet.
    """
    person = person_for_change(org=org, person_id=person_id)
    version = version_of(org, at=now)
    asked = profile_in(version, slug=org.slug).section(PeoplePolicy).purposes.get(purpose)
    refuse_if(blockers_to_give_consent(by, purpose=asked, proof=proof))
    if held := consent_in_force(org=org, person=person, purpose=purpose, at=now):
        return held
    assert asked is not None
    consent = Consent(
        org=org,
        person=person,
        profile_version=version,
        purpose=asked.key,
        version=asked.version,
        text_digest=digest_of_text(asked.text),
        given=True,
        at=now,
        channel=channel,
        member_id=by.member_id,
        proof=proof.strip(),
    )
    return _added(consent, by=by)


@transaction.atomic
def withdraw_consent(
    *, org: Organisation, person_id: int, purpose: str, channel: str, proof: str = "", by: Actor, now: datetime
) -> Consent:
    """The person no longer agrees. The marks that stood on its consent end, and what they said is erased."""
    person = person_for_change(org=org, person_id=person_id)
    last = last_consent(org=org, person=person, purpose=purpose)
    refuse_if(blockers_to_withdraw_consent(by, given=bool(last and last.given)))
    assert last is not None
    consent = Consent(
        org=org,
        person=person,
        profile_version_id=last.profile_version_id,
        purpose=last.purpose,
        version=last.version,
        text_digest=last.text_digest,
        given=False,
        at=now,
        channel=channel,
        member_id=by.member_id,
        proof=proof.strip(),
    )
    withdrawn = _added(consent, by=by)
    for mark in marks_under(org=org, person=person, purpose=purpose):
        end_mark(mark, erased=True, by=by, now=now)
    return withdrawn


def _added(consent: Consent, *, by: Actor) -> Consent:
    consent.salt = secrets.token_hex(16)
    consent.save(force_insert=True)
    said = ConsentGiven if consent.given else ConsentWithdrawn
    fact = said(
        subject=consent.person.subject,
        consent=consent.pk,
        digest=digest_of_consent(consent),
        proof_digest=digest_of_proof(consent),
    )
    record(fact, org=consent.org, by=by, now=consent.at)
    return consent
