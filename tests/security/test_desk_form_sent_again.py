"""The short form sent again with another text is another case; sent twice as it is, one."""

import pytest

from escucha.contexts.cases.models import Case
from tests.web.entering import entered

pytestmark = pytest.mark.django_db


def test_another_text_with_the_same_form_is_another_case(cafetal, client):
    desk = entered(client, cafetal, "lucia")
    form = {"key": "k" * 22, "channel": "phone", "body": "Primera persona: perdí la cita."}
    desk.post("/mesa/casos/nuevo/", form)
    desk.post("/mesa/casos/nuevo/", form | {"body": "Segunda persona: no me pagaron el subsidio."})
    desk.post("/mesa/casos/nuevo/", form)
    assert sorted(Case.objects.values_list("body", flat=True)) == [
        "Primera persona: perdí la cita.",
        "Segunda persona: no me pagaron el subsidio.",
    ]
