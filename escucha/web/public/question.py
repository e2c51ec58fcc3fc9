"""A question that people answer without looking or listening, for a visitor who files very often. No third parties.

It is a small sum in words, which any screen reader reads. What is signed says the sum to nobody, holds for an hour and
for one filing.
"""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext

from escucha.contexts.people.operations import note_try
from escucha.kernel.words import _
from escucha.web.public.limits import key_of
from escucha.web.ui.requests import HouseRequest

SALT = "escucha.public.question"
HOLDS = timedelta(hours=1)
NUMBERS = [
    _("cero"), _("uno"), _("dos"), _("tres"), _("cuatro"), _("cinco"), _("seis"), _("siete"), _("ocho"), _("nueve"),
    _("diez"), _("once"), _("doce"), _("trece"), _("catorce"), _("quince"), _("dieciséis"), _("diecisiete"),
    _("dieciocho"),
]  # fmt: skip


class Question(NamedTuple):
    words: str
    token: str


def new_question(*, now: datetime) -> Question:
    """`¿Cuánto es siete más cuatro?`, and what must come back with its answer."""
    one, other = secrets.choice(range(2, 10)), secrets.choice(range(2, 10))
    asked = gettext("¿Cuánto es {one} más {other}?").format(one=gettext(NUMBERS[one]), other=gettext(NUMBERS[other]))
    start = f"{secrets.token_urlsafe(12)}.{int(now.timestamp())}"
    return Question(asked, f"{start}.{_signature(start, one + other)}")


def is_answered(request: HouseRequest, *, token: str, said: str) -> bool:
    """Whether the answer, in digits or in words, is the one of a question of ours that was not used before."""
    start, _dot, signature = token.rpartition(".")
    asked_at = start.rpartition(".")[2]
    number = _number(said)
    if not asked_at.isdecimal() or number is None or not constant_time_compare(signature, _signature(start, number)):
        return False
    age = request.now.timestamp() - int(asked_at)
    if not 0 <= age + 1 < HOLDS.total_seconds():
        return False
    return note_try(org=request.org, limits={key_of("question", start): 1}, now=request.now) is None


def _number(said: str) -> int | None:
    plain = _plain(said)
    if re.fullmatch(r"[0-9]{1,3}", plain):
        return int(plain)
    words = {_plain(word): number for number, text in enumerate(NUMBERS) for word in (text, gettext(text))}
    return words.get(plain)


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).rstrip(".")


def _signature(start: str, number: int) -> str:
    return salted_hmac(SALT, f"{start}={number}", algorithm="sha256").hexdigest()
