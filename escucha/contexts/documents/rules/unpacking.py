"""Archives made by hostile hands: what may be read to open one, and all the ways in which reading it fails."""

import lzma
import struct
import zipfile
import zlib
from typing import IO

MOST_LISTED = 2 * 1024 * 1024  # octets of the list of parts: some twenty thousand
# Others swell without measure in one step, whatever is asked of them; no program packs documents with them.
MEASURED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    ArithmeticError,
    RuntimeError,  # a password, or a packing nobody knows
    MemoryError,
)


class Sparing:
    """A file for an archive's reader, which reads the list of parts in one go and makes an object of each of them."""

    def __init__(self, file: IO[bytes]):
        self.file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > MOST_LISTED:
            raise zipfile.BadZipFile("too many parts")
        return self.file.read(size)


def opened_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive in a file. Raises one of BROKEN."""
    return zipfile.ZipFile(Sparing(file))  # type: ignore[arg-type]  # all that it asks of a file


def is_measured(part: zipfile.ZipInfo) -> bool:
    """Whether what a part holds can be unpacked a little at a time."""
    return part.compress_type in MEASURED
