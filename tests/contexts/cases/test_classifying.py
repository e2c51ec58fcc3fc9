"""Setting and changing the kind: once, again, late, after an answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escucha.contexts.cases.operations.answering import answer_case, check_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.rules.debts import CENTRAL_ANSWER, CLASSIFICATION, LEGAL_TERM, UNIT_ANSWER
from tests.contexts.cases.seen import at, due_days, ended, last_fact, owed, own_verbs, picture, told, verbs
from tests.make import ALL_MET, a_case, a_routed_case, an_answered_case, let_time_pass


def classified(house, case, kind, *, by="lucia", when="2026-03-05", unit=None):
    unit = house.unit(unit) if unit else None
    return classify_case(org=house.org, case_id=case.pk, case_type=kind, unit=unit, by=house.actor(by), now=at(when))


class TestClassifying:
    @pytest.mark.requirement("CAJA-05.1")
    def test_sets_the_kind_and_changes_it(self, cafetal):
        case = a_case(cafetal)

        case = classified(cafetal, case, "queja", when="2026-03-03")
        assert (case.case_type, case.state) == ("queja", "classified")
        case = classified(cafetal, case, "informacion", by="patricia")

        assert case.case_type == "informacion"
        data, member = last_fact(case, "cases.case_classified")
        assert (data["case_type"], data["before"]) == ("informacion", "queja")
        assert member == cafetal.members["patricia"].pk
        assert own_verbs(case) == ["case_filed", "case_classified", "case_classified"]

    @pytest.mark.requirement("CAJA-05.2")
    @pytest.mark.requirement("CAJA-05.3")
    @pytest.mark.parametrize("who", ["dario", "elsa", "gabriel"])
    def test_nobody_else_changes_it_and_is_told_who_may(self, cafetal, who):
        case = a_routed_case(cafetal)
        before = picture(case)

        with pytest.raises(Refused, match="las clasifica Atención al Usuario o Coordinación de Atención al Usuario"):
            classified(cafetal, case, "queja", by=who)
        with pytest.raises(NoSuchCase):
            classified(cafetal, case, "queja", by="bruno")
        assert picture(case) == before

    def test_late_meets_its_debt_late_and_says_so_once(self, cafetal):
        case = a_case(cafetal)
        let_time_pass(at("2026-03-05", 1))
        classified(cafetal, case, "queja", when="2026-03-06")
        let_time_pass(at("2026-03-06", 12))

        assert ended(case)[CLASSIFICATION, 1] == "met_late"
        assert verbs(case).count("commitments.commitment_late") == 1

    @pytest.mark.parametrize("kind", ["reclamo", "nada", ""])
    def test_as_what_it_is_or_as_what_nobody_has_changes_nothing(self, cafetal, kind):
        case = a_routed_case(cafetal)
        before = picture(case)

        with pytest.raises(Refused):
            classified(cafetal, case, kind)
        assert picture(case) == before

    def test_again_to_another_unit_hands_it_over_and_tells_it(self, cafetal):
        case = a_routed_case(cafetal)
        classified(cafetal, case, "queja", unit="vivienda")

        assert owed(case)[UNIT_ANSWER].owner_unit.key == "vivienda"
        data, _member = last_fact(case, "cases.case_routed")
        assert (data["before"], data["unit"]) == (cafetal.unit("recreacion").pk, cafetal.unit("vivienda").pk)
        assert told(case, "case_assigned")[-1] == ("case_assigned", "vera@cafetal.example.org")

    def test_copies_the_earliest_due_time_of_the_ledger(self, cafetal):
        case = a_routed_case(cafetal)
        assert case.due_at == min(debt.due_at for debt in owed(case).values())
        case = classified(cafetal, case, "informacion")
        case.refresh_from_db()
        assert case.due_at == min(debt.due_at for debt in owed(case).values())


class TestClassifyingAgainOnceLate:
    def test_owes_the_new_kind_from_the_same_receipt_and_is_late_for_it_too(self, cafetal):
        case = a_routed_case(cafetal)
        let_time_pass(at("2026-03-27"))
        assert {debt.kind for debt in owed(case).values() if debt.late_at} == {UNIT_ANSWER, CENTRAL_ANSWER, LEGAL_TERM}

        classified(cafetal, case, "informacion", when="2026-03-27")
        let_time_pass(at("2026-03-27", 11))
        let_time_pass(at("2026-03-28", 11))

        assert due_days(case) == {UNIT_ANSWER: "2026-03-10", CENTRAL_ANSWER: "2026-03-12", LEGAL_TERM: "2026-03-17"}
        assert verbs(case).count("commitments.commitment_late") == 6
        assert ended(case)[LEGAL_TERM, 2] == "annulled"


class TestClassifyingAgainOnceAnswered:
    def test_the_answer_handed_in_stays_handed_in(self, cafetal):
        case = an_answered_case(cafetal)
        case = classified(cafetal, case, "queja")

        assert case.state == "answered"
        assert set(owed(case)) == {CENTRAL_ANSWER, LEGAL_TERM}
        assert ended(case)[UNIT_ANSWER, 1] == "met"

    def test_it_does_not_go_to_another_unit(self, cafetal):
        case = an_answered_case(cafetal)
        before = picture(case)

        with pytest.raises(Refused, match="ya no se traslada"):
            classified(cafetal, case, "queja", unit="vivienda")
        assert picture(case) == before

    def test_one_that_came_back_keeps_its_second_chance(self, cafetal):
        case = an_answered_case(cafetal)
        org, by = cafetal.org, cafetal.actor("lucia")
        failed = ALL_MET | {"clarity": False}
        check_answer(org=org, case_id=case.pk, verdicts=failed, reason="No se entiende", by=by, now=at("2026-03-11"))
        case = classified(cafetal, case, "queja", when="2026-03-11")

        assert case.state == "assigned"
        assert due_days(case)[UNIT_ANSWER] == "2026-03-11"

    def test_an_approved_answer_fixes_the_kind(self, cafetal):
        case = an_answered_case(cafetal)
        check_answer(
            org=cafetal.org, case_id=case.pk, verdicts=ALL_MET, by=cafetal.actor("lucia"), now=at("2026-03-06")
        )
        with pytest.raises(Refused, match="su tipo no cambia"):
            classified(cafetal, case, "queja", when="2026-03-06")


def test_who_classifies_and_does_not_route_decides_no_unit(cafetal):
    """The act of classifying alone, as a profile may give it."""
    case = a_case(cafetal)
    by = replace(cafetal.actor("lucia"), acts=frozenset({"cases.see", "cases.classify"}))
    do = {"org": cafetal.org, "case_id": case.pk, "by": by, "now": case.filed_at + timedelta(hours=1)}

    with pytest.raises(Refused, match="Los casos los asigna a las dependencias"):
        classify_case(case_type="queja", unit=cafetal.unit("credito"), **do)
    assert classify_case(case_type="queja", **do).state == "classified"
    with pytest.raises(Refused):
        answer_case(body="Ya", **do)
