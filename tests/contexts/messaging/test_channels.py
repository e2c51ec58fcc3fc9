"""Channels as a profile says them, and when each is open: by examples, and by property in zones whose clocks jump."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.messaging.policy.channels import KINDS, WEB, Channel, ChannelsPolicy
from escucha.contexts.messaging.rules.hours import (
    DaysOff,
    closes_at,
    days_off_from,
    next_opening,
    open_at,
    shifts_on,
    week_table,
)
from escucha.kernel.profiles.loader import BadProfile
from tests.kernel.worktime.arbitrary import calendars, moments
from tests.profiles.folders import BY_NAME, spoiled

BOGOTA = ZoneInfo("America/Bogota")
ALWAYS = Channel(key="web", label="Página", kind="web", always=True)
SPLIT = {"mon": ["07:30-11:30", "13:30-17:30"]}


def policy(name: str) -> ChannelsPolicy:
    return BY_NAME[name].section(ChannelsPolicy)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def said_of(name: str, key: str, moment: str):
    """Whether it is open, until when or from when, in local time."""
    profile = BY_NAME[name]
    channel, now = policy(name).channels[key], at(moment)
    is_open = open_at(channel, now, calendar=profile.calendar)
    ask = closes_at if is_open else next_opening
    then = ask(channel, now, calendar=profile.calendar)
    return is_open, then and f"{then.astimezone(BOGOTA):%Y-%m-%d %H:%M}"


@pytest.mark.requirement("CAJA-13.1")
@pytest.mark.parametrize(
    ("key", "moment", "said"),
    [
        ("counter", "2026-11-23 07:29:59", (False, "2026-11-23 07:30")),
        ("counter", "2026-11-23 07:30", (True, "2026-11-23 12:00")),
        ("counter", "2026-11-23 11:59:59", (True, "2026-11-23 12:00")),
        ("counter", "2026-11-23 12:00", (False, "2026-11-23 13:30")),
        ("counter", "2026-11-26 17:59", (True, "2026-11-26 18:00")),
        ("counter", "2026-11-27 17:00", (False, "2026-11-30 07:30")),
        ("phone", "2026-11-23 11:30", (False, "2026-11-23 13:30")),
        ("phone", "2026-11-23 17:29", (True, "2026-11-23 17:30")),
        ("phone", "2026-11-27 16:39", (True, "2026-11-27 16:40")),
        ("phone", "2026-11-27 16:40", (False, "2026-11-30 07:30")),
        ("counter", "2026-12-07 18:30", (False, "2026-12-09 07:30")),  # the 8th is a holiday
        ("counter", "2026-12-08 10:00", (False, "2026-12-09 07:30")),
    ],
)
def test_the_split_shifts_of_the_fund(key, moment, said):
    assert said_of("cafetal", key, moment) == said


@pytest.mark.requirement("CAJA-13.2")
@pytest.mark.parametrize("key", ["web", "assistant"])
@pytest.mark.parametrize("moment", ["2026-11-22 03:00", "2026-12-25 23:59:59"])
def test_web_and_assistant_are_open_day_and_night(key, moment):
    assert said_of("cafetal", key, moment) == (True, None)
    channel, profile = policy("cafetal").channels[key], BY_NAME["cafetal"]
    assert next_opening(channel, at(moment), calendar=profile.calendar) is None


def test_the_year_end_closing_shuts_every_channel_with_hours():
    assert said_of("corrioverde", "counter", "2026-12-24 15:45") == (True, "2026-12-24 16:30")
    assert said_of("corrioverde", "counter", "2026-12-24 16:30") == (False, "2027-01-04 08:00")
    assert said_of("corrioverde", "web", "2026-12-30 10:00") == (True, None)


def test_a_channel_may_attend_on_a_day_that_does_not_count():
    assert said_of("vidamar", "counter", "2026-11-21 10:00") == (True, "2026-11-21 11:00")  # a Saturday
    assert said_of("vidamar", "letter", "2026-11-21 10:00") == (False, "2026-11-23 07:00")


def test_what_is_announced_has_no_hours():
    assert said_of("corrioverde", "hearing", "2026-11-23 10:00") == (False, None)


def test_a_channel_of_holidays_attends_on_them():
    def attends(raw):
        raw["channels"]["phone"]["holidays"] = True

    profile = spoiled("cafetal", attends)
    phone = profile.section(ChannelsPolicy).channels["phone"]
    assert open_at(phone, at("2026-12-08 10:00"), calendar=profile.calendar)


def test_nights_that_touch_are_one_stretch():
    night = Channel.read(
        "x", {"label": "Noche", "kind": "phone", "hours": {"mon": ["18:00-24:00"], "tue": ["00:00-06:00"]}}
    )
    calendar = BY_NAME["cafetal"].calendar
    assert closes_at(night, at("2026-11-23 22:00"), calendar=calendar) == at("2026-11-24 06:00")
    assert next_opening(night, at("2026-11-23 22:00"), calendar=calendar) == at("2026-11-30 18:00")


def test_all_the_hours_of_the_week_never_close():
    hours = dict.fromkeys(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ["00:00-24:00"])
    line = Channel.read("x", {"label": "Línea", "kind": "phone", "hours": hours, "holidays": True})
    now, calendar = at("2026-12-25 03:00"), BY_NAME["cafetal"].calendar
    assert open_at(line, now, calendar=calendar)
    assert closes_at(line, now, calendar=calendar) is None and next_opening(line, now, calendar=calendar) is None


def test_the_week_joins_days_alike():
    profile = BY_NAME["cafetal"]
    table = week_table(policy("cafetal").channels["phone"], calendar=profile.calendar)
    assert table == [
        (0, 3, ((450, 690), (810, 1050))),
        (4, 4, ((450, 690), (810, 1000))),
        (5, 6, ()),
    ]
    assert week_table(ALWAYS, calendar=profile.calendar) == [(0, 6, ((0, 1440),))]


def test_the_days_off_that_come_join_a_closing():
    found = days_off_from(BY_NAME["corrioverde"].calendar, date(2026, 12, 20), days=20)
    assert found == [
        DaysOff(date(2026, 12, 25), date(2026, 12, 25), "Navidad"),
        DaysOff(date(2026, 12, 28), date(2026, 12, 31), "Resolución interna 207 de 2026, cierre de fin de año"),
        DaysOff(date(2027, 1, 1), date(2027, 1, 1), "Año Nuevo"),
    ]


hours = st.sampled_from(
    [(), ((480, 1020),), ((450, 720), (810, 1080)), ((0, 1440),), ((0, 60), (120, 180), (1380, 1440)), ((150, 155),)]
)
channels = st.builds(
    Channel,
    key=st.just("x"),
    label=st.just("X"),
    kind=st.just("phone"),
    hours=st.none() | st.fixed_dictionaries({day: hours for day in range(7)}),
    holidays=st.booleans(),
)


@pytest.mark.requirement("CAJA-13.4")
@pytest.mark.slow
@given(calendars(), channels, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar, channel, moment):
    opens = next_opening(channel, moment, calendar=calendar)
    start = closes_at(channel, moment, calendar=calendar) if open_at(channel, moment, calendar=calendar) else moment
    if opens is None:
        return
    assert start is not None and moment < opens and start < opens
    assert open_at(channel, opens, calendar=calendar)
    assert not open_at(channel, opens - timedelta(seconds=1), calendar=calendar)
    for part in range(1, 20):
        assert not open_at(channel, start + (opens - start) * part / 20, calendar=calendar)


@pytest.mark.slow
@given(calendars(), channels, moments)
def test_it_is_open_until_it_closes_and_not_then(calendar, channel, moment):
    closes = closes_at(channel, moment, calendar=calendar)
    if closes is None:
        return
    assert moment < closes
    assert not open_at(channel, closes, calendar=calendar)
    for part in range(20):
        assert open_at(channel, moment + (closes - moment) * part / 20, calendar=calendar)


@pytest.mark.slow
@given(calendars(), channels, moments)
def test_whether_it_is_open_is_what_the_clock_on_the_wall_says(calendar, channel, moment):
    """Against a second way of knowing: the local day and minute, asked of the lists themselves."""
    local = moment.astimezone(calendar.zone)
    day, minute = local.date(), local.hour * 60 + local.minute
    if _clocks_jump(calendar.zone, day):
        return
    off = day in calendar.off_days or day in calendar.closures
    week = channel.hours
    if week is None:
        week = {key: value for key, value in calendar.office_hours.items() if key not in calendar.weekend}
    wanted = (channel.holidays or not off) and any(
        opens <= minute < closes for opens, closes in week.get(day.weekday(), ())
    )
    assert open_at(channel, moment, calendar=calendar) == wanted


def _clocks_jump(zone: ZoneInfo, day: date) -> bool:
    noons = [datetime.combine(day + timedelta(days=number), time(12), zone).utcoffset() for number in (-1, 0, 1)]
    return len(set(noons)) > 1


@pytest.mark.slow
@given(calendars(), channels, st.dates(date(2022, 1, 1), date(2023, 12, 31)))
def test_the_hours_of_a_day_are_within_it_and_in_order(calendar, channel, day):
    found = shifts_on(channel, day, calendar=calendar)
    instants = [instant for one in found for instant in one]
    assert instants == sorted(instants)
    if found:
        assert calendar.midnight_of(day) <= instants[0] and instants[-1] <= calendar.midnight_after_date(day)


class TestThePolicy:
    @pytest.mark.requirement("EPS-04.7")
    def test_says_which_channels_are_open(self):
        kinds = {channel.kind for channel in policy("vidamar").receiving()}
        assert {"in_person", "phone", "web", "email"} <= kinds
        assert not kinds & {"mobile", "chat"}

    @pytest.mark.requirement("CORP-01.1", "CORP-01.2", "CORP-01.3", "CORP-01.4", "CORP-01.5", "CORP-01.6", "CORP-01.7")
    def test_the_authority_opens_every_way_its_guide_names(self):
        labels = {channel.kind: channel.label for channel in policy("corrioverde").receiving()}
        assert labels.keys() == {"web", "phone", "in_person", "email", "letter", "fax", "hearing", "box"}
        phones = [channel.label for channel in policy("corrioverde").receiving() if channel.kind == "phone"]
        assert phones == ["Línea gratuita", "Teléfono de una dependencia"]

    def test_keeps_the_order_also_where_keys_come_sorted(self):
        assert list(policy("cafetal").channels)[:3] == ["web", "phone", "counter"]

    def test_of_who_only_orients_nothing_is_filed(self):
        read = policy("cafetal")
        assert "assistant" in read.channels and "assistant" not in [channel.key for channel in read.receiving()]
        assert read.receiving_by("assistant") is None and read.receiving_by(WEB).key == "web"

    def test_a_profile_that_says_nothing_opens_the_usual_ones(self):
        profile = spoiled("cafetal", lambda raw: raw.pop("channels"))
        read = profile.section(ChannelsPolicy)
        assert [channel.key for channel in read.receiving()] == ["web", "phone", "counter", "email", "letter", "box"]

    def test_a_channel_that_is_no_longer_there_still_has_a_name(self):
        read = policy("quetzal")
        assert read.label_of("box") == KINDS["box"]
        assert read.label_of("phone") == "Línea de Calidad" and read.label_of("unknown") == "unknown"

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"kind": "pigeon"}, "no existe el medio"),
            ({"always": True}, "uno solo"),
            ({"hours": {"lun": ["07:30-12:00"]}}, "lun|tuple"),
            ({"hours": {"mon": ["12:00-07:30"]}}, "closes before it opens"),
            ({"hours": {"mon": ["12:00-24:30"]}}, "hour|Invalid"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_what_none_can_mean_is_refused(self, change, why):
        profile = spoiled("cafetal", lambda raw: raw["channels"]["phone"].update(change))
        with pytest.raises(BadProfile, match=why):
            profile.section(ChannelsPolicy)

    def test_the_order_names_each_once(self):
        profile = spoiled("cafetal", lambda raw: raw["channels"]["order"].pop())
        with pytest.raises(BadProfile, match="order nombra"):
            profile.section(ChannelsPolicy)


def test_a_moment_of_another_zone_is_the_same_moment():
    channel, calendar = policy("cafetal").channels["counter"], BY_NAME["cafetal"].calendar
    assert open_at(channel, datetime(2026, 11, 23, 15, tzinfo=UTC), calendar=calendar)
    assert not open_at(channel, datetime(2026, 11, 23, 10, tzinfo=UTC), calendar=calendar)
