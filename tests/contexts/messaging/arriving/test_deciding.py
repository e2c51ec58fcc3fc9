"""What becomes of a letter, as a table."""

import pytest

from escucha.contexts.messaging.rules.automatic import WORDS, Automatic
from escucha.contexts.messaging.rules.intake import (
    DISCARDS,
    REASONS,
    Pointers,
    blockers_to_discard,
    decide,
    in_words,
)

ONE, TWO = frozenset({"case:1"}), frozenset({"case:1", "case:2"})


def decided(*, automatic=Automatic.NO, says_something=True, is_whole=True, **pointers):
    said = decide(automatic=automatic, says_something=says_something, is_whole=is_whole, pointers=Pointers(**pointers))
    return str(said.way), said.about or said.reason


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ({}, ("file", "")),
        ({"signed": ONE, "own_person": True}, ("thread", "case:1")),
        ({"signed": ONE, "own_person": False}, ("park", "stranger")),
        ({"signed": TWO, "own_person": False}, ("park", "several")),
        ({"signed": ONE, "own_person": True, "names_number": True}, ("thread", "case:1")),
        ({"has_odd_token": True}, ("park", "odd_token")),
        ({"has_old_reference": True}, ("park", "old_reference")),
        ({"names_number": True}, ("park", "number")),
        ({"own_person": True}, ("file", "")),
        ({"says_something": False}, ("park", "empty")),
        ({"is_whole": False}, ("park", "cut")),
        ({"is_whole": False, "says_something": False}, ("park", "cut")),
        ({"automatic": Automatic.BOUNCE, "bounced": True}, ("bounce", "")),
        ({"automatic": Automatic.BOUNCE}, ("park", "robot:bounce")),
        ({"automatic": Automatic.BOUNCE, "bounced": True, "own_person": True}, ("park", "robot:bounce")),
        ({"automatic": Automatic.AWAY, "signed": ONE, "own_person": True}, ("park", "robot:away")),
        ({"automatic": Automatic.LIST, "bounced": True}, ("park", "robot:list")),
    ],
)
def test_a_letter_becomes(said, becomes):
    assert decided(**said) == becomes


def test_every_reason_is_told_in_words():
    for robot in set(Automatic) - {Automatic.NO}:
        assert in_words(f"robot:{robot}") == WORDS[robot]
    assert all(in_words(reason).endswith(".") for reason in REASONS)
    assert [in_words(f"discarded:{why}") for why in DISCARDS] == list(DISCARDS.values())


@pytest.mark.parametrize(
    ("said", "blockers"),
    [
        ({"may": True, "is_parked": True, "why": "robot"}, []),
        ({"may": True, "is_parked": True, "why": "porque sí"}, ["Escoja por qué se descarta."]),
        ({"may": True, "is_parked": False, "why": "robot"}, ["Esta entrada ya no espera revisión."]),
        ({"may": False, "is_parked": True, "why": "robot"}, ["Su rol no revisa las entradas."]),
    ],
)
def test_who_may_discard(said, blockers):
    assert blockers_to_discard(**said) == blockers
