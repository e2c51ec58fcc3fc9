"""How long it takes to arrive where no map of roads says it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.assistance.rules.travel import ROAD_FACTOR, SPEEDS, road_minutes, straight_km

places = st.tuples(st.floats(-89, 89), st.floats(-180, 180))
BOGOTA, MEDELLIN, BUENOS_AIRES, CORDOBA = (4.711, -74.072), (6.244, -75.574), (-34.604, -58.382), (-31.417, -64.183)

pytestmark = pytest.mark.requirement("ASIS-06.2")


@pytest.mark.parametrize(("here", "there", "km"), [(BOGOTA, MEDELLIN, 238), (BUENOS_AIRES, CORDOBA, 647)])
def test_known_distances(here, there, km):
    assert straight_km(here, there) == pytest.approx(km, rel=0.01)


@given(places, places, places)
def test_it_is_a_distance(one, two, three):
    assert straight_km(one, one) == 0
    assert straight_km(one, two) == pytest.approx(straight_km(two, one))
    assert straight_km(one, three) <= straight_km(one, two) + straight_km(two, three) + 1e-6


def test_across_the_line_of_the_date_is_near():
    assert straight_km((0, 179.9), (0, -179.9)) == pytest.approx(22.2, abs=0.1)


def test_every_hour_has_its_speed():
    assert len(SPEEDS) == 24
    north = BOGOTA[0] + 10 / 111.195, BOGOTA[1]  # ten kilometres
    assert road_minutes(BOGOTA, north, hour=10) == pytest.approx(60 * 10 * ROAD_FACTOR / 22, rel=0.001)
    assert (
        road_minutes(BOGOTA, north, hour=17)
        > road_minutes(BOGOTA, north, hour=10)
        > road_minutes(BOGOTA, north, hour=3)
    )
