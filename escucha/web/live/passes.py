"""Passes to the stream of news. A page of the desk gets one; it opens one stream, soon, of one organisation."""

from datetime import timedelta

from django.core import signing

SALT = "escucha.live.pass"
GOOD_FOR = timedelta(minutes=1)


def pass_for(org_id: int) -> str:
    return signing.dumps(org_id, salt=SALT)


def org_of(given: str) -> int | None:
    """The organisation whose news a pass opens; None for one that is false or old."""
    try:
        found = signing.loads(given, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None
