"""Messages leave once, by a mail server that speaks SMTP; what it says decides what becomes of each."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parsedate_to_datetime
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from escucha.contexts.messaging.gateways import email
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.delivering import LEASE, deliver, send_later
from escucha.contexts.messaging.queries import kept_message, kept_messages, messages_about
from escucha.contexts.messaging.rules.trying import TRIES, wait_after
from escucha.kernel.timeline.record import entries_about
from tests.cast import ANA, TUESDAY
from tests.contexts.messaging.conftest import use_server
from tests.make import a_case, a_house, a_sent_case

MINUTE = timedelta(minutes=1)


def queued(house, to="ana@example.org", *, subject="case:1", now=TUESDAY, **values):
    known = {"number": "PQR-1", "unit": "Recreación", "case_url": "http://x/", "name": "Ana"} | values
    return send_later(org=house.org, to=to, subject=subject, template="case_assigned", values=known, now=now)


def facts(house, subject="case:1"):
    return [(one.verb, one.data) for one in entries_about(org=house.org, subject=subject)]


class TestWhereMessagesGo:
    def test_those_of_an_example_are_kept_even_with_a_mail_server(self, cafetal, box):
        message = queued(cafetal)
        assert deliver(now=TUESDAY) == 1
        assert deliver(now=TUESDAY) == 0

        message.refresh_from_db()
        assert (message.state, message.next_try_at, box.arrived) == ("kept", None, [])
        assert facts(cafetal) == []

    def test_without_a_mail_server_they_are_kept(self, earnest, settings):
        settings.MAIL_SERVER = ""
        message = queued(earnest)
        deliver(now=TUESDAY)
        message.refresh_from_db()
        assert message.state == "kept"

    def test_those_of_an_organisation_in_earnest_leave(self, earnest, box):
        case = a_case(earnest)
        [message] = messages_about(org=earnest.org, subject=case.subject)
        assert deliver(now=TUESDAY + MINUTE) == 1
        assert deliver(now=TUESDAY + MINUTE) == 0

        [arrived] = box.arrived
        mail = arrived.message
        assert arrived.recipients == [ANA["email"]] == [mail["To"]]
        assert mail["Subject"] == message.title
        assert mail.get_content().splitlines() == message.body.splitlines()
        assert case.filing_number in message.body
        assert str(mail["From"]) == "Caja Cafetal <escucha@example.org>"
        assert mail["Auto-Submitted"] == "auto-generated"
        message.refresh_from_db()
        assert (message.state, message.attempts, message.sent_at) == ("sent", 1, TUESDAY + MINUTE)
        assert facts(earnest, case.subject)[-1] == (
            "messaging.message_sent",
            {"message": message.pk, "template": "acknowledged"},
        )

    def test_their_moment_is_told_in_any_zone(self, earnest, box):
        queued(earnest)
        deliver(now=TUESDAY.astimezone(ZoneInfo("America/Bogota")))
        assert parsedate_to_datetime(box.arrived[0].message["Date"]) == TUESDAY

    def test_none_is_queued_without_address_or_without_text(self, earnest):
        assert queued(earnest, to="") is None
        same = {"org": earnest.org, "subject": "case:1", "values": {}, "now": TUESDAY}
        assert send_later(to="a@example.org", template="nobody_wrote_it", **same) is None


class TestWhenTheServerSaysNotNow:
    @pytest.mark.parametrize(
        ("verb", "reply", "error"),
        [
            ("RCPT", "450 full", "recipient 450"),
            ("MAIL", "451 busy", "smtp 451"),
            ("DATA", "452 no room", "smtp 452"),
            ("CONNECT", "554 no service", "smtp 554"),
            ("CONNECT", "421 later", "smtp 421"),
        ],
    )
    def test_it_is_tried_again_and_arrives(self, earnest, box, verb, reply, error):
        box.replies[verb] = [reply]
        message = queued(earnest)
        deliver(now=TUESDAY)

        message.refresh_from_db()
        assert (message.state, message.attempts, message.error) == ("queued", 1, error)
        assert message.next_try_at == TUESDAY + MINUTE
        assert deliver(now=TUESDAY + MINUTE / 2) == 0
        assert deliver(now=TUESDAY + MINUTE) == 1
        message.refresh_from_db()
        assert (message.state, len(box.arrived)) == ("sent", 1)
        assert [verb for verb, _data in facts(earnest)] == ["messaging.message_sent"]

    def test_the_wait_grows_until_it_is_given_up(self, earnest, box):
        box.replies["RCPT"] = ["450 full"] * TRIES
        message, now, waits = queued(earnest), TUESDAY, []
        while message.state == "queued":
            assert deliver(now=now) == 1
            message.refresh_from_db()
            if message.next_try_at:
                waits.append(message.next_try_at - now)
                now = message.next_try_at

        assert waits == [MINUTE * 2**n for n in range(TRIES - 1)]
        assert sum(waits, timedelta()) > timedelta(days=1)
        assert (message.state, message.attempts) == ("failed", TRIES)
        [(verb, data)] = facts(earnest)
        assert (verb, data["error"]) == ("messaging.message_failed", "recipient 450")

    def test_nobody_there_is_not_now(self, earnest, settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            use_server(settings, free.getsockname()[1])  # bound, and nobody listens
            message = queued(earnest)
            deliver(now=TUESDAY)
        message.refresh_from_db()
        assert (message.state, message.error) == ("queued", "ConnectionRefusedError")

    def test_a_message_that_waits_does_not_stop_the_next(self, earnest, box):
        box.replies["RCPT"] = ["450 full"]
        queued(earnest, to="first@example.org"), queued(earnest, to="second@example.org")
        assert deliver(now=TUESDAY) == 2
        assert [one.recipients for one in box.arrived] == [["second@example.org"]]


class TestALease:
    def test_of_a_killed_worker_ends_and_the_message_goes_with_the_same_id(self, earnest, box, monkeypatch):
        class Killed(BaseException):
            pass

        def taken_and_killed(**said):
            sending(**said)
            raise Killed

        sending = email.send
        message = queued(earnest)
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(email, "send", taken_and_killed)
            deliver(now=TUESDAY)
        message.refresh_from_db()
        assert (message.state, message.attempts) == ("queued", 1)

        assert deliver(now=TUESDAY + LEASE - timedelta(seconds=1)) == 0
        assert deliver(now=TUESDAY + LEASE) == 1
        assert deliver(now=TUESDAY + timedelta(days=9)) == 0
        assert len({one.message["Message-ID"] for one in box.arrived}) == 1 and len(box.arrived) == 2
        assert [verb for verb, _data in facts(earnest)] == ["messaging.message_sent"]

    def test_that_ended_meanwhile_leaves_the_last_word_to_who_was_first(self, earnest, box, monkeypatch):
        message = queued(earnest)

        def slow(**said):
            Message.objects.filter(pk=message.pk).update(state="sent", next_try_at=None)  # by another worker
            raise email.Unavailable("timeout")

        monkeypatch.setattr(email, "send", slow)
        deliver(now=TUESDAY)
        message.refresh_from_db()
        assert (message.state, message.error) == ("sent", "")

    def test_a_server_that_cannot_be_asked_is_asked_once_a_turn(self, earnest, box, monkeypatch):
        asked = []

        def away(**said):
            asked.append(said["to"])
            raise email.Unavailable("timeout")

        monkeypatch.setattr(email, "send", away)
        first, second = queued(earnest, to="a@example.org"), queued(earnest, to="b@example.org")
        assert deliver(now=TUESDAY) == 0
        assert deliver(now=TUESDAY) == 0
        assert asked == ["a@example.org", "b@example.org"]
        for message in (first, second):
            message.refresh_from_db()
            assert (message.state, message.next_try_at, message.error) == ("queued", TUESDAY + MINUTE, "timeout")


class TestWhenTheServerSaysNo:
    @pytest.mark.parametrize(
        ("verb", "reply", "error"),
        [
            ("RCPT", "550 ana@example.org unknown", "recipient 550"),
            ("DATA", "554 no", "smtp 554"),
            ("MAIL", "553 no", "smtp 553"),
            ("RCPT", "500 what?", "recipient 500"),
            ("DATA", "500 what?", "smtp 500"),
        ],
    )
    def test_it_failed_and_the_timeline_says_so_without_its_words(self, earnest, box, verb, reply, error):
        box.replies[verb] = [reply]
        message = queued(earnest)
        deliver(now=TUESDAY)

        assert deliver(now=TUESDAY + timedelta(days=9)) == 0
        message.refresh_from_db()
        assert (message.state, message.error, box.arrived) == ("failed", error, [])
        [(told, data)] = facts(earnest)
        assert told == "messaging.message_failed"
        assert data == {"message": message.pk, "template": "case_assigned", "error": error}

    @pytest.mark.parametrize(
        "to", ["a@example.org\nBcc: otra@example.org", "a b", "@", "a@ex ample.org", "ñ@example.org"]
    )
    def test_an_address_that_cannot_be_fails_alone(self, earnest, box, to):
        message = queued(earnest, to=to)
        queued(earnest, to="next@example.org")
        deliver(now=TUESDAY)

        message.refresh_from_db()
        assert (message.state, message.error) == ("failed", "address")
        assert [one.recipients for one in box.arrived] == [["next@example.org"]]


class TestNamesThatWouldBeHeaders:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
    def test_stay_words_of_the_title(self, earnest, box, end):
        queued(earnest, number=f"1{end}Bcc: otra@example.org{end}{end}Hola", unit=f"U{end}Subject: otra cosa")
        deliver(now=TUESDAY)

        [arrived] = box.arrived
        assert arrived.recipients == ["ana@example.org"]
        assert arrived.message["Bcc"] is None
        assert len(arrived.message.get_all("Subject")) == 1
        assert "Bcc: otra@example.org" in arrived.message["Subject"]

    def test_of_the_sender_too(self, db, box):
        house = a_house("cafetal", sample=False)
        house.org.name = "Caja\nBcc: otra@example.org"
        queued(house)
        deliver(now=TUESDAY)
        assert box.arrived[0].message["Bcc"] is None


@pytest.mark.slow
def test_two_workers_deliver_each_message_once(real_earnest, box):
    for n in range(20):
        queued(real_earnest, to=f"p{n}@example.org")
    start = Barrier(2)

    def work(_worker):
        try:
            start.wait(10)
            return sum(deliver(now=TUESDAY, limit=3) for _turn in range(10))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        shares = list(pool.map(work, range(2)))

    assert sum(shares) == 20
    assert sorted(one.recipients[0] for one in box.arrived) == sorted(f"p{n}@example.org" for n in range(20))
    assert len({one.message["Message-ID"] for one in box.arrived}) == 20
    assert Message.objects.filter(state="sent").count() == 20
    assert len(facts(real_earnest)) == 20


def test_who_may_see_messages_sees_those_of_its_organisation(cafetal, vidamar):
    case = a_sent_case(cafetal)
    may, may_not, stranger = cafetal.actor("lucia"), cafetal.actor("dario"), vidamar.actor("marina")
    mine = kept_messages(org=cafetal.org, viewer=may)

    assert [one.pk for one in mine] == sorted((one.pk for one in mine), reverse=True)
    assert {one.template for one in mine} == {"acknowledged", "case_assigned", "answer_ready"}
    assert list(kept_messages(org=cafetal.org, viewer=may, before=mine[0].pk, limit=1)) == [mine[1]]
    assert kept_messages(org=cafetal.org, viewer=may_not) == []
    assert kept_messages(org=vidamar.org, viewer=stranger) == []
    assert kept_message(org=cafetal.org, viewer=may, message_id=mine[0].pk) == mine[0]
    assert kept_message(org=cafetal.org, viewer=may_not, message_id=mine[0].pk) is None
    assert kept_message(org=vidamar.org, viewer=stranger, message_id=mine[0].pk) is None
    assert messages_about(org=vidamar.org, subject=case.subject) == []


def test_waits_double_and_end():
    assert [wait_after(n) for n in (1, 2, 5)] == [MINUTE, 2 * MINUTE, 16 * MINUTE]
    assert wait_after(TRIES) is None
