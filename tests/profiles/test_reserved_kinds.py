"""A kind of case whose cases are reserved needs somebody who may see them."""

import json

import pytest

from escucha.console.policy_check import odd_in_policy, wrong_with_path
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.rules.reserve import IDENTITY, RESERVED
from escucha.kernel.profiles.loader import Profile
from tests.make import PROFILES, profile

EVERY = sorted(file.parent.name for file in PROFILES.glob("*/profile.toml"))


def changed(reserved, *, without=""):
    document = json.loads(json.dumps(profile("cafetal").document))
    document["profile"]["cases"]["types"]["queja"]["reserved"] = reserved
    for role in document["profile"]["roles"].values():
        role["acts"] = [act for act in role["acts"] if act != without]
    return Profile("cafetal", document)


def test_nobody_to_see_them_is_a_fault_of_the_profile():
    [(key, why)] = [one for one in wrong_with_path(changed(True, without=RESERVED)) if RESERVED in one[1]]
    assert key == "roles" and "nadie vería esos casos" in why


def test_somebody_to_see_them_or_none_to_be_seen_is_not():
    assert not [one for one in wrong_with_path(changed(True)) if RESERVED in one[1]]
    assert not [one for one in wrong_with_path(changed(False, without=RESERVED)) if RESERVED in one[1]]


def test_it_is_yes_or_no():
    assert ("cases.types.queja.reserved", "escriba true o false") in list(odd_in_policy(changed("sí")))


@pytest.mark.parametrize("slug", ["arrayanes", "vidamar"])
def test_a_report_of_what_is_undue_inside_is_reserved(slug):
    """The authority's are not: most tell of harm to the environment, which its units attend."""
    assert profile(slug).section(CasesPolicy).types["denuncia"].reserved


@pytest.mark.parametrize("slug", EVERY)
def test_every_profile_says_who_handles_them_and_who_may_see_an_identity(slug):
    doers = profile(slug).doers
    assert doers[RESERVED] and doers[IDENTITY]
    who = [role for role in profile(slug).roles.values() if RESERVED in role.acts]
    assert not [role for role in who if "cases.assign" in role.acts]  # nobody that would be everybody's chain
