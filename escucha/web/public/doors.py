"""What opens a case's page: its number and a second factor, compared in constant time. Only so many tries may fail."""

from datetime import datetime
from typing import NamedTuple

from django.utils.crypto import constant_time_compare

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.holders import case_for_tracking
from escucha.contexts.cases.rules.numbers import readings
from escucha.contexts.people.operations import forgive_try, note_try
from escucha.contexts.people.rules import document_key
from escucha.web.public.limits import key_of, site_of, visitor_of
from escucha.web.ui.requests import HouseRequest

# Failures an hour. The narrow ones come first: what they refuse counts for none of the wide ones, so that one visitor
# keeps nobody else from a case.
HERE_PER_NUMBER, PER_VISITOR, PER_SITE, PER_FACTOR, PER_NUMBER = 10, 60, 240, 20, 100


class Tried(NamedTuple):
    """What came of a try: the case, or nothing; whether its code opened it; after too many, when to try again."""

    case: Case | None
    by_code: bool = False
    again_at: datetime | None = None


def try_door(request: HouseRequest, *, number: str, factor: str) -> Tried:
    """The case with this number if the factor is its contact code or its person's document.

    A try is counted before it is looked at, since two at once must not both be the last one allowed; and no longer
    once it was right.
    """
    wanted, said = numbers_in(number), document_key(factor)
    limits = _limits(request, wanted[0], said)
    if again_at := note_try(org=request.org, limits=limits, now=request.now):
        return Tried(None, again_at=again_at)
    for one in wanted:
        case = case_for_tracking(org=request.org, number=one)
        by_code, by_document = _opens(case, said)
        if case is not None and (by_code or by_document):
            forgive_try(org=request.org, keys=limits)
            return Tried(case, by_code)
    return Tried(None)


def numbers_in(typed: str) -> list[str]:
    """The filing numbers that somebody may have meant, as they are kept, the likeliest first; one empty for none."""
    return [reading.number for reading in readings(typed) if reading.is_sound] or [""]


def _limits(request: HouseRequest, number: str, factor: str) -> dict[str, int]:
    """Numbers are consecutive, so who knows one document or guesses one code must not walk them all."""
    visitor = visitor_of(request)
    limits = {key_of("number here", f"{number} {visitor}"): HERE_PER_NUMBER, key_of("address", visitor): PER_VISITOR}
    if site := site_of(request):
        limits[key_of("site", site)] = PER_SITE
    if factor:
        limits[key_of("factor", factor)] = PER_FACTOR
    limits[key_of("number", number)] = PER_NUMBER
    return limits


def _opens(case: Case | None, said: str) -> tuple[bool, bool]:
    """Whether the code and the document do. Both are always compared, so that the time taken says nothing."""
    code = case.contact_code if case else "no case"
    document = case.person.document_number if case and case.person and not case.reserved else ""  # many know it
    return constant_time_compare(said, code), constant_time_compare(said, document or "no document")
