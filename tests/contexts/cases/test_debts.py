"""What a case owes, for every kind of every organisation: stages inside the promise, the promise inside the law."""

import json
from datetime import datetime, timedelta

import pytest

from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.rules.debts import (
    CENTRAL_ANSWER,
    CLASSIFICATION,
    LEGAL_TERM,
    PROMISES,
    UNIT_ANSWER,
    VITAL_TERM,
    debt_after_rejection,
    debt_of_notice,
    debts_of_type,
    debts_once_answered,
    debts_when_filed,
)
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.terms import CountFrom, ReceiptRule, Term, Unit
from tests.contexts.cases.seen import at
from tests.make import profile

SLUGS = ("cafetal", "vidamar", "arrayanes", "quetzal", "corrioverde")
KINDS = [(slug, key) for slug in SLUGS for key in profile(slug).section(CasesPolicy).types]
MOMENTS = [at("2026-03-03"), at("2026-03-06", 19, 30), at("2026-04-01", 23, 59), at("2026-12-24", 3)]


def kind_of(slug, key):
    return profile(slug).section(CasesPolicy).types[key]


def days(debts):
    return {debt.kind: debt.due.due_date.isoformat() for debt in debts}


@pytest.mark.requirement("CAJA-06.4")
@pytest.mark.parametrize(("slug", "key"), KINDS)
@pytest.mark.parametrize("received_at", MOMENTS)
def test_the_stages_end_inside_the_promise_and_the_promise_inside_the_law(slug, key, received_at):
    debts = {debt.kind: debt for debt in debts_of_type(kind_of(slug, key), profile(slug), received_at=received_at)}

    promised = [debts[kind].due.due_at for kind in PROMISES if kind in debts]
    assert promised == sorted(promised)
    assert received_at < promised[0] and promised[-1] <= debts[LEGAL_TERM].due.due_at
    assert all(debt.counted_from == received_at for debt in debts.values())
    assert debts[LEGAL_TERM].reckoning["norm"]
    assert [debt.by for debt in debts.values() if debt.kind == UNIT_ANSWER] == ["unit"]


@pytest.mark.parametrize(("slug", "key"), KINDS)
@pytest.mark.parametrize("received_at", MOMENTS)
def test_the_second_chance_ends_before_the_final_day_and_no_business_day_lies_between(slug, key, received_at):
    kind, read = kind_of(slug, key), profile(slug)
    promises = [one for one in debts_of_type(kind, read, received_at=received_at) if one.kind in PROMISES]
    final = promises[-1].due
    again = debt_after_rejection(kind, read, received_at=received_at)

    assert (again.kind, again.by, again.counted_from) == (UNIT_ANSWER, "unit", received_at)
    if kind.promised.unit is Unit.BUSINESS_DAYS:
        calendar = read.calendar
        assert calendar.is_business(again.due.due_date)
        assert calendar.next_business_day(again.due.due_date) == final.due_date
        assert again.due.due_at == calendar.midnight_after_date(again.due.due_date)
    else:
        assert again.due == final


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize(("slug", "key"), KINDS)
def test_what_is_kept_with_a_debt_reckons_it_again_day_by_day(slug, key):
    read = profile(slug)
    for debt in debts_of_type(kind_of(slug, key), read, received_at=at("2026-03-03")):
        kept = json.loads(json.dumps(debt.reckoning))
        term = Term(kept["amount"], Unit(kept["unit"]), CountFrom(kept["count_from"]), kept["roll_last_day"])
        received_at = datetime.fromisoformat(kept["received_at"])
        again = reckon(read.calendar, received_at, term, ReceiptRule(kept["receipt_rule"]))

        assert (again.due_at, again.due_date) == (debt.due.due_at, debt.due.due_date)
        assert (kept["profile"], kept["norms_version"]) == (read.digest, read.pack.version)
        assert again.ledger[-1].date == debt.due.due_date
        assert all(row.norm for row in again.ledger)
        if term.unit is Unit.BUSINESS_DAYS:
            assert [row.n for row in again.ledger if row.n] == list(range(1, term.amount + 1))


def test_where_saturday_is_worked_it_is_the_day_before():
    kind, read = kind_of("quetzal", "queja"), profile("quetzal")  # 3 and 2 days; received on a Tuesday: due on Monday
    again = debt_after_rejection(kind, read, received_at=at("2026-03-03"))
    assert again.due.due_date.isoformat() == "2026-03-07"


class TestBeforeTheKindIsKnown:
    def reckoned(self, slug, *, emergency):
        read = profile(slug)
        policy = read.section(CasesPolicy)
        return debts_when_filed(
            policy, read, received_at=at("2026-03-03"), filed_at=at("2026-03-04"), emergency=emergency
        )

    def test_the_general_term_is_owed_and_the_kind_in_one_business_day(self):
        assert days(self.reckoned("cafetal", emergency=False)) == {
            LEGAL_TERM: "2026-03-25",
            CLASSIFICATION: "2026-03-05",
        }

    def test_an_emergency_owes_the_vital_hours_from_the_very_instant(self):
        vital = next(one for one in self.reckoned("vidamar", emergency=True) if one.kind == VITAL_TERM)
        assert vital.due.due_at == at("2026-03-03") + timedelta(hours=24)
        assert vital.term.unit is Unit.ELAPSED_HOURS

    def test_where_no_vital_term_binds_nobody_owes_one(self):
        assert VITAL_TERM not in days(self.reckoned("cafetal", emergency=True))


class TestOnceAnswered:
    def test_what_was_handed_in_is_owed_no_more(self):
        debts = debts_once_answered(
            kind_of("cafetal", "queja"), profile("cafetal"), received_at=at("2026-03-03"), returned=False
        )
        assert days(debts) == {CENTRAL_ANSWER: "2026-03-12", LEGAL_TERM: "2026-03-25"}

    def test_what_came_back_has_its_second_chance(self):
        debts = debts_once_answered(
            kind_of("cafetal", "queja"), profile("cafetal"), received_at=at("2026-03-03"), returned=True
        )
        assert days(debts)[UNIT_ANSWER] == "2026-03-11"


def test_a_notice_stands_whole_business_days_after_the_day_it_is_published():
    period = debt_of_notice(profile("cafetal"), days=5, published_at=at("2026-03-16", 11))
    assert period.due.due_date.isoformat() == "2026-03-24"  # the 23rd is a holiday


class TestPromises:
    @pytest.mark.requirement("EPS-02.1")
    @pytest.mark.parametrize("key", ["peticion", "queja", "reclamo", "denuncia"])
    def test_the_insurer_answers_in_three_to_ten_business_days(self, key):
        promised = kind_of("vidamar", key).promised
        assert promised.unit is Unit.BUSINESS_DAYS
        assert 3 <= promised.amount <= 10
        received = at("2026-03-03")
        debts = debts_of_type(kind_of("vidamar", key), profile("vidamar"), received_at=received)
        [last] = [one.due.due_date for one in debts if one.kind == CENTRAL_ANSWER]
        assert profile("vidamar").calendar.business_days_between(received.date(), last) == promised.amount

    @pytest.mark.requirement("EPS-02.2")
    def test_another_promise_is_another_profile_and_no_other_code(self):
        document = json.loads(json.dumps(profile("vidamar").document))
        document["profile"]["cases"]["types"]["queja"]["promise"] = [
            {"by": "unit", "days": 2},
            {"by": "central", "days": 1},
        ]
        changed = Profile("vidamar", document)
        kind = changed.section(CasesPolicy).types["queja"]
        debts = days(debts_of_type(kind, changed, received_at=at("2026-03-03")))
        assert debts[UNIT_ANSWER] == "2026-03-05"
        assert debts[CENTRAL_ANSWER] == "2026-03-06"

    @pytest.mark.requirement("CAJA-06.1")
    @pytest.mark.requirement("CAJA-06.2")
    @pytest.mark.requirement("CAJA-06.3")
    @pytest.mark.parametrize("key", list(profile("cafetal").section(CasesPolicy).types))
    def test_the_fund_answers_in_seven_days_five_of_the_service_and_two_of_user_attention(self, key):
        kind = kind_of("cafetal", key)
        assert [(stage.by, stage.days) for stage in kind.promise] == [("unit", 5), ("central", 2)]
        debts = days(debts_of_type(kind, profile("cafetal"), received_at=at("2026-03-03")))
        assert (debts[UNIT_ANSWER], debts[CENTRAL_ANSWER]) == ("2026-03-10", "2026-03-12")

    @pytest.mark.requirement("CAJA-10.1")
    def test_the_fund_has_its_six_kinds_each_with_its_definition(self):
        types = profile("cafetal").section(CasesPolicy).types
        assert {kind.canonical for kind in types.values()} == {
            "complaint",
            "claim",
            "suggestion",
            "information_request",
            "petition",
            "compliment",
        }
        assert all(len(kind.definition) > 40 and kind.public for kind in types.values())

    @pytest.mark.requirement("CORP-03.3")
    def test_perception_and_suggestion_have_a_course_of_their_own(self):
        types = profile("corrioverde").section(CasesPolicy).types
        assert {key for key, kind in types.items() if kind.at_once} == {"queja"}
        for key in ("percepcion", "sugerencia"):
            assert types[key].promised != types["queja"].promised
            assert types[key].definition != types["reclamo"].definition
