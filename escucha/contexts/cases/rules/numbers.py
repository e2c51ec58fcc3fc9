"""Filing numbers as people write, dictate and mistype them; and the digit that catches a slip of hand or ear.

The digit is Verhoeff's over year and serial: it catches every wrong digit and every two neighbours that changed places.
"""

import re
from typing import NamedTuple

from stdnum import verhoeff

YEAR = re.compile(r"20[0-9]{2}")
# How a number is called before it is said: "Radicado No. PQR-2026-004817".
CALLED = re.compile(
    r"\W*(?:(?:EL|LA|DE|SU|MI|N[UÚ]MERO|NRO|NUM|NO|N\W?[º°]|RADICADO|RAD|SOLICITUD|PETICI[OÓ]N|CASO)(?!\w)\W*)+"
)
AS_KEPT = re.compile(r"[A-ZÑ]+-20\d\d-\d{6,}")
LENGTH = 6  # of a serial; a series that outgrows it has no leading zeros
LONGEST = 9


class Reading(NamedTuple):
    """One way to understand what was typed: the number as it is kept, and the check digit if it was given."""

    number: str
    check: str = ""

    @property
    def is_sound(self) -> bool:
        return self.check in ("", check_digit(self.number))


def filing_number(series: str, year: int, serial: int) -> str:
    """`PQR-2026-001234`."""
    return f"{series}-{year}-{serial:0{LENGTH}d}"


def check_digit(number: str) -> str:
    """Of a number as it is kept."""
    return str(verhoeff.calc_check_digit("".join(re.findall("[0-9]+", number))))


def readings(typed: str, *, series: str = "", year: int = 0) -> tuple[Reading, ...]:
    """What a typed number may mean, the likeliest first; nothing where it is no number.

    `pqr 2026 004 817` is `PQR-2026-004817`, with or without its check digit after it. Where `series` and `year` are
    given so are `2026-4817` and, in that year, `4817`. A seventh digit that nothing separates may be the serial's own
    or the check digit: where it could be both there are two readings.
    """
    parts = re.fullmatch("([^0-9]*)(.*)", typed.upper(), re.DOTALL)
    assert parts  # any text has them
    head, digits = parts.groups()
    said = "".join(re.findall("[A-ZÑ]+", head))
    letters = "".join(re.findall("[A-ZÑ]+", CALLED.sub("", head, count=1))) or series or said
    groups = re.findall("[0-9]+", digits)
    said_year, rest = _year_in(groups)
    year = said_year or year
    if not (letters and rest and year):
        return ()
    serials = [one for one in _serials(rest, year) if 0 < len(one[0].lstrip("0")) <= LONGEST]
    return tuple(Reading(filing_number(letters, year, int(serial)), check) for serial, check in serials)


def wrong_check(found: tuple[Reading, ...]) -> bool:
    """Whether a check digit was given and fits no reading: something was mistyped or misheard."""
    return bool(found) and not any(one.is_sound for one in found)


def _year_in(groups: list[str]) -> tuple[int, list[str]]:
    """The year that was said, or none, and what follows it."""
    if len(groups) > 1 and YEAR.fullmatch(groups[0]):
        return int(groups[0]), groups[1:]
    if groups and YEAR.match(groups[0]) and len(groups[0]) > LENGTH:
        return int(groups[0][:4]), [groups[0][4:], *groups[1:]]
    return 0, groups


def _serials(groups: list[str], year: int) -> list[tuple[str, str]]:
    """Serial and check digit, in each way that makes sense."""
    whole = "".join(groups)
    split = whole[:-1], whole[-1]
    if len(groups) > 1 and len(groups[-1]) == 1 and (len(whole) > LENGTH or len(groups[0]) > 1):
        return [split]
    if len(whole) <= LENGTH:
        return [(whole, "")]
    if whole.startswith("0"):
        return [split]
    return [(whole, ""), split] if verhoeff.is_valid(f"{year}{whole}") else [(whole, "")]


def numbers_in(text: str) -> set[str]:
    """The filing numbers in a text of ours, which says them as they are kept."""
    return set(AS_KEPT.findall(text))
