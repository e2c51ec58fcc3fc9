"""Documents are doubted, never refused: what looks odd is said, and kept as it was typed."""

import re
from collections.abc import Mapping, Sequence

from escucha.contexts.people.rules import argentina, colombia
from escucha.contexts.people.rules.argentina import CUIT, cuit_of, pretty_cuit, right_check_digit
from escucha.contexts.people.rules.colombia import NIT, nit_of
from escucha.contexts.people.rules.kinds import DocumentKind
from escucha.contexts.people.rules.recognising import NATURAL, ORGANISATION, document_key
from escucha.kernel.words import Saying, _

WHICH_KIND = _("Escoja el tipo de documento, para no confundirlo con el de otra persona.")
ODD_NIT = _("Revise el NIT: son 9 cifras y, después del guion, el dígito de verificación.")
NO_CHECK_DIGIT = _("Al NIT le falta el dígito de verificación: es {digit}.")
WRONG_CHECK_DIGIT = _("Revise el NIT: el dígito de verificación de {number} es {digit}, y aquí dice {said}.")
ODD_CUIT = _("Revise el CUIT: son 11 cifras.")
WRONG_CUIT = _("Revise el CUIT: su última cifra debería ser {digit}, y aquí dice {said}.")

KINDS: Mapping[str, DocumentKind] = {**colombia.KINDS, **argentina.KINDS}
OTHER_NAMES = colombia.OTHER_NAMES | argentina.OTHER_NAMES
EVERYWHERE = ("PA",)
OF_COUNTRY = {"co": colombia.KINDS, "ar": argentina.KINDS}


def kinds_of(country: str) -> Mapping[str, str]:
    """The code and the label of the documents that are offered in a country, by its two letters."""
    own = OF_COUNTRY.get(country.lower(), colombia.KINDS)
    offered = [kind for kind in own.values() if kind.offered]
    offered += [KINDS[code] for code in EVERYWHERE if code not in own]
    return {kind.code: kind.label for kind in offered}


def doubts_about_document(kind: str, number: str) -> Sequence[Saying]:
    """What looks odd in a document, in words for who wrote it. Missing isn't odd; nothing here stops a filing."""
    key = document_key(number)
    if not key:
        return []
    if kind == NIT:
        return _doubts_about_nit(number)
    if kind == CUIT:
        return _doubts_about_cuit(number)
    known = KINDS.get(kind)
    if known is None:
        return [Saying(WHICH_KIND)]
    fits = not known.shape or re.fullmatch(known.shape, key)
    return [] if fits else [Saying(known.doubt)]


def kind_called(said: str) -> str:
    """The code of a kind by any of its names: `cc`, `PPT`, the tax office's `13`. Empty if it is nobody's name.

    The tax office gives one number to several kinds of foreign document: they are all `DE`.
    """
    name = said.strip().upper()
    if name in KINDS:
        return name
    numbered = {kind.dian: kind.code for kind in reversed(list(KINDS.values())) if kind.dian}
    return OTHER_NAMES.get(name) or numbered.get(name, "")


def document_label(kind: str) -> str:
    """How a kind is said aloud, those that are no longer offered too; a code nobody knows is its own label."""
    return KINDS[kind].label if kind in KINDS else kind


def pretty_document(kind: str, number: str) -> str:
    """A number as it is printed on the document: `1.990.000.001`, `999.999.101-8`. What is odd stays as it was said."""
    if kind == NIT and (nit := nit_of(number)):
        return _by_threes(nit.base) + (f"-{nit.said}" if nit.said else "")
    if kind == CUIT and (cuit := cuit_of(number)):
        return pretty_cuit(cuit)
    key = document_key(number)
    known = KINDS.get(kind)
    return _by_threes(key) if known and known.by_digits and key.isdecimal() else number.strip()


def kind_of_person(document_kind: str, number: str) -> str:
    """Whether a document is a person's or an organisation's. A trader's NIT is that of its own identity card."""
    nit = nit_of(number) if document_kind == NIT else None
    return ORGANISATION if nit and nit.of_company else NATURAL


def _doubts_about_nit(number: str) -> Sequence[Saying]:
    nit = nit_of(number)
    if nit is None:
        return [Saying(ODD_NIT)]
    if not nit.said:
        return [Saying(NO_CHECK_DIGIT, {"digit": nit.check_digit})]
    if nit.said != nit.check_digit:
        says = {"number": _by_threes(nit.base), "digit": nit.check_digit, "said": nit.said}
        return [Saying(WRONG_CHECK_DIGIT, says)]
    return []


def _doubts_about_cuit(number: str) -> Sequence[Saying]:
    cuit = cuit_of(number)
    if not cuit:
        return [Saying(ODD_CUIT)]
    digit = right_check_digit(cuit)
    return [] if cuit[-1] == digit else [Saying(WRONG_CUIT, {"digit": digit, "said": cuit[-1]})]


def _by_threes(digits: str) -> str:
    return f"{int(digits):,}".replace(",", ".") if not digits.startswith("0") else digits
