"""Files by what somebody types: a number, a document, the account's own field, a telephone, a name."""

import re
from collections.abc import Iterator
from functools import reduce
from operator import and_

from django.db.models import Min, Q, QuerySet

from escucha.contexts.assistance.models import Affiliate, AssistanceFile
from escucha.contexts.assistance.rules.affiliates import keys_said
from escucha.kernel.orgs.models import Organisation

DEPTH = 20_000  # files, the newest ones, among which a name is looked for: names have no index
MOST = 200  # affiliates that one key may mean
NUMBER = re.compile(r"(\d{1,9})(?:/\d+)?")  # 153567, or 153567/1 as an assistance is called
FEWEST_DIGITS = 4  # of a telephone


def files_said(
    found: QuerySet[AssistanceFile], text: str, *, org: Organisation, limit: int
) -> QuerySet[AssistanceFile]:
    """Those of `found` that a text may mean: two statements more. Each way is cut at its own newest `limit`.

    What narrows the search is asked first, so that no way reads every file for want of knowing how few it means.
    """
    ways = [*_exactly(text, org)]
    if loosely := _loosely(text):
        ways.append(loosely & Q(pk__gte=_depth(found)))
    cut = [found.filter(way).order_by("-pk").values("pk")[:limit] for way in ways]
    if not cut:
        return found.none()
    return AssistanceFile.objects.filter(pk__in=cut[0].union(*cut[1:]) if cut[1:] else cut[0])


def _exactly(text: str, org: Organisation) -> Iterator[Q]:
    if number := NUMBER.fullmatch(text.strip()):
        yield Q(number=int(number[1]))
    if keys := keys_said(text):
        affiliates = Affiliate.objects.filter(org=org, keys__overlap=[*keys])
        yield Q(affiliate__in=[*affiliates.values_list("pk", flat=True)[:MOST]])


def _depth(found: QuerySet[AssistanceFile]) -> int:
    """The oldest file among the newest ones."""
    newest = found.order_by("-pk").values("pk")[:DEPTH]
    return newest.aggregate(oldest=Min("pk"))["oldest"] or 0


def _loosely(text: str) -> Q | None:
    """The telephone of who called, with whatever was typed between its digits; or every word in some name."""
    digits = "".join(filter(str.isdecimal, text))
    if digits and not any(map(str.isalpha, text)):
        return Q(contact_phone__regex=r"\D*".join(digits)) if len(digits) >= FEWEST_DIGITS else None
    words = text.split()
    return reduce(and_, map(_named, words)) if words else None


def _named(word: str) -> Q:
    names = ("contact_first_name", "contact_last_name", "affiliate__first_name", "affiliate__last_name")
    return reduce(lambda either, name: either | Q(**{f"{name}__icontains": word}), names, Q())
