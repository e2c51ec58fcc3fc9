"""Whom the company works for, and what each plan covers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from escucha.kernel.words import _


class Rule(StrEnum):
    """How an account wants its providers looked for."""

    FIRST_POSITION = "first_position"  # the order of the network, call by call
    SCORE = "score"
    SCORE_WITH_OFFERS = "score_with_offers"  # ranked, and several are asked at once by link


class Period(StrEnum):
    """What the events of a coverage are counted in."""

    YEAR = "year"  # of the plan: from the affiliate's anniversary
    MONTH = "month"
    EVER = "ever"


@dataclass(frozen=True)
class Account:
    """A client: how it is answered, what its affiliates are recognised by, and how its providers are chosen."""

    key: str
    label: str  # as it is said when answering
    country: str
    lines: tuple[str, ...] = ()  # the numbers that are dialled
    validator: str = ""  # what its field besides the document is called: «Placa», «Póliza»
    rule: Rule = Rule.FIRST_POSITION
    turn: int = 1  # in the queue of calls; 0 goes before 1
    vital_tolerance_seconds: int | None = None  # its own, where the client asked for another

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        said = {"lines": tuple(raw.get("lines", ())), "rule": Rule(raw.get("rule", Rule.FIRST_POSITION))}
        account = cls(**dict(raw) | said)
        if (account.vital_tolerance_seconds or 0) < 0:
            raise ValueError(_("{key}: la tolerancia no es negativa").format(key=account.key))
        return account


@dataclass(frozen=True)
class Coverage:
    """What a plan gives of a service. Nothing said is without limit. Those of one `group` share their events."""

    service: str
    max_amount: Decimal | None = None  # of each event
    max_events: int | None = None
    period: Period = Period.YEAR
    group: str = ""
    active: bool = True

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        amount = raw.get("max_amount")
        said = {
            "max_amount": None if amount is None else Decimal(str(amount)),
            "period": Period(raw.get("period", Period.YEAR)),
        }
        coverage = cls(**dict(raw) | said)
        if (coverage.max_amount or 0) < 0 or (coverage.max_events or 0) < 0:
            raise ValueError(_("{service}: los topes no son negativos").format(service=coverage.service))
        return coverage


@dataclass(frozen=True)
class Plan:
    """[[assistance.plans]]: `conditions` are its general conditions, in the words that are read to who asks."""

    key: str
    account: str
    label: str
    currency: str  # ISO 4217
    coverages: tuple[Coverage, ...] = ()
    conditions: str = ""
    visit_counts: bool = False  # whether an event cancelled with a visit already paid uses up cover

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        coverages = tuple(Coverage.read(one) for one in raw.get("coverages", ()))
        services = [one.service for one in coverages]
        if len(set(services)) < len(services):
            raise ValueError(_("{key}: un servicio se dice una sola vez").format(key=raw["key"]))
        return cls(**dict(raw) | {"coverages": coverages})

    def coverage(self, service: str) -> Coverage | None:
        """What it gives of a service; None where it gives nothing now."""
        return next((one for one in self.coverages if one.service == service and one.active), None)
