"""Municipalities: today's list, by codes that are text, found however they are typed."""

import pytest
from django.db import IntegrityError, transaction

from escucha.contexts.people.models import Place
from escucha.contexts.people.operations.placing import LIST, load_places
from escucha.contexts.people.queries import departments, place_by_code, place_code_of, places_in, places_like
from escucha.contexts.people.rules.places import folded

pytestmark = pytest.mark.django_db


def found(text, limit=10):
    return [place.full_name for place in places_like(text, limit=limit)]


class TestTheList:
    def test_has_every_department_and_municipality_of_today(self):
        assert Place.objects.filter(valid_until=None).count() == 1122
        assert len(departments()) == 33
        assert {len(place.code) for place in Place.objects.all()} == {5}
        assert all(place.code.startswith(place.department_code) for place in Place.objects.all())
        assert Place.objects.exclude(source="").filter(as_of__isnull=False).count() == 1122

    @pytest.mark.parametrize(
        ("code", "name"),
        [
            ("05001", "Medellín, Antioquia"),
            ("08001", "Barranquilla, Atlántico"),
            ("11001", "Bogotá, D.C."),
            ("13001", "Cartagena de Indias, Bolívar"),
            ("27493", "Nuevo Belén de Bajirá, Chocó"),
            ("54001", "San José de Cúcuta, Norte de Santander"),
            ("85001", "Yopal, Casanare"),
            ("88001", "San Andrés, Archipiélago de San Andrés, Providencia y Santa Catalina"),
            ("94343", "Barrancominas, Guainía"),
            ("05658", "San José de la Montaña, Antioquia"),
        ],
    )
    def test_names_them_as_they_are_written(self, code, name):
        assert place_by_code(f" {code} ").full_name == name

    @pytest.mark.parametrize("code", ["94663", "27086", "5001", "", "00000", "<b>"])
    def test_has_nothing_else(self, code):
        assert place_by_code(code) is None

    def test_has_the_departments_in_spanish_order(self):
        names = [department.name for department in departments()]
        assert names[:3] == ["Amazonas", "Antioquia", "Arauca"]
        assert names.index("Atlántico") < names.index("Bogotá, D.C.") < names.index("Bolívar")
        assert (departments()[1].code, len(places_in("05")), len(places_in("11")), places_in("77")) == (
            "05",
            125,
            1,
            [],
        )

    def test_is_loaded_twice_as_once(self):
        before = list(Place.objects.order_by("pk").values())
        assert load_places() == 1122
        assert list(Place.objects.order_by("pk").values()) == before

    def test_keeps_with_its_end_what_a_newer_one_no_longer_has(self, tmp_path):
        newer = tmp_path / "divipola.csv"
        rows = [row for row in LIST.read_text().splitlines() if not row.startswith("94343")]
        newer.write_text("\n".join(rows).replace("2026-03-27", "2027-01-31"))
        assert load_places(file=newer) == load_places(file=newer) == 1121

        gone = place_by_code("94343")
        assert gone.valid_until.isoformat() == "2027-01-31"
        assert gone not in places_in("94")
        assert gone not in places_like("barrancominas")
        newer.write_text(newer.read_text().replace("2027-01-31", "2028-01-31"))
        load_places(file=newer)
        assert place_by_code("94343").valid_until.isoformat() == "2027-01-31"  # when it ended, and not later
        assert load_places() == 1122  # and it comes back with a list that has it
        assert place_by_code("94343").valid_until is None

    def test_refuses_a_code_that_lost_its_zero(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            Place.objects.filter(code="05001").update(code="5001")


class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("bogota", "Bogotá, D.C."),
            ("Bogotá D.C.", "Bogotá, D.C."),
            ("CALI", "Cali, Valle del Cauca"),
            ("medeyin", "Medellín, Antioquia"),
            ("monteria", "Montería, Córdoba"),
            ("peñol", "Peñol, Antioquia"),
            ("cucuta", "San José de Cúcuta, Norte de Santander"),
            ("Bello, Antioquia", "Bello, Antioquia"),
            ("granada meta", "Granada, Meta"),
            ("san andres santander", "San Andrés, Santander"),
            ("quibdo", "Quibdó, Chocó"),
            ("  zipaquira ", "Zipaquirá, Cundinamarca"),
        ],
    )
    def test_the_first_is_the_one_that_was_meant(self, typed, first):
        assert found(typed)[0] == first

    def test_those_that_begin_so_come_before_those_alike(self):
        assert found("puerto n")[:2] == ["Puerto Nare, Antioquia", "Puerto Nariño, Amazonas"]
        assert set(found("granada", limit=3)) == {"Granada, Meta", "Granada, Antioquia", "Granada, Cundinamarca"}

    @pytest.mark.parametrize("typed", ["", " ", "...", "%", "_", "12345", "xqzw"])
    def test_nothing_is_like_nothing(self, typed):
        assert found(typed) == []

    def test_never_more_than_were_asked_for(self):
        assert [len(found("san", limit=limit)) for limit in (1, 7, 500)] == [1, 7, 50]

    def test_is_one_query(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            found("villa")


@pytest.mark.parametrize(
    ("text", "key"),
    [("Bogotá, D.C.", "bogota dc"), ("Peñol", "penol"), (" Mirití - Paraná ", "miriti parana"), ("¿?", "")],
)
def test_names_are_compared_without_accents_or_signs(text, key):
    assert folded(text) == folded(folded(text)) == key


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Manizales", "17001"),
        ("manizáles, caldas", "17001"),
        ("Manizales, Caldas", "17001"),
        ("Maniz", ""),
        ("La Unión", ""),
        ("La Unión, Nariño", "52399"),
        ("", ""),
        (" | ", ""),
    ],
)
def test_a_municipality_is_known_by_its_whole_name_alone(said, code):
    assert place_code_of(said) == code
