"""The end: whether the affiliate is content, what must be complete before concluding, and cancelling at its wish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.policy.catalogue import Flow, Hours, Times
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.course import AFFILIATE, Course, out_of_turn, without_act
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.monitoring import DIRECTION_NAMES, INBOUND
from escucha.contexts.assistance.rules.serving import AUTHORISED_ALREADY
from escucha.contexts.assistance.rules.stages import ENDED, Category, Conformity, Priority, Stage
from escucha.contexts.assistance.rules.subtypes import BY_HAND, Subtype
from escucha.contexts.assistance.rules.timers import Timer, at_hour, into_hours, next_conformity
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

BEFORE_ASSIGNING, WISH, EXCESS = "before_assigning", "affiliate", "excess"
CANCEL_REASONS: Mapping[str, str] = {
    BEFORE_ASSIGNING: _("El afiliado la canceló antes de que se asignara un proveedor"),
    WISH: _("El afiliado la canceló"),
    EXCESS: _("El afiliado no aceptó pagar el excedente"),
}
WORK_FIRST = _("Anote primero a qué hora terminó el trabajo.")
CONCLUDE_IT = _("El trabajo ya terminó: concluya la asistencia.")


@dataclass(frozen=True)
class Check:
    """Something that is looked at before concluding: whether it is there, and else what to do."""

    label: str
    done: bool
    advice: Saying


def attempt_of(course: Course) -> int:
    """Which call about conformity the next one is."""
    return course.tries + 1


def blockers_to_ask_conformity(
    course: Course,
    by: Actor,
    *,
    outcome: str | None = None,
    direction: str = "",
    words: str = "",
    contact: Hours | None = None,
    now: datetime | None = None,
) -> Sequence[Saying]:
    """Why it cannot be recorded what the affiliate said of the service. `outcome` is None while a page only asks.

    Nobody is called outside the hours for it, but in what was a matter of life; who calls is always heard. A call that
    nobody answers is a try only when its hour has come.
    """
    blockers = without_act(course, by, also={AFFILIATE})
    blockers += out_of_turn(course, {Stage.FINISHED}, early=WORK_FIRST, late=WORK_FIRST)
    given_up = course.conformity == Conformity.NO_CONTACT  # who calls afterwards is still heard
    if course.conformity and not (given_up and direction in {"", INBOUND}):
        blockers.append(Saying(_("Ya se sabe si el afiliado quedó conforme.")))
    if outcome is None or blockers:
        return blockers
    if outcome not in set(Conformity) or direction not in DIRECTION_NAMES:
        return [Saying(_("Diga qué contestó el afiliado y quién llamó."))]
    if outcome == Conformity.NONCONFORMING and not words.strip():
        blockers.append(Saying(_("Escriba con qué no quedó conforme: calidad lo lee.")))
    if direction == INBOUND:
        return blockers + _inbound_unanswered(outcome)
    return blockers + _wrong_hour(course, contact, now) + _too_soon(course, outcome, now)


def is_last_try(course: Course, tries: int) -> bool:
    return attempt_of(course) >= tries


def blockers_to_survey(course: Course, by: Actor, *, reached: bool = True) -> Sequence[Saying]:
    """Why the survey cannot be marked. `reached`: whether the affiliate got to it."""
    blockers = without_act(course, by, also={AFFILIATE})
    if not course.has_survey:
        return [*blockers, Saying(_("De este servicio no se hace encuesta."))]
    wanted = {Stage.FINISHED, Stage.CONCLUDED} if reached else {Stage.FINISHED}
    blockers += out_of_turn(course, wanted, early=WORK_FIRST, late=WORK_FIRST)
    if course.conformity != Conformity.CONFORMING:
        blockers.append(Saying(_("La encuesta es para quien quedó conforme: pregúntele primero.")))
    if course.surveyed:
        blockers.append(Saying(_("La encuesta ya está hecha.")))
    return blockers


def checklist(course: Course) -> Sequence[Check]:
    """All that must be there before concluding, in the order of the procedure."""
    checks = [Check(_("Terminada"), course.stage == Stage.FINISHED, Saying(WORK_FIRST))]
    if course.flow != Flow.REFUND and course.category != Category.REFUND:
        checks.append(
            Check(
                _("Proveedor concluido"),
                course.going == Work.DONE,
                Saying(_("El proveedor no ha concluido: anote a qué hora terminó.")),
            )
        )
    checks.append(Check(_("Costos"), course.has_costs, Saying(_("Cargue los costos."))))
    checks.append(
        Check(_("Conformidad"), bool(course.conformity), Saying(_("Pregúntele al afiliado si quedó conforme.")))
    )
    for label in course.missing:
        checks.append(Check(label, False, Saying(_("Falta {what}."), {"what": label})))
    return checks


def blockers_to_conclude(course: Course, by: Actor) -> Sequence[Saying]:
    """Why the assistance cannot be concluded: each thing that is missing, and what to do."""
    blockers = without_act(course, by)
    if course.stage in ENDED:
        return [*blockers, Saying(_("La asistencia ya terminó."))]
    if course.stage != Stage.FINISHED:
        first = _("Cargue primero los costos.") if course.stage == Stage.REFUNDING else WORK_FIRST
        return [*blockers, Saying(first)]
    return blockers + [check.advice for check in checklist(course) if not check.done]


def may_conclude(stage: str, *, has_costs: bool, conformity: str) -> bool:
    """Whether concluding is what is owed next: the costs are loaded and the conformity is known."""
    return stage == Stage.FINISHED and has_costs and bool(conformity)


def blockers_to_cancel(course: Course, by: Actor, *, words: str | None = None) -> Sequence[Saying]:
    """Why it cannot be cancelled at the affiliate's wish. `words` is None while a page only asks."""
    blockers = without_act(course, by, also={AFFILIATE})
    if course.stage in ENDED:
        blockers.append(Saying(_("La asistencia ya terminó.")))
    elif course.stage == Stage.FINISHED:
        blockers.append(Saying(CONCLUDE_IT))
    elif course.stage == Stage.AUTHORISED and by.kind == AFFILIATE:
        blockers.append(Saying(_("{why} Llámenos para cancelarlo."), {"why": AUTHORISED_ALREADY}))
    if words is not None and by.kind != AFFILIATE and not words.strip():
        blockers.append(Saying(_("Escriba qué dijo el afiliado.")))
    return blockers


def reason_to_cancel(course: Course) -> str:
    """The key of why it ends: before anybody was assigned, or later."""
    return WISH if course.assigned_at else BEFORE_ASSIGNING


def blockers_to_write(
    course: Course | None, by: Actor, *, closed: bool, subtype: str | None = None, words: str = ""
) -> Sequence[Saying]:
    """Why a line cannot be written by hand. `subtype` is None while a page only asks. `course` is None for a file."""
    blockers = without_act(course or Course(Stage.OPENING), by)
    if closed:
        blockers.append(Saying(_("El expediente está cerrado: pida que lo abran otra vez.")))
    if subtype is None:
        return blockers
    if subtype not in BY_HAND or (course is None and subtype != Subtype.NOTE):
        blockers.append(Saying(_("Ese tipo de anotación la escribe el sistema con su acto.")))
    if not words.strip():
        blockers.append(Saying(_("Escriba la anotación.")))
    return blockers


def _inbound_unanswered(outcome: str) -> list[Saying]:
    no_contact = outcome == Conformity.NO_CONTACT
    return [Saying(_("Si el afiliado llamó, sí hubo contacto: anote qué dijo."))] if no_contact else []


def _wrong_hour(course: Course, contact: Hours | None, now: datetime | None) -> list[Saying]:
    if course.is_vital or contact is None or now is None:
        return []
    if contact.opens <= now.astimezone(course.zone).time() < contact.closes:
        return []
    why = _("A los afiliados se les llama de {opens} a {closes}, hora del lugar del servicio.")
    return [Saying(why, {"opens": f"{contact.opens:%H:%M}", "closes": f"{contact.closes:%H:%M}"})]


def _too_soon(course: Course, outcome: str, now: datetime | None) -> list[Saying]:
    due = course.due_of(Duty.CONFORMITY)
    if outcome != Conformity.NO_CONTACT or not course.tries or due is None or now is None or now >= due:
        return []
    return [Saying(_("El siguiente intento es a las {hour}."), {"hour": f"{due.astimezone(course.zone):%H:%M}"})]


def first_conformity(priority: str, *, finished_at: datetime, times: Times, zone: ZoneInfo, now: datetime) -> Timer:
    """When the affiliate is asked, as the work ends; where it ended at night, when it may be called again."""
    due_at = max(finished_at, now)
    if priority != Priority.VITAL:
        due_at = into_hours(due_at, times.contact, zone)
    return at_hour(Duty.CONFORMITY, since=finished_at, due_at=due_at, now=now)


def next_try(priority: str, *, last_try_at: datetime, times: Times, zone: ZoneInfo, now: datetime) -> Timer:
    """When it is asked again, after a call that nobody answered."""
    if priority != Priority.VITAL:
        return next_conformity(last_try_at=last_try_at, times=times, zone=zone, now=now)
    due_at = last_try_at + timedelta(minutes=times.conformity_apart)
    return at_hour(Duty.CONFORMITY, since=last_try_at, due_at=due_at, now=now)
