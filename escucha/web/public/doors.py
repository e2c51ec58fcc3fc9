"""What opens a case's page: its number and a second factor, compared in constant time, a limited number of times."""

import re
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries import case_for_tracking
from escucha.contexts.people.operations import note_try
from escucha.contexts.people.rules import document_key
from escucha.web.ui.requests import HouseRequest

TRIES_PER_NUMBER, TRIES_PER_ADDRESS = 10, 60
SALT = "escucha.public.tries"


class Tried(NamedTuple):
    """What came of a try: the case, or nothing; and, after too many, when one can try again."""

    case: Case | None
    again_at: datetime | None = None


def try_door(request: HouseRequest, *, number: str, factor: str) -> Tried:
    """The case with this number if the factor is its contact code or its person's document. Counts the try first."""
    wanted = number_key(number)
    limits = {_key("number", wanted): TRIES_PER_NUMBER, _key("address", _visitor(request)): TRIES_PER_ADDRESS}
    if again_at := note_try(org=request.org, limits=limits, now=request.now):
        return Tried(None, again_at)
    case = case_for_tracking(org=request.org, number=wanted)
    return Tried(case if _opens(case, factor) and case else None)


def number_key(typed: str) -> str:
    """A filing number as it is kept, from how people type it: `pqr 2026 000 123` is `PQR-2026-000123`."""
    found = re.fullmatch(r"([A-ZÑ]+)(\d{4})(\d{6,})", re.sub(r"[^0-9A-ZÑ]", "", typed.upper()))
    return "-".join(found.groups()) if found else ""


def _opens(case: Case | None, factor: str) -> bool:
    """Both factors are always compared, so that the time taken says nothing."""
    said = document_key(factor)
    code = case.contact_code if case else "no case"
    document = case.person.document_number if case and case.person else ""
    by_code = constant_time_compare(said, code)
    by_document = constant_time_compare(said, document or "no document")
    return by_code or by_document


def _key(kind: str, value: str) -> str:
    return salted_hmac(SALT, f"{kind}:{value}", algorithm="sha256").hexdigest()


def _visitor(request: HouseRequest) -> str:
    """Where the try comes from. Behind a proxy it is what the proxy added last; of IPv6, the network."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_TLS:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else str(known)
