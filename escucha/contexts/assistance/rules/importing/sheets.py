"""The rows of a file, one by one and as text, whatever program wrote it; memory does not grow with the file.

A formula is never computed: of a book, what its program last saw in the cell; of a text, its letters.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import IO

from escucha.contexts.assistance.rules.importing.books import BROKEN, LONGEST_CELL, MOST_COLUMNS, plain, rows_of_book

CHUNK = 1 << 20
SEPARATORS = ";,\t|"
LINES_LOOKED_AT = 12
OCTETS_LOOKED_AT = 1 << 16
Row = tuple[int, Sequence[str]]  # its number, as the program that shows the file counts them


class FileKind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class Unreadable(ValueError):
    """It is no file of rows, or it is broken."""


def kind_of_sheet(file: IO[bytes]) -> FileKind:
    """What the file is by its first octets, whatever its name ends in. Raises Unreadable."""
    file.seek(0)
    start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return FileKind.XLSX
    if not start or start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        raise Unreadable
    return FileKind.CSV


def rows_of(file: IO[bytes], kind: str) -> Iterator[Row]:
    """The rows that say something, in their order. Raises Unreadable, before the first or at the broken place."""
    found = rows_of_book(file) if kind == FileKind.XLSX else _rows_of_text(file)
    try:
        for number, cells in found:
            if any(cells):
                yield number, cells
    except (csv.Error, UnicodeError, *BROKEN) as error:
        raise Unreadable from error


def _rows_of_text(file: IO[bytes]) -> Iterator[Row]:
    encoding = _encoding_of(file)
    file.seek(0)
    separator = _separator_of(file.read(OCTETS_LOOKED_AT).decode(encoding, "replace"))
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        csv.field_size_limit(LONGEST_CELL)
        for number, cells in enumerate(csv.reader(text, delimiter=separator), 1):
            yield number, list(map(plain, cells[:MOST_COLUMNS]))
    finally:
        text.detach()


def _encoding_of(file: IO[bytes]) -> str:
    """By its mark, if it has one; UTF-8 where all of it is; what is left is what old programs write."""
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _separator_of(head: str) -> str:
    """That which cuts most of its first lines into the same number of cells. Inside quotes it cuts nothing."""
    lines = head.splitlines()[:LINES_LOOKED_AT]

    def agreement(separator: str) -> tuple[int, int]:
        cells = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1)
        return max(((times, many) for many, times in cells.items()), default=(0, 0))

    return max(SEPARATORS, key=agreement)
