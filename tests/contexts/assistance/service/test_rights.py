"""A whole service as the role of web and worker; and what that role may never change."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from escucha.contexts.assistance.models import LogLine, Provider
from escucha.contexts.assistance.operations.noting import write_line
from escucha.contexts.assistance.operations.releasing import take_provider_off
from escucha.contexts.assistance.rules.costs import Line
from escucha.contexts.assistance.rules.stages import Stage
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, assign, call
from tests.contexts.assistance.service.steps import HOUR, MINUTE, brought_to, do
from tests.make import House, a_house, let_time_pass

pytestmark = pytest.mark.django_db
KEPT = ("assistance_logline", "assistance_ask", "assistance_handover", "assistance_cost")
NEVER_REMOVED = (
    "assistance_affiliate", "assistance_assignment", "assistance_assistance", "assistance_assistancefile",
    "assistance_incomingcall", "assistance_offer", "assistance_provider", "assistance_reminder",
)  # fmt: skip
FIXED = (  # what was said or promised once
    "assistance_assistance SET opened_at = now()", "assistance_assistance SET page_code = 'otra'",
    "assistance_assistancefile SET number = 1", "assistance_assignment SET ranking = '{}'",
    "assistance_assignment SET provider_id = 1",
)  # fmt: skip


@pytest.fixture
def as_run(db: None) -> Iterator[House]:
    """The house and its network are the owner's work; from then on the role of web and worker acts."""
    house = a_house("quetzal")
    a_network(house)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
    yield house
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")


def refused(statement: str) -> bool:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return True


def test_a_service_is_given_as_the_role_of_web_and_worker(as_run: House):
    providers = list(Provider.objects.filter(org=as_run.org).order_by("id"))
    found = accepted(as_run, priority="programmed")
    call(as_run, found, providers[0], "no_answer")
    assign(as_run, found, providers[0], now=TUESDAY + 2 * MINUTE)
    take_provider_off(
        org=as_run.org, assistance_id=found.pk, cause="withdrew", by=as_run.actor("luz"), now=TUESDAY + 3 * MINUTE
    )
    found.refresh_from_db()
    assign(as_run, found, providers[1], now=TUESDAY + 4 * MINUTE)
    window = (TUESDAY + 2 * HOUR, TUESDAY + 3 * HOUR)
    do(as_run, found, "reprogramme", now=TUESDAY + 5 * MINUTE, window=window)
    do(as_run, found, "depart", now=TUESDAY + HOUR)
    do(as_run, found, "arrive", now=TUESDAY + 2 * HOUR)
    do(as_run, found, "contact", now=TUESDAY + 2 * HOUR)
    do(as_run, found, "diagnose", now=TUESDAY + 2 * HOUR, cost=Decimal(250_000))
    do(as_run, found, "accept_excess", now=TUESDAY + 2 * HOUR, amount=Decimal(50_000))
    do(as_run, found, "finish", now=TUESDAY + 3 * HOUR)
    for turn in range(2):
        do(as_run, found, "load", now=TUESDAY + 3 * HOUR, lines=[Line("coverage", "Visita", Decimal(80_000))])
        if not turn:
            do(as_run, found, "take_back", now=TUESDAY + 3 * HOUR)
    do(as_run, found, "ask", now=TUESDAY + 4 * HOUR)
    do(as_run, found, "survey", now=TUESDAY + 4 * HOUR, reached=False)
    do(as_run, found, "survey", now=TUESDAY + 4 * HOUR)
    by = as_run.actor("luz")
    write_line(
        org=as_run.org, assistance_id=found.pk, subtype="note", comment="Todo bien", by=by, now=TUESDAY + 4 * HOUR
    )
    do(as_run, found, "conclude", now=TUESDAY + 5 * HOUR)
    let_time_pass(TUESDAY + timedelta(days=1))
    found.refresh_from_db()
    assert found.stage == Stage.CONCLUDED


@pytest.mark.requirement("ASIS-13.3")
@pytest.mark.parametrize("table", KEPT)
def test_what_was_written_is_neither_changed_nor_removed(as_run: House, table: str):
    assert refused(f"UPDATE {table} SET at = now()")  # noqa: S608
    assert refused(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", NEVER_REMOVED)
def test_what_lives_is_never_removed(as_run: House, table: str):
    assert refused(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("change", FIXED)
def test_what_began_something_stays_as_it_began(as_run: House, change: str):
    assert refused(f"UPDATE {change}")  # noqa: S608


@pytest.mark.requirement("ASIS-13.3")
def test_the_log_only_grows(quetzal: House):
    found = brought_to(quetzal, "contact")
    before = list(LogLine.objects.filter(assistance=found).order_by("id").values())
    do(quetzal, found, "diagnose", now=TUESDAY + HOUR)
    after = list(LogLine.objects.filter(assistance=found).order_by("id").values())
    assert after[: len(before)] == before and len(after) == len(before) + 1
