"""The page of a case: its story, what the person said, its answer, what is owed, and what may be done now."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.beside import beside
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_number, profile_of_case
from escucha.contexts.cases.queries.reserved import keepers_of
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.queries.written import answers_of, draft_of, notice_of
from escucha.contexts.cases.rules import standing as rules
from escucha.contexts.cases.rules.debts import (
    CENTRAL_ANSWER,
    DEBT_NAMES,
    LEGAL_TERM,
    PROMISES,
    UNIT_ANSWER,
    VITAL_TERM,
)
from escucha.contexts.cases.rules.standing import STATE_NAMES, Standing, State
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.messaging.queries import calls_about
from escucha.contexts.people.rules.correcting import blockers_to_correct
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import debts_about
from escucha.kernel.orgs.models import Member, Unit
from escucha.kernel.orgs.queries import members_of, units_of
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk import forms
from escucha.web.desk.attached import attached_to
from escucha.web.desk.closed_doors import doors_of
from escucha.web.desk.story import story_of
from escucha.web.desk.together import together_of, words_of
from escucha.web.desk.told import told_by, told_by_act
from escucha.web.ui.access import desk
from escucha.web.ui.debts import line_of, strip_of
from escucha.web.ui.requests import DeskRequest

NEXT = {
    State.FILED: "classify",
    State.CLASSIFIED: "route",
    State.ASSIGNED: "answer",
    State.ANSWERED: "check",
    State.APPROVED: "send",
    State.SENT: "call",
    State.NOTIFIED: "close",
}
BOXES = {  # forms with texts
    "answering": "answer",
    "returning": "give_back",
    "checking": "check",
    "noting": "note",
    "withdrawing": "withdraw",
}
LINES = (UNIT_ANSWER, CENTRAL_ANSWER, VITAL_TERM, LEGAL_TERM)


@desk("cases.see")
def show(request: DeskRequest, number: str) -> HttpResponse:
    return page(request, found(request, number))


def found(request: DeskRequest, number: str) -> Case:
    """The case, if who asks may see it; else the page is not found."""
    if "\x00" in number:  # which no database keeps
        raise Http404
    try:
        return case_by_number(org=request.org, viewer=request.actor, number=number)
    except NoSuchCase:
        raise Http404 from None


def page(
    request: DeskRequest,
    case: Case,
    *,
    status: int = 200,
    problem: Any = None,
    typed: Sequence[tuple[str, str]] = (),
    **kept: Any,
) -> HttpResponse:
    """The whole page. `kept` are bound forms by name, so that what was typed comes back; `problem` says why.

    `typed` are the texts of those forms: they are shown apart when the page no longer has the form they were typed in.
    """
    profile = profile_of_case(case)
    units = units_of(request.org)
    standing = standing_of(case, profile=profile, units=units)
    blockers = blockers_of(standing, request.actor)
    has, doors = beside(case), doors_of(request, case)
    shown = {
        "case": case,
        "problem": problem,
        "title": case.matter or _("Sin asunto"),
        "kind": _kind_label(case, profile),
        "channel": _(profile.section(ChannelsPolicy).label_of(case.channel)),
        "state": STATE_NAMES[State(case.state)],
        "told": told_by(case, profile),
        "told_by_act": told_by_act(case, profile),
        "story": story_of(
            case,
            viewer=request.actor,
            profile=profile,
            units=units,
            known=[request.member],
            before=_before(request),
            shows_person=doors["identity"]["person"] is not None,
        ),
        "correct_blockers": blockers_to_correct(request.actor),
        "calls": calls_about(org=request.org, subject=case.subject) if case.sent_at else (),
        "notice": notice_of(case) if case.sent_at else None,
        "answers": answers_of(case) if has.answers else (),
        "blockers": blockers,
        "waits": _waits(State(case.state), blockers),
        "lost": typed if any(blockers[BOXES[name]] for name in kept if name in BOXES) else (),
    }
    shown |= (
        doors
        | attached_to(request, case, may_write=not blockers["note"])
        | together_of(request, case, standing, has_others=has.others)
        | words_of(request, case, standing, profile, has_words=has.words)
        | _owed(request, case, profile)
        | _forms(request, case, profile, units, shown["answers"], standing, blockers)
        | kept
    )
    return render(request, "desk/cases/show.html", shown, status=status)


def _before(request: DeskRequest) -> int | None:
    """The entry from which the story is read backwards; none is the newest."""
    asked = request.GET.get("antes", "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


def blockers_of(standing: Standing, by: Any) -> dict[str, Sequence[Any]]:
    """Why each act may not be done now, for the buttons."""
    return {
        "classify": rules.blockers_to_classify(standing, by),
        "route": rules.blockers_to_route(standing, by),
        "give_back": rules.blockers_to_return(standing, by),
        "assign": rules.blockers_to_assign(standing, by),
        "answer": rules.blockers_to_answer(standing, by),
        "check": rules.blockers_to_check(standing, by),
        "send": rules.blockers_to_send(standing, by),
        "call": rules.blockers_to_call(standing, by),
        "remind": rules.blockers_to_remind(standing, by),
        "publish": rules.blockers_to_publish(standing, by),
        "close": rules.blockers_to_close(standing, by),
        "withdraw": rules.blockers_to_withdraw(standing, by),
        "note": rules.blockers_to_note(standing, by),
    }


def members_at_work(request: DeskRequest, case: Case, standing: Standing, units: Sequence[Unit]) -> list[Member]:
    """Who may take charge of the case: the people of the units that have it now; of a reserved one, who handles it."""
    if case.reserved:
        return list(keepers_of(case, now=request.now))
    working = [unit for unit in units if unit.pk in rules.units_at_work(standing)]
    return [member for unit in working for member in members_of(org=request.org, unit=unit)]


def _waits(state: State, blockers: dict[str, Sequence[Any]]) -> Sequence[Any]:
    """Who does what the case waits for, when it is not who looks."""
    act = NEXT.get(state)
    return blockers[act] if act and blockers["answer"] else ()


def _owed(request: DeskRequest, case: Case, profile: Profile) -> dict[str, Any]:
    owed = [debt for debt in debts_about(org=request.org, subject=case.subject) if debt.outcome != "annulled"]
    latest = {debt.kind: debt for debt in owed}
    law = latest.get(LEGAL_TERM)
    promises = [(_promise_label(latest[kind]), latest[kind]) for kind in PROMISES if kind in latest]
    lines = [
        line_of(latest[kind], _(DEBT_NAMES[kind]), profile=profile, now=request.now) for kind in LINES if kind in latest
    ]
    drawn = law and strip_of(profile, law=law, promises=promises, now=request.now, settled_at=case.notified_at)
    return {"debts": lines, "strip": drawn, "in_hours": bool(law and law.due_on is None)}


def _promise_label(owed: Commitment) -> str:
    return owed.owner_unit.label


def _kind_label(case: Case, profile: Profile) -> str:
    kind = profile.section(CasesPolicy).type_of(case.case_type or case.suggested_type)
    if kind is None:
        return _("Sin clasificar")
    return kind.label if case.case_type else _("La persona eligió {kind}").format(kind=kind.label.lower())


def _forms(
    request: DeskRequest,
    case: Case,
    profile: Profile,
    units: Sequence[Unit],
    answers: Sequence[Answer],
    standing: Standing,
    blockers: Mapping[str, Sequence[Any]],
) -> dict[str, Any]:
    """The forms of what may be done now; of the rest the page shows none."""
    seen = {"version": case.version}
    policy = profile.section(CasesPolicy)
    usual = policy.type_of(case.suggested_type)
    unit = case.unit.key if case.unit else (usual.unit if usual else "")
    start = seen | {"case_type": case.case_type or case.suggested_type, "unit": unit}
    known = None if case.identity_reserved else case.person
    phone = (known.phone or known.other_phone) if known else ""
    made: dict[str, tuple[str, Callable[[], forms.OnCase]]] = {  # by its act
        "classification": (
            "classify",
            lambda: forms.Classification(
                initial=start, policy=policy, units=units if request.actor.may("cases.route") else ()
            ),
        ),
        "routing": (
            "route",
            lambda: forms.Routing(initial=seen, units=[one for one in units if one.pk != case.unit_id]),
        ),
        "returning": ("give_back", lambda: forms.Returning(initial=seen)),
        "assignment": (
            "assign",
            lambda: forms.Assignment(
                initial=seen | {"member": case.member_id}, members=members_at_work(request, case, standing, units)
            ),
        ),
        "answering": ("answer", lambda: forms.Answering(initial=seen | {"body": _begun(request, case, answers)})),
        "checking": ("check", lambda: forms.Checking(initial=seen)),
        "calling": ("call", lambda: forms.Calling(initial={"number": phone})),
        "noting": ("note", forms.Noting),
        "withdrawing": ("withdraw", lambda: forms.Withdrawing(initial=seen)),
    }
    usable = {name: make() for name, (act, make) in made.items() if not blockers[act]}
    return usable | {"seen": forms.Versioned(initial=seen)}


def _begun(request: DeskRequest, case: Case, answers: Sequence[Answer]) -> str:
    """The text from which an answer goes on: the draft of who looks, else the last one that was handed in."""
    draft = draft_of(case, member_id=request.actor.member_id) if case.state == State.ASSIGNED else None
    return draft.body if draft else answers[-1].body if answers else ""
