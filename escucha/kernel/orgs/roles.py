"""What a member may do: the acts of its roles, as the profile in force says."""

from escucha.kernel.profiles.loader import Profile


def acts_of(profile: Profile, roles: list[str]) -> frozenset[str]:
    """Every act the roles allow. A role the profile no longer has allows nothing."""
    return frozenset(act for role in roles if role in profile.roles for act in profile.roles[role].acts)


def sees_all(profile: Profile, roles: list[str]) -> bool:
    """Whether some role lifts the limit of the own unit."""
    return any(profile.roles[role].everywhere for role in roles if role in profile.roles)
