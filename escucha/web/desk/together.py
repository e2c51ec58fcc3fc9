"""What the page of a case shows beside it: cases it was put together with, its likely twins, what was added later."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.alike import Alike, alike_to
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_number, numbers_kept_from
from escucha.contexts.cases.queries.joined import around
from escucha.contexts.cases.queries.words import words_about
from escucha.contexts.cases.rules import joining as rules
from escucha.contexts.cases.rules.standing import STATE_NAMES, UNANSWERED, Standing, State
from escucha.contexts.cases.rules.words import blockers_to_file_word, blockers_to_read_words
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.kernel.profiles.loader import Profile
from escucha.web.ui.requests import DeskRequest


def together_of(request: DeskRequest, case: Case, standing: Standing, *, has_others: bool) -> dict[str, Any]:
    """The case it follows, those that follow it, its parts, and which others may be the same.

    Without `has_others` none follows it and it has no parts: they are not looked for.
    """
    open_to_join = standing.state in UNANSWERED and not case.reserved
    may_join = open_to_join and not rules.blockers_to_tell_apart(standing, request.actor)
    merged, split_off = around(case) if has_others else ((), ())
    kept = numbers_kept_from(**_asked(request), numbers=[one.filing_number for one in split_off])
    return {
        "main": _seen(request, case.merged_into),
        "merged": merged,
        "split_from": _seen(request, case.split_from),
        "split_off": [one for one in split_off if one.filing_number not in kept],
        "alike": likely(alike_to(case, viewer=request.actor)) if open_to_join else (),
        "may_join": may_join and not case.identity_reserved,
        "undo_blockers": rules.blockers_to_undo(standing, request.actor),
        "split_blockers": rules.blockers_to_split(standing, request.actor),
    }


def words_of(
    request: DeskRequest, case: Case, standing: Standing, profile: Profile, *, has_words: bool
) -> dict[str, Any]:
    """What the person said later, and what may be done with it."""
    words = words_about(case) if has_words else ()
    channels = profile.section(ChannelsPolicy)
    unread = sum(one.read_at is None for one in words)
    return {
        "words": [{"word": one, "channel": _(channels.label_of(one.channel))} for one in words],
        "unread": unread,
        "last_word": max((one.pk for one in words), default=0),
        "may_read": bool(unread) and not blockers_to_read_words(standing, request.actor),
        "may_file_words": bool(words) and not blockers_to_file_word(standing, request.actor),
    }


def likely(alike: Sequence[Alike]) -> Sequence[dict[str, Any]]:
    """Likely twins, as pages list them."""
    return [{"case": one.case, "why": one.why, "state": STATE_NAMES[State(one.case.state)]} for one in alike]


def _seen(request: DeskRequest, other: Case | None) -> Case | None:
    """Another case, if its reader may see it."""
    if other is None:
        return None
    try:
        return case_by_number(**_asked(request), number=other.filing_number)
    except NoSuchCase:
        return None


def _asked(request: DeskRequest) -> dict[str, Any]:
    return {"org": request.org, "viewer": request.actor}
