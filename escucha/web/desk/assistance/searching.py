"""Who may be sent: the candidates in the order of the account, why each is where it is, and who is asked next."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from escucha.contexts.assistance.models import Offer
from escucha.contexts.assistance.policy import Rule
from escucha.contexts.assistance.queries.network import Sendable
from escucha.contexts.assistance.queries.offers import described
from escucha.contexts.assistance.rules.assignments import ASKED_NAMES
from escucha.contexts.assistance.rules.searching import (
    LINK,
    Tried,
    blockers_to_exhaust,
    blockers_to_offer,
    blockers_to_search,
    call_again_at,
    is_exhausted,
    is_offering,
)
from escucha.contexts.assistance.rules.stages import Priority
from escucha.web.desk.assistance.act_forms import Act
from escucha.web.desk.assistance.opening_forms import Assigning, Calling
from escucha.web.desk.assistance.seen import Seen
from escucha.web.ui import spanish

SHOWN = 20  # candidates; who is further down is reached when these are asked
RULES: Mapping[Rule, str] = {
    Rule.FIRST_POSITION: gettext_noop("La cuenta pide el orden de su red: primero la posición 1."),
    Rule.SCORE: gettext_noop("La cuenta pide a quien más puntos tiene: cada candidato dice de dónde salen los suyos."),
    Rule.SCORE_WITH_OFFERS: gettext_noop("La cuenta pide a quien más puntos tiene; a los primeros se les ofrece."),
}
OFFER_STATES: Mapping[str, str] = {
    Offer.State.OPEN: gettext_noop("ofrecida por enlace, hasta las {hour}"),
    Offer.State.ACCEPTED: gettext_noop("aceptó por enlace"),
    Offer.State.REFUSED: gettext_noop("no aceptó por enlace"),
    Offer.State.TAKEN: gettext_noop("ya iba otro"),
    Offer.State.EXPIRED: gettext_noop("no contestó el enlace"),
}


class Candidate(NamedTuple):
    """A candidate as the panel shows it. Its forms are there only for who may act on it now."""

    line: Sendable
    score: int
    why: Sequence[str]
    tried: Sequence[str]
    again_at: str
    calling: Act | None
    assigning: Act | None


def panel(one: Seen) -> dict[str, Any]:
    """The search of an assistance that waits for somebody to be sent."""
    roster, search = one.roster, one.roster.search
    may = not blockers_to_search(search, one.by)
    work = described(one.assistance, one.profile, now=one.now)
    number, position = one.file.number, one.assistance.position
    return {
        "rule": _(RULES[roster.rule]),
        "by_score": roster.rule is not Rule.FIRST_POSITION,
        "work": ", ".join(filter(None, (work.service, work.area, work.priority, work.window))),
        "may_tell": _may_tell(one),
        "consent": one.assistance.consent,
        "candidates": [_candidate(one, line, may=may) for line in roster.lines[:SHOWN]],
        "more": max(len(roster.lines) - SHOWN, 0),
        "out": [(found.shown["name"], why) for key, found in roster.found.items() if (why := roster.forbidden(key))],
        "next": next((line.shown["name"] for line in roster.lines if line.is_in_turn), ""),
        "exhausted": is_exhausted(search),
        "offering": is_offering(search, one.now),
        "offers_why_not": blockers_to_offer(search, one.by, now=one.now),
        "exhaust_why_not": blockers_to_exhaust(search, one.by),
        "empty": Act(seen=one, name="offering"),
        "search": search.number,
        **{
            f"{name}_url": reverse(f"desk:assistance_{name}", args=[number, position])
            for name in ("calling", "assigning", "offering", "exhausting")
        },
    }


def _may_tell(one: Seen) -> bool:
    """Whether the affiliate's data may be given to who goes."""
    return bool(one.assistance.consent) or one.assistance.priority == Priority.VITAL


def _candidate(one: Seen, line: Sendable, *, may: bool) -> Candidate:
    search, key = one.roster.search, line.provider
    again = call_again_at(search, key)
    wait = bool(again and again > one.now and not line.is_over)
    start = {"provider_id": key}
    return Candidate(
        line=line,
        score=line.score,
        why=[_(said.text).format(**said.values) for said in line.reasons],
        tried=[*(_asked(said, one.zone) for said in line.tried), *_offered(line, one.zone)],
        again_at=spanish.clock(again.astimezone(one.zone)) + f":{again:%S}" if wait and again else "",
        calling=Calling(seen=one, name=f"calling-{key}", initial=start) if may and line.is_in_turn else None,
        assigning=Assigning(seen=one, name=f"assigning-{key}", initial=start) if may and not line.is_over else None,
    )


def _asked(said: Tried, zone: ZoneInfo) -> str:
    hour = spanish.clock(said.at.astimezone(zone))
    how = _("por enlace") if said.way == LINK else _("por teléfono")
    return _("{hour}, {how}: {what}").format(hour=hour, how=how, what=_(ASKED_NAMES[said.outcome]).lower())


def _offered(line: Sendable, zone: ZoneInfo) -> Sequence[str]:
    if line.offered is None:
        return []
    hour = spanish.clock(line.offered.expires_at.astimezone(zone))
    return [_(OFFER_STATES[line.offered.state]).format(hour=hour)]
