"""From timers to the ledger: what the desk owes about an assistance, and whose it is."""

from collections.abc import Sequence
from datetime import datetime

from escucha.contexts.assistance.models import Assistance, AssistanceFile
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.doors import profile_of_file
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import TURN
from escucha.contexts.assistance.rules.timers import Timer, of_life
from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.ledger import Debt, Owner
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.queries import unit_by_key
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.worktime.terms import Unit

About = Assistance | AssistanceFile


def owe(about: About, timers: Sequence[Timer], *, role: str = "", now: datetime) -> Sequence[Commitment]:
    """Owe what was reckoned, to the coordinator in charge; with nobody in charge, to the shift.

    What a role decides is owed by who has it, whoever is in charge of the file.
    """
    if not timers:
        return []
    file = about.file if isinstance(about, Assistance) else about
    profile = profile_of_file(file)
    policy = profile.section(AssistancePolicy)
    member = None if role else file.coordinator
    owner = Owner(unit=unit_by_key(org=file.org, key=policy.unit), role=role, member=member)
    return ledger.owe_all(
        org=file.org,
        subject=about.subject,
        debts=[_debt(about, timer, owner, policy) for timer in timers],
        version=about.profile_version,
        calendar=profile.calendar,
        now=now,
    )


def settle(about: About, *duties: Duty, by: Actor, now: datetime, at: datetime | None = None) -> None:
    """What was owed is done, at the instant `at`. What was not owed stays so."""
    ledger.settle_all(org=about.org, kinds=duties, subject=about.subject, at=at, by=by, now=now)


def annul(about: About, *duties: Duty, cause: str, by: Actor, now: datetime) -> None:
    ledger.annul_all(org=about.org, kinds=duties, subject=about.subject, cause=cause, by=by, now=now)


def annul_all(about: About, *, cause: str, by: Actor, now: datetime) -> None:
    """Nothing is owed about it any more (rule 6 of the agenda)."""
    ledger.annul_all(org=about.org, subject=about.subject, cause=cause, by=by, now=now)


def hand_over(about: About, *, by: Actor, now: datetime) -> None:
    """What is owed passes to who has the file now; its time runs on."""
    file = about.file if isinstance(about, Assistance) else about
    for owed in owed_about(org=about.org, subject=about.subject):
        member = None if owed.owner_role else file.coordinator
        owner = Owner(unit=owed.owner_unit, role=owed.owner_role, member=member)
        ledger.hand_over(org=about.org, kind=owed.kind, subject=about.subject, owner=owner, by=by, now=now)


def owed_kinds(about: About) -> frozenset[Duty]:
    return frozenset(Duty(one.kind) for one in owed_about(org=about.org, subject=about.subject))


def _debt(about: About, timer: Timer, owner: Owner, policy: AssistancePolicy) -> Debt:
    urgency, agenda = max(TURN.values()), {}
    # What is due as it is born has no time to be reminded of: its only step is being late.
    rungs = policy.ladder if timer.due_at > timer.counted_from else ()
    if isinstance(about, Assistance):
        urgency, agenda = TURN.get(about.priority, urgency), {"agenda": about.agenda_version}
        tolerance = policy.vital_tolerance(about.file.account)
        rungs = (*rungs, *of_life(timer.duty, about.priority, tolerance=tolerance, to=policy.decides))
    return Debt(
        kind=timer.duty,
        owner=owner,
        counted_from=timer.counted_from,
        due_at=timer.due_at,
        unit=Unit.ELAPSED_MINUTES,
        rungs=rungs,
        reckoning=agenda | {"adjusted": timer.adjusted},
        visible_at=timer.visible_at,
        turn=urgency,
    )
