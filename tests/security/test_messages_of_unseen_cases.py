"""Who may read messages reads none of cases it may not see, and gets no key with which to act as the person."""

import pytest
from django.test import Client

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.answering import answer_case, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_number
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.queries import kept_messages
from tests.cast import TUESDAY
from tests.make import a_case
from tests.web.entering import entered

pytestmark = pytest.mark.django_db


def test_letters_of_a_case_one_cannot_see_are_not_there(corrioverde, client):
    case = a_case(corrioverde, suggested_type="reclamo")
    here = {"org": corrioverde.org, "case_id": case.pk, "now": TUESDAY}
    olga, ramiro = corrioverde.actor("olga"), corrioverde.actor("ramiro")
    unit = corrioverde.unit("recurso-hidrico")
    classify_case(case_type="reclamo", unit=unit, by=corrioverde.actor("sofia"), **here)
    answer_case(body="Se corrige.", by=olga, **here)
    send_answer(by=olga, **here)
    with pytest.raises(NoSuchCase):
        case_by_number(org=corrioverde.org, viewer=ramiro, number=case.filing_number)

    read = kept_messages(org=corrioverde.org, viewer=ramiro)
    page = entered(client, corrioverde, "ramiro")
    letters = [page.get(f"/mesa/correos/{one.pk}/").content.decode() for one in Message.objects.all()]
    link = next((text for text in letters if "/respuesta/" in text), "")
    if link:  # what follows from it: he notifies the person, as the person
        path = "/respuesta/" + link.split("/respuesta/")[1].split("/")[0] + "/"
        Client(headers={"host": corrioverde.org.host}).post(path)
    assert Case.objects.get(pk=case.pk).state == "sent", "a stranger to the case met its legal term as its person"
    assert not [one for one in read if one.subject == case.subject]
