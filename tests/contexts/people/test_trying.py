"""How often a thing is tried: each key, each organisation and each hour by itself."""

from datetime import timedelta

import pytest

from escucha.contexts.people.models import AccessTry
from escucha.contexts.people.operations import forgive_try, note_try
from escucha.contexts.people.rules import TRY_WINDOW
from tests.cast import TUESDAY

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def tried(house, now=TUESDAY, weight=1, **limits):
    return note_try(org=house.org, limits=limits, weight=weight, now=now)


def counted(house):
    return dict(AccessTry.objects.filter(org=house.org).values_list("key", "tries"))


def test_is_refused_once_too_often_until_its_own_hour_ends(cafetal):
    tried(cafetal, now=TUESDAY, otra=2)
    first = TUESDAY + MINUTE
    assert [tried(cafetal, now=first + n * MINUTE, una=2) for n in range(3)] == [None, None, first + TRY_WINDOW]
    assert tried(cafetal, now=first + TRY_WINDOW - MINUTE, una=2) == first + TRY_WINDOW
    assert tried(cafetal, now=first + TRY_WINDOW, una=2) is None


def test_one_that_a_limit_refuses_counts_for_none(cafetal):
    tried(cafetal, puerta=1)
    assert tried(cafetal, persona=9, puerta=1) == TUESDAY + TRY_WINDOW
    assert counted(cafetal) == {"persona": 0, "puerta": 1}


def test_of_one_organisation_is_of_no_other(cafetal, vidamar):
    for house in (cafetal, vidamar):
        assert tried(house, una=1) is None
    forgive_try(org=cafetal.org, keys=["una"])
    assert (counted(cafetal), counted(vidamar)) == ({"una": 0}, {"una": 1})
    assert tried(cafetal, una=1) is None
    assert tried(vidamar, una=1) == TUESDAY + TRY_WINDOW


def test_weighs_what_it_weighs(cafetal):
    assert tried(cafetal, weight=9, una=4) is None  # the first of an hour is never too heavy
    assert tried(cafetal, weight=1, una=10) is None
    assert tried(cafetal, weight=1, una=10) == TUESDAY + TRY_WINDOW
    forgive_try(org=cafetal.org, keys=["una"], weight=9)
    assert counted(cafetal) == {"una": 1}
    forgive_try(org=cafetal.org, keys=["una"], weight=9)
    assert counted(cafetal) == {"una": 1}  # it never owes tries


def test_hours_that_ended_are_swept(cafetal, vidamar):
    tried(vidamar, vieja=1)
    tried(cafetal, vieja=1)
    tried(cafetal, now=TUESDAY + TRY_WINDOW, nueva=1)
    assert (counted(cafetal), counted(vidamar)) == ({"nueva": 1}, {"vieja": 1})
