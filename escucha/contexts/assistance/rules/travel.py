"""How long it takes to arrive where no map of roads says it: the straight line, lengthened, at the speed of then."""

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
ROAD_FACTOR = 1.35  # a road over the straight line
SPEEDS = (32.0,) * 6 + (24.0, 18.0, 18.0) + (22.0,) * 7 + (20.0, 18.0, 18.0, 20.0, 22.0, 26.0, 28.0, 30.0)  # km/h

type Place = tuple[float, float]  # latitude and longitude


def straight_km(here: Place, there: Place) -> float:
    """The length of the great circle between two places."""
    (lat, lon), (other_lat, other_lon) = (tuple(map(radians, place)) for place in (here, there))
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def road_minutes(here: Place, there: Place, *, hour: int) -> float:
    """About how long it takes by road when leaving at an hour of the place, 0 to 23."""
    return 60 * ROAD_FACTOR * straight_km(here, there) / SPEEDS[hour]
