"""Calls: told once in any order, shown with their account and greeting, taken by one, measured at the third ring."""

import json
import threading
from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from escucha.contexts.assistance.models import IncomingCall
from escucha.contexts.assistance.operations.calls import note_call, take_call
from escucha.contexts.assistance.queries.calls import answered_between, caller_of, waiting_calls
from escucha.contexts.assistance.rules.calls import (
    CallEvent,
    Malformed,
    Told,
    event_in,
    greeting,
    is_signed,
    signature_of,
)
from escucha.kernel.words import Refused
from tests.assisting import a_file
from tests.cast import TUESDAY
from tests.make import a_house

BOGOTA, BUENOS_AIRES = ZoneInfo("America/Bogota"), ZoneInfo("America/Argentina/Buenos_Aires")
SECRET, STAMP = "clave-de-prueba", str(int(TUESDAY.timestamp()))
BODY = json.dumps({"event": "ringing", "call": "a-1", "line": "601 000 0044", "caller": "300 000 0021"}).encode()


class TestSignatures:
    def signed(self, body=BODY, stamp=STAMP, secret=SECRET, now=TUESDAY, given=None):
        wanted = signature_of(body, stamp=stamp, secret=SECRET)
        return is_signed(body, stamp=stamp, given=wanted if given is None else given, secret=secret, now=now)

    def test_only_who_knows_the_secret_is_believed_and_only_just_now(self):
        assert self.signed()
        assert self.signed(now=TUESDAY + timedelta(minutes=4))
        assert not self.signed(now=TUESDAY + timedelta(minutes=6))
        assert not self.signed(now=TUESDAY - timedelta(minutes=6))
        assert not self.signed(secret="")
        assert not self.signed(given="00")
        assert not self.signed(given="ñ")

    @pytest.mark.parametrize("stamp", ["", "x", "-1", "1" * 20, "٣"])
    def test_an_odd_stamp_is_refused(self, stamp):
        assert not is_signed(BODY, stamp=stamp, given="x", secret=SECRET, now=TUESDAY)


class TestEvents:
    def test_what_is_said_is_read(self):
        event = event_in(BODY, now=TUESDAY)
        assert (event.told, event.call, event.line, event.at) == (Told.RINGING, "a-1", "601 000 0044", TUESDAY)

    def test_what_is_told_of_the_future_happens_now(self):
        later = (TUESDAY + timedelta(hours=1)).isoformat()
        assert event_in(json.dumps({"event": "ended", "call": "a", "at": later}).encode(), now=TUESDAY).at == TUESDAY

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"[]", b"{}", b"\xff", b'{"event": "ringing"}', b'{"event": "sung", "call": "a"}',
            b'{"event": "ringing", "call": ""}', b'{"event": "ringing", "call": 7}',
            b'{"event": "ringing", "call": "a", "at": "2026-03-03T10:00:00"}',
            b'{"event": "ringing", "call": "a", "rings": "muchos"}', b'{"event": "ringing", "call": "a\\u0000"}',
        ],
    )  # fmt: skip
    def test_what_says_nothing_is_malformed(self, body):
        with pytest.raises(Malformed):
            event_in(body, now=TUESDAY)


@pytest.mark.requirement("ASIS-15.2")
@pytest.mark.parametrize(
    ("hour", "zone", "said"),
    [
        (16, BOGOTA, "Buenos días"), (17, BOGOTA, "Buenas tardes"), (16, BUENOS_AIRES, "Buenas tardes"),
        (23, BOGOTA, "Buenas tardes"), (0, BOGOTA, "Buenas noches"), (9, BOGOTA, "Buenos días"),
    ],
)  # fmt: skip
def test_the_greeting_says_the_account_and_the_hour_of_who_calls(hour, zone, said):
    now = datetime(2026, 3, 3, hour, tzinfo=UTC)
    calm = str(greeting("Ruta Clara", name="Luz", emergency=False, now=now, zone=zone))
    urgent = str(greeting("Ruta Clara", name="Luz", emergency=True, now=now, zone=zone))
    assert calm == f"Ruta Clara. {said}. Le habla Luz. ¿En qué le puedo ayudar?"
    assert urgent.endswith("¿Cuál es su emergencia?")


def ring(house, told=Told.RINGING, call="a-1", line="601 000 0044", at=TUESDAY, rings=0, caller="300 000 0021"):
    return note_call(org=house.org, event=CallEvent(told, call, line, caller, at, rings), now=at)


LIFE = {
    Told.RINGING: {"at": TUESDAY},
    Told.ANSWERED: {"at": TUESDAY + timedelta(seconds=9), "rings": 2},
    Told.HELD: {"at": TUESDAY + timedelta(seconds=20)},
    Told.ENDED: {"at": TUESDAY + timedelta(minutes=3)},
}


@pytest.mark.django_db
class TestCalls:
    @pytest.mark.requirement("ASIS-15.1")
    def test_the_account_is_that_of_the_line(self):
        house = a_house("quetzal")
        assert ring(house).account == "ruta_clara"
        assert ring(house, call="a-2", line="601 000 0099").account == ""

    @pytest.mark.requirement("ASIS-15.4")
    @pytest.mark.parametrize("order", [*permutations(Told)], ids=lambda order: " ".join(order))
    def test_is_one_row_however_often_and_in_whatever_order_it_is_told(self, order):
        house = a_house("quetzal")
        for told in (*order, *order):
            begins = {"at": TUESDAY, "rings": 0} if told is Told.RINGING else {"line": "", "caller": ""}
            ring(house, told, **LIFE[told] | begins)
        call = IncomingCall.objects.get()
        assert (call.account, call.caller, call.rang_at, call.rings) == ("ruta_clara", "300 000 0021", TUESDAY, 2)
        moments = {Told.ANSWERED: call.answered_at, Told.HELD: call.held_at, Told.ENDED: call.ended_at}
        assert moments == {told: LIFE[told]["at"] for told in moments}
        assert not call.abandoned

    @pytest.mark.parametrize("order", [*permutations([Told.RINGING, Told.ENDED])], ids=lambda order: " ".join(order))
    def test_is_lost_when_it_ended_and_nobody_answered(self, order):
        house = a_house("quetzal")
        for told in order:
            ring(house, told, **LIFE[told])
        assert IncomingCall.objects.get().abandoned

    @pytest.mark.requirement("ASIS-15.5")
    def test_those_that_wait_go_by_turn_and_then_by_when_they_rang(self):
        house = a_house("quetzal")
        first = ring(house, call="calm", line="601 000 0043")
        second = ring(house, call="urgent", at=TUESDAY + timedelta(seconds=5))
        shown = waiting_calls(org=house.org, viewer=house.actor("luz"), now=TUESDAY + timedelta(seconds=9))
        assert shown == [second, first]
        assert not waiting_calls(org=house.org, viewer=house.actor("irma"), now=TUESDAY)

    def test_a_call_that_was_lost_by_its_switchboard_stops_waiting(self):
        house = a_house("quetzal")
        ring(house)
        assert not waiting_calls(org=house.org, viewer=house.actor("luz"), now=TUESDAY + timedelta(minutes=2))

    @pytest.mark.requirement("ASIS-15.3")
    def test_shows_who_has_that_telephone_and_their_open_files(self):
        house = a_house("quetzal")
        file = a_file(house, account="ruta_clara")
        call = ring(house, caller="300 000 0022")
        caller = caller_of(org=house.org, viewer=house.actor("luz"), call=call)
        assert [one.full_name for one in caller.affiliates] == ["Rebeca Pedraza"]
        assert caller.files == [file]
        nobody = caller_of(org=house.org, viewer=house.actor("mateo"), call=call)
        assert (list(nobody.affiliates), list(nobody.files)) == ([], [])

    @pytest.mark.requirement("ASIS-15.4")
    def test_is_measured_by_the_third_ring(self):
        house = a_house("quetzal")
        for call, rings in (("a", 1), ("b", 3), ("c", 4)):
            ring(house, Told.ANSWERED, call=call, rings=rings)
        ring(house, Told.ENDED, call="lost")
        day = {"since": TUESDAY - timedelta(hours=1), "until": TUESDAY + timedelta(hours=1)}
        assert answered_between(org=house.org, viewer=house.actor("paula"), **day) == (4, 2, 1)

    def test_is_taken_once_and_told_to_the_rest(self):
        house = a_house("quetzal")
        call = ring(house)
        take_call(org=house.org, call_id=call.pk, by=house.actor("luz"), now=TUESDAY)
        take_call(org=house.org, call_id=call.pk, by=house.actor("luz"), now=TUESDAY)
        with pytest.raises(Refused, match="otra persona"):
            take_call(org=house.org, call_id=call.pk, by=house.actor("fabian"), now=TUESDAY)
        with pytest.raises(Refused, match="coordina"):
            take_call(org=house.org, call_id=call.pk, by=house.actor("irma"), now=TUESDAY)
        with pytest.raises(Refused, match="ya no está"):
            take_call(org=a_house("cafetal").org, call_id=call.pk, by=house.actor("luz"), now=TUESDAY)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_at_once_are_one():
    house = a_house("quetzal")
    call, outcomes, ready = ring(house), [], threading.Barrier(2)

    def take(who):
        try:
            ready.wait(10)
            take_call(org=house.org, call_id=call.pk, by=house.actor(who), now=TUESDAY)
            outcomes.append("taken")
        except Refused:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[who]) for who in ("luz", "fabian")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["taken", "told"]
