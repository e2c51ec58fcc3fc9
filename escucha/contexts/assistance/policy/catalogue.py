"""What is assisted, where, and how long each step may take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

from escucha.kernel.words import _


class Flow(StrEnum):
    """How a service is given: somebody goes, it is solved by telephone, or what was paid is given back."""

    ONSITE = "onsite"
    PHONE = "phone"
    REFUND = "refund"


@dataclass(frozen=True)
class ServiceType:
    """A family of services: the home, the road, the law."""

    key: str
    label: str


@dataclass(frozen=True)
class Service:
    """One service. `guarantee_days`: how long its repair is guaranteed; 0 is not at all."""

    key: str
    label: str
    type: str
    flow: Flow = Flow.ONSITE
    survey: bool = True
    guarantee_days: int = 0
    diagnosis_minutes: int | None = None  # of the desk, if not said
    vehicle: bool = False  # asks for the plate

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(**dict(raw) | {"flow": Flow(raw.get("flow", Flow.ONSITE))})


@dataclass(frozen=True)
class Area:
    """A province, a zone or a subzone. `path` goes from the country down: `co/bogota/norte`."""

    path: str
    label: str
    parts: tuple["Area", ...] = ()
    at: tuple[float, float] | None = None  # latitude and longitude of its middle

    @classmethod
    def read(cls, above: str, raw: Mapping[str, Any]) -> Self:
        path = f"{above}/{raw['key']}"
        at = raw.get("at")
        return cls(
            path, raw["label"], tuple(cls.read(path, one) for one in raw.get("parts", ())), tuple(at) if at else None
        )


@dataclass(frozen=True)
class Country:
    """Where the company works. Everything about a service is told in the time of the country where it is given."""

    key: str  # ISO 3166, two letters, which is also its pack of norms
    label: str
    zone: str
    provinces: tuple[Area, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        ZoneInfo(raw["zone"])
        provinces = tuple(Area.read(raw["key"], one) for one in raw.get("provinces", ()))
        return cls(raw["key"], raw["label"], raw["zone"], provinces)


@dataclass(frozen=True)
class Hours:
    """From when until when, by the clock of the place."""

    opens: time
    closes: time

    @classmethod
    def read(cls, raw: str) -> Self:
        opens, closes = map(time.fromisoformat, raw.split("-"))
        if opens >= closes:
            raise ValueError(_("{hours}: cierra antes de abrir").format(hours=raw))
        return cls(opens, closes)


@dataclass(frozen=True)
class Times:
    """[assistance.times]: what the procedure gives each step. Minutes, unless the name says otherwise."""

    assign_programmed: int = 20
    assign_emergency: int = 5
    assign_vital: int = 0
    vital_tolerance_seconds: int = 60  # past its time, before a supervisor must decide about a life at risk
    vital_escalates: bool = True
    at_once_seconds: int = 60  # what is due at once was done at once within this
    extra_above_hours: int = 24  # an extra check where the window opens later than this after assigning
    extra_from_hours: int = 12
    extra_until_hours: int = 4
    first_move_before: int = 60
    diagnosis: int = 30
    conformity_tries: int = 3
    conformity_apart: int = 120
    verify_hours: int = 24
    call_tries: int = 2
    call_apart_seconds: int = 60
    vital_call_apart_seconds: int = 20
    offer_seconds: int = 90
    offers_at_once: int = 3
    contact: Hours = field(default_factory=lambda: Hours(time(8), time(20)))  # calls to affiliates
    provider: Hours = field(default_factory=lambda: Hours(time(7), time(21)))  # calls to providers

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        hours = {name: Hours.read(raw[name]) for name in ("contact", "provider") if name in raw}
        times = cls(**dict(raw) | hours)
        if min(times.vital_tolerance_seconds, times.at_once_seconds) < 0:
            raise ValueError(_("una tolerancia no es negativa"))
        return times


def once[C: (ServiceType, Service, Country)](found: Iterable[C]) -> tuple[C, ...]:
    """The same in their order. Raises ValueError for a key said twice."""
    kept: Sequence[C] = tuple(found)
    keys = [one.key for one in kept]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(_("se repite la clave {key}").format(key=", ".join(twice)))
    return tuple(kept)
