"""What a receipt tells of what came: its attachments, what looks odd in its data, and whether it was sent before."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpResponse

from escucha.contexts.cases.models import Case
from escucha.contexts.documents.queries import files_about
from escucha.contexts.documents.rules.taking import megabytes
from escucha.web.ui.attached import kind_in_words
from escucha.web.ui.requests import HouseRequest

SEEN, SALT = "recibos", "escucha.public.received"
PLACE, MOST = "/recibo/", 5


class Received(NamedTuple):
    number: int
    name: str
    about: str


def papers_of(case: Case) -> Sequence[Received]:
    """The attachments with which it was filed, as their person named them. They are listed, not served."""
    found = files_about(org=case.org, subject=case.subject)
    return [
        Received(one.number, one.file.name, f"{kind_in_words(one.file.kind)}, {megabytes(one.file.size)}")
        for one in found
    ]


def receipts_seen(request: HouseRequest) -> Sequence[str]:
    """The codes of the receipts that this browser opened since it was started, the last one first."""
    kept = request.get_signed_cookie(SEEN, default="", salt=SALT) or ""
    return [code for code in kept.split(".") if code]


def remember(request: HouseRequest, response: HttpResponse, codes: Sequence[str]) -> None:
    """Until the browser is closed, and only for the pages of receipts. Of many, the last ones."""
    response.set_signed_cookie(
        SEEN,
        ".".join(codes[:MOST]),
        salt=SALT,
        path=PLACE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
