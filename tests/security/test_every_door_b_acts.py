"""Faults that a stranger found in contacts, acts and files for spreadsheets. Each is shown by what it does."""

import re
from datetime import date

import pytest
from django.utils import timezone

from escucha.contexts.cases.models import Act, Attention, Remark, Slip
from escucha.contexts.cases.operations import receiving
from escucha.contexts.cases.operations.reserving import reserve_case
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.web.desk.case_export import harmless
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.receiving import by_the_day_written
from tests.contexts.cases.test_races import at_once
from tests.security.test_every_door_b import HOUR, acting, hidden_in, law, tells_of

WITNESSES = ["Elsa Quiceno", "Dora Cano"]


class TestContacts:
    @pytest.fixture
    def contact(self, cafetal):
        now = timezone.now() - 2 * HOUR
        attention = receiving.record_attention(
            channel="phone",
            stakeholder="trabajador",
            topic="tarifas",
            note="Dice que Zarzamora cobra por reservar.",
            **acting(cafetal, now=now),
        )
        case = receiving.turn_attention_into_case(
            attention_id=attention.pk, body="Zarzamora cobra por reservar.", **acting(cafetal, now=now)
        )
        reserve_case(case_id=case.pk, **acting(cafetal, "patricia", now + HOUR))
        return attention

    @pytest.mark.parametrize("there", ["", "lista.csv", "{pk}/"])
    def test_do_not_tell_of_the_reserved_case_they_became(self, cafetal, desk, contact, there):
        contact.refresh_from_db()
        answer = desk("patricia").get(f"/mesa/atenciones/{there.format(pk=contact.pk)}")
        shown = answer.getvalue().decode()
        assert "Zarzamora" not in shown and tells_of(shown, contact.case) == []
        assert "otro caso" in shown.lower()

    def test_do_not_say_who_called(self, cafetal, desk):
        now, said = timezone.now() - HOUR, {"channel": "phone", "stakeholder": "trabajador", "topic": "tarifas"}
        attention = receiving.record_attention(person=ANA, **said, **acting(cafetal, now=now))
        case = receiving.turn_attention_into_case(attention_id=attention.pk, body="Cobra.", **acting(cafetal, now=now))
        page, patricia = f"/mesa/atenciones/{attention.pk}/", desk("patricia")
        assert ANA["name"] in patricia.get(page).text
        reserve_case(case_id=case.pk, **acting(cafetal, "patricia", now))
        assert ANA["name"] not in patricia.get(page).text
        assert ANA["name"] in desk("gabriel").get(page).text

    @pytest.mark.slow
    def test_sent_twice_at_once_are_one(self, real_cafetal):
        def record():
            return receiving.record_attention(
                channel="phone", stakeholder="trabajador", topic="tarifas", form_key="f" * 40, **acting(real_cafetal)
            )

        at_once(*[record] * 4)
        assert Attention.objects.count() == 1


class TestActs:
    def opened(self, house, now=None, **changes):
        now = now or timezone.now() - HOUR
        box = {"kind": "box", "site": "sede", "held_at": now, "witnesses": WITNESSES, "first_slip": 7, "last_slip": 9}
        return receiving.open_act(**acting(house, now=now), **box | changes)

    def test_a_word_is_not_void(self, cafetal, desk):
        act = self.opened(cafetal, kind="hearing", place="Salón comunal", topic="Río")
        answer = desk("lucia").post(f"/mesa/actas/{act.number}/papeletas/", {"body": "Agua", "void": "En blanco"})
        assert answer.status_code == 409 and "no se anula" in answer.text
        assert not Slip.objects.exists()

    def test_a_reason_may_hold_anything(self, cafetal, desk):
        act = self.opened(cafetal)
        said = {"position": "7", "void": "En\x00blanco"}
        assert desk("lucia").post(f"/mesa/actas/{act.number}/papeletas/", said).status_code < 500

    def test_a_form_sent_twice_opens_one(self, cafetal, desk):
        lucia, held = desk("lucia"), timezone.localtime() - HOUR
        page = lucia.get("/mesa/actas/buzon/").text
        start = page.index('<form method="post"', page.index("<main"))
        typed = {"site": "sede", "first_slip": "7", "last_slip": "9", "held_at": f"{held:%Y-%m-%dT%H:%M}"}
        typed |= {"witness_1": WITNESSES[0], "witness_2": WITNESSES[1]}
        for _time in range(2):
            lucia.post("/mesa/actas/buzon/", hidden_in(page[start:]) | typed)
        assert Act.objects.count() == 1

    def test_a_slip_put_right_twice_has_one_note(self, cafetal):
        act = self.opened(cafetal)
        there = acting(cafetal, now=timezone.now()) | {"act_id": act.pk, "position": 7}
        receiving.enter_slip(body="Falta papel.", **there)
        for _time in range(2):
            receiving.correct_slip(body="Falta papel en los baños.", **there)
        assert Remark.objects.count() == 1

    @pytest.mark.slow
    def test_two_clicks_at_once_open_one(self, real_cafetal):
        now = timezone.now() - HOUR
        at_once(*[lambda: self.opened(real_cafetal, now)] * 4)
        assert Act.objects.count() == 1

    @pytest.mark.parametrize("sheet", ["", "impresion/"])
    def test_say_nothing_of_a_word_whose_case_is_reserved(self, cafetal, desk, sheet):
        now = timezone.now() - HOUR
        act = self.opened(cafetal, now, kind="hearing", place="Salón comunal", topic="Río")
        said = {"act_id": act.pk, "body": "Zarzamora cobra.", "commitment": "Investigar a Zarzamora."}
        word = receiving.enter_slip(speaker="Herminia Lasso", **said, **acting(cafetal, now=now))
        client, page = desk("patricia"), f"/mesa/actas/{act.number}/{sheet}"
        assert tells_of(client.get(page).text, word.case) != []
        reserve_case(case_id=word.case.pk, **acting(cafetal, "patricia", now))
        shown = client.get(page).text
        assert "otro caso" in shown and tells_of(shown, word.case) == []
        assert not any(name in shown for name in ("Herminia", "Zarzamora", "papeletas/1/"))
        assert client.get(f"/mesa/actas/{act.number}/papeletas/1/").status_code == 404
        with pytest.raises(NoSuchCase):
            receiving.correct_slip(body="Otra cosa.", position=1, act_id=act.pk, **acting(cafetal, "patricia"))

    def test_the_day_on_a_slip_put_right_moves_its_term(self, cafetal):
        house = by_the_day_written(cafetal)
        act = self.opened(house, TUESDAY)
        there = acting(house, now=TUESDAY + HOUR) | {"act_id": act.pk, "position": 7, "body": "Falta papel."}
        slip = receiving.enter_slip(written_on=date(2026, 3, 2), **there)
        before = law(slip.case)
        receiving.correct_slip(written_on=date(2026, 2, 20), **there)
        assert law(slip.case) < before


@pytest.mark.parametrize("cell", ["hola;=1+1", "hola\n=1+1", "hola\t=1+1", "hola;\r\n  @SUM(A1)"])
def test_no_cell_of_a_file_begins_a_formula_in_its_middle(cell):
    kept = harmless(cell)
    assert kept != cell and kept.replace("'", "") == cell
    assert not any(piece.strip().startswith(("=", "@")) for piece in re.split("[;\\s]", kept))


@pytest.mark.parametrize("there", ["", "casos/", "actas/", "atenciones/"])
def test_a_page_begins_anywhere(desk, there):
    client, place = desk("lucia"), "_1_1" if there in ("", "casos/") else "_1"
    for said in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00+23:59"):
        assert client.get(f"/mesa/{there}", {"desde": f"{said}{place}"}).status_code == 200
