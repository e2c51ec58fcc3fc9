"""What a person says after filing: kept once, told to who has the case, read once, made a case where it came late."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.models import Case, Word
from escucha.contexts.cases.operations.answering import answer_case
from escucha.contexts.cases.operations.handling import withdraw_case
from escucha.contexts.cases.operations.joining import merge_cases, undo_merge
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.operations.reserving import reserve_case
from escucha.contexts.cases.operations.words import add_word, file_word, read_words
from escucha.contexts.cases.queries.doors import NoSuchCase, listed_cases
from escucha.contexts.cases.queries.words import unread_words, with_unread_words, words_about
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.documents.queries import files_about
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.verify import Verification
from tests.cast import TUESDAY
from tests.contexts.cases.seen import at, last_fact, own_verbs, picture, told
from tests.contexts.cases.test_races import at_once
from tests.make import a_case, a_routed_case

LATER = TUESDAY + timedelta(hours=5)


@pytest.fixture
def wrong(tmp_path):
    """What the bitácora finds wrong: kind of message and whether it was erased on purpose."""
    return lambda: [(str(one), one.erased) for one in Verification(key=None, folder=tmp_path).findings()]


@pytest.fixture
def store(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {"files": settings.STORAGES["files"] | {"OPTIONS": {"location": tmp_path}}}


def says(case, body="Olvidé decir la hora: fue a las 4.", **changes):
    said = {"channel": "web", "by": CITIZEN, "now": LATER}
    return add_word(org=case.org, case_id=case.pk, body=body, **said | changes)


def withdrawn(house, case):
    by = house.actor("lucia")
    return withdraw_case(org=house.org, case_id=case.pk, reason="Lo dijo por teléfono.", by=by, now=LATER)


def with_news(house, who="lucia"):
    return {case.pk for case in with_unread_words(listed_cases(org=house.org, viewer=house.actor(who)), org=house.org)}


class TestAddingAWord:
    def test_keeps_it_unread_and_tells_the_unit(self, cafetal):
        case = a_routed_case(cafetal)
        word = says(case)
        assert [one.body for one in words_about(case)] == ["Olvidé decir la hora: fue a las 4."]
        assert (word.case, word.said_about, word.read_at, word.at) == (case, None, None, LATER)
        data, _member = last_fact(case, "cases.word_added")
        assert data["word"] == word.pk and "hora" not in str(data)
        unit = {f"{who}@cafetal.example.org" for who in ("dario", "elsa")}
        assert {to for _template, to in told(case, "word_added")} == unit
        assert with_news(cafetal) == with_news(cafetal, "dario") == {case.pk}
        assert with_news(cafetal, "vera") == set()

    def test_brings_its_files(self, cafetal, store):
        case = a_case(cafetal)
        file = keep_file(org=cafetal.org, content=b"hola", name="carta.txt", now=LATER)
        says(case, body="", attachments=[file])
        [attached] = files_about(org=cafetal.org, subject=case.subject)
        assert (attached.file, attached.kind) == (file, "message")

    def test_asks_who_answers_to_read_it_first(self, cafetal):
        case = a_routed_case(cafetal)
        says(case)
        by = cafetal.actor("dario")
        with pytest.raises(Overtaken):
            answer_case(org=cafetal.org, case_id=case.pk, body="Listo.", version=case.version, by=by, now=LATER)

    def test_of_nothing_is_refused_unless_it_arrived_so(self, cafetal):
        case = a_case(cafetal)
        before = picture(case)
        with pytest.raises(Refused, match="Escriba lo que quiere agregar"):
            says(case, body=" \n ")
        assert picture(case) == before
        assert says(case, body="", channel="email", arrival=7).body == ""

    def test_that_arrived_twice_is_one(self, cafetal):
        case = a_case(cafetal)
        assert says(case, channel="email", arrival=7) == says(case, channel="email", arrival=7)
        assert own_verbs(case).count("word_added") == 1

    @pytest.mark.slow
    def test_that_arrived_twice_at_once_is_one(self, real_cafetal):
        case = a_case(real_cafetal)
        results = at_once(*[lambda: says(case, channel="email", arrival=7).pk] * 4)
        assert len(set(results)) == 1
        assert own_verbs(case).count("word_added") == 1

    def test_to_a_closed_case_is_kept_and_writes_to_nobody(self, cafetal):
        case = a_routed_case(cafetal)
        withdrawn(cafetal, case)
        says(case, channel="email", arrival=1)
        assert with_news(cafetal) == {case.pk}
        assert told(case, "word_added") == []

    def test_by_staff_is_of_a_case_it_may_see(self, cafetal):
        case = a_routed_case(cafetal)
        assert says(case, channel="phone", by=cafetal.actor("dario")).member == cafetal.members["dario"]
        with pytest.raises(NoSuchCase):
            says(case, channel="phone", by=cafetal.actor("vera"))

    def test_that_was_altered_is_found_out(self, cafetal, wrong):
        word = says(a_case(cafetal))
        assert wrong() == []
        Word.objects.filter(pk=word.pk).update(body="Fue a las 5.")
        [(said, erased)] = wrong()
        assert "fue alterado" in said and not erased
        Word.objects.filter(pk=word.pk).update(body="")
        assert [erased for _said, erased in wrong()] == [True]


class TestFollowing:
    def test_a_word_about_a_merged_case_goes_to_the_one_that_answers(self, cafetal, wrong):
        main, other = a_routed_case(cafetal), a_case(cafetal)
        before = says(other, body="Antes de juntarlas.")
        by = cafetal.actor("lucia")
        merge_cases(org=cafetal.org, case_id=other.pk, into_id=main.pk, by=by, now=LATER)
        after = says(other, body="Después de juntarlas.")
        assert (after.case, after.said_about) == (main, other)
        assert words_about(main) == [before, after]
        assert with_news(cafetal) == {main.pk}
        assert "word_added" in own_verbs(main)
        assert unread_words(main).count() == 2

        undo_merge(org=cafetal.org, case_id=other.pk, by=by, now=LATER)
        other.refresh_from_db()
        assert words_about(other) == [before, after]
        assert words_about(main) == [after]
        assert wrong() == []


class TestReading:
    def test_reads_all_of_them_once(self, cafetal):
        case = a_routed_case(cafetal)
        says(case), says(case)
        there = {"org": cafetal.org, "case_id": case.pk, "now": at("2026-03-04")}
        assert read_words(by=cafetal.actor("dario"), **there) == 2
        assert read_words(by=cafetal.actor("elsa"), **there) == 0
        assert {word.read_by for word in words_about(case)} == {cafetal.members["dario"]}
        assert last_fact(case, "cases.words_read")[0]["words"] == 2
        assert own_verbs(case).count("words_read") == 1
        assert with_news(cafetal) == set()

    @pytest.mark.parametrize(("who", "error"), [("gabriel", Refused), ("vera", NoSuchCase)])
    def test_is_of_who_handles_the_case(self, cafetal, who, error):
        case = a_routed_case(cafetal)
        says(case)
        with pytest.raises(error):
            read_words(org=cafetal.org, case_id=case.pk, by=cafetal.actor(who), now=LATER)
        assert with_news(cafetal) == {case.pk}


class TestFilingAWord:
    def test_of_a_closed_case_makes_one_case_of_the_same_person(self, cafetal):
        case = a_routed_case(cafetal)
        withdrawn(cafetal, case)
        word = says(case, body="Volvió a pasar.", now=at("2026-03-04", 9))
        there = {"org": cafetal.org, "case_id": case.pk, "word_id": word.pk, "now": at("2026-03-05")}
        made = file_word(by=cafetal.actor("lucia"), **there)
        again = file_word(by=cafetal.actor("lucia"), **there)
        assert made == again and Case.objects.count() == 2
        assert (made.person, made.body, made.split_from) == (case.person, "Volvió a pasar.", case)
        assert (made.received_at, made.filed_at) == (word.at, at("2026-03-05"))
        word.refresh_from_db()
        assert word.read_by == cafetal.members["lucia"]

    def test_of_an_open_case_is_answered_with_it(self, cafetal):
        case = a_routed_case(cafetal)
        word = says(case)
        there = {"org": cafetal.org, "case_id": case.pk, "word_id": word.pk, "now": LATER}
        with pytest.raises(Refused, match="sigue abierto"):
            file_word(by=cafetal.actor("lucia"), **there)
        with pytest.raises(NoSuchCase):
            file_word(by=cafetal.actor("lucia"), **there | {"case_id": a_case(cafetal).pk})


class TestOfACaseReservedLater:
    """What was written to a case while it followed another stands beside that other: once reserved it is kept there."""

    @pytest.fixture
    def parted(self, cafetal, store):
        main, case = a_routed_case(cafetal), a_routed_case(cafetal, now=TUESDAY + timedelta(hours=1))
        by = {"org": cafetal.org, "by": cafetal.actor("lucia"), "now": LATER}
        merge_cases(case_id=case.pk, into_id=main.pk, **by)
        photo = keep_file(org=cafetal.org, content=b"la prueba", name="soy-ana.txt", now=LATER)
        says(case, "El jefe cobra por reservar.", attachments=[photo])
        says(main, "Olvidé decir la hora.", now=LATER + timedelta(minutes=1))
        undo_merge(case_id=case.pk, **by)
        return main, Case.objects.get(pk=case.pk)

    def test_is_beside_both_while_anybody_may_see_them(self, parted):
        main, case = parted
        assert [len(words_about(one)) for one in (main, case)] == [2, 1]

    def test_is_kept_from_who_sees_the_other(self, cafetal, parted):
        main, case = parted
        reserve_case(org=cafetal.org, case_id=case.pk, by=cafetal.actor("lucia"), now=LATER)
        case.refresh_from_db()
        [kept] = words_about(case)
        assert [one.body for one in words_about(main)] == ["Olvidé decir la hora."]
        assert kept.body == "El jefe cobra por reservar."
        assert unread_words(main).count() == unread_words(case).count() == 1
        read_words(org=cafetal.org, case_id=main.pk, by=cafetal.actor("lucia"), now=LATER)
        assert with_news(cafetal) == set()
        with pytest.raises(NoSuchCase):
            by = cafetal.actor("lucia")
            file_word(org=cafetal.org, case_id=main.pk, word_id=kept.pk, by=by, now=LATER)

    def test_takes_its_papers_along(self, cafetal, parted, wrong):
        main, case = parted
        reserve_case(org=cafetal.org, case_id=case.pk, by=cafetal.actor("lucia"), now=LATER)
        assert files_about(org=cafetal.org, subject=main.subject) == []
        [paper] = files_about(org=cafetal.org, subject=case.subject)
        assert paper.file.reserved and paper.file.original_name == "soy-ana.txt"
        assert wrong() == []
