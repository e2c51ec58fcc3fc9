"""Closed doors and two people at once: real threads, each with its own connection."""

import pytest

from escucha.contexts.cases.models import Accused, Reveal
from escucha.contexts.cases.operations.handling import write_note
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.operations.reserving import name_accused, reserve_case, reveal_identity
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.reserved import keepers_of
from escucha.kernel.orgs.operations import take_in
from tests.cast import PASSWORD
from tests.contexts.cases.seen import at, own_verbs
from tests.contexts.cases.test_races import acting, at_once
from tests.make import a_case, a_routed_case

pytestmark = pytest.mark.slow
WHY = "Hay que llamar para entregar la respuesta."


def another(house, name):
    member = take_in(
        org=house.org, email=f"{name}@example.org", name=name, password=PASSWORD, unit=None, roles=["director"]
    )
    house.members[name] = member
    return member


def test_the_last_two_who_handle_a_case_are_not_both_taken_from_it(real_cafetal):
    case = a_case(real_cafetal, reserved=True)
    teresa, gabriel = another(real_cafetal, "teresa"), real_cafetal.members["gabriel"]
    accusing = {
        "gabriel": lambda: name_accused(member=teresa, **acting(real_cafetal, case, "gabriel")),
        "teresa": lambda: name_accused(member=gabriel, **acting(real_cafetal, case, "teresa")),
    }
    results = at_once(*accusing.values())
    assert len([one for one in results if isinstance(one, Accused)]) == 1
    assert len([one for one in results if isinstance(one, Refused | NoSuchCase)]) == 1
    assert len(keepers_of(case, now=at("2026-03-05"))) == 1


def test_the_same_one_named_twice_at_once_is_named_once(real_cafetal):
    case, teresa = a_case(real_cafetal, reserved=True), another(real_cafetal, "teresa")
    same = acting(real_cafetal, case, "gabriel")
    first, second = at_once(*[lambda: name_accused(member=teresa, **same)] * 2)
    assert first == second and own_verbs(case).count("accused_named") == 1


def test_an_identity_asked_for_twice_at_once_is_one_reveal(real_cafetal):
    case = a_case(real_cafetal, identity_reserved=True)
    same = acting(real_cafetal, case, "patricia")
    first, second = at_once(*[lambda: reveal_identity(reason=WHY, **same)] * 2)
    assert first == second and Reveal.objects.count() == 1
    assert own_verbs(case).count("identity_revealed") == 1


def test_a_note_is_written_before_the_door_closes_or_not_at_all(real_cafetal):
    case = a_routed_case(real_cafetal)
    note, closed = at_once(
        lambda: write_note(body="Ya hablé.", **acting(real_cafetal, case, "dario")),
        lambda: reserve_case(**acting(real_cafetal, case, "patricia")),
    )
    done = own_verbs(case)
    assert not isinstance(closed, Exception)
    assert isinstance(note, NoSuchCase) or done.index("note_written") < done.index("case_reserved")
