"""The beginning of a case: filed by anybody through any door, classified by who may."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.events import CaseClassified, CaseFiled, CaseRouted
from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.accusing import name_whom_it_says
from escucha.contexts.cases.operations.indexing import index_new_case
from escucha.contexts.cases.operations.owing import annul, keep, owe, owe_first, settle
from escucha.contexts.cases.operations.refusal import Refused, refuse_if, refuse_stranger, same_version
from escucha.contexts.cases.operations.reserving import name_same_accused, put_in_reserve
from escucha.contexts.cases.operations.turning import take_turn
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import case_for_change, profile_of_case
from escucha.contexts.cases.queries.holders import case_filed_with
from escucha.contexts.cases.queries.joined import debts_of
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.rules.debts import (
    CLASSIFICATION,
    LEGAL_TERM,
    LONGEST_AGO,
    VITAL_TERM,
    Reckoned,
    debts_when_filed,
)
from escucha.contexts.cases.rules.filing import Said
from escucha.contexts.cases.rules.standing import State, blockers_to_classify
from escucha.contexts.cases.rules.starting import came, start_of
from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.documents.operations.attaching import attach, keep_back
from escucha.contexts.people.models import Person
from escucha.contexts.people.operations.recognising import recognise
from escucha.kernel.composed import insert, next_key
from escucha.kernel.orgs.models import Organisation, Unit
from escucha.kernel.orgs.operations import next_number
from escucha.kernel.orgs.queries import central_unit, profile_in, version_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import SYSTEM, Actor
from escucha.kernel.timeline.record import record, record_first
from escucha.kernel.words import Saying, _
from escucha.kernel.worktime.words import long_day

ATTACHED_AS = {
    File.Purpose.SCAN: Attachment.Kind.SCAN,
    File.Purpose.RAW_MAIL: Attachment.Kind.MESSAGE,
    File.Purpose.GENERATED: Attachment.Kind.GENERATED,
}
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I, O: they are confused when dictated


def file_case(
    *,
    org: Organisation,
    channel: str,
    person: Mapping[str, str] | Person | None = None,
    received_at: datetime | None = None,
    received_unit: Unit | None = None,
    split_from: Case | None = None,
    attachments: Sequence[File] = (),
    filing_key: str = "",
    acknowledged: bool = True,
    by: Actor,
    now: datetime,
    **said: Any,
) -> Case:
    """A new case, with its number and its debts. Filing is never refused: what is missing stays missing.

    `person` holds what the person said about itself, as `recognise` takes it, or is somebody already known; `said` is
    what `rules.filing.Said` has: what means nothing there is left out. `received_at` is when an area received it before
    handing it over, and the moment every term counts from: never later than now, nor longer ago than LONGEST_AGO.
    `attachments` are files that are kept already. `filing_key` makes a form sent twice one case. Without
    `acknowledged` no letter leaves: the receipt is only shown. Of a reserved case none ever does.
    Whom a reserved case names never sees it.
    """
    file_new = partial(
        _file_new,
        org=org,
        channel=channel,
        said=Said(**said),
        person=person,
        received_at=received_at,
        received_unit=received_unit,
        split_from=split_from,
        attachments=attachments,
        filing_key=filing_key,
        acknowledged=acknowledged,
        by=by,
        now=now,
    )
    try:
        return file_new()
    except IntegrityError:  # the same form arrived twice: the other was first, or this one may go on
        return case_filed_with(org=org, filing_key=filing_key) or file_new()


@transaction.atomic
def _file_new(
    *,
    org: Organisation,
    channel: str,
    said: Said,
    person: Mapping[str, str] | Person | None,
    received_at: datetime | None,
    received_unit: Unit | None,
    split_from: Case | None,
    attachments: Sequence[File],
    filing_key: str,
    acknowledged: bool,
    by: Actor,
    now: datetime,
) -> Case:
    version = version_of(org, at=now)
    profile = profile_in(version, slug=org.slug)
    policy = profile.section(CasesPolicy)
    received_at = max(min(received_at or now, now), now - LONGEST_AGO)
    said = said.read(policy)
    reckoned = debts_when_filed(policy, profile, received_at=received_at, filed_at=now, emergency=said.emergency)
    known = _known(person, org=org, now=now) if person and not said.anonymous else None
    filed_on = now.astimezone(profile.zone).date()
    case = Case(
        pk=next_key(Case),
        org=org,
        profile_version=version,
        receipt_code=new_receipt_code(),
        verify_code=secrets.token_urlsafe(12),
        contact_code=new_contact_code(),
        filing_key=filing_key or None,
        channel=channel,
        person=known,
        received_at=received_at,
        filed_at=now,
        filed_on=filed_on,
        received_unit=received_unit if received_unit and received_unit.org_id == org.pk else None,
        split_from=split_from if split_from and split_from.org_id == org.pk else None,
        filed_by_id=by.member_id,
        due_at=min(one.due.due_at for one in reckoned),
        **vars(said),
    )
    # Everybody who files waits for the number until this is done: what needs none is written before.
    owe_first(case, profile, reckoned, central=central_unit(org), now=now)
    number = next_number(org=org, series=policy.series, year=filed_on.year)
    case.filing_number = f"{policy.series}-{filed_on.year}-{number:06d}"
    take_turn(case, profile=profile, now=now)
    insert(case)
    index_new_case(case, known)
    record_first(_filed(case), org=org, by=by, now=now)
    if case.reserved and case.split_from:
        name_same_accused(case, of=case.split_from, by=by, now=now)
    if case.reserved:
        name_whom_it_says(org=org, case_id=case.pk, by=SYSTEM, now=now)
    for file in attachments:
        if file.org_id == org.pk:
            kind = ATTACHED_AS.get(File.Purpose(file.purpose), Attachment.Kind.EVIDENCE)
            attach(org=org, file=file, subject=case.subject, kind=kind, by=by, now=now)
    if attachments and case.keeps_papers:
        keep_back(org=org, subject=case.subject, by=by, now=now)
    if acknowledged:
        _acknowledge(case, profile, reckoned, now=now)
    return case


def new_receipt_code() -> str:
    return secrets.token_urlsafe(16)


def new_contact_code() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(6))


def _known(person: Mapping[str, str] | Person, *, org: Organisation, now: datetime) -> Person | None:
    if not isinstance(person, Person):
        return recognise(org=org, now=now, **person)
    return person if person.org_id == org.pk else None


def _acknowledge(case: Case, profile: Profile, reckoned: Sequence[Reckoned], *, now: datetime) -> None:
    first = min((one for one in reckoned if one.kind in (LEGAL_TERM, VITAL_TERM)), key=lambda one: one.due.due_at)
    starts = came(start_of(first.term, profile, received_at=case.received_at))
    notices.acknowledge(case, profile=profile, due_on=long_day(first.due.due_date), starts=str(starts), now=now)


@transaction.atomic
def classify_case(
    *,
    org: Organisation,
    case_id: int,
    case_type: str,
    unit: Unit | None = None,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """The kind is set or changed: its debts take the place of those before, from the original receipt, in one act."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    profile = profile_of_case(case)
    if unit:
        refuse_stranger(unit, org=org)
    refuse_if(blockers_to_classify(standing_of(case, profile=profile), by, unit_id=unit.pk if unit else None))
    kind = profile.section(CasesPolicy).type_of(case_type)
    if kind is None:
        raise Refused([Saying(_("Escoja el tipo de la solicitud."))])
    if kind.key == case.case_type:
        raise Refused([Saying(_("El caso ya es de ese tipo."))])
    before, case.case_type = case.case_type, kind.key
    if kind.reserved and not case.reserved:
        put_in_reserve(case, by=by, now=now)
    moved = unit if unit and unit.pk != case.unit_id and not case.reserved else None
    left = case.unit_id
    if moved:
        case.unit, case.member = moved, None
    _owe_kind(case, profile, by=by, now=now)
    if case.state != State.ANSWERED:
        case.state = State.ASSIGNED if case.unit else State.CLASSIFIED
    keep(case, "case_type", "unit", "member", "state")
    record(CaseClassified(subject=case.subject, case_type=kind.key, before=before), org=org, by=by, now=now)
    if moved:
        record(CaseRouted(subject=case.subject, unit=moved.pk, before=left), org=org, by=by, now=now)
        notices.tell_unit(case, notices.ASSIGNED, now=now)
    return case


def _owe_kind(case: Case, profile: Profile, *, by: Actor, now: datetime) -> None:
    """What was owed before is annulled, the debts of the kind are owed. An answer handed in stays handed in."""
    settle(case, CLASSIFICATION, by=by, now=now)
    annul(case, cause="classified", by=by, now=now)
    owe(case, profile, [debt for debt in debts_of(case) if debt.kind != VITAL_TERM], now=now)


def _filed(case: Case) -> CaseFiled:
    """What is told of a new case. Of a reserved one, neither what it is about nor which area received it."""
    return CaseFiled(
        subject=case.subject,
        channel=case.channel,
        suggested_type="" if case.reserved else case.suggested_type,
        filing_number=case.filing_number,
        received_at=case.received_at.isoformat(),
        emergency=case.emergency,
        unit=None if case.reserved else case.received_unit_id,
        filled_by=case.filled_by,
    )
