"""Everything that can be wrong with a profile before it is taken into force, each with its file and key."""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from escucha.console.scenarios import FEWEST, broken_in, scenarios_in
from escucha.console.templates_check import TEMPLATES, wrong_with
from escucha.contexts.cases.policy import CasesPolicy, blockers_to_promise
from escucha.contexts.cases.rules.acts import ACTS, CHECK, PATH
from escucha.flows.switchboard import SECTIONS
from escucha.kernel.norms.legal import BOUND
from escucha.kernel.profiles.loader import BadProfile, Profile, load
from escucha.kernel.words import _

TOML = "profile.toml"
OWN = ("organisation", "calendar", "units", "roles")
ACCENT = re.compile(r"oklch\(0?\.\d+ 0?\.\d+ \d{1,3}\)")


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
    found: list[Problem] = []
    for check in (_identity, _units, _roles, _path, _types):
        found += check(profile)
    found += _promises(profile, on)
    found += _messages(profile)
    return found + list(_scenarios(profile, folder))


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
    except KeyError as error:
        yield Problem(TOML, name, aloud(error))
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
    if not ACCENT.fullmatch(identity.accent):
        yield Problem(TOML, "organisation.accent", _("escriba el color como oklch(0.45 0.08 128)"))
    try:
        aware = datetime.fromisoformat(identity.valid_from).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        yield Problem(TOML, "organisation.valid_from", _("escriba un instante con su zona: 2025-01-01T00:00:00-05:00"))


def _units(profile: Profile) -> Iterator[Problem]:
    central = [unit.key for unit in profile.units.values() if unit.central]
    if len(central) != 1:
        yield Problem(TOML, "units", _("una dependencia, y solo una, es la central"))
    for key in profile.units:
        if not re.fullmatch(r"[a-z0-9-]{1,40}", key):
            yield Problem(TOML, f"units.{key}", _("la clave lleva minúsculas, números y guiones, hasta 40"))


def _roles(profile: Profile) -> Iterator[Problem]:
    for role in profile.roles.values():
        for act in role.acts:
            if act not in ACTS:
                yield Problem(TOML, f"roles.{role.key}.acts", _("no existe el acto {act}").format(act=act))


def _path(profile: Profile) -> Iterator[Problem]:
    """Whether a case can go from end to end, and those told when it is late exist."""
    policy = profile.section(CasesPolicy)
    given = {act for role in profile.roles.values() for act in role.acts}
    for act in (*PATH, CHECK) if policy.check else PATH:
        if act not in given:
            yield Problem(TOML, "roles", _("nadie tiene el acto {act}").format(act=act))
    if not policy.check and CHECK in given:
        yield Problem(TOML, "cases.check", _("hay quien revisa, pero la revisión está apagada"))
    for rung in policy.ladder:
        if rung.to and rung.to not in profile.roles:
            why = _("{step} avisa a {to}, que no es un rol").format(step=rung.step, to=rung.to)
            yield Problem(TOML, "cases.ladder", why)


def _types(profile: Profile) -> Iterator[Problem]:
    for case_type in profile.section(CasesPolicy).types.values():
        place = f"cases.types.{case_type.key}"
        if case_type.unit and case_type.unit not in profile.units:
            yield Problem(TOML, f"{place}.unit", _("no existe la dependencia {unit}").format(unit=case_type.unit))
        if not case_type.definition.strip():
            yield Problem(TOML, f"{place}.definition", _("defina el tipo en palabras sencillas"))


def _promises(profile: Profile, on: date) -> list[Problem]:
    starts = datetime.fromisoformat(profile.identity.valid_from).date()
    policy, bound = profile.section(CasesPolicy), profile.identity.bound
    found: dict[str, None] = {}
    for day in (starts, max(starts, on)):
        found |= dict.fromkeys(blockers_to_promise(policy, pack=profile.pack, bound=bound, on=day))
    return [Problem(TOML, "cases.types", why) for why in found]


def _messages(profile: Profile) -> list[Problem]:
    missing = [
        Problem(f"messages/{name}.md", "", _("falta este mensaje"))
        for name in TEMPLATES
        if name not in profile.messages
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
