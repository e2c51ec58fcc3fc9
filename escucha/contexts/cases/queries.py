"""The doors for reading cases. Each takes the organisation and who looks: what may not be seen is not found."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Aggregate, CharField, Count, DurationField, Exists, F, Max, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from escucha.contexts.cases.events import AnswerRejected, CaseAnswered, CaseReturned, NoteWritten, WithdrawalRecorded
from escucha.contexts.cases.models import Answer, Case, Draft, Notice, Remark
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.rules.digests import digest_of
from escucha.contexts.cases.rules.standing import CALL_REACHED, TELLS_OF_ANSWER, Standing, State, tries_apart
from escucha.contexts.messaging.queries import calls_about, messages_about
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.queries import central_unit, central_units, profile_by_version, profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import _

MOST_COUNTED = 1000
Remarked = CaseReturned | AnswerRejected | NoteWritten | WithdrawalRecorded
ANSWER_GONE = _("La respuesta {number} que dice la bitácora ya no está: fue borrada.")
ANSWER_ALTERED = _("La respuesta {number} no tiene el texto que entregó la dependencia: fue alterada.")
ANSWER_ERASED = _("El texto de la respuesta {number} fue borrado; la bitácora guarda su resumen.")
REMARK_GONE = _("La nota {number} que dice la bitácora ya no está: fue borrada.")
REMARK_ALTERED = _("La nota {number} no tiene el texto con que se escribió: fue alterada.")
REMARK_ERASED = _("El texto de la nota {number} fue borrado; la bitácora guarda su resumen.")


class NoSuchCase(LookupError):
    """There is no such case, or not for who asks."""


class Position(NamedTuple):
    """Where a page of a list starts: after the case with this due time and id."""

    due_at: datetime
    case_id: int


class HandOver(NamedTuple):
    """How long a unit took to hand over what it received: elapsed time, nights and holidays included."""

    unit_id: int
    unit: str
    cases: int
    median: timedelta
    worst: timedelta

    @property
    def median_hours(self) -> float:
        return self.median / timedelta(hours=1)

    @property
    def worst_hours(self) -> float:
        return self.worst / timedelta(hours=1)


class Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def policy_of(org: Organisation, *, at: datetime) -> CasesPolicy:
    return profile_of(org, at=at).section(CasesPolicy)


def profile_of_case(case: Case) -> Profile:
    """The profile the case was born with: its promises and its calendar never change under it."""
    return profile_by_version(case.profile_version_id, org=case.org)


def visible_cases(*, org: Organisation, viewer: Actor) -> QuerySet[Case]:
    """What a viewer may see: everything, or what its unit or itself has in charge and what it filed itself.

    What no unit has yet is the central unit's.
    """
    found = Case.objects.filter(org=org)
    if viewer.everywhere and viewer.may("cases.see"):
        return found
    if not viewer.may("cases.see"):
        return found.none()
    ways = {"unit": viewer.unit_id, "member": viewer.member_id, "filed_by": viewer.member_id}
    own = [Q(**{way: key}) for way, key in ways.items() if key is not None]  # nobody's cases are not of who has no unit
    if viewer.unit_id is not None:
        own.append(Q(unit=None) & Q(Exists(central_units(org).filter(pk=viewer.unit_id))))
    return found.filter(reduce(or_, own)) if own else found.none()


def case_by_number(*, org: Organisation, viewer: Actor, number: str) -> Case:
    return _one(visible_cases(org=org, viewer=viewer).filter(filing_number=number))


def cases_by_subject(*, org: Organisation, viewer: Actor, subjects: Collection[str]) -> Mapping[str, Case]:
    """The visible cases among some subjects, by subject, in one query."""
    ids = [int(subject.removeprefix("case:")) for subject in subjects if subject.startswith("case:")]
    found = visible_cases(org=org, viewer=viewer).filter(pk__in=ids).select_related("person", "unit")
    return {case.subject: case for case in found}


def case_for_change(*, org: Organisation, case_id: int, by: Actor) -> Case:
    """The case, locked until the transaction ends: decide about it and nobody moves it meanwhile.

    Raises NoSuchCase for staff who may not see it. Citizens and the product itself come by doors of their own.
    """
    found = visible_cases(org=org, viewer=by) if by.kind == "staff" else Case.objects.filter(org=org)
    return _one(found.filter(pk=case_id).select_for_update(of=("self",)), *FULL)


def cases_of_member(*, org: Organisation, member: Member) -> Sequence[Case]:
    """The open cases a member has in charge, locked, in an order that no two takers can cross."""
    found = Case.objects.filter(org=org, member=member, closed_at=None).order_by("pk")
    return list(found.select_for_update(of=("self",)).select_related(*FULL).defer("profile_version__document"))


def case_by_id(*, org: Organisation, case_id: int) -> Case:
    """For acts of the product itself, which nobody looks at."""
    return _one(Case.objects.filter(org=org, pk=case_id))


def subjects_seen(*, org: Organisation, viewer: Actor) -> QuerySet[Case, str]:
    """The subjects of the cases a viewer may see, for who lists what other rooms keep about them."""
    subject = Concat(Value("case:"), Cast("pk", CharField()))
    return visible_cases(org=org, viewer=viewer).values_list(subject, flat=True)


def has_cases(org: Organisation) -> bool:
    return Case.objects.filter(org=org).exists()


def case_by_receipt(*, org: Organisation, code: str) -> Case:
    """For who filed: the receipt's unguessable code is the key."""
    return _one(Case.objects.filter(org=org, receipt_code=code))


def case_by_verification(*, org: Organisation, code: str) -> Case:
    """For anyone with the printed code. The page that shows it shows no person, subject or text."""
    return _one(Case.objects.filter(org=org, verify_code=code))


def case_for_tracking(*, org: Organisation, number: str) -> Case | None:
    """A case by its number, for the page that still has to ask for the second factor."""
    return Case.objects.filter(org=org, filing_number=number).select_related(*FULL).first()


def case_filed_with(*, org: Organisation, filing_key: str) -> Case | None:
    """The case that a form already made, if it was sent before."""
    made = Case.objects.filter(org=org, filing_key=filing_key).values_list("pk", flat=True).first()
    return None if made is None else case_by_id(org=org, case_id=made)


def answer_by_token(*, org: Organisation, token: str) -> Answer:
    found = Answer.objects.filter(org=org, link_token=token, sent_at__isnull=False).select_related("case").first()
    if found is None:
        raise NoSuchCase
    return found


def case_list(
    *,
    org: Organisation,
    viewer: Actor,
    view: str = "open",
    case_type: str = "",
    unit_id: int | None = None,
    state: str = "",
    after: Position | None = None,
    before: Position | None = None,
    limit: int = 50,
) -> Sequence[Case]:
    """A page of a saved view, by due time; with `after` what follows a position, with `before` what precedes it.

    Takes one row more than `limit`, so that the caller knows whether there is a next page.
    """
    found = _in_view(visible_cases(org=org, viewer=viewer), view, viewer)
    chosen = {"case_type": case_type, "unit": unit_id, "state": state}
    found = found.filter(**{key: value for key, value in chosen.items() if value})
    found = found.select_related("person", "unit", "member__account")
    if view == "closed":
        return _closed_page(found, after=after, before=before, limit=limit)
    return _page(found, "due_at", after=after, before=before, limit=limit)


def count_up_to(found: QuerySet[Case], most: int = MOST_COUNTED) -> int:
    """How many there are, never counting past `most` + 1: beyond it the page says so."""
    return found.order_by().values("pk")[: most + 1].count()


def view_count(*, org: Organisation, viewer: Actor, view: str) -> int:
    return count_up_to(_in_view(visible_cases(org=org, viewer=viewer), view, viewer))


def hand_over_times(*, org: Organisation, viewer: Actor, since: datetime, until: datetime) -> Sequence[HandOver]:
    """How long areas took to hand over what they received, of the cases filed from `since` to before `until`.

    By receiving unit, the slowest first. What User Attention received itself was never handed over.
    """
    found = visible_cases(org=org, viewer=viewer).filter(filed_at__gte=since, filed_at__lt=until)
    found = found.filter(received_unit__central=False).annotate(took=F("filed_at") - F("received_at"))
    by_unit = found.values("received_unit_id", "received_unit__label")
    rows = by_unit.annotate(cases=Count("pk"), median=Median("took"), worst=Max("took")).order_by(
        "-worst", "received_unit__label"
    )
    return [
        HandOver(row["received_unit_id"], row["received_unit__label"], row["cases"], row["median"], row["worst"])
        for row in rows
    ]


def answers_of(case: Case) -> Sequence[Answer]:
    return list(Answer.objects.filter(case=case).select_related("written_by__account", "checked_by").order_by("pk"))


def latest_answer(case: Case) -> Answer | None:
    return Answer.objects.filter(case=case).order_by("-pk").first()


def remarks_of(case: Case) -> Mapping[int, Remark]:
    return {remark.pk: remark for remark in Remark.objects.filter(case=case).select_related("member__account")}


def draft_of(case: Case, *, member_id: int | None) -> Draft | None:
    return Draft.objects.filter(case=case, member=member_id).first()


def notice_of(case: Case) -> Notice | None:
    return Notice.objects.filter(case=case).first()


def published_notices(*, org: Organisation, now: datetime, limit: int = 200) -> Sequence[Notice]:
    """The notices in force, newest first. They are public."""
    found = Notice.objects.filter(org=org, until__gt=now).select_related("case")
    return list(found.order_by("-published_at")[:limit])


def standing_of(case: Case, *, profile: Profile | None = None) -> Standing:
    """How a case stands, for the rules."""
    profile = profile or profile_of_case(case)
    policy = profile.section(CasesPolicy)
    kind = policy.type_of(case.case_type)
    sent = case.state == State.SENT
    person = case.person
    return Standing(
        state=State(case.state),
        unit_id=case.unit_id,
        central_unit_id=central_unit(case.org).pk,
        at_once=bool(kind and kind.at_once),
        check_needed=policy.check,
        failed_tries=_failed_tries(case, profile) if sent else 0,
        tries_needed=policy.contact.attempts,
        hours_apart=policy.contact.hours_apart,
        can_be_called=bool(person and person.can_be_called),
        can_be_written_to=bool(person and person.email),
        notice_published=sent and notice_of(case) is not None,
        doers=profile.doers,
    )


def _failed_tries(case: Case, profile: Profile) -> int:
    """Since the answer left: calls that did not reach the person. Who left no telephone is written to, once a day."""
    assert case.sent_at is not None
    if case.person and case.person.can_be_called:
        calls = calls_about(org=case.org, subject=case.subject)
        missed = [call.at for call in calls if call.result != CALL_REACHED and call.at >= case.sent_at]
        return tries_apart(missed, hours=profile.section(CasesPolicy).contact.hours_apart)
    written = messages_about(org=case.org, subject=case.subject)
    return len({one.queued_at.astimezone(profile.zone).date() for one in written if one.template in TELLS_OF_ANSWER})


def answers_that_differ(facts: Sequence[CaseAnswered], *, org: Organisation) -> Iterator[Difference]:
    """Answers that do not have the text whose digest was recorded when they were handed in."""
    rows = Answer.objects.filter(org=org).in_bulk([fact.answer for fact in facts])
    for fact in facts:
        if wrong := _differs(fact, rows.get(fact.answer), ANSWER_GONE, ANSWER_ALTERED, ANSWER_ERASED):
            yield Difference(fact, wrong, {"number": fact.answer}, erased=wrong == ANSWER_ERASED)


def remarks_that_differ(facts: Sequence[Remarked], *, org: Organisation) -> Iterator[Difference]:
    """Notes, and reasons of acts, that do not have the text whose digest was recorded."""
    rows = Remark.objects.filter(org=org).in_bulk([fact.remark for fact in facts])
    for fact in facts:
        if wrong := _differs(fact, rows.get(fact.remark), REMARK_GONE, REMARK_ALTERED, REMARK_ERASED):
            yield Difference(fact, wrong, {"number": fact.remark}, erased=wrong == REMARK_ERASED)


def _differs(fact: CaseAnswered | Remarked, row: Answer | Remark | None, gone: str, altered: str, erased: str) -> str:
    if row is None or fact.subject != f"case:{row.case_id}":
        return gone
    if digest_of(row.salt, row.body) == fact.digest:
        return ""
    return altered if row.body else erased


FULL = ("org", "person", "unit", "member__account", "profile_version")


def _one(found: QuerySet[Case], *related: str) -> Case:
    case = found.select_related(*(related or FULL)).defer("profile_version__document").first()
    if case is None:
        raise NoSuchCase
    return case


def _in_view(found: QuerySet[Case], view: str, viewer: Actor) -> QuerySet[Case]:
    if view == "closed":
        return found.filter(closed_at__isnull=False)
    found = found.filter(closed_at=None)
    if view == "mine":
        return found.filter(member=viewer.member_id) if viewer.member_id else found.none()
    if view == "unclassified":
        return found.filter(state=State.FILED)
    if view == "check":
        return found.filter(state__in=[State.ANSWERED, State.APPROVED])
    if view == "reach":
        return found.filter(state=State.SENT)
    return found


def _page(
    found: QuerySet[Case], key: str, *, after: Position | None, before: Position | None, limit: int
) -> Sequence[Case]:
    # Row comparison, spelled so that the index on (key, id) starts at the position instead of walking to it.
    if before is not None:
        found = found.filter(Q(**{f"{key}__lte": before.due_at}), _beyond(key, "lt", before))
        return list(found.order_by(F(key).desc(), "-id")[: limit + 1])[::-1]
    if after is not None:
        found = found.filter(Q(**{f"{key}__gte": after.due_at}), _beyond(key, "gt", after))
    return list(found.order_by(key, "id")[: limit + 1])


def _closed_page(
    found: QuerySet[Case], *, after: Position | None, before: Position | None, limit: int
) -> Sequence[Case]:
    """Closed cases, newest first: the same page read from the other end."""
    if before is not None:
        return _page(found, "filed_at", after=before, before=None, limit=limit)[::-1]
    return _page(found, "filed_at", after=None, before=after or _END, limit=limit)[::-1]


def _beyond(key: str, way: str, position: Position) -> Q:
    return Q(**{f"{key}__{way}": position.due_at}) | Q(**{key: position.due_at, f"id__{way}": position.case_id})


_END = Position(datetime(9000, 1, 1, tzinfo=UTC), 2**62)
