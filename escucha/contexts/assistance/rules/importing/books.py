"""The rows of the first sheet of an XLSX book, read as they come.

openpyxl opens the book; its cells are told by expat, several times as fast as objects of them would be made, and the
texts that cells share are put aside on disk, since a client's book may have millions.
"""

import marshal
import tempfile
import warnings
from abc import ABC, abstractmethod
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS

from escucha.contexts.documents.rules.unpacking import BROKEN as BROKEN_ARCHIVE

BROKEN = (*BROKEN_ARCHIVE, expat.ExpatError, ParseError, InvalidFileException, TypeError, AttributeError)
CHUNK = 1 << 18
MOST_COLUMNS = 80
LONGEST_CELL = 1 << 16
LARGEST_PART = 1 << 25  # octets of what is read whole
SMALL = (".rels", "styles.xml", "workbook.xml", "[Content_Types].xml")
BLOCK, BLOCKS_AT_HAND = 256, 512
Row = tuple[int, Sequence[str]]


class Strange(ValueError):
    """The book has what no program that writes books puts in one."""


def rows_of_book(file: IO[bytes]) -> Iterator[Row]:
    """Each row with its number. Raises one of BROKEN."""
    file.seek(0)
    book = _Book(file)
    with tempfile.TemporaryFile() as aside:
        reader = _Sheet(_Shared(book.texts(), aside), book.dates, book.wb.epoch)
        with book.archive.open(book.first_sheet()) as part:
            yield from reader.rows(part)


class _Book(ExcelReader):
    """Everything of a book but its cells and the texts that they share: those are read when they are asked for."""

    def __init__(self, file: IO[bytes]):
        super().__init__(file, read_only=True, data_only=True, keep_links=False)
        if any(one.file_size > LARGEST_PART for one in self.archive.infolist() if one.filename.endswith(SMALL)):
            raise Strange
        self.read_manifest()
        self.read_workbook()
        with warnings.catch_warnings():  # it regrets aloud what other programs leave out
            warnings.simplefilter("ignore")
            apply_stylesheet(self.archive, self.wb)
        self.dates: set[int] = self.wb._date_formats

    def first_sheet(self) -> str:
        """Where the first sheet that has cells is."""
        found = (rel.target for _sheet, rel in self.parser.find_sheets() if "chartsheet" not in rel.Type)
        return next((str(one) for one in found if one in self.valid_files), "")

    def texts(self) -> Iterator[str]:
        part_of_texts = self.package.find(SHARED_STRINGS)
        if part_of_texts is not None:
            with self.archive.open(part_of_texts.PartName[1:]) as part:
                yield from _Texts().texts(part)


class _Shared:
    """The shared texts by their place: read as far as was asked for, in blocks that go to disk."""

    def __init__(self, texts: Iterator[str], aside: IO[bytes]):
        self.texts, self.aside = texts, aside
        self.places: list[int] = []
        self.filling: list[str] = []
        self.at_hand: OrderedDict[int, list[str]] = OrderedDict()

    def __getitem__(self, place: int) -> str:
        block, inside = divmod(place, BLOCK)
        while block > len(self.places) or (block == len(self.places) and inside >= len(self.filling)):
            self._read_one()
        if block == len(self.places):
            return self.filling[inside]
        return self._block(block)[inside]

    def _read_one(self) -> None:
        text = next(self.texts, None)
        if text is None:
            raise Strange
        self.filling.append(text)
        if len(self.filling) == BLOCK:
            self.places.append(self.aside.seek(0, 2))
            self.aside.write(marshal.dumps(self.filling))
            self._keep(len(self.places) - 1, self.filling)
            self.filling = []

    def _block(self, number: int) -> list[str]:
        found = self.at_hand.get(number)
        if found is not None:
            self.at_hand.move_to_end(number)
            return found
        self.aside.seek(self.places[number])
        read: list[str] = marshal.load(self.aside)
        self._keep(number, read)
        return read

    def _keep(self, number: int, block: list[str]) -> None:
        self.at_hand[number] = block
        if len(self.at_hand) > BLOCKS_AT_HAND:
            self.at_hand.popitem(last=False)


class _Parts(ABC):
    """What both kinds of part have: they come in pieces, and name nothing outside themselves."""

    def __init__(self) -> None:
        self.found: deque[Any] = deque()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self._refuse

    @abstractmethod
    def start(self, name: str, said: Mapping[str, str]) -> None: ...

    @abstractmethod
    def end(self, name: str) -> None: ...

    @abstractmethod
    def text(self, text: str) -> None: ...

    def things(self, part: IO[bytes]) -> Iterator[Any]:
        while chunk := part.read(CHUNK):
            self.parser.Parse(chunk, False)
            while self.found:
                yield self.found.popleft()
        self.parser.Parse(b"", True)
        yield from self.found

    def _refuse(self, *_said: object) -> None:
        raise Strange


class _Texts(_Parts):
    """`sharedStrings.xml`: the runs of a text are one; how it is read aloud is no part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.listens = self.aloud = False

    def texts(self, part: IO[bytes]) -> Iterator[str]:
        yield from self.things(part)

    def start(self, name: str, said: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "si":
            self.words = []
        elif tag == "rPh":
            self.aloud = True
        elif tag == "t":
            self.listens = not self.aloud

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "si":
            self.found.append(plain("".join(self.words)))
        elif tag == "rPh":
            self.aloud = False
        elif tag == "t":
            self.listens = False

    def text(self, text: str) -> None:
        if self.listens and len(text) <= LONGEST_CELL:
            self.words.append(text)


class _Sheet(_Parts):
    """`sheet1.xml`. A cell says its place, or stands after the one before; so does a row."""

    def __init__(self, shared: _Shared, dates: set[int], epoch: datetime):
        super().__init__()
        self.shared, self.dates, self.epoch = shared, dates, epoch
        self.columns: dict[str, int] = {}
        self.number, self.cells = 0, dict[int, str]()
        self.column, self.kind, self.style = -1, "", "0"
        self.words: list[str] = []
        self.listens = self.aloud = False

    def rows(self, part: IO[bytes]) -> Iterator[Row]:
        yield from self.things(part)

    def start(self, name: str, said: Mapping[str, str]) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "c":
            letters = said["r"].rstrip("0123456789") if "r" in said else ""
            self.column = self.columns.get(letters, -2) if letters else self.column + 1
            if self.column == -2:
                self.column = self._new_column(letters)
            self.kind, self.style = said.get("t", "n"), said.get("s", "0")
            self.words = []
        elif tag in ("v", "t"):
            self.listens = not self.aloud
        elif tag == "row":
            self.number, self.cells, self.column = int(said.get("r", self.number + 1)), {}, -1
        elif tag == "rPh":
            self.aloud = True

    def text(self, text: str) -> None:
        if self.listens and len(text) <= LONGEST_CELL:
            self.words.append(text)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag in ("v", "t"):
            self.listens = False
        elif tag == "c":
            if self.words and self.column < MOST_COLUMNS:
                words = self.words
                self.cells[self.column] = self._value(words[0] if len(words) == 1 else "".join(words))
        elif tag == "row":
            cells = self.cells
            self.found.append((self.number, [cells.get(one, "") for one in range(max(cells, default=-1) + 1)]))
        elif tag == "rPh":
            self.aloud = False

    def _new_column(self, letters: str) -> int:
        number = 0
        for letter in letters[:3]:
            number = number * 26 + ord(letter) - 64
        self.columns[letters] = number - 1
        return number - 1

    def _value(self, said: str) -> str:
        if self.kind == "s":
            return self.shared[int(said)]
        if self.kind == "n":
            return self._number(said)
        if self.kind == "b":
            return "sí" if said.strip() == "1" else "no"
        return "" if self.kind == "e" else plain(said)

    def _number(self, said: str) -> str:
        """As it is shown: `3000000001` and not `3000000001.0` or `3E9`; a day where its format says so."""
        if int(self.style) in self.dates:
            found = from_excel(float(said), self.epoch)
            if isinstance(found, datetime):
                return found.date().isoformat() if found.time() == time() else found.isoformat(" ", "minutes")
            return str(found)
        if said.isdecimal():
            return said
        number = float(said)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else said


def plain(text: str) -> str:
    """Trimmed, without line breaks and signs that no screen shows."""
    text = text.strip()
    if text.isprintable():
        return text
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
