"""Searching: by number, person, telephone and words, forgiving accents and slips; never what is not the viewer's."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from escucha.console.management.commands import reindex
from escucha.contexts.cases.models import Case, SearchEntry, SearchWord
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import assign_case, return_case
from escucha.contexts.cases.operations.indexing import reindex_cases
from escucha.contexts.cases.queries import search as searching
from escucha.contexts.cases.queries.doors import listed_cases
from escucha.contexts.cases.queries.search import cases_of_person, search_cases
from escucha.contexts.cases.rules.searching import distance, keys_said, meant_by, pieces_of, plain, query_of
from escucha.kernel.timeline.facts import Actor
from tests.cast import ANA, TUESDAY
from tests.make import a_case, a_house, a_routed_case

BETO = {
    "name": "Norberto Íñiguez Gonzáles",
    "document_kind": "NIT",
    "document_number": "999.999.101-8",
    "email": "Beto+cartas@Example.org",
    "phone": "(601) 000 00 02",
    "other_phone": "+57 300 000 0009",
}
PILLS = {
    "matter": "Petición de medicamento",
    "body": "Desde el día quince no me entregan el medicamento y/o la fórmula en la sucursal.",
    "person": BETO,
}


@pytest.fixture
def look(cafetal):
    """What somebody finds: `look("peticion").cases` are filing numbers."""

    def search(typed, who="lucia"):
        found = search_cases(org=cafetal.org, viewer=cafetal.actor(who), typed=typed, series="PQR", year=2026)
        return SimpleNamespace(
            cases=[case.filing_number for case in found.cases],
            numbers=[case.filing_number for case in found.numbers],
            people=[(one.person.name, one.cases) for one in found.people],
            found=found,
        )

    return search


class TestWords:
    @pytest.mark.parametrize(
        "typed",
        [
            *("petición", "peticion", "PETICIÓN", "peticiones", "peticin", "petision", "petcion"),
            *("medicamento", "medicamneto", "medicamentos", "medicameto", "medic"),
            *("fórmula", "formula", "formulas", "medicamneto peticin", "el medicamento de la formula", "sucursal"),
        ],
    )
    def test_are_found_without_accents_and_with_slips(self, cafetal, look, typed):
        a_case(cafetal)
        case = a_case(cafetal, **PILLS)
        assert look(typed).cases == [case.filing_number]

    @pytest.mark.parametrize(
        "typed", ["hipoteca", "medicamento hipoteca", "de la", "zzz", "", "   ", "\x00", "&|!:*()", "'"]
    )
    def test_that_nobody_said_find_nothing(self, cafetal, look, typed):
        a_case(cafetal, **PILLS)
        assert look(typed).found.is_empty

    @pytest.mark.parametrize(
        "typed", ["Distribuciones Páramo SAS", "distribuciones paramo s.a.s.", "Distribuciones P", "paramo ltda"]
    )
    def test_that_only_say_what_a_firm_is_are_not_asked_of_it(self, cafetal, look, typed):
        case = a_case(cafetal, person={"name": "Distribuciones Páramo S. A. S.", "email": "paramo@example.org"})
        a_case(cafetal)
        assert look(typed).cases == [case.filing_number]

    def test_that_are_common_are_not_taken_for_others(self, cafetal, look):
        """Where a word is usual, who types it means it; a rare one may be somebody's slip."""
        for _each in range(searching.COMMON):
            a_case(cafetal, matter="Cobro", body="Un cobro doble", person=None)
        odd = a_case(cafetal, matter="Cobto", body="Un cobto doble", person=None)
        assert odd.filing_number not in look("cobro").cases
        assert {*look("cobto").cases} == {case.filing_number for case in Case.objects.all()}
        assert look("cobto").found.meant == {"cobto": ["cobro"]}

    def test_of_the_subject_come_before_those_of_the_text(self, cafetal, look):
        told = a_case(cafetal, matter="Otra cosa", body="Vine por la hipoteca", person=None)
        named = a_case(cafetal, matter="La hipoteca", body="Nada más", person=None)
        late = a_case(cafetal, matter="Otra más", body="Vine por la hipoteca", person=None)
        assert look("hipoteca").cases == [one.filing_number for one in (named, late, told)]

    def test_are_set_apart_in_pieces_and_never_as_markup(self, cafetal, look):
        case = a_case(cafetal, matter="<b>Petición</b> urgente", body="No llegan las <i>peticiones</i>.", person=None)
        drawn = look("peticion").found.drawn[case.pk]
        assert drawn.matter == [("<b>", False), ("Petición", True), ("</b> urgente", False)]
        assert ("peticiones", True) in drawn.body

    def test_beyond_a_page_say_that_there_is_more(self, cafetal):
        for _each in range(4):
            a_case(cafetal, person=None)
        found = search_cases(org=cafetal.org, viewer=cafetal.actor("lucia"), typed="reserva", limit=3)
        assert (len(found.cases), found.more) == (3, True)


class TestNumbers:
    @pytest.mark.parametrize("typed", ["PQR-2026-000002", "pqr 2026 2", "2026-2", "2", "000002", "PQR2026000002"])
    def test_as_people_type_them(self, cafetal, look, typed):
        a_case(cafetal)
        case = a_case(cafetal, **PILLS)
        assert look(typed).numbers == [case.filing_number]

    def test_of_another_year_are_found_by_their_end(self, cafetal, look):
        case = a_case(cafetal, now=TUESDAY - timedelta(days=365))
        assert case.filing_number == "PQR-2025-000001"
        assert look("1").cases == [case.filing_number]


class TestPeople:
    @pytest.mark.parametrize(
        "typed",
        [
            *(
                "norberto",
                "Norberto Iñiguez",
                "iniguez",
                "norverto",
                "gonzalez",
                "gonzales iñigues",
                "íñiguez norberto",
            ),
            *("999.999.101-8", "9999991018", "999999101", "999.999.101"),
            *("6010000002", "601 0000002", "+57 601 000 0002", "(601)000-0002", "3000000009", "300 000 0009"),
            *("beto@example.org", " BETO@example.org ", "beto+otras@example.org"),
        ],
    )
    def test_are_found_by_name_document_and_contact(self, cafetal, look, typed):
        a_case(cafetal)
        case = a_case(cafetal, **PILLS)
        found = look(typed)
        assert found.people == [(BETO["name"], 1)]
        assert found.cases == [case.filing_number]

    @pytest.mark.parametrize("typed", ["601 000 0003", "6010000003 ext. 12", "(601) 000 00 03 ext 9"])
    def test_are_found_whatever_the_extension_of_their_telephone(self, cafetal, look, typed):
        case = a_case(cafetal, person={"name": "Iris Lara", "phone": "601 000 0003, ext. 12"})
        assert look(typed).cases == [case.filing_number]

    def test_are_one_however_often_they_wrote(self, cafetal, look):
        for name in ("Ana Berrío", "Ana L. Berrío", "Ana Lucía Berrío"):
            a_case(cafetal, person=ANA | {"name": name})
        assert [cases for _name, cases in look("berrio").people] == [3]

    def test_that_are_only_told_about_are_no_people(self, cafetal, look):
        a_case(cafetal, body="Me atendió Norberto", person=ANA)
        assert look("norberto").people == []
        assert len(look("norberto").cases) == 1

    def test_who_asked_not_to_be_known_are_not_found(self, cafetal, look):
        case = a_case(cafetal, **PILLS, identity_reserved=True)
        for typed in ("norberto", "9999991018", "6010000002", "beto@example.org"):
            assert look(typed).found.is_empty, typed
        assert look("medicamento").cases == [case.filing_number]
        assert look("medicamento").people == []
        assert cases_of_person(org=cafetal.org, viewer=cafetal.actor("lucia"), person_id=case.person_id) == []

    def test_have_their_cases_newest_first(self, cafetal):
        cases = [a_case(cafetal) for _each in range(3)]
        found = cases_of_person(org=cafetal.org, viewer=cafetal.actor("lucia"), person_id=cases[0].person_id)
        assert [case.pk for case in found] == [case.pk for case in reversed(cases)]


EVERY_WAY = ["PQR-2026-000001", "1", "berrio", "1990000001", "300 000 0001", "ana@example.org", "reserva", "recerva"]


class TestWhatIsNotTheViewers:
    @pytest.mark.parametrize("typed", EVERY_WAY)
    def test_is_neither_found_nor_counted(self, cafetal, look, typed):
        a_routed_case(cafetal, unit="recreacion")
        assert not look(typed, "dario").found.is_empty
        assert look(typed, "vera").found.is_empty
        nobody = Actor("staff", member_id=cafetal.members["dario"].pk)
        assert search_cases(org=cafetal.org, viewer=nobody, typed=typed, series="PQR", year=2026).is_empty

    @pytest.mark.parametrize("typed", EVERY_WAY)
    def test_because_it_is_reserved_is_found_by_nobody(self, cafetal, look, typed):
        case = a_case(cafetal, reserved=True)
        assert look(typed).found.is_empty
        assert look(typed, "gabriel").found.is_empty
        entry = SearchEntry.objects.get(case=case)
        assert entry.vector == "" and not [key for key in entry.keys if key[0] in "dpe"]
        assert not SearchWord.objects.exists()

    @pytest.mark.parametrize("typed", EVERY_WAY)
    def test_because_it_is_another_organisation_s(self, cafetal, typed):
        a_case(cafetal)
        other = a_house("vidamar")
        found = search_cases(org=other.org, viewer=other.actor("marina"), typed=typed, series="PQR", year=2026)
        assert found.is_empty

    def test_counts_no_case_of_a_person_that_the_viewer_may_not_see(self, cafetal, look):
        a_routed_case(cafetal, unit="recreacion")
        a_routed_case(cafetal, unit="vivienda")
        assert look("berrio", "dario").people == [(ANA["name"], 1)]
        assert look("berrio").people == [(ANA["name"], 2)]

    def test_follows_the_case_where_it_goes(self, cafetal, look):
        """Marks of who holds a case only spare work: whatever is listed to a viewer must be found by it."""
        case = a_routed_case(cafetal, unit="recreacion")
        there = {"org": cafetal.org, "case_id": case.pk, "now": TUESDAY + timedelta(hours=2)}
        assert look("reserva", "dario").cases == [case.filing_number]
        return_case(reason="No es nuestro.", by=cafetal.actor("elsa"), **there)
        assert look("reserva", "dario").cases == []
        classify_case(case_type="queja", unit=cafetal.unit("vivienda"), by=cafetal.actor("lucia"), **there)
        assert look("reserva", "vera").cases == [case.filing_number]
        assign_case(member=cafetal.members["vera"], by=cafetal.actor("patricia"), **there)
        for who in cafetal.members:
            listed = listed_cases(org=cafetal.org, viewer=cafetal.actor(who)).values_list("filing_number", flat=True)
            assert look("reserva", who).cases == list(listed), who

    def test_is_exactly_what_is_not_listed_to_it(self, cafetal, look):
        for unit, by in [("recreacion", "lucia"), ("vivienda", "lucia")]:
            a_routed_case(cafetal, unit=unit, by=by)
        a_case(cafetal, by=cafetal.actor("bruno"))
        a_case(cafetal, person=None)
        for who in cafetal.members:
            listed = listed_cases(org=cafetal.org, viewer=cafetal.actor(who)).order_by("-pk")
            assert sorted(look("reserva", who).cases) == sorted(case.filing_number for case in listed), who


class TestLookingAtTheNewestFirst:
    def test_reaches_the_oldest_case_whatever_its_block(self, cafetal, look, monkeypatch):
        """With blocks of two and eight cases, each word is found where it is."""
        monkeypatch.setattr("escucha.contexts.cases.rules.searching.BLOCKS", (1, 2, 3))
        monkeypatch.setattr(searching, "BLOCKS", (1, 2, 3))
        monkeypatch.setattr(searching, "MOST_READ", 3)
        words = ["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"]
        made = {}
        for word in words * 3:
            made[word] = a_case(cafetal, body=f"todas {word}palabra", matter="", person=None).filing_number
        for word in words:
            assert len(look(f"{word}palabra").cases) == 3, word
            assert look(f"{word}palabra").cases[0] == made[word]
        everything = look("todas").cases
        assert len(everything) == len(set(everything)) > 10
        monkeypatch.setattr(searching, "MOST_READ", 8)  # a whole block: of equal ones the newest is first
        assert look("todas").cases[0] == made["doce"]

    def test_stops_once_there_is_enough(self, cafetal, look, monkeypatch, django_assert_max_num_queries):
        monkeypatch.setattr(searching, "ENOUGH", 5)
        for _each in range(12):
            a_case(cafetal, person=None)
        assert len(look("reserva").cases) == 5


def test_writing_again_what_is_there_changes_nothing(cafetal):
    for each in (PILLS, {"reserved": True}, {"identity_reserved": True}, {"person": None}):
        a_case(cafetal, **each)
    a_routed_case(cafetal)
    before = list(SearchEntry.objects.order_by("pk").values())
    SearchEntry.objects.filter(pk__in=[one["case_id"] for one in before[:3]]).delete()
    place = reindex_cases(org=cafetal.org, limit=2)
    while place is not None:
        place = reindex_cases(org=cafetal.org, after=place, limit=2)
    assert list(SearchEntry.objects.order_by("pk").values()) == before


def test_everything_can_be_written_again_by_a_command(cafetal, monkeypatch, capsys):
    monkeypatch.setattr(reindex, "AT_ONCE", 2)
    cases = [a_case(cafetal).pk for _each in range(5)]
    SearchEntry.objects.all().delete()
    call_command("reindex")
    assert list(SearchEntry.objects.order_by("pk").values_list("pk", flat=True)) == cases
    assert capsys.readouterr().out == "cafetal: 2 casos\ncafetal: 4 casos\ncafetal: listo\n"


def test_what_a_migration_wrote_is_what_filing_writes(cafetal):
    """Of the cases there were before anything was searched."""
    people = [ANA, BETO, None, {"email": "sin arroba", "phone": "abc"}, {"email": "x+y@Example.org", "name": "Ñusta"}]
    for person in people:
        a_routed_case(cafetal, person=person)
    for kept in ({"reserved": True}, {"identity_reserved": True}):
        a_case(cafetal, **PILLS, **kept)
    entries = {one.pk: (one.vector, set(one.keys)) for one in SearchEntry.objects.all()}
    words = list(SearchWord.objects.order_by("word").values_list("word", "sound", "seen"))
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    migration = import_module("escucha.contexts.cases.migrations.0005_search")
    with connection.cursor() as cursor:
        cursor.execute(migration.ENTRIES)
        cursor.execute(migration.LEXICON)
    assert {one.pk: (one.vector, set(one.keys)) for one in SearchEntry.objects.all()} == entries
    assert list(SearchWord.objects.order_by("word").values_list("word", "sound", "seen")) == words


class TestRules:
    @given(st.text(alphabet="abcdeñ", max_size=8), st.text(alphabet="abcdeñ", max_size=8))
    def test_distance_is_the_same_both_ways_and_bounded(self, one, other):
        assert distance(one, other) == distance(other, one) <= max(len(one), len(other))
        assert (distance(one, other) == 0) == (one == other)
        assert min(distance(one, other, most=1), 2) == min(distance(one, other), 2)

    @pytest.mark.parametrize(
        ("one", "other", "slips"),
        [("medicamneto", "medicamento", 1), ("peticin", "peticion", 1), ("jsoe", "jose", 1), ("casa", "caza", 1),
         ("abc", "", 3), ("queja", "oreja", 2)],
    )  # fmt: skip
    def test_distance_counts_slips(self, one, other, slips):
        assert distance(one, other) == slips

    @given(st.text())
    def test_what_is_compared_has_no_capitals_no_accents_and_single_spaces(self, text):
        made = plain(text)
        assert made == plain(made) == " ".join(made.split())
        assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")

    @given(st.text())
    def test_any_text_is_a_search(self, text):
        assert all(key[:2] in {"d:", "p:", "e:", "s:"} for key in keys_said(text))

    @pytest.mark.parametrize(
        ("typed", "keys"),
        [
            ("123", {"s:123"}),
            ("1234", {"d:1234", "s:1234"}),
            ("123456", {"d:123456", "s:123456"}),
            ("6000010", {"d:6000010", "p:6000010", "s:6000010"}),
            ("199000001", {"d:199000001", "p:199000001", "s:199000001"}),
            ("1990000001", {"d:1990000001", "p:1990000001"}),
            ("0000", {"d:0000"}),
            ("300 000 0001", {"d:3000000001", "p:3000000001"}),
            (" Ana+banco@Example.ORG ", {"e:ana@example.org"}),
            ("ab12345", {"d:AB12345"}),
            ("abcd1", set()),
            ("sin números", set()),
            ("ana@", set()),
        ],
    )
    def test_a_text_may_be_a_document_a_telephone_a_mailbox_or_the_end_of_a_number(self, typed, keys):
        assert set(keys_said(typed)) == keys

    @given(st.text(), st.sets(st.text(alphabet="abc", min_size=1, max_size=3)))
    def test_the_pieces_of_a_text_are_the_text(self, text, stems):
        pieces = pieces_of(text, stems)
        assert "".join(piece for piece, _hit in pieces) == text
        assert all(plain(piece).startswith(tuple(stems)) for piece, hit in pieces if hit)

    @given(st.lists(st.sampled_from(["uno", "dos", "tres"]), min_size=1, max_size=60), st.integers(2, 12))
    def test_the_pieces_of_a_long_text_show_the_first_that_was_looked_for(self, words, most):
        shown = "".join(piece for piece, _hit in pieces_of(" ".join(words), {"dos"}, most=most))
        assert ("dos" in shown) == ("dos" in words)
        assert len(plain(shown).split()) == min(most, len(words))

    def test_a_word_means_itself_where_it_is_common(self):
        assert meant_by("cobro", {"cobro": 20, "cobra": 20}) == []
        assert meant_by("cobro", {"cobro": 1, "cobra": 20, "cobre": 2}) == ["cobra"]
        assert meant_by("bez", {"vez": 20, "pez": 20}) == []
        assert meant_by("bez", {"vez": 20}, sounding={"vez"}) == []

    def test_a_query_asks_for_every_word(self):
        assert query_of({"a": ["b"], "c": []}) == "(a | b) & (c)"
        assert query_of({"a": ["b"]}, weight="B") == "(a:B | b:B)"
