"""The only way in which a file leaves: to be saved, never to be run. What a page shows is a picture drawn by us."""

from collections.abc import Iterator

from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header

from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.documents.queries import open_original, open_shown
from escucha.contexts.documents.rules.copying import PICTURES, has_nothing_hidden
from escucha.contexts.documents.rules.naming import neutral_name, renamed

OCTETS = "application/octet-stream"
# Kinds that no browser runs. All others, those that a sender only claims among them, are plain octets.
HARMLESS = frozenset(
    [*PICTURES, "application/pdf", "application/zip", "audio/mpeg", "audio/ogg", "video/mp4", "image/heif"]
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def download(attachment: Attachment, *, inline: bool = False, sealed: bool = False) -> StreamingHttpResponse:
    """The file of an attachment that the caller has shown may be read, and of which it is known that it may leave.

    `inline` gives the picture drawn anew and nothing else. Of a reserved file goes its copy without hidden data;
    `sealed`, the bytes as received, after the act that opens them. Raises Http404 where that is not there.
    """
    file = attachment.file
    if file.state in (File.State.INFECTED, File.State.WAITING):
        raise Http404
    try:
        if inline or (file.reserved and not sealed and not has_nothing_hidden(file.kind)):
            return _copy(attachment, inline=inline)
        return _response(open_original(file), size=file.size, kind=file.kind, name=_name(attachment))
    except OSError:
        raise Http404 from None


def download_kept(file: File) -> StreamingHttpResponse:
    """A file that is attached to nothing, such as a letter of the intake ledger: its bytes as received, to be saved.

    Raises Http404 where they may not leave, or are not there.
    """
    if file.reserved or file.state in (File.State.INFECTED, File.State.WAITING):
        raise Http404
    try:
        return _response(open_original(file), size=file.size, kind=file.kind, name=file.name)
    except OSError:
        raise Http404 from None


def _copy(attachment: Attachment, *, inline: bool) -> StreamingHttpResponse:
    file = attachment.file
    if not file.shown or (inline and file.shown_kind not in PICTURES):
        raise Http404
    name = renamed(_name(attachment), file.shown_kind)
    return _response(open_shown(file), size=file.shown_size, kind=file.shown_kind, name=name, inline=inline)


def _name(attachment: Attachment) -> str:
    file = attachment.file
    return neutral_name(attachment.number, file.kind) if file.reserved else file.name


def _response(
    chunks: Iterator[bytes], *, size: int, kind: str, name: str, inline: bool = False
) -> StreamingHttpResponse:
    headers = HEADERS | {
        "Content-Length": str(size),
        "Content-Disposition": content_disposition_header(not inline, name) or "attachment",
    }
    return StreamingHttpResponse(chunks, content_type=kind if kind in HARMLESS else OCTETS, headers=headers)
