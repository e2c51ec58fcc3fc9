"""Reads an organisation's profile: a folder of TOML that says how it works.

The loader knows the calendar, the units and the roles. Each context declares the section it reads as a
dataclass with a `read` constructor and asks for it by class. A profile is one document of plain values, so that
what was read from a folder and what was kept in the database are the same thing.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self
from zoneinfo import ZoneInfo

from escucha.kernel.norms.pack import Pack, load_pack
from escucha.kernel.profiles.organisation import Identity, Office, Role, UnitSpec
from escucha.kernel.worktime.calendar import Calendar


class Section(Protocol):
    """`keyed` sections hold one table for each key that the organisation chose; their `read` says what none reads."""

    name: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self: ...


class BadProfile(Exception):
    """The profile does not say what a context needs, says what none reads, or promises more time than the law gives."""


@dataclass(frozen=True)
class Profile:
    """One version of how an organisation works. `document` holds plain JSON values only."""

    slug: str
    document: Mapping[str, Any]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the document in canonical JSON: two profiles that say the same have the same digest."""
        return hashlib.sha256(canonical(self.document).encode()).hexdigest()

    @property
    def raw(self) -> Mapping[str, Any]:
        body: Mapping[str, Any] = self.document["profile"]
        return body

    def has(self, wanted: type[Section]) -> bool:
        return wanted.name in self.raw

    def section[S: Section](self, wanted: type[S]) -> S:
        """What a context reads of this profile. Raises BadProfile where a key is missing, odd or read by nobody."""
        kept: dict[type[Section], Any] = self.__dict__.setdefault("_sections", {})
        if wanted not in kept:
            kept[wanted] = self._read(wanted, self.raw.get(wanted.name, {}), wanted.name)
        return kept[wanted]  # type: ignore[no-any-return]

    @cached_property
    def identity(self) -> Identity:
        return self._read(Identity, self.raw["organisation"], "organisation")

    @cached_property
    def office(self) -> Office:
        return self._read(Office, self.raw["calendar"], "calendar")

    @cached_property
    def units(self) -> Mapping[str, UnitSpec]:
        return {
            key: self._read(UnitSpec, {"key": key} | body, f"units.{key}") for key, body in self.raw["units"].items()
        }

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        roles = self.raw["roles"].items()
        return {key: self._read(Role, {"key": key} | body, f"roles.{key}") for key, body in roles}

    @cached_property
    def doers(self) -> Mapping[str, str]:
        """Who may do each act, by the labels of the roles: what a refusal tells."""
        acts = sorted({act for role in self.roles.values() for act in role.acts})
        return {act: " o ".join(role.label for role in self.roles.values() if act in role.acts) for act in acts}

    @cached_property
    def pack(self) -> Pack:
        """The law of the organisation's country."""
        return load_pack(self.identity.country)

    @cached_property
    def calendar(self) -> Calendar:
        office = self.office
        return self.pack.calendar(
            layers=office.layers,
            weekend=office.weekend,
            closures=office.closures,
            office_hours=office.hours,
            zone=self.zone,
            keep=True,
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.office.zone) if self.office.zone else self.pack.zone

    @property
    def messages(self) -> Mapping[str, str]:
        """Texts by template name."""
        texts: Mapping[str, str] = self.document.get("messages", {})
        return texts

    def _read[S](self, wanted: type[S], raw: Mapping[str, Any], place: str) -> S:
        fields: Mapping[str, Any] = wanted.__dataclass_fields__  # type: ignore[attr-defined]
        try:
            known = raw.keys() if getattr(wanted, "keyed", False) else fields
            if unread := raw.keys() - known:
                raise ValueError(f"nobody reads {sorted(unread)}")
            make: Any = getattr(wanted, "read", None)
            read: S = make(raw) if make else wanted(**raw)
            return read
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadProfile(f"{self.slug}: [{place}] {error}") from error


def load(folder: Path) -> Profile:
    """The profile in a folder: profile.toml, forms/*.toml, surveys/*.toml, messages/*.md. Raises BadProfile."""
    try:
        document = {
            "profile": tomllib.loads((folder / "profile.toml").read_text()),
            "forms": {f.stem: tomllib.loads(f.read_text()) for f in sorted(folder.glob("forms/*.toml"))},
            "surveys": {f.stem: tomllib.loads(f.read_text()) for f in sorted(folder.glob("surveys/*.toml"))},
            "messages": {f.stem: f.read_text() for f in sorted(folder.glob("messages/*.md"))},
        }
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadProfile(f"{folder.name}: {error}") from error
    return Profile(folder.name, json.loads(json.dumps(document, default=_plain)))


def canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"{value!r} is not plain data")
