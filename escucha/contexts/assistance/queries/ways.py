"""What is known of the way of who goes, for lists that say whether it would arrive too late."""

from collections.abc import Mapping
from typing import Any

from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.network import areas_of
from escucha.contexts.assistance.rules.risk import Way
from escucha.contexts.assistance.rules.travel import Place

PLACES = ("provider__lat", "provider__lon", "provider__seen_lat", "provider__seen_lon", "provider__seen_at")
OF_WAY = ("eta_at", "on_the_way_at", *PLACES)
STILL = frozenset({Work.ASSIGNED, Work.ON_THE_WAY})  # it goes and has not arrived


def way_of(said: Mapping[str, Any]) -> Way | None:
    """The way of an assignment read as `state` and OF_WAY; None where nobody is on any."""
    if said["state"] not in STILL:
        return None
    left_at, seen_at = said["on_the_way_at"], said["provider__seen_at"]
    if left_at and seen_at and seen_at > left_at:  # the rest of the way, from where it was seen
        left_at, here = seen_at, _place(said["provider__seen_lat"], said["provider__seen_lon"])
    else:
        here = _place(said["provider__lat"], said["provider__lon"])
    return Way(said["eta_at"], left_at, here)


def place_of(policy: AssistancePolicy, area: str, lat: float | None, lon: float | None) -> Place | None:
    """Where a service is given: the point that was said, else the middle of its area or of what it is a part of."""
    areas = (policy.area(path) for path in areas_of(area))
    return _place(lat, lon) or next((one.at for one in areas if one and one.at), None)


def _place(lat: float | None, lon: float | None) -> Place | None:
    return None if lat is None or lon is None else (lat, lon)
