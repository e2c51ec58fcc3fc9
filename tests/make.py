"""Builders for tests. They call operations, so no test starts from a state the product cannot reach."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.answering import answer_case, check_answer, send_answer
from escucha.contexts.cases.operations.filing import classify_case, file_case
from escucha.contexts.cases.rules.standing import CHARACTERISTICS
from escucha.kernel.commitments.clock import tick
from escucha.kernel.orgs.models import Account, Member, Organisation, ProfileVersion, Unit
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


class Rows(NamedTuple):
    """What the verbs wrote of a house, without ids."""

    org: dict[str, Any]
    version: dict[str, Any]
    units: dict[str, dict[str, Any]]
    people: dict[str, tuple[dict[str, Any], dict[str, Any], str]]  # account, member, key of its unit


WRITTEN: dict[tuple[str, bool], Rows] = {}


def a_house(slug: str, *, sample: bool = True) -> House:
    """With `sample` false its messages really leave.

    The verbs make it the first time. From then on the rows they wrote are written again, all at once: most tests
    begin here.
    """
    if Organisation.objects.filter(slug=slug).exists():
        return house_by_verbs(slug, sample=sample)
    if (slug, sample) in WRITTEN:
        return _written_again(WRITTEN[slug, sample])
    house = house_by_verbs(slug, sample=sample)
    WRITTEN[slug, sample] = _rows_of(house)
    return house


def house_by_verbs(slug: str, *, sample: bool = True) -> House:
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


def _rows_of(house: House) -> Rows:
    people = {
        key: (_values(member.account), _values(member), member.unit.key if member.unit else "")
        for key, member in house.members.items()
    }
    units = {unit.key: _values(unit) for unit in Unit.objects.filter(org=house.org).order_by("pk")}
    return Rows(_values(house.org), _values(ProfileVersion.objects.get(org=house.org)), units, people)


def _values(row: Model) -> dict[str, Any]:
    """Its own columns: neither its id nor what it points at."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and not field.is_relation]
    return {field.name: getattr(row, field.name) for field in fields}


def _written_again(rows: Rows) -> House:
    org = Organisation.objects.create(**rows.org)
    ProfileVersion.objects.create(org=org, **rows.version)
    units = {unit.key: unit for unit in Unit.objects.bulk_create(Unit(org=org, **one) for one in rows.units.values())}
    accounts = Account.objects.bulk_create(Account(**account) for account, _member, _unit in rows.people.values())
    members = Member.objects.bulk_create(
        Member(org=org, account=account, unit=units.get(unit), **deepcopy(member))
        for account, (_account, member, unit) in zip(accounts, rows.people.values(), strict=True)
    )
    return House(org, profile_of(org, at=TUESDAY), dict(zip(rows.people, members, strict=True)))


def _in_earnest(read: Profile) -> Profile:
    document = json.loads(json.dumps(read.document))
    document["profile"]["organisation"]["sample"] = False
    return Profile(read.slug, document)


@contextmanager
def as_run_role() -> Iterator[None]:
    """What web and worker do, with no more rights than they have; the tests own the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


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
