"""The lives that are multiplied: some hundred cases of one example organisation, lived by its verbs over a year."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.generated.copies import Life, Schema, life_of

SLUG, LIVED = "cafetal", 160
SIMPLEST = 4  # one of so many closed lives is multiplied: those with the fewest entries


def live(now: datetime, *, folder: Path, lived: int = LIVED) -> None:
    """Puts the organisation in force in the database that Django knows, and lives its year up to `now`."""
    from django.db import transaction

    from escucha.console.management.commands.seed import _staff
    from escucha.console.sample.script import read_script
    from escucha.console.sample.year import Line, Office
    from escucha.kernel.orgs.operations import put_in_force
    from escucha.kernel.orgs.queries import profile_of
    from escucha.kernel.profiles.loader import load
    from escucha.kernel.timeline.actors import actor_of

    profile = load(folder / SLUG)
    began = datetime.fromisoformat(profile.identity.valid_from)
    org = put_in_force(profile=profile, host=f"{SLUG}.localhost", valid_from=began, now=began).org
    script = read_script(folder / SLUG)
    assert script is not None
    with transaction.atomic():
        members = _staff(org, script)
        line = Line(until=now)
        actors = [actor_of(member, profile_of(org, at=now)) for member in members]
        office = Office(org=org, script=script, members=members, actors=actors, line=line)
        office.plan(since=now - timedelta(days=365), cases=lived)
        line.live(lambda moment: None)


def lives(connection: psycopg.Connection[Any], schema: Schema) -> tuple[list[Life], list[Life]]:
    """The closed lives that are not too long, since most real ones are simple, and all open ones."""
    ids = [row[0] for row in connection.execute("SELECT id FROM cases_case ORDER BY id")]
    found = [life_of(connection, schema, case_id) for case_id in ids]
    closed = sorted((life for life in found if life.closed), key=lambda life: life.ids["timeline_entry"])
    return closed[: max(1, len(closed) // SIMPLEST)], [life for life in found if not life.closed]
