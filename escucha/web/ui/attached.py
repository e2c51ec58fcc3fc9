"""Attachments as a page lists them: name, kind and size in words, and why one cannot be had."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.utils.translation import gettext

from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.rules.copying import PICTURES, has_nothing_hidden
from escucha.contexts.documents.rules.naming import neutral_name
from escucha.contexts.documents.rules.taking import blockers_to_download, megabytes
from escucha.kernel.words import _

KINDS = [  # how the kind begins, and how it is said
    ("image/svg", _("Dibujo")),
    ("image/", _("Imagen")),
    ("application/pdf", _("PDF")),
    ("message/", _("Correo")),
    ("text/html", _("Página web")),
    ("text/", _("Texto")),
    ("audio/", _("Audio")),
    ("video/", _("Video")),
    ("application/zip", _("Carpeta comprimida")),
    ("application/vnd.openxmlformats-officedocument.spreadsheet", _("Hoja de cálculo")),
    ("application/vnd.oasis.opendocument.spreadsheet", _("Hoja de cálculo")),
    ("application/vnd.ms-excel", _("Hoja de cálculo")),
    ("application/vnd.openxmlformats-officedocument.presentation", _("Presentación")),
    ("application/vnd.oasis.opendocument.presentation", _("Presentación")),
    ("application/vnd.openxmlformats-officedocument.word", _("Documento de texto")),
    ("application/vnd.oasis.opendocument.text", _("Documento de texto")),
    ("application/msword", _("Documento de texto")),
    ("application/rtf", _("Documento de texto")),
    ("application/x-empty", _("Archivo vacío")),
]
STATES = {
    File.State.WAITING: ("warn", _("En revisión")),
    File.State.INFECTED: ("danger", _("Con virus")),
    File.State.CLEAN: ("", ""),
    File.State.UNSCANNED: ("", ""),
}


class Line(NamedTuple):
    """One attachment. Without `url` it cannot be had, and `why` says so."""

    number: int
    name: str
    kind: str
    size: str
    badge: str
    variant: str
    why: str
    url: str
    picture: str  # address of the picture drawn anew
    act: str  # address that takes it off, or puts it back


Address = Callable[[Attachment], str]


def lines_of(
    attachments: Iterable[Attachment],
    *,
    policy: DocumentsPolicy,
    url: Address,
    picture: Address | None = None,
    act: Address | None = None,
) -> list[Line]:
    """The lines of a list. `act` says where each is taken off or put back, for who may."""
    return [_line(one, policy, url, picture, act) for one in attachments]


def _line(one: Attachment, policy: DocumentsPolicy, url: Address, picture: Address | None, act: Address | None) -> Line:
    file = one.file
    blockers = blockers_to_download(
        state=file.state,
        serve_unscanned=policy.serve_unscanned,
        reserved=file.reserved,
        has_copy=bool(file.shown) or has_nothing_hidden(file.kind),
    )
    variant, badge = STATES[File.State(file.state)]
    seen = picture and not blockers and file.shown_kind in PICTURES
    return Line(
        number=one.number,
        name=neutral_name(one.number, file.kind) if file.reserved else file.name,
        kind=kind_in_words(file.kind),
        size=megabytes(file.size),
        badge=gettext(badge) if badge else "",
        variant=variant,
        why=gettext(blockers[0]) if blockers else "",
        url="" if blockers else url(one),
        picture=picture(one) if picture and seen else "",
        act=act(one) if act else "",
    )


def kind_in_words(kind: str) -> str:
    return gettext(next((words for start, words in KINDS if kind.startswith(start)), _("Archivo")))
