"""What is read to the person once its request is filed, in the order of the talk; its number is dictated in groups."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_number, profile_of_case
from escucha.contexts.cases.queries.petitioners import is_kept_from, may_be_told
from escucha.contexts.cases.queries.receiving import case_filed_by
from escucha.contexts.cases.rules.debts import LEGAL_TERM, VITAL_TERM
from escucha.contexts.cases.rules.numbers import check_digit
from escucha.contexts.cases.rules.starting import came, start_of
from escucha.contexts.messaging.policy.channels import BOX, ChannelsPolicy
from escucha.contexts.people.policy import PeoplePolicy
from escucha.contexts.people.queries import doubts_of, is_preferential
from escucha.contexts.people.rules.correcting import blockers_to_correct
from escucha.kernel.commitments.queries import history_about
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk.receiving.forms import PAPER
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.spanish import spoken

READ_WITHIN = timedelta(hours=12)  # afterwards its code is the person's alone


@require_safe
@desk("cases.file")
def read_back(request: DeskRequest, number: str) -> HttpResponse:
    """For the member who filed it, on that day: also for who sees no cases, since it was just told all of this."""
    try:
        since = request.now - READ_WITHIN
        case = case_filed_by(org=request.org, by=request.actor, number=number.replace("\x00", ""), since=since)
    except NoSuchCase:
        raise Http404 from None
    profile, person = profile_of_case(case), case.person
    case_url = _address_of(request, case)
    shown = {
        "case": case,
        "spoken": spoken(case.filing_number, check_digit(case.filing_number)),
        "first": person is not None and is_preferential(org=request.org, person=person, at=request.now),
        "doubts": doubts_of(person, asked_kind=not case.form),
        "case_url": case_url,
        "correct_url": _where_corrected(request, case) if case_url else "",
        "kept": _kept(request, case),
        "told": _told(profile),
        "is_there": _is_there(case, profile),
    }
    return render(request, "desk/receiving/read_back.html", shown | _term(case, profile))


def _term(case: Case, profile: Profile) -> dict[str, Any]:
    """From when it counts and the last day, of what is owed first by law."""
    owed = [
        (debt.due_at, debt.due_on is None)
        for debt in history_about(org=case.org, subject=case.subject)
        if debt.kind in (LEGAL_TERM, VITAL_TERM) and debt.due_at and debt.outcome != "annulled"
    ]
    if not owed:
        return {}
    due_at, in_hours = min(owed)
    general = profile.section(CasesPolicy).types[profile.section(CasesPolicy).general]
    start = start_of(general.promised, profile, received_at=case.received_at)
    return {"starts": came(start), "due_at": due_at - timedelta(seconds=1), "in_hours": in_hours}


def _is_there(case: Case, profile: Profile) -> bool:
    """Whether the person listens: what came on paper or by mail is only read to it if it calls."""
    channel = profile.section(ChannelsPolicy).channels.get(case.channel)
    return channel is None or channel.kind not in (*PAPER, BOX)


def _told(profile: Profile) -> str:
    """What the law lets the organisation do with the person's data, which the person is told."""
    return " ".join(purpose.text for purpose in profile.section(PeoplePolicy).told)


def _address_of(request: DeskRequest, case: Case) -> str:
    """Of the case's page, for who may see it."""
    try:
        case_by_number(org=request.org, viewer=request.actor, number=case.filing_number)
    except NoSuchCase:
        return ""
    return reverse("desk:case", args=[case.filing_number])


def _where_corrected(request: DeskRequest, case: Case) -> str:
    """Of the page where what was taken wrong is put right, for who may; where its person is kept, the case asks why."""
    if blockers_to_correct(request.actor) or (case.person is None and not may_be_told(case)):
        return ""
    if is_kept_from(case, viewer=request.actor, now=request.now):
        return reverse("desk:case", args=[case.filing_number])
    return reverse("desk:person", args=[case.filing_number])


def _kept(request: DeskRequest, case: Case) -> str:
    """The form whose text needs to be kept no longer."""
    return f"paper-{case.form}-{request.member.pk}" if case.form else f"new-case-{request.member.pk}"
