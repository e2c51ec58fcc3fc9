"""What only Argentina knows: its documents. A passport is said with the code that it has everywhere."""

import re
import unicodedata
from collections.abc import Mapping

from stdnum.ar import cuit as tax_number

from escucha.contexts.people.rules.kinds import DocumentKind
from escucha.kernel.words import _

CUIT = "CUIT"
OF_ENROLMENT = r"\d{5,8}"

KINDS: Mapping[str, DocumentKind] = {
    kind.code: kind
    for kind in [
        DocumentKind(
            "DNI", _("DNI"), shape=r"\d{7,8}", doubt=_("Revise el número: el DNI tiene 7 u 8 cifras."), by_digits=True
        ),
        DocumentKind(CUIT, _("CUIT o CUIL"), shape=r"\d{11}"),
        DocumentKind(
            "LE", _("Libreta de enrolamiento"), shape=OF_ENROLMENT,
            doubt=_("Revise el número: la libreta de enrolamiento tiene de 5 a 8 cifras."), by_digits=True,
        ),
        DocumentKind(
            "LC", _("Libreta cívica"), shape=OF_ENROLMENT,
            doubt=_("Revise el número: la libreta cívica tiene de 5 a 8 cifras."), by_digits=True,
        ),
    ]
}  # fmt: skip
OTHER_NAMES = {"CUIL": CUIT, "PAS": "PA"}


def cuit_of(number: str) -> str:
    """The eleven digits of a tax number, with its dashes or without; empty if it can't be one."""
    digits = re.sub(r"[\s.\u2010-\u2015\u2212-]", "", unicodedata.normalize("NFKC", number))
    return digits if re.fullmatch(r"[0-9]{11}", digits) else ""


def right_check_digit(cuit: str) -> str:
    """The digit that its last one should be."""
    return str(tax_number.calc_check_digit(cuit[:-1]))


def pretty_cuit(cuit: str) -> str:
    """As it is printed: `20-19900001-7`."""
    return str(tax_number.format(cuit))
