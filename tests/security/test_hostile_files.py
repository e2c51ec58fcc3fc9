"""Files made to harm who receives them: each was shown here before it was mended."""

import errno
import io
import struct
import threading
import tracemalloc
import zipfile

import pytest
from PIL import Image

from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations import stripping
from escucha.contexts.documents.operations.copying import make_copies
from escucha.contexts.documents.operations.redrawing import redrawn
from escucha.contexts.documents.operations.stripping import stripped_office
from escucha.contexts.documents.rules.copying import NoCopy
from escucha.contexts.documents.rules.naming import LONGEST, safe_name
from escucha.contexts.documents.rules.sniffing import OCTETS, kind_of
from tests.cast import TUESDAY
from tests.contexts.documents.conftest import a_file
from tests.contexts.documents.made import a_letter, a_photo, a_zip


def broken(archive: bytes) -> bytes:
    """The same archive, with what its first part holds spoilt."""
    start = 30 + int.from_bytes(archive[26:28], "little") + int.from_bytes(archive[28:30], "little")
    return archive[:start] + b"\xff" * 8 + archive[start + 8 :]


def a_crowd(many: int) -> bytes:
    """An archive that lists hundreds of thousands of parts, all of them the same one."""
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    one = b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    said = struct.pack("<HHHHIIH", 0, 0, many & 0xFFFF, many & 0xFFFF, len(one) * many, len(local), 0)
    return local + one * many + b"PK\5\6" + said


def memory_of(act) -> int:
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class TestHostileArchives:
    def test_one_whose_first_part_is_spoilt_is_still_received(self, cafetal, store):
        """It stopped the form, and the whole e-mail that brought it."""
        spoilt = broken(a_zip({"mimetype": b"application/vnd.oasis.opendocument.text" * 9}))
        assert a_file(cafetal, spoilt, name="carta.odt").kind == OCTETS

    def test_one_that_lists_too_many_parts_is_not_listed(self):
        """Twenty megabytes of list made two hundred of objects, in the process that attends pages."""
        crowd = io.BytesIO(a_crowd(200_000))
        assert kind_of(crowd) == OCTETS
        assert memory_of(lambda: kind_of(crowd)) < 5 * 1024 * 1024

    def test_one_with_many_parts_is_known_all_the_same(self):
        assert kind_of(io.BytesIO(a_zip({f"foto-{n}.jpg": b"" for n in range(5_000)}))) == "application/zip"

    def test_a_spoilt_document_has_no_copy_and_is_given_up(self, cafetal, store):
        spoilt = broken(a_letter())
        file = File.objects.get(pk=a_file(cafetal, spoilt, name="carta.docx", reserved=True).pk)
        assert make_copies(now=TUESDAY) == 1
        file.refresh_from_db()
        assert (file.shown, file.copy_at, file.error) == ("", None, "copy package")

    def test_a_part_that_swells_in_one_step_is_never_unpacked(self, monkeypatch):
        """bzip2 gives all it has at once: what was counted afterwards had already filled the memory."""
        monkeypatch.setattr(stripping, "MOST_UNPACKED", 1024 * 1024)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_BZIP2) as archive:
            archive.writestr("word/document.xml", bytes(60 * 1024 * 1024))
        assert len(made.getvalue()) < 5_000

        def strip():
            with pytest.raises(NoCopy):
                stripped_office(io.BytesIO(made.getvalue()), io.BytesIO())

        assert memory_of(strip) < 10 * 1024 * 1024


class TestNames:
    def test_a_name_of_millions_of_signs_is_cut_at_once(self):
        """It was shortened sign by sign, encoding all of it each time."""
        done = threading.Event()

        def cut():
            assert len(safe_name("ñ" * 3_000_000 + ".pdf")) <= LONGEST
            done.set()

        threading.Thread(target=cut, daemon=True).start()
        assert done.wait(10)

    def test_and_keeps_its_ending(self):
        assert safe_name("x" * 5_000 + ".pdf").endswith("x.pdf")
        assert safe_name("carpeta/" * 400 + "foto.jpg") == "foto.jpg"


def test_a_picture_whose_notes_cannot_be_written_has_no_copy(monkeypatch):
    """`struct.error` of a TIFF with spoilt notes went through to the worker."""

    def spoilt(*_said):
        raise struct.error("required argument is not an integer")

    monkeypatch.setattr(Image.Image, "thumbnail", spoilt)
    with pytest.raises(NoCopy, match="image"):
        redrawn(io.BytesIO(a_photo()), io.BytesIO())


class FullDisk(io.BytesIO):
    def write(self, _said):
        raise OSError(errno.ENOSPC, "No space left on device")


class LostDisk(io.BytesIO):
    def read(self, *_said):
        raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(("original", "made"), [(io.BytesIO, FullDisk), (LostDisk, io.BytesIO)])
def test_a_disk_that_fails_says_nothing_of_the_picture(original, made):
    """It was taken for a broken image, and its copy given up for good."""
    with pytest.raises(OSError, match="No space|Input/output"):
        redrawn(original(a_photo()), made())
