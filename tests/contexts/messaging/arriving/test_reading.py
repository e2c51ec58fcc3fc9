"""Mailboxes are read from a real server: kept first, marked afterwards, each letter once whatever happens between."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.operations import reading
from escucha.contexts.messaging.operations.reading import read_mailbox
from tests.cast import TUESDAY
from tests.contexts.messaging.arriving.conftest import Box
from tests.contexts.messaging.arriving.dovecot import dovecot
from tests.contexts.messaging.arriving.letters import a_letter, of_corpus
from tests.make import a_house

HOUR = timedelta(hours=1)


def read(box, **said):
    return read_mailbox(org=box.house.org, key=box.key, **{"now": TUESDAY} | said)


def in_ledger():
    return list(Arrival.objects.order_by("uid").values_list("uid", "state"))


class TestAMailbox:
    def test_is_read_once_and_marked(self, postbox):
        at = datetime(2026, 3, 2, 20, 15, 30, tzinfo=UTC)
        postbox.put(of_corpus("plain"), of_corpus("latin1"), at=at)
        assert read(postbox) == 2
        assert read(postbox) == 0
        assert in_ledger() == [(1, "received"), (2, "received")]
        assert {one.arrived_at for one in Arrival.objects.all()} == {at}
        assert (postbox.uids("UNSEEN"), postbox.uids()) == ([], [1, 2])

    def test_keeps_the_bytes_that_the_server_has(self, postbox):
        raw = a_letter("ñ" * 700_000, files=[("grande.bin", bytes(range(256)) * 8192)])  # above one part of a fetch
        postbox.put(raw)
        read(postbox)
        arrival = Arrival.objects.get()
        assert arrival.file.size == len(raw) > 2 * imap.PART
        assert arrival.digest == __import__("hashlib").sha256(raw).hexdigest()

    def test_goes_on_where_it_was(self, postbox):
        postbox.put(a_letter("uno"))
        read(postbox)
        postbox.put(a_letter("dos"))
        assert read(postbox) == 1
        assert in_ledger() == [(1, "received"), (2, "received")]

    def test_with_more_than_a_turn_takes_the_oldest_first(self, postbox, monkeypatch):
        monkeypatch.setattr(reading, "SHARE", 2)
        postbox.put(*[a_letter(str(n)) for n in range(5)])
        assert [read(postbox) for _turn in range(4)] == [2, 2, 1, 0]

    def test_moves_what_is_safe_where_the_profile_says(self, postbox, settings):
        box = Box(postbox.server, postbox.house, settings, "notificaciones")
        with box.server.signed_in(box.user) as client:
            client.create("Radicados")
        box.put(a_letter("uno"), a_letter("dos"))
        assert read(box) == 2
        assert (box.uids(), len(box.uids(folder="Radicados"))) == ([], 2)

    def test_that_nobody_set_up_is_not_read(self, postbox, settings):
        settings.MAILBOXES = {}
        assert read(postbox) == 0

    def test_of_a_large_letter_keeps_it_unread(self, postbox, monkeypatch):
        monkeypatch.setattr("escucha.contexts.messaging.policy.mailboxes.MEGABYTE", 100)
        postbox.put(a_letter("x" * 9000))
        read(postbox)
        assert Arrival.objects.get().reason == "too_big"


class TestWhatHappensBetween:
    def test_a_death_after_keeping_leaves_it_to_be_marked(self, postbox, monkeypatch):
        class Killed(BaseException):
            pass

        def die(*_args, **_kwargs):
            raise Killed

        postbox.put(a_letter("uno"), a_letter("dos"))
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(imap.Folder, "done_with", lambda self, uids, **_: die() if uids else None)
            read(postbox)
        assert (in_ledger(), postbox.uids("UNSEEN")) == ([(1, "received")], [1, 2])

        assert read(postbox) == 1
        assert (in_ledger(), postbox.uids("UNSEEN")) == ([(1, "received"), (2, "received")], [])

    def test_a_store_that_is_full_leaves_it_on_the_server(self, postbox, monkeypatch):
        def full(**_):
            raise OSError("no space left on device")

        postbox.put(a_letter())
        with monkeypatch.context() as patched, pytest.raises(OSError, match="no space"):
            patched.setattr("escucha.contexts.messaging.operations.arriving.keep_file", full)
            read(postbox)
        assert (in_ledger(), postbox.uids("UNSEEN")) == ([], [1])
        assert read(postbox) == 1

    def test_a_mailbox_begun_anew_gives_nothing_twice(self, postbox):
        postbox.put(a_letter("uno"), a_letter("dos"))
        read(postbox)
        before = set(Arrival.objects.values_list("uid_validity", flat=True))
        postbox.server.begin_anew(postbox.user)
        read(postbox, whole=True)
        after = Arrival.objects.exclude(uid_validity__in=before)
        assert sorted(after.values_list("state", flat=True)) == ["duplicate", "duplicate"]

    def test_a_letter_over_which_the_server_breaks_off_lets_the_next_ones_pass(self, postbox, monkeypatch):
        postbox.put(a_letter("malo"), a_letter("bueno"))
        fetching = imap.Folder.parts

        def break_off(self, uid):
            if uid == 1:
                raise imap.Unavailable("abort")
            return fetching(self, uid)

        monkeypatch.setattr(imap.Folder, "parts", break_off)
        for _turn in range(2):
            with pytest.raises(imap.Unavailable):
                read(postbox)
        assert in_ledger() == [(2, "received")]

    def test_a_letter_that_is_withheld_lets_the_next_ones_pass(self, postbox, monkeypatch):
        postbox.put(a_letter("malo"), a_letter("bueno"))
        asking = imap.Folder.letter

        def withhold(self, uid):
            if uid == 1:
                raise imap.Withheld
            return asking(self, uid)

        with monkeypatch.context() as patched:
            patched.setattr(imap.Folder, "letter", withhold)
            assert read(postbox) == 1
        assert in_ledger() == [(2, "received")]
        assert read(postbox) == 1  # it is still unread on the server, so it is asked for again

    def test_what_a_person_marked_as_read_before_us_is_found_by_the_whole_reading(self, postbox, monkeypatch):
        postbox.put(a_letter("uno"), a_letter("dos"))
        read(postbox)
        Arrival.objects.filter(uid=1).update(uid=None)  # as if it had never been taken
        assert read(postbox) == 0
        read(postbox, whole=True)
        assert (1, "duplicate") in in_ledger()


@pytest.mark.slow
def test_two_workers_at_once_take_each_letter_once(real_postbox):
    real_postbox.put(*[a_letter(f"carta {n}") for n in range(15)])
    start = Barrier(2)

    def work(_worker):
        try:
            start.wait(10)
            return sum(read(real_postbox) for _turn in range(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(work, range(2)))
    assert sum(taken) == 15
    assert in_ledger() == [(n, "received") for n in range(1, 16)]
    assert real_postbox.uids("UNSEEN") == []


@pytest.mark.slow
def test_two_workers_that_both_read_still_take_each_letter_once(real_postbox, monkeypatch):
    """Without the lock that spares the server: the ledger alone keeps them apart."""
    from contextlib import nullcontext

    monkeypatch.setattr(reading, "alone", lambda *_: nullcontext(True))
    test_two_workers_at_once_take_each_letter_once(real_postbox)


class TestTheAccount:
    def given(self, settings, url, *, sample=False):
        settings.MAILBOXES = {"ESCUCHA_MAILBOX_LA_CAJA_ESCUCHA": url}
        return imap.account_of("la-caja", "escucha", sample=sample)

    def test_comes_from_the_environment_with_its_signs_unquoted(self, settings):
        account = self.given(settings, "imaps://ana%40example.org:p%40s%2Fs@mail.example.org/INBOX/PQR")
        assert (account.user, account.password, account.folder) == ("ana@example.org", "p@s/s", "INBOX/PQR")
        assert (account.host, account.port) == ("mail.example.org", 993)

    def test_never_shows_its_password(self, settings):
        assert "secreta" not in repr(self.given(settings, "imaps://ana:secreta@mail.example.org"))

    @pytest.mark.parametrize(
        "url",
        [
            "imap://ana:secreta@mail.example.org",
            "http://ana:secreta@mail.example.org",
            "imaps://mail.example.org",
            "imaps://ana:secreta@",
            "imaps://ana:secreta@mail.example.org:port",
            "secreta",
        ],
    )
    def test_without_tls_or_sense_is_refused_without_saying_it(self, settings, url):
        with pytest.raises(imap.Unusable) as why:
            self.given(settings, url)
        assert "secreta" not in str(why.value)

    def test_on_this_machine_needs_no_tls(self, settings):
        assert self.given(settings, "imap://ana:x@127.0.0.1:1143", sample=True).port == 1143
        assert self.given(settings, "imap://ana:x@localhost", sample=True).port == 143

    @pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "127.0.0.1.example.org"])
    def test_of_an_example_is_never_elsewhere(self, settings, host):
        with pytest.raises(imap.Unusable):
            self.given(settings, f"imaps://ana:x@{host}", sample=True)

    def test_that_the_server_refuses_is_told_without_its_words(self, postbox, settings):
        name = imap.variable_of("cafetal", "escucha")
        settings.MAILBOXES = {name: postbox.server.url("ana", password="otra")}
        with pytest.raises(imap.Unavailable) as why:
            read(postbox)
        assert "otra" not in str(why.value) and "ana" not in str(why.value)


@pytest.mark.slow
def test_a_certificate_that_nobody_vouches_for_is_refused(db, settings, tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1".split()
    subprocess.run(["openssl", *made, "-out", certificate, "-keyout", key], check=True, capture_output=True)
    for path in (certificate, key, tmp_path, *list(tmp_path.parents)[:3]):
        path.chmod(path.stat().st_mode | 0o055)
    house = a_house("cafetal", sample=False)
    with dovecot(certificate=(certificate, key)) as server:
        settings.MAILBOXES = {imap.variable_of("cafetal", "escucha"): server.url("ana", scheme="imaps")}
        with pytest.raises(imap.Unavailable) as why:
            read_mailbox(org=house.org, key="escucha", now=TUESDAY)
    assert "SSLCertVerificationError" in str(why.value)
