"""Telephones as they are said, compared, shown and texted. An odd one is doubted and kept as it was typed."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    national_significant_number,
    number_type,
    parse,
)

from escucha.contexts.people.rules.colombia import (
    ABROAD_TO_HERE,
    CALLING_CODE,
    NATIONAL_DIGITS,
    OLD_DIGITS,
    REGION,
    SHORT_CODE,
)
from escucha.kernel.words import Saying, _


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    FIXED = "fixed"
    TOLL_FREE = "toll_free"
    SHORT = "short"  # #603, 123: dialled only from inside the country
    FOREIGN = "foreign"
    OLD = "old"  # fixed, written as before 2021: somebody may still know it
    ODD = "odd"


class Telephone(NamedTuple):
    """A telephone that was understood. `e164` is empty where nobody could dial it from anywhere."""

    kind: PhoneKind
    pretty: str
    e164: str = ""
    takes_texts: bool = False


EXTENSION = re.compile(r"(?:\bext(?:ensi[oó]n)?|\bx)\W*\d+\s*$", re.IGNORECASE)
KIND_OF_TYPE = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.FIXED,
    PhoneNumberType.TOLL_FREE: PhoneKind.TOLL_FREE,
}
TAKE_TEXTS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
DOUBTS: Mapping[PhoneKind, str] = {
    PhoneKind.SHORT: _("Escriba, si puede, un teléfono de 10 cifras: a un número corto no podemos llamarlo."),
    PhoneKind.OLD: _("Escriba el teléfono con sus 10 cifras: los fijos empiezan por 60 y el número de su región."),
    PhoneKind.ODD: _("Revise el teléfono: en Colombia tiene 10 cifras; si es de otro país, empieza por +."),
}


def phone_key(number: str) -> str:
    """The last ten digits of a telephone, which is how it is compared in Colombia; shorter ones as they are.

    Who is behind its extension is reached by the same telephone.
    """
    return re.sub(r"\D", "", EXTENSION.sub("", number))[-NATIONAL_DIGITS:]


def telephone_of(said: str) -> Telephone:
    """What was understood of a telephone. Nothing is an odd telephone too, shown as it was typed."""
    text = unicodedata.normalize("NFKC", said).strip()
    if SHORT_CODE.fullmatch(re.sub(r"[\s-]", "", text)):
        return Telephone(PhoneKind.SHORT, re.sub(r"[\s-]", "", text))
    try:
        number = parse(ABROAD_TO_HERE.sub(f"+{CALLING_CODE}", text), REGION)
    except NumberParseException:
        return Telephone(PhoneKind.ODD, said.strip())
    if number.country_code != CALLING_CODE:
        return _foreign(number)
    kind = _kind_here(number)
    if kind is PhoneKind.ODD:
        return Telephone(kind, said.strip())
    e164 = "" if kind is PhoneKind.OLD else format_number(number, PhoneNumberFormat.E164)
    return Telephone(kind, _as_said_here(number, kind), e164, takes_texts=kind is PhoneKind.MOBILE)


def doubts_about_phone(said: str) -> Sequence[Saying]:
    """What looks odd in a telephone, in words for who wrote it. Missing isn't odd; nothing here stops a filing."""
    doubt = DOUBTS.get(telephone_of(said).kind) if said.strip() else None
    return [Saying(doubt)] if doubt else []


def pretty_phone(said: str) -> str:
    """A telephone to be read aloud: `300 000 0001`, `01 8000 930800`. What was not understood, as it was typed."""
    return telephone_of(said).pretty


def sms_number(said: str) -> str:
    """Where a text message may be sent, in E.164; empty if the telephone takes none."""
    telephone = telephone_of(said)
    return telephone.e164 if telephone.takes_texts else ""


def _kind_here(number: PhoneNumber) -> PhoneKind:
    if is_valid_number(number):
        return KIND_OF_TYPE.get(number_type(number), PhoneKind.ODD)
    return PhoneKind.OLD if len(national_significant_number(number)) in OLD_DIGITS else PhoneKind.ODD


def _foreign(number: PhoneNumber) -> Telephone:
    pretty = format_number(number, PhoneNumberFormat.INTERNATIONAL)
    if not is_valid_number(number):
        return Telephone(PhoneKind.ODD, pretty)
    e164 = format_number(number, PhoneNumberFormat.E164)
    return Telephone(PhoneKind.FOREIGN, pretty, e164, takes_texts=number_type(number) in TAKE_TEXTS)


def _as_said_here(number: PhoneNumber, kind: PhoneKind) -> str:
    """In groups that people read: three, three and four; toll-free lines with their prefix apart."""
    digits = national_significant_number(number)
    if kind is PhoneKind.TOLL_FREE:
        shown = f"01 8000 {digits.removeprefix('18000')}"
    else:
        shown = re.sub(r"^(\d*?)(\d{3})(\d{4})$", r"\1 \2 \3", digits).strip()
    return f"{shown} ext. {number.extension}" if number.extension else shown
