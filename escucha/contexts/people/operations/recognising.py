"""Recognising a person, or welcoming a new one."""

from datetime import datetime
from typing import Any

from escucha.contexts.people.models import Person
from escucha.contexts.people.queries import place_by_code
from escucha.contexts.people.rules.documents import kind_of_person
from escucha.contexts.people.rules.recognising import NATURAL, ORGANISATION, as_kept
from escucha.contexts.people.rules.telephones import phone_key
from escucha.kernel.composed import Blank, Composed, insert
from escucha.kernel.orgs.models import Organisation

TYPED = ("document_number", "kind", "name", "contact_name", "email", "address")
LOOKED_AT = 20
SAME = Composed(
    lambda: (
        Person.objects.filter(org=Blank("org"), **{key: Blank(key) for key in TYPED})
        .extra(where=["place_id IS NOT DISTINCT FROM %s"], params=[Blank("place_id")])
        .order_by("pk")[:LOOKED_AT]
    )
)
NOBODY_BY_ITSELF = ("kind", "document_kind", "place_id")  # what is chosen from a list names no one


def recognise(
    *,
    org: Organisation,
    name: str = "",
    document_kind: str = "",
    document_number: str = "",
    email: str = "",
    phone: str = "",
    other_phone: str = "",
    address: str = "",
    kind: str = "",
    contact_name: str = "",
    place_code: str = "",
    now: datetime,
) -> Person | None:
    """The person who says these things, or None if nothing was said.

    Only somebody whose document and contact are both the ones we know is taken for the same person: a document alone
    can be typed by anybody, and must never bring another's address or history with it. Nothing is refused: a `kind`
    that was not said is told by the document, and a place nobody knows stays empty.
    """
    place = place_by_code(place_code) if place_code else None
    said: dict[str, Any] = {
        "kind": kind if kind in (NATURAL, ORGANISATION) else kind_of_person(document_kind, document_number),
        **as_kept(
            {
                "name": name,
                "contact_name": contact_name,
                "document_kind": document_kind,
                "document_number": document_number,
                "email": email,
                "phone": phone,
                "other_phone": other_phone,
                "address": address,
            }
        ),
        "place_id": place and place.pk,
    }
    if not any(value for key, value in said.items() if key not in NOBODY_BY_ITSELF):
        return None
    known = _known(org, said)
    return known or insert(Person(org=org, known_since=now, **said))


def _known(org: Organisation, said: dict[str, Any]) -> Person | None:
    if not (said["document_number"] and (said["email"] or said["phone"] or said["other_phone"])):
        return None
    same = SAME.ask(org=org.pk, place_id=said["place_id"], **{key: said[key] for key in TYPED})
    called = [phone_key(said[key]) for key in ("phone", "other_phone")]
    return next((one for one in same if [phone_key(one.phone), phone_key(one.other_phone)] == called), None)
