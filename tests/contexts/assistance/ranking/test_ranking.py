"""The order of the candidates: scales that are absolute, parts that only push one way, reasons that add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from escucha.contexts.assistance.rules.ranking import (
    WEIGHTS,
    Candidate,
    first_position_order,
    kept,
    rank,
    scored,
)
from escucha.contexts.assistance.rules.stages import Priority
from escucha.contexts.assistance.rules.standings import Record, Zone
from tests.contexts.assistance.ranking.candidates import candidates, fractions, moments, priorities, several, zones

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ZONE = Zone(answers=0.8, accepts=0.6, on_time=0.8, conforms=0.9, completes=1.0, tariff=100.0, fair_share=4.0)

pytestmark = pytest.mark.requirement("ASIS-06.2")


def keys(ranking):
    return [one.candidate.key for one in ranking]


def score(candidate, zone, priority):
    return scored(candidate, zone, WEIGHTS[priority]).score


class TestTheScore:
    @given(candidates, zones, priorities)
    def test_is_within_0_and_100_and_so_is_each_part(self, candidate, zone, priority):
        found = scored(candidate, zone, WEIGHTS[priority])
        assert 0 <= found.score <= 100
        assert all(0 <= part <= 1 for part in found.parts)

    @given(several, candidates, zones, priorities, moments)
    def test_of_one_does_not_change_because_another_may_go(self, group, newcomer, zone, priority, now):
        assume(newcomer.key not in {one.key for one in group})
        before = {one.candidate.key: one for one in rank(group, priority=priority, zone=zone, now=now)}
        after = {one.candidate.key: one for one in rank([*group, newcomer], priority=priority, zone=zone, now=now)}
        assert after == before | {newcomer.key: after[newcomer.key]}

    @given(candidates, zones, priorities, st.floats(0, 500), st.floats(0, 100))
    def test_falls_with_the_minutes(self, one, zone, priority, minutes, more):
        sooner, later = replace(one, eta_minutes=minutes), replace(one, eta_minutes=minutes + more)
        assert score(sooner, zone, priority) >= score(later, zone, priority)

    @given(candidates, zones, priorities, fractions)
    @pytest.mark.parametrize(
        ("well", "tried"),
        [
            ("accepted", "answered"),
            ("on_time", "jobs"),
            ("conforming", "rated"),
        ],
    )
    def test_rises_with_what_went_well(self, well, tried, one, zone, priority, less):
        worse = replace(one, record=replace(one.record, **{well: getattr(one.record, well) * less}))
        assert score(one, zone, priority) >= score(worse, zone, priority)

    @given(candidates, zones, priorities)
    def test_rises_more_by_accepting_than_by_refusing_or_not_answering(self, one, zone, priority):
        record = one.record
        unanswered = replace(record, asked=record.asked + 1)
        refused = replace(unanswered, answered=record.answered + 1)
        accepted = replace(refused, accepted=record.accepted + 1)
        found = [score(replace(one, record=turn), zone, priority) for turn in (accepted, refused, unanswered, record)]
        assert found[0] >= max(found) - 1e-9
        assert found[3] >= found[2]

    @given(candidates, zones, priorities, st.floats(0, 1000))
    def test_falls_with_the_cost(self, one, zone, priority, more):
        dearer = replace(one, record=replace(one.record, cost=one.record.cost + more))
        assert score(one, zone, priority) >= score(dearer, zone, priority)

    @given(candidates, zones, priorities, st.floats(0, 50))
    def test_falls_with_the_works_it_had(self, one, zone, priority, more):
        busier = replace(one, record=replace(one.record, recent=one.record.recent + more))
        assert score(one, zone, priority) >= score(busier, zone, priority)

    @given(zones, priorities)
    def test_of_who_is_new_is_that_of_the_zone(self, zone, priority):
        new = scored(Candidate(1), zone, WEIGHTS[priority])
        assert new.expected.answers == pytest.approx(zone.answers)
        assert new.expected.accepts == pytest.approx(zone.accepts)
        assert new.expected.conforms == pytest.approx(zone.conforms)
        assert new.expected.over_tariff == pytest.approx(0, abs=1e-9)
        assert new.parts.cost == pytest.approx(0.5)

    def test_of_a_vital_emergency_leaves_the_cost_out(self):
        cheap, dear = Candidate(1, tariff=50.0), Candidate(1, tariff=150.0)
        assert score(cheap, ZONE, Priority.VITAL) == score(dear, ZONE, Priority.VITAL)
        assert score(cheap, ZONE, Priority.EMERGENCY) == pytest.approx(score(dear, ZONE, Priority.EMERGENCY) + 10)

    @pytest.mark.parametrize(("priority", "expected"), [("vital", 55), ("emergency", 35), ("programmed", 10)])
    def test_gives_to_arriving_its_whole_weight(self, priority, expected):
        here, far = Candidate(1, eta_minutes=0), Candidate(1, eta_minutes=90)
        assert score(here, ZONE, Priority(priority)) - score(far, ZONE, Priority(priority)) == pytest.approx(expected)

    def test_weights_sum_to_one(self):
        assert {priority: round(sum(weights), 9) for priority, weights in WEIGHTS.items()} == dict.fromkeys(Priority, 1)


class TestTheOrder:
    @given(several, zones, priorities, moments, st.randoms())
    def test_does_not_depend_on_the_order_in_which_they_come(self, group, zone, priority, now, chance):
        shuffled = chance.sample(group, len(group))
        assert rank(group, priority=priority, zone=zone, now=now) == rank(
            shuffled, priority=priority, zone=zone, now=now
        )
        assert first_position_order(group) == first_position_order(shuffled)

    @given(several, zones, priorities, moments)
    def test_goes_down_within_those_of_the_guarantee_and_the_others(self, group, zone, priority, now):
        shown = [(not one.candidate.original, -one.shown) for one in rank(group, priority=priority, zone=zone, now=now)]
        assert shown == sorted(shown)

    def test_puts_first_who_did_the_work_under_guarantee(self):
        best, original = Candidate(1, eta_minutes=1), Candidate(2, position=9, eta_minutes=80, original=True)
        ranking = rank([best, original], priority="emergency", zone=ZONE, now=NOW)
        assert keys(ranking) == [2, 1]
        assert str(ranking[0].reasons[0]) == "hizo el trabajo que está en garantía"
        assert first_position_order([best, original])[0] is original

    def test_breaks_ties_by_who_was_assigned_longest_ago(self):
        group = [
            Candidate(1, last_assigned_at=NOW),
            Candidate(2, last_assigned_at=NOW - timedelta(days=2)),
            Candidate(3),
        ]
        assert keys(rank(group, priority="emergency", zone=ZONE, now=NOW)) == [3, 2, 1]
        assert [one.key for one in first_position_order(group)] == [3, 2, 1]

    def test_and_then_by_a_lot_that_holds_for_a_day(self):
        group = [Candidate(key) for key in range(1, 9)]
        orders = {
            tuple(keys(rank(group, priority="emergency", zone=ZONE, now=NOW + timedelta(hours=hour))))
            for hour in range(24 * 7)
        }
        assert len(orders) == 8  # ten in the morning, and seven midnights
        first = {order[0] for order in orders}
        assert len(first) > 1

    def test_counts_as_equals_those_who_show_the_same_score(self):
        just_better = Candidate(1, eta_minutes=20.1, last_assigned_at=NOW)
        waiting = Candidate(2, eta_minutes=20.2, last_assigned_at=NOW - timedelta(days=9))
        ranking = rank([just_better, waiting], priority="emergency", zone=ZONE, now=NOW)
        assert ranking[0].shown == ranking[1].shown
        assert keys(ranking) == [2, 1]

    def test_of_the_network_is_its_positions(self):
        group = [Candidate(1, position=3), Candidate(2, position=1), Candidate(3, position=2)]
        assert [one.key for one in first_position_order(group)] == [2, 3, 1]


class TestTheReasons:
    def test_say_each_part_with_its_points(self):
        record = Record(
            asked=100, answered=90, accepted=71, jobs=50, on_time=40, rated=50, conforming=47, completed=50, cost=4600,
            recent=1.0,
        )  # fmt: skip
        found = scored(Candidate(7, eta_minutes=24, record=record), ZONE, WEIGHTS[Priority.EMERGENCY])
        assert [str(reason) for reason in found.reasons] == [
            "llega en 24 min (+26)",
            "acepta 69 % a esta hora (+17)",
            "94 % conforme y 80 % a tiempo (+16)",
            "7 % menos que la zona (+6)",
            "le tocan trabajos (+9)",
        ]
        assert found.shown == 74

    def test_say_what_is_not_known_and_what_is_too_much(self):
        busy = Candidate(1, record=Record(recent=16.0), tariff=130.0)
        said = [str(reason) for reason in scored(busy, ZONE, WEIGHTS[Priority.PROGRAMMED]).reasons]
        assert said[0].startswith("no se sabe dónde está")
        assert said[3].startswith("30 % más que la zona")
        assert said[4] == "ya tuvo más de los que le tocan (+0)"

    @given(candidates, zones, priorities)
    def test_add_up_to_the_score_that_is_shown(self, one, zone, priority):
        found = scored(one, zone, WEIGHTS[priority])
        assert sum(found.points) == found.shown
        assert sum(reason.values.get("points", 0) for reason in found.reasons) == found.shown

    def test_leave_out_what_has_no_weight(self):
        said = [str(reason) for reason in scored(Candidate(1), ZONE, WEIGHTS[Priority.VITAL]).reasons]
        assert len(said) == 4
        assert not any("zona" in reason for reason in said)


class TestWhatIsKept:
    def test_says_both_orders_and_nothing_of_anybody(self):
        near, first = Candidate(1, position=2, eta_minutes=5), Candidate(2, position=1, eta_minutes=70)
        said = kept(rank([near, first], priority="emergency", zone=ZONE, now=NOW))
        assert [one["provider"] for one in said["shown"]] == [1, 2]
        assert said["first_position"] == [2, 1]
        assert set(said["shown"][0]) == {"provider", "score", "parts"}

    def test_of_many_keeps_the_first(self):
        group = [Candidate(key) for key in range(500)]
        said = kept(rank(group, priority="emergency", zone=ZONE, now=NOW))
        assert len(said["shown"]) == len(said["first_position"]) == 20
