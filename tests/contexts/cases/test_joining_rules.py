"""Which two cases may be put together, and by whom: each reason as a table."""

from dataclasses import replace

import pytest

from escucha.contexts.cases.rules.joining import JOIN, Side, blockers_to_merge, blockers_to_undo
from escucha.contexts.cases.rules.likeness import Told
from escucha.contexts.cases.rules.standing import UNANSWERED, State
from tests.cast import TUESDAY
from tests.contexts.cases.test_rules import ABLE, EVERYWHERE, NOBODY, OTHER, UNIT, standing

ANA, BETO = (Told("", TUESDAY, person_id=one) for one in (1, 2))
HERE, ALL = (replace(one, acts=one.acts | {JOIN}) for one in (ABLE, EVERYWHERE))


def a_side(number, state=State.ASSIGNED, *, unit=UNIT, told=ANA, **said):
    return Side(case_id=number, standing=standing(state, unit_id=unit, check_needed=False), told=told, **said)


def said(blockers):
    return [" ".join(str(one).split()[:3]) for one in blockers]


ONE, TWO = a_side(1), a_side(2)
ELSEWHERE, STRANGERS = ["El caso está"], ["No son de"]


@pytest.mark.parametrize(
    ("one", "into", "by", "why"),
    [
        (ONE, TWO, HERE, []),
        (ONE, TWO, NOBODY, ["Los casos los"]),
        (ONE, ONE, HERE, ["Escoja otro caso:"]),
        (a_side(1, kept=True), TWO, HERE, ["Un caso reservado,"]),
        (ONE, a_side(2, kept=True), HERE, ["Un caso reservado,"]),
        (a_side(1, State.MERGED), TWO, HERE, ["Uno de los"]),
        (ONE, a_side(2, State.MERGED), HERE, ["Uno de los"]),
        (a_side(1, State.SENT), TWO, HERE, ["Solo se juntan"]),
        (ONE, a_side(2, State.CLOSED), HERE, ["Solo se juntan"]),
        (a_side(1, holds=1), TWO, HERE, ["El caso que"]),
        (ONE, a_side(2, holds=1), HERE, []),
        (ONE, a_side(2, told=BETO), HERE, STRANGERS),
        (a_side(1, told=BETO, split_from=2), TWO, HERE, []),
        (ONE, a_side(2, told=BETO, split_from=1), HERE, []),
        (ONE, a_side(2, told=BETO, split_from=3), HERE, STRANGERS),
        (a_side(1, unit=OTHER), TWO, HERE, ELSEWHERE),
        (ONE, a_side(2, unit=OTHER), HERE, ELSEWHERE),
        (a_side(1, unit=OTHER), a_side(2, unit=OTHER), HERE, ELSEWHERE),
        (a_side(1, unit=OTHER), TWO, ALL, []),
    ],
)
def test_who_puts_which_together(one, into, by, why):
    assert said(blockers_to_merge(one, into, by)) == why


@pytest.mark.parametrize("state", State)
def test_only_what_is_not_answered_is_put_together_and_only_what_is_together_is_undone(state):
    both = [blockers_to_merge(a_side(1, state), TWO, ALL), blockers_to_merge(TWO, a_side(1, state), ALL)]
    assert [not blockers for blockers in both] == [state in UNANSWERED] * 2
    assert (not blockers_to_undo(standing(state), ALL)) is (state is State.MERGED)
