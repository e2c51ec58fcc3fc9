"""The calculator: the engine's answer, shown, shared by its address and printed."""

import re

import pytest

ASKED = {
    "received_on": "2026-03-02",
    "received_time": "10:00",
    "amount": "15",
    "unit": "business_days",
    "receipt_rule": "calendar_date",
    "layers": "national",
}
LANDING = {"host": "localhost"}


def shown(client, *, status=200, headers=None, **changes):
    answer = client.get("/calculadora/", ASKED | changes, headers=headers)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


@pytest.mark.requirement("MORE-01.1")
def test_it_answers_with_the_day_and_each_day_with_its_norm(visitor):
    page = shown(visitor)
    assert "Vence el martes 24 de marzo de 2026" in page
    assert "lunes 2 de marzo de 2026" in page
    assert '<details class="strip-detail" open>' in page
    table = re.sub(r"<[^>]+>|\s+", " ", page.partition('class="table strip-table"')[2])
    assert re.search(r"lun 23 mar\s+—\s+No cuenta: \S.*?Ley 51 de 1983", table)


@pytest.mark.requirement("MORE-01.4")
def test_it_can_be_printed(visitor):
    assert "data-print" in shown(visitor)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"receipt_rule": "office_hours_roll", "received_time": "18:01"}, "miércoles 25 de marzo de 2026"),
        ({"unit": "calendar_days", "amount": "5"}, "lunes 9 de marzo de 2026"),
        ({"unit": "elapsed_hours", "amount": "72"}, "jueves 5 de marzo de 2026 a las 10:00"),
        (
            {"unit": "calendar_months", "amount": "1"},
            "lunes 6 de abril de 2026",
        ),  # past Holy Thursday and Friday
        ({"closures": "2026-03-09 a 2026-03-10, Resolución 5"}, "jueves 26 de marzo de 2026"),
        ({"requested_on": "2026-03-05"}, "detenido desde el"),
        ({"requested_on": "2026-03-10", "completed_on": "2026-03-12"}, "Vence el"),
        ({"to_amount": "40", "told_on": "2026-03-10"}, "no cambió el plazo"),
        ({"to_amount": "20", "told_on": "2026-03-10"}, "martes 31 de marzo de 2026"),
    ],
)
def test_it_follows_every_rule_of_the_engine(visitor, changes, says):
    assert says in shown(visitor, **changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"received_on": "ayer"}, "received_on"),
        ({"received_on": "1700-01-01"}, "received_on"),
        ({"received_time": "25:00"}, "received_time"),
        ({"amount": "cero"}, "amount"),
        ({"amount": "-3"}, "amount"),
        ({"amount": "999999999"}, "amount"),
        ({"unit": "lunas"}, "unit"),
        ({"closures": "en diciembre <b>"}, "closures"),
        ({"closures": "2026-13-40"}, "closures"),
        ({"completed_on": "2026-03-09"}, "requested_on"),
        ({"told_on": "2026-03-09"}, "to_amount"),
        ({"to_amount": "20"}, "told_on"),
    ],
)
def test_what_is_wrong_is_said_in_spanish_beside_its_field(visitor, changes, field):
    page = shown(visitor, status=422, **changes)
    assert f'id="id_{field}_error"' in page
    assert f'href="#id_{field}"' in page
    assert "<b>" not in page.partition("<main")[2].partition("</main>")[0].replace("<b>Plazo", "")
    assert "Vence el" not in page


def test_it_starts_with_the_organisations_calendar(visitor):
    page = visitor.get("/calculadora/").content.decode()
    assert re.search(r'value="office_hours_roll"[^>]*checked', page)
    assert "Vence el" not in page


def test_it_answers_at_the_landing_host_too(client, cafetal):
    assert "Vence el martes 24 de marzo de 2026" in shown(client, headers=LANDING)
    assert client.get("/calculadora/", headers=LANDING).status_code == 200
