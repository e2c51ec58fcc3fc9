"""On the page of an assistance: the work whose guarantee it is, and what who was assisted answered."""

from datetime import timedelta

import pytest

from escucha.contexts.surveys.models import Invitation
from escucha.contexts.surveys.operations import answer_survey
from escucha.contexts.surveys.rules import in_share
from escucha.kernel.timeline.relay import run_errands
from tests.assisting import accepted, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_provider, assign
from tests.contexts.assistance.service.steps import MINUTE, ON_THE_WAY, assigned, brought_to, do
from tests.web.desk.assistance.at_assistance import AtPage

DAY = timedelta(days=1)


def text_of(at, **asked):
    return " ".join(at.see(**asked).get_text(" ").split())


@pytest.mark.requirement("ASIS-03.3")
def test_a_guarantee_says_and_links_the_work_it_is_of(quetzal):
    origin = brought_to(quetzal, "finish")
    again = an_assistance(quetzal, file=origin.file, guarantee_of=origin.pk, now=TUESDAY + DAY)
    page = AtPage(quetzal, again).see(now=TUESDAY + DAY, tab="datos")
    called = f"{origin.file.number}/{origin.position}"
    [link] = [one for one in page.select("main dd a") if one.get_text() == called]
    assert link["href"] == f"/mesa/asistencia/{called}/"
    assert "Garantía de" in page.text
    assert "Garantía de" not in AtPage(quetzal, origin).see(now=TUESDAY + DAY, tab="datos").text


def concluded(house, *, drawn, outcome="conforming", phone=True):
    """Concluded, in the part of everybody that is asked or out of it, as `drawn` says."""
    while True:
        found = assigned(house)
        if in_share(found.subject, 0.1) is drawn:
            break
    now = TUESDAY
    for act in ON_THE_WAY:
        now += MINUTE
        said = {"outcome": outcome} if act == "ask" else {}
        do(house, found, act, now=now, **said)
    while run_errands(now=now):
        pass
    return found


@pytest.mark.requirement("ASIS-12.3")
class TestSurvey:
    def test_that_was_answered_is_read_by_who_may(self, quetzal):
        found = concluded(quetzal, drawn=False)
        seen = AtPage(quetzal, found, "irma")
        assert "Enviada" in text_of(seen, now=TUESDAY + DAY, tab="encuesta")
        [sent] = Invitation.objects.filter(subject=found.subject)
        said = {"llegada": "3", "trato": "5"}
        answer_survey(org=quetzal.org, code=sent.code, said=said, now=TUESDAY + DAY)
        text = text_of(seen, now=TUESDAY + 2 * DAY, tab="encuesta")
        assert "Contestada" in text
        assert "¿Llegamos a la hora que le dijimos? Un poco tarde" in text
        other = text_of(AtPage(quetzal, found, "luz"), now=TUESDAY + 2 * DAY, tab="encuesta")
        assert "Contestada" in other and "Un poco tarde" not in other

    def test_that_nobody_answered_expired(self, quetzal):
        found = concluded(quetzal, drawn=False)
        at = AtPage(quetzal, found)
        [sent] = Invitation.objects.filter(subject=found.subject)
        assert "Venció sin respuesta" not in text_of(at, now=sent.open_until - MINUTE, tab="encuesta")
        assert "Venció sin respuesta" in text_of(at, now=sent.open_until, tab="encuesta")

    def test_that_was_not_sent_says_why(self, quetzal):
        open_one = accepted(quetzal)
        assert "Se envía cuando la asistencia concluye" in text_of(
            AtPage(quetzal, open_one), now=TUESDAY, tab="encuesta"
        )
        provider = a_provider(quetzal, "Otro", position=9)
        left = assign(quetzal, accepted(quetzal), provider)
        do(quetzal, left, "cancel", now=TUESDAY + MINUTE)
        assert "Terminó sin concluirse" in text_of(AtPage(quetzal, left), now=TUESDAY + DAY, tab="encuesta")

    def test_is_of_the_conforming_and_of_a_part_of_everybody(self, quetzal):
        found = brought_to(quetzal, "load")
        assert not in_share(found.subject, 0.0)
        while in_share(found.subject, 0.1):
            found = brought_to(quetzal, "load", assistance=assigned(quetzal))
        for turn in range(3):
            do(quetzal, found, "ask", now=TUESDAY + DAY * (turn + 1), outcome="no_contact")
        do(quetzal, found, "conclude", now=TUESDAY + 5 * DAY)
        while run_errands(now=TUESDAY + 5 * DAY):
            pass
        assert not Invitation.objects.filter(subject=found.subject).exists()
        text = text_of(AtPage(quetzal, found), now=TUESDAY + 6 * DAY, tab="encuesta")
        assert "Se pregunta a quienes quedaron conformes y a una muestra de todos" in text
