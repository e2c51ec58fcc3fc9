"""How much an assistance's page asks of the database: no more for one that has been through everything."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.models import LogLine
from escucha.contexts.assistance.operations.noting import write_line
from escucha.contexts.assistance.operations.releasing import take_provider_off
from escucha.contexts.assistance.rules.costs import Line
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, a_provider, assign, call
from tests.contexts.assistance.service.steps import brought_to, do
from tests.web.desk.assistance.at_assistance import AtPage

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TABS = {"costos": 13, "bitacora": 18, "encuesta": 12, "datos": 12, "tiempos": 13}
CONCLUDED = {"": 14} | TABS
SEARCHING = {tab: count - 1 for tab, count in TABS.items()} | {"": 19}  # no cost was loaded: none is asked for


def asked(house, found, *, now):
    """Of each tab, how many statements."""
    at, counted = AtPage(house, found), {}
    for tab in ("", "costos", "bitacora", "encuesta", "datos", "tiempos"):
        at.see(now=now, tab=tab)
        with CaptureQueriesContext(connection) as seen:
            at.see(now=now, tab=tab)
        counted[tab] = len(seen)
    return counted


def talk(house, found, *, now, lines=60):
    for number in range(lines):
        said = {"subtype": "note", "comment": f"Nota {number}.", "by": house.actor("luz"), "now": now}
        write_line(org=house.org, assistance_id=found.pk, **said)


def sent_and_taken_off(house, found, number, *, now):
    """Somebody went, and did not arrive."""
    assign(house, found, a_provider(house, f"No llegó {number}", position=number + 2), now=now, override="Está cerca")
    said = {"cause": "no_show", "by": house.actor("luz"), "now": now + MINUTE}
    take_provider_off(org=house.org, assistance_id=found.pk, **said)
    found.refresh_from_db()


@pytest.mark.requirement("ASIS-03.8")
def test_while_somebody_is_looked_for(quetzal):
    first, *_others = a_network(quetzal, 2)
    assert asked(quetzal, accepted(quetzal), now=TUESDAY) == SEARCHING
    for place in range(12):
        a_provider(quetzal, f"Otro {place}", position=place + 3)
    found = accepted(quetzal)
    for number in range(3):
        sent_and_taken_off(quetzal, found, number + 20, now=TUESDAY + number * 2 * MINUTE)
    for turn in range(2):
        call(quetzal, found, first, "no_answer", now=TUESDAY + HOUR + turn * 2 * MINUTE)
    talk(quetzal, found, now=TUESDAY + HOUR)
    assert asked(quetzal, found, now=TUESDAY + 2 * HOUR) == SEARCHING


@pytest.mark.requirement("ASIS-03.8")
def test_once_it_is_concluded(quetzal):
    assert asked(quetzal, brought_to(quetzal, "conclude"), now=TUESDAY + HOUR) == CONCLUDED
    found = accepted(quetzal)
    for number in range(3):
        sent_and_taken_off(quetzal, found, number, now=TUESDAY + number * 2 * MINUTE)
    found = assign(quetzal, found, a_provider(quetzal, "Sí llegó"), now=TUESDAY + HOUR, override="Es quien puede")
    found = brought_to(quetzal, "finish", assistance=found)
    for number in range(6):
        lines = [Line("coverage", "Mano de obra", Decimal(10_000)), Line("company", "Traslado", Decimal(5_000))]
        said = {"lines": lines, "invoice": f"FV-{number}", "total": Decimal(15_000)}
        do(quetzal, found, "load", now=TUESDAY + 2 * HOUR, **said)
    talk(quetzal, found, now=TUESDAY + 3 * HOUR)
    do(quetzal, found, "ask", now=TUESDAY + 3 * HOUR)
    do(quetzal, found, "conclude", now=TUESDAY + 3 * HOUR)
    assert LogLine.objects.filter(assistance=found).count() > 75
    assert asked(quetzal, found, now=TUESDAY + 4 * HOUR) == CONCLUDED
