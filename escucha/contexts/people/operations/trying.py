"""How often somebody tries to be taken for a person, or to knock at a door."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from escucha.contexts.people.models import AccessTry
from escucha.contexts.people.rules import TRY_WINDOW
from escucha.kernel.orgs.models import Organisation

SALT = "escucha.public.tries"
COUNT = """
INSERT INTO people_accesstry AS tried (org_id, key, since, tries) VALUES (%(org)s, %(key)s, %(now)s, %(weight)s)
ON CONFLICT (org_id, key) DO UPDATE SET
  tries = CASE WHEN tried.since <= %(ended)s THEN %(weight)s ELSE tried.tries + %(weight)s END,
  since = CASE WHEN tried.since <= %(ended)s THEN %(now)s ELSE tried.since END
WHERE tried.since <= %(ended)s OR tried.tries + %(weight)s <= %(most)s
RETURNING EXISTS (SELECT FROM people_accesstry AS old WHERE old.org_id = %(org)s AND old.since <= %(ended)s)
"""
# What another is sweeping is skipped: two sweeps never wait for each other.
SWEEP = """
DELETE FROM people_accesstry WHERE id = ANY (ARRAY(
    SELECT id FROM people_accesstry WHERE org_id = %(org)s AND since <= %(ended)s LIMIT 50 FOR UPDATE SKIP LOCKED
))
"""


def key_of(kind: str, value: str) -> str:
    """The keyed digest under which tries of something are counted: nothing of it can be read in it."""
    return salted_hmac(SALT, f"{kind}:{value}", algorithm="sha256").hexdigest()


def note_try(*, org: Organisation, limits: Mapping[str, int], weight: int = 1, now: datetime) -> datetime | None:
    """Count one try against each key's limit, in their order. None if it may go on; else when one can try again.

    A try of a greater `weight` counts as that many; the first of a window is never too heavy. A try that one limit
    refuses counts for none of them. A key's window begins with its first try. Two tries at once can't both be the last
    one allowed: each is counted by a conditional update. Windows that ended are swept in passing, a few at a time.
    """
    counted: list[str] = []
    some_ended = False
    for key, most in limits.items():
        found = _counted(org, key, most, weight, now)
        if found is None:
            forgive_try(org=org, keys=counted, weight=weight)
            return _ends(org, key)
        counted.append(key)
        some_ended = found
    if some_ended:
        _sweep(org, now)
    return None


def forgive_try(*, org: Organisation, keys: Iterable[str], weight: int = 1) -> None:
    """A try that was counted no longer is: it was right, or another limit refused it."""
    for key in keys:
        AccessTry.objects.filter(org=org, key=key, tries__gte=weight).update(tries=F("tries") - weight)


def _counted(org: Organisation, key: str, most: int, weight: int, now: datetime) -> bool | None:
    """Whether there are windows that ended and nobody swept; None where the limit refuses the try."""
    ended = now - TRY_WINDOW
    said: dict[str, Any] = {"org": org.pk, "key": key, "now": now, "ended": ended, "most": most, "weight": weight}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, said)
        counted = cursor.fetchone()
    return counted and bool(counted[0])


def _ends(org: Organisation, key: str) -> datetime | None:
    since = AccessTry.objects.filter(org=org, key=key).values_list("since", flat=True).first()
    return since and since + TRY_WINDOW


def _sweep(org: Organisation, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, {"org": org.pk, "ended": now - TRY_WINDOW})
