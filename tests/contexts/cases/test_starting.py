"""From when a term counts for what arrives in and out of hours, by each receipt rule, and how that is said."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.rules.debts import LEGAL_TERM, debts_of_type
from escucha.contexts.cases.rules.starting import Arrival, came, start_of, would_come
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.terms import CountFrom, Term, Unit
from tests.kernel.worktime.arbitrary import moments
from tests.profiles.folders import BY_NAME

FIFTEEN = Term(15, Unit.BUSINESS_DAYS)
ROLLS, KEEPS = "cafetal", "corrioverde"  # the next business day, or the same date


def start(name: str, text: str, term: Term = FIFTEEN):
    profile = BY_NAME[name]
    return start_of(term, profile, received_at=datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Bogota")))


@pytest.mark.requirement("CAJA-13.6")
@pytest.mark.parametrize(
    ("name", "moment", "said"),
    [
        (ROLLS, "2026-11-23 10:00", (Arrival.IN_HOURS, date(2026, 11, 23), date(2026, 11, 24))),
        (ROLLS, "2026-11-23 12:00:00", (Arrival.IN_HOURS, date(2026, 11, 23), date(2026, 11, 24))),
        (ROLLS, "2026-11-23 13:30:00", (Arrival.IN_HOURS, date(2026, 11, 23), date(2026, 11, 24))),
        (ROLLS, "2026-11-23 12:45", (Arrival.SAME_DAY, date(2026, 11, 23), date(2026, 11, 24))),
        (ROLLS, "2026-11-23 18:00:00", (Arrival.IN_HOURS, date(2026, 11, 23), date(2026, 11, 24))),
        (ROLLS, "2026-11-23 18:00:01", (Arrival.LATER_DAY, date(2026, 11, 24), date(2026, 11, 25))),
        (ROLLS, "2026-11-22 09:00", (Arrival.LATER_DAY, date(2026, 11, 23), date(2026, 11, 24))),
        (ROLLS, "2026-12-07 20:00", (Arrival.LATER_DAY, date(2026, 12, 9), date(2026, 12, 10))),
        (KEEPS, "2026-11-23 10:00", (Arrival.IN_HOURS, date(2026, 11, 23), date(2026, 11, 24))),
        (KEEPS, "2026-11-23 23:59", (Arrival.SAME_DAY, date(2026, 11, 23), date(2026, 11, 24))),
        (KEEPS, "2026-11-22 09:00", (Arrival.SAME_DAY, date(2026, 11, 22), date(2026, 11, 23))),
        (KEEPS, "2026-12-24 20:00", (Arrival.SAME_DAY, date(2026, 12, 24), date(2027, 1, 4))),
    ],
)
def test_out_of_hours_the_rule_says_from_when(name, moment, said):
    assert start(name, moment) == said


def test_hours_count_at_once():
    found = start(ROLLS, "2026-11-22 03:00", Term(24, Unit.ELAPSED_HOURS))
    assert (found.arrival, found.counts_on) == (Arrival.AT_ONCE, date(2026, 11, 22))
    assert "corre desde el momento en que llegó" in str(came(found))
    assert "corre desde que usted la envía" in str(would_come(found))


@pytest.mark.parametrize(
    ("count_from", "first"), [(CountFrom.NEXT_DAY, date(2026, 12, 25)), (CountFrom.SAME_DAY, date(2026, 12, 24))]
)
def test_days_of_the_calendar_count_on_any_day(count_from, first):
    term = Term(3, Unit.CALENDAR_DAYS, count_from=count_from)
    assert start(ROLLS, "2026-12-24 10:00", term).counts_on == first


@pytest.mark.requirement("CAJA-13.6")
def test_it_is_said_in_words():
    late = start(ROLLS, "2026-11-23 18:30")
    assert str(came(late)) == (
        "Llegó fuera del horario de atención: se tiene por recibida el martes 24 de noviembre de 2026"
        " y el plazo empieza a contar el miércoles 25 de noviembre de 2026."
    )
    assert "Ahora no es horario de atención." in str(would_come(late))
    same = start(KEEPS, "2026-11-23 18:30")
    assert str(came(same)) == (
        "Llegó fuera del horario de atención y quedó recibida ese mismo día:"
        " el plazo empieza a contar el martes 24 de noviembre de 2026."
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BY_NAME))
@given(moments)
def test_the_first_day_said_is_the_first_one_that_the_account_counts(name, moment):
    """Against the engine: the same day has number one in the strip of the case."""
    profile = BY_NAME[name]
    said = start_of(FIFTEEN, profile, received_at=moment)
    rows = reckon(profile.calendar, moment, FIFTEEN, profile.office.receipt_rule).ledger
    assert said.counts_on == next(row.date for row in rows if row.n == 1)


def test_the_health_claims_of_the_insurer_count_at_once():
    profile = BY_NAME["vidamar"]
    received_at = datetime(2026, 11, 22, 3, tzinfo=ZoneInfo("America/Bogota"))
    vital = profile.section(CasesPolicy).types["reclamo_vital"]
    law = next(one for one in debts_of_type(vital, profile, received_at=received_at) if one.kind == LEGAL_TERM)
    assert start_of(law.term, profile, received_at=received_at).arrival == Arrival.AT_ONCE
