"""A case on its way: routed, returned, given to somebody, annotated, drafted about, withdrawn."""

import pytest

from escucha.contexts.cases.models import Draft
from escucha.contexts.cases.operations.answering import answer_case
from escucha.contexts.cases.operations.handling import (
    assign_case,
    digest_of,
    keep_draft,
    return_case,
    route_case,
    withdraw_case,
    write_note,
)
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.written import draft_of, remarks_of
from escucha.contexts.cases.rules.debts import CENTRAL_ANSWER, CLASSIFICATION, LEGAL_TERM, UNIT_ANSWER
from escucha.contexts.messaging.queries import messages_about
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import ANA
from tests.contexts.cases.seen import at, due_days, ended, last_fact, owed, own_verbs, picture, told, verbs
from tests.make import a_case, a_house, a_routed_case, a_sent_case, an_answered_case, let_time_pass


def acting(house, case, who, when="2026-03-04"):
    return {"org": house.org, "case_id": case.pk, "by": house.actor(who), "now": at(when)}


class TestRouting:
    def test_hands_over_the_unit_s_part_and_moves_no_date(self, cafetal):
        case = a_routed_case(cafetal)
        was = due_days(case)
        case = route_case(unit=cafetal.unit("vivienda"), version=case.version, **acting(cafetal, case, "lucia"))

        assert (case.unit.key, case.state) == ("vivienda", "assigned")
        assert due_days(case) == was
        assert owed(case)[UNIT_ANSWER].owner_unit.key == "vivienda"
        assert owed(case)[CENTRAL_ANSWER].owner_unit.key == "atencion"
        assert told(case)[-1] == ("case_assigned", "vera@cafetal.example.org")
        data, member = last_fact(case, "cases.case_routed")
        assert (data["unit"], data["before"]) == (cafetal.unit("vivienda").pk, cafetal.unit("recreacion").pk)
        assert member == cafetal.members["lucia"].pk

    @pytest.mark.parametrize(("who", "unit"), [("dario", "vivienda"), ("elsa", "vivienda"), ("lucia", "recreacion")])
    def test_refused_changes_nothing(self, cafetal, who, unit):
        case = a_routed_case(cafetal)
        before = picture(case)

        with pytest.raises(Refused):
            route_case(unit=cafetal.unit(unit), **acting(cafetal, case, who))
        assert picture(case) == before

    def test_on_an_old_page_is_overtaken(self, cafetal):
        case = a_routed_case(cafetal)
        with pytest.raises(Overtaken):
            route_case(unit=cafetal.unit("vivienda"), version=case.version - 1, **acting(cafetal, case, "lucia"))


class TestReturning:
    def test_keeps_the_reason_as_a_row_and_its_digest_as_the_fact(self, cafetal):
        case = a_routed_case(cafetal)
        was = due_days(case)
        case = return_case(reason=" La reserva la hizo Vivienda ", **acting(cafetal, case, "dario"))

        assert (case.unit, case.member, case.state) == (None, None, "classified")
        assert due_days(case) == was
        assert owed(case)[UNIT_ANSWER].owner_unit.key == "atencion"
        data, member = last_fact(case, "cases.case_returned")
        remark = remarks_of(case)[data["remark"]]
        assert (remark.kind, remark.body, remark.member_id) == ("return", "La reserva la hizo Vivienda", member)
        assert data["digest"] == digest_of(remark.salt, remark.body)
        assert data["unit"] == cafetal.unit("recreacion").pk

    @pytest.mark.parametrize(
        ("who", "reason"), [("dario", " "), ("vera", "No es mío"), ("lucia", "No"), ("bruno", "No")]
    )
    def test_refused_changes_nothing(self, cafetal, who, reason):
        case = a_routed_case(cafetal)
        before = picture(case)

        with pytest.raises((Refused, NoSuchCase)):
            return_case(reason=reason, **acting(cafetal, case, who))
        assert picture(case) == before

    def test_twice_by_two_pages_is_done_once(self, cafetal):
        case = a_routed_case(cafetal)
        return_case(reason="No", version=case.version, **acting(cafetal, case, "dario"))
        with pytest.raises(Overtaken):
            return_case(reason="No", version=case.version, **acting(cafetal, case, "lucia"))
        with pytest.raises(NoSuchCase):  # it left her unit
            return_case(reason="No", version=case.version, **acting(cafetal, case, "elsa"))
        assert own_verbs(case).count("case_returned") == 1


class TestAssigning:
    def test_to_a_member_makes_the_unit_s_part_its_own(self, cafetal):
        case = a_routed_case(cafetal)
        case = assign_case(member=cafetal.members["dario"], **acting(cafetal, case, "elsa"))

        assert (case.member, case.unit.key, case.state) == (cafetal.members["dario"], "recreacion", "assigned")
        debts = owed(case)
        assert debts[UNIT_ANSWER].owner_member_id == cafetal.members["dario"].pk
        assert debts[CENTRAL_ANSWER].owner_member_id is None
        assert told(case)[-1] == ("case_assigned", "dario@cafetal.example.org")

    def test_to_nobody_in_particular_gives_it_back_to_the_unit(self, cafetal):
        case = a_routed_case(cafetal)
        assign_case(member=cafetal.members["dario"], **acting(cafetal, case, "elsa"))
        case = assign_case(member=None, **acting(cafetal, case, "elsa"))

        assert case.member is None
        assert (owed(case)[UNIT_ANSWER].owner_member_id, owed(case)[UNIT_ANSWER].owner_unit.key) == (None, "recreacion")

    def test_of_what_waits_for_its_kind_gives_somebody_the_classifying(self, cafetal):
        case = a_case(cafetal)
        case = assign_case(member=cafetal.members["lucia"], **acting(cafetal, case, "patricia", "2026-03-03"))

        assert (case.unit, case.state) == (None, "filed")
        assert owed(case)[CLASSIFICATION].owner_member_id == cafetal.members["lucia"].pk

    def test_of_an_answer_gives_somebody_its_check(self, cafetal):
        case = an_answered_case(cafetal)
        case = assign_case(member=cafetal.members["lucia"], **acting(cafetal, case, "patricia", "2026-03-05"))

        assert owed(case)[CENTRAL_ANSWER].owner_member_id == cafetal.members["lucia"].pk

    @pytest.mark.parametrize(
        ("who", "whom"),
        [("elsa", "vera"), ("elsa", "gabriel"), ("dario", "dario"), ("lucia", "dario"), ("elsa", "lucia")],
    )
    def test_refused_changes_nothing(self, cafetal, who, whom):
        case = a_routed_case(cafetal)
        before = picture(case)

        with pytest.raises(Refused):
            assign_case(member=cafetal.members[whom], **acting(cafetal, case, who))
        assert picture(case) == before

    def test_never_to_who_left_or_works_elsewhere(self, cafetal):
        case = a_routed_case(cafetal)
        gone = cafetal.members["dario"]
        gone.active = False
        gone.save(update_fields=["active"])

        with pytest.raises(Refused, match="Escoja a alguien de la dependencia"):
            assign_case(member=gone, **acting(cafetal, case, "elsa"))


class TestNotes:
    def test_are_for_colleagues(self, cafetal):
        case = a_routed_case(cafetal)
        messages = told(case)
        remark = write_note(body="Llamó a preguntar", **acting(cafetal, case, "dario"))

        assert remarks_of(case)[remark.pk].body == "Llamó a preguntar"
        assert own_verbs(case)[-1] == "note_written"
        assert told(case) == messages

    def test_refused_writes_nothing(self, cafetal):
        case = a_routed_case(cafetal)
        for who, body in (("dario", " "), ("bruno", "Hola")):
            with pytest.raises((Refused, NoSuchCase)):
                write_note(body=body, **acting(cafetal, case, who))
        assert dict(remarks_of(case)) == {}


class TestDrafts:
    def test_are_one_per_member_and_end_with_the_answer(self, cafetal):
        case = a_routed_case(cafetal)
        for who, body in (("dario", "Le dev"), ("elsa", "Otra cosa"), ("dario", "Le devolvemos")):
            keep_draft(body=body, **acting(cafetal, case, who))

        assert draft_of(case, member_id=cafetal.members["dario"].pk).body == "Le devolvemos"
        assert draft_of(case, member_id=cafetal.members["elsa"].pk).body == "Otra cosa"
        answer_case(body="Le devolvemos su dinero", **acting(cafetal, case, "dario"))
        assert draft_of(case, member_id=cafetal.members["dario"].pk) is None
        assert draft_of(case, member_id=cafetal.members["elsa"].pk) is not None

    @pytest.mark.parametrize("who", ["vera", "bruno", "lucia"])
    def test_are_kept_only_by_who_may_answer(self, cafetal, who):
        case = a_routed_case(cafetal)
        with pytest.raises((Refused, NoSuchCase)):
            keep_draft(body="Algo", **acting(cafetal, case, who))
        assert not Draft.objects.exists()

    def test_do_not_cross_organisations(self, cafetal):
        case = a_routed_case(cafetal)
        other = a_house("vidamar")
        with pytest.raises(NoSuchCase):
            keep_draft(body="Algo", **acting(other, case, "marina"))


class TestWithdrawing:
    @pytest.mark.parametrize("make", [a_case, a_routed_case, an_answered_case])
    def test_owes_nothing_more_and_nobody_is_reminded(self, cafetal, make):
        case = make(cafetal)
        case = withdraw_case(org=cafetal.org, case_id=case.pk, by=CITIZEN, now=at("2026-03-05"))
        said, messages = verbs(case), told(case)
        let_time_pass(at("2026-06-01"))

        assert (case.state, case.closed_at) == ("withdrawn", at("2026-03-05"))
        assert owed(case) == {}
        assert ended(case)[LEGAL_TERM, 1 if make is a_case else 2] == "waived"
        assert (verbs(case), told(case)) == (said, messages)

    def test_is_refused_once_the_answer_left_and_by_who_may_not(self, cafetal):
        sent, case = a_sent_case(cafetal), a_routed_case(cafetal)
        before = picture(sent), picture(case)

        with pytest.raises(Refused, match="ya salió"):
            withdraw_case(org=cafetal.org, case_id=sent.pk, by=CITIZEN, now=at("2026-03-06"))
        with pytest.raises(Refused, match="El desistimiento lo registra"):
            withdraw_case(**acting(cafetal, case, "dario"))
        assert (picture(sent), picture(case)) == before

    def test_twice_is_told_that_it_is_closed(self, cafetal):
        case = a_case(cafetal)
        withdraw_case(reason="Lo dijo por teléfono.", **acting(cafetal, case, "lucia"))
        with pytest.raises(Refused, match="ya está cerrado"):
            withdraw_case(reason="Otra vez", **acting(cafetal, case, "lucia"))

    def test_by_staff_says_why_and_tells_the_person(self, cafetal):
        case = a_case(cafetal)
        with pytest.raises(Refused, match="Escriba cómo y cuándo"):
            withdraw_case(reason=" ", **acting(cafetal, case, "lucia"))
        withdraw_case(reason="Llamó y dijo que ya le resolvieron.", **acting(cafetal, case, "lucia"))

        data, member = last_fact(case, "cases.withdrawal_recorded")
        assert member == cafetal.members["lucia"].pk
        assert remarks_of(case)[data["remark"]].body == "Llamó y dijo que ya le resolvieron."
        assert "case_withdrawn" not in own_verbs(case)  # the person itself did not
        assert told(case, "withdrawal_recorded") == [("withdrawal_recorded", ANA["email"])]
        [letter] = [one for one in messages_about(org=case.org, subject=case.subject) if one.template[:4] == "with"]
        assert case.filing_number in letter.title
        assert "ya le resolvieron" not in letter.body

    def test_by_the_person_is_told_to_nobody(self, cafetal):
        case = withdraw_case(org=cafetal.org, case_id=a_case(cafetal).pk, by=CITIZEN, now=at("2026-03-05"))
        assert own_verbs(case)[-1] == "case_withdrawn"
        assert told(case, "withdrawal_recorded") == []


def test_no_verb_reaches_into_another_organisation(cafetal):
    case, other = a_routed_case(cafetal), a_house("vidamar")
    before = picture(case)
    for verb, said in (
        (route_case, {"unit": other.unit("siau")}),
        (return_case, {"reason": "No"}),
        (assign_case, {"member": None}),
        (write_note, {"body": "Hola"}),
        (withdraw_case, {}),
        (answer_case, {"body": "Hola"}),
    ):
        with pytest.raises(NoSuchCase):
            verb(**said, **acting(other, case, "marina"))
    assert picture(case) == before
