"""Each profile carries its own examples, signed off by its people; this file only runs them."""

import pytest

from escucha.console.scenarios import FEWEST, broken_in, reckoned, scenarios_in
from tests.profiles.folders import BY_NAME, PROFILES

SCENARIOS = [
    pytest.param(folder.name, scenario, id=f"{folder.name}: {scenario['says']}")
    for folder in PROFILES
    for scenario in scenarios_in(folder)
]


@pytest.mark.parametrize(("name", "scenario"), SCENARIOS)
def test_scenario(name, scenario):
    assert broken_in(BY_NAME[name], scenario) == []


@pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
def test_each_profile_brings_enough_examples_and_no_two_alike(folder):
    says = [scenario["says"] for scenario in scenarios_in(folder)]
    assert len(says) >= FEWEST
    assert len(set(says)) == len(says)


@pytest.mark.requirement("CAJA-06.1", "CAJA-06.2", "CAJA-06.3")
def test_seven_days_in_two_stages_of_five_and_two():
    """Monday 2 March 2026: the fifth business day is Monday 9, the seventh Wednesday 11."""
    scenario = scenarios_in(PROFILES[0].parent / "cafetal")[0]
    found = {key: moment.isoformat() for key, moment in reckoned(BY_NAME["cafetal"], scenario).items()}
    assert found["unit_until"] == "2026-03-10T05:00:00+00:00"
    assert found["promise_until"] == "2026-03-12T05:00:00+00:00"
    assert found["legal_until"] == "2026-03-25T05:00:00+00:00"


def test_an_emergency_owes_the_vital_term_whatever_kind_was_chosen():
    profile = BY_NAME["vidamar"]
    chosen = [s for s in scenarios_in(PROFILES[0].parent / "vidamar") if s.get("emergency")]
    assert [s["case_type"] for s in chosen] == ["peticion"]
    calm = reckoned(profile, chosen[0] | {"emergency": False})
    urgent = reckoned(profile, chosen[0])
    assert urgent["legal_until"] < calm["promise_until"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"legal_until": "tomorrow"}, "legal_until debe ser un instante"),
        ({"case_type": "tutela"}, "no hay un tipo tutela"),
        ({"emergency": True}, "la organización no tiene un tipo vital"),
        ({"until": 1}, "nadie lee la clave until"),
    ],
)
def test_an_example_that_cannot_be_read_says_why(change, why):
    scenario = scenarios_in(PROFILES[0].parent / "cafetal")[0] | change
    assert why in broken_in(BY_NAME["cafetal"], scenario)[0]
    assert len(broken_in(BY_NAME["cafetal"], scenario)) == 1


def test_an_example_that_does_not_hold_says_both_instants():
    first, second = scenarios_in(PROFILES[0].parent / "cafetal")[:2]
    wrong = first | {"promise_until": second["promise_until"]}
    assert broken_in(BY_NAME["cafetal"], wrong) == [
        "promise_until dice 2026-03-14T00:00:00-05:00 y la cuenta da 2026-03-12T00:00:00-05:00"
    ]
