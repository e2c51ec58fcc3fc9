"""Cantidades: what was filed by kind and month, of what the reader may see, and who was attended first."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.people.operations.consenting import give_consent
from escucha.contexts.people.operations.marking import mark_group
from escucha.contexts.people.policy import PeoplePolicy
from escucha.web.ui import spanish
from tests.cast import ANA
from tests.make import a_case, a_routed_case, let_time_pass
from tests.web.entering import entered

pytestmark = pytest.mark.django_db
PAGE = "/mesa/informes/cantidades/"


def page_of(client, house, who, query=""):
    return entered(client, house, who).get(f"{PAGE}{query}").content.decode()


def a_case_now(house, **said):
    return a_case(house, now=timezone.now() - timedelta(hours=2), **said)


def test_an_organisation_without_requests_says_what_will_be_here(client, cafetal):
    assert "Todavía no hay solicitudes" in page_of(client, cafetal, "lucia")


def test_counts_by_kind_also_what_nobody_classified(client, cafetal):
    case, _other = a_case_now(cafetal), a_case_now(cafetal, person=None)
    now = timezone.now()
    classify_case(org=cafetal.org, case_id=case.pk, case_type="queja", by=cafetal.actor("lucia"), now=now)
    page = page_of(client, cafetal, "lucia")
    assert "2 solicitudes en el período" in page
    assert "Por clasificar" in page and "Queja" in page


def test_the_file_says_the_same(client, cafetal):
    a_case_now(cafetal)
    answer = entered(client, cafetal, "lucia").get(f"{PAGE}?periodo=todos&formato=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Tipo", f"{timezone.now().year}-01"]
    assert ["Por clasificar", "1"] in rows


def test_the_month_in_full_colour_is_this_one(client, cafetal):
    a_case_now(cafetal)
    page = page_of(client, cafetal, "lucia")
    coloured = re.search(r'chart-item is-now">.*?chart-label">(\w+)<', page, re.DOTALL)
    assert coloured[1] == spanish.MONTHS[timezone.localtime().month - 1][:3]


def test_a_unit_counts_its_own(client, cafetal):
    a_routed_case(cafetal, unit="vivienda")
    assert "Todavía no hay solicitudes" in page_of(client, cafetal, "dario", "?periodo=todos")


@pytest.mark.requirement("CAJA-03.4")
def test_who_is_attended_first_is_counted_by_group(client, cafetal):
    case, _other = a_case_now(cafetal, person=ANA), a_case_now(cafetal, person=None)
    now = timezone.now()
    mark_group(
        org=cafetal.org,
        person_id=case.person_id,
        group="older_adult",
        channel="phone",
        by=cafetal.actor("lucia"),
        now=now,
    )
    let_time_pass(now)
    page = page_of(client, cafetal, "lucia")
    assert "De ellas, 1 son de personas que se atienden primero" in page
    older = next(one for one in cafetal.profile.raw["people"]["groups"].items() if one[0] == "older_adult")
    assert older[1]["label"] in page


@pytest.mark.requirement("CAJA-03.4")
def test_few_of_a_sensitive_group_are_not_told(client, cafetal):
    case = a_case_now(cafetal, person=ANA)
    groups = cafetal.profile.raw["people"]["groups"]
    key = next(key for key, one in groups.items() if one.get("sensitive"))
    mark_sensitive(cafetal, case.person_id, key)
    let_time_pass(timezone.now())
    assert "menos de 5" in page_of(client, cafetal, "lucia")


def mark_sensitive(house, person_id, group):
    now, by = timezone.now(), house.actor("lucia")
    purpose = house.profile.section(PeoplePolicy).group_purpose
    said = {"org": house.org, "person_id": person_id, "channel": "phone", "by": by, "now": now}
    give_consent(purpose=purpose, proof="grabación 12", **said)
    mark_group(group=group, **said)
