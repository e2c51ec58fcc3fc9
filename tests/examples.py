"""How many examples a property is tried with: all of them in the long run, a third of them in the fast one."""

import hypothesis

FAST = "steady"  # the profile of the fast run


def many(count: int) -> int:
    return max(count // 3, 10) if hypothesis.settings.get_current_profile_name() == FAST else count
