"""Acts on a case of another unit, or with a unit of another organisation, are refused by the verb itself."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.answering import answer_case, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import route_case, write_note
from escucha.contexts.cases.operations.reaching import close_case, publish_notice, record_call, remind_person
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from tests.cast import TUESDAY
from tests.make import a_case, a_routed_case
from tests.web.entering import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def olgas(corrioverde):
    """Filed by Ramiro, who sees it for ever, and answered by Olga, of another unit."""
    case = a_case(corrioverde, suggested_type="reclamo", by=corrioverde.actor("ramiro"), channel="counter")
    here = {"org": corrioverde.org, "case_id": case.pk, "now": TUESDAY}
    olga = corrioverde.actor("olga")
    classify_case(case_type="reclamo", unit=corrioverde.unit("recurso-hidrico"), by=corrioverde.actor("sofia"), **here)
    answer_case(body="Se corrige.", by=olga, **here)
    send_answer(by=olga, **here)
    return Case.objects.get(pk=case.pk)


def test_who_only_filed_it_does_not_meet_the_legal_term_of_another_unit(corrioverde, olgas, client):
    desk = entered(client, corrioverde, "ramiro")
    desk.post(f"/mesa/casos/{olgas.filing_number}/llamadas/", {"number": "1", "result": "answered"})
    olgas.refresh_from_db()
    assert olgas.state == "sent"


def test_nor_does_the_verb_let_who_cannot_see_the_case(corrioverde, olgas):
    Case.objects.filter(pk=olgas.pk).update(filed_by=None)
    with pytest.raises(NoSuchCase):
        record_call(
            org=corrioverde.org,
            case_id=olgas.pk,
            number="1",
            result="answered",
            by=corrioverde.actor("ramiro"),
            now=TUESDAY,
        )


def test_nor_write_notes(corrioverde, olgas):
    Case.objects.filter(pk=olgas.pk).update(filed_by=None)
    with pytest.raises(NoSuchCase):
        write_note(org=corrioverde.org, case_id=olgas.pk, body="hola", by=corrioverde.actor("ramiro"), now=TUESDAY)


def test_nor_does_who_may_only_read_it(corrioverde, olgas):
    here = {"org": corrioverde.org, "case_id": olgas.pk, "by": corrioverde.actor("ramiro"), "now": TUESDAY}
    for act in (
        lambda: write_note(body="hola", **here),
        lambda: remind_person(**here),
        lambda: publish_notice(**here),
        lambda: close_case(**here),
    ):
        with pytest.raises(Refused):
            act()


def test_a_unit_of_another_organisation_is_refused_by_the_verb(cafetal, vidamar):
    case = a_routed_case(cafetal)
    here = {"org": cafetal.org, "case_id": case.pk, "by": cafetal.actor("lucia"), "now": TUESDAY + timedelta(hours=2)}
    theirs = vidamar.unit("autorizaciones")
    with pytest.raises(Refused, match="no es de esta organización"):
        route_case(unit=theirs, **here)
    with pytest.raises(Refused, match="no es de esta organización"):
        classify_case(case_type="queja", unit=theirs, **here)
    case.refresh_from_db()
    assert case.unit.org_id == cafetal.org.pk


def test_nor_is_a_case_received_by_one(cafetal, vidamar):
    case = a_case(cafetal, received_unit=vidamar.unit("autorizaciones"))
    assert case.received_unit is None


def test_a_call_is_of_who_acts(corrioverde, olgas):
    call = record_call(
        org=corrioverde.org,
        case_id=olgas.pk,
        number="1",
        result="no_answer",
        by=corrioverde.actor("olga"),
        now=TUESDAY,
    )
    assert call.member == corrioverde.members["olga"]


def test_three_calls_in_one_minute_are_not_three_tries(corrioverde, olgas):
    for _ in range(3):
        record_call(
            org=corrioverde.org,
            case_id=olgas.pk,
            number="1",
            result="no_answer",
            by=corrioverde.actor("olga"),
            now=TUESDAY,
        )
    with pytest.raises(Refused, match="faltan, 2. .*menos de 3 horas"):
        publish_notice(org=corrioverde.org, case_id=olgas.pk, by=corrioverde.actor("olga"), now=TUESDAY)
