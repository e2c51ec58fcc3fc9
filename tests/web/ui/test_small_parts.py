"""The strip of hours, the strip in a list, words for dates and numbers, and the bars of a chart."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.days import OffDay
from escucha.web.ui import charts, spanish
from escucha.web.ui.strip import Term
from escucha.web.ui.strip_calendar import names_of, rows_after
from escucha.web.ui.strip_hours import build_hours
from escucha.web.ui.strip_mini import build_mini, mini_of_counts
from tests.web.ui.ledgers import ledger

BOGOTA = ZoneInfo("America/Bogota")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=BOGOTA)


class TestHours:
    def test_one_row_a_date_one_cell_an_hour(self):
        strip = build_hours(received_at=at(12, 16, 40), due_at=at(13, 16, 40), now=at(13, 10, 12))
        assert [day.label for day in strip.days] == ["dom 12", "lun 13"]
        assert {len(day.hours) for day in strip.days} == {24}
        first, second = strip.days
        assert [hour.css for hour in first.hours[:16]] == [""] * 16
        assert first.hours[16].css == "is-past is-start"
        assert second.hours[10].css == "is-next is-now"
        assert "is-end" in second.hours[16].css and second.hours[16].number == "24"
        assert second.hours[17].css == ""

    def test_the_night_is_seen_and_counts(self):
        strip = build_hours(received_at=at(12, 16), due_at=at(13, 16), now=at(12, 16, 5))
        assert strip.days[1].hours[3].css == "is-night is-next"

    @pytest.mark.parametrize(
        ("now", "settled", "sentence"),
        [
            (at(13, 10, 12), None, "Vence hoy a las 16:40, en 6 h 28 min."),
            (at(12, 17), None, "Vence mañana a las 16:40, en 23 h 40 min."),
            (at(13, 17, 40), None, "Venció hoy a las 16:40, hace 1 h."),
            (at(14, 9), at(13, 16, 39), "Se respondió el lunes 13 de abril a las 16:39, a tiempo."),
            (at(14, 9), at(13, 18, 40), "Se respondió el lunes 13 de abril a las 18:40, 2 h tarde."),
        ],
    )
    def test_the_sentence(self, now, settled, sentence):
        strip = build_hours(received_at=at(12, 16, 40), due_at=at(13, 16, 40), now=now, settled_at=settled)
        assert strip.sentence == sentence
        assert strip.is_late == ("tarde" in sentence or "Venció" in sentence)

    def test_hours_past_the_end_are_late(self):
        strip = build_hours(received_at=at(11, 9, 15), due_at=at(13, 9, 15), now=at(13, 11, 30))
        assert strip.days[-1].hours[10].css == "is-late"
        assert strip.days[-1].hours[11].css == "is-late is-now"

    def test_a_term_of_weeks_is_told_by_its_ends(self):
        strip = build_hours(received_at=at(1, 9), due_at=at(20, 9), now=at(2, 9))
        assert strip.days == [] and strip.due == "lunes 20 de abril a las 9:00"


class TestMini:
    def test_at_most_seven_paths_and_each_day_once(self):
        mini = mini_of_counts(total=15, spent=4, promise=7)
        assert [mini.past.count("M"), mini.now.count("M"), mini.next.count("M")] == [3, 1, 11]
        assert mini.late == mini.pause == "" and mini.promise and mini.legal

    @pytest.mark.parametrize(
        ("given", "filled"),
        [
            ({"total": 15, "spent": 15, "late": 2}, {"past": 15, "now": 0, "next": 0, "late": 2, "pause": 0}),
            ({"total": 15, "spent": 15, "late": 90}, {"past": 15, "now": 0, "next": 0, "late": 5, "pause": 0}),
            ({"total": 15, "spent": 4, "is_paused": True}, {"past": 4, "now": 0, "next": 0, "late": 0, "pause": 11}),
            ({"total": 15, "spent": 5, "is_settled": True}, {"past": 5, "now": 0, "next": 10, "late": 0, "pause": 0}),
            ({"total": 0, "spent": 0}, {"past": 0, "now": 0, "next": 0, "late": 0, "pause": 0}),
        ],
    )
    def test_states(self, given, filled):
        mini = mini_of_counts(**given)
        assert {name: getattr(mini, name).count("M") for name in filled} == filled

    @pytest.mark.parametrize(
        ("today", "settled_on", "filled"),
        [
            (date(2026, 4, 13), None, {"past": 3, "now": 1, "next": 11, "late": 0}),
            (date(2026, 4, 12), None, {"past": 2, "now": 1, "next": 12, "late": 0}),
            (date(2026, 4, 30), None, {"past": 15, "now": 0, "next": 0, "late": 2}),
            (date(2026, 5, 30), date(2026, 4, 14), {"past": 5, "now": 0, "next": 10, "late": 0}),
        ],
    )
    def test_from_a_ledger(self, today, settled_on, filled):
        term = Term(today=today, promise_on=date(2026, 4, 16), legal_on=date(2026, 4, 28), settled_on=settled_on)
        mini = build_mini(ledger(date(2026, 4, 7), 15), term)
        assert {name: getattr(mini, name).count("M") for name in filled} == filled
        assert mini.promise

    @pytest.mark.parametrize("total", [1, 5, 7, 15, 30, 60])
    def test_it_fits(self, total):
        mini = mini_of_counts(total=total, spent=total, late=3)
        assert float(mini.late.split("M")[-1].split(" ")[0]) < 120


class TestSpanish:
    def test_dates(self):
        day = date(2026, 4, 16)
        assert spanish.long_date(day, year=True) == "jueves 16 de abril de 2026"
        assert spanish.short_date(day) == "jue 16 abr"
        assert spanish.clock(at(16, 9, 5)) == "9:05"

    @pytest.mark.parametrize(
        ("number", "text"), [(3, "en 3 días hábiles"), (1, "en 1 día hábil"), (0, "hoy"), (-1, "hace 1 día hábil")]
    )
    def test_in_days(self, number, text):
        assert spanish.in_days(number) == text

    @pytest.mark.parametrize(
        ("moment", "text"),
        [
            (at(13, 10, 30), "en 18 min"),
            (at(13, 8, 2), "hace 2 h 10 min"),
            (at(14, 8), "mañana, 8:00"),
            (at(12, 15, 30), "ayer, 15:30"),
            (at(20, 15, 30), "lun 20 abr, 15:30"),
            (datetime(2025, 12, 1, 9, tzinfo=BOGOTA), "lun 1 dic 2025, 9:00"),
        ],
    )
    def test_relative(self, moment, text):
        assert spanish.relative(moment, at(13, 10, 12)) == text

    @pytest.mark.parametrize(
        ("length", "text"),
        [
            (timedelta(days=2, hours=21), "2 días y 21 h"),
            (timedelta(minutes=108), "1 h 48 min"),
            (timedelta(seconds=20), "menos de un minuto"),
        ],
    )
    def test_spans(self, length, text):
        assert spanish.span(length) == text

    @pytest.mark.parametrize(
        ("number", "groups"),
        [
            ("PQR-2026-004817", ["PQR", "2026", "004", "817"]),
            ("PQRD-2026-31906", ["PQRD", "2026", "31", "906"]),
            ("20418/1", ["20", "418", "1"]),
            ("", []),
        ],
    )
    def test_a_filing_number_is_dictated_in_groups(self, number, groups):
        assert spanish.groups(number) == groups

    def test_points(self):
        assert [spanish.points(number) for number in (7, 185000, 1000000)] == ["7", "185.000", "1.000.000"]


def test_days_after_the_end_come_from_the_calendar():
    holiday = date(2026, 5, 1)
    calendar = Calendar(zone=BOGOTA, off_days={holiday: OffDay("holiday", "Ley 51 de 1983, art. 1", "Día del Trabajo")})
    rows = rows_after(calendar, date(2026, 4, 29), date(2026, 5, 4))
    assert [(row.date.day, row.reason, row.n) for row in rows] == [
        (30, "counted", 1),
        (1, "holiday", None),
        (2, "saturday", None),
        (3, "sunday", None),
        (4, "counted", 2),
    ]
    assert names_of(calendar, [row.date for row in rows]) == {holiday: "Día del Trabajo"}


def test_bars_are_to_scale_and_say_their_figures():
    chart = charts.bars([("T4", 40), ("T1", 80)], unit="%", top=100, goal=85)
    assert [(bar.y, bar.height, bar.is_now) for bar in chart.bars] == [(60, 40, False), (20, 80, True)]
    assert chart.rows == [("T4", "40 %"), ("T1", "80 %")]
    assert (chart.goal, chart.goal_y) == ("meta 85 %", 15)
    assert charts.bars([]).bars == []
