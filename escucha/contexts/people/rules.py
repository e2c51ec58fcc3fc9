"""How what a person types about itself is read: never refused, only made comparable."""

import re
import unicodedata
from datetime import timedelta

TRY_WINDOW = timedelta(hours=1)

DOCUMENT_KINDS = {
    "CC": "Cédula de ciudadanía",
    "TI": "Tarjeta de identidad",
    "RC": "Registro civil",
    "CE": "Cédula de extranjería",
    "PA": "Pasaporte",
    "PT": "Permiso por protección temporal",
    "NIT": "NIT de una empresa",
}


def document_key(number: str) -> str:
    """A document number as it is compared: letters and digits only, in capitals. `1.990.000.001` is `1990000001`."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", number).upper())


def mailbox_of(email: str) -> str:
    """Where an e-mail ends up: `Ana+banco@example.org` is `ana@example.org`."""
    name, _at, place = email.strip().lower().rpartition("@")
    return f"{name.partition('+')[0]}@{place}"


def phone_key(number: str) -> str:
    """The last ten digits of a telephone, which is how it is compared in Colombia; shorter ones as they are."""
    return re.sub(r"\D", "", number)[-10:]
