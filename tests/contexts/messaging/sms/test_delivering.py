"""Texts leave once, by the gateway the organisation chose, in the hours and for the money its profile allows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import httpx
import pytest
from django.db import connection

from escucha.contexts.messaging.gateways import email
from escucha.contexts.messaging.gateways.errors import Unavailable
from escucha.contexts.messaging.gateways.sms import interface, telnyx, twilio
from escucha.contexts.messaging.models import Message, OptOut, TextDay
from escucha.contexts.messaging.operations.delivering import LEASE, deliver, send_later
from escucha.contexts.messaging.rules.trying import TRIES
from tests.cast import TUESDAY
from tests.contexts.messaging.sms.houses import (
    MOBILE,
    a_receipt,
    a_text,
    a_texting_house,
    call_in,
    facts,
    fresh,
    gateway_of,
    reference_of,
)
from tests.contexts.messaging.sms.stand_in import MINE, Answer
from tests.contexts.messaging.sms.test_gateways import refusal
from tests.make import a_house

MINUTE = timedelta(minutes=1)
NIGHT = TUESDAY.replace(hour=2) + timedelta(days=1)  # nine in the evening in Bogotá
MORNING = TUESDAY.replace(hour=12) + timedelta(days=1)  # seven in the morning


def body_of(asked):
    return asked.said.get("Body") or asked.said.get("text")


class TestWhereTextsGo:
    def test_by_the_gateway_of_the_profile_once(self, texting, stand_in):
        message = a_text(texting)
        assert deliver(now=TUESDAY) == 1
        assert deliver(now=TUESDAY) == 0

        [asked] = stand_in.asked
        assert asked.gateway == gateway_of(texting)
        assert (asked.said.get("To") or asked.said["to"]) == MOBILE
        assert (asked.said.get("From") or asked.said["from"]) == MINE
        assert body_of(asked) == "Hola Ana: su solicitud PQR-1. http://x/"
        message = fresh(message)
        assert (message.state, message.gateway, message.gateway_ref) == ("sent", asked.gateway, asked.ref)
        assert (message.title, message.template, message.sent_at) == ("", "hello.sms", TUESDAY)
        assert facts(texting) == ["text_sent"]

    def test_those_of_an_example_are_kept_whatever_the_settings_say(self, db, stand_in, settings, gateway):
        house = a_texting_house(stand_in, settings, gateway, sample=True)
        message = a_text(house)
        assert deliver(now=TUESDAY) == 1
        assert (fresh(message).state, stand_in.asked, facts(house)) == ("kept", [], [])

    @pytest.mark.parametrize("said", ["", "twilio", "twilio:AC1", "carrier:a:b", "telnyx::b", None])
    def test_without_a_whole_account_of_that_gateway_they_are_kept(self, db, stand_in, settings, said):
        house = a_texting_house(stand_in, settings, "twilio")
        settings.SMS_ACCOUNTS = {house.org.slug: said} if said is not None else {}
        message = a_text(house)
        deliver(now=TUESDAY)
        assert (fresh(message).state, stand_in.asked) == ("kept", [])

    def test_where_the_profile_names_none_they_are_kept(self, db, stand_in, settings):
        house = a_texting_house(stand_in, settings, "twilio", policy={})
        message = a_text(house)
        deliver(now=TUESDAY)
        assert (fresh(message).state, stand_in.asked) == ("kept", [])

    @pytest.mark.parametrize("to", ["601 000 0010", "123", "", "no tengo", "ana@example.org"])
    def test_none_is_queued_for_what_takes_no_texts(self, texting, to):
        same = {"org": texting.org, "subject": "case:1", "template": "hello", "values": {}, "now": TUESDAY}
        assert send_later(to=to, channel="sms", **same) is None

    def test_none_is_queued_where_the_profile_has_no_such_text(self, texting):
        same = {"org": texting.org, "subject": "case:1", "values": {}, "now": TUESDAY}
        assert send_later(to=MOBILE, channel="sms", template="case_assigned", **same) is None

    @pytest.mark.parametrize(("transliterate", "sent"), [(False, "Hola Íñigo — ¿así?:"), (True, "Hola Iñigo - ¿asi?:")])
    def test_is_written_plain_where_the_profile_wants_it_so(self, db, stand_in, settings, transliterate, sent):
        house = a_texting_house(stand_in, settings, "twilio", policy={"transliterate": transliterate})
        a_text(house, values={"name": "Íñigo — ¿así?"})
        deliver(now=TUESDAY)
        assert body_of(stand_in.asked[0]).startswith(sent)


class TestWhenTheGatewaySaysNo:
    def test_for_good_it_failed(self, texting, stand_in):
        code = {"twilio": "21211", "telnyx": "40310"}[gateway_of(texting)]
        stand_in.answers = [refusal(gateway_of(texting), 400, code)]
        message = a_text(texting)
        assert deliver(now=TUESDAY) == 1
        assert deliver(now=TUESDAY + timedelta(days=9)) == 0
        message = fresh(message)
        assert (message.state, message.error, stand_in.asked) == ("failed", f"number {code}", [])
        assert facts(texting) == ["message_failed"]

    def test_of_one_text_the_next_leaves(self, texting, stand_in):
        code = {"twilio": "21611", "telnyx": "40318"}[gateway_of(texting)]
        stand_in.answers = [refusal(gateway_of(texting), 400, code)]
        first, second = a_text(texting), a_text(texting, to="300 000 0002")
        assert deliver(now=TUESDAY) == 2
        assert (fresh(first).state, fresh(second).state) == ("queued", "sent")
        assert fresh(first).next_try_at == TUESDAY + MINUTE
        deliver(now=TUESDAY + MINUTE)
        assert (fresh(first).state, len(stand_in.asked)) == ("sent", 2)

    @pytest.mark.parametrize(
        "answer",
        [Answer(status=429, headers=(("Retry-After", "60"),)), Answer(status=500), Answer(hangs_up=True)],
        ids=["too many", "broken", "hangs up"],
    )
    def test_of_all_it_is_asked_once_a_turn_and_mail_goes_on(self, texting, stand_in, box, answer):
        stand_in.answers = [answer]
        first, second = a_text(texting), a_text(texting, to="300 000 0002", now=TUESDAY + MINUTE)
        values = {"number": "PQR-1", "unit": "Recreación", "case_url": "http://x/", "name": "Ana"}
        letter = send_later(
            org=texting.org, to="a@example.org", subject="case:1", template="case_assigned", values=values,
            now=TUESDAY + 2 * MINUTE,
        )  # fmt: skip
        assert deliver(now=TUESDAY + 3 * MINUTE) == 1
        assert [fresh(one).state for one in (first, second, letter)] == ["queued", "queued", "sent"]
        assert [fresh(one).attempts for one in (first, second)] == [1, 0]
        assert deliver(now=TUESDAY + 9 * MINUTE) == 2
        assert [fresh(one).state for one in (first, second)] == ["sent", "sent"]
        assert len(stand_in.texts) == 2

    def test_to_one_organisation_the_others_go_on(self, texting, stand_in, settings):
        other = a_texting_house(stand_in, settings, gateway_of(texting), slug="vidamar")
        stand_in.answers = [Answer(status=503)]
        mine, theirs = a_text(texting), a_text(other, now=TUESDAY + MINUTE)
        assert deliver(now=TUESDAY + MINUTE) == 1
        assert (fresh(mine).state, fresh(theirs).state) == ("queued", "sent")

    def test_again_and_again_it_is_given_up(self, texting, stand_in):
        message, now = a_text(texting, at_any_hour=True), TUESDAY
        stand_in.answers = [Answer(status=503)] * TRIES
        while fresh(message).state == "queued":
            now = message.next_try_at
            deliver(now=now)
        assert (message.state, message.attempts, message.error) == ("failed", TRIES, "busy 503")
        assert facts(texting) == ["message_failed"]

    def test_because_the_person_wants_none_it_is_not_asked_again(self, texting, stand_in):
        code = {"twilio": "21610", "telnyx": "40300"}[gateway_of(texting)]
        stand_in.answers = [refusal(gateway_of(texting), 400, code)]
        first = a_text(texting)
        deliver(now=TUESDAY)
        second = a_text(texting, to="+57 300 0000001")
        deliver(now=TUESDAY)
        assert (fresh(first).error, fresh(second).error) == (f"opt_out {code}", "opt_out")
        assert (second.state, stand_in.asked, OptOut.objects.count()) == ("failed", [], 1)


class TestAKilledWorker:
    def kill(self, monkeypatch, gateway, *, after: bool):
        class Killed(BaseException):
            pass

        module = {"twilio": twilio, "telnyx": telnyx}[gateway]
        sending = module.send

        def cut(*said, **named):
            if after:
                sending(*said, **named)
            raise Killed

        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(module, "send", cut)
            deliver(now=TUESDAY)

    def test_before_it_asked_leaves_the_text_to_another(self, texting, stand_in, monkeypatch):
        message = a_text(texting)
        self.kill(monkeypatch, gateway_of(texting), after=False)
        assert deliver(now=TUESDAY + LEASE - timedelta(seconds=1)) == 0
        assert deliver(now=TUESDAY + LEASE) == 1
        assert (fresh(message).state, len(stand_in.asked)) == ("sent", 1)

    def test_after_it_asked_sends_nothing_twice_once_the_receipt_came(self, texting, stand_in, monkeypatch):
        message = a_text(texting)
        self.kill(monkeypatch, gateway_of(texting), after=True)
        [asked] = stand_in.asked
        call_in(texting, a_receipt(stand_in, texting, asked.ref, "sent", reference=reference_of(message)))
        assert deliver(now=TUESDAY + LEASE) == 0
        message = fresh(message)
        assert (message.state, message.gateway_ref, len(stand_in.asked)) == ("sent", asked.ref, 1)
        assert facts(texting) == ["text_sent"]

    def test_and_no_receipt_yet_sends_it_once_only_where_the_gateway_knows_it_again(
        self, texting, stand_in, monkeypatch
    ):
        """The other gateway has nothing to know it by: there the person may get the same text twice."""
        message = a_text(texting)
        self.kill(monkeypatch, gateway_of(texting), after=True)
        assert deliver(now=TUESDAY + LEASE) == 1
        assert fresh(message).state == "sent"
        assert len(stand_in.asked) == 2
        assert len(stand_in.texts) == {"telnyx": 1, "twilio": 2}[gateway_of(texting)]
        assert facts(texting) == ["text_sent"]

    def test_a_lost_answer_is_mended_by_the_receipt_too(self, texting, stand_in, monkeypatch):
        monkeypatch.setattr(interface, "PATIENCE", httpx.Timeout(0.05))
        stand_in.answers = [Answer(slow=0.3, takes=True)]
        message = a_text(texting)
        assert deliver(now=TUESDAY) == 0
        assert (fresh(message).state, message.error) == ("queued", "ReadTimeout")
        [asked] = stand_in.asked
        call_in(texting, a_receipt(stand_in, texting, asked.ref, "delivered", reference=reference_of(message)))
        assert deliver(now=TUESDAY + timedelta(hours=1)) == 0
        assert (fresh(message).state, message.error, len(stand_in.asked)) == ("delivered", "", 1)


class TestTheNight:
    def test_holds_a_text_back_until_the_morning(self, texting, stand_in):
        message = a_text(texting, now=NIGHT)
        assert deliver(now=NIGHT) == 1
        assert deliver(now=NIGHT + timedelta(hours=3)) == 0
        assert (fresh(message).next_try_at, message.attempts, stand_in.asked) == (MORNING, 0, [])
        assert deliver(now=MORNING) == 1
        assert (fresh(message).state, len(stand_in.asked)) == ("sent", 1)

    def test_does_not_hold_back_where_a_life_is_at_risk(self, texting, stand_in):
        message = a_text(texting, now=NIGHT, at_any_hour=True)
        assert deliver(now=NIGHT) == 1
        assert (fresh(message).state, len(stand_in.asked)) == ("sent", 1)

    def test_holds_back_what_is_tried_again_too(self, texting, stand_in):
        before = NIGHT - timedelta(hours=1, seconds=30)
        stand_in.answers = [Answer(status=503)]
        message = a_text(texting, now=before)
        deliver(now=before)
        deliver(now=before + MINUTE)
        assert (fresh(message).next_try_at, message.attempts, stand_in.asked) == (MORNING, 1, [])


class TestTheMoneyOfADay:
    def house(self, stand_in, settings, spend):
        return a_texting_house(stand_in, settings, "twilio", policy={"segment_price": 50, "spend_a_day": spend})

    def test_pays_so_many_segments_and_the_rest_wait_for_the_next_day(self, db, stand_in, settings):
        house = self.house(stand_in, settings, spend=149)
        texts = [a_text(house, to=f"300 000 000{n}") for n in range(3)]
        deliver(now=TUESDAY)
        assert [fresh(one).state for one in texts] == ["sent", "sent", "queued"]
        assert (texts[2].error, texts[2].attempts, texts[2].next_try_at) == ("day_spent", 0, MORNING)
        deliver(now=MORNING)
        assert (fresh(texts[2]).state, texts[2].error, len(stand_in.asked)) == ("sent", "", 3)
        assert sorted(TextDay.objects.values_list("segments", flat=True)) == [1, 2]

    def test_pays_a_long_text_by_its_segments(self, db, stand_in, settings):
        house = self.house(stand_in, settings, spend=100)
        short, long = a_text(house), a_text(house, values={"name": "A" * 200})
        deliver(now=TUESDAY)
        assert (fresh(short).state, fresh(long).state) == ("sent", "queued")

    def test_does_not_hold_back_where_a_life_is_at_risk(self, db, stand_in, settings):
        house = self.house(stand_in, settings, spend=50)
        texts = [a_text(house), a_text(house, at_any_hour=True)]
        deliver(now=TUESDAY)
        assert [fresh(one).state for one in texts] == ["sent", "sent"]
        assert TextDay.objects.get().segments == 2

    def test_that_no_day_would_pay_fails_at_once_unless_a_life_is_at_risk(self, db, stand_in, settings):
        house = self.house(stand_in, settings, spend=50)
        long = {"values": {"name": "A" * 200}}
        plain, vital = a_text(house, **long), a_text(house, at_any_hour=True, **long)
        deliver(now=TUESDAY)
        assert (fresh(plain).state, plain.error, plain.attempts) == ("failed", "day_spent", 0)
        assert (fresh(vital).state, len(stand_in.asked)) == ("sent", 1)
        assert sorted(facts(house)) == ["message_failed", "text_sent"]

    def test_of_one_house_is_not_of_another_nor_of_another_day(self, db, stand_in, settings):
        house, other = (
            a_texting_house(
                stand_in, settings, "twilio", slug=slug, policy={"segment_price": 50, "spend_a_day": 50 * most}
            )
            for slug, most in (("cafetal", 1), ("vidamar", 3))
        )
        first, second, far = a_text(house), a_text(house, to="300 000 0002"), a_text(other)
        deliver(now=TUESDAY)
        assert [fresh(one).state for one in (first, second, far)] == ["sent", "queued", "sent"]
        deliver(now=MORNING)
        assert fresh(second).state == "sent"
        assert [(one.org_id, one.segments) for one in TextDay.objects.order_by("org", "day")] == sorted(
            [(house.org.pk, 1), (house.org.pk, 1), (other.org.pk, 1)]
        )

    def test_is_counted_once_for_a_text_that_is_tried_again(self, db, stand_in, settings):
        house = self.house(stand_in, settings, spend=1000)
        stand_in.answers = [Answer(status=503)] * 3
        message = a_text(house)
        for minutes in (0, 1, 3, 7):
            deliver(now=TUESDAY + minutes * MINUTE)
        assert (fresh(message).state, message.attempts, TextDay.objects.get().segments) == ("sent", 4, 1)


@pytest.mark.slow
def test_two_workers_send_each_text_once_and_never_spend_more(transactional_db, stand_in, settings):
    house = a_texting_house(stand_in, settings, "twilio", policy={"segment_price": 10, "spend_a_day": 120})
    for n in range(20):
        a_text(house, to=f"300 000 00{n:02}")
    start = Barrier(2)

    def work(_worker):
        try:
            start.wait(10)
            return sum(deliver(now=TUESDAY, limit=3) for _turn in range(10))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert len(stand_in.asked) == len({asked.said["To"] for asked in stand_in.asked}) == 12
    assert Message.objects.filter(state="sent").count() == 12
    assert Message.objects.filter(state="queued", error="day_spent").count() == 8
    assert TextDay.objects.get().segments == 12
    assert facts(house) == ["text_sent"] * 12


def test_a_mail_server_that_is_away_holds_back_no_text(texting, stand_in, settings, monkeypatch):
    def away(**said):
        raise Unavailable("timeout")

    monkeypatch.setattr(email, "send", away)
    settings.MAIL_SERVER = "127.0.0.1"
    values = {"number": "PQR-1", "unit": "Recreación", "case_url": "http://x/", "name": "Ana"}
    letter = send_later(
        org=texting.org, to="a@example.org", subject="case:1", template="case_assigned", values=values, now=TUESDAY
    )
    text = a_text(texting, now=TUESDAY + MINUTE)
    assert deliver(now=TUESDAY + MINUTE) == 1
    assert (fresh(letter).state, fresh(text).state) == ("queued", "sent")


def test_a_profile_without_texts_queues_none(cafetal):
    assert a_house("cafetal").profile.messages.get("hello.sms") is None
    same = {"org": cafetal.org, "subject": "case:1", "template": "hello", "values": {}, "now": TUESDAY}
    assert send_later(to=MOBILE, channel="sms", **same) is None
