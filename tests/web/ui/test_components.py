"""What a reader gets of each component: names, reasons, errors, and nothing that was not given to it."""

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from escucha.web.desk.pieces import pieces


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(CottonCompiler().process("{% load ui %}" + source)).render(context)


class Contact(forms.Form):
    email = forms.EmailField(label="Correo", help_text="La respuesta llega aquí.")
    notes = forms.CharField(label="Notas", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Clase", choices=[("queja", "Queja"), ("no-se", "No sé")], widget=forms.RadioSelect)


def test_a_blocked_button_stays_readable_and_says_why():
    html = render(
        '<c-button label="Cerrar el caso" name="do" :blockers="why" />',
        why=["Falta la respuesta.", ("Falta {who}.", {"who": "la firma"})],
    )
    assert 'type="button"' in html and 'aria-disabled="true"' in html
    assert 'aria-describedby="cerrar-el-caso-por-que"' in html and 'id="cerrar-el-caso-por-que"' in html
    assert "Falta la respuesta." in html and "Falta la firma." in html
    assert "name=" not in html


def test_a_button_without_blockers_sends():
    html = render('<c-button label="Enviar" variant="primary" name="do" value="send" :blockers="why" />', why=[])
    assert '<button type="submit" class="button button--primary" name="do" value="send">Enviar</button>' in html


def test_what_is_given_to_a_component_is_escaped():
    html = render(
        '<c-button :label="text" :data-x="text" /><c-badge :label="text" /><c-copy :text="text" />',
        text='"><script>alert(1)</script>',
    )
    assert "<script>" not in html and "&quot;&gt;&lt;script&gt;" in html


def test_a_component_sees_only_what_it_is_given():
    assert "secreto" not in render('<c-badge /><c-notice title="Nota" />', label="secreto", text="secreto")


def test_a_field_has_label_help_and_no_error():
    html = render('<c-field :field="form.email" autocomplete="email" />', form=Contact())
    assert '<label class="field-label" for="id_email">Correo</label>' in html
    assert 'id="id_email_helptext"' in html and 'aria-describedby="id_email_helptext"' in html
    assert 'autocomplete="email"' in html and "aria-invalid" not in html and "(opcional)" not in html


def test_a_field_in_error_says_what_to_do_and_keeps_what_was_typed():
    html = render('<c-field :field="form.email" />', form=Contact({"email": "yolanda@"}))
    assert 'value="yolanda@"' in html and 'aria-invalid="true"' in html
    assert 'id="id_email_error"' in html and "id_email_error" in html.split("aria-describedby=")[1]


def test_what_may_be_left_out_says_so():
    html = render('<c-field :field="form.notes" count="500" />', form=Contact())
    assert "(opcional)" in html and 'data-count="id_notes" data-count-max="500"' in html


def test_the_error_summary_links_to_each_field():
    form = Contact({"email": "yolanda@"})
    html = render('<c-error-summary :form="form" />', form=form)
    assert 'href="#id_email"' in html and 'href="#id_kind' in html and "Falta corregir 2 cosas" in html
    assert 'id="id_kind"' in render('<c-choices :field="form.kind" />', form=form)
    assert render('<c-error-summary :form="form" />', form=Contact()).strip() == ""


def test_choices_carry_their_definitions_and_the_way_out():
    html = render(
        '<c-choices :field="form.kind" :about="about" unsure="no-se" />',
        form=Contact(),
        about={"queja": "Me atendieron mal."},
    )
    assert "Me atendieron mal." in html and html.count("choice--unsure") == 1


def test_a_filing_number_is_heard_once():
    html = render('<c-number value="PQR-2026-004817" />')
    assert '<span class="vh">PQR 2026 004 817</span>' in html
    assert html.count('aria-hidden="true"') == 4


@pytest.mark.parametrize("end", ["previous", "next"])
def test_the_pager_offers_only_ways_that_lead_somewhere(end):
    html = render(f'<c-pager text="25 de 214" {end}="?desde=x" />')
    assert html.count("<a ") == 1 and html.count('aria-disabled="true"') == 1


def test_the_page_of_pieces_shows_every_component():
    request = RequestFactory().get("/mesa/piezas/")
    html = pieces.__wrapped__(request).content.decode()  # past the door
    assert "Vence el jueves 16 de abril, en 3 días hábiles." in html
    for part in ("strip-weeks", "hourstrip-days", "mini-past", "agenda-row", "check-set", "chart-bars", "hours-day"):
        assert part in html, part
    assert "<c-" not in html and "{%" not in html and "{{" not in html
