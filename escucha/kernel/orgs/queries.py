"""The doors to organisations, their profiles and their members."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from escucha.kernel.orgs.models import Account, Member, Organisation, ProfileVersion, Unit
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _


class AlteredProfile(Exception):
    """The document of a profile is not the one that was taken into force: nothing is decided by it."""

    def __init__(self, slug: str, version_id: int):
        said = _("La versión {number} del perfil de {slug} fue alterada: restáurela de una copia de seguridad.")
        super().__init__(said.format(number=version_id, slug=slug))


def org_at(host: str, *, at: datetime) -> Organisation | None:
    """The organisation that answers at a host, given without its port, with its version of that moment.

    One statement: whatever is asked later about the same moment reads no version again.
    """
    versions = ProfileVersion.objects.filter(org__host=host.lower()).select_related("org").defer("document")
    version = _in_force(versions, at=at)
    if version is None:
        return None
    org: Organisation = version.org
    org.in_force = at, version
    return org


def org_by_slug(slug: str) -> Organisation:
    return Organisation.objects.get(slug=slug)


def all_orgs() -> Sequence[Organisation]:
    return list(Organisation.objects.order_by("name"))


def version_of(org: Organisation, *, at: datetime) -> ProfileVersion:
    """The version of the profile in force at a moment; before the first, the first."""
    if org.in_force and org.in_force[0] == at:
        return org.in_force[1]
    version = _in_force(ProfileVersion.objects.filter(org=org).defer("document"), at=at)
    if version is None:
        raise ProfileVersion.DoesNotExist
    return version


def _in_force(versions: QuerySet[ProfileVersion], *, at: datetime) -> ProfileVersion | None:
    return (
        versions.filter(valid_from__lte=at).order_by("-valid_from").first() or versions.order_by("valid_from").first()
    )


def profile_of(org: Organisation, *, at: datetime) -> Profile:
    return profile_in(version_of(org, at=at), slug=org.slug)


def profile_in(version: ProfileVersion, *, slug: str) -> Profile:
    return _profile(version.pk, version.digest, slug)


def profile_by_version(version_id: int, *, org: Organisation) -> Profile:
    """The profile a case or a commitment was born with."""
    return profile_in(ProfileVersion.objects.defer("document").get(pk=version_id, org=org), slug=org.slug)


def altered_versions(org: Organisation) -> Sequence[int]:
    """The versions of the profile whose document is not the one that was taken into force."""
    versions = ProfileVersion.objects.filter(org=org).order_by("pk")
    return [one.pk for one in versions.iterator(20) if Profile(org.slug, one.document).digest != one.digest]


@lru_cache(maxsize=256)
def _profile(version_id: int, digest: str, slug: str) -> Profile:
    # A version never changes, so what was read once may be kept; the digest guards databases made anew in tests.
    profile = Profile(slug, ProfileVersion.objects.get(pk=version_id).document)
    if profile.digest != digest:
        raise AlteredProfile(slug, version_id)
    return profile


def member_at(*, org: Organisation, account: Account) -> Member | None:
    return Member.objects.filter(org=org, account=account, active=True).select_related("unit", "account").first()


def account_exists(email: str) -> bool:
    return Account.objects.filter(email__iexact=email).exists()


def member_by_id(*, org: Organisation, member_id: int) -> Member:
    return Member.objects.select_related("unit", "account").get(org=org, pk=member_id)


def members_by_id(*, org: Organisation, ids: Collection[int]) -> Mapping[int, Member]:
    """Members by id, those who left included: what they did is still theirs."""
    if not ids:
        return {}
    return {member.pk: member for member in Member.objects.filter(org=org, pk__in=ids).select_related("account")}


def members_of(*, org: Organisation, unit: Unit | None = None, role: str = "") -> Sequence[Member]:
    """Who works here, by name; only of a unit or with a role where they are given."""
    found = Member.objects.filter(org=org, active=True).select_related("unit", "account").order_by("account__name")
    if unit is not None:
        found = found.filter(unit=unit)
    if role:
        found = found.filter(roles__contains=[role])
    return list(found)


def sample_members(*, now: datetime) -> Sequence[tuple[Organisation, Sequence[Member]]]:
    """The example organisations with their people. Real ones are never among them."""
    return [(org, members_of(org=org)) for org in all_orgs() if profile_of(org, at=now).identity.sample]


def units_of(org: Organisation) -> Sequence[Unit]:
    return list(Unit.objects.filter(org=org).order_by("-central", "label"))


def unit_by_key(*, org: Organisation, key: str) -> Unit:
    return Unit.objects.get(org=org, key=key)


def central_units(org: Organisation) -> QuerySet[Unit]:
    """The central unit, as a question that another may contain."""
    return Unit.objects.filter(org=org, central=True)


def central_unit(org: Organisation) -> Unit:
    return Unit.objects.get(org=org, central=True)
