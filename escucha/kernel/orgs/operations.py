"""Numbers that are never repeated or skipped, profiles taken into force, members taken in and their choices."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from escucha.kernel.orgs.models import Account, Member, Organisation, ProfileVersion, Unit
from escucha.kernel.profiles.loader import Profile

# Who waits for a row that others keep changing is overtaken by who comes later; who waits for this lock is not.
NEXT = """
WITH queue AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(%(queue)s, %(org)s)))
INSERT INTO orgs_counter (org_id, series, year, last) SELECT %(org)s, %(series)s, %(year)s, 1 FROM queue
ON CONFLICT (org_id, series, year) DO UPDATE SET last = orgs_counter.last + 1 RETURNING last
"""


def next_number(*, org: Organisation, series: str, year: int) -> int:
    """The next number of a series. Others wait for it until the transaction ends: take it as late as possible.

    They are served in the order in which they came.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"queue": f"number {series} {year}", "org": org.pk, "series": series, "year": year})
        number: int = cursor.fetchone()[0]
    return number


@transaction.atomic
def put_in_force(*, profile: Profile, host: str, valid_from: datetime, now: datetime) -> ProfileVersion:
    """Keep a profile as the one in force from a moment on. Loading the same document again changes nothing."""
    org, _ = Organisation.objects.update_or_create(
        slug=profile.slug, defaults={"name": profile.identity.name}, create_defaults=_first(profile, host, now)
    )
    latest = ProfileVersion.objects.filter(org=org).order_by("-valid_from").first()
    if latest and latest.digest == profile.digest:
        return latest
    moment = max(valid_from, now) if latest else valid_from
    central = [spec.key for spec in profile.units.values() if spec.central]
    Unit.objects.filter(org=org, central=True).exclude(key__in=central).update(central=False)  # only one may be
    for spec in profile.units.values():
        Unit.objects.update_or_create(org=org, key=spec.key, defaults={"label": spec.label, "central": spec.central})
    return ProfileVersion.objects.create(
        org=org, document=profile.document, digest=profile.digest, valid_from=moment, loaded_at=now
    )


@transaction.atomic
def take_in(
    *,
    org: Organisation,
    email: str,
    name: str,
    password: str = "",
    hashed: str = "",
    unit: Unit | None,
    roles: Sequence[str],
) -> Member:
    """An account, made if its e-mail is new, becomes a member. Taken in again, the last unit and roles hold.

    `hashed` is a password that was hashed before, in place of `password`.
    """
    account = Account.objects.filter(email__iexact=email).first()
    if account is None:
        account = Account(email=email.lower(), name=name)
        account.password = hashed or make_password(password)
        account.save(force_insert=True)
    member, _ = Member.objects.update_or_create(
        org=org, account=account, defaults={"unit": unit, "roles": list(roles), "active": True}
    )
    return member


@transaction.atomic
def take_out(*, org: Organisation, member: Member) -> None:
    """The member enters no more; what it did stays its own. Raises Member.DoesNotExist for one of elsewhere."""
    left = Member.objects.select_for_update().get(org=org, pk=member.pk)
    left.active = False
    left.save(update_fields=["active"])


def end_sessions(*, account: Account) -> None:
    """Every session of the account ends, also where it is open now: the page that asks may keep its own."""
    account.session_salt = secrets.token_urlsafe(16)
    account.save(update_fields=["session_salt"])


def set_keys(*, member: Member, off: bool) -> None:
    """Whether the member's single keys are silent (WCAG 2.1.4)."""
    member.keys_off = off
    member.save(update_fields=["keys_off"])


def _first(profile: Profile, host: str, now: datetime) -> dict[str, object]:
    return {"slug": profile.slug, "name": profile.identity.name, "host": host, "created_at": now}
