"""Staff read what the form asked, in its words: also what was asked for and never came."""

import pytest

from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import ANA, TUESDAY
from tests.make import a_case
from tests.web.entering import entered

pytestmark = pytest.mark.django_db


def page_of(client, house, case, who):
    client = entered(client, house, who)
    return client.get(f"/mesa/casos/{case.filing_number}/").content.decode()


@pytest.mark.requirement("EPS-01.6")
def test_what_the_support_form_asked_is_read_with_what_is_missing(client, vidamar):
    said = {"document_number": "999999101-8", "missing": ["error_evidence"], "portal_option": "pila"}
    case = a_case(vidamar, form="soporte", details=said, now=TUESDAY)
    page = page_of(client, vidamar, case, "marina")
    assert "Lo que dijo en el formulario" in page
    assert "Se pidió y no llegó" in page


@pytest.mark.requirement("CORP-02.1", "CORP-02.2")
def test_the_reasons_and_the_unit_of_the_corporations_form_are_read(client, corrioverde):
    key = next(iter(corrioverde.profile.raw["forms"]))
    reasons = [one["key"] for one in corrioverde.profile.raw["forms"][key]["reasons"]]
    details = {"unit": "recurso-hidrico", "date": "2026-03-02"}
    case = a_case(corrioverde, form=key, reasons=reasons[:2], details=details, person=None)
    page = page_of(client, corrioverde, case, "sofia")
    assert "Motivos que marcó" in page
    assert corrioverde.profile.units["recurso-hidrico"].label in page
    assert "lunes 2 de marzo de 2026" in page


def test_a_form_the_profile_no_longer_has_is_read_by_its_keys(client, cafetal):
    case = a_case(cafetal, form="gone", details={"olor": "a humo", "accused": "el vigilante"})
    page = page_of(client, cafetal, case, "lucia")
    assert "olor" in page and "a humo" in page and "A quién señala" in page


def test_a_case_without_form_says_nothing_of_it(client, cafetal):
    case = a_case(cafetal, person=ANA, requester_kind="person")
    assert "Lo que dijo en el formulario" not in page_of(client, cafetal, case, "lucia")


@pytest.mark.requirement("CORP-09.1")
def test_who_asks_is_read_where_it_is_not_simply_a_person(client, cafetal):
    page = page_of(client, cafetal, a_case(cafetal, person=ANA, requester_kind="organisation"), "lucia")
    assert "Quién la presenta" in page


@pytest.mark.requirement("CORP-01.9")
@pytest.mark.parametrize(
    ("by", "filled_by", "said"),
    [
        ("lucia", "staff", "Quien la radicó, por la persona"),
        ("lucia", "person", "La persona; la copió quien la radicó"),
        (None, "person", None),
    ],
)
def test_who_wrote_it_down_is_read_beside_the_person(client, cafetal, by, filled_by, said):
    case = a_case(cafetal, filled_by=filled_by, by=cafetal.actor(by) if by else CITIZEN, channel="phone")
    page = page_of(client, cafetal, case, "lucia")
    assert ("Quién la escribió" in page) is bool(said)
    assert said is None or said in page
