"""The doors to organisations, their profiles and their members."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Account, Member, Organisation, ProfileVersion, Unit
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _


def _in_force(versions: QuerySet[ProfileVersion]) -> QuerySet[ProfileVersion]:
    return versions.filter(valid_from__lte=Blank("at")).order_by("-valid_from")[:1]


def _first(versions: QuerySet[ProfileVersion]) -> QuerySet[ProfileVersion]:
    return versions.order_by("valid_from")[:1]


def _of_org() -> QuerySet[ProfileVersion]:
    return ProfileVersion.objects.filter(org=Blank("org")).defer("document")


def _at_host() -> QuerySet[ProfileVersion]:
    return ProfileVersion.objects.filter(org__host=Blank("host")).select_related("org").defer("document")


IN_FORCE, FIRST = Composed(lambda: _in_force(_of_org())), Composed(lambda: _first(_of_org()))
IN_FORCE_AT_HOST, FIRST_AT_HOST = Composed(lambda: _in_force(_at_host())), Composed(lambda: _first(_at_host()))
MEMBER_AT = Composed(
    lambda: (
        Member.objects.filter(org=Blank("org"), account=Blank("account"), active=True)
        .select_related("unit", "account")
        .order_by("pk")[:1]
    )
)
MEMBERS_BY_ID = Composed(
    lambda: (
        Member.objects.filter(org=Blank("org"))
        .extra(where=["orgs_member.id = ANY(%s)"], params=[Blank("ids")])
        .select_related("account")
    )
)


def _at_work(org: Organisation | Blank) -> QuerySet[Member]:
    found = Member.objects.filter(org=org, active=True)
    return found.select_related("unit", "account").order_by("account__name")


MEMBERS = Composed(lambda: _at_work(Blank("org")))
MEMBERS_OF_UNIT = Composed(lambda: _at_work(Blank("org")).filter(unit=Blank("unit")))
UNITS = Composed(lambda: Unit.objects.filter(org=Blank("org")).order_by("-central", "label"))
CENTRAL_UNIT = Composed(lambda: Unit.objects.filter(org=Blank("org"), central=True))
UNIT_BY_KEY = Composed(lambda: Unit.objects.filter(org=Blank("org"), key=Blank("key")))


class AlteredProfile(Exception):
    """The document of a profile is not the one that was taken into force: nothing is decided by it."""

    def __init__(self, slug: str, version_id: int):
        said = _("La versión {number} del perfil de {slug} fue alterada: restáurela de una copia de seguridad.")
        super().__init__(said.format(number=version_id, slug=slug))


def org_at(host: str, *, at: datetime) -> Organisation | None:
    """The organisation that answers at a host, given without its port, with its version of that moment.

    One statement: whatever is asked later about the same moment reads no version again.
    """
    asked = {"host": host.lower(), "at": at}
    version = IN_FORCE_AT_HOST.first(**asked) or FIRST_AT_HOST.first(**asked)
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
    asked = {"org": org.pk, "at": at}
    version = IN_FORCE.first(**asked) or FIRST.first(**asked)
    if version is None:
        raise ProfileVersion.DoesNotExist
    return version


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
    return MEMBER_AT.first(org=org.pk, account=account.pk)


def has_second_factor(account: Account, *, kinds: tuple[str, ...] | None = None) -> bool:
    """Whether an account proves who it is with something besides its password, of those kinds or of any."""
    return _factors(kinds).first(account=account.pk) is not None


@lru_cache(maxsize=8)
def _factors(kinds: tuple[str, ...] | None) -> Composed[Authenticator]:
    wanted = {} if kinds is None else {"type__in": kinds}
    return Composed(lambda: Authenticator.objects.filter(user=Blank("account"), **wanted).only("pk")[:1])


def account_exists(email: str) -> bool:
    return Account.objects.filter(email__iexact=email).exists()


def member_by_id(*, org: Organisation, member_id: int) -> Member:
    return Member.objects.select_related("unit", "account").get(org=org, pk=member_id)


def members_by_id(*, org: Organisation, ids: Collection[int]) -> Mapping[int, Member]:
    """Members by id, those who left included: what they did is still theirs."""
    if not ids:
        return {}
    return {member.pk: member for member in MEMBERS_BY_ID.ask(org=org.pk, ids=[*ids])}


def members_of(*, org: Organisation, unit: Unit | None = None, role: str = "") -> Sequence[Member]:
    """Who works here, by name; only of a unit or with a role where they are given."""
    if role:
        found = _at_work(org).filter(roles__contains=[role])
        return list(found if unit is None else found.filter(unit=unit))
    return MEMBERS.ask(org=org.pk) if unit is None else MEMBERS_OF_UNIT.ask(org=org.pk, unit=unit.pk)


def sample_members(*, now: datetime) -> Sequence[tuple[Organisation, Sequence[Member]]]:
    """The example organisations with their people. Real ones are never among them."""
    return [(org, members_of(org=org)) for org in all_orgs() if profile_of(org, at=now).identity.sample]


def units_of(org: Organisation) -> Sequence[Unit]:
    return UNITS.ask(org=org.pk)


def unit_by_key(*, org: Organisation, key: str) -> Unit:
    """Raises Unit.DoesNotExist."""
    if unit := UNIT_BY_KEY.first(org=org.pk, key=key):
        return unit
    raise Unit.DoesNotExist


def central_units(org: Organisation) -> QuerySet[Unit]:
    """The central unit, as a question that another may contain."""
    return Unit.objects.filter(org=org, central=True)


def central_unit(org: Organisation) -> Unit:
    """Raises Unit.DoesNotExist."""
    if unit := CENTRAL_UNIT.first(org=org.pk):
        return unit
    raise Unit.DoesNotExist
