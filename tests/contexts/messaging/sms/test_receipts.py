"""Receipts: kept once for each status, whatever their order; the message goes forward once and never back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from threading import Barrier

import pytest
from django.db import connection

from escucha.contexts.messaging.gateways.errors import Forged
from escucha.contexts.messaging.models import Receipt
from escucha.contexts.messaging.operations.callbacks import NoGateway
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.contexts.messaging.operations.receipts import ROUNDS
from tests.cast import TUESDAY
from tests.contexts.messaging.sms.houses import (
    a_receipt,
    a_text,
    a_texting_house,
    call_in,
    code_of,
    facts,
    failing_status,
    fresh,
    gateway_of,
    reference_of,
)

HOUR = timedelta(hours=1)


def a_sent_text(house, **said):
    message = a_text(house, **said)
    deliver(now=TUESDAY)
    return fresh(message)


def told(stand_in, house, message, status, *, now=TUESDAY, ref="", **more):
    """The gateway tells a status of the message, or of another name it had."""
    return call_in(house, a_receipt(stand_in, house, ref or message.gateway_ref, status, now=now, **more), now=now)


class TestAReceipt:
    def test_says_that_the_telephone_has_it(self, texting, stand_in):
        message = a_sent_text(texting)
        told(stand_in, texting, message, "delivered", now=TUESDAY + HOUR)
        message = fresh(message)
        assert (message.state, message.sent_at, message.delivered_at) == ("delivered", TUESDAY, TUESDAY + HOUR)
        assert facts(texting) == ["text_sent", "message_delivered"]
        row = Receipt.objects.get()
        assert (row.org, row.message, row.gateway, row.gateway_ref, row.status, row.code) == (
            texting.org,
            message,
            gateway_of(texting),
            message.gateway_ref,
            "delivered",
            "",
        )

    def test_said_twice_is_kept_and_counts_once(self, texting, stand_in):
        message = a_sent_text(texting)
        for hours in (0, 1, 2):
            told(stand_in, texting, message, "delivered", now=TUESDAY + hours * HOUR)
        assert (fresh(message).delivered_at, Receipt.objects.count()) == (TUESDAY, 1)
        assert facts(texting) == ["text_sent", "message_delivered"]

    def test_that_it_failed_for_good_is_shown_and_ends_it(self, texting, stand_in):
        message, code = a_sent_text(texting), code_of(texting, passing=False)
        told(stand_in, texting, message, failing_status(texting), code=code)
        message = fresh(message)
        assert (message.state, message.error) == ("failed", f"number {code}")
        assert facts(texting) == ["text_sent", "message_failed"]
        assert deliver(now=TUESDAY + timedelta(days=9)) == 0
        assert Receipt.objects.get().code == code

    def test_of_what_nobody_knows_is_kept_and_changes_nothing(self, texting, stand_in):
        message = a_sent_text(texting)
        told(stand_in, texting, message, "delivered", ref="another", reference="999999999.0")
        assert fresh(message).state == "sent"
        [row] = Receipt.objects.all()
        assert (row.message, row.gateway_ref) == (None, "another")

    @pytest.mark.parametrize("reference", ["", "x", "1", "-1.0", "¹.0", "9" * 40 + ".0", "0.0"])
    def test_with_an_odd_reference_is_kept_and_changes_nothing(self, texting, stand_in, reference):
        message = a_sent_text(texting, to="300 000 0001")
        reference = "" if reference == str(message.pk) else reference
        told(stand_in, texting, message, "delivered", ref="another", reference=reference)
        assert (fresh(message).state, Receipt.objects.get().message) == ("sent", None)

    def test_of_a_status_nobody_knows_is_kept_and_changes_nothing(self, texting, stand_in):
        message = a_sent_text(texting)
        told(stand_in, texting, message, "dreamt")
        assert (fresh(message).state, Receipt.objects.get().message) == ("sent", message)
        assert facts(texting) == ["text_sent"]


class TestOutOfOrder:
    def test_whatever_comes_after_the_end_takes_nothing_back(self, texting, stand_in):
        failing, code = failing_status(texting), code_of(texting, passing=False)
        for number, order in enumerate(permutations(["queued", "sent", "delivered"])):
            message = a_sent_text(texting, to=f"300 000 01{number:02}")
            for status in (*order, failing):
                told(stand_in, texting, message, status, **({"code": code} if status == failing else {}))
            assert (fresh(message).state, message.error) == ("delivered", "")
        assert facts(texting).count("message_delivered") == 6
        assert "message_failed" not in facts(texting)

    def test_that_it_left_after_it_failed_does_not_bring_it_back(self, texting, stand_in):
        message = a_sent_text(texting)
        told(stand_in, texting, message, failing_status(texting), code=code_of(texting, passing=False))
        for status in ("sent", "delivered"):
            told(stand_in, texting, message, status)
        assert fresh(message).state == "failed"
        assert Receipt.objects.count() == 3
        assert facts(texting) == ["text_sent", "message_failed"]


class TestAFailureThatMayPass:
    def test_is_tried_again_later_as_another_text(self, texting, stand_in):
        message, code = a_sent_text(texting), code_of(texting, passing=True)
        told(stand_in, texting, message, failing_status(texting), code=code)
        message = fresh(message)
        assert (message.state, message.error, message.next_try_at) == ("queued", f"phone_off {code}", TUESDAY + HOUR)
        first = message.gateway_ref
        assert deliver(now=TUESDAY + HOUR) == 1
        message = fresh(message)
        assert (message.state, message.error, len(stand_in.texts)) == ("sent", "", 2)
        assert message.gateway_ref != first
        told(stand_in, texting, message, "delivered", now=TUESDAY + 2 * HOUR)
        assert fresh(message).state == "delivered"
        assert facts(texting) == ["text_sent", "text_sent", "message_delivered"]

    def test_said_again_while_it_waits_puts_nothing_off(self, texting, stand_in):
        message, code = a_sent_text(texting), code_of(texting, passing=True)
        for minutes in (0, 30):
            now = TUESDAY + timedelta(minutes=minutes)
            told(stand_in, texting, message, failing_status(texting), code=code, now=now)
        assert (fresh(message).state, message.next_try_at) == ("queued", TUESDAY + HOUR)

    def test_is_told_in_vain_when_the_first_arrived_meanwhile(self, texting, stand_in):
        message = a_sent_text(texting)
        first, code = message.gateway_ref, code_of(texting, passing=True)
        told(stand_in, texting, message, failing_status(texting), code=code)
        told(stand_in, texting, message, "sent", ref=first)
        assert fresh(message).state == "queued"
        told(stand_in, texting, message, "delivered", ref=first)
        assert fresh(message).state == "delivered"
        assert deliver(now=TUESDAY + timedelta(days=1)) == 0
        assert len(stand_in.asked) == 1

    def test_of_the_first_said_late_does_not_fail_the_second(self, texting, stand_in):
        message = a_sent_text(texting)
        told(stand_in, texting, message, failing_status(texting), code=code_of(texting, passing=True))
        deliver(now=TUESDAY + HOUR)
        late = "failed" if gateway_of(texting) == "twilio" else "sending_failed"
        code = code_of(texting, passing=False)
        told(stand_in, texting, fresh(message), late, ref=stand_in.asked[0].ref, code=code)
        assert fresh(message).state == "sent"

    def test_is_believed_so_many_times(self, texting, stand_in):
        message, now = a_sent_text(texting, at_any_hour=True), TUESDAY
        while fresh(message).state == "sent":
            told(stand_in, texting, message, failing_status(texting), now=now, code=code_of(texting, passing=True))
            now = fresh(message).next_try_at or now
            deliver(now=now)
        assert (message.state, len(stand_in.texts)) == ("failed", ROUNDS + 1)
        assert facts(texting).count("message_failed") == 1

    def test_of_a_text_whose_answer_was_lost_counts_too(self, texting, stand_in):
        message = a_text(texting)
        told(stand_in, texting, message, failing_status(texting), ref="lost", code=code_of(texting, passing=False))
        assert (fresh(message).state, Receipt.objects.get().message) == ("queued", None)  # nobody has given it yet
        deliver(now=TUESDAY)
        code = code_of(texting, passing=False)
        told(stand_in, texting, fresh(message), failing_status(texting), code=code, reference=reference_of(message))
        assert fresh(message).state == "failed"


class TestOtherOrganisations:
    def test_cannot_touch_a_message_that_is_not_theirs(self, texting, stand_in, settings):
        other = a_texting_house(stand_in, settings, gateway_of(texting), slug="vidamar")
        message = a_sent_text(texting)
        told(stand_in, other, message, "delivered", reference=reference_of(message))
        assert fresh(message).state == "sent"
        [row] = Receipt.objects.all()
        assert (row.org, row.message) == (other.org, None)
        told(stand_in, texting, message, "delivered")
        assert (fresh(message).state, Receipt.objects.count()) == ("delivered", 2)

    def test_are_not_believed_at_this_ones_address_where_that_is_signed(self, db, stand_in, settings):
        house, other = (a_texting_house(stand_in, settings, "twilio", slug=slug) for slug in ("cafetal", "vidamar"))
        message = a_sent_text(house)
        with pytest.raises(Forged):
            call_in(house, a_receipt(stand_in, other, message.gateway_ref, "delivered"))
        assert (fresh(message).state, Receipt.objects.count()) == ("sent", 0)

    def test_that_are_examples_have_no_gateway(self, db, stand_in, settings, gateway):
        house = a_texting_house(stand_in, settings, gateway, sample=True)
        with pytest.raises(NoGateway):
            call_in(house, a_receipt(stand_in, house, "SM1", "delivered"))

    def test_with_another_gateway_do_not_answer_for_this_one(self, texting, stand_in):
        other = {"twilio": "telnyx", "telnyx": "twilio"}[gateway_of(texting)]
        for name in (other, "carrier", ""):
            with pytest.raises(NoGateway):
                call_in(texting, a_receipt(stand_in, texting, "SM1", "delivered"), gateway=name or "-")


@pytest.mark.slow
def test_the_same_receipt_on_two_roads_at_once_is_one(real_texting, stand_in):
    message = a_sent_text(real_texting)
    called = a_receipt(stand_in, real_texting, message.gateway_ref, "delivered", reference=reference_of(message))
    orphan = a_receipt(stand_in, real_texting, "nobody", "delivered")
    start = Barrier(4)

    def hear(number):
        try:
            start.wait(10)
            call_in(real_texting, orphan if number % 2 else called)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hear, range(4)))
    assert (fresh(message).state, Receipt.objects.count()) == ("delivered", 2)
    assert facts(real_texting) == ["text_sent", "message_delivered"]


@pytest.mark.slow
def test_a_receipt_that_overtakes_the_answer_has_the_last_word(real_texting, stand_in, monkeypatch):
    """The gateway calls back while it still answers us."""
    message = a_text(real_texting)
    taking = stand_in.take

    def calls_at_once(*said):
        ref, answer = taking(*said)
        called = a_receipt(stand_in, real_texting, ref, "delivered", reference=reference_of(message))
        try:
            call_in(real_texting, called)
        finally:
            connection.close()
        return ref, answer

    monkeypatch.setattr(stand_in, "take", calls_at_once)
    assert deliver(now=TUESDAY) == 1
    message = fresh(message)
    assert (message.state, message.gateway_ref, message.error) == ("delivered", stand_in.asked[0].ref, "")
    assert facts(real_texting) == ["message_delivered"]
