"""Two cases side by side before they are one; what follows, what was split, what was added: on the page of the case."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from escucha.contexts.cases.models import Case, NotTheSame, Word
from escucha.contexts.cases.operations.joining import merge_cases
from escucha.contexts.cases.operations.words import add_word
from escucha.kernel.timeline.facts import CITIZEN
from tests.make import a_case, a_house
from tests.web.desk.conftest import fresh

CASES = "/mesa/casos/"


@pytest.fixture
def two(story):
    return story.assigned(matter="La primera"), story.assigned(matter="La segunda", body="Otra vez lo de la reserva.")


def at(case, act=""):
    return f"{CASES}{case.filing_number}/{act}"


def merged(cafetal, case, into):
    now = timezone.now() - timedelta(days=1)
    return merge_cases(org=cafetal.org, case_id=case.pk, into_id=into.pk, by=cafetal.actor("lucia"), now=now)


def choice(case, other, main, **changes):
    said = {"con": other.filing_number, "queda": main.filing_number}
    return said | {"version": case.version, "other_version": other.version} | changes


class TestThePageOfACase:
    def test_shows_its_likely_twin_to_who_may_see_it(self, at_desk, two):
        one, other = two
        page = at_desk("lucia").get(at(one)).text
        assert f'href="{at(one, "union/")}?con={other.filing_number}"' in page
        assert "Es de la misma persona." in page and "Juntar con otro caso" in page
        assert "Juntar con otro caso" not in at_desk("dario").get(at(one)).text

    def test_shows_what_follows_and_what_it_follows(self, at_desk, cafetal, two):
        one, other = two
        merged(cafetal, one, other)
        lucia = at_desk("lucia")
        followed, following = lucia.get(at(other)).text, lucia.get(at(one)).text
        assert "Responde también por:" in followed and f'href="{at(one)}"' in followed
        assert "Se juntó con otro caso" in following and f'href="{at(other)}"' in following
        assert "Separarlos otra vez" in following and "Separarlos otra vez" not in followed
        assert f"{one.filing_number} se juntó con {other.filing_number}" in followed

    def test_names_no_case_of_another_unit(self, at_desk, cafetal, story):
        one, other = story.assigned(), story.assigned(unit="vivienda")
        merged(cafetal, one, other)
        page = at_desk("dario").get(at(one)).text
        assert f'href="{at(other)}"' not in page and "está en otra dependencia" in page

    def test_of_an_identity_that_is_kept_offers_nothing(self, at_desk, story):
        one, other = story.assigned(identity_reserved=True), story.assigned()
        page = at_desk("lucia").get(at(one)).text
        assert other.filing_number not in page and "Juntar con otro caso" not in page


class TestPuttingTogether:
    def test_shows_both_before_anything_happens(self, at_desk, two):
        one, other = two
        lucia = at_desk("lucia")
        page = lucia.get(at(one, "union/"), {"con": other.filing_number.replace("-", " ").lower()}).text
        assert "La primera" in page and "La segunda" in page and "Otra vez lo de la reserva." in page
        assert "¿Cuál de los dos responde?" in page
        assert {fresh(case).state for case in two} == {"assigned"}

    @pytest.mark.parametrize("stays", [0, 1])
    def test_leaves_the_one_that_was_chosen(self, at_desk, two, stays):
        main, follows = two[stays], two[1 - stays]
        answered = at_desk("lucia").post(at(two[0], "union/"), choice(*two, main))
        assert (answered.status_code, answered["location"]) == (302, at(main))
        assert (fresh(main).state, fresh(follows).state) == ("assigned", "merged")

    def test_says_why_not(self, at_desk, story, two):
        stranger = story.assigned(person={"name": "Norberto", "document_number": "1990000002"})
        lucia = at_desk("lucia")
        page = lucia.get(at(two[0], "union/"), {"con": stranger.filing_number})
        assert page.status_code == 200 and "No son de la misma persona" in page.text
        refused = lucia.post(at(two[0], "union/"), choice(two[0], stranger, stranger))
        assert refused.status_code == 409 and "No son de la misma persona" in refused.text
        assert not Case.objects.exclude(merged_into=None).exists()

    def test_of_a_page_out_of_date_shows_both_again(self, at_desk, two):
        lucia = at_desk("lucia")
        for wrong in ({"version": 0}, {"other_version": "x"}, {"version": "²"}):
            page = lucia.post(at(two[0], "union/"), choice(*two, two[0], **wrong))
            assert page.status_code == 409 and "Mírelos otra vez" in page.text
        assert not Case.objects.exclude(merged_into=None).exists()

    @pytest.mark.parametrize("said", ["PQR-1999-000001", "nada", "\x00", "<b>", "9" * 70])
    def test_with_what_is_not_there_says_so(self, at_desk, two, said):
        lucia = at_desk("lucia")
        page = lucia.get(at(two[0], "union/"), {"con": said})
        assert page.status_code == (404 if said.strip("\x00") else 200)
        assert "<b>" not in page.text.split("No encontramos")[-1][:40]
        assert lucia.post(at(two[0], "union/"), {"con": said}).status_code == 404

    def test_with_what_is_not_theirs_is_as_if_it_were_not_there(self, at_desk, cafetal, story):
        mine, kept = story.assigned(), a_case(cafetal, now=timezone.now() - timedelta(days=1), reserved=True)
        theirs = a_case(a_house("vidamar"), suggested_type="", now=timezone.now() - timedelta(days=1))
        lucia = at_desk("lucia")
        for other in (kept, theirs):
            assert lucia.get(at(mine, "union/"), {"con": other.filing_number}).status_code == 404
            assert lucia.post(at(mine, "union/"), choice(mine, other, mine)).status_code == 404
        assert lucia.get(at(theirs, "union/")).status_code == 404

    def test_is_of_who_may(self, at_desk, two):
        dario = at_desk("dario")
        assert dario.post(at(two[0], "union/"), choice(*two, two[0])).status_code == 409
        assert at_desk("vera").get(at(two[0], "union/")).status_code == 404
        assert at_desk("bruno").get(at(two[0], "union/")).status_code == 403


class TestTakingApart:
    def test_is_on_the_page_of_the_one_that_follows(self, at_desk, cafetal, two):
        merged(cafetal, *two)
        version = fresh(two[0]).version
        answered = at_desk("lucia").post(at(two[0], "separacion/"), {"version": version})
        assert answered["location"] == at(two[0])
        assert fresh(two[0]).state == "assigned"
        assert at_desk("lucia").post(at(two[1], "separacion/"), {"version": fresh(two[1]).version}).status_code == 409

    def test_two_that_are_not_the_same_are_not_offered_again(self, at_desk, two):
        lucia = at_desk("lucia")
        said = {"con": two[1].filing_number, "version": two[0].version}
        assert lucia.post(at(two[0], "distintos/"), said)["location"] == at(two[0])
        assert NotTheSame.objects.count() == 1
        assert f"?con={two[1].filing_number}" not in lucia.get(at(two[0])).text
        assert lucia.post(at(two[0], "distintos/"), said | {"con": "PQR-1999-000001"}).status_code == 404


class TestDividing:
    def test_makes_a_case_of_what_was_copied(self, at_desk, two):
        lucia = at_desk("lucia")
        page = lucia.get(at(two[0], "division/")).text
        key = re.search(r'name="key" value="([^"]+)"', page)[1]
        said = {"version": two[0].version, "body": "El cobro doble.", "matter": "Cobro", "key": key}
        answered = [lucia.post(at(two[0], "division/"), said)["location"] for _twice in range(2)]
        made = Case.objects.get(split_from=two[0])
        assert answered == [at(made)] * 2
        assert f'href="{at(two[0])}"' in lucia.get(at(made)).text
        assert f'href="{at(made)}"' in lucia.get(at(two[0])).text

    def test_keeps_what_was_typed(self, at_desk, two):
        lucia = at_desk("lucia")
        said = {"version": 0, "body": "El cobro doble.", "matter": "Cobro"}
        page = lucia.post(at(two[0], "division/"), said)
        assert page.status_code == 409 and "El cobro doble." in page.text and "Mírelos otra vez" in page.text
        page = lucia.post(at(two[0], "division/"), {"version": two[0].version, "matter": "Cobro"})
        assert page.status_code == 409 and 'value="Cobro"' in page.text
        assert lucia.post(at(two[0], "division/"), {"matter": "Cobro"}).status_code == 422
        assert not Case.objects.exclude(split_from=None).exists()

    def test_is_of_who_may(self, at_desk, two):
        said = {"version": two[0].version, "body": "Algo."}
        assert at_desk("dario").post(at(two[0], "division/"), said).status_code == 409
        assert at_desk("vera").get(at(two[0], "division/")).status_code == 404
        assert at_desk("bruno").get(at(two[0], "division/")).status_code == 403


class TestLaterWords:
    def says(self, case, body="Fue a las 4 <b>en punto</b>."):
        now = timezone.now() - timedelta(hours=1)
        return add_word(org=case.org, case_id=case.pk, body=body, channel="web", by=CITIZEN, now=now)

    def test_are_on_the_page_and_in_the_view_until_they_are_read(self, at_desk, story):
        case = story.assigned()
        last = [self.says(case), self.says(case)][-1]
        dario = at_desk("dario")
        page = dario.get(at(case)).text
        assert "2 sin leer" in page and "Fue a las 4 &lt;b&gt;en punto&lt;/b&gt;." in page
        assert case.filing_number in dario.get(f"{CASES}?vista=con-mensajes").text
        assert dario.post(at(case, "mensajes/lectura/"), {"last": last.pk})["location"] == at(case)
        assert "sin leer" not in dario.get(at(case)).text
        assert case.filing_number not in dario.get(f"{CASES}?vista=con-mensajes").text
        assert {word.read_by.account.email.split("@")[0] for word in Word.objects.all()} == {"dario"}

    def test_of_a_closed_case_become_a_case(self, at_desk, story, cafetal):
        case = story.closed()
        word = self.says(case)
        lucia = at_desk("lucia")
        assert case.filing_number in lucia.get(f"{CASES}?vista=con-mensajes").text
        assert "Radicar un caso nuevo con este mensaje" in lucia.get(at(case)).text
        made = lucia.post(at(case, f"mensajes/{word.pk}/caso/"))
        again = lucia.post(at(case, f"mensajes/{word.pk}/caso/"))
        assert made["location"] == again["location"] == at(Case.objects.get(split_from=case))

    def test_of_an_open_case_do_not(self, at_desk, story):
        case, other = story.assigned(), story.assigned()
        word = self.says(case)
        lucia = at_desk("lucia")
        assert lucia.post(at(case, f"mensajes/{word.pk}/caso/")).status_code == 409
        assert lucia.post(at(other, f"mensajes/{word.pk}/caso/")).status_code == 404
        assert at_desk("vera").post(at(case, f"mensajes/{word.pk}/caso/")).status_code == 404
        assert at_desk("gabriel").post(at(case, "mensajes/lectura/"), {"last": word.pk}).status_code == 409
        assert Case.objects.count() == 2
