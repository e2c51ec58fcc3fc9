"""Kept counts: what counting would say, for whoever looks, whatever was done and however often they are folded."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from escucha.contexts.cases.models import Case, Tally
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import assign_case
from escucha.contexts.cases.operations.tallying import fold_tallies, recount
from escucha.contexts.cases.queries.doors import visible_cases
from escucha.contexts.cases.queries.lists import in_view
from escucha.contexts.cases.queries.tallies import VIEW_STATES, counts_by_kind_and_month, view_counts
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import TUESDAY
from tests.examples import many
from tests.make import a_case, a_routed_case, a_sent_case
from tests.security.test_any_life_of_a_case import CAST, done, moves

pytestmark = pytest.mark.django_db
WATCHERS = ("lucia", "dario", "elsa", "vera", "gabriel", "bruno")


def counted(house, who):
    """What each view has, counted one by one."""
    return counted_for(house, house.actor(who))


def counted_for(house, viewer):
    seen = visible_cases(org=house.org, viewer=viewer).filter(reserved=False)
    return {view: in_view(seen, view, viewer, org=house.org).count() for view in VIEW_STATES}


def kept(house, who):
    return view_counts(org=house.org, viewer=house.actor(who))


def by_month(house, who):
    found = counts_by_kind_and_month(org=house.org, viewer=house.actor(who))
    return {(one.month, one.case_type): one.cases for one in found}


class TestRowsOfNothing:
    def test_are_not_left_where_no_case_is_left(self, cafetal):
        case = a_case(cafetal)
        assert fold_tallies(now=TUESDAY) > 0
        by = cafetal.actor("lucia")
        for kind in ("queja", "reclamo"):
            classify_case(org=cafetal.org, case_id=case.pk, case_type=kind, by=by, now=TUESDAY)
        while fold_tallies(now=TUESDAY):
            pass
        assert sorted(Tally.objects.values_list("scope", "case_type", "cases", "folded")) == [
            ("all", "reclamo", 1, True),
            ("own", "reclamo", 1, True),
        ]
        assert kept(cafetal, "lucia")["open"] == 1

    def test_are_counted_again_when_their_sort_comes_back(self, cafetal):
        by = cafetal.actor("lucia")
        case = a_case(cafetal)
        for kind in ("queja", "reclamo", "queja"):
            classify_case(org=cafetal.org, case_id=case.pk, case_type=kind, by=by, now=TUESDAY)
            fold_tallies(now=TUESDAY)
        assert by_month(cafetal, "gabriel") == {(date(2026, 3, 1), "queja"): 1}
        assert not Tally.objects.filter(cases=0).exists()
        assert recount(org=cafetal.org) == 0

    def test_kept_from_before_are_taken_away_by_a_recount(self, cafetal):
        a_case(cafetal)
        fold_tallies(now=TUESDAY)
        sort = {"org": cafetal.org, "month": date(2026, 3, 1), "state": "filed", "cases": 0}
        Tally.objects.create(scope="all", case_type="queja", folded=True, **sort)
        assert recount(org=cafetal.org) == 0
        assert not Tally.objects.filter(cases=0).exists()


class TestKeptCounts:
    def test_a_case_is_counted_in_the_act_that_files_it(self, cafetal):
        a_case(cafetal)
        assert kept(cafetal, "lucia")["open"] == kept(cafetal, "lucia")["unclassified"] == 1
        assert by_month(cafetal, "gabriel") == {(date(2026, 3, 1), ""): 1}

    def test_what_is_rolled_back_was_never_counted(self, cafetal):
        with transaction.atomic():
            a_case(cafetal)
            transaction.set_rollback(True)
        assert kept(cafetal, "lucia")["open"] == 0

    def test_a_kind_takes_the_place_of_none(self, cafetal):
        case = a_case(cafetal)
        classify_case(org=cafetal.org, case_id=case.pk, case_type="queja", by=cafetal.actor("lucia"), now=TUESDAY)
        assert by_month(cafetal, "lucia") == {(date(2026, 3, 1), "queja"): 1}

    def test_each_sees_the_counts_of_what_it_may_see(self, cafetal):
        a_routed_case(cafetal), a_routed_case(cafetal, unit="vivienda"), a_case(cafetal), a_sent_case(cafetal)
        for who in WATCHERS:
            assert kept(cafetal, who) == counted(cafetal, who), who

    def test_each_counts_what_it_has_in_charge(self, cafetal):
        cases = [a_routed_case(cafetal) for _each in range(3)]
        for case, who in zip(cases, ("dario", "dario", "elsa"), strict=True):
            by = {"by": cafetal.actor("elsa"), "now": TUESDAY}
            assign_case(org=cafetal.org, case_id=case.pk, member=cafetal.members[who], **by)
        reserved = a_case(cafetal, reserved=True)
        keeper = {"org": cafetal.org, "case_id": reserved.pk, "by": cafetal.actor("gabriel"), "now": TUESDAY}
        classify_case(case_type="queja", **keeper)
        assign_case(member=cafetal.members["gabriel"], **keeper)
        assert {who: kept(cafetal, who)["mine"] for who in WATCHERS} == {
            **dict.fromkeys(WATCHERS, 0),
            "dario": 2,
            "elsa": 1,
        }

    @pytest.mark.parametrize("who", ["lucia", "dario", "gabriel"])
    @pytest.mark.parametrize(
        "said",
        [{"everywhere": False}, {"everywhere": False, "unit_id": None}, {"acts": frozenset()}, {"everywhere": True}],
        ids=lambda said: " ".join(said),
    )
    def test_whatever_its_place_it_counts_what_it_would_see(self, cafetal, who, said):
        """The central office has what no unit has; who may see no case counts none."""
        a_routed_case(cafetal), a_case(cafetal), a_case(cafetal, by=cafetal.actor("dario"))
        a_case(cafetal, reserved=True), a_routed_case(cafetal, unit="vivienda")
        viewer = replace(cafetal.actor(who), **said)
        assert view_counts(org=cafetal.org, viewer=viewer) == counted_for(cafetal, viewer)

    def test_another_organisation_counts_its_own(self, cafetal, vidamar):
        a_case(cafetal)
        assert kept(vidamar, "marina")["open"] == 0
        assert by_month(vidamar, "marina") == {}

    def test_nothing_reserved_is_counted(self, cafetal):
        case = a_case(cafetal)
        Case.objects.filter(pk=case.pk).update(reserved=True)
        assert kept(cafetal, "lucia")["open"] == 0
        assert by_month(cafetal, "lucia") == {}

    def test_the_month_is_that_of_the_organisation(self, cafetal):
        a_case(cafetal, now=TUESDAY.replace(day=1, hour=4))  # still February in Bogotá
        assert list(by_month(cafetal, "lucia")) == [(date(2026, 2, 1), "")]

    def test_the_counts_take_a_fixed_number_of_queries(self, cafetal):
        for _ in range(3):
            a_routed_case(cafetal)
        for who, most in (("lucia", 2), ("dario", 3)):
            with CaptureQueriesContext(connection) as asked:
                kept(cafetal, who)
            assert len(asked) == most, who


class TestFolding:
    def test_folding_changes_no_count_and_twice_is_as_once(self, cafetal):
        a_routed_case(cafetal), a_case(cafetal)
        before = kept(cafetal, "lucia"), by_month(cafetal, "gabriel"), kept(cafetal, "dario")
        assert fold_tallies(now=TUESDAY) > 0
        assert fold_tallies(now=TUESDAY) == 0
        assert not Tally.objects.filter(folded=False).exists()
        a_case(cafetal)
        fold_tallies(now=TUESDAY)
        assert kept(cafetal, "lucia")["open"] == before[0]["open"] + 1
        assert kept(cafetal, "dario") == before[2]

    def test_a_few_at_a_time_come_to_the_same(self, cafetal):
        for _ in range(4):
            a_routed_case(cafetal)
        while fold_tallies(now=TUESDAY, limit=3):
            assert kept(cafetal, "lucia") == counted(cafetal, "lucia")


class TestRecounting:
    def test_finds_nothing_wrong_in_what_the_verbs_did(self, cafetal):
        a_sent_case(cafetal)
        assert recount(org=cafetal.org) == 0
        fold_tallies(now=TUESDAY)
        assert recount(org=cafetal.org) == 0

    def test_mends_what_somebody_changed_behind_the_back(self, cafetal):
        a_sent_case(cafetal)
        Tally.objects.filter(org=cafetal.org).update(cases=7)
        assert recount(org=cafetal.org) > 0
        assert kept(cafetal, "lucia") == counted(cafetal, "lucia")
        assert recount(org=cafetal.org) == 0


@pytest.mark.slow
def test_after_any_verbs_in_any_order_the_kept_counts_are_right(cafetal):
    @settings(max_examples=many(25), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(moves)
    def lives(steps):
        with transaction.atomic():
            now = TUESDAY
            cases = [a_case(cafetal, now=now), a_case(cafetal, by=cafetal.actor("dario"), now=now)]
            for verb, n in steps:
                now += timedelta(hours=n)
                if not verb.startswith("wait"):
                    done(cafetal, CAST["cafetal"], cases[n % 2], verb, n, now)
                if n % 5 == 0:
                    fold_tallies(now=now)
            for who in WATCHERS:
                assert kept(cafetal, who) == counted(cafetal, who), (who, steps)
            assert recount(org=cafetal.org) == 0
            transaction.set_rollback(True)

    lives()


def test_a_citizen_counts_nothing(cafetal):
    a_case(cafetal)
    assert set(view_counts(org=cafetal.org, viewer=CITIZEN).values()) == {0}
