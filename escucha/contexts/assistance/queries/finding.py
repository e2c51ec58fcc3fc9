"""Files by what somebody types: a number, a document, the account's own field, a telephone, a name."""

import re
from collections.abc import Iterator

from django.db.models import Func, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Collate, Concat, Lower

from escucha.contexts.assistance.models import Affiliate, AssistanceFile
from escucha.contexts.assistance.queries.affiliates import ONE_PROCESS
from escucha.contexts.assistance.rules.affiliates import keys_said
from escucha.contexts.people.rules.places import folded
from escucha.kernel.orgs.models import Organisation

DEPTH = 20_000  # files, the newest ones, among which a name is looked for: names have no index
MOST = 200  # affiliates that one key may mean
NUMBER = re.compile(r"(\d{1,9})(?:/\d+)?")  # 153567, or 153567/1 as an assistance is called
FEWEST_DIGITS = 4  # of a telephone
# Of who calls and of the affiliate, as they are compared: without capitals or accents.
ACCENTED, BARE = "áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc"
NAMES = Collate(
    Lower(
        Func(
            Concat(
                "contact_first_name", Value(" "), "contact_last_name", Value(" "), "affiliate__first_name", Value(" "),
                "affiliate__last_name", output_field=TextField(),
            ),
            Value(ACCENTED + ACCENTED.upper()),
            Value(BARE * 2),
            function="TRANSLATE",
            output_field=TextField(),
        )
    ),
    "C",
)  # fmt: skip


def files_said(
    found: QuerySet[AssistanceFile], text: str, *, org: Organisation, limit: int
) -> QuerySet[AssistanceFile]:
    """Those of `found` that a text may mean: two statements more. Each way is cut at its own newest `limit`.

    What narrows the search is asked first, so that no way reads every file for want of knowing how few it means.
    """
    ways = [*_exactly(text, org)]
    if loosely := _loosely(text):
        ways.append(loosely & Q(pk__gte=_depth(found)))
        found = found.alias(names=NAMES)
    cut = [found.filter(way).order_by("-pk").values("pk")[:limit] for way in ways]
    if not cut:
        return found.none()
    return AssistanceFile.objects.filter(pk__in=cut[0].union(*cut[1:]) if cut[1:] else cut[0])


def _exactly(text: str, org: Organisation) -> Iterator[Q]:
    if number := NUMBER.fullmatch(text.strip()):
        yield Q(number=int(number[1]))
    if keys := keys_said(text):
        affiliates = Affiliate.objects.filter(ONE_PROCESS, org=org, keys__overlap=[*keys])
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
    words = folded(text).split()
    return Q(*(Q(names__contains=word) for word in words)) if words else None
