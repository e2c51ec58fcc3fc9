"""How far away a due time is: the headline over a case and the line of its debt say it in the same way."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escucha.kernel.commitments.models import Commitment
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.terms import CountFrom, ReceiptRule, Term, Unit
from escucha.web.ui.debts import far_words, strip_of
from tests.make import profile

BOGOTA = ZoneInfo("America/Bogota")
PROFILE = profile("cafetal")
TERM = Term(15, Unit.BUSINESS_DAYS, CountFrom.NEXT_DAY, roll_last_day=True)
FAR = re.compile(r"en (\d+) días? hábil")
ARRIVALS = {
    "a Tuesday at ten": datetime(2026, 4, 7, 10, tzinfo=BOGOTA),
    "a Tuesday at eleven at night": datetime(2026, 4, 7, 23, tzinfo=BOGOTA),
    "a Sunday": datetime(2026, 4, 12, 9, tzinfo=BOGOTA),
    "the first of two holidays and a weekend": datetime(2026, 4, 2, 15, tzinfo=BOGOTA),
}


def law(arrived: datetime, rule: ReceiptRule) -> Commitment:
    found = reckon(PROFILE.calendar, arrived, TERM, rule)
    inputs = {
        "receipt_rule": rule.value,
        "amount": TERM.amount,
        "unit": TERM.unit.value,
        "count_from": TERM.count_from.value,
        "roll_last_day": TERM.roll_last_day,
    }
    return Commitment(
        counted_from=arrived, due_at=found.due_at, due_on=found.due_date, unit=TERM.unit.value, reckoning=inputs
    )


@pytest.mark.parametrize("rule", ReceiptRule)
@pytest.mark.parametrize("arrived", ARRIVALS.values(), ids=ARRIVALS)
def test_the_headline_and_the_debt_are_as_far_away_every_day(arrived, rule):
    owed, compared = law(arrived, rule), 0
    for days in range((owed.due_on - arrived.date()).days + 1):
        now = arrived + timedelta(days=days)
        said = strip_of(PROFILE, law=owed, promises=[], now=now).sentence
        if in_headline := FAR.search(said):
            assert FAR.search(far_words(owed, profile=PROFILE, now=now)).group(1) == in_headline.group(1), (now, said)
            compared += 1
    assert compared > 15


def test_each_working_day_that_passes_takes_one_off():
    owed = law(ARRIVALS["a Sunday"], ReceiptRule.OFFICE_HOURS_ROLL)
    said = [strip_of(PROFILE, law=owed, promises=[], now=ARRIVALS["a Sunday"] + timedelta(days=n)) for n in range(3)]
    assert [FAR.search(one.sentence).group(1) for one in said] == ["16", "15", "14"]
