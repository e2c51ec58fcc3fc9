"""Who is of a group attended first goes first wherever it waits; the order of the law is never broken."""

from datetime import timedelta

import pytest
from django.db import connection

from escucha.contexts.cases.operations import turning
from escucha.contexts.cases.operations.turning import give_turn
from escucha.contexts.cases.queries.lists import Position, case_list
from escucha.contexts.people.operations.marking import mark_group, unmark_group
from escucha.kernel.commitments.queries import agenda, history_about
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.seen import own_verbs
from tests.make import a_case, a_routed_case, let_time_pass

LATER = TUESDAY + timedelta(hours=2)


def mark(house, person, now=LATER, group="older_adult"):
    return mark_group(
        org=house.org, person_id=person.pk, group=group, channel="phone", by=house.actor("lucia"), now=now
    )


def order(house):
    return [one.filing_number[-1] for one in case_list(org=house.org, viewer=house.actor("lucia"))]


@pytest.mark.requirement("CAJA-03.2")
class TestInTheQueues:
    def test_a_marked_person_goes_before_who_is_due_at_the_same_moment(self, cafetal):
        a_case(cafetal, person=None)
        case = a_case(cafetal)
        a_case(cafetal, person=None, now=TUESDAY - timedelta(days=1))
        assert order(cafetal) == ["3", "1", "2"]

        mark(cafetal, case.person)
        let_time_pass(LATER)
        assert order(cafetal) == ["3", "2", "1"]
        case.refresh_from_db()
        assert case.turn == 0 and own_verbs(case) == ["case_filed", "turn_changed"]

    def test_pages_go_on_where_they_were(self, cafetal):
        for number in range(7):
            case = a_case(cafetal, person=ANA | {"document_number": f"1.990.000.10{number}"})
            if number % 2:
                mark(cafetal, case.person)
        let_time_pass(LATER)
        door = {"org": cafetal.org, "viewer": cafetal.actor("lucia")}
        whole, seen = list(case_list(**door)), []
        while page := list(case_list(**door, after=seen and _after(seen[-1]) or None, limit=2))[:2]:
            seen += page
        assert seen == whole and [one.turn for one in whole] == [0] * 3 + [1] * 4
        back = list(case_list(**door, before=_after(whole[-1]), limit=3))[-3:]
        assert back == whole[-4:-1]


@pytest.mark.requirement("CAJA-03.3")
class TestInTheAgendas:
    def test_every_debt_of_its_cases_goes_first_and_none_moves(self, cafetal):
        a_case(cafetal, person=None)
        case = a_case(cafetal)
        due = {debt.kind: debt.due_at for debt in history_about(org=case.org, subject=case.subject)}
        mark(cafetal, case.person)
        let_time_pass(LATER)
        debts = history_about(org=case.org, subject=case.subject)
        assert {debt.turn for debt in debts} == {0} and {debt.kind: debt.due_at for debt in debts} == due
        found = agenda(org=cafetal.org, viewer=cafetal.actor("lucia"), now=LATER)
        assert [debt.subject == case.subject for debt in found] == [True, False, True, False]

    def test_what_it_owes_later_goes_first_too(self, cafetal):
        mark(cafetal, a_case(cafetal).person)
        case = a_routed_case(cafetal, now=LATER + timedelta(hours=1))
        assert case.turn == 0
        assert {debt.turn for debt in history_about(org=case.org, subject=case.subject)} == {0}


class TestTheTurn:
    def test_of_a_person_known_before_is_told_as_it_files(self, cafetal):
        mark(cafetal, a_case(cafetal).person)
        assert a_case(cafetal, now=LATER).turn == 0
        assert a_case(cafetal, now=LATER, person=None).turn == 1

    def test_is_the_usual_one_again_when_the_mark_is_taken_off(self, cafetal):
        case = a_case(cafetal)
        mark(cafetal, case.person)
        let_time_pass(LATER)
        by = cafetal.actor("lucia")
        unmark_group(org=cafetal.org, person_id=case.person_id, group="older_adult", by=by, now=LATER)
        let_time_pass(LATER)
        case.refresh_from_db()
        assert case.turn == 1 and {d.turn for d in history_about(org=case.org, subject=case.subject)} == {1}

    def test_given_twice_changes_nothing_more(self, cafetal):
        case = a_case(cafetal)
        mark(cafetal, case.person)
        assert give_turn(org=cafetal.org, person_id=case.person_id, now=LATER) == 1
        assert give_turn(org=cafetal.org, person_id=case.person_id, now=LATER) == 0
        let_time_pass(LATER)
        assert own_verbs(case).count("turn_changed") == 1

    @pytest.mark.parametrize("broken", ["python", "database"])
    def test_that_cannot_be_told_keeps_nobody_from_filing(self, cafetal, monkeypatch, broken):
        a_case(cafetal)

        def fail(**_said):
            if broken == "database":
                connection.cursor().execute("SELECT 1 FROM no_such_table")
            raise ZeroDivisionError

        monkeypatch.setattr(turning, "is_preferential", fail)
        case = a_case(cafetal, now=LATER)
        assert (case.turn, case.filing_number) == (1, "PQR-2026-000002")

    def test_asks_nothing_of_who_files_for_the_first_time(self, cafetal, monkeypatch):
        asked = []
        monkeypatch.setattr(turning, "is_preferential", lambda **said: asked.append(said))
        a_case(cafetal)
        a_case(cafetal, person=None)
        assert asked == []


def _after(case):
    return Position(case.due_at, case.turn, case.pk)
