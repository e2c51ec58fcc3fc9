"""What was charged, by who bears it. Lines are only added: one that was wrong is taken back by another."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from escucha.contexts.assistance.events import AssistanceMoved, CostsLoaded
from escucha.contexts.assistance.models import Assistance, Cost
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.moving import step_to
from escucha.contexts.assistance.operations.owing import annul, owe, settle
from escucha.contexts.assistance.operations.standing import remember_cost
from escucha.contexts.assistance.queries.doors import assistance_for_change
from escucha.contexts.assistance.queries.work import course_of, last_assignment, live_costs
from escucha.contexts.assistance.rules.closing import may_conclude
from escucha.contexts.assistance.rules.costs import Line, Payer, blockers_to_load, blockers_to_take_back, totals
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import at_once
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if

TAKEN_BACK = "costs_taken_back"  # why concluding is not owed any more


@act
def load_costs(
    *,
    org: Organisation,
    assistance_id: int,
    lines: Sequence[Line],
    invoice: str,
    total: Decimal,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T22: an invoice, part by part. No lines at all say that it cost nothing.

    Of a refund this is what was paid for: then the affiliate is asked whether it is content.
    """
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    invoice = invoice.strip()
    refuse_if(blockers_to_load(course_of(assistance), by, lines=lines, invoice=invoice, total=total))
    _add(assistance, lines, invoice, by=by, now=now)
    assistance.costed_at, moved = now, _refunded(assistance, now=now)
    settle(assistance, Duty.COSTS, by=by, now=now)
    keep(assistance, "costed_at", "stage")
    owe_conclusion(assistance, now=now)
    sums = {payer: str(amount) for payer, amount in totals(lines).items()}
    fact = CostsLoaded(subject=assistance.subject, currency=assistance.currency, **sums)
    said = sums | {"currency": assistance.currency, "invoice": invoice, "total": str(total)}
    write(assistance, Subtype.COSTS, *moved, fact, said=said, comment=comment, by=by, now=now)
    return assistance


@act
def take_costs_back(
    *,
    org: Organisation,
    assistance_id: int,
    invoice: str,
    reason: str,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """What was loaded of an invoice is taken back line by line; if nothing is left, costs are owed again."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    invoice = invoice.strip()
    refuse_if(blockers_to_take_back(course_of(assistance), by, invoice=invoice, reason=reason))
    lines = live_costs(assistance, invoice=invoice)
    back = [Line(one.payer, one.concept, -one.amount) for one in lines]
    _add(assistance, back, invoice, by=by, now=now, of=lines)
    if not course_of(assistance).invoices:
        assistance.costed_at = None
        if assistance.stage == Stage.FINISHED:
            annul(assistance, Duty.CONCLUDE, cause=TAKEN_BACK, by=by, now=now)
            owe(assistance, [at_once(Duty.COSTS, at=now, now=now)], now=now)
    keep(assistance, "costed_at")
    sums = {payer: str(amount) for payer, amount in totals(back).items()}
    fact = CostsLoaded(subject=assistance.subject, currency=assistance.currency, **sums)
    said = sums | {"currency": assistance.currency, "invoice": invoice, "taken_back": "yes"}
    write(assistance, Subtype.COSTS, fact, said=said, comment=reason, by=by, now=now)
    return assistance


def owe_conclusion(assistance: Assistance, *, now: datetime) -> None:
    """P14, as soon as the costs are loaded and the conformity is known."""
    has_costs = assistance.costed_at is not None
    if may_conclude(assistance.stage, has_costs=has_costs, conformity=assistance.conformity):
        owe(assistance, [at_once(Duty.CONCLUDE, at=now, now=now)], now=now)


def _refunded(assistance: Assistance, *, now: datetime) -> list[AssistanceMoved]:
    if assistance.stage != Stage.REFUNDING:
        return []
    owe(assistance, [at_once(Duty.CONFORMITY, at=now, now=now)], now=now)
    return [step_to(assistance, Stage.FINISHED, cause="refunded")]


def _add(
    assistance: Assistance,
    lines: Sequence[Line],
    invoice: str,
    *,
    by: Actor,
    now: datetime,
    of: Sequence[Cost] = (),
) -> None:
    """The lines as they are kept; with `of`, each takes back the one in its place."""
    assignment = last_assignment(assistance)
    Cost.objects.bulk_create(
        Cost(
            org=assistance.org,
            assistance=assistance,
            assignment_id=of[place].assignment_id if of else assignment.pk if assignment else None,
            payer=Payer(line.payer),
            concept=line.concept.strip(),
            amount=line.amount,
            currency=assistance.currency,
            invoice=invoice,
            takes_back=of[place] if of else None,
            member_id=by.member_id,
            at=now,
        )
        for place, line in enumerate(lines)
    )
    if assignment:
        remember_cost(assignment, sum((line.amount for line in lines), Decimal(0)), now=now)
