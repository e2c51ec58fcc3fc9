"""How what a person types about itself is made comparable."""

import re
import unicodedata
from datetime import timedelta

TRY_WINDOW = timedelta(hours=1)
NATURAL, ORGANISATION = "natural", "organisation"


def document_key(number: str) -> str:
    """A document number as it is compared: letters and digits only, in capitals. `1.990.000.001` is `1990000001`."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", number).upper())


def mailbox_of(email: str) -> str:
    """Where an e-mail ends up: `Ana+banco@example.org` is `ana@example.org`."""
    name, _at, place = email.strip().lower().rpartition("@")
    return f"{name.partition('+')[0]}@{place}"
