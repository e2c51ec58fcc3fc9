"""What a case is found by is written with the case, in its transaction."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.rules.searching import COMMON, contact_keys, holder_keys, place_keys, serial_key
from escucha.contexts.people.models import Person
from escucha.kernel.orgs.models import Organisation

LONGEST = 100_000  # characters of a text that are searched; the whole of it is kept with the case
PUT = """
INSERT INTO cases_searchentry (case_id, org_id, vector, keys) VALUES (%(case)s, %(org)s,
    setweight(to_tsvector('es', plain_words(%(matter)s)), 'A')
    || setweight(to_tsvector('es', plain_words(%(name)s)), 'B')
    || to_tsvector('es', plain_words(%(body)s)), %(keys)s)
"""
ENTER = f"""
WITH before AS (
    SELECT vector <> '' AS told, ts_filter(vector, '{{b}}') <> '' AS named
    FROM cases_searchentry WHERE case_id = %(case)s
)
{PUT}
ON CONFLICT (case_id) DO UPDATE SET vector = EXCLUDED.vector, keys = EXCLUDED.keys
RETURNING coalesce((SELECT told FROM before), false), coalesce((SELECT named FROM before), false)
"""
# In the order of the words, so that two who learn the same ones never wait for each other in a ring. Common words are
# left alone: what every case says would otherwise be written by every case. What this case said already counts once.
LEARN = """
INSERT INTO cases_searchword (org_id, word, sound, seen)
SELECT %(org)s, said.word, left(spanish_sound(said.word), 40), 1
FROM (SELECT DISTINCT unnest(string_to_array(plain_words(%(text)s), ' ')) AS word) AS said
LEFT JOIN cases_searchword AS known ON known.org_id = %(org)s AND known.word = said.word
WHERE said.word ~ '^[a-z]{3,40}$' AND (
    known.seen IS NULL
    OR (known.seen < %(common)s AND said.word <> ALL (string_to_array(plain_words(%(before)s), ' ')))
)
ORDER BY said.word
ON CONFLICT (org_id, word) DO UPDATE SET seen = cases_searchword.seen + 1
"""
REWRITE = f"{PUT} ON CONFLICT (case_id) DO UPDATE SET vector = EXCLUDED.vector, keys = EXCLUDED.keys"
ENTER_FIRST = f"WITH entered AS ({PUT}) {LEARN}"
FORGET = """
WITH lost AS (
    SELECT id, seen FROM cases_searchword
    WHERE org_id = %(org)s AND seen < %(common)s
    AND word = ANY (string_to_array(plain_words(%(before)s), ' '))
    AND word <> ALL (string_to_array(plain_words(%(text)s), ' '))
    ORDER BY word FOR UPDATE
), gone AS (
    DELETE FROM cases_searchword AS known USING lost WHERE known.id = lost.id AND lost.seen <= 1
)
UPDATE cases_searchword AS known SET seen = known.seen - 1 FROM lost WHERE known.id = lost.id AND lost.seen > 1
"""
HOLD = "UPDATE cases_searchentry SET keys = %(keys)s WHERE case_id = %(case)s"


def index_new_case(case: Case, person: Person | None) -> None:
    """What `index_case` does of a case that was filed just now, by which nobody has found it yet: one statement."""
    texts = _searched(case, person)
    with connection.cursor() as cursor:
        cursor.execute(ENTER_FIRST, _said(case, person, texts) | {"before": ""})


def index_case(case: Case, person: Person | None) -> None:
    """The case can be found from now on as it is now. Called by whoever changes what it is found by."""
    everything, texts = _texts(case, person), _searched(case, person)
    said = _said(case, person, texts)
    with connection.cursor() as cursor:
        cursor.execute(ENTER, said)
        told, named = cursor.fetchone()
        before = {"matter": told, "body": told, "name": named}
        said["before"] = " ".join(everything[part] for part, was_there in before.items() if was_there)
        cursor.execute(LEARN, said)
        if (told and case.reserved) or (named and not texts["name"]):
            cursor.execute(FORGET, said)


def _texts(case: Case, person: Person | None) -> dict[str, str]:
    return {"matter": case.matter, "body": case.body[:LONGEST], "name": _names(person)}


def _searched(case: Case, person: Person | None) -> dict[str, str]:
    """Of a reserved case only its number is searched; of a reserved identity, only what was told.

    What is no longer searched teaches no words either.
    """
    texts = _texts(case, person) | ({"name": ""} if case.identity_reserved else {})
    return dict.fromkeys(texts, "") if case.reserved else texts


def _said(case: Case, person: Person | None, texts: dict[str, str]) -> dict[str, Any]:
    return {
        "case": case.pk,
        "org": case.org_id,
        "keys": _keys(case, person),
        "text": " ".join(texts.values()),
        "common": COMMON,
    } | texts


def index_holder(case: Case) -> None:
    """Another unit or member holds the case: their searches look at it, and those of who held it no longer do."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"case": case.pk, "keys": _keys(case, case.person)})


def index_person(cases: Sequence[Case], person: Person) -> None:
    """The cases of a person, locked, are found by what is known of it now.

    They change their person and nothing that they tell, so the words are learnt once for all: those of each would be
    locked in no order.
    """
    with connection.cursor() as cursor:
        for case in cases:
            cursor.execute(REWRITE, _said(case, person, _searched(case, person)))
        if any(_searched(case, person)["name"] for case in cases):
            names = _names(person)
            cursor.execute(LEARN, {"org": person.org_id, "text": names, "before": names, "common": COMMON})


def reindex_cases(*, org: Organisation, after: int = 0, limit: int = 500) -> int | None:
    """Write again what the cases after an id are found by. Returns the id to go on from, or None after the last.

    A transaction each: the words of several would be locked in no order, and whoever files would wait in a ring.
    """
    ids = list(Case.objects.filter(org=org, pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])
    for case_id in ids:
        with transaction.atomic():
            case = Case.objects.select_related("person").select_for_update(of=("self",)).get(org=org, pk=case_id)
            index_case(case, case.person)
    return ids[-1] if len(ids) == limit else None


def _keys(case: Case, person: Person | None) -> list[str]:
    keys = place_keys(org_id=case.org_id, case_id=case.pk)
    keys += holder_keys(unit_id=case.unit_id, member_id=case.member_id, filed_by_id=case.filed_by_id)
    keys.append(serial_key(case.filing_number))
    if person is None or case.reserved or case.identity_reserved:
        return keys
    return keys + contact_keys(
        document_kind=person.document_kind,
        document_number=person.document_number,
        email=person.email,
        phones=[person.phone, person.other_phone],
    )


def _names(person: Person | None) -> str:
    return f"{person.name} {person.contact_name}" if person else ""
