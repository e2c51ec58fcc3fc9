"""The strip of days: drawing, words and table say the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from escucha.web.ui.strip import Cell, Stage, Strip, Term, build
from tests.web.ui.ledgers import NAMES, Row, ledger

RECEIVED = date(2026, 4, 7)
MONDAY = date(2026, 4, 13)
STAGES = (Stage("Recreación", date(2026, 4, 14)), Stage("Atención al Usuario", date(2026, 4, 16)))
TERM = Term(
    today=MONDAY, stages=STAGES, legal_on=date(2026, 4, 28), legal_norm="Ley 1755 de 2015, art. 14", names=NAMES
)
FIFTEEN = ledger(RECEIVED, 15)


def cells(strip: Strip) -> dict[date, Cell]:
    return {cell.date: cell for week in strip.weeks for cell in week.cells}


def marks(strip: Strip, day: date) -> set[str]:
    return set(cells(strip)[day].css.split())


@pytest.mark.parametrize(
    ("day", "css", "number", "label"),
    [
        (date(2026, 4, 7), {"is-start", "from-2"}, "0", "7"),
        (date(2026, 4, 8), {"s1", "is-past"}, "1", "8"),
        (date(2026, 4, 11), {"s1", "is-off"}, "", ""),
        (date(2026, 4, 13), {"s1", "is-today"}, "4", "hoy"),
        (date(2026, 4, 14), {"s1", "is-edge"}, "5", "14"),
        (date(2026, 4, 15), {"s2"}, "6", "15"),
        (date(2026, 4, 16), {"s2", "is-promise"}, "7", "16"),
        (date(2026, 4, 17), {"sl"}, "8", "17"),
        (date(2026, 4, 28), {"sl", "is-legal"}, "15", "§ 28"),
    ],
)
def test_each_day_is_drawn_by_what_it_is(day, css, number, label):
    cell = cells(build(FIFTEEN, TERM))[day]
    assert (set(cell.css.split()), cell.number, cell.day) == (css, number, label)


def test_weeks_start_on_monday_and_hold_every_day_once():
    strip = build(FIFTEEN, TERM)
    assert [week.label for week in strip.weeks] == ["6 abr", "13 abr", "20 abr", "27 abr"]
    assert [cell.date for week in strip.weeks for cell in week.cells] == [row.date for row in FIFTEEN]


@pytest.mark.parametrize(
    ("day", "tip"),
    [
        (date(2026, 3, 19), "Jueves 19 de marzo: se recibió; el plazo empieza el día hábil siguiente."),
        (date(2026, 3, 21), "Sábado 21 de marzo: no cuenta. Fin de semana, Ley 4 de 1913, art. 62."),
        (date(2026, 3, 23), "Lunes 23 de marzo: no cuenta. Día de San José, Ley 51 de 1983, art. 2."),
        (
            date(2026, 3, 27),
            "Viernes 27 de marzo: en pausa. Se espera lo que se le pidió a la persona, Ley 1755 de 2015, art. 17.",
        ),
        (date(2026, 4, 6), "Lunes 6 de abril: día 8; termina la etapa de Afiliaciones."),
        (date(2026, 4, 8), "Miércoles 8 de abril, hoy: día 10; termina nuestro compromiso."),
        (date(2026, 4, 15), "Miércoles 15 de abril: día 15; termina el plazo de ley, Ley 1755 de 2015, art. 14."),
    ],
)
def test_the_tip_says_in_a_sentence_why_a_day_counts_or_not(day, tip):
    rows = ledger(date(2026, 3, 19), 15, paused=(date(2026, 3, 27), date(2026, 3, 27)))
    stages = (Stage("Afiliaciones", date(2026, 4, 6)), Stage("Atención al Usuario", date(2026, 4, 8)))
    term = replace(TERM, today=date(2026, 4, 8), stages=stages, legal_on=rows[-1].date)
    assert cells(build(rows, term))[day].tip == tip


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 4, 13), "Vence el jueves 16 de abril, en 3 días hábiles."),
        (date(2026, 4, 15), "Vence mañana, jueves 16 de abril."),
        (date(2026, 4, 16), "Vence hoy, jueves 16 de abril."),
        (
            date(2026, 4, 17),
            "El plazo de ley vence el martes 28 de abril, en 7 días hábiles. "
            "El compromiso venció el jueves 16 de abril.",
        ),
        (date(2026, 5, 4), "Venció el martes 28 de abril."),
    ],
)
def test_the_sentence_says_when_it_is_due_and_in_how_many_days(today, sentence):
    assert build(FIFTEEN, replace(TERM, today=today)).sentence == sentence


@pytest.mark.parametrize(
    ("settled_on", "sentence"),
    [
        (date(2026, 4, 13), "Se respondió el lunes 13 de abril, en el día 4 de 7."),
        (date(2026, 4, 17), "Se respondió el viernes 17 de abril, 1 día hábil tarde."),
        (date(2026, 4, 20), "Se respondió el lunes 20 de abril, 2 días hábiles tarde."),
    ],
)
def test_an_answered_term_says_on_which_day(settled_on, sentence):
    strip = build(FIFTEEN, replace(TERM, today=date(2026, 4, 24), settled_on=settled_on))
    assert strip.sentence == sentence
    assert "is-done" in marks(strip, settled_on)
    assert not [cell for cell in cells(strip).values() if "is-today" in cell.css]


def test_days_after_the_end_are_late_and_numbered_from_one():
    late = [Row(date(2026, 4, 29), "counted", 1), Row(date(2026, 4, 30), "counted", 2)]
    strip = build(FIFTEEN, replace(TERM, today=date(2026, 4, 30), late=late))
    assert strip.sentence == "Venció el martes 28 de abril, hace 2 días hábiles."
    assert [cells(strip)[row.date].number for row in late] == ["+1", "+2"]
    assert marks(strip, date(2026, 4, 30)) == {"is-late", "is-today"}
    assert "Jueves 30 de abril, hoy: 2 días hábiles de retraso." == cells(strip)[date(2026, 4, 30)].tip


def test_days_after_a_missed_promise_are_late_but_keep_their_number():
    strip = build(FIFTEEN, replace(TERM, today=date(2026, 4, 20)))
    assert marks(strip, date(2026, 4, 17)) == {"sl", "is-late"}
    assert cells(strip)[date(2026, 4, 17)].number == "8"


def test_a_running_pause_has_no_end_and_is_drawn_to_today():
    rows = ledger(date(2026, 3, 19), 4)
    term = Term(today=date(2026, 4, 7), stages=STAGES, legal_on=date(2026, 4, 28), paused_since=rows[-1].date)
    strip = build(rows, replace(term, pause_norm="Ley 1755 de 2015, art. 17"))
    assert strip.is_open
    assert strip.sentence == "En pausa desde el jueves 26 de marzo; sigue cuando la persona responda."
    drawn = cells(strip)
    assert "is-pause" in drawn[date(2026, 3, 27)].css and "is-today" in drawn[date(2026, 4, 7)].css
    assert not [cell for cell in drawn.values() if {"is-edge", "is-promise", "is-legal"} & set(cell.css.split())]
    assert {mark.about for mark in strip.key[:3]} == {"en pausa"}


def test_whole_weeks_of_pause_become_one_line():
    rows = ledger(date(2026, 3, 19), 15, paused=(date(2026, 3, 27), date(2026, 4, 26)))
    strip = build(rows, Term(today=date(2026, 5, 4), legal_on=rows[-1].date))
    folds = [week for week in strip.weeks if week.fold]
    assert [(week.label, week.fold, week.css) for week in folds] == [
        ("30 mar", "4 semanas en pausa, hasta el dom 26 abr", "is-pause")
    ]
    assert len(strip.weeks) < 9


def test_a_week_of_pause_that_holds_today_is_not_folded():
    rows = ledger(date(2026, 3, 19), 15, paused=(date(2026, 3, 27), date(2026, 4, 26)))
    strip = build(rows, Term(today=date(2026, 4, 8), legal_on=rows[-1].date))
    assert "is-today" in marks(strip, date(2026, 4, 8))


def test_the_table_says_what_the_drawing_says():
    rows = ledger(date(2026, 3, 19), 15)
    strip = build(rows, Term(today=MONDAY, legal_on=rows[-1].date, names=NAMES))
    lines = [(line.days, line.count, line.why, line.norm) for line in strip.table]
    assert lines[:5] == [
        ("jue 19 mar", "0", "Se recibió; el plazo empieza el día hábil siguiente", "Ley 1437 de 2011, art. 15"),
        ("vie 20 mar", "1", "Día hábil", "Ley 4 de 1913, art. 62"),
        ("sáb 21 mar a dom 22 mar", "—", "No cuenta: fin de semana", "Ley 4 de 1913, art. 62"),
        ("lun 23 mar", "—", "No cuenta: Día de San José", "Ley 51 de 1983, art. 2"),
        ("mar 24 mar", "2", "Día hábil", ""),
    ]
    assert lines[-1][2] == "Termina el plazo de ley"
    counted = [cell.number for cell in cells(strip).values() if cell.number]
    assert counted == [line.count for line in strip.table if line.count != "—"]


def test_the_key_names_each_stage_with_its_days_and_end():
    key = [(mark.css, mark.name, mark.about) for mark in build(FIFTEEN, TERM).key]
    assert key == [
        ("s1", "Recreación", "5 días, hasta el mar 14 abr"),
        ("s2", "Atención al Usuario", "2 días, hasta el jue 16 abr"),
        ("sl", "Plazo de ley", "15 días, hasta el mar 28 abr"),
        ("is-off", "No cuenta", ""),
    ]


def test_an_extension_has_its_band_and_its_line_in_the_key():
    rows = ledger(RECEIVED, 30)
    strip = build(rows, replace(TERM, legal_on=rows[-1].date, extended_from=date(2026, 4, 29)))
    assert "sl" in marks(strip, date(2026, 4, 28)) and "sx" in marks(strip, date(2026, 4, 29))
    assert ("sx", "Ampliación", "desde el mié 29 abr") in [(mark.css, mark.name, mark.about) for mark in strip.key]


def test_days_before_the_effective_receipt_belong_to_nobody():
    rows = [Row(date(2026, 4, 4), "saturday"), Row(date(2026, 4, 5), "sunday"), *ledger(date(2026, 4, 6), 3)]
    strip = build(rows, Term(today=date(2026, 4, 6), legal_on=date(2026, 4, 9)))
    assert marks(strip, date(2026, 4, 4)) == {"is-off", "from-6"}
    assert marks(strip, date(2026, 4, 6)) == {"is-start", "is-now"}


def test_a_promise_that_is_the_law_is_said_once():
    strip = build(FIFTEEN, Term(today=MONDAY, promise_on=date(2026, 4, 28), legal_on=date(2026, 4, 28)))
    assert [mark.name for mark in strip.key] == ["Plazo de ley", "No cuenta"]


def test_years_are_said_when_they_differ():
    rows = ledger(date(2026, 12, 28), 5)
    strip = build(rows, Term(today=date(2026, 12, 29), legal_on=rows[-1].date))
    assert strip.sentence == "Vence el lunes 4 de enero de 2027, en 4 días hábiles."


def test_calendar_days_are_counted_as_days():
    rows = [Row(MONDAY, "received"), *[Row(MONDAY + timedelta(days=n), "counted", n) for n in range(1, 9)]]
    strip = build(rows, Term(today=MONDAY, legal_on=rows[-1].date, unit="calendar"))
    assert strip.sentence == "Vence el martes 21 de abril, en 8 días."
    assert strip.table[1].why == "Día"
