"""Letters go into the ledger with their bytes, once; each is read alone, and one that harms stops none."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from escucha.contexts.documents.models import File
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.operations import arriving
from escucha.contexts.messaging.operations.arriving import TRIES, claimed, parse_waiting
from escucha.contexts.messaging.queries.arrivals import letter_of, raw_of
from escucha.kernel.timeline.record import entries_about
from tests.cast import TUESDAY
from tests.contexts.messaging.arriving.letters import CORPUS, a_letter, of_corpus, parsed, received

MINUTE = timedelta(minutes=1)


def verbs(house, arrival):
    found = entries_about(org=house.org, subject=f"arrival:{arrival.pk}")
    return [entry.verb.removeprefix("messaging.mail_") for entry in found]


class TestALetterThatArrives:
    def test_is_kept_byte_for_byte_before_it_is_read(self, cafetal):
        raw = of_corpus("latin1")
        arrival = received(cafetal, raw)
        assert (arrival.state, arrival.title, arrival.sender, arrival.settled_at) == ("received", "", "", None)
        assert b"".join(raw_of(arrival)) == raw
        assert arrival.digest == hashlib.sha256(raw).hexdigest() == arrival.file.digest
        assert (arrival.file.purpose, arrival.next_try_at) == ("raw_mail", TUESDAY)
        assert verbs(cafetal, arrival) == ["arrived"]

    def test_is_read_later_once(self, cafetal):
        arrival = received(cafetal, of_corpus("latin1"))
        assert parse_waiting(now=TUESDAY + MINUTE) == 1
        assert parse_waiting(now=TUESDAY + MINUTE) == 0
        arrival.refresh_from_db()
        assert (arrival.state, arrival.sender, arrival.title) == ("parsed", "ana@example.org", "Una queja")
        assert (arrival.body, arrival.automatic) == ("La atención del señor Muñoz fue pésima.", False)
        assert (arrival.parsed_at, arrival.attempts) == (TUESDAY + MINUTE, 0)

    @pytest.mark.slow
    @pytest.mark.parametrize("name", sorted(path.stem for path in CORPUS.glob("*.eml")))
    def test_however_odd_goes_into_the_database_and_comes_back(self, cafetal, name):
        arrival = parsed(cafetal, of_corpus(name))
        assert arrival.state == "parsed"
        mail = letter_of(arrival)
        assert (arrival.sender, arrival.title, arrival.body) == (mail.sender.address, mail.subject, mail.text)

    def test_is_never_later_than_now(self, cafetal):
        arrival = received(cafetal, a_letter(), arrived_at=TUESDAY + timedelta(days=300))
        assert arrival.arrived_at == TUESDAY

    def test_too_big_to_be_read_is_kept_and_waits_for_somebody(self, cafetal):
        raw = a_letter("x" * 3000)
        arrival = received(cafetal, raw, largest=2000)
        assert (arrival.state, arrival.reason, arrival.settled_at) == ("parked", "too_big", TUESDAY)
        assert b"".join(raw_of(arrival)) == raw
        assert parse_waiting(now=TUESDAY) == 0
        assert verbs(cafetal, arrival) == ["arrived", "parked"]


class TestTheSameLetter:
    def test_twice_by_its_bytes_is_one_and_its_duplicate(self, cafetal):
        raw = of_corpus("no_message_id")
        first, second = received(cafetal, raw), received(cafetal, raw, mailbox="notificaciones")
        assert (second.state, second.duplicate_of, second.file) == ("duplicate", first, first.file)
        assert File.objects.filter(purpose="raw_mail").count() == 1
        assert verbs(cafetal, second) == ["arrived", "repeated"]

    def test_by_two_ways_is_one_and_its_duplicate(self, cafetal):
        raw = a_letter(Message_ID="<one@example.org>")
        first = parsed(cafetal, raw)
        second = parsed(cafetal, b"Received: from elsewhere\r\n" + raw)
        assert (second.state, second.duplicate_of_id, second.settled_at) == ("duplicate", first.pk, TUESDAY)

    def test_name_with_other_contents_is_another_letter(self, cafetal):
        """Who knows a Message-ID cannot make a letter disappear by sending it before."""
        first = parsed(cafetal, a_letter("Primero", Message_ID="<one@example.org>"))
        second = parsed(cafetal, a_letter("Segundo", Message_ID="<one@example.org>"))
        assert (first.state, second.state) == ("parsed", "parsed")

    def test_in_another_organisation_is_its_own(self, cafetal, vidamar):
        raw = a_letter()
        assert received(cafetal, raw).state == received(vidamar, raw).state == "received"

    def test_of_one_place_in_the_mailbox_is_one_row(self, cafetal):
        place = {"uid_validity": 9, "uid": 4, "arrived_at": TUESDAY, "largest": 10_000, "now": TUESDAY}
        same = {"org": cafetal.org, "mailbox": "escucha", "content": [a_letter()]} | place
        assert arriving.receive(**same) is not None
        assert arriving.receive(**same | {"content": [a_letter("otra cosa")]}) is None
        assert Arrival.objects.count() == 1


class TestOneBadLetter:
    def test_stops_none_and_is_parked_after_some_tries(self, cafetal, monkeypatch, caplog):
        bad, good = received(cafetal, a_letter("secreto mortal")), received(cafetal, a_letter("bueno"))
        reading = arriving.letter_of

        def stumble(arrival):
            if arrival.pk == bad.pk:
                raise RuntimeError("secreto mortal")
            return reading(arrival)

        monkeypatch.setattr(arriving, "letter_of", stumble)
        now = TUESDAY
        for _try in range(TRIES + 2):
            parse_waiting(now=now)
            now += timedelta(hours=1)
        bad.refresh_from_db(), good.refresh_from_db()
        assert (good.state, bad.state, bad.reason, bad.attempts) == ("parsed", "parked", "unreadable", TRIES)
        assert verbs(cafetal, bad) == ["arrived", "parked"]
        assert "RuntimeError" in caplog.text and "secreto" not in caplog.text

    def test_that_kills_the_worker_counts_its_tries_too(self, cafetal):
        received(cafetal, a_letter())
        for turn in range(TRIES):
            assert claimed("received", now=TUESDAY + turn * timedelta(hours=1)) is not None  # and never comes back
        assert claimed("received", now=TUESDAY + timedelta(days=1)) is None
        assert Arrival.objects.get().state == "parked"

    def test_in_the_hands_of_a_worker_is_not_taken_by_another(self, cafetal):
        received(cafetal, a_letter())
        assert claimed("received", now=TUESDAY) is not None
        assert claimed("received", now=TUESDAY) is None
        assert claimed("received", now=TUESDAY + 2 * MINUTE) is not None

    def test_whose_bytes_the_store_lost_waits(self, cafetal, settings, tmp_path):
        arrival = received(cafetal, a_letter())
        elsewhere = settings.STORAGES["files"] | {"OPTIONS": {"location": tmp_path}}
        settings.STORAGES = settings.STORAGES | {"files": elsewhere}
        assert parse_waiting(now=TUESDAY) == 1
        arrival.refresh_from_db()
        assert (arrival.state, arrival.attempts) == ("received", 1)


def test_texts_are_not_read_as_letters(cafetal):
    Arrival.objects.create(
        org=cafetal.org, channel="sms", mailbox="twilio", digest="0" * 64, arrived_at=TUESDAY, at=TUESDAY,
        state="parsed", next_try_at=TUESDAY,
    )  # fmt: skip
    assert claimed("parsed", now=TUESDAY) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "parked", "settled_at": TUESDAY},
        {"state": "duplicate", "settled_at": TUESDAY},
        {"state": "filed"},
        {"state": "received", "settled_at": TUESDAY},
    ],
)
def test_the_ledger_keeps_no_row_that_says_half(cafetal, wrong):
    row = {"org": cafetal.org, "mailbox": "escucha", "digest": "0" * 64, "arrived_at": TUESDAY, "at": TUESDAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrival.objects.create(**row | wrong)
