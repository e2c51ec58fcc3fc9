"""Recognising a person, or welcoming a new one; and counting how often somebody tries to be taken for one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from escucha.contexts.people.models import AccessTry, Person
from escucha.contexts.people.rules import TRY_WINDOW, document_key, phone_key
from escucha.kernel.orgs.models import Organisation

COUNT = """
INSERT INTO people_accesstry AS tried (org_id, key, since, tries) VALUES (%(org)s, %(key)s, %(now)s, 1)
ON CONFLICT (org_id, key) DO UPDATE SET
  tries = CASE WHEN tried.since <= %(ended)s THEN 1 ELSE tried.tries + 1 END,
  since = CASE WHEN tried.since <= %(ended)s THEN %(now)s ELSE tried.since END
WHERE tried.since <= %(ended)s OR tried.tries < %(most)s
RETURNING since
"""


def recognise(
    *,
    org: Organisation,
    name: str = "",
    document_kind: str = "",
    document_number: str = "",
    email: str = "",
    phone: str = "",
    other_phone: str = "",
    address: str = "",
    now: datetime,
) -> Person | None:
    """The person who says these things, or None if nothing was said.

    Only somebody whose document and contact are both the ones we know is taken for the same person: a document alone
    can be typed by anybody, and must never bring another's address or history with it.
    """
    said = {
        "name": name.strip(),
        "document_kind": document_kind,
        "document_number": document_key(document_number),
        "email": email.strip().lower(),
        "phone": " ".join(phone.split()),
        "other_phone": " ".join(other_phone.split()),
        "address": address.strip(),
    }
    if not any(value for key, value in said.items() if key != "document_kind"):
        return None
    known = _known(org, said)
    return known or Person.objects.create(org=org, known_since=now, **said)


def note_try(*, org: Organisation, limits: Mapping[str, int], now: datetime) -> datetime | None:
    """Count one try against each key's limit, in their order. None if it may go on; else when one can try again.

    A try that one limit refuses counts for none of them. A key's window begins with its first try. Two tries at once
    can't both be the last one allowed: each is counted by a conditional update. Windows that ended are swept in
    passing, a few at a time.
    """
    ended = now - TRY_WINDOW
    old = AccessTry.objects.filter(org=org, since__lte=ended)
    if old.exists():
        with transaction.atomic():  # what another is sweeping is skipped: two sweeps never wait for each other
            swept = old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:50]
            AccessTry.objects.filter(pk__in=list(swept)).delete()
    counted: list[str] = []
    for key, most in limits.items():
        if again_at := _counted(org, key, most, now):
            forgive_try(org=org, keys=counted)
            return again_at
        counted.append(key)
    return None


def forgive_try(*, org: Organisation, keys: Iterable[str]) -> None:
    """A try that was counted no longer is: it was right, or another limit refused it."""
    for key in keys:
        AccessTry.objects.filter(org=org, key=key, tries__gt=0).update(tries=F("tries") - 1)


def _counted(org: Organisation, key: str, most: int, now: datetime) -> datetime | None:
    said: dict[str, Any] = {"org": org.pk, "key": key, "now": now, "ended": now - TRY_WINDOW, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, said)
        if cursor.fetchone():
            return None
    since = AccessTry.objects.filter(org=org, key=key).values_list("since", flat=True).first()
    return since and since + TRY_WINDOW


def _known(org: Organisation, said: dict[str, str]) -> Person | None:
    if not (said["document_number"] and (said["email"] or said["phone"] or said["other_phone"])):
        return None
    typed = ("document_number", "name", "email", "address")
    same = Person.objects.filter(org=org, **{key: said[key] for key in typed}).order_by("pk")
    called = [phone_key(said[key]) for key in ("phone", "other_phone")]
    return next((one for one in same[:20] if [phone_key(one.phone), phone_key(one.other_phone)] == called), None)
