"""Faults that a stranger found in what is received, kept, joined and searched. Each is shown by what it does."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from escucha.contexts.cases.models import Case, SearchWord
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import withdraw_case
from escucha.contexts.cases.operations.indexing import reindex_cases
from escucha.contexts.cases.operations.joining import merge_cases, split_case, tell_apart, undo_merge
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.operations.reserving import name_accused, open_up_case, reserve_case
from escucha.contexts.cases.operations.words import add_word, file_word
from escucha.contexts.cases.queries.doors import visible_cases
from escucha.contexts.cases.queries.search import search_cases
from escucha.contexts.cases.rules.debts import LEGAL_TERM, VITAL_TERM
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.documents.queries import files_about
from escucha.contexts.messaging.models import Message
from escucha.contexts.people.operations.marking import mark_group
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.operations import next_number, take_in
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.relay import run_errands
from escucha.web.ui import spanish
from tests.cast import ANA, PASSWORD, TUESDAY
from tests.contexts.messaging.sms.houses import a_reply, call_in
from tests.make import a_case, a_routed_case

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = TUESDAY + DAY


def said(number):
    """A filing number in each way in which a page writes it."""
    return {number, " ".join(spanish.groups(number))}


def tells_of(page, case):
    return [number for number in said(case.filing_number) if number in page]


def seen_by(house, who):
    return set(visible_cases(org=house.org, viewer=house.actor(who)).values_list("pk", flat=True))


def law(case, kind=LEGAL_TERM):
    return next((one.due_at for one in owed_about(org=case.org, subject=case.subject) if one.kind == kind), None)


def acting(house, who="lucia", now=LATER):
    return {"org": house.org, "by": house.actor(who), "now": now}


@pytest.fixture
def teresa(cafetal):
    """Another who has the reserved channel."""
    unit = cafetal.unit("credito")
    email = "teresa@cafetal.example.org"
    member = take_in(
        org=cafetal.org, email=email, name="Teresa Vélez", password=PASSWORD, unit=unit, roles=["director"]
    )
    cafetal.members["teresa"] = member
    return member


class TestWhatIsJoinedToAReservedCase:
    @pytest.fixture
    def pair(self, cafetal):
        """A report told twice, put together, taken apart, and one of them reserved afterwards."""
        case, main = a_case(cafetal), a_case(cafetal)
        merge_cases(case_id=case.pk, into_id=main.pk, **acting(cafetal))
        undo_merge(case_id=case.pk, **acting(cafetal))
        reserve_case(case_id=main.pk, **acting(cafetal, "patricia"))
        return case, main

    def test_is_taken_out_before_and_reserved_too(self, arrayanes):
        """What follows it tells the same, and would stay open to everybody."""
        case, main = a_case(arrayanes), a_case(arrayanes)
        camila = acting(arrayanes, "camila")
        merge_cases(case_id=case.pk, into_id=main.pk, **camila)
        with pytest.raises(Refused, match="Sepárelos antes"):
            reserve_case(case_id=main.pk, **camila)
        with pytest.raises(Refused, match="Sepárelos antes"):
            classify_case(case_id=main.pk, case_type="denuncia", **camila)
        undo_merge(case_id=case.pk, **camila)
        reserve_case(case_id=case.pk, **camila)
        classify_case(case_id=main.pk, case_type="denuncia", **camila)
        assert {case.pk, main.pk}.isdisjoint(seen_by(arrayanes, "camila"))

    def test_does_not_say_its_number(self, cafetal, pair, desk):
        case, main = pair
        page = desk("patricia").get(f"/mesa/casos/{case.filing_number}/").text
        assert tells_of(page, main) == []

    def test_nor_is_a_reserved_part_listed_beside_the_case_it_came_out_of(self, cafetal, desk):
        case = a_case(cafetal)
        part = split_case(case_id=case.pk, body="Y además el jefe cobra por reservar.", **acting(cafetal))
        reserve_case(case_id=part.pk, **acting(cafetal, "patricia"))
        page = desk("patricia").get(f"/mesa/casos/{case.filing_number}/").text
        assert tells_of(page, part) == []

    def test_nor_one_that_was_told_apart(self, cafetal, desk):
        case, other = a_case(cafetal), a_case(cafetal)
        tell_apart(case_id=case.pk, other_id=other.pk, **acting(cafetal))
        reserve_case(case_id=other.pk, **acting(cafetal, "patricia"))
        lucia = desk("lucia")
        assert tells_of(lucia.get(f"/mesa/casos/{case.filing_number}/").text, other) == []
        assert tells_of(lucia.get("/mesa/bitacora/").text, other) == []


class TestWhatComesOutOfAReservedCase:
    @pytest.fixture
    def kept(self, cafetal, teresa):
        case = a_case(cafetal, reserved=True)
        name_accused(case_id=case.pk, member=teresa, **acting(cafetal, "gabriel"))
        return case

    def test_its_part_is_kept_from_the_accused(self, cafetal, kept):
        part = split_case(case_id=kept.pk, body="Teresa cobra por aprobar créditos.", **acting(cafetal, "gabriel"))
        assert part.pk in seen_by(cafetal, "gabriel")
        assert part.pk not in seen_by(cafetal, "teresa")

    def test_what_was_said_later_is_kept_from_the_accused(self, cafetal, kept):
        withdraw_case(case_id=kept.pk, reason="Lo dijo por escrito.", **acting(cafetal, "gabriel"))
        word = add_word(org=cafetal.org, case_id=kept.pk, body="Teresa volvió.", channel="web", by=CITIZEN, now=LATER)
        made = file_word(case_id=kept.pk, word_id=word.pk, **acting(cafetal, "gabriel"))
        assert made.pk in seen_by(cafetal, "gabriel")
        assert made.pk not in seen_by(cafetal, "teresa")

    def test_who_handles_it_is_told_that_its_person_added_something(self, cafetal, kept):
        add_word(org=cafetal.org, case_id=kept.pk, body="Traigo la prueba.", channel="web", by=CITIZEN, now=LATER)
        told = Message.objects.filter(subject=kept.subject).values_list("to", flat=True)
        assert list(told) == [cafetal.members["gabriel"].account.email]
        letter = Message.objects.get(subject=kept.subject)
        assert not [number for number in said(kept.filing_number) if number in f"{letter.title} {letter.body}"]

    def test_who_took_it_down_reads_it_back_no_more_once_it_is_accused(self, cafetal, desk):
        now = timezone.now() - HOUR
        case = a_case(cafetal, channel="phone", by=cafetal.actor("dario"), now=now)
        reserve_case(case_id=case.pk, **acting(cafetal, "patricia", now))
        name_accused(case_id=case.pk, member=cafetal.members["dario"], **acting(cafetal, "gabriel", now))
        assert desk("dario").get(f"/mesa/casos/{case.filing_number}/lectura/").status_code == 404


class TestItsFiles:
    def test_of_a_case_reserved_later_are_reserved_with_it(self, cafetal, desk):
        file = keep_file(org=cafetal.org, content=b"hola", name="foto de Herminia.txt", now=TUESDAY)
        case = a_case(cafetal, attachments=[file])
        reserve_case(case_id=case.pk, **acting(cafetal, "patricia"))
        file.refresh_from_db()
        assert file.reserved
        assert "Herminia" not in desk("gabriel").get(f"/mesa/casos/{case.filing_number}/").text


class TestSearch:
    def test_offers_no_word_that_only_a_reserved_case_says(self, cafetal):
        case = a_case(cafetal, body="El señor Quinchanegua cobra por reservar la piscina.")
        reserve_case(case_id=case.pk, **acting(cafetal, "patricia"))
        found = search_cases(org=cafetal.org, viewer=cafetal.actor("patricia"), typed="quinchanega")
        assert found.is_empty and not found.meant

    def test_forgets_the_words_of_a_reserved_case_and_no_others(self, cafetal):
        """Opened up again they are known again; who asked not to be known teaches no name."""
        case, _other = a_case(cafetal, body="Quinchanegua cobra la piscina."), a_case(cafetal, body="La piscina.")
        before = dict(SearchWord.objects.values_list("word", "seen"))
        reserve_case(case_id=case.pk, **acting(cafetal, "patricia"))
        known = dict(SearchWord.objects.values_list("word", "seen"))
        assert "quinchanegua" not in known
        assert (known["piscina"], known["berrio"]) == (1, 1) == (before["piscina"] - 1, before["berrio"] - 1)
        for _twice in range(2):
            reindex_cases(org=cafetal.org)
        assert dict(SearchWord.objects.values_list("word", "seen")) == known
        open_up_case(case_id=case.pk, reason="Nadie está señalado.", **acting(cafetal, "gabriel"))
        names = {"ana": 1, "lucia": 1, "berrio": 1}
        again = dict(SearchWord.objects.values_list("word", "seen"))
        assert again == before | {name: seen for name, seen in names.items() if name in before}

    def test_offers_no_name_that_only_cases_of_others_say(self, cafetal):
        a_routed_case(cafetal, person={"name": "Rosalba Quinchanegua"})
        found = search_cases(org=cafetal.org, viewer=cafetal.actor("vera"), typed="quinch")
        assert found.is_empty and not found.meant

    def test_counts_a_word_once_though_its_case_be_written_again(self, cafetal):
        a_case(cafetal, body="Medicamnto")
        reindex_cases(org=cafetal.org)
        assert SearchWord.objects.get(org=cafetal.org, word="medicamnto").seen == 1


class TestJoining:
    def test_a_part_owes_no_later_than_what_it_came_out_of(self, cafetal):
        first, main = a_case(cafetal), a_case(cafetal, now=TUESDAY + 6 * DAY)
        there = acting(cafetal, now=TUESDAY + 7 * DAY)
        merge_cases(case_id=first.pk, into_id=main.pk, **there)
        due = law(main)
        part = split_case(case_id=main.pk, body="Y que me devuelvan el dinero.", **there)
        assert law(part) <= due

    def test_a_part_of_an_emergency_is_one(self, arrayanes):
        case = a_case(arrayanes, suggested_type="", emergency=True)
        there = acting(arrayanes, "camila", TUESDAY + HOUR)
        part = split_case(case_id=case.pk, body="Y tampoco le dan la medicina.", **there)
        assert law(part, VITAL_TERM) == law(case, VITAL_TERM)

    def test_what_is_taken_out_again_has_the_turn_of_its_person(self, cafetal):
        case, main = a_case(cafetal), a_case(cafetal)
        merge_cases(case_id=case.pk, into_id=main.pk, **acting(cafetal))
        mark_group(org=cafetal.org, person_id=case.person_id, group="older_adult", channel="web", by=CITIZEN, now=LATER)
        while run_errands(now=LATER):
            pass
        main.refresh_from_db()
        assert main.turn == 0
        assert undo_merge(case_id=case.pk, **acting(cafetal, now=LATER + HOUR)).turn == 0

    def test_withdrawing_one_loses_no_other(self, cafetal):
        case, main = a_case(cafetal), a_case(cafetal)
        merge_cases(case_id=case.pk, into_id=main.pk, **acting(cafetal))
        withdraw_case(org=cafetal.org, case_id=main.pk, by=CITIZEN, now=LATER)
        assert law(case) is not None
        main.refresh_from_db(), case.refresh_from_db()
        assert (main.state, case.state, case.merged_into) == ("withdrawn", "filed", None)

    def test_what_was_added_becomes_a_case_of_who_added_it(self, cafetal):
        """Two who share a telephone; one left no document, so that both may be put together."""
        main = a_case(cafetal)
        mother = {"name": "Berta Berrío", "phone": ANA["phone"]}
        case = a_case(cafetal, person=mother)
        assert case.person_id != main.person_id
        merge_cases(case_id=case.pk, into_id=main.pk, **acting(cafetal))
        word = add_word(org=cafetal.org, case_id=case.pk, body="Soy Berta.", channel="web", by=CITIZEN, now=LATER)
        withdraw_case(org=cafetal.org, case_id=main.pk, by=CITIZEN, now=LATER)
        made = file_word(case_id=main.pk, word_id=word.pk, **acting(cafetal, now=LATER + HOUR))
        assert made.person_id == case.person_id

    def test_what_came_with_it_goes_along(self, cafetal):
        case = a_case(cafetal)
        withdraw_case(org=cafetal.org, case_id=case.pk, by=CITIZEN, now=LATER)
        here = {"org": cafetal.org, "case_id": case.pk, "body": "Mire.", "channel": "web", "by": CITIZEN}
        files = [keep_file(org=cafetal.org, content=one, name=f"{one.decode()}.txt", now=LATER) for one in (b"a", b"b")]
        word = add_word(attachments=files[:1], now=LATER, **here)
        add_word(attachments=files[1:], now=LATER + HOUR, **here)
        made = file_word(case_id=case.pk, word_id=word.pk, **acting(cafetal, now=LATER + DAY))
        assert [one.file for one in files_about(org=cafetal.org, subject=made.subject)] == files[:1]

    @pytest.mark.parametrize("gateway", ["twilio"])
    def test_a_text_about_what_follows_another_is_a_word(self, request, gateway):
        house, there = request.getfixturevalue("texting"), request.getfixturevalue("stand_in")
        person = ANA | {"email": "", "phone": "300 000 0001"}
        case, main = a_case(house, person=person), a_case(house, person=person)
        merge_cases(case_id=case.pk, into_id=main.pk, **acting(house))
        call_in(house, a_reply(there, house, "in-9", f"{case.filing_number} fue el sábado", now=LATER), now=LATER)
        while run_errands(now=LATER):
            pass
        assert Case.objects.count() == 2


def waiting(how_many):
    """Until so many wait for a lock."""
    for _try in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= how_many:
                return
        sleep(0.01)
    raise AssertionError("nobody waits")


def apart(pool, act):
    """The act begun in a thread of its own."""

    def run():
        try:
            return act()
        finally:
            connection.close()

    return pool.submit(run)


@pytest.mark.slow
class TestAtOnce:
    def test_a_word_by_staff_and_the_separation_of_its_case_both_end(self, real_cafetal):
        main, case = a_case(real_cafetal), a_case(real_cafetal)
        merge_cases(case_id=case.pk, into_id=main.pk, **acting(real_cafetal))
        there = acting(real_cafetal, now=LATER + HOUR) | {"case_id": case.pk}
        with ThreadPoolExecutor(2) as pool:
            with transaction.atomic():
                Case.objects.select_for_update().get(pk=main.pk)
                undone = apart(pool, lambda: undo_merge(**there))
                waiting(1)
                said = apart(pool, lambda: add_word(body="Fue el sábado.", channel="email", **there))
                waiting(2)
            assert (undone.result(20).state, said.result(20).case_id) == ("filed", case.pk)

    def test_what_is_filed_while_its_person_is_marked_goes_first(self, real_cafetal):
        person = a_case(real_cafetal).person
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                next_number(org=real_cafetal.org, series="PQR", year=2026)  # whose row is a lock
                filed = apart(pool, lambda: a_case(real_cafetal, now=LATER))
                waiting(1)

                def mark():
                    there = {"org": real_cafetal.org, "person_id": person.pk, "channel": "web", "by": CITIZEN}
                    mark_group(group="older_adult", now=LATER, **there)
                    while run_errands(now=LATER):
                        pass

                with ThreadPoolExecutor(1) as other:
                    apart(other, mark).result(20)
            case = filed.result(20)
        case.refresh_from_db()
        assert case.turn == 0


class TestWords:
    def test_what_nobody_saw_stays_unread(self, cafetal, desk):
        case = a_routed_case(cafetal, now=timezone.now() - DAY)
        says = {"org": cafetal.org, "case_id": case.pk, "channel": "web", "by": CITIZEN, "now": timezone.now() - HOUR}
        add_word(body="Fue el sábado.", **says)
        lucia = desk("lucia")
        page = lucia.get(f"/mesa/casos/{case.filing_number}/").text
        unseen = add_word(body="Y también el domingo.", **says)
        start = page.index("mensajes/lectura/")
        form = page[start : page.index("</form>", start)]
        lucia.post(f"/mesa/casos/{case.filing_number}/mensajes/lectura/", hidden_in(form))
        unseen.refresh_from_db()
        assert unseen.read_at is None


def hidden_in(form):
    fields = re.findall(r"<input[^>]*>", form)
    named = [(re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in fields]
    return {name[1]: value[1] for name, value in named if name and value}
