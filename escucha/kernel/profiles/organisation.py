"""What every profile says whatever its contexts: who the organisation is, when it works, its units and roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Self

from escucha.kernel.worktime.calendar import DAY_MINUTES, Shift, Week
from escucha.kernel.worktime.terms import ReceiptRule

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Identity:
    """[organisation]: names and looks. `bound` is who the law says it is: it picks the statutory terms that bind it."""

    name: str
    short_name: str
    kind: str
    country: str
    bound: str
    nit: str
    accent: str
    address: str
    phone: str
    email: str
    valid_from: str
    about: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Office:
    """[calendar]: which days and hours the organisation works, and when what arrives counts as received."""

    receipt_rule: ReceiptRule
    hours: Week
    zone: str = ""
    weekend: frozenset[int] = frozenset({5, 6})
    layers: tuple[str, ...] = ("national",)
    closures: Mapping[date, str | None] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            receipt_rule=ReceiptRule(raw["receipt_rule"]),
            hours=week_of(raw["hours"]),
            zone=raw.get("zone", ""),
            weekend=frozenset(DAYS.index(day) for day in raw.get("weekend", ["sat", "sun"])),
            layers=tuple(raw.get("layers", ["national"])),
            closures=dict(_closed(raw.get("closures", []))),
        )


@dataclass(frozen=True)
class UnitSpec:
    """[units.<key>]: a part of the organisation that owes answers. `central` marks the one that receives and sends."""

    key: str
    label: str
    central: bool = False


@dataclass(frozen=True)
class Role:
    """[roles.<key>]: what those who hold it may do, act by act. `everywhere` lifts the limit of the own unit."""

    key: str
    label: str
    acts: tuple[str, ...]
    everywhere: bool = False

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(raw["key"], raw["label"], tuple(raw["acts"]), raw.get("everywhere", False))


def week_of(raw: Mapping[str, Sequence[str]]) -> Week:
    """Hours by day of the week: `mon = ["07:30-12:00", "13:30-18:00"]`. A day that is not said has none."""
    return {DAYS.index(day): tuple(map(_shift, shifts)) for day, shifts in raw.items()}


def _shift(text: str) -> Shift:
    opens, closes = map(_minutes, text.split("-"))
    if opens >= closes:
        raise ValueError(f"{text} closes before it opens")
    return opens, closes


def _minutes(text: str) -> int:
    if text == "24:00":
        return DAY_MINUTES
    clock = time.fromisoformat(text)
    return clock.hour * 60 + clock.minute


def _closed(rows: list[Mapping[str, str]]) -> list[tuple[date, str | None]]:
    spans = [(date.fromisoformat(r["from"]), date.fromisoformat(r["to"]), r["act"]) for r in rows]
    return [
        (date.fromordinal(day), act)
        for first, last, act in spans
        for day in range(first.toordinal(), last.toordinal() + 1)
    ]
