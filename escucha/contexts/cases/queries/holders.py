"""The doors of who holds a code or a link: the unguessable code is the key, and nobody signs in."""

from collections.abc import Sequence
from datetime import datetime

from escucha.contexts.cases.models import Answer, Case, Notice
from escucha.contexts.cases.queries.doors import FULL, NoSuchCase, case_by_id, the_one
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation

FILED_WITH = Composed(lambda: Case.objects.filter(org=Blank("org"), filing_key=Blank("key")).only("pk")[:1])


def case_by_receipt(*, org: Organisation, code: str) -> Case:
    """For who filed: the receipt's unguessable code is the key."""
    return the_one(Case.objects.filter(org=org, receipt_code=code))


def case_by_verification(*, org: Organisation, code: str) -> Case:
    """For anyone with the printed code. The page that shows it shows no person, subject or text."""
    return the_one(Case.objects.filter(org=org, verify_code=code))


def case_for_tracking(*, org: Organisation, number: str) -> Case | None:
    """A case by its number, for the page that still has to ask for the second factor."""
    return Case.objects.filter(org=org, filing_number=number).select_related(*FULL).first()


def case_filed_with(*, org: Organisation, filing_key: str) -> Case | None:
    """The case that a form already made, if it was sent before."""
    made = FILED_WITH.first(org=org.pk, key=filing_key)
    return None if made is None else case_by_id(org=org, case_id=made.pk)


def answer_by_token(*, org: Organisation, token: str) -> Answer:
    found = Answer.objects.filter(org=org, link_token=token, sent_at__isnull=False).select_related("case").first()
    if found is None:
        raise NoSuchCase
    return found


def published_notices(*, org: Organisation, now: datetime, limit: int = 200) -> Sequence[Notice]:
    """The notices in force, newest first. They are public: never that of a reserved case, nor one given in reserve."""
    found = Notice.objects.filter(org=org, until__gt=now, in_reserve=False, case__reserved=False).select_related("case")
    return list(found.order_by("-published_at")[:limit])
