"""The facts of files: ids, sizes, digests and kinds. Names are rows, which can be erased."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class FileAttached(Fact):
    attachment: int
    number: int
    file: int
    kind: str  # of attachment
    size: int
    digest: str
    content: str  # the kind found in the bytes

    verb = "documents.file_attached"
    sentence = _("Se adjuntó el anexo {number}")


@dataclass(frozen=True, kw_only=True)
class FileDetached(Fact):
    attachment: int
    number: int
    file: int

    verb = "documents.file_detached"
    sentence = _("Se quitó el anexo {number}")


@dataclass(frozen=True, kw_only=True)
class FileReattached(Fact):
    attachment: int
    number: int
    file: int

    verb = "documents.file_reattached"
    sentence = _("Se repuso el anexo {number}")


@dataclass(frozen=True, kw_only=True)
class FileFoundInfected(Fact):
    file: int
    found: str

    verb = "documents.file_found_infected"
    sentence = _("El antivirus encontró {found} en un anexo: no se puede descargar")


@dataclass(frozen=True, kw_only=True)
class FileFoundClean(Fact):
    file: int

    verb = "documents.file_found_clean"
    sentence = _("El antivirus revisó un anexo: puede descargarse")


@dataclass(frozen=True, kw_only=True)
class FilesKeptBack(Fact):
    files: int  # how many

    verb = "documents.files_kept_back"
    sentence = _("Se reservaron los anexos que ya tenía: {files}")


@dataclass(frozen=True, kw_only=True)
class OriginalOpened(Fact):
    attachment: int
    number: int
    file: int
    digest: str

    verb = "documents.original_opened"
    sentence = _("Se abrió el original reservado del anexo {number}")
