"""Builders for tests. They call operations, so no test starts from a state the product cannot reach."""

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.answering import answer_case, check_answer, send_answer
from escucha.contexts.cases.operations.filing import classify_case, file_case
from escucha.contexts.cases.rules.standing import CHARACTERISTICS
from escucha.kernel.commitments.clock import tick
from escucha.kernel.orgs.models import Member, Organisation, Unit
from escucha.kernel.orgs.operations import put_in_force, take_in
from escucha.kernel.orgs.queries import profile_of, unit_by_key
from escucha.kernel.profiles.loader import Profile, load
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.facts import CITIZEN, Actor
from escucha.kernel.timeline.relay import run_errands
from tests.cast import ANA, PASSWORD, STAFF, TUESDAY

PROFILES = Path(__file__).parents[1] / "profiles"
ALL_MET = dict.fromkeys(CHARACTERISTICS, True)


class House(NamedTuple):
    """An organisation with its people."""

    org: Organisation
    profile: Profile
    members: dict[str, Member]

    def actor(self, who: str) -> Actor:
        return actor_of(self.members[who], self.profile)

    def unit(self, key: str) -> Unit:
        return unit_by_key(org=self.org, key=key)


@cache
def profile(slug: str) -> Profile:
    return load(PROFILES / slug)


def a_house(slug: str, *, sample: bool = True) -> House:
    """With `sample` false its messages really leave."""
    read = profile(slug) if sample else _in_earnest(profile(slug))
    valid_from = datetime.fromisoformat(read.identity.valid_from)
    version = put_in_force(profile=read, host=f"{slug}.localhost", valid_from=valid_from, now=valid_from)
    members = {}
    for key, name, unit, roles in STAFF.get(slug, []):
        members[key] = take_in(
            org=version.org,
            email=f"{key}@{slug}.example.org",
            name=name,
            password=PASSWORD,
            unit=unit_by_key(org=version.org, key=unit) if unit else None,
            roles=roles,
        )
    return House(version.org, profile_of(version.org, at=TUESDAY), members)


def _in_earnest(read: Profile) -> Profile:
    document = json.loads(json.dumps(read.document))
    document["profile"]["organisation"]["sample"] = False
    return Profile(read.slug, document)


def let_time_pass(now: datetime) -> None:
    """The clock and the errands, as the worker runs them, until nothing is left to do by this moment."""
    while tick(now=now) + run_errands(now=now):
        pass


def a_case(house: House, **changes: Any) -> Case:
    filing = {
        "channel": "web",
        "matter": "Nos negaron la entrada con la reserva pagada",
        "body": "El domingo fuimos al parque y la reserva no aparecía.",
        "suggested_type": "queja",
        "person": ANA,
        "by": CITIZEN,
        "now": TUESDAY,
    }
    return file_case(org=house.org, **filing | changes)


def a_routed_case(house: House, *, unit: str = "recreacion", by: str = "lucia", **changes: Any) -> Case:
    """Filed on Tuesday, classified and routed an hour later."""
    case = a_case(house, **changes)
    return classify_case(
        org=house.org,
        case_id=case.pk,
        case_type="reclamo",
        unit=house.unit(unit),
        by=house.actor(by),
        now=case.filed_at + timedelta(hours=1),
    )


def an_answered_case(house: House, *, after: timedelta = timedelta(days=1), **changes: Any) -> Case:
    case = a_routed_case(house, **changes)
    moment = case.filed_at + after
    answer_case(org=house.org, case_id=case.pk, body="Le devolvemos su dinero.", by=house.actor("dario"), now=moment)
    case.refresh_from_db()
    return case


def a_sent_case(house: House, *, after: timedelta = timedelta(days=2), **changes: Any) -> Case:
    case = an_answered_case(house, **changes)
    moment = case.filed_at + after
    by = house.actor("lucia")
    check_answer(org=house.org, case_id=case.pk, verdicts=ALL_MET, by=by, now=moment)
    return send_answer(org=house.org, case_id=case.pk, by=by, now=moment)
