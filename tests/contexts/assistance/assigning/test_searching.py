"""Who may be called now, and whose acceptance holds: the rules alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.assistance.rules.assignments import Asked
from escucha.contexts.assistance.rules.searching import (
    BY_CALL,
    Offered,
    Search,
    Tried,
    blockers_to_call,
    in_turn,
    is_exhausted,
    is_over,
    position_order,
    winner,
)
from escucha.contexts.assistance.rules.stages import Priority, Stage
from escucha.kernel.timeline.facts import Actor

NOON = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
LUZ = Actor("staff", acts=frozenset({"assistance.handle"}))
ORDER = (11, 12, 13)
SEARCH = Search(Stage.TO_ASSIGN, Priority.EMERGENCY, ORDER)
N, U, R, S = Asked.NO_ANSWER, Asked.UNAVAILABLE, Asked.REFUSED, Asked.SKIPPED


def asked(*said, way="call"):
    return replace(SEARCH, tries=[Tried(provider, outcome, NOON, way) for provider, outcome in said])


@pytest.mark.requirement("ASIS-06.3")
@pytest.mark.requirement("ASIS-06.4")
@pytest.mark.requirement("ASIS-06.5")
@pytest.mark.parametrize(
    ("said", "turn"),
    [
        ((), [11]),
        (((11, N),), [11]),
        (((11, N), (11, N)), [12]),
        (((11, U),), [12]),
        (((11, R),), [12]),
        (((11, S),), [12]),
        (((11, N), (11, R)), [12]),
        (((12, N), (11, U)), [12]),
        (((13, N),), [11, 13]),  # it was first a moment ago: it has one more call
        (((11, U), (12, R), (13, N)), [13]),
        (((11, U), (12, R), (13, N), (13, N)), []),
    ],
)
def test_whose_turn_it_is(said, turn):
    search = asked(*said)
    assert list(in_turn(search)) == turn
    assert is_exhausted(search) is (not turn)


def test_silence_to_a_link_is_no_call():
    search = asked((11, N), (11, N), way="link")
    assert list(in_turn(search)) == [11]


calls = st.lists(st.tuples(st.sampled_from(ORDER), st.sampled_from(sorted(BY_CALL))), max_size=25)


@pytest.mark.requirement("ASIS-06.4")
@given(calls)
def test_however_they_are_called_no_next_one_is_before_the_one_before_is_over(wanted):
    """What the rule lets through is always two calls without answer, a no, or a reason, in the order."""
    search, now = SEARCH, NOON
    for provider, outcome in wanted:
        now += timedelta(seconds=61)
        if blockers_to_call(search, LUZ, provider=provider, outcome=outcome, reason="Está lejos", now=now):
            continue
        before = ORDER[: ORDER.index(provider)]
        assert all(is_over(search, one) for one in before)
        search = replace(search, tries=[*search.tries, Tried(provider, outcome, now)])
        assert len(search.tries_of(provider)) <= 2


@pytest.mark.requirement("ASIS-06.2")
@pytest.mark.parametrize(
    ("states", "seconds", "vital", "won"),
    [
        ("ooo", 0, False, None),
        ("aoo", 0, False, 1),
        ("oao", 0, False, None),
        ("rao", 0, False, 2),
        ("eao", 0, False, 2),
        ("oaa", 89, False, None),
        ("oaa", 90, False, 2),
        ("ooa", 0, True, 3),
        ("oaa", 0, True, 2),
        ("rrr", 90, False, None),
        ("tta", 0, False, 3),
    ],
)
def test_whose_acceptance_holds(states, seconds, vital, won):
    names = {"o": "open", "a": "accepted", "r": "refused", "e": "expired", "t": "taken"}
    until = NOON + timedelta(seconds=90)
    offers = [Offered(place, place + 10, place, names[one], until) for place, one in enumerate(states, start=1)]
    found = winner(offers, vital=vital, now=NOON + timedelta(seconds=seconds))
    assert (found and found.position) == won


@given(st.permutations(range(1, 9)))
def test_the_order_does_not_depend_on_how_they_came(ids):
    rows = [(one, one % 3, NOON - timedelta(days=one % 2)) for one in ids]
    order = position_order(rows, day=NOON.date())
    assert order == position_order(sorted(rows), day=NOON.date())
    assert [one % 3 for one in order] == sorted(one % 3 for one in ids)


def test_who_did_the_work_goes_first_and_who_was_never_sent_before_who_was():
    rows = [(1, 1, None), (2, 1, NOON), (3, 9, NOON)]
    assert list(position_order(rows, day=NOON.date(), first=3)) == [3, 1, 2]
