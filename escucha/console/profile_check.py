"""Everything that can be wrong with a profile before it is taken into force, each with its file and key."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfoNotFoundError

from escucha.console.channels_check import odd_in_channels
from escucha.console.mailboxes_check import odd_in_mailboxes
from escucha.console.policy_check import KEY, against_the_law, is_line, odd_in_policy, wrong_with_path
from escucha.console.receiving_check import odd_in_receiving
from escucha.console.scenarios import FEWEST, broken_in, scenarios_in
from escucha.console.templates_check import TEMPLATES, wrong_with
from escucha.contexts.cases.policy import CasesPolicy
from escucha.flows.switchboard import ACTS, SECTIONS
from escucha.kernel.norms.legal import BOUND
from escucha.kernel.profiles.loader import BadProfile, Profile, load
from escucha.kernel.profiles.organisation import DAYS, Identity
from escucha.kernel.words import _

TOML = "profile.toml"
OWN = ("organisation", "calendar", "units", "roles")
ACCENT = re.compile(r"oklch\((0?\.\d{1,4}) (0?\.\d{1,4}) (\d{1,3})\)")
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
MOST_CLOSED = 120  # days of a year: closures stop the terms of the law


class Problem(NamedTuple):
    """What to correct, and where."""

    file: str
    key: str
    why: str

    def __str__(self) -> str:
        return f"{self.file} [{self.key}]: {self.why}" if self.key else f"{self.file}: {self.why}"


def problems_in(folder: Path, *, on: date) -> list[Problem]:
    """What is wrong with the profile in a folder. Its promises face the law of the day it starts and that of `on`."""
    if not (folder / "LEEME.md").is_file():
        return [Problem("LEEME.md", "", _("falta: diga quién es esta organización")), *_in_profile(folder, on)]
    return _in_profile(folder, on)


def _in_profile(folder: Path, on: date) -> list[Problem]:
    try:
        profile = load(folder)
    except BadProfile as error:
        return [Problem(TOML, "", _("no se puede leer: {why}").format(why=error.__cause__))]
    if unread := list(_unreadable(profile)):
        return unread
    odd = [problem for check in (_identity, _calendar, _units, _roles) for problem in check(profile)]
    odd += [
        Problem(TOML, key, why)
        for odd_in in (odd_in_policy, odd_in_channels, odd_in_receiving, odd_in_mailboxes)
        for key, why in odd_in(profile)
    ]
    if odd:  # with these values nothing can be reckoned
        return odd + _messages(profile)
    wrong = [Problem(TOML, key, why) for key, why in (*wrong_with_path(profile), *against_the_law(profile, on))]
    return [*wrong, *_messages(profile), *_scenarios(profile, folder)]


def _unreadable(profile: Profile) -> Iterator[Problem]:
    """What the readers of the kernel and of each context refuse."""
    known: list[type[Any]] = [CasesPolicy, *SECTIONS]
    sections: dict[str, type[Any]] = {section.name: section for section in known}
    for key in profile.raw:
        if key not in sections and key not in OWN:
            yield Problem(TOML, key, _("nadie lee esta sección"))
    readers: dict[str, Callable[[], object]] = {
        "organisation": lambda: profile.identity,
        "calendar": lambda: (profile.office, profile.calendar),
        "units": lambda: profile.units,
        "roles": lambda: profile.roles,
    }
    readers |= {name: partial(profile.section, section) for name, section in sections.items()}
    for name, read in readers.items():
        if name in OWN or name in profile.raw or name == CasesPolicy.name:
            yield from _tried(name, read)


def _tried(name: str, read: Callable[[], object]) -> Iterator[Problem]:
    try:
        read()
    except BadProfile as error:
        place = re.search(r"\[(.*?)\]", str(error))
        yield Problem(TOML, place[1] if place else name, aloud(error.__cause__ or error))
    except (ZoneInfoNotFoundError, OSError):
        yield Problem(TOML, f"{name}.zone", _("no existe esa zona: escriba una como America/Bogota"))
    except KeyError as error:
        yield Problem(TOML, name, aloud(error))
    except (AttributeError, TypeError):
        yield Problem(TOML, name, _("no tiene la forma que se espera: mírela en un perfil de ejemplo"))
    except ValueError as error:
        yield Problem(TOML, name, str(error))


def aloud(error: BaseException) -> str:
    """What a reader complained of, in Spanish where it is one of the usual things."""
    text = str(error)
    odd = re.search(r"nobody reads (.+)|unexpected keyword argument (.+)", text)
    if odd:
        return _("nadie lee la clave {key}").format(key=odd[1] or odd[2])
    missing = re.search(r"missing \d+ required .*?: (.+)", text)
    if isinstance(error, KeyError) or missing:
        return _("falta la clave {key}").format(key=missing[1] if missing else text)
    return text


def _identity(profile: Profile) -> Iterator[Problem]:
    identity = profile.identity
    if identity.bound not in BOUND - {"person"}:
        yield Problem(TOML, "organisation.bound", _("la ley no obliga a «{bound}»").format(bound=identity.bound))
    if not _is_fit_accent(identity.accent):
        why = _("escriba un color que se lea sobre blanco, como oklch(0.45 0.08 128): claridad de 0.3 a 0.55")
        yield Problem(TOML, "organisation.accent", why)
    if not _is_instant(identity.valid_from):
        yield Problem(TOML, "organisation.valid_from", _("escriba un instante con su zona: 2025-01-01T00:00:00-05:00"))
    if not SLUG.fullmatch(profile.slug):
        why = _("la carpeta da su nombre al sitio: minúsculas, números y guiones, hasta 40, sin guion al borde")
        yield Problem(TOML, "", why)
    yield from _written(identity)


def _written(identity: Identity) -> Iterator[Problem]:
    for key in ("name", "short_name", "kind", "nit", "address", "phone"):
        if not is_line(getattr(identity, key)):
            yield Problem(TOML, f"organisation.{key}", _("escríbalo en una línea, hasta 120 letras"))
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", str(identity.email)):
        yield Problem(TOML, "organisation.email", _("escriba un correo"))
    if not isinstance(identity.sample, bool):
        yield Problem(TOML, "organisation.sample", _("escriba true o false"))


def _is_fit_accent(accent: object) -> bool:
    """Whether it is a colour that text can have on white, and white on it."""
    found = ACCENT.fullmatch(str(accent))
    light, chroma, hue = map(float, found.groups()) if found else (0, 0, 0)
    return 0.3 <= light <= 0.55 and chroma <= 0.2 and hue <= 360


def _is_instant(text: object) -> bool:
    try:
        return datetime.fromisoformat(str(text)).tzinfo is not None
    except ValueError:
        return False


def _calendar(profile: Profile) -> Iterator[Problem]:
    office = profile.office
    for day, shifts in office.hours.items():
        if any(opens < closed for (_opens, closed), (opens, _closes) in pairwise(sorted(shifts))):
            yield Problem(TOML, f"calendar.hours.{DAYS[day]}", _("dos jornadas se cruzan"))
    if not any(shifts for day, shifts in office.hours.items() if day not in office.weekend):
        yield Problem(TOML, "calendar.hours", _("no hay ni un día con horas de atención"))
    yield from _closures(profile)


def _closures(profile: Profile) -> Iterator[Problem]:
    for row in profile.raw["calendar"].get("closures", []):
        if row["from"] > row["to"]:
            yield Problem(TOML, "calendar.closures", _("el cierre de {day} termina antes").format(day=row["from"]))
        if not is_line(row["act"], 300):
            why = _("diga qué acto ordena el cierre de {day}").format(day=row["from"])
            yield Problem(TOML, "calendar.closures", why)
    for year, days in Counter(day.year for day in profile.office.closures).items():
        if days > MOST_CLOSED:
            why = _("en {year} cierra {days} días: hasta {most}").format(year=year, days=days, most=MOST_CLOSED)
            yield Problem(TOML, "calendar.closures", why)


def _units(profile: Profile) -> Iterator[Problem]:
    central = [unit.key for unit in profile.units.values() if unit.central]
    if len(central) != 1:
        yield Problem(TOML, "units", _("una dependencia, y solo una, es la central"))
    for key, unit in profile.units.items():
        if not re.fullmatch(r"[a-z0-9-]{1,40}", key):
            yield Problem(TOML, f"units.{key}", _("la clave lleva minúsculas, números y guiones, hasta 40"))
        if not is_line(unit.label):
            yield Problem(TOML, f"units.{key}.label", _("escríbalo en una línea, hasta 120 letras"))
        if not isinstance(unit.central, bool):
            yield Problem(TOML, f"units.{key}.central", _("escriba true o false"))


def _roles(profile: Profile) -> Iterator[Problem]:
    for role in profile.roles.values():
        if not KEY.fullmatch(role.key):
            yield Problem(TOML, f"roles.{role.key}", _("la clave lleva minúsculas, números y _, hasta 40"))
        if not is_line(role.label):
            yield Problem(TOML, f"roles.{role.key}.label", _("escríbalo en una línea, hasta 120 letras"))
        if not isinstance(role.everywhere, bool):
            yield Problem(TOML, f"roles.{role.key}.everywhere", _("escriba true o false"))
        for act in role.acts:
            if act not in ACTS:
                yield Problem(TOML, f"roles.{role.key}.acts", _("no existe el acto {act}").format(act=act))


def _messages(profile: Profile) -> list[Problem]:
    missing = [
        Problem(f"messages/{name}.md", "", _("falta este mensaje"))
        for name, template in TEMPLATES.items()
        if name not in profile.messages and not template.optional
    ]
    return missing + [
        Problem(f"messages/{name}.md", "", why)
        for name, text in profile.messages.items()
        for why in wrong_with(name, text)
    ]


def _scenarios(profile: Profile, folder: Path) -> Iterator[Problem]:
    try:
        scenarios = scenarios_in(folder)
    except (OSError, tomllib.TOMLDecodeError) as error:
        yield Problem("scenarios.toml", "", _("no se puede leer: {why}").format(why=error))
        return
    if len(scenarios) < FEWEST:
        yield Problem("scenarios.toml", "", _("escriba al menos {least} ejemplos").format(least=FEWEST))
    for place, scenario in enumerate(scenarios, start=1):
        for why in broken_in(profile, scenario):
            yield Problem("scenarios.toml", str(scenario.get("says", place)), why)
