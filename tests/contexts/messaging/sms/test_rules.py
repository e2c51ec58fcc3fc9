"""Hours of the night, numbers, single words, and what a profile may say of texts."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.messaging.policy.sms import SmsPolicy
from escucha.contexts.messaging.rules.quiet import after_quiet, next_morning
from escucha.contexts.messaging.rules.wishes import wants_no_texts, wants_texts
from escucha.contexts.messaging.rules.writing import line_of

BOGOTA, SANTIAGO, LORD_HOWE = (ZoneInfo(name) for name in ("America/Bogota", "America/Santiago", "Australia/Lord_Howe"))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


def at(clock: str, day: int = 3) -> datetime:
    return datetime.combine(datetime(2026, 3, day), time.fromisoformat(clock), BOGOTA)


class TestTheNight:
    @pytest.mark.parametrize(
        ("moment", "leaves"),
        [
            (at("06:59"), at("07:00")),
            (at("07:00"), at("07:00")),
            (at("19:59"), at("19:59")),
            (at("20:00"), at("07:00", day=4)),
            (at("23:59"), at("07:00", day=4)),
            (at("00:00"), at("07:00")),
        ],
    )
    def test_ends_in_the_morning(self, moment, leaves):
        assert after_quiet(moment, quiet_from=time(20), quiet_until=time(7), zone=BOGOTA) == leaves

    @pytest.mark.parametrize("zone", [BOGOTA, SANTIAGO, LORD_HOWE])
    @given(moment=MOMENTS, start=st.times(), end=st.times())
    def test_is_never_left_into_the_night_nor_into_the_past(self, zone, moment, start, end):
        leaves = after_quiet(moment, quiet_from=start, quiet_until=end, zone=zone)
        assert moment <= leaves <= moment + timedelta(hours=26)
        if start != end and leaves != moment:
            clock = leaves.astimezone(zone).time()
            assert clock >= end.replace(fold=0) or clock < start

    def test_equal_ends_are_no_night(self):
        assert after_quiet(at("03:00"), quiet_from=time(7), quiet_until=time(7), zone=BOGOTA) == at("03:00")

    def test_a_siesta_is_one_too(self):
        assert after_quiet(at("13:00"), quiet_from=time(12), quiet_until=time(14), zone=BOGOTA) == at("14:00")
        assert after_quiet(at("15:00"), quiet_from=time(12), quiet_until=time(14), zone=BOGOTA) == at("15:00")

    def test_begins_at_its_first_moment_and_is_over_at_its_last(self):
        siesta = {"quiet_from": time(12), "quiet_until": time(14), "zone": BOGOTA}
        assert [after_quiet(at(clock), **siesta) for clock in ("12:00", "14:00")] == [at("14:00"), at("14:00")]

    def test_the_next_day_begins_in_the_morning(self):
        assert next_morning(at("16:00"), quiet_until=time(7), zone=BOGOTA) == at("07:00", day=4)
        assert next_morning(at("00:10"), quiet_until=time(7), zone=BOGOTA) == at("07:00", day=4)


class TestSingleWords:
    @pytest.mark.parametrize("said", ["BAJA", " baja. ", "STOP", "Stop!", "¡BAJA!", "no más", "NO MAS mensajes"])
    @pytest.mark.parametrize("way", [str, str.upper])
    def test_that_ask_for_no_more_texts_however_written(self, said, way):
        assert wants_no_texts(way(said)) and not wants_texts(way(said))

    @pytest.mark.parametrize(
        "said", ["cancel", "Cancelar", "stop all", "revoke", "optout", "opt out", "pare", "detener", "Baja por favor"]
    )
    def test_that_ask_for_no_more_texts(self, said):
        assert wants_no_texts(said) and not wants_texts(said)

    @pytest.mark.parametrize(
        "said", ["", "Quiero la baja de mi afiliación", "no", "cancelar mi solicitud", "baja el volumen", "😀", "bajan"]
    )
    def test_that_say_something_else(self, said):
        assert not wants_no_texts(said) and not wants_texts(said)

    @pytest.mark.parametrize("said", ["ALTA", "start", " Alta "])
    def test_that_ask_for_texts_again(self, said):
        assert wants_texts(said) and not wants_no_texts(said)


class TestThePolicy:
    def test_that_says_nothing_sends_nothing(self):
        assert SmsPolicy.read({}) == SmsPolicy() and SmsPolicy().gateway == ""
        assert SmsPolicy().segments_a_day is None

    def test_reads_its_hours_and_its_ceiling(self):
        said = {"gateway": "telnyx", "sender": "85000", "segment_price": 30, "spend_a_day": 1000, "quiet_from": "21:30"}
        policy = SmsPolicy.read(said)
        assert (policy.quiet_from, policy.quiet_until, policy.segments_a_day) == (time(21, 30), time(7), 33)

    @pytest.mark.parametrize(
        "raw",
        [
            {"gateway": "carrier"},
            {"gateway": "twilio"},
            {"gateway": "twilio", "sender": "una frase larga"},
            {"gateway": "twilio", "sender": "+573000000001", "spend_a_day": 10},
            {"quiet_from": "25:00"},
        ],
    )
    def test_refuses_what_nobody_can_mean(self, raw):
        with pytest.raises(ValueError):
            SmsPolicy.read(raw)


def test_a_text_is_one_line_whatever_a_name_says():
    assert (
        line_of("Hola {name}.\n{url}\n", {"name": "Ana\r\nBerrío", "url": "http://x/"}) == "Hola Ana Berrío. http://x/"
    )
