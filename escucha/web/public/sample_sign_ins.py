"""How to enter the example organisations: one account for each way of working, with the code it shows now.

Only those that their profile calls examples, and only where the installation shows them (settings.SAMPLE).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.queries import profile_of, sample_members
from escucha.kernel.orgs.second_factor import code_now, sample_secret


def sample_sign_ins(*, now: datetime, address_of: Callable[[Organisation], str]) -> list[dict[str, Any]]:
    """For the landing page: groups by organisation, each with its accounts. Empty where samples are not shown."""
    if not settings.SAMPLE:
        return []
    return [
        {"org": org.name, "sign_ins": [_sign_in(org, member, now, address_of(org)) for member in one_of_each(members)]}
        for org, members in sample_members(now=now)
        if members
    ]


def one_of_each(members: Iterable[Member]) -> list[Member]:
    """The first member of each set of roles."""
    first: dict[tuple[str, ...], Member] = {}
    for member in members:
        first.setdefault(tuple(sorted(member.roles)), member)
    return list(first.values())


def _sign_in(org: Organisation, member: Member, now: datetime, address: str) -> dict[str, Any]:
    roles, email = profile_of(org, at=now).roles, member.account.email
    return {
        "name": member.account.name,
        "role": ", ".join(roles[role].label for role in member.roles if role in roles),
        "address": f"{address}mesa/",
        "facts": [
            (_("Correo"), email),
            (_("Clave"), settings.SAMPLE_PASSWORD),
            (_("Código ahora"), code_now(sample_secret(email), at=now)),
        ],
    }
