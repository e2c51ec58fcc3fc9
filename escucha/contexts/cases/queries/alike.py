"""Cases that may be one case told twice, for who may see both. It looks at few, and decides nothing."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models.expressions import RawSQL

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.doors import ids_of, like, listed_cases
from escucha.contexts.cases.queries.joined import told_by
from escucha.contexts.cases.rules.likeness import (
    SAME_WORDS,
    Told,
    likeness,
    same_requester,
    telling_words,
    why_alike,
)
from escucha.contexts.cases.rules.searching import BLOCKS, block_key
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying

LOOKED_AT, SHOWN = 40, 5
# The newest cases first, and all of them only where those are too few: a telephone may be of a thousand cases. Of an
# organisation by the column: asked of the index, it would read through all that the organisation has there.
SAME_CONTACT = """
SELECT case_id FROM cases_searchentry WHERE {which} AND keys && %s::text[] AND org_id = %s AND case_id <> %s
ORDER BY case_id DESC LIMIT %s
"""
LATELY = """
keys && (
    SELECT ARRAY[%s || (case_id >> %s), %s || ((case_id >> %s) - 1)] FROM cases_searchentry
    WHERE org_id = %s ORDER BY case_id DESC LIMIT 1
)
"""
NEWEST = f"""
WITH lately AS MATERIALIZED ({SAME_CONTACT.format(which=LATELY)}),
ever AS ({SAME_CONTACT.format(which="(SELECT count(*) FROM lately) < %s")})
(SELECT id FROM cases_case WHERE org_id = %s AND person_id = %s AND id <> %s ORDER BY id DESC LIMIT %s)
UNION SELECT case_id FROM lately
UNION SELECT case_id FROM ever
EXCEPT
SELECT CASE WHEN one_id = %s THEN other_id ELSE one_id END FROM cases_notthesame WHERE one_id = %s OR other_id = %s
"""
SHOWN_OF = ("org", "filing_number", "matter", "body", "state", "received_at", "reserved", "identity_reserved")
WHOSE = ("document_kind", "document_number", "email", "phone", "other_phone")


class Alike(NamedTuple):
    """Another case that may be the same, and why."""

    case: Case
    why: Sequence[Saying]


def alike_to(case: Case, *, viewer: Actor, limit: int = SHOWN) -> Sequence[Alike]:
    """The likeliest others, of the newest of the same person or contact. Who asked not to be known has none."""
    told = told_by(case)
    if not case.is_open or not (told.contacts or told.person_id):
        return []
    others = _newest(like(viewer)).ask(
        org=case.org_id,
        case=case.pk,
        person=told.person_id,
        contacts=sorted(told.contacts),
        block=block_key(case.org_id, BLOCKS[-1], ""),
        most=LOOKED_AT,
        **ids_of(viewer),
    )
    alike = [Alike(other, why_alike(told, told_by(other))) for other in others]
    likeliest = sorted((one for one in alike if one.why), key=lambda one: (-len(one.why), -one.case.pk))
    return likeliest[:limit]


def alike_among(*, org: Organisation, codes: Sequence[str], told: Told) -> Case | None:
    """The open case most like what was told, of those whose receipts somebody holds. Nothing of a reserved one.

    Only of the same requester: a browser may be of many people, as that of an office is.
    """
    words = telling_words(told.text)
    held = Case.objects.filter(org=org, receipt_code__in=codes, reserved=False, identity_reserved=False, closed_at=None)
    its_own = [case for case in held.select_related("person") if same_requester(told, told_by(case))]
    scored = [(likeness(words, telling_words(f"{case.matter} {case.body}")), case.pk, case) for case in its_own]
    best = max(scored, default=None, key=lambda one: one[:2])
    return best[2] if best and best[0] >= SAME_WORDS else None


@lru_cache(maxsize=64)
def _newest(viewer: Actor) -> Composed[Case]:
    """The newest of the same person and of the same contacts, but those that somebody told apart from the case."""
    org: Any = Blank("org")
    case, most, block, bits = Blank("case"), Blank("most"), Blank("block"), BLOCKS[-1]
    lately = (block, bits, block, bits, org)
    same_contact = (Blank("contacts"), org, case, most)
    same_person = (org, Blank("person"), case, most)
    newest = RawSQL(NEWEST, (*lately, *same_contact, most, *same_contact, *same_person, case, case, case))
    return Composed(
        lambda: (
            listed_cases(org=org, viewer=viewer)
            .filter(pk__in=newest, identity_reserved=False, merged_into=None)
            .select_related("person")
            .only(*SHOWN_OF, *(f"person__{one}" for one in WHOSE))
            .order_by("-pk")
        )
    )
