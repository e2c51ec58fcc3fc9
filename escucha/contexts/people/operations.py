"""Recognising a person, or welcoming a new one."""

from datetime import datetime

from escucha.contexts.people.models import Person
from escucha.contexts.people.rules import document_key, phone_key
from escucha.kernel.orgs.models import Organisation


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
    now: datetime,
) -> Person | None:
    """The person who says these things, or None if nothing was said.

    Only somebody whose document and contact are both the ones we know is taken for the same person: a document alone
    can be typed by anybody, and must never bring another's address or history with it.
    """
    said = {
        "name": name.strip(),
        "document_kind": document_kind,
        "document_number": document_key(document_number),
        "email": email.strip().lower(),
        "phone": phone_key(phone),
        "other_phone": phone_key(other_phone),
        "address": address.strip(),
    }
    if not any(value for key, value in said.items() if key != "document_kind"):
        return None
    known = _known(org, said)
    return known or Person.objects.create(org=org, known_since=now, **said)


def _known(org: Organisation, said: dict[str, str]) -> Person | None:
    if not said["document_number"]:
        return None
    same = Person.objects.filter(org=org, document_number=said["document_number"])
    keys = ("name", "email", "phone", "other_phone", "address")
    return next((person for person in same[:20] if all(getattr(person, key) == said[key] for key in keys)), None)
