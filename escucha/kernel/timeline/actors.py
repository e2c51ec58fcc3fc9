"""A member as who acts, with what its roles allow in a profile."""

from escucha.kernel.orgs.models import Member
from escucha.kernel.orgs.roles import acts_of, sees_all
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor


def actor_of(member: Member, profile: Profile) -> Actor:
    """Who acts when this member does."""
    return Actor(
        "staff",
        id=str(member.pk),
        acts=acts_of(profile, member.roles),
        member_id=member.pk,
        unit_id=member.unit_id,
        roles=frozenset(member.roles),
        everywhere=sees_all(profile, member.roles),
    )
