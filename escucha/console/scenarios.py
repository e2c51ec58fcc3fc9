"""An organisation's own examples, «filed then, due then», asked of the same functions that make the debts of a case."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.rules.debts import (
    CENTRAL_ANSWER,
    LEGAL_TERM,
    UNIT_ANSWER,
    VITAL_TERM,
    debts_of_type,
    debts_when_filed,
)
from escucha.kernel.norms.pack import NoLegalTerm
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _

FEWEST = 6
INSTANTS = ("unit_until", "promise_until", "legal_until")
KEYS = {"says", "case_type", "filed_at", "emergency", *INSTANTS}
NEEDED = ("says", "case_type", "filed_at", "promise_until", "legal_until")


def scenarios_in(folder: Path) -> Sequence[Mapping[str, Any]]:
    """The examples of a profile. Raises OSError, TOMLDecodeError."""
    found: list[Mapping[str, Any]] = tomllib.loads((folder / "scenarios.toml").read_text()).get("scenario", [])
    return found


def reckoned(profile: Profile, scenario: Mapping[str, Any]) -> Mapping[str, datetime]:
    """When each part of an example ends. With `emergency` they are the ends of the vital type, owed besides."""
    policy = profile.section(CasesPolicy)
    filed_at, emergency = scenario["filed_at"], scenario.get("emergency", False)
    kind = policy.types[policy.vital if emergency else scenario["case_type"]]
    ends = {debt.kind: debt.due.due_at for debt in debts_of_type(kind, profile, received_at=filed_at)}
    if emergency:
        first = debts_when_filed(policy, profile, received_at=filed_at, filed_at=filed_at, emergency=True)
        ends[LEGAL_TERM] = next(debt.due.due_at for debt in first if debt.kind == VITAL_TERM)
    promises = {"unit_until": UNIT_ANSWER, "legal_until": LEGAL_TERM}
    found = {name: ends[kind] for name, kind in promises.items() if kind in ends}
    return found | {"promise_until": ends.get(CENTRAL_ANSWER) or ends[UNIT_ANSWER]}


def broken_in(profile: Profile, scenario: Mapping[str, Any]) -> Sequence[str]:
    """Why an example does not hold, in words; empty when it does."""
    if wrong := _misread(profile, scenario):
        return wrong
    try:
        found = reckoned(profile, scenario)
    except (NoLegalTerm, ValueError) as error:
        return [str(error)]
    return [
        _("{key} dice {said} y la cuenta da {found}").format(
            key=key,
            said=scenario[key].astimezone(profile.zone).isoformat(),
            found=found[key].astimezone(profile.zone).isoformat() if key in found else _("nada"),
        )
        for key in INSTANTS
        if key in scenario and found.get(key) != scenario[key]
    ]


def _misread(profile: Profile, scenario: Mapping[str, Any]) -> list[str]:
    policy = profile.section(CasesPolicy)
    wrong = [_("nadie lee la clave {key}").format(key=key) for key in sorted(scenario.keys() - KEYS)]
    wrong += [_("falta la clave {key}").format(key=key) for key in NEEDED if key not in scenario]
    if scenario.get("case_type", policy.general) not in policy.types:
        wrong.append(_("no hay un tipo {key}").format(key=scenario["case_type"]))
    if scenario.get("emergency") and not policy.vital:
        wrong.append(_("la organización no tiene un tipo vital"))
    for key in ("filed_at", *INSTANTS):
        moment = scenario.get(key)
        if moment is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
            wrong.append(_("{key} debe ser un instante con su zona, como 2026-03-02T10:00:00-05:00").format(key=key))
    return wrong
