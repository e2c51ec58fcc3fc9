"""Who is taken for a robot: what programs write in many ways, and no person who happens to use their words."""

import pytest

from escucha.contexts.messaging.rules.mail import read_mail
from tests.contexts.messaging.arriving.letters import a_letter

ANSWERING = {"In_Reply_To": "<other@example.org>"}


class TestATitleAlone:
    @pytest.mark.requirement("EPS-04.4")
    @pytest.mark.parametrize(
        "title",
        [
            "Ausencia de respuesta a mi petición",
            "Ausencia de médicos en la sede",
            "Ausencia temporal del subsidio",
            "Ausente el funcionario de la ventanilla",
            "Fuera de oficina todos los días",
            "Estoy de vacaciones y no me pagaron",
            "Respuesta automática que no resuelve nada",
            "No entregado el bono",
            "No se pudo entregar mi certificado",
            "Falha na entrega do remédio",
            "Mensajes no entregados por la sede",
            "Entregado: bono vencido",
            "Leído: el reglamento, y no se cumple",
        ],
    )
    def test_that_complains_in_the_words_of_a_program_is_of_a_person(self, title):
        mail = read_mail(a_letter(subject=title))
        assert (mail.automatic, mail.answerable) == ("", True)

    @pytest.mark.parametrize(
        ("title", "robot"),
        [
            ("Respuesta automática: Su solicitud", "away"),
            ("Respuesta automática Re: Su solicitud", "away"),
            ("Fuera de la oficina", "away"),
            ("Fuera de la oficina hasta el 9 de marzo", "away"),
            ("Aviso de ausencia: Su solicitud", "away"),
            ("Ausente (Su solicitud)", "away"),
            ("Out of office Re: Su solicitud", "away"),
            ("Fora do escritório: Su solicitud", "away"),
            ("No se puede entregar: Su solicitud", "bounce"),
            ("Correo no entregado: Su solicitud", "bounce"),
            ("Mensaje devuelto", "bounce"),
            ("Notificación de estado de entrega (fallo)", "bounce"),
            ("Não é possível entregar: Su solicitud", "bounce"),
            ("Undelivered Mail Returned to Sender", "bounce"),
            ("Delivery Status Notification (Failure)", "bounce"),
        ],
    )
    def test_that_only_a_program_writes_is_of_one(self, title, robot):
        mail = read_mail(a_letter(subject=title))
        assert (str(mail.automatic), mail.answerable) == (robot, False)

    @pytest.mark.parametrize("title", ["Leído: Su solicitud", "Lida: Su solicitud", "Read: Su solicitud"])
    def test_of_a_receipt_is_one_where_it_answers_something(self, title):
        assert read_mail(a_letter(subject=title, **ANSWERING)).automatic == "read_receipt"

    def test_says_more_where_the_letter_itself_tells_that_nobody_wrote_it(self):
        mail = read_mail(a_letter(subject="Estoy de vacaciones hasta el lunes", Auto_Submitted="auto-replied"))
        assert mail.automatic == "away"


@pytest.mark.parametrize(
    ("headers", "robot"),
    [
        ({"Auto_Submitted": "auto-generated (vacation)"}, "generated"),
        ({"X_Autoreply_From": "eva@example.org"}, "automatic_reply"),
        ({"Auto_Submitted": " Auto-Replied ; owner=x"}, "automatic_reply"),
        ({"Auto_Submitted": "no ; x"}, ""),
        ({"Precedence": "Auto_Reply"}, "automatic_reply"),
        ({"Precedence": "auto-reply"}, "automatic_reply"),
        ({"Precedence": " BULK "}, "list"),
        ({"Precedence": "first-class"}, ""),
        ({"List_Id": "<avisos.example.org>"}, "list"),
        ({"X_FC_MachineGenerated": "true"}, "automatic_reply"),
        ({"X_POST_MessageClass": "9; Autoresponder"}, "automatic_reply"),
        ({"X_Autoreply": "no"}, ""),
        ({"Auto_Submitted": "no"}, ""),
    ],
)
def test_the_wild_ones_are_known_by_their_headers(headers, robot):
    assert read_mail(a_letter(**headers)).automatic == robot


@pytest.mark.parametrize("method", ["REPLY", "reply"])
def test_a_click_on_an_invitation_is_no_letter(method):
    """`Aceptada: …`: a calendar writes it when somebody presses a button."""
    raw = a_letter(subject="Aceptada: Reunión").replace(b"text/plain", f"text/calendar; method={method}".encode())
    assert read_mail(raw).automatic == "automatic_reply"
    asked = a_letter(subject="Reunión").replace(b"text/plain", b"text/calendar; method=REQUEST")
    assert read_mail(asked).automatic == ""
