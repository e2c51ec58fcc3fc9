"""The doors to what is received together or is no case: acts with their slips, and contacts that ask for no answer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce

from escucha.contexts.cases.models import Act, Attention, Case, Remark, Slip
from escucha.contexts.cases.policy.receiving import BoxesPolicy
from escucha.contexts.cases.queries.doors import FULL, NoSuchCase, profile_of_case, the_one
from escucha.contexts.cases.queries.reserved import charges_of
from escucha.contexts.cases.rules.debts import LONGEST_AGO
from escucha.contexts.cases.rules.receiving import PUT_RIGHT, ActStanding, counted_from
from escucha.contexts.cases.rules.reserve import is_against
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying


class NoSuchAct(LookupError):
    """There is no such act, or not for who asks."""


class NoSuchAttention(LookupError):
    """There is no such contact, or not for who asks."""


class Place(NamedTuple):
    """Where a page of a list, newest first, starts."""

    at: datetime
    row_id: int


class Tally(NamedTuple):
    """How many contacts of one kind there were."""

    key: str
    many: int


def visible_attentions(*, org: Organisation, viewer: Actor) -> QuerySet[Attention]:
    """All of them, or those of its unit; what a member recorded itself it always sees."""
    found = Attention.objects.filter(org=org)
    if not viewer.may("attentions.see"):
        return found.filter(member=viewer.member_id) if viewer.may("attentions.record") else found.none()
    if viewer.everywhere:
        return found
    own = Q(member=viewer.member_id)
    return found.filter(own | Q(unit=viewer.unit_id)) if viewer.unit_id is not None else found.filter(own)


def attention_list(
    *,
    org: Organisation,
    viewer: Actor,
    since: datetime,
    until: datetime,
    chosen: Mapping[str, str] | None = None,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> Sequence[Attention]:
    """A page of those from `since` to before `until`, newest first, and one row more. `chosen` are columns' values."""
    found = _of_period(org, viewer, since, until, chosen)
    found = found.select_related("member__account", "unit", "person", "case")
    return _newest(found, "at", after=after, before=before, limit=limit)


def attention_tallies(
    *,
    org: Organisation,
    viewer: Actor,
    since: datetime,
    until: datetime,
    chosen: Mapping[str, str] | None = None,
) -> Mapping[str, Sequence[Tally]]:
    """How many there were by stakeholder, by topic and by channel, the most first."""
    found = _of_period(org, viewer, since, until, chosen).order_by()
    return {
        column: [
            Tally(row[column], row["many"])
            for row in found.values(column).annotate(many=Count("pk")).order_by("-many", column)
        ]
        for column in ("stakeholder", "topic", "channel")
    }


def attention_by_id(*, org: Organisation, viewer: Actor, attention_id: int) -> Attention:
    found = visible_attentions(org=org, viewer=viewer).filter(pk=attention_id)
    attention = found.select_related("member__account", "unit", "person", "case").first()
    if attention is None:
        raise NoSuchAttention
    return attention


def attention_for_change(*, org: Organisation, attention_id: int, by: Actor) -> Attention:
    """The contact, locked until the transaction ends."""
    found = visible_attentions(org=org, viewer=by).filter(pk=attention_id)
    attention = found.select_for_update(of=("self",)).select_related("person__place", "unit").first()
    if attention is None:
        raise NoSuchAttention
    return attention


def attention_recorded_with(*, org: Organisation, form_key: str) -> Attention | None:
    """The contact that a form already recorded, if it was sent before."""
    return Attention.objects.filter(org=org, form_key=form_key).first()


def attention_of(case: Case) -> Attention | None:
    """The contact that became a case."""
    return Attention.objects.filter(org=case.org, case=case).first()


def visible_acts(*, org: Organisation, viewer: Actor) -> QuerySet[Act]:
    """All of them, or those that its unit opened."""
    found = Act.objects.filter(org=org)
    if not viewer.may("acts.open"):
        return found.none()
    if viewer.everywhere:
        return found
    own = Q(member=viewer.member_id)
    return found.filter(own | Q(member__unit=viewer.unit_id)) if viewer.unit_id is not None else found.filter(own)


def act_list(
    *, org: Organisation, viewer: Actor, after: Place | None = None, before: Place | None = None, limit: int = 50
) -> Sequence[Act]:
    """A page of acts, the last held first, and one row more."""
    counted = Slip.objects.filter(act=OuterRef("pk")).order_by().values("act").annotate(many=Count("pk")).values("many")
    found = visible_acts(org=org, viewer=viewer).annotate(slips=Coalesce(Subquery(counted), 0))
    found = found.select_related("member__account")
    return _newest(found, "held_at", after=after, before=before, limit=limit)


def act_by_number(*, org: Organisation, viewer: Actor, number: str) -> Act:
    found = visible_acts(org=org, viewer=viewer).filter(number=number)
    act = found.select_related("member__account", "closed_by__account").first()
    if act is None:
        raise NoSuchAct
    return act


def act_opened_as(*, org: Organisation, by: Actor, **said: Any) -> Act | None:
    """The act that a member already opened with all that is said of it, if it was sent before."""
    return Act.objects.filter(org=org, member=by.member_id, **said).order_by("pk").first()


def act_for_change(*, org: Organisation, act_id: int, by: Actor) -> Act:
    """The act, locked until the transaction ends: two people never take the same number."""
    act = visible_acts(org=org, viewer=by).filter(pk=act_id).select_for_update(of=("self",)).first()
    if act is None:
        raise NoSuchAct
    return act


def slips_of(act: Act) -> Sequence[Slip]:
    """In their order, each with its case."""
    return list(Slip.objects.filter(act=act).select_related("case__person").order_by("position"))


def slip_at(act: Act, position: int) -> Slip | None:
    return Slip.objects.filter(act=act, position=position).select_related("case__person").first()


def text_of_slip(slip: Slip) -> str:
    """What the paper says, by the last who put it right: its case keeps what was filed first."""
    if slip.case is None:
        return ""
    opening = str(Saying(PUT_RIGHT, {"body": ""}))
    notes = Remark.objects.filter(case=slip.case, kind=Remark.Kind.NOTE, body__startswith=opening)
    last = notes.order_by("-pk").first()
    return last.body.removeprefix(opening) if last else slip.case.body


def slip_filed_with(act: Act, filing_key: str) -> Slip | None:
    """The slip that a form already entered, if it was sent before."""
    return Slip.objects.filter(act=act, case__filing_key=filing_key).first() if filing_key else None


def slip_of(case: Case) -> Slip | None:
    """The slip or the word that a case was, with its act."""
    return Slip.objects.filter(case=case).select_related("act").first()


def day_of_act(act: Act, profile: Profile) -> date:
    """The day on which the box was opened, or the hearing began."""
    return act.held_at.astimezone(profile.zone).date()


def said_on(slip: Slip, profile: Profile) -> datetime:
    """From when what a slip asks for counts, by what its act says now."""
    return counted_from(
        kind=slip.act.kind,
        held_at=slip.act.held_at.astimezone(profile.zone),
        written_on=slip.written_on,
        minute=slip.minute,
        counts_from=profile.section(BoxesPolicy).counts_from,
    )


def receipts_of(cases: Iterable[Case]) -> Mapping[int, datetime]:
    """From when each case counts: its receipt or, where it was a slip, the day that was put right in its act."""
    known = {case.pk: case for case in cases}
    receipts = {pk: case.received_at for pk, case in known.items()}
    for slip in Slip.objects.filter(case__in=known).select_related("act"):
        case = known[slip.case_id or 0]
        said = said_on(slip, profile_of_case(case))
        receipts[case.pk] = max(min(said, case.filed_at), case.filed_at - LONGEST_AGO)
    return receipts


def standing_of_act(act: Act) -> ActStanding:
    """How an act stands, for the rules."""
    return ActStanding(
        kind=act.kind,
        closed=act.closed_at is not None,
        first=act.first_slip,
        last=act.last_slip,
        taken=frozenset(Slip.objects.filter(act=act).values_list("position", flat=True)),
    )


def case_filed_by(*, org: Organisation, by: Actor, number: str, since: datetime) -> Case:
    """What a member itself has filed of late, to read it back to the person: also for who sees no cases.

    Once it is about that member, or about who works for it, it reads it no more.
    """
    found = Case.objects.filter(org=org, filing_number=number, filed_by=by.member_id, filed_at__gte=since)
    if by.member_id is None:
        raise NoSuchCase
    case = the_one(found, *FULL)
    if case.reserved and any(is_against(by, charge) for charge in charges_of(case)):
        raise NoSuchCase
    return case


def _of_period(
    org: Organisation, viewer: Actor, since: datetime, until: datetime, chosen: Mapping[str, str] | None
) -> QuerySet[Attention]:
    found = visible_attentions(org=org, viewer=viewer).filter(at__gte=since, at__lt=until)
    return found.filter(**{column: value for column, value in (chosen or {}).items() if value})


def _newest[Row: (Act, Attention)](
    found: QuerySet[Row], moment: str, *, after: Place | None, before: Place | None, limit: int
) -> Sequence[Row]:
    here = Tuple(F(moment), F("id"))
    if before is not None:
        newer = found.filter(TupleGreaterThan(here, tuple(before))).order_by(moment, "id")
        return list(newer[: limit + 1])[::-1]
    if after is not None:
        found = found.filter(TupleLessThan(here, tuple(after)))
    return list(found.order_by(f"-{moment}", "-id")[: limit + 1])
