"""What only Colombia knows: its documents, its tax number, its telephones. Another country is another file like this.

A shape is how a document usually looks, not what is accepted: an odd one raises a doubt and is kept as it was said.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from stdnum.co.nit import calc_check_digit

from escucha.contexts.people.rules.kinds import DocumentKind
from escucha.kernel.words import _

REGION, CALLING_CODE = "CO", 57
NATIONAL_DIGITS = 10  # of every fixed and mobile telephone since 2021
OLD_DIGITS = (7, 8)  # of a fixed one before, without or with its one-digit area
ABROAD_TO_HERE = re.compile(r"^\s*0057")  # how those who learnt to dial from abroad write the country
SHORT_CODE = re.compile(r"[#*]\d{2,5}|1\d{2}")
NIT = "NIT"
OF_COMPANIES = ("8", "9")  # how the nine digits that are nobody's identity card begin


KINDS: Mapping[str, DocumentKind] = {
    kind.code: kind
    for kind in [
        DocumentKind(
            "CC", _("Cédula de ciudadanía"), "13", r"\d{3,9}|1\d{9}",
            _("Revise el número: la cédula de ciudadanía tiene de 3 a 10 cifras y, si son 10, empieza por 1."),
            by_digits=True,
        ),
        DocumentKind(
            "TI", _("Tarjeta de identidad"), "12", r"\d{10,11}",
            _("Revise el número: la tarjeta de identidad tiene 10 u 11 cifras."),
            by_digits=True,
        ),
        DocumentKind(
            "RC", _("Registro civil"), "11", r"\d{10}|[0-9A-Z]{6,15}",
            _("Revise el número: el registro civil tiene 10 cifras o, si es antiguo, de 6 a 15 letras y cifras."),
        ),
        DocumentKind(
            "CE", _("Cédula de extranjería"), "22", r"\d{3,7}|(?=\d*[A-Z])[0-9A-Z]{3,12}",
            _("Revise el número: la cédula de extranjería tiene hasta 7 cifras o, si es antigua, letras y cifras."),
        ),
        DocumentKind(
            "PA", _("Pasaporte"), "41", r"[0-9A-Z]{3,16}",
            _("Revise el número: el pasaporte tiene de 3 a 16 letras y cifras."),
        ),
        DocumentKind(
            "PT", _("Permiso por protección temporal"), "48", r"\d{5,8}",
            _("Revise el número: el permiso por protección temporal tiene de 5 a 8 cifras."),
        ),
        DocumentKind(NIT, _("NIT de una empresa"), "31"),
        DocumentKind("DE", _("Documento de otro país"), "42"),
        DocumentKind("CD", _("Carné diplomático"), "42"),
        DocumentKind("SC", _("Salvoconducto"), "42"),
        DocumentKind("CN", _("Certificado de nacido vivo")),
        DocumentKind(
            "PE", _("Permiso especial de permanencia"), "47", r"\d{15}",
            _("Revise el número: el permiso especial de permanencia tenía 15 cifras."), offered=False,
        ),
        DocumentKind("AS", _("Adulto sin identificación"), offered=False),
        DocumentKind("MS", _("Menor sin identificación"), offered=False),
        DocumentKind("SI", _("Sin identificación"), offered=False),
    ]
}  # fmt: skip
DOCUMENT_KINDS = {code: kind.label for code, kind in KINDS.items() if kind.offered}
OTHER_NAMES = {"PPT": "PT", "PEP": "PE"}  # as they are shown on the documents themselves


class Nit(NamedTuple):
    """A tax number and the check digit that was said with it, if one was."""

    base: str
    said: str = ""

    @property
    def check_digit(self) -> str:
        """The digit that is right for the number."""
        return calc_check_digit(self.base)

    @property
    def of_company(self) -> bool:
        """Whether it was given to be a tax number; a person's is the number of its identity card."""
        return len(self.base) == 9 and self.base.startswith(OF_COMPANIES)


def nit_of(number: str) -> Nit | None:
    """A tax number with its digit dashed (`999.999.101-8`), joined or missing. None if it can't be one."""
    number = unicodedata.normalize("NFKC", number).strip()
    digits = re.sub(r"[\s.,\u2010-\u2015\u2212-]", "", number)
    if not re.fullmatch(r"[0-9]{4,11}", digits):
        return None
    dashed = re.search(r"[\u2010-\u2015\u2212-]\s*[0-9]$", number)
    joined = Nit(digits[:-1], digits[-1])
    if dashed or _ends_in_check_digit(joined, digits):
        return joined
    return Nit(digits) if len(digits) <= NATIONAL_DIGITS else None


def _ends_in_check_digit(joined: Nit, digits: str) -> bool:
    """Whether digits without a dash have the check digit at their end, by what each length can be."""
    match len(digits):
        case 11:  # a card of ten
            return digits.startswith("1")
        case 10:  # a company; or a card of ten, all of whom begin with 1
            return not digits.startswith("1")
        case 9 if digits.startswith(OF_COMPANIES):
            return False
    return joined.said == joined.check_digit
