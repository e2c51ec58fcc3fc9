"""Texts that people write: in the intake ledger byte for byte, once; a word to stop is heeded at once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from escucha.contexts.documents.operations import keeping
from escucha.contexts.messaging.models import Arrival, OptOut
from escucha.contexts.messaging.operations.delivering import deliver
from tests.cast import TUESDAY
from tests.contexts.messaging.sms.houses import (
    MOBILE,
    a_reply,
    a_text,
    a_texting_house,
    call_in,
    facts,
    fresh,
    gateway_of,
)


class TestAText:
    def test_is_kept_as_it_came_and_waits_to_be_settled(self, texting, stand_in):
        called = a_reply(stand_in, texting, "in-1", "¿Qué pasó con mi solicitud PQR-2026-000001? Gracias")
        kind, reply = call_in(texting, called)
        assert (kind, reply) == {
            "twilio": ("text/xml", "<Response></Response>"),
            "telnyx": ("application/json", "{}"),
        }[gateway_of(texting)]

        [one] = Arrival.objects.all()
        assert (one.org, one.channel, one.mailbox, one.gateway_ref) == (texting.org, "sms", gateway_of(texting), "in-1")
        assert (one.sender, one.body) == (MOBILE, "¿Qué pasó con mi solicitud PQR-2026-000001? Gracias")
        assert (one.state, one.settled_at, one.parsed_at) == ("parsed", None, TUESDAY)
        assert (one.digest, one.file.digest) == (hashlib.sha256(called.body).hexdigest(),) * 2
        assert (one.file.size, one.file.purpose) == (len(called.body), "raw_mail")
        assert facts(texting, f"arrival:{one.pk}") == ["text_arrived"]

    def test_told_twice_is_kept_once(self, texting, stand_in):
        called = a_reply(stand_in, texting, "in-1", "Hola")
        for minutes in (0, 1, 2):
            call_in(texting, called, now=TUESDAY + timedelta(minutes=minutes))
        assert Arrival.objects.count() == 1
        assert facts(texting, f"arrival:{Arrival.objects.get().pk}") == ["text_arrived"]

    @pytest.mark.parametrize("body", ["", "\x00", "a\x00b", "😀" * 300, "<script>", "línea\nlínea"])
    def test_of_any_words_is_kept(self, texting, stand_in, body):
        call_in(texting, a_reply(stand_in, texting, "in-1", body))
        assert Arrival.objects.get().body == body.replace("\x00", "")

    @pytest.mark.parametrize(("sender", "kept"), [("+573000000001", MOBILE), ("85000", "85000"), ("Banco", "Banco")])
    def test_of_any_sender_is_kept(self, texting, stand_in, sender, kept):
        call_in(texting, a_reply(stand_in, texting, "in-1", "Hola", sender=sender))
        assert Arrival.objects.get().sender == kept

    def test_that_could_not_be_kept_is_not_answered_for(self, texting, stand_in, monkeypatch):
        """The gateway is told nothing and calls again: neither half a row nor a lost text."""

        def full(*_said, **_named):
            raise OSError("no room")

        called = a_reply(stand_in, texting, "in-1", "BAJA")
        with monkeypatch.context() as patched, pytest.raises(OSError):
            patched.setattr(keeping.store, "put", full)
            call_in(texting, called)
        assert (Arrival.objects.count(), OptOut.objects.count()) == (0, 0)
        call_in(texting, called)
        assert (Arrival.objects.count(), OptOut.objects.count()) == (1, 1)

    def test_of_one_organisation_is_nothing_to_another(self, texting, stand_in, settings):
        other = a_texting_house(stand_in, settings, gateway_of(texting), slug="vidamar")
        call_in(texting, a_reply(stand_in, texting, "in-1", "BAJA"))
        call_in(other, a_reply(stand_in, other, "in-1", "Hola"))
        assert [one.org for one in Arrival.objects.order_by("pk")] == [texting.org, other.org]
        ours, theirs = a_text(texting), a_text(other)
        deliver(now=TUESDAY)
        assert (fresh(ours).state, fresh(theirs).state) == ("failed", "sent")


class TestAWordToStop:
    def test_means_that_the_number_is_not_texted_again(self, texting, stand_in):
        waiting = a_text(texting)
        call_in(texting, a_reply(stand_in, texting, "in-1", " Baja. "))
        later, another = a_text(texting), a_text(texting, to="300 000 0002")
        deliver(now=TUESDAY)
        assert [(fresh(one).state, one.error) for one in (waiting, later)] == [("failed", "opt_out")] * 2
        assert (fresh(another).state, len(stand_in.asked)) == ("sent", 1)
        arrival = Arrival.objects.get()
        assert (arrival.state, arrival.subject, arrival.settled_at) == ("filed", "texts", TUESDAY)
        assert facts(texting, f"arrival:{arrival.pk}") == ["text_arrived", "texts_stopped"]

    def test_said_twice_is_as_once_and_can_be_taken_back(self, texting, stand_in):
        for number, word in enumerate(["STOP", "baja", "ALTA", "alta"]):
            call_in(texting, a_reply(stand_in, texting, f"in-{number}", word))
            assert OptOut.objects.count() == (number < 2)
        message = a_text(texting)
        deliver(now=TUESDAY)
        assert fresh(message).state == "sent"

    def test_holds_even_where_a_life_is_at_risk(self, texting, stand_in):
        """The gateway would refuse it anyway; staff sees that it did not leave, and calls."""
        call_in(texting, a_reply(stand_in, texting, "in-1", "STOP"))
        message = a_text(texting, at_any_hour=True)
        deliver(now=TUESDAY)
        assert (fresh(message).state, message.error) == ("failed", "opt_out")


@pytest.mark.slow
def test_the_same_text_on_two_roads_at_once_is_one(real_texting, stand_in):
    called = a_reply(stand_in, real_texting, "in-1", "STOP")
    start = Barrier(4)

    def hear(_number):
        try:
            start.wait(10)
            return call_in(real_texting, called)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(hear, range(4)))) == 1
    assert (Arrival.objects.count(), OptOut.objects.count()) == (1, 1)
    assert facts(real_texting, f"arrival:{Arrival.objects.get().pk}") == ["text_arrived", "texts_stopped"]
