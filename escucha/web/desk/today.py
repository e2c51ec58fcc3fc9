"""Hoy: one agenda of everything owed, by due time, with what follows when it is late."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from escucha.contexts.assistance.rules.stages import PRIORITY_NAMES, Priority
from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import cases_by_subject, reserved_subjects
from escucha.contexts.cases.rules.debts import (
    CENTRAL_ANSWER,
    CLASSIFICATION,
    DEBT_NAMES,
    LEGAL_TERM,
    NOTICE_PERIOD,
    PROMISES,
    UNIT_ANSWER,
    VITAL_TERM,
)
from escucha.contexts.cases.rules.standing import listed
from escucha.contexts.messaging.queries.arrivals import Waiting, waiting_for_review
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import Place, agenda, agenda_load, overdue_count, paused
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk.assistance.owed import Owed, is_of_desk, key_of, owed_in_words
from escucha.web.desk.closed_doors import petitioner_of
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.debts import due_words, left_words, mini_of_debt
from escucha.web.ui.requests import DeskRequest

SCOPES = {
    "mine": ("mio", _("Lo mío"), ""),
    "team": ("equipo", _("Mi equipo"), "agenda.team"),
    "all": ("todo", _("Todo"), "agenda.all"),
}
LIMIT, WEEK, A_YEAR = 50, 10, timedelta(days=366)
INSTANT, LAST = timedelta(microseconds=1), (2**15 - 1, 2**63 - 1)
DO = {
    CLASSIFICATION: _("Clasificar: {matter}"),
    UNIT_ANSWER: _("Responder: {matter}"),
    CENTRAL_ANSWER: _("Enviar la respuesta: {matter}"),
    LEGAL_TERM: _("Que la respuesta llegue a la persona: {matter}"),
    VITAL_TERM: _("Atender ya: {matter}"),
    NOTICE_PERIOD: _("Plazo del aviso: {matter}"),
}
ICONS = {CLASSIFICATION: "filter", NOTICE_PERIOD: "megaphone", VITAL_TERM: "alert", LEGAL_TERM: "scale"}


class Mark(NamedTuple):
    """A word beside a row, with its drawing."""

    icon: str
    label: str
    variant: str = ""


class Row(NamedTuple):
    """One debt as the agenda shows it."""

    due: str
    left: str
    until: datetime | None
    icon: str
    what: str
    href: str
    about: str
    consequence: str
    sharp: str
    late: bool
    mini: Any
    mark: Mark | None  # why it goes before what is due at the same instant
    done: str = ""


class Group(NamedTuple):
    title: str
    late: bool
    rows: list[Row]

    @property
    def size(self) -> int:
        return len(self.rows)


@desk()
def today(request: DeskRequest) -> HttpResponse:
    """What I owe, what my people owe, or everything; by day where one is chosen. A page is 50 debts by due time."""
    scopes = {key: one for key, one in SCOPES.items() if not one[2] or request.actor.may(one[2])}
    by_slug = {slug: key for key, (slug, _label, _act) in scopes.items()}
    scope = by_slug.get(request.GET.get("ver", ""), "mine")
    place, day = _place(request), _day(request)
    common: dict[str, Any] = {"org": request.org, "viewer": request.actor, "scope": scope, "now": request.now}
    common["reserved"] = reserved_subjects(org=request.org, viewer=request.actor)
    until = None
    if day:  # what ends at a midnight belongs to the day before it
        until = request.profile.calendar.midnight_after_date(day) + INSTANT
        place = place or (request.profile.calendar.midnight_of(day), *LAST)
    owed = list(agenda(**common, after=place, until=until, limit=LIMIT + 1))
    still = [] if day or place else list(paused(**common, limit=LIMIT))
    shown = {
        "groups": list(_groups(request, owed[:LIMIT], still)),
        "overdue": overdue_count(**common),
        "week": _week(request, scope, day, common),
        "scopes": [
            {"label": _(label), "url": f"?ver={slug}", "current": key == scope}
            for key, (slug, label, _act) in scopes.items()
        ],
        "next": _next(request, owed) if len(owed) > LIMIT else "",
        "first": request.path if place else "",
        **({} if day or place else _unread(request)),
    }
    return render(request, "desk/today/today.html", shown)


def _unread(request: DeskRequest) -> dict[str, Waiting]:
    """What arrived and is nobody's debt until somebody reads it: what people wrote and, apart, what programs did."""
    people, programs = waiting_for_review(org=request.org, viewer=request.actor)
    return {key: one for key, one in (("unread", people), ("robots", programs)) if one.many}


def _groups(request: DeskRequest, owed: list[Commitment], still: list[Commitment]) -> Iterable[Group]:
    """What runs, by when it is due; what stands still, apart and last."""
    subjects = {debt.subject for debt in (*owed, *still)}
    cases = cases_by_subject(org=request.org, viewer=request.actor, subjects=subjects, only=OF_CASES)
    assisting = owed_in_words(request, (*owed, *still))
    here = timezone.localtime(request.now).date()
    titles = {
        "late": _("Vencidos"),
        "today": _("Hoy, {day}").format(day=spanish.long_date(here)),
        "week": _("Esta semana"),
        "later": _("Después"),
        "paused": _("En pausa, hasta que la persona complete"),
    }
    rows: dict[str, list[Row]] = {key: [] for key in titles}
    for debt in (*owed, *still):
        row = _row(request, debt, cases)
        row = _row_of_desk(row, assisting.get(key_of(debt))) if is_of_desk(debt) else row
        rows[_when(debt, request.now, here)].append(row)
    return [Group(title, key == "late", rows[key]) for key, title in titles.items() if rows[key]]


def _when(debt: Commitment, now: datetime, here: date) -> str:
    if debt.due_at is None:
        return "paused"
    if debt.due_at <= now:
        return "late"
    last = timezone.localtime(debt.due_at - INSTANT).date()
    if last == here:
        return "today"
    return "week" if last <= here + timedelta(days=6 - here.weekday()) else "later"


def _row(request: DeskRequest, debt: Commitment, cases: Mapping[str, Case]) -> Row:
    case = cases.get(debt.subject)
    matter = (case.matter or case.body[:80] or _("sin asunto")) if case else _("un caso de su dependencia")
    soon = debt.due_at - request.now < timedelta(hours=24) if debt.due_at else False
    late = debt.due_at is not None and debt.due_at <= request.now
    return Row(
        due=spanish.sentence(due_words(debt, profile=request.profile)),
        left=left_words(debt, profile=request.profile, now=request.now),
        until=debt.due_at if soon and not debt.due_on else None,
        icon=ICONS.get(debt.kind, "inbox"),
        what=_(DO.get(debt.kind, "{matter}")).format(matter=matter),
        href=reverse("desk:case", args=[case.filing_number]) if case else "",
        about=_about(case, debt),
        consequence="" if late else _consequence(request.profile, debt),
        sharp=_late_words(request.profile, debt) if late else "",
        late=late,
        mini=mini_of_debt(debt, profile=request.profile, now=request.now),
        mark=Mark("star", _("Atención preferencial")) if debt.turn == 0 else None,
    )


def _row_of_desk(row: Row, known: Owed | None) -> Row:
    """A row about an assistance, a file or a reminder; to who may not see them, only that there is one."""
    sharp, icon = _("Vencido.") if row.late else "", "car"
    if known is None:
        return row._replace(
            what=_("Un pendiente de asistencias"), about="", consequence="", sharp=sharp, icon=icon, mark=None
        )
    icon = "clock" if known.done else icon
    vital = Mark("alert", _(PRIORITY_NAMES[Priority.VITAL]), "solid") if row.mark else None
    row = row._replace(what=known.what, about=known.about, href=known.href, done=known.done, mark=vital)
    return row._replace(due=known.due or row.due, consequence="", sharp=sharp, icon=icon)


OF_CASES = ("filing_number", "matter", "body", "anonymous", "identity_reserved", "person__name")
CONSEQUENCES = {
    CLASSIFICATION: _("El plazo de la persona ya corre"),
    UNIT_ANSWER: _("Después queda incumplido el plazo de la dependencia"),
    CENTRAL_ANSWER: _("Es lo que prometimos a la persona"),
    LEGAL_TERM: _("Después se incumple la ley"),
    VITAL_TERM: _("Hay riesgo para la vida"),
    NOTICE_PERIOD: _("Ese día la persona queda notificada"),
}


def _consequence(profile: Profile, debt: Commitment) -> str:
    """What follows when it is not done in time: who is told then, or what it is for."""
    told = _told(profile, late=True) if debt.kind in PROMISES else ""
    return _("Si se pasa, se avisa a {told}").format(told=told) if told else _(CONSEQUENCES.get(debt.kind, ""))


def _late_words(profile: Profile, debt: Commitment) -> str:
    """That it is late, and who the ladder told before it was."""
    told = "" if debt.kind == NOTICE_PERIOD else _told(profile, late=False)
    return _("Vencido. Se avisó a {told}.").format(told=told) if told else _("Vencido.")


def _told(profile: Profile, *, late: bool) -> str:
    """The roles that the ladder tells once it is late, or that it has told by then."""
    rungs = [rung for rung in profile.section(CasesPolicy).ladder if rung.to]
    chosen = [rung for rung in rungs if (rung.after_due or rung.at_due if late else not rung.after_due)]
    return listed([profile.roles[rung.to].label for rung in chosen])


def _about(case: Case | None, debt: Commitment) -> str:
    if case is None:
        return _(DEBT_NAMES.get(debt.kind, ""))
    who = petitioner_of(case) or _("sin nombre")
    return f"{' '.join(spanish.groups(case.filing_number))} · {who} · {debt.owner_unit.label}"


def _week(request: DeskRequest, scope: str, day: date | None, common: Mapping[str, Any]) -> list[dict[str, Any]]:
    here, calendar = timezone.localtime(request.now).date(), request.profile.calendar
    load = agenda_load(**common, from_day=here, days=WEEK, calendar=calendar)
    slug = SCOPES[scope][0]
    return [
        {
            "label": _("hoy") if one == here else spanish.short_date(one).rpartition(" ")[0],
            "count": count,
            "url": f"?ver={slug}" if one == day else f"?ver={slug}&dia={one.isoformat()}",
            "current": one == day,
            "off": not calendar.is_business(one),
        }
        for one, count in load.items()
    ]


def _day(request: DeskRequest) -> date | None:
    """The day that was chosen, among those near enough to be counted."""
    try:
        day = date.fromisoformat(request.GET.get("dia", ""))
    except ValueError:
        return None
    return day if abs(day - timezone.localtime(request.now).date()) <= A_YEAR else None


def _place(request: DeskRequest) -> Place | None:
    """Where the page begins: `desde=<instant>_<turn>_<id>`; anything odd is the beginning."""
    moment, _under, rest = request.GET.get("desde", "").partition("_")
    turn, _under, number = rest.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        known = at.tzinfo and len(turn) < 3 and len(number) < 19
        return (at.astimezone(UTC), int(turn), int(number)) if known else None
    except (ValueError, OverflowError):
        return None


def _next(request: DeskRequest, owed: list[Commitment]) -> str:
    last, query = owed[LIMIT - 1], request.GET.copy()
    assert last.due_at is not None
    query["desde"] = f"{last.due_at.isoformat()}_{last.turn}_{last.pk}"
    return f"?{query.urlencode()}"
