"""The country pack: read once, checked, and asked for calendars and legal terms."""

import hashlib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from escucha.kernel.norms.holidays import HolidayRule, off_days
from escucha.kernel.norms.legal import LegalTerm, LegalWord, read_terms
from escucha.kernel.words import _
from escucha.kernel.worktime.calendar import SATURDAY, SUNDAY, Calendar, Week
from escucha.kernel.worktime.days import CountingNorms, OffDay

FOLDER = Path(__file__).parents[3] / "norms"
FEW_CLOSURES = 400  # dates
KEYS = {"country", "name", "zone", "first_year", "last_year", "counting", "layers", "terms", "words"}


class UnknownCountry(ValueError):
    """There is no pack for this country."""


class UnknownLayer(ValueError):
    """The pack has no such layer of days."""


class NoLegalTerm(LookupError):
    """The pack has no term for this type, date, risk or body."""


class BrokenPack(ValueError):
    """The pack cannot be read as it stands."""


@dataclass(frozen=True)
class Layer:
    """Days stopped for one reason: the national holidays, or the civic days of some bodies."""

    key: str
    reason: Literal["holiday", "civic_day"]
    rules: tuple[HolidayRule, ...]


@dataclass(frozen=True, eq=False)
class Pack:
    """What the law of a country says, as data. `version` is the hash of its file: every deadline keeps it."""

    country: str
    name: str
    zone: ZoneInfo
    first_year: int
    last_year: int
    counting: CountingNorms
    layers: Mapping[str, Layer]
    terms: Mapping[str, tuple[LegalTerm, ...]]
    words: tuple[LegalWord, ...]
    version: str

    def off_days(self, layers: Collection[str] = ("national",)) -> Mapping[date, OffDay]:
        """Every stopped date of the layers; a holiday wins over a civic day. Raises UnknownLayer."""
        for key in layers:
            if key not in self.layers:
                raise UnknownLayer(_("No existe la capa «%s».") % key)
        return _off_days_of(self, tuple(sorted(set(layers))))

    def calendar(
        self,
        layers: Collection[str] = ("national",),
        weekend: Collection[int] = (SATURDAY, SUNDAY),
        closures: Mapping[date, str | None] = MappingProxyType({}),
        office_hours: Week = MappingProxyType({}),
        zone: ZoneInfo | None = None,
        *,
        keep: bool = False,
    ) -> Calendar:
        """The calendar of a body of this country.

        With `keep`, which is for the organisations' own, the same request gives the same calendar, built once. Of
        anybody's questions only the last few are kept, and none with many closures: a calendar takes megabytes.
        """
        stopped = self.off_days(layers)
        key = (tuple(sorted(set(layers))), frozenset(weekend), tuple(closures.items()), tuple(office_hours.items()))
        make = _kept if keep else _just_asked if len(closures) <= FEW_CLOSURES else _calendar_of
        return make(self, stopped_by=_Once(key, stopped), zone=zone or self.zone)

    def legal_term(self, canonical: str, *, on: date, risk: str | None = None, bound: str | None = None) -> LegalTerm:
        """The term in force on the date of receipt. Raises NoLegalTerm, saying what is missing."""
        if canonical not in self.terms:
            raise NoLegalTerm(_("La ley del país no tiene un plazo para «%s».") % canonical)
        found = [term for term in self.terms[canonical] if term.holds(on, risk, bound)]
        if not found:
            known = {"kind": canonical, "on": on.isoformat(), "risk": risk or "-", "bound": bound or "-"}
            raise NoLegalTerm(
                _("No hay plazo legal para «%(kind)s» el %(on)s (riesgo %(risk)s, obligado %(bound)s).") % known
            )
        return found[0]

    def risks(self, canonical: str) -> tuple[str, ...]:
        """The risk classes of a type, in the order of the pack; empty where it has none."""
        return tuple(dict.fromkeys(term.risk for term in self.terms.get(canonical, ()) if term.risk))


@cache
def load_pack(country: str) -> Pack:
    """The pack of a country, by its two letters. Raises UnknownCountry and BrokenPack."""
    code = country.lower()
    path = FOLDER / f"{code}.toml"
    if not (len(code) == 2 and code.isascii() and code.isalpha() and path.is_file()):
        raise UnknownCountry(_("No hay normas para el país «%s».") % country)
    return read_pack(path.read_bytes())


def read_pack(content: bytes) -> Pack:
    """A pack from the bytes of its file. Raises BrokenPack, naming what is wrong."""
    try:
        raw = tomllib.loads(content.decode())
        if unknown := set(raw) - KEYS:
            raise ValueError(", ".join(sorted(unknown)))
        return Pack(
            country=raw["country"],
            name=raw["name"],
            zone=ZoneInfo(raw["zone"]),
            first_year=raw["first_year"],
            last_year=raw["last_year"],
            counting=CountingNorms(**raw["counting"]),
            layers={key: _layer(key, body) for key, body in raw["layers"].items()},
            terms=_by_type(term for entry in raw.get("terms", []) for term in read_terms(entry)),
            words=tuple(LegalWord(**entry) for entry in raw.get("words", [])),
            version=hashlib.sha256(content).hexdigest()[:16],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenPack(_("El paquete de normas no se puede leer: %r") % error) from error


def differences(pack: Pack, oracle: Mapping[date, Any]) -> list[date]:
    """Dates on which the national holidays and an independent list disagree, within the years of that list."""
    years = {day.year for day in oracle}
    ours = {day for day in pack.off_days(("national",)) if day.year in years}
    return sorted(ours ^ set(oracle))


@dataclass(frozen=True)
class _Once:
    """A request for a calendar: compared by its key, carrying the days already found."""

    key: tuple[Any, ...]
    days: Mapping[date, OffDay]

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and self.key == other.key


@lru_cache(maxsize=32)
def _off_days_of(pack: Pack, layers: tuple[str, ...]) -> Mapping[date, OffDay]:
    years = range(pack.first_year, pack.last_year + 1)
    found: dict[date, OffDay] = {}
    for layer in sorted((pack.layers[key] for key in layers), key=lambda layer: layer.reason == "holiday"):
        found |= off_days(layer.rules, layer.reason, years)
    return MappingProxyType(found)


def _calendar_of(pack: Pack, *, stopped_by: _Once, zone: ZoneInfo) -> Calendar:
    _layers, weekend, closures, office_hours = stopped_by.key
    return Calendar(
        zone=zone,
        weekend=weekend,
        off_days=stopped_by.days,
        closures=dict(closures),
        office_hours=dict(office_hours),
        years=(pack.first_year, pack.last_year),
        norms=pack.counting,
        version=pack.version,
    )


_kept = lru_cache(maxsize=64)(_calendar_of)
_just_asked = lru_cache(maxsize=3)(_calendar_of)


def _layer(key: str, raw: Mapping[str, Any]) -> Layer:
    return Layer(key, raw["reason"], tuple(HolidayRule.read(line) for line in raw["days"]))


def _by_type(terms: Iterable[LegalTerm]) -> Mapping[str, tuple[LegalTerm, ...]]:
    """Terms by type; two of one type, risk and body may not hold on the same day."""
    found: dict[str, tuple[LegalTerm, ...]] = {}
    for term in terms:
        found[term.canonical] = (*found.get(term.canonical, ()), term)
    for same in found.values():
        ordered = sorted(same, key=lambda term: (term.risk or "", term.valid))
        for earlier, later in pairwise(ordered):
            if earlier.risk == later.risk and later.valid[0] <= earlier.valid[1] and earlier.bound & later.bound:
                raise ValueError(f"{earlier.key} / {later.key}")
    return found
