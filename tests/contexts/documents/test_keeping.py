"""A file is kept byte for byte, under a key that says nothing, before its row is there; or it is explained why not."""

import hashlib
import io
import os
import re
import stat
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from escucha.contexts.documents.gateways import store as bytes_kept
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.documents.operations.refusal import Refused, TooBig
from escucha.contexts.documents.operations.sweeping import GRACE, sweep_orphans
from escucha.contexts.documents.queries import open_original
from tests.cast import TUESDAY
from tests.contexts.documents.conftest import a_file, kept
from tests.contexts.documents.made import a_pdf, a_photo

DAY = timedelta(days=1)


class Died(BaseException):
    """The process was killed here."""


class TestTheBytes:
    @pytest.mark.parametrize(
        "given",
        [
            lambda content: content,
            lambda content: io.BytesIO(content),
            lambda content: iter([content[:7], b"", content[7:]]),
            lambda content: SimpleUploadedFile("foto.jpg", content),
        ],
        ids=["bytes", "stream", "chunks", "upload"],
    )
    def test_are_kept_as_they_came(self, cafetal, store, given):
        content = a_photo()
        file = a_file(cafetal, given(content), name="foto.jpg", claimed_kind="text/html")
        assert b"".join(open_original(file)) == content
        assert (file.size, file.digest) == (len(content), hashlib.sha256(content).hexdigest())
        assert (file.kind, file.claimed_kind, file.state) == ("image/jpeg", "text/html", "unscanned")

    def test_of_nothing_are_a_file_too(self, cafetal, store):
        file = a_file(cafetal, b"", name="vacio.txt")
        assert (file.size, file.kind, b"".join(open_original(file))) == (0, "application/x-empty", b"")

    def test_go_by_in_small_pieces(self, cafetal, store):
        def read():
            for _each in range(200):
                yield b"x" * 50_000

        file = a_file(cafetal, read(), name="largo.txt")
        largest = max(len(chunk) for chunk in open_original(file))
        assert file.size == 10_000_000 and largest <= bytes_kept.CHUNK

    def test_are_read_by_nobody_else(self, cafetal, store):
        file = a_file(cafetal)
        place = store / file.key
        modes = [stat.S_IMODE(os.stat(one).st_mode) for one in (place, place.parent, place.parent.parent, store)]
        assert modes == [0o600, 0o700, 0o700, 0o700]


class TestTheKey:
    def test_cannot_be_guessed_and_says_no_name(self, cafetal, store):
        """FreeScout CVE-2026-40496 and Zammad CVE-2024-33668: whoever guesses a token reads the file."""
        keys = {a_file(cafetal, name="denuncia de Ana.txt").key for _each in range(20)}
        assert len(keys) == 20
        for key in keys:
            assert re.fullmatch(r"2026/03/03/[0-9a-f]{40}", key)

    @pytest.mark.parametrize("name", ["../../../tmp/x", "/etc/cron.d/x", "..\\x", "a/../../b", "x\x00.pdf"])
    def test_is_never_made_of_the_name(self, cafetal, store, name):
        """OTRS CVE-2005-3895 and its like: a name with a path writes where it wants."""
        file = a_file(cafetal, name=name)
        assert kept(store) == [file.key]
        assert file.original_name == name.replace("\x00", "")


class TestTheName:
    def test_is_made_safe_and_kept_as_it_came(self, cafetal, store):
        file = a_file(cafetal, a_pdf(), name="../<b>Cédula\u202e.pdf")
        assert (file.name, file.original_name) == ("b Cédula.pdf", "../<b>Cédula\u202e.pdf")

    def test_of_a_reserved_file_is_neutral(self, cafetal, store):
        file = a_file(cafetal, a_pdf(), name="Denuncia de Ana contra Otto.pdf", reserved=True)
        assert (file.name, file.original_name) == ("archivo.pdf", "Denuncia de Ana contra Otto.pdf")

    def test_with_half_a_letter_is_kept_all_the_same(self, cafetal, store):
        assert a_file(cafetal, name="\ud83dx.txt" * 200).original_name.startswith("?x.txt")


class TestWhatIsNotTaken:
    def test_more_than_the_policy_leaves_nothing(self, cafetal, store):
        with pytest.raises(TooBig) as refused:
            a_file(cafetal, (b"x" * 1_000_000 for _each in range(30)), name="video.mp4")
        assert str(refused.value) == "«video.mp4» pesa más de 25 MB. Envíe una copia más liviana o divídalo en partes."
        assert kept(store) == [] and not File.objects.exists()

    def test_reading_stops_at_the_limit(self, cafetal, store):
        gone_by = []

        def endless():
            while True:
                gone_by.append(1)
                yield b"x" * 1000

        with pytest.raises(TooBig):
            a_file(cafetal, endless(), limit=5000)
        assert len(gone_by) < 200

    def test_the_limit_itself_is_taken(self, cafetal, store):
        assert a_file(cafetal, b"x" * 5000, limit=5000).size == 5000

    def test_a_program_is_explained_and_leaves_nothing(self, cafetal, store):
        with pytest.raises(Refused) as refused:
            a_file(cafetal, b"MZ\x00\x01" + bytes(60), name="recibo.pdf")
        assert "foto o un PDF" in str(refused.value)
        assert kept(store) == [] and not File.objects.exists()

    def test_a_whole_mail_is_taken_whatever_it_is(self, cafetal, store):
        file = a_file(cafetal, b"MZ\x00\x01" + bytes(60), name="x.exe", purpose=File.Purpose.RAW_MAIL)
        assert file.purpose == "raw_mail"

    def test_what_breaks_on_the_way_leaves_nothing(self, cafetal, store):
        def broken():
            yield b"primera parte"
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            a_file(cafetal, broken())
        assert kept(store) == [] and not File.objects.exists()


class TestACrash:
    def test_between_the_file_and_its_row_leaves_a_file_that_is_swept(self, cafetal, store, monkeypatch):
        there = a_file(cafetal)
        with pytest.raises(Died), transaction.atomic():
            a_file(cafetal, b"de nadie")
            raise Died
        assert len(kept(store)) == 2 and File.objects.count() == 1
        assert sweep_orphans(now=TUESDAY + DAY) == 0  # its row could still come
        assert sweep_orphans(now=TUESDAY + GRACE * DAY) == 1
        assert sweep_orphans(now=TUESDAY + GRACE * DAY) == 0
        assert kept(store) == [there.key]
        assert b"".join(open_original(there)) == b"Prueba"

    def test_while_writing_leaves_a_part_that_is_swept(self, cafetal, store, monkeypatch):
        monkeypatch.setattr(os, "fsync", lambda _file: os._exit(9))
        if (child := os.fork()) == 0:
            try:
                bytes_kept.put([b"a medias"], on=TUESDAY.date())
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        assert not [one for one in kept(store) if not one.endswith(".part")]
        sweep_orphans(now=TUESDAY + GRACE * DAY)
        assert kept(store) == []

    def test_never_leaves_a_row_without_its_bytes(self, cafetal, store, monkeypatch):
        seen = []
        monkeypatch.setattr(File.objects, "create", lambda **row: seen.append((store / row["key"]).read_bytes()))
        keep_file(org=cafetal.org, content=b"primero los bytes", name="a.txt", now=TUESDAY)
        assert seen == [b"primero los bytes"]

    def test_the_copies_of_files_are_not_orphans(self, cafetal, store):
        file = a_file(cafetal, a_photo(), name="a.jpg")
        File.objects.filter(pk=file.pk).update(shown=bytes_kept.put([b"copia"], on=TUESDAY.date()))
        assert sweep_orphans(now=TUESDAY + 5 * DAY) == 0
        assert len(kept(store)) == 2
