"""Every row of the procedure from the confirmation on: where it leads, what it opens and closes, what it writes."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.rules.costs import Line
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Stage
from tests.assisting import accepted, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import (
    HOUR,
    MINUTE,
    assigned,
    brought_to,
    by_telephone,
    do,
    facts,
    last_line,
    owed,
    work,
)

SOON = TUESDAY + 30 * MINUTE


def programmed(house):
    """Agreed on for six to eight hours later: no extra check."""
    return assigned(house, priority="programmed")


def checked(house):
    return do(house, programmed(house), "check", now=TUESDAY + 5 * HOUR)


def far_away(house):
    """Agreed on for thirty hours later, with its extra check on the agenda."""
    return assigned(house, priority="programmed", window=(TUESDAY + 30 * HOUR, TUESDAY + 32 * HOUR))


def too_dear(house):
    found = brought_to(house, "contact")
    return do(house, found, "diagnose", now=SOON, cost=Decimal(280_000))


def after(step):
    return lambda house: brought_to(house, step)


def asked_twice(house):
    found = brought_to(house, "finish")
    do(house, found, "ask", now=TUESDAY + HOUR, outcome="no_contact")
    return do(house, found, "ask", now=TUESDAY + 4 * HOUR, outcome="no_contact")


def refunding(house):
    return do(house, accepted(house), "refund", member="paula", now=TUESDAY + MINUTE)


def content(house):
    return do(house, brought_to(house, "load"), "ask", now=TUESDAY + HOUR)


def unpaid(house):
    return do(house, brought_to(house, "finish"), "ask", now=TUESDAY + HOUR)


@dataclass(frozen=True)
class Row:
    """A row of the procedure: from a start, an act with what it says, and all that must follow."""

    name: str
    start: Any
    act: str
    stage: Stage
    opened: set[Duty] = field(default_factory=set)
    closed: set[Duty] = field(default_factory=set)
    line: tuple[str, str] = ("", "")
    facts: tuple[str, ...] = ()
    said: dict[str, Any] = field(default_factory=dict)
    now: Any = SOON
    work: str = ""


MOVED, ENDED = ("assistance_moved",), ("assistance_moved", "assistance_ended")
OFF = (*ENDED, "provider_taken_off")
AGENDA = {Duty.FIRST_MOVE, Duty.ARRIVAL}
ROWS = [
    Row(
        "T9", assigned, "confirm", Stage.CONFIRMED,
        closed={Duty.CONFIRM}, line=("2", "confirmed"), facts=MOVED, work="assigned",
    ),
    Row(
        "T10 called", far_away, "check", Stage.ASSIGNED,
        closed={Duty.EXTRA_CHECK}, line=("3", "to_provider"), now=TUESDAY + 20 * HOUR,
    ),
    Row(
        "T10 it called", far_away, "check", Stage.ASSIGNED, said={"direction": "inbound"},
        closed={Duty.EXTRA_CHECK}, line=("3", "from_provider"), now=TUESDAY + 20 * HOUR,
    ),
    Row(
        "too early for the extra check", far_away, "check", Stage.ASSIGNED, line=("3", "to_provider"),
        now=TUESDAY + 10 * HOUR,
    ),
    Row(
        "T11 called", programmed, "check", Stage.ASSIGNED,
        opened={Duty.AFFILIATE_CHECK}, closed={Duty.FIRST_MOVE}, line=("3", "to_provider"), now=TUESDAY + 5 * HOUR,
    ),
    Row(
        "T11 it called", programmed, "check", Stage.ASSIGNED, said={"direction": "inbound"},
        opened={Duty.AFFILIATE_CHECK}, closed={Duty.FIRST_MOVE}, line=("3", "from_provider"), now=TUESDAY + 4 * HOUR,
    ),
    Row(
        "T11 it leaves", programmed, "depart", Stage.ASSIGNED,
        opened={Duty.AFFILIATE_CHECK}, closed={Duty.FIRST_MOVE}, line=("3", "from_provider"),
        facts=("work_moved",), now=TUESDAY + 5 * HOUR, work="on_the_way",
    ),
    Row(
        "late: the affiliate is told", programmed, "check", Stage.ASSIGNED,
        said={"on_time": False, "new_hour": TUESDAY + 9 * HOUR},
        opened={Duty.AFFILIATE_CHECK}, line=("3", "to_provider"), now=TUESDAY + 5 * HOUR,
    ),
    Row(
        "T12 called", checked, "check", Stage.ASSIGNED, said={"party": "affiliate"},
        closed={Duty.AFFILIATE_CHECK}, line=("3", "to_affiliate"), now=TUESDAY + 5 * HOUR + MINUTE,
    ),
    Row(
        "T12 it called", checked, "check", Stage.ASSIGNED, said={"party": "affiliate", "direction": "inbound"},
        closed={Duty.AFFILIATE_CHECK}, line=("3", "from_affiliate"), now=TUESDAY + 5 * HOUR + MINUTE,
    ),
    Row(
        "an emergency has no checks", assigned, "check", Stage.ASSIGNED, line=("3", "to_provider"),
    ),
    Row(
        "T13 emergency", after("confirm"), "arrive", Stage.ARRIVED,
        opened={Duty.CONTACT}, closed={Duty.ARRIVAL}, line=("3", "arrived"),
        facts=("assistance_moved", "work_moved"), work="arrived",
    ),
    Row(
        "T13 arrived before", programmed, "arrive", Stage.ARRIVED,
        opened={Duty.CONTACT}, closed={*AGENDA, Duty.CONFIRM}, line=("3", "arrived"),
        facts=("assistance_moved", "work_moved"), now=TUESDAY + 4 * HOUR, work="arrived",
    ),
    Row(
        "T13 far away", far_away, "arrive", Stage.ARRIVED,
        opened={Duty.CONTACT}, closed={*AGENDA, Duty.CONFIRM, Duty.EXTRA_CHECK}, line=("3", "arrived"),
        facts=("assistance_moved", "work_moved"), now=TUESDAY + 4 * HOUR, work="arrived",
    ),
    Row(
        "T13 checked", checked, "arrive", Stage.ARRIVED,
        opened={Duty.CONTACT}, closed={Duty.ARRIVAL, Duty.AFFILIATE_CHECK, Duty.CONFIRM}, line=("3", "arrived"),
        facts=("assistance_moved", "work_moved"), now=TUESDAY + 6 * HOUR, work="arrived",
    ),
    Row(
        "T14", after("arrive"), "contact", Stage.CONTACTED,
        opened={Duty.DIAGNOSIS}, closed={Duty.CONTACT}, line=("3", "contacted"), facts=MOVED, work="arrived",
    ),
    Row(
        "T15", after("contact"), "diagnose", Stage.DIAGNOSED,
        opened={Duty.AUTHORISE}, closed={Duty.DIAGNOSIS}, line=("4", "diagnosed"), facts=MOVED,
    ),
    Row("T15 corrected", after("diagnose"), "diagnose", Stage.DIAGNOSED, line=("4", "diagnosed")),
    Row(
        "T16a", after("diagnose"), "authorise", Stage.AUTHORISED,
        opened={Duty.FINISH}, closed={Duty.AUTHORISE}, line=("4", "authorisation"), facts=MOVED,
    ),
    Row(
        "T16b", too_dear, "accept_excess", Stage.AUTHORISED, said={"amount": Decimal(80_000)},
        opened={Duty.FINISH}, closed={Duty.AUTHORISE}, line=("4", "excess"), facts=MOVED, now=SOON + MINUTE,
    ),
    Row(
        "T16c", too_dear, "reject_excess", Stage.CANCELLED_LATER, now=SOON + MINUTE,
        closed={Duty.AUTHORISE}, line=("4", "excess"), facts=OFF, work="cancelled",
    ),
    Row(
        "T17", after("authorise"), "finish", Stage.FINISHED,
        opened={Duty.COSTS, Duty.CONFORMITY}, closed={Duty.FINISH}, line=("4", "finished"),
        facts=("assistance_moved", "work_moved"), work="done",
    ),
    Row(
        "T18", programmed, "reprogramme", Stage.ASSIGNED, said={"window": (TUESDAY + 9 * HOUR, TUESDAY + 11 * HOUR)},
        line=("3", "reprogrammed"), facts=("assistance_reprogrammed",),
    ),
    Row(
        "T18 further away", programmed, "reprogramme", Stage.ASSIGNED,
        said={"window": (TUESDAY + 26 * HOUR, TUESDAY + 28 * HOUR)}, opened={Duty.EXTRA_CHECK},
        line=("3", "reprogrammed"), facts=("assistance_reprogrammed",),
    ),
    Row(
        "T18 emergency", assigned, "reprogramme", Stage.ASSIGNED, said={"eta_at": TUESDAY + 2 * HOUR},
        line=("3", "reprogrammed"), facts=("assistance_reprogrammed",),
    ),
    Row(
        "T21 at the opening", an_assistance, "cancel", Stage.CANCELLED_LATER, line=("5", "cancelled"), facts=ENDED,
    ),
    Row(
        "T21 searching", accepted, "cancel", Stage.CANCELLED_LATER,
        closed={Duty.ASSIGN}, line=("5", "cancelled"), facts=ENDED,
    ),
    Row(
        "T21 somebody goes", programmed, "cancel", Stage.CANCELLED_LATER,
        closed={*AGENDA, Duty.CONFIRM}, line=("5", "cancelled"), facts=OFF, work="cancelled",
    ),
    Row(
        "T21 at work", after("authorise"), "cancel", Stage.CANCELLED_LATER,
        closed={Duty.FINISH}, line=("5", "cancelled"), facts=OFF, work="cancelled",
    ),
    Row(
        "T22", after("finish"), "load", Stage.FINISHED,
        closed={Duty.COSTS}, line=("4", "costs"), facts=("costs_loaded",),
    ),
    Row(
        "T22 with its conformity", unpaid, "load", Stage.FINISHED, now=TUESDAY + 2 * HOUR,
        opened={Duty.CONCLUDE}, closed={Duty.COSTS}, line=("4", "costs"), facts=("costs_loaded",),
    ),
    Row(
        "T22 it cost nothing", after("finish"), "load", Stage.FINISHED,
        said={"lines": [], "invoice": "", "total": Decimal(0)},
        closed={Duty.COSTS}, line=("4", "costs"), facts=("costs_loaded",),
    ),
    Row(
        "T22 taken back", content, "take_back", Stage.FINISHED, now=TUESDAY + 2 * HOUR,
        opened={Duty.COSTS}, closed={Duty.CONCLUDE}, line=("4", "costs"), facts=("costs_loaded",),
    ),
    Row(
        "T23 nobody answers", after("finish"), "ask", Stage.FINISHED, said={"outcome": "no_contact"},
        line=("5", "conformity"), facts=("conformity_asked",),
    ),
    Row(
        "T23 the third", asked_twice, "ask", Stage.FINISHED, said={"outcome": "no_contact"}, now=TUESDAY + 7 * HOUR,
        closed={Duty.CONFORMITY}, line=("5", "conformity"), facts=("conformity_asked",),
    ),
    Row(
        "T23 content", after("load"), "ask", Stage.FINISHED,
        opened={Duty.CONCLUDE}, closed={Duty.CONFORMITY}, line=("5", "conformity"), facts=("conformity_asked",),
    ),
    Row("T24", content, "survey", Stage.FINISHED, now=TUESDAY + 2 * HOUR, line=("5", "survey")),
    Row(
        "T24 the transfer failed", content, "survey", Stage.FINISHED, said={"reached": False}, now=TUESDAY + 2 * HOUR,
        opened={Duty.SURVEY}, line=("5", "survey"),
    ),
    Row(
        "T25", after("load"), "ask", Stage.FINISHED, said={"outcome": "nonconforming", "comment": "Sigue goteando"},
        opened={Duty.CONCLUDE}, closed={Duty.CONFORMITY}, line=("5", "conformity"), facts=("conformity_asked",),
    ),
    Row(
        "T26", content, "conclude", Stage.CONCLUDED, now=TUESDAY + 2 * HOUR,
        closed={Duty.CONCLUDE}, line=("5", "concluded"), facts=ENDED, work="done",
    ),
    Row(
        "T27 what it paid", refunding, "load", Stage.FINISHED,
        opened={Duty.CONFORMITY}, closed={Duty.COSTS}, line=("4", "costs"), facts=("assistance_moved", "costs_loaded"),
    ),
    Row(
        "T28 it is solved", by_telephone, "finish", Stage.FINISHED,
        opened={Duty.COSTS, Duty.CONFORMITY}, closed={Duty.FINISH, Duty.CONFIRM}, line=("4", "finished"),
        facts=("assistance_moved", "work_moved"), work="done",
    ),
]  # fmt: skip
CLAUSES = {
    "T9": "ASIS-08.12", "T10 called": "ASIS-08.3", "T11 called": "ASIS-08.2", "T12 called": "ASIS-08.4",
    "late: the affiliate is told": "ASIS-09.1", "T18": "ASIS-09.3", "T14": "ASIS-08.7", "T15": "ASIS-08.8",
    "T16a": "ASIS-10.2", "T16b": "ASIS-10.3", "T16c": "ASIS-10.4", "T17": "ASIS-08.9", "T22": "ASIS-08.10",
    "T23 nobody answers": "ASIS-08.11", "T23 content": "ASIS-12.1", "T21 somebody goes": "ASIS-16.1",
    "T25": "ASIS-16.2", "T13 emergency": "ASIS-08.1",
}  # fmt: skip


def _marked(row):
    marks = [pytest.mark.requirement("ASIS-13.1")]
    if row.name in CLAUSES:
        marks.append(pytest.mark.requirement(CLAUSES[row.name]))
    return pytest.param(row, id=row.name, marks=marks)


@pytest.mark.parametrize("row", [*map(_marked, ROWS)])
def test_a_row_of_the_procedure(row, quetzal):
    start = row.start(quetzal)
    before, known = owed(start), facts(start)

    do(quetzal, start, row.act, now=row.now, **row.said)

    assert start.stage == row.stage
    assert owed(start) == (before - row.closed) | row.opened, "what is owed"
    assert row.closed <= before and not row.opened & before, "what the row says was owed before"
    line = last_line(start)
    assert (line.step, line.subtype, line.automatic) == (*row.line, True)
    assert facts(start)[len(known) :] == list(row.facts)
    if row.work:
        assert work(start).state == row.work


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS if row.stage.startswith("cancelled")])
def test_a_cancelled_assistance_owes_nothing_and_its_file_may_be_closed(row, quetzal):
    found = do(quetzal, row.start(quetzal), row.act, now=row.now, **row.said)
    assert owed(found) == set() and found.ended_at == row.now
    assert owed(found.file) == {Duty.CLOSE_FILE}
    assert found.cancel_reason in {"before_assigning", "affiliate", "excess"}


def test_every_act_of_the_service_has_its_row():
    assert {row.act for row in ROWS} >= {"confirm", "check", "arrive", "contact", "diagnose", "finish", "conclude"}
    assert {row.line[1] for row in ROWS} >= {"from_provider", "to_provider", "from_affiliate", "to_affiliate"}


def test_the_line_tells_when_it_happened_and_not_only_when_it_was_written(quetzal):
    found = brought_to(quetzal, "confirm")
    do(quetzal, found, "arrive", now=SOON, arrived_at=SOON - 10 * MINUTE)
    line = last_line(found)
    assert (line.happened_at, line.at) == (SOON - 10 * MINUTE, SOON)
    assert line.member == quetzal.members["luz"]


def test_a_version_that_was_overtaken_changes_nothing(quetzal):
    found = assigned(quetzal)
    with pytest.raises(Overtaken):
        do(quetzal, found, "confirm", now=SOON, version=found.version - 1)
    found.refresh_from_db()
    assert found.stage == Stage.ASSIGNED


def test_an_invoice_of_two_payers_is_one_line_of_the_log(quetzal):
    found = too_dear(quetzal)
    do(quetzal, found, "accept_excess", now=SOON + MINUTE, amount=Decimal(80_000))
    do(quetzal, found, "finish", now=SOON + HOUR)
    parts = [Line("coverage", "Tope del plan", Decimal(200_000)), Line("affiliate", "Excedente", Decimal(80_000))]
    do(quetzal, found, "load", now=SOON + HOUR, lines=parts, total=Decimal(280_000))
    said = last_line(found).said
    assert (said["coverage"], said["affiliate"], said["company"]) == ("200000", "80000", "0")
