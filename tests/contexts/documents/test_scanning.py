"""What arrives is parked until ClamAV has looked. What it finds is never served again."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from escucha.console.health import Level, scanner_finding
from escucha.contexts.documents.gateways import clamd as gateway
from escucha.contexts.documents.gateways import store as bytes_kept
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.copying import make_copies
from escucha.contexts.documents.operations.scanning import LEASE, scan_waiting
from escucha.kernel.timeline.record import entries_about
from tests.cast import TUESDAY
from tests.contexts.documents.conftest import a_file, kept
from tests.contexts.documents.made import EICAR, a_photo, a_zip
from tests.contexts.documents.test_attaching import attached

MINUTE = timedelta(minutes=1)


@pytest.fixture
def scanner(settings, clamd):
    settings.CLAMD = clamd


@pytest.fixture
def nobody_there(settings, tmp_path):
    settings.CLAMD = f"unix:{tmp_path / 'nadie.sock'}"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def state_of(file):
    return File.objects.get(pk=file.pk).state


def verbs(house, subject):
    return [one.verb for one in entries_about(org=house.org, subject=subject)]


class TestWithTheRealScanner:
    def test_what_is_clean_can_be_had(self, cafetal, store, scanner):
        file = a_file(cafetal, a_photo(), name="foto.jpg")
        assert file.state == "waiting"
        assert scan_waiting(now=TUESDAY) == 1
        assert scan_waiting(now=TUESDAY) == 0
        assert state_of(file) == "clean"
        assert verbs(cafetal, file.subject) == ["documents.file_found_clean"]

    @pytest.mark.parametrize("content", [EICAR, a_zip({"dentro.txt": EICAR})], ids=["plain", "inside a zip"])
    def test_what_is_infected_stays_and_its_subjects_are_told(self, cafetal, store, scanner, content):
        file = a_file(cafetal, content, name="foto.txt")
        attached(cafetal, file), attached(cafetal, file, subject="case:78")
        assert scan_waiting(now=TUESDAY) == 1
        assert scan_waiting(now=TUESDAY) == 0
        file = File.objects.get()
        assert (file.state, file.found, file.look_at) == ("infected", "Prueba.Eicar.UNOFFICIAL", None)
        assert kept(store) == [file.key]
        for subject in (file.subject, "case:77", "case:78"):
            entry = entries_about(org=cafetal.org, subject=subject)[-1]
            assert entry.verb == "documents.file_found_infected"
            assert entry.data == {"file": file.pk, "found": "Prueba.Eicar.UNOFFICIAL"}

    def test_one_bad_file_never_stops_the_next(self, cafetal, store, scanner):
        lost, sick, well = a_file(cafetal), a_file(cafetal, EICAR), a_file(cafetal)
        bytes_kept.remove(lost.key)
        assert scan_waiting(now=TUESDAY) == 3
        assert [state_of(one) for one in (lost, sick, well)] == ["waiting", "infected", "clean"]
        assert File.objects.get(pk=lost.pk).error == "store FileNotFoundError"

    def test_what_the_scanner_takes_nothing_as_large_as_is_left_unscanned(self, cafetal, store, scanner):
        file = a_file(cafetal, b"x" * 3_000_000, name="largo.txt")
        scan_waiting(now=TUESDAY)
        file.refresh_from_db()
        assert (file.state, file.look_at, file.error) == ("unscanned", None, "too large")

    def test_nothing_at_all_is_clean(self, cafetal, store, scanner):
        file = a_file(cafetal, b"", name="vacio.txt")
        scan_waiting(now=TUESDAY)
        assert state_of(file) == "clean"

    def test_what_came_before_the_scanner_is_looked_at_after_what_waits(self, cafetal, store, settings, clamd):
        before = a_file(cafetal, EICAR, name="antes.txt")
        assert scan_waiting(now=TUESDAY) == 0 and state_of(before) == "unscanned"
        settings.CLAMD = clamd
        now = a_file(cafetal, b"hola", now=TUESDAY + MINUTE)
        assert scan_waiting(now=TUESDAY + MINUTE, limit=1) == 1
        assert [state_of(now), state_of(before)] == ["clean", "unscanned"]
        assert scan_waiting(now=TUESDAY + MINUTE) == 1
        assert state_of(before) == "infected"

    def test_what_is_found_late_loses_its_copy(self, cafetal, store, settings, clamd, commits):
        file = a_file(cafetal, a_photo() + EICAR, name="foto.jpg")
        assert make_copies(now=TUESDAY) == 1
        assert len(kept(store)) == 2
        settings.CLAMD = clamd
        with commits(execute=True):
            scan_waiting(now=TUESDAY)
        file.refresh_from_db()
        assert (file.state, file.shown) == ("infected", "")
        assert kept(store) == [file.key]

    def test_two_workers_ask_once_of_each(self, real_cafetal, store, scanner):
        files = [a_file(real_cafetal, f"archivo {n}".encode()) for n in range(8)]

        def work(_number):
            try:
                return scan_waiting(now=TUESDAY)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(work, range(4))) == 8
        for file in files:
            assert verbs(real_cafetal, file.subject) == ["documents.file_found_clean"]


class TestWithoutAnAnswer:
    def test_a_file_is_put_off_ever_longer_and_stays_parked(self, cafetal, store, nobody_there):
        file, now, waits = a_file(cafetal), TUESDAY, []
        for _each in range(9):
            assert scan_waiting(now=now) == 1
            assert scan_waiting(now=now) == 0
            file.refresh_from_db()
            waits.append((file.look_at - now) / MINUTE)
            now = file.look_at
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        assert (file.state, file.error) == ("waiting", "clamd FileNotFoundError")

    def test_a_worker_that_dies_leaves_it_to_another(self, cafetal, store, settings, clamd, monkeypatch):
        settings.CLAMD = clamd
        file = a_file(cafetal)
        with monkeypatch.context() as patch:
            patch.setattr(gateway, "scan", lambda _chunks: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                scan_waiting(now=TUESDAY)
        assert scan_waiting(now=TUESDAY + LEASE - MINUTE) == 0
        assert scan_waiting(now=TUESDAY + LEASE) == 1
        assert state_of(file) == "clean"

    @pytest.mark.parametrize("answer", [b"", b"ERROR\0", b"stream: algo raro ERROR\0", b"\xff\xfe\0", b"x" * 9000])
    def test_an_answer_that_is_no_verdict_is_none(self, settings, answer):
        with socket.create_server(("127.0.0.1", 0)) as server:
            settings.CLAMD = f"tcp://127.0.0.1:{server.getsockname()[1]}"
            thread = threading.Thread(target=_answer_once, args=(server, answer))
            thread.start()
            with pytest.raises(gateway.Unavailable):
                gateway.scan([b"hola"])
            thread.join()

    def test_one_that_never_answers_is_not_waited_for(self, settings, monkeypatch, tmp_path):
        monkeypatch.setattr(gateway, "SHORT_PATIENCE", 0.05)
        line = str(tmp_path / "mudo.sock")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(line)
            server.listen()
            settings.CLAMD = f"unix:{line}"
            ended = threading.Timer(5, server.shutdown, [socket.SHUT_RDWR])
            ended.start()
            assert not gateway.answers()
            assert ended.is_alive()
            ended.cancel()

    def test_without_a_scanner_nothing_is_parked(self, cafetal, store, settings):
        settings.CLAMD = ""
        assert a_file(cafetal).state == "unscanned"
        assert scan_waiting(now=TUESDAY) == 0

    def test_what_we_write_ourselves_is_not_asked_about(self, cafetal, store, scanner):
        assert a_file(cafetal, purpose="generated").state == "clean"
        assert scan_waiting(now=TUESDAY) == 0


def _answer_once(server, answer):
    line, _address = server.accept()
    with line:
        while not line.recv(4096).endswith(bytes(4)):
            pass
        line.sendall(answer)


def test_the_doctor_finds_it_there(scanner, settings):
    assert scanner_finding(settings.CLAMD).level == Level.WELL
