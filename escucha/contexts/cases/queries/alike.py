"""Cases that may be one case told twice, for who may see both. It looks at few, and decides nothing."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from escucha.contexts.cases.models import Case, NotTheSame
from escucha.contexts.cases.queries.doors import listed_cases
from escucha.contexts.cases.queries.joined import told_by
from escucha.contexts.cases.rules.likeness import SAME_WORDS, likeness, telling_words, why_alike
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying

LOOKED_AT, SHOWN = 40, 5
SAME_CONTACT = """
SELECT case_id FROM cases_searchentry
WHERE keys && %(keys)s AND keys @> %(org)s AND case_id <> %(case)s
ORDER BY case_id DESC LIMIT %(most)s
"""


class Alike(NamedTuple):
    """Another case that may be the same, and why."""

    case: Case
    why: Sequence[Saying]


def alike_to(case: Case, *, viewer: Actor, limit: int = SHOWN) -> Sequence[Alike]:
    """The likeliest others, of the newest of the same person or contact. Who asked not to be known has none."""
    told = told_by(case)
    if not case.is_open or not (told.contacts or told.person_id):
        return []
    found = listed_cases(org=case.org, viewer=viewer).filter(
        pk__in=_of_same_contact(case, told.contacts, told.person_id), identity_reserved=False, merged_into=None
    )
    others = found.select_related("person", "unit").order_by("-pk")
    apart = _told_apart(case)
    alike = [Alike(other, why_alike(told, told_by(other))) for other in others if other.pk not in apart]
    likeliest = sorted((one for one in alike if one.why), key=lambda one: (-len(one.why), -one.case.pk))
    return likeliest[:limit]


def alike_among(*, org: Organisation, codes: Sequence[str], text: str) -> Case | None:
    """The open case most like a text, of those whose receipts somebody holds. Nothing of a reserved one."""
    words = telling_words(text)
    held = Case.objects.filter(org=org, receipt_code__in=codes, reserved=False, identity_reserved=False, closed_at=None)
    scored = [(likeness(words, telling_words(f"{case.matter} {case.body}")), case.pk, case) for case in held]
    best = max(scored, default=None, key=lambda one: one[:2])
    return best[2] if best and best[0] >= SAME_WORDS else None


def _of_same_contact(case: Case, contacts: frozenset[str], person_id: int | None) -> Sequence[int]:
    found: set[int] = set()
    if person_id:
        same_person = Case.objects.filter(org=case.org_id, person=person_id).exclude(pk=case.pk)
        found |= set(same_person.order_by("-pk").values_list("pk", flat=True)[:LOOKED_AT])
    if contacts:
        asked: dict[str, Any] = {"keys": sorted(contacts), "org": [f"o:{case.org_id}"], "case": case.pk}
        with connection.cursor() as cursor:
            cursor.execute(SAME_CONTACT, asked | {"most": LOOKED_AT})
            found |= {pk for (pk,) in cursor}
    return sorted(found)


def _told_apart(case: Case) -> set[int]:
    pairs = NotTheSame.objects.filter(Q(one=case) | Q(other=case)).values_list("one_id", "other_id")
    return {pk for pair in pairs for pk in pair}
