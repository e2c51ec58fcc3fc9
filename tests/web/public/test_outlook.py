"""What the person is told to expect of a case: what it owes now, and nothing that was let go or met already."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import withdraw_case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import profile_of_case
from escucha.contexts.cases.rules.debts import CENTRAL_ANSWER, CLASSIFICATION, LEGAL_TERM, UNIT_ANSWER
from escucha.kernel.commitments.queries import history_about
from escucha.kernel.timeline.facts import CITIZEN
from escucha.web.public.outlook import outlook_of, span, stage_names
from escucha.web.public.story import ahead_of
from tests.cast import TUESDAY
from tests.contexts.cases.seen import owed
from tests.make import a_case, a_routed_case, an_answered_case

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def found_of(case, now=TUESDAY):
    case.refresh_from_db()
    profile, history = profile_of_case(case), history_about(org=case.org, subject=case.subject)
    found = outlook_of(case, profile, history, now=now)
    return found, [(one.state, one.when, str(one.what)) for one in ahead_of(case, profile, history, found, now=now)]


def test_once_its_kind_is_known_it_is_what_it_owes(cafetal):
    case = a_routed_case(cafetal)
    found, _ahead = found_of(case)
    debts = owed(case)
    assert (found.legal_on, found.legal_at) == (debts[LEGAL_TERM].due_on, debts[LEGAL_TERM].due_at)
    assert found.promised_on == found.answer_on == debts[CENTRAL_ANSWER].due_on < found.legal_on
    assert found.legal_norm.startswith("Ley 1755 de 2015") and found.legal_span == "15 días hábiles"
    assert (found.promised_span, found.kind, found.in_hours, found.vital) == ("7 días hábiles", None, False, None)


@pytest.mark.parametrize("chosen", ["", "queja"])
def test_before_it_is_the_promise_of_the_kind_that_was_chosen(cafetal, chosen):
    case = a_case(cafetal, suggested_type=chosen)
    found, ahead = found_of(case)
    policy = cafetal.profile.section(CasesPolicy)
    assert found.kind.key == (chosen or policy.general)
    assert (found.legal_on, found.promised_span) == (owed(case)[LEGAL_TERM].due_on, "7 días hábiles")
    assert found.promised_on is not None and CENTRAL_ANSWER not in owed(case)
    assert ahead[0][0] == "now" and [one[0] for one in ahead[1:]] == ["next"] * 3


def test_of_what_was_let_go_there_is_none(cafetal):
    case = a_routed_case(cafetal)
    withdraw_case(org=cafetal.org, case_id=case.pk, by=CITIZEN, now=TUESDAY)
    assert found_of(case) == (None, [])


def test_in_hours_it_is_said_in_hours(vidamar):
    case = a_case(vidamar, suggested_type="reclamo_vital")
    by = {"by": vidamar.actor("marina"), "now": TUESDAY}
    classify_case(org=vidamar.org, case_id=case.pk, case_type="reclamo_vital", **by)
    found, _ahead = found_of(case)
    assert (found.in_hours, found.legal_on, found.promised_on) == (True, None, None)
    assert found.legal_span.endswith("horas") and found.legal_at is not None


def test_of_a_reserved_case_no_office_is_named(cafetal):
    found, ahead = found_of(a_case(cafetal, reserved=True))
    told = str([found.strip, ahead])
    assert "Quien atiende el canal reservado" in told
    for unit in cafetal.profile.units.values():
        assert unit.label not in told


def test_who_has_it_now_is_told_with_its_last_day_while_that_has_not_passed(cafetal):
    filed, routed = a_case(cafetal), a_routed_case(cafetal)
    for case, kind in ((filed, CLASSIFICATION), (routed, UNIT_ANSWER)):
        last = owed(case)[kind].due_at - timedelta(seconds=1)
        whens = [found_of(case, now)[1][0][1] for now in (TUESDAY, last, last + DAY)]
        assert whens[0] == whens[1] != "Ahora" == whens[2]


def test_what_was_met_is_not_ahead(cafetal):
    case = an_answered_case(cafetal)
    assert UNIT_ANSWER not in owed(case)
    _found, ahead = found_of(case)
    assert [state for state, _when, _what in ahead] == ["now", "next"]
    assert "estudia" not in str(ahead)


def test_each_part_has_the_name_of_who_owes_it(cafetal, vidamar):
    assert [stage_names(house.profile)[CENTRAL_ANSWER] for house in (cafetal, vidamar)] == [
        "Atención al Usuario",
        "Atención al Usuario (SIAU)",
    ]


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (1, "business_days", "1 día hábil"),
        (7, "business_days", "7 días hábiles"),
        (1, "calendar_days", "1 día calendario"),
        (3, "calendar_days", "3 días calendario"),
        (1, "elapsed_hours", "1 hora"),
        (72, "elapsed_hours", "72 horas"),
    ],
)
def test_how_long_is_said(amount, unit, said):
    assert span(amount, unit) == said
