"""How a provider has done, kept in the act that adds to it. What was counted fades as it is written."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.models import Assignment, Assistance, Provider, Standing
from escucha.contexts.assistance.rules.assignments import Asked
from escucha.contexts.assistance.rules.fading import COUNTS, faded
from escucha.contexts.assistance.rules.stages import Conformity, Priority
from escucha.contexts.assistance.rules.standings import band_of
from escucha.kernel.composed import Blank, Composed, update

KEY = ("org_id", "provider_id", "service", "band")
KEPT = Composed(lambda: Standing.objects.filter(**{name: Blank(name) for name in KEY}).select_for_update())


def remember_asked(assistance: Assistance, provider: Provider, outcome: Asked, *, now: datetime) -> None:
    """A turn of a provider is over, of up to two calls or one link. Being skipped says nothing of it."""
    if outcome is Asked.SKIPPED:
        return
    answered, accepted = outcome is not Asked.NO_ANSWER, outcome is Asked.ACCEPTED
    _add(assistance, provider, now=now, asked=1, answered=float(answered), accepted=float(accepted))


def remember_sent(assistance: Assistance, provider: Provider, *, now: datetime) -> None:
    """It accepted and was given the work: others of its zone go before it for a while."""
    _add(assistance, provider, now=now, assigned=True, asked=1, answered=1.0, accepted=1.0, recent=1)


def remember_arrival(assignment: Assignment, *, now: datetime) -> None:
    """It arrived: on time if it was by the end of the window, or by the hour that it said."""
    on_time = arrived_on_time(assignment)
    _add(assignment.assistance, assignment.provider, now=now, jobs=1, on_time=float(on_time))


def remember_failure(assignment: Assignment, *, now: datetime) -> None:
    """It was taken off by its own doing. One that had arrived is counted already."""
    if assignment.arrived_at is None:
        _add(assignment.assistance, assignment.provider, now=now, jobs=1)


def remember_finish(assignment: Assignment, *, now: datetime) -> None:
    """It finished its work. Who solved it by telephone never had to arrive."""
    unseen = float(assignment.arrived_at is None)
    _add(assignment.assistance, assignment.provider, now=now, completed=1, jobs=unseen, on_time=unseen)


def remember_conformity(assignment: Assignment, conformity: Conformity, *, now: datetime) -> None:
    """The affiliate said how it was. Who was not reached said nothing."""
    if conformity is not Conformity.NO_CONTACT:
        conforming = float(conformity is Conformity.CONFORMING)
        _add(assignment.assistance, assignment.provider, now=now, rated=1, conforming=conforming)


def remember_cost(assignment: Assignment, amount: Decimal, *, now: datetime) -> None:
    """What it charged, whoever bears it; a line that is taken back is remembered below zero."""
    _add(assignment.assistance, assignment.provider, now=now, cost=float(amount))


def arrived_on_time(assignment: Assignment) -> bool:
    """Whether it arrived before the end of the window; in an emergency, by the hour that the provider said."""
    assistance = assignment.assistance
    until = assistance.agreed_until if assistance.priority == Priority.PROGRAMMED else assignment.eta_at
    return assignment.arrived_at is not None and (until is None or assignment.arrived_at <= until)


def _add(assistance: Assistance, provider: Provider, *, now: datetime, assigned: bool = False, **more: float) -> None:
    """The counts of this part of the day, with this added. Two who add at once add both."""
    key = {
        "org_id": assistance.org_id,
        "provider_id": provider.pk,
        "service": assistance.service,
        "band": band_of(now.astimezone(ZoneInfo(assistance.zone)).hour),
    }
    kept = KEPT.first(**key)
    if kept is None:
        Standing.objects.bulk_create([Standing(**key, faded_at=now)], ignore_conflicts=True)
        [kept] = KEPT.ask(**key)
    left = faded({name: getattr(kept, name) for name in COUNTS}, since=kept.faded_at, now=now)
    for name in COUNTS:
        setattr(kept, name, left[name] + more.get(name, 0.0))
    kept.faded_at = max(now, kept.faded_at)
    kept.last_assigned_at = now if assigned else kept.last_assigned_at
    update(kept, *COUNTS, "faded_at", "last_assigned_at")
