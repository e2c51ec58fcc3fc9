"""Telephone numbers as gateways write them: `300 000 0001` is `+573000000001`."""

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
)

MOBILES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def full_number(typed: str, country: str) -> str:
    """A number with its country in front, or empty where it is none."""
    known = _known(typed, country)
    return format_number(known, PhoneNumberFormat.E164) if known else ""


def mobile_number(typed: str, country: str) -> str:
    """A number that can take texts, with its country in front; empty for others, as landlines."""
    known = _known(typed, country)
    return format_number(known, PhoneNumberFormat.E164) if known and number_type(known) in MOBILES else ""


def _known(typed: str, country: str) -> PhoneNumber | None:
    try:
        known = parse(typed, country.upper())
    except NumberParseException:
        return None
    return known if is_valid_number(known) else None
