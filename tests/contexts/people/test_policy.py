"""What a profile says of people's data: nothing sensitive is kept without asking, and no answer waits for it."""

import json

import pytest

from escucha.contexts.people.policy import OPTIONAL, PeoplePolicy
from escucha.kernel.profiles.loader import BadProfile, Profile
from tests.make import profile

SLUGS = ["arrayanes", "cafetal", "corrioverde", "quetzal", "vidamar"]
ASKED = {"label": "Prioridad", "text": "Acepto que me atiendan primero.", "legal_basis": "Ley", "version": "1"}
SENSITIVE = ASKED | {"sensitive": True}
GROUP = {"label": "Grupo", "explanation": "Hace parte.", "law": "Ley"}
every_profile = pytest.mark.parametrize("slug", SLUGS)


def reading(**people):
    return Profile("x", {"profile": {"people": people}}).section(PeoplePolicy)


@every_profile
class TestEveryProfile:
    def test_answers_without_asking_and_asks_for_all_that_is_sensitive(self, slug):
        policy = profile(slug).section(PeoplePolicy)
        assert [purpose.key for purpose in policy.told] == ["answer"]
        assert {"preferential", "survey"} <= {purpose.key for purpose in policy.asked}
        assert policy.purposes[policy.group_purpose].sensitive

    @pytest.mark.requirement("CAJA-03.1")
    def test_has_its_groups_and_says_that_the_sensitive_ones_are_optional(self, slug):
        policy = profile(slug).section(PeoplePolicy)
        assert {"older_adult", "disability", "pregnant"} <= policy.groups.keys()
        for key in policy.groups.keys() & {"disability", "pregnant", "ethnic", "victim"}:
            assert policy.groups[key].sensitive
            assert policy.groups[key].notice == OPTIONAL
        assert policy.groups["older_adult"].notice == ""
        assert policy.purposes[policy.group_purpose].notice == OPTIONAL

    def test_keeps_its_order_in_the_database(self, slug):
        read = profile(slug)
        stored = Profile(slug, json.loads(json.dumps(read.document, sort_keys=True)))
        again, before = stored.section(PeoplePolicy), read.section(PeoplePolicy)
        assert again == before
        assert (list(again.purposes), list(again.groups)) == (list(before.purposes), list(before.groups))


def test_every_organisation_asks_in_its_own_words():
    texts = [purpose.text for slug in SLUGS for purpose in profile(slug).section(PeoplePolicy).purposes.values()]
    assert len(set(texts)) == len(texts)


def test_the_age_of_an_older_person_is_a_setting():
    ages = {slug: profile(slug).section(PeoplePolicy).groups["older_adult"] for slug in SLUGS}
    assert {group.from_age for group in ages.values()} == {60, 62}
    assert all(str(group.from_age) in group.says for group in ages.values())


def test_a_profile_that_says_nothing_asks_nothing_and_puts_nobody_first():
    policy = Profile("x", {"profile": {}}).section(PeoplePolicy)
    assert (policy.asked, policy.told, dict(policy.groups)) == ([], [], {})


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ({"purposes": {"a": SENSITIVE | {"consent": False}}}, "asked for"),
        ({"purposes": {"a": ASKED | {"text": " "}}}, "no text is empty"),
        ({"purposes": {"a": ASKED | {"legal_basis": ""}}}, "no text is empty"),
        ({"purposes": {"a": ASKED | {"version": ""}}}, "a version"),
        ({"purposes": {"a": ASKED | {"sensitive": "false"}}}, "true or false"),
        ({"purposes": {"A b": ASKED}}, "a key is"),
        ({"purposes": {"a": ASKED | {"cost": 3}}}, "cost"),
        ({"purposes": {"a": ASKED}, "purpose_order": ["b"]}, "purpose_order lists"),
        ({"group_purpose": "a"}, "no purpose 'a'"),
        ({"groups": {"g": GROUP | {"sensitive": True}}}, "group_purpose"),
        ({"groups": {"g": GROUP | {"sensitive": True}}, "purposes": {"a": SENSITIVE}}, "group_purpose"),
        (
            {"groups": {"g": GROUP | {"sensitive": True}}, "purposes": {"a": ASKED}, "group_purpose": "a"},
            "need a sensitive purpose",
        ),
        ({"groups": {"g": GROUP | {"sensitive": 1}}}, "true or false"),
        ({"groups": {"g": GROUP | {"label": ""}}}, "no text is empty"),
        ({"groups": {"g": GROUP | {"from_age": 60}}}, "{age}"),
        ({"groups": {"g": GROUP | {"explanation": "De {age}."}}}, "{age}"),
        ({"groups": {"g": GROUP | {"explanation": "De {age}.", "from_age": 6}}}, "between 50 and 80"),
        ({"groups": {"g": GROUP}, "group_order": ["g", "g"]}, "group_order lists"),
        ({"order": []}, "nobody reads"),
    ],
)
def test_a_profile_that_would_do_harm_is_refused(people, why):
    with pytest.raises(BadProfile) as told:
        reading(**people)
    assert why in str(told.value)


def test_a_right_one_is_read():
    policy = reading(
        purposes={"a": SENSITIVE}, groups={"g": GROUP | {"sensitive": True}}, group_purpose="a", group_order=["g"]
    )
    assert policy.groups["g"].sensitive
    assert [purpose.key for purpose in policy.asked] == ["a"]
