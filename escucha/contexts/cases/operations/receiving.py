"""Receiving what is no case yet: contacts that ask for no answer, and what comes together in a box or a hearing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from escucha.contexts.cases.events import (
    ActClosed,
    ActOpened,
    AttentionBecameCase,
    AttentionRecorded,
    SlipCorrected,
    SlipEntered,
    SlipVoided,
)
from escucha.contexts.cases.models import Act, Attention, Case, Slip
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.operations.handling import write_note
from escucha.contexts.cases.operations.owing import count_again
from escucha.contexts.cases.operations.refusal import Refused, refuse_if
from escucha.contexts.cases.policy.receiving import BoxesPolicy
from escucha.contexts.cases.queries.doors import case_for_change
from escucha.contexts.cases.queries.joined import debts_of
from escucha.contexts.cases.queries.receiving import (
    act_for_change,
    act_opened_as,
    attention_for_change,
    attention_recorded_with,
    day_of_act,
    said_on,
    slip_at,
    slip_filed_with,
    standing_of_act,
    text_of_slip,
)
from escucha.contexts.cases.rules.receiving import (
    BOX,
    PUT_RIGHT,
    blockers_to_close_act,
    blockers_to_correct,
    blockers_to_date,
    blockers_to_enter,
    blockers_to_open_act,
    blockers_to_record,
    blockers_to_turn_into_case,
    blockers_to_void,
)
from escucha.contexts.cases.rules.standing import State
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.people.models import Person
from escucha.contexts.people.operations.recognising import recognise
from escucha.kernel.orgs.models import Organisation, Unit
from escucha.kernel.orgs.operations import next_number
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record, record_all
from escucha.kernel.words import Saying, _

CORRECTED = "slip_corrected"  # a cause
SAID = (
    "kind", "name", "contact_name", "document_kind", "document_number", "email", "phone", "other_phone", "address",
)  # fmt: skip


@transaction.atomic
def record_attention(
    *,
    org: Organisation,
    channel: str,
    stakeholder: str,
    topic: str,
    note: str = "",
    person: Mapping[str, str] | None = None,
    site: str = "",
    place_code: str = "",
    minutes: int | None = None,
    unit: Unit | None = None,
    form_key: str = "",
    by: Actor,
    now: datetime,
) -> Attention:
    """A contact that asks for no answer in writing. A form sent twice is one contact."""
    refuse_if(blockers_to_record(by))
    if form_key:
        _wait_for_turn(org, f"attention:{form_key}")
        if twin := attention_recorded_with(org=org, form_key=form_key):
            return twin
    assert by.member_id is not None  # only members have acts
    attention = Attention.objects.create(
        org=org,
        channel=channel,
        site=site,
        stakeholder=stakeholder,
        topic=topic,
        person=recognise(org=org, now=now, **person) if person else None,
        place_code=place_code,
        note=note.strip(),
        minutes=minutes,
        unit=unit if unit and unit.org_id == org.pk else None,
        member_id=by.member_id,
        at=now,
        form_key=form_key or None,
    )
    fact = AttentionRecorded(subject=f"attention:{attention.pk}", channel=channel, stakeholder=stakeholder, topic=topic)
    record(fact, org=org, by=by, now=now)
    return attention


@transaction.atomic
def turn_attention_into_case(
    *,
    org: Organisation,
    attention_id: int,
    body: str,
    matter: str = "",
    person: Mapping[str, str] | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """The request that was behind a contact, received when it came. Each knows the other from now on.

    `person` is what is said of who asks, over what was known of it.
    """
    attention = attention_for_change(org=org, attention_id=attention_id, by=by)
    refuse_if(blockers_to_turn_into_case(by, filed=attention.case_id is not None))
    case = file_case(
        org=org,
        channel=attention.channel,
        site=attention.site,
        place_code=attention.place_code,
        matter=matter,
        body=body,
        person=(_as_said(attention.person) or {}) | dict(person or {}) or None,
        received_at=attention.at,
        received_unit=attention.unit,
        filing_key=f"attention-{attention.pk}",
        by=by,
        now=now,
    )
    attention.case = case
    attention.save(update_fields=["case"])
    both = (f"attention:{attention.pk}", case.subject)
    facts = [AttentionBecameCase(subject=one, case=case.pk, attention=attention.pk) for one in both]
    record_all(facts, org=org, by=by, now=now)
    return case


@transaction.atomic
def open_act(
    *,
    org: Organisation,
    kind: str,
    held_at: datetime,
    site: str = "",
    place: str = "",
    topic: str = "",
    witnesses: Sequence[str] = (),
    first_slip: int | None = None,
    last_slip: int | None = None,
    notes: str = "",
    by: Actor,
    now: datetime,
) -> Act:
    """A box is opened before witnesses, with its sealed range of slips; or a hearing is held. Said twice it is one."""
    profile = profile_of(org, at=now)
    policy = profile.section(BoxesPolicy)
    named = [name.strip() for name in witnesses if name.strip()]
    blockers = blockers_to_open_act(
        by,
        kind=kind,
        witnesses=named,
        needed=policy.witnesses,
        slips=(first_slip, last_slip),
        held_at=held_at,
        now=now,
    )
    refuse_if(blockers)
    assert by.member_id is not None  # only members have acts
    said: dict[str, Any] = {
        "kind": kind,
        "site": site,
        "place": place.strip()[:200],
        "topic": topic.strip()[:200],
        "held_at": held_at,
        "witnesses": named,
        "first_slip": first_slip if kind == BOX else None,
        "last_slip": last_slip if kind == BOX else None,
        "notes": notes.strip(),
    }
    _wait_for_turn(org, f"act:{by.member_id}")
    if twin := act_opened_as(org=org, by=by, **said):
        return twin
    series = policy.series if kind == BOX else policy.hearings
    year = now.astimezone(profile.zone).year
    number = f"{series}-{year}-{next_number(org=org, series=series, year=year):04d}"
    act = Act.objects.create(org=org, number=number, member_id=by.member_id, recorded_at=now, **said)
    record(_opened(act), org=org, by=by, now=now)
    return act


@transaction.atomic
def enter_slip(
    *,
    org: Organisation,
    act_id: int,
    body: str,
    matter: str = "",
    position: int | None = None,
    written_on: date | None = None,
    minute: int | None = None,
    speaker: str = "",
    commitment: str = "",
    person: Mapping[str, str] | None = None,
    by: Actor,
    now: datetime,
    **form: Any,
) -> Slip:
    """One slip, or one word of a hearing, is a case of its own. Without `position` it takes the one that follows.

    `form` is what `file_case` takes besides: its `filing_key` makes a word sent twice one word.
    """
    act = act_for_change(org=org, act_id=act_id, by=by)
    if twin := slip_filed_with(act, form.get("filing_key", "")):
        return twin
    standing = standing_of_act(act)
    position = standing.following if position is None else position
    refuse_if([*blockers_to_enter(standing, by, position=position), *_odd_day(act, written_on, now)])
    if position is None:
        raise Refused([Saying(_("El acta ya tiene todas sus papeletas."))])
    slip = Slip(
        org=org,
        act=act,
        position=position,
        written_on=written_on,
        minute=minute,
        speaker=speaker.strip()[:200],
        commitment=commitment.strip(),
        at=now,
    )
    slip.case = _file_slip(act, position, slip, body=body, matter=matter, person=person, by=by, now=now, **form)
    slip.save(force_insert=True)
    record_all(_entered(act, position, slip.case), org=org, by=by, now=now)
    return slip


@transaction.atomic
def void_slip(*, org: Organisation, act_id: int, position: int, reason: str, by: Actor, now: datetime) -> Slip:
    """A slip that says nothing keeps its number, with the reason: blank, illegible."""
    act = act_for_change(org=org, act_id=act_id, by=by)
    known = slip_at(act, position)
    if known and known.case is None and known.void == reason.strip():
        return known
    refuse_if(blockers_to_void(standing_of_act(act), by, position=position, reason=reason))
    slip = Slip.objects.create(org=org, act=act, position=position, void=reason.strip()[:200], at=now)
    record(SlipVoided(subject=_subject(act), position=position), org=org, by=by, now=now)
    return slip


@transaction.atomic
def correct_slip(
    *,
    org: Organisation,
    act_id: int,
    position: int,
    body: str,
    written_on: date | None = None,
    minute: int | None = None,
    speaker: str = "",
    commitment: str = "",
    by: Actor,
    now: datetime,
) -> Slip:
    """What was copied wrong from the paper is put right, until the act is closed or its case is being handled.

    What was filed stays as it was filed: a text put right is a note beside it. What its case still owes is counted
    again from the day put right, where the policy counts from it. A void slip becomes a case. What is put right twice
    in the same way has one note.
    """
    act = act_for_change(org=org, act_id=act_id, by=by)
    slip = slip_at(act, position)
    if slip is None:
        raise Refused([Saying(_("Esa papeleta todavía no está en el acta."))])
    if slip.case:  # who may not see it corrects nothing of it
        slip.case = case_for_change(org=org, case_id=slip.case.pk, by=by)
    moved = bool(slip.case and slip.case.state != State.FILED)
    refuse_if([*blockers_to_correct(standing_of_act(act), by, moved=moved), *_odd_day(act, written_on, now)])
    slip.written_on, slip.minute = written_on, minute
    slip.speaker, slip.commitment = speaker.strip()[:200], commitment.strip()
    if slip.case is None:
        slip.case, slip.void = _file_slip(act, position, slip, body=body, by=by, now=now), ""
        record_all(_entered(act, position, slip.case), org=org, by=by, now=now)
    else:
        if body.strip() != text_of_slip(slip):
            note = str(Saying(PUT_RIGHT, {"body": body.strip()}))
            write_note(org=org, case_id=slip.case.pk, body=note, by=by, now=now)
        record(SlipCorrected(subject=_subject(act), position=position), org=org, by=by, now=now)
    slip.save(update_fields=["written_on", "minute", "speaker", "commitment", "case", "void"])
    count_again(slip.case, debts_of(slip.case), cause=CORRECTED, by=by, now=now)
    return slip


@transaction.atomic
def close_act(*, org: Organisation, act_id: int, by: Actor, now: datetime) -> Act:
    """The act is whole: from now on nothing in it changes."""
    act = act_for_change(org=org, act_id=act_id, by=by)
    refuse_if(blockers_to_close_act(standing_of_act(act), by))
    slips = Slip.objects.filter(act=act)
    voids = slips.filter(case=None).count()
    act.closed_at, act.closed_by_id = now, by.member_id
    act.save(update_fields=["closed_at", "closed_by"])
    record(ActClosed(subject=_subject(act), cases=slips.count() - voids, voids=voids), org=org, by=by, now=now)
    return act


def _file_slip(act: Act, position: int, slip: Slip, *, by: Actor, now: datetime, **said: Any) -> Case:
    """The case of a slip. Who wrote a slip was the person; what is said in a hearing, staff writes down."""
    profile = profile_of(act.org, at=now)
    channel = profile.section(ChannelsPolicy).receiving_by(act.kind)
    return file_case(
        org=act.org,
        channel=channel.key if channel else act.kind,
        site=act.site,
        received_at=said_on(slip, profile),
        by=by,
        now=now,
        **{"filled_by": "person" if act.kind == BOX else "staff", "filing_key": f"slip-{act.pk}-{position}"} | said,
    )


def _odd_day(act: Act, written_on: date | None, now: datetime) -> Sequence[Saying]:
    return blockers_to_date(written_on, opened_on=day_of_act(act, profile_of(act.org, at=now)))


def _as_said(person: Person | None) -> dict[str, str] | None:
    """What is known of who called, as `recognise` takes it: it finds the same person again."""
    if person is None:
        return None
    place = {"place_code": person.place.code} if person.place else {}
    return place | {name: getattr(person, name) for name in SAID}


def _wait_for_turn(org: Organisation, what: str) -> None:
    """Who does the same at the same time waits, and finds it done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [what, org.pk])


def _subject(act: Act) -> str:
    return f"act:{act.pk}"


def _entered(act: Act, position: int, case: Case) -> list[SlipEntered]:
    both = (_subject(act), case.subject)
    return [SlipEntered(subject=one, position=position, case=case.pk, number=act.number) for one in both]


def _opened(act: Act) -> ActOpened:
    return ActOpened(
        subject=_subject(act),
        kind=act.kind,
        number=act.number,
        site=act.site,
        held_at=act.held_at.isoformat(),
        first_slip=act.first_slip,
        last_slip=act.last_slip,
    )
