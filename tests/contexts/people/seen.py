"""What a test looks at after an act on a person."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from escucha.contexts.people.operations import recognise
from escucha.kernel.orgs.operations import put_in_force
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.record import entries_about
from tests.cast import ANA, TUESDAY


def a_person(house, **changes):
    return recognise(org=house.org, now=TUESDAY, **ANA | changes)


def facts(person):
    """What was recorded about a person: verb, data, kind of who did it."""
    entries = entries_about(org=person.org, subject=person.subject)
    return [(entry.verb.removeprefix("people."), entry.data, entry.actor_kind) for entry in entries]


def acted(person):
    return [verb for verb, _data, _kind in facts(person)]


@contextmanager
def a_newer_policy(house, *, since: datetime) -> Iterator[dict[str, Any]]:
    """The [people] of a profile, to be changed; then it is in force from a moment on."""
    document = json.loads(json.dumps(profile_of(house.org, at=since).document))
    yield document["profile"]["people"]
    put_in_force(profile=Profile(house.org.slug, document), host=house.org.host, valid_from=since, now=since)
