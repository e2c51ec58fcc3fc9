"""What the page of a case keeps from its reader: the person who asked not to be known, and whom the case is about."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.reserved import accused_of, identity_shown
from escucha.contexts.cases.rules.reserve import (
    blockers_to_accuse,
    blockers_to_open_up,
    blockers_to_reserve,
    blockers_to_reveal,
    petitioner,
)
from escucha.contexts.cases.rules.standing import ENDED, State
from escucha.contexts.people.queries import Marked, groups_of
from escucha.kernel.orgs.queries import members_of, units_of
from escucha.web.desk.reserved_forms import Accusing, OpeningUp, Revealing
from escucha.web.ui.requests import DeskRequest


def petitioner_of(case: Case) -> str:
    """Who filed a case, for lists, agendas and files: never who asked not to be known, whoever looks."""
    name = "" if case.identity_reserved or case.person is None else case.person.name
    return _(petitioner(name=name, anonymous=case.anonymous, identity_reserved=case.identity_reserved))


def identity_of(request: DeskRequest, case: Case) -> dict[str, Any]:
    """What the card of the person shows, and whether what is kept may be asked for. One query more where it is."""
    masked = case.identity_reserved and case.person is not None
    reveal = identity_shown(case, viewer=request.actor, now=request.now) if masked else None
    person = case.person if reveal or not masked else None
    groups: Sequence[Marked] = ()
    if case.turn == 0 and person:
        groups = groups_of(org=request.org, viewer=request.actor, person=person, at=request.now)
    return {
        "person": person,
        "masked": masked,
        "reveal": reveal,
        "reveal_blockers": blockers_to_reveal(request.actor, kept=True, reserved=case.reserved) if masked else (),
        "groups": [one.group.label for one in groups],
    }


def doors_of(request: DeskRequest, case: Case) -> dict[str, Any]:
    """What the page of a case says and offers of the reserved channel, with the forms of both."""
    found: dict[str, Any] = {"identity": identity_of(request, case), "revealing": Revealing()}
    if not case.reserved:
        ended = State(case.state) in ENDED
        return found | {"reserve_blockers": blockers_to_reserve(request.actor, reserved=False, ended=ended)}
    accused = accused_of(case)
    return found | {
        "accused": accused,
        "accuse_blockers": blockers_to_accuse(request.actor, reserved=True),
        "open_up_blockers": blockers_to_open_up(request.actor, reserved=True, accused=bool(accused)),
        "accusing": accusing_of(request),
        "opening_up": OpeningUp(initial={"version": case.version}),
    }


def accusing_of(request: DeskRequest, said: Any = None) -> Accusing:
    return Accusing(said, members=members_of(org=request.org), units=units_of(request.org))
