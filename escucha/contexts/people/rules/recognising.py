"""How what a person types about itself is made comparable."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta

TRY_WINDOW = timedelta(hours=1)
NATURAL, ORGANISATION = "natural", "organisation"


def document_key(number: str) -> str:
    """A document number as it is compared: letters and digits only, in capitals. `1.990.000.001` is `1990000001`."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", number).upper())


def as_kept(said: Mapping[str, str]) -> dict[str, str]:
    """What a person says of itself as its row keeps it, so that what is said twice is the same both times."""
    return {field: _kept(field, text) for field, text in said.items()}


def _kept(field: str, text: str) -> str:
    match field:
        case "document_number":
            return document_key(text)
        case "email":
            return text.strip().lower()
        case "phone" | "other_phone":
            return " ".join(text.split())
    return text.strip()


def mailbox_of(email: str) -> str:
    """Where an e-mail ends up: `Ana+banco@example.org` is `ana@example.org`."""
    name, _at, place = email.strip().lower().rpartition("@")
    return f"{name.partition('+')[0]}@{place}"
