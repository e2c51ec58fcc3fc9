"""[assistance]: what an assistance company decided. Lists, since what is kept forgets the order of keys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.policy.catalogue import Area, Country, Flow, Hours, Service, ServiceType, Times, once
from escucha.contexts.assistance.policy.plans import Account, Coverage, Period, Plan, Rule
from escucha.kernel.commitments.ladder import Rung, ladder_of
from escucha.kernel.words import _

__all__ = [
    "Account",
    "Area",
    "AssistancePolicy",
    "Country",
    "Coverage",
    "Flow",
    "Hours",
    "Period",
    "Plan",
    "Rule",
    "Service",
    "ServiceType",
    "Times",
]


@dataclass(frozen=True)
class AssistancePolicy:
    """`unit` owes what the desk has to do."""

    name: ClassVar[str] = "assistance"

    unit: str
    consent: str  # what is asked before a provider is given the affiliate's data
    consent_version: str = "1"
    numbers_from: int = 100_000  # six digits, which a telephone keypad can dial; seven when those run out
    times: Times = Times()
    ladder: tuple[Rung, ...] = ()
    types: tuple[ServiceType, ...] = ()
    services: tuple[Service, ...] = ()
    countries: tuple[Country, ...] = ()
    accounts: tuple[Account, ...] = ()
    plans: tuple[Plan, ...] = ()
    complaint: str = ""  # the kind of case that what did not conform is filed as
    complaint_role: str = ""  # of its unit, who takes charge of it
    payments: tuple[str, ...] = ()  # ways to pay what a plan does not cover

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        read = cls(
            **dict(raw)
            | {
                "times": Times.read(raw.get("times", {})),
                "ladder": ladder_of(raw.get("ladder", ())),
                "types": once(ServiceType(**one) for one in raw.get("types", ())),
                "services": once(Service.read(one) for one in raw.get("services", ())),
                "countries": once(Country.read(one) for one in raw.get("countries", ())),
                "accounts": tuple(Account.read(one) for one in raw.get("accounts", ())),
                "plans": tuple(Plan.read(one) for one in raw.get("plans", ())),
                "payments": tuple(raw.get("payments", ())),
            }
        )
        if strange := [*read._strangers()]:
            raise ValueError(", ".join(strange))
        return read

    @property
    def decides(self) -> str:
        """The role that the ladder tells of what the desk does not solve alone; empty where it tells none."""
        return next((rung.to for rung in self.ladder if rung.to), "")

    def vital_tolerance(self, account: str) -> int | None:
        """Seconds that a life at risk may be past its time with nobody going; None where the clock asks nobody."""
        found = self.account(account)
        own = found.vital_tolerance_seconds if found else None
        return (self.times.vital_tolerance_seconds if own is None else own) if self.times.vital_escalates else None

    def service(self, key: str) -> Service | None:
        return next((one for one in self.services if one.key == key), None)

    def account(self, key: str) -> Account | None:
        return next((one for one in self.accounts if one.key == key), None)

    def account_at(self, line: str) -> Account | None:
        """The account whose number was dialled, compared by its digits."""
        dialled = _digits(line)
        return next((one for one in self.accounts if dialled in map(_digits, one.lines)), None) if dialled else None

    def plan(self, key: str) -> Plan | None:
        return next((one for one in self.plans if one.key == key), None)

    def plans_of(self, account: str) -> Sequence[Plan]:
        return [one for one in self.plans if one.account == account]

    def country(self, key: str) -> Country | None:
        return next((one for one in self.countries if one.key == key), None)

    def zone_of(self, country: str) -> ZoneInfo:
        """The time of a country; of the first one where it is not said. Raises LookupError where there is none."""
        found = self.country(country) or next(iter(self.countries), None)
        if found is None:
            raise LookupError(country)
        return ZoneInfo(found.zone)

    def areas(self) -> Iterator[Area]:
        """Every province, zone and subzone, each after what it is a part of."""
        waiting = [province for country in reversed(self.countries) for province in reversed(country.provinces)]
        while waiting:
            area = waiting.pop()
            yield area
            waiting += reversed(area.parts)

    def area(self, path: str) -> Area | None:
        return next((one for one in self.areas() if one.path == path), None)

    def _strangers(self) -> Iterator[str]:
        """What is named and is not there."""
        types, services = {one.key for one in self.types}, {one.key for one in self.services}
        accounts, countries = {one.key for one in self.accounts}, {one.key for one in self.countries}
        for service in self.services:
            if service.type not in types:
                yield _("{key}: no existe el tipo {missing}").format(key=service.key, missing=service.type)
        for account in self.accounts:
            if account.country not in countries:
                yield _("{key}: no existe el país {missing}").format(key=account.key, missing=account.country)
        for plan in self.plans:
            if plan.account not in accounts:
                yield _("{key}: no existe la cuenta {missing}").format(key=plan.key, missing=plan.account)
            for missing in sorted({one.service for one in plan.coverages} - services):
                yield _("{key}: no existe el servicio {missing}").format(key=plan.key, missing=missing)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
