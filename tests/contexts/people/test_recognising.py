"""Whether who writes is somebody we know: never by the document alone."""

import pytest

from escucha.contexts.people.models import Person
from escucha.contexts.people.operations import recognise
from escucha.contexts.people.queries import people_by_id, person_by_id
from escucha.contexts.people.rules import document_key, phone_key
from escucha.contexts.people.rules.documents import doubts_about_document
from escucha.contexts.people.rules.doubts import doubts_about
from escucha.contexts.people.rules.recognising import mailbox_of
from tests.cast import ANA, TUESDAY
from tests.make import a_case


def known(house, **said):
    return recognise(org=house.org, now=TUESDAY, **said)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("1.990.000.001", "1990000001"), (" 1990000001 ", "1990000001"), ("ab-12 x", "AB12X"), ("１２", "12"), ("", "")],
)
def test_documents_are_compared_by_their_letters_and_digits(typed, key):
    assert document_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("300 000 0001", "3000000001"),
        ("+57 300 000 0001", "3000000001"),
        ("(601) 000-0010", "6010000010"),
        ("12", "12"),
    ],
)
def test_telephones_are_compared_by_their_last_ten_digits(typed, key):
    assert phone_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ("ana@example.org", "ana@example.org"),
        (" Ana+banco@Example.ORG ", "ana@example.org"),
        ("ana+uno+dos@example.org", "ana@example.org"),
        ("ana@taller@example.org", "ana@taller@example.org"),
    ],
)
def test_where_an_e_mail_ends_up(typed, box):
    assert mailbox_of(typed) == box


class TestRecognising:
    def test_the_same_document_and_contact_are_the_same_person(self, cafetal):
        ana = known(cafetal, **ANA)
        again = ANA | {"document_number": "1990000001", "phone": "+57 3000000001", "email": "ANA@example.org "}
        assert known(cafetal, **again) == ana

    @pytest.mark.parametrize(
        "said",
        [
            {"email": "otra@example.org"},
            {"phone": "300 000 0002"},
            {"email": ""},
            {"name": "Otra Persona"},
            {"document_number": "1.990.000.002"},
            {"document_number": ""},
            {"email": "", "phone": "", "name": "", "document_kind": ""},
        ],
    )
    def test_anything_else_is_another(self, cafetal, said):
        ana = known(cafetal, **ANA)
        other = known(cafetal, **ANA | said)
        assert other != ana
        assert Person.objects.get(pk=ana.pk).email == ANA["email"]

    def test_a_document_without_contact_never_finds_anybody(self, cafetal):
        said = {"name": "Ana", "document_number": "1.990.000.001"}
        assert known(cafetal, **said) != known(cafetal, **said)

    def test_a_name_and_contact_without_document_never_find_anybody(self, cafetal):
        said = {key: text for key, text in ANA.items() if not key.startswith("document")}
        assert known(cafetal, **said) != known(cafetal, **said)

    def test_nothing_said_is_nobody(self, cafetal):
        assert known(cafetal) is None
        assert known(cafetal, name="  ", document_kind="CC", phone=" ") is None

    @pytest.mark.parametrize(
        "typed", ["601 000 0010 ext. 123", "+1 305 000 0001", "000 0010", "300 000 0001", "no tengo, la de mi hija"]
    )
    def test_a_telephone_is_kept_as_it_was_said(self, cafetal, typed):
        assert known(cafetal, phone=f" {typed} ").phone == typed

    def test_nobody_is_known_in_another_organisation(self, cafetal, vidamar):
        ana = known(cafetal, **ANA)
        assert known(vidamar, **ANA) != ana
        assert people_by_id(org=vidamar.org, ids=[ana.pk]) == {}
        with pytest.raises(Person.DoesNotExist):
            person_by_id(org=vidamar.org, person_id=ana.pk)
        assert person_by_id(org=cafetal.org, person_id=ana.pk) == ana


@pytest.mark.parametrize(
    ("said", "called", "reached"),
    [
        ({"phone": "1"}, True, True),
        ({"other_phone": "1"}, True, True),
        ({"email": "a@b.co"}, False, True),
        ({}, False, False),
    ],
)
def test_how_a_person_may_be_reached(said, called, reached):
    person = Person(**said)
    assert (person.can_be_called, person.can_be_reached) == (called, reached)


def test_what_looks_odd_is_said_beside_its_field():
    odd = ANA | {"document_number": "12", "phone": "no tengo", "other_phone": "000 0010"}
    assert list(doubts_about(odd)) == ["document_number", "phone", "other_phone"]
    assert doubts_about(ANA) == doubts_about({}) == {}


class TestOrganisations:
    FIRM = {
        "name": "Panadería La Espiga",
        "contact_name": "Ana Lucía Berrío",
        "document_kind": "NIT",
        "document_number": "999.999.810-1",
        "email": "panaderia@example.org",
        "place_code": "17001",
    }

    @pytest.mark.requirement("CORP-09.1")
    def test_file_like_anybody_with_their_tax_number_and_somebody_to_ask_for(self, cafetal):
        case = a_case(cafetal, person=self.FIRM)
        firm = case.person
        assert (firm.kind, firm.is_organisation) == ("organisation", True)
        assert (firm.name, firm.contact_name) == ("Panadería La Espiga", "Ana Lucía Berrío")
        assert (firm.document_number, firm.place.full_name) == ("9999998101", "Manizales, Caldas")

    @pytest.mark.requirement("EPS-01.3")
    def test_are_taken_with_a_wrong_check_digit_which_is_said(self, vidamar):
        odd = self.FIRM | {"document_number": "999.999.810-6"}
        assert known(vidamar, **odd).is_organisation
        [doubt] = doubts_about_document("NIT", odd["document_number"])
        assert str(doubt) == "Revise el NIT: el dígito de verificación de 999.999.810 es 1, y aquí dice 6."

    @pytest.mark.parametrize(
        ("said", "kind"),
        [
            ({"document_kind": "NIT", "document_number": "999999810"}, "organisation"),
            ({"document_kind": "NIT", "document_number": "1990000001"}, "natural"),
            ({"document_kind": "CC", "document_number": "999999810"}, "natural"),
            ({"document_kind": "CC", "kind": "organisation"}, "organisation"),
            ({"document_kind": "NIT", "document_number": "999999810", "kind": "natural"}, "natural"),
            ({"kind": "nada"}, "natural"),
        ],
    )
    def test_are_known_by_their_document_unless_they_say_otherwise(self, cafetal, said, kind):
        assert known(cafetal, name="X", **said).kind == kind

    @pytest.mark.parametrize(
        "said", [{"contact_name": "Otra"}, {"contact_name": ""}, {"place_code": "11001"}, {"place_code": ""}]
    )
    def test_are_the_same_only_if_they_say_the_same(self, cafetal, said):
        firm = known(cafetal, **self.FIRM)
        assert known(cafetal, **self.FIRM) == firm
        assert known(cafetal, **self.FIRM | said) != firm
        assert known(cafetal, **self.FIRM | {"kind": "natural"}) != firm

    @pytest.mark.parametrize("code", ["00000", "nada", "<b>"])
    def test_a_place_nobody_knows_stays_empty(self, cafetal, code):
        assert known(cafetal, **self.FIRM | {"place_code": code}).place is None

    def test_a_choice_from_a_list_is_nobody(self, cafetal):
        assert known(cafetal, document_kind="NIT", kind="organisation", place_code="17001") is None
