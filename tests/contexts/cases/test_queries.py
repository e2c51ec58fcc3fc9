"""The doors for reading cases: who finds what, page by page, in a fixed number of queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.handling import assign_case, return_case
from escucha.contexts.cases.operations.reaching import close_case, open_answer
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_number, cases_by_subject, has_cases, visible_cases
from escucha.contexts.cases.queries.holders import (
    answer_by_token,
    case_by_receipt,
    case_by_verification,
    case_for_tracking,
)
from escucha.contexts.cases.queries.lists import MOST_COUNTED, Position, case_list, count_up_to, view_count
from escucha.contexts.cases.queries.times import hand_over_times
from escucha.contexts.cases.queries.written import latest_answer
from escucha.kernel.commitments.queries import agenda
from escucha.kernel.timeline.facts import CITIZEN, SYSTEM, Actor
from tests.cast import TUESDAY
from tests.contexts.cases.seen import DAY, HOUR, at, last_fact, owed
from tests.make import a_case, a_house, a_routed_case, a_sent_case, an_answered_case


def seen_by(house, who):
    """What a viewer may see, which is what its number opens."""
    viewer = house.actor(who) if isinstance(who, str) else who
    seen = set(visible_cases(org=house.org, viewer=viewer))
    assert seen == {case for case in Case.objects.all() if opens(house, viewer, case)}
    return seen


def opens(house, viewer, case):
    try:
        return case_by_number(org=house.org, viewer=viewer, number=case.filing_number) == case
    except NoSuchCase:
        return False


class TestWhoSeesWhat:
    def test_a_unit_sees_what_it_has_and_nothing_that_waits_for_a_unit(self, cafetal):
        mine, other, waiting = a_routed_case(cafetal), a_routed_case(cafetal, unit="vivienda"), a_case(cafetal)

        assert seen_by(cafetal, "dario") == {mine}
        assert seen_by(cafetal, "vera") == {other}
        assert seen_by(cafetal, "lucia") == seen_by(cafetal, "gabriel") == {mine, other, waiting}

    def test_who_filed_sees_its_own_wherever_it_goes(self, cafetal):
        case = a_routed_case(cafetal, unit="vivienda")
        filed = a_case(cafetal, by=cafetal.actor("dario"), received_unit=cafetal.unit("recreacion"))

        assert seen_by(cafetal, "dario") == {filed}
        assert case not in seen_by(cafetal, "elsa")

    def test_what_a_unit_returned_is_no_longer_its_own(self, cafetal):
        case = a_routed_case(cafetal)
        return_case(org=case.org, case_id=case.pk, reason="No", by=cafetal.actor("dario"), now=at("2026-03-04"))
        assert seen_by(cafetal, "dario") == set()

    def test_who_works_in_no_unit_does_not_see_what_no_unit_has(self, cafetal):
        a_case(cafetal)
        nowhere = Actor("staff", id="9", acts=frozenset({"cases.see"}), member_id=99)
        assert seen_by(cafetal, nowhere) == set()
        assert view_count(org=cafetal.org, viewer=nowhere, view="mine") == 0

    @pytest.mark.parametrize("who", [CITIZEN, SYSTEM, "bruno"])
    def test_who_has_not_the_act_sees_nothing(self, cafetal, who):
        a_routed_case(cafetal, unit="credito")
        assert seen_by(cafetal, who) == set()

    def test_another_organisation_finds_nothing(self, cafetal, vidamar):
        case = a_sent_case(cafetal)
        stranger, org = vidamar.actor("marina"), vidamar.org

        assert seen_by(vidamar, "marina") == set()
        assert case_list(org=org, viewer=stranger) == []
        assert view_count(org=org, viewer=stranger, view="open") == 0
        assert cases_by_subject(org=org, viewer=stranger, subjects=[case.subject]) == {}
        assert case_for_tracking(org=org, number=case.filing_number) is None
        assert not has_cases(org) and has_cases(cafetal.org)
        for find in (
            lambda: case_by_number(org=org, viewer=stranger, number=case.filing_number),
            lambda: case_by_receipt(org=org, code=case.receipt_code),
            lambda: case_by_verification(org=org, code=case.verify_code),
            lambda: answer_by_token(org=org, token=latest_answer(case).link_token),
        ):
            with pytest.raises(NoSuchCase):
                find()

    def test_an_unseen_number_is_not_found(self, cafetal):
        case = a_routed_case(cafetal)
        assert case_by_number(org=case.org, viewer=cafetal.actor("dario"), number=case.filing_number) == case
        with pytest.raises(NoSuchCase):
            case_by_number(org=case.org, viewer=cafetal.actor("vera"), number=case.filing_number)

    @pytest.mark.requirement("MORE-03.4")
    def test_a_receipt_is_found_by_its_codes_and_never_by_its_number(self, cafetal):
        case = a_case(cafetal)
        assert case_by_receipt(org=case.org, code=case.receipt_code) == case
        assert case_by_verification(org=case.org, code=case.verify_code) == case
        for code in (case.filing_number, case.verify_code, "", case.receipt_code[:-1]):
            with pytest.raises(NoSuchCase):
                case_by_receipt(org=case.org, code=code)
        assert len({case.receipt_code, case.verify_code, case.contact_code}) == 3
        assert len(case.receipt_code) >= 20


def walked(org, viewer, *, back=False, limit=3, view="open", key="due_at"):
    """Every case of a view, page by page, as the pages of a list ask for them."""
    found, place = [], None
    while True:
        way = {"before": place} if back else {"after": place}
        rows = list(case_list(org=org, viewer=viewer, view=view, limit=limit, **way))
        page = rows[-limit:] if back else rows[:limit]
        found = page + found if back else found + page
        if len(rows) <= limit:
            return found
        edge = page[0] if back else page[-1]
        place = Position(getattr(edge, key), edge.turn, edge.pk)


class TestTheList:
    @pytest.fixture
    def many(self, cafetal):
        """Eleven cases, several with the very same due time."""
        return [a_case(cafetal, person=None, now=TUESDAY + n // 4 * DAY) for n in range(11)]

    def test_shows_every_case_once_going_forward_and_back(self, cafetal, many):
        viewer = cafetal.actor("lucia")
        ordered = sorted(many, key=lambda case: (case.due_at, case.pk))
        assert len({case.due_at for case in many}) == 3

        assert walked(cafetal.org, viewer) == ordered
        for size in (1, 4, 11, 50):
            assert walked(cafetal.org, viewer, limit=size) == ordered
        last = ordered[-1]
        end = Position(last.due_at, last.turn, last.pk + 1)
        seen, place = [], end
        while rows := case_list(org=cafetal.org, viewer=viewer, before=place, limit=3):
            page = list(rows)[-3:]
            seen, place = page + seen, Position(page[0].due_at, page[0].turn, page[0].pk)
        assert seen == ordered

    def test_tells_by_one_row_more_that_there_is_more(self, cafetal, many):
        viewer = cafetal.actor("lucia")
        assert len(case_list(org=cafetal.org, viewer=viewer, limit=10)) == 11
        assert len(case_list(org=cafetal.org, viewer=viewer, limit=11)) == 11

    def test_of_closed_cases_shows_the_newest_first_and_each_once(self, cafetal):
        closed = []
        for n in range(7):
            case = a_sent_case(cafetal, now=TUESDAY + n // 3 * DAY)
            open_answer(org=case.org, token=latest_answer(case).link_token, now=at("2026-03-10"))
            by = cafetal.actor("lucia")
            closed.append(close_case(org=case.org, case_id=case.pk, by=by, now=at("2026-03-11")))
        viewer = cafetal.actor("lucia")
        newest = sorted(closed, key=lambda case: (case.filed_at, case.pk), reverse=True)

        assert walked(cafetal.org, viewer, view="closed", key="filed_at") == newest
        assert case_list(org=cafetal.org, viewer=viewer, view="open") == []
        third, fifth = newest[2], newest[4]
        back = case_list(
            org=cafetal.org,
            viewer=viewer,
            view="closed",
            before=Position(fifth.filed_at, fifth.turn, fifth.pk),
            limit=2,
        )
        assert list(back)[-2:] == newest[2:4]
        assert third in back

    def test_views_hold_what_they_say(self, cafetal):
        filed, routed, answered, sent = (
            make(cafetal) for make in (a_case, a_routed_case, an_answered_case, a_sent_case)
        )
        to = cafetal.members["lucia"]
        by = cafetal.actor("patricia")
        assign_case(org=filed.org, case_id=filed.pk, member=to, by=by, now=at("2026-03-03", 12))
        viewer = cafetal.actor("lucia")
        holds = {
            "open": {filed, routed, answered, sent},
            "mine": {filed},
            "unclassified": {filed},
            "check": {answered},
            "reach": {sent},
            "closed": set(),
        }
        for view, cases in holds.items():
            assert set(case_list(org=cafetal.org, viewer=viewer, view=view)) == cases, view
            assert view_count(org=cafetal.org, viewer=viewer, view=view) == len(cases), view

    def test_is_narrowed_by_kind_unit_and_state(self, cafetal):
        routed, other = a_routed_case(cafetal), a_routed_case(cafetal, unit="vivienda")
        a_case(cafetal)
        chosen = {"org": cafetal.org, "viewer": cafetal.actor("lucia")}

        assert set(case_list(case_type="reclamo", **chosen)) == {routed, other}
        assert case_list(case_type="queja", **chosen) == []
        assert case_list(unit_id=other.unit_id, **chosen) == [other]
        assert len(case_list(state="filed", **chosen)) == 1

    @pytest.mark.parametrize("view", ["open", "mine", "unclassified", "check", "reach", "closed"])
    def test_takes_one_query_however_many_rows(self, cafetal, many, view, django_assert_num_queries):
        viewer = cafetal.actor("lucia")
        with django_assert_num_queries(1):
            for case in case_list(org=cafetal.org, viewer=viewer, view=view):
                assert case.person is None or case.person.name
                assert case.unit is None and case.member is None

    def test_counts_no_further_than_it_says(self, cafetal, many):
        found = visible_cases(org=cafetal.org, viewer=cafetal.actor("lucia"))
        assert count_up_to(found, 4) == 5
        assert count_up_to(found, 11) == 11
        with CaptureQueriesContext(connection) as seen:
            view_count(org=cafetal.org, viewer=cafetal.actor("lucia"), view="open")
        assert f"LIMIT {MOST_COUNTED + 1}" in seen[-1]["sql"]

    def test_of_subjects_are_found_in_one_query(self, cafetal, many, django_assert_num_queries):
        subjects = [case.subject for case in many] + ["person:3"]
        with django_assert_num_queries(1):
            found = cases_by_subject(org=cafetal.org, viewer=cafetal.actor("lucia"), subjects=subjects)
        assert set(found) == {case.subject for case in many}


@pytest.mark.requirement("CAJA-04.4")
class TestHandOverTimes:
    def received(self, house, unit, hours, who="dario", now=TUESDAY):
        return a_case(
            house,
            by=house.actor(who),
            received_at=now - hours * HOUR,
            received_unit=house.unit(unit) if unit else None,
            now=now,
        )

    def times(self, house, who="lucia", since=TUESDAY - DAY, until=TUESDAY + DAY):
        found = hand_over_times(org=house.org, viewer=house.actor(who), since=since, until=until)
        return [(one.unit, one.cases, one.median_hours, one.worst_hours) for one in found]

    def test_are_told_by_the_unit_that_received_the_slowest_first(self, cafetal):
        for hours in (1, 3, 20):
            self.received(cafetal, "recreacion", hours)
        for hours in (2, 26):
            self.received(cafetal, "credito", hours)

        assert self.times(cafetal) == [("Crédito Social", 2, 14, 26), ("Recreación y Turismo", 3, 3, 20)]

    def test_leave_out_what_nobody_handed_over(self, cafetal, vidamar):
        a_case(cafetal)  # by the person itself
        self.received(cafetal, "atencion", 5, who="lucia")
        self.received(cafetal, None, 5)
        self.received(vidamar, "tecnologia", 5, who="julio")
        assert self.times(cafetal) == []

    def test_are_of_the_days_asked_for(self, cafetal):
        self.received(cafetal, "credito", 2)
        assert self.times(cafetal, since=TUESDAY) != []
        assert self.times(cafetal, since=TUESDAY + timedelta(seconds=1)) == []
        assert self.times(cafetal, until=TUESDAY) == []

    def test_hold_only_what_the_viewer_may_see(self, cafetal):
        self.received(cafetal, "credito", 2, who="bruno")
        self.received(cafetal, "recreacion", 4)
        assert self.times(cafetal, "dario") == [("Recreación y Turismo", 1, 4, 4)]
        assert self.times(cafetal, "bruno") == []

    def test_take_one_query(self, cafetal, django_assert_num_queries):
        self.received(cafetal, "credito", 2)
        with django_assert_num_queries(1):
            self.times(cafetal)


@pytest.mark.requirement("CAJA-04.1")
@pytest.mark.requirement("CAJA-04.2")
@pytest.mark.requirement("CAJA-04.3")
@pytest.mark.parametrize(("who", "unit"), [("bruno", "credito"), ("dario", "recreacion"), ("vera", "vivienda")])
def test_what_any_area_files_is_in_the_hands_of_user_attention_at_once(cafetal, who, unit):
    received = TUESDAY - 3 * HOUR
    case = a_case(
        cafetal, by=cafetal.actor(who), channel="counter", received_at=received, received_unit=cafetal.unit(unit)
    )

    assert {debt.owner_unit.key for debt in owed(case).values()} == {"atencion"}
    mine = agenda(org=case.org, viewer=cafetal.actor("lucia"), now=TUESDAY)
    assert {debt.subject for debt in mine} == {case.subject}
    data, member = last_fact(case, "cases.case_filed")
    assert (data["received_at"], data["unit"]) == (received.isoformat(), cafetal.unit(unit).pk)
    assert member == cafetal.members[who].pk
    assert (case.received_at, case.filed_at) == (received, TUESDAY)


def test_a_house_alone_has_no_cases(db):
    assert not has_cases(a_house("quetzal").org)


def test_what_no_unit_has_yet_is_seen_by_the_central_unit_and_by_no_other(corrioverde):
    case = a_case(corrioverde)

    seen = {who for who in ("ines", "ramiro", "tomas") if subject_of(corrioverde, who) == [case.pk]}

    assert seen == {"ines"}


def subject_of(house, who):
    return [case.pk for case in visible_cases(org=house.org, viewer=house.actor(who))]


@pytest.mark.parametrize("way", ["after", "before"])
@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        ({}, "open_cases_by_due"),
        ({"view": "mine"}, "member_cases_by_due"),
        ({"view": "closed"}, "newest_cases"),
    ],
)
def test_a_page_begins_at_its_place_in_an_index(cafetal, chosen, index, way):
    """Whatever is stored: nothing before the place is read, and nothing is sorted."""
    a_case(cafetal)
    place = Position(TUESDAY, 1, 1)
    with CaptureQueriesContext(connection) as seen:
        case_list(org=cafetal.org, viewer=cafetal.actor("patricia"), **chosen, **{way: place}, limit=2)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        if index != "open_cases_by_due":  # with hardly any rows it would cost the same, or not, as statistics have it
            cursor.execute("DROP INDEX open_cases_by_due")
        cursor.execute(f"EXPLAIN (COSTS OFF) {seen[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"using {index} on cases_case" in plan
    assert re.search(r"Index Cond: .*ROW\(", plan)
    assert "Sort Key" not in plan
