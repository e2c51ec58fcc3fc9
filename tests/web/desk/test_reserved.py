"""The pages of closed doors: the reserved list, the card of who is kept, and the acts of who handles such cases."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.cases.models import Accused, Reveal
from escucha.contexts.people.operations.marking import mark_group
from escucha.kernel.orgs.operations import take_in
from escucha.web.desk import reserved as reserved_page
from tests.cast import ANA, PASSWORD
from tests.make import a_case, a_house, a_routed_case, let_time_pass
from tests.web.desk.conftest import fresh, sign_in

WHY = "Hay que llamar para entregar la respuesta"


@pytest.fixture
def ago():
    return timezone.now() - timedelta(days=1)


@pytest.fixture
def kept(cafetal, ago):
    """A case of who asked not to be known."""
    return a_routed_case(cafetal, now=ago, identity_reserved=True)


@pytest.fixture
def reserved(cafetal, ago):
    return a_case(cafetal, now=ago, reserved=True)


@pytest.fixture
def teresa(cafetal):
    """Another who has the reserved channel."""
    return take_in(
        org=cafetal.org,
        email="teresa@cafetal.example.org",
        name="Teresa Vélez",
        password=PASSWORD,
        unit=cafetal.unit("credito"),
        roles=["director"],
    )


def of(case, what=""):
    return f"/mesa/casos/{case.filing_number}/{what}"


def knows(page):
    """What a page tells of Ana."""
    return [said for said in (ANA["name"], "1990000001", ANA["email"], ANA["phone"]) if said in page.text]


class TestWhoAskedNotToBeKnown:
    @pytest.mark.parametrize("who", ["lucia", "patricia", "dario", "gabriel"])
    @pytest.mark.parametrize("page", ["casos/", "casos/lista.csv", "", "?ver=todo", "?ver=equipo", "bitacora/", "case"])
    def test_is_on_no_page_whoever_looks(self, at_desk, kept, who, page):
        address = of(kept) if page == "case" else f"/mesa/{page}"
        seen = at_desk(who).get(address)
        text = b"".join(seen.streaming_content).decode() if seen.streaming else seen.text
        assert [said for said in (ANA["name"], "1990000001", ANA["email"], ANA["phone"]) if said in text] == []

    def test_is_called_so_in_the_lists(self, at_desk, kept):
        assert "Identidad reservada" in at_desk("lucia").get("/mesa/casos/").text

    def test_is_not_told_by_its_letters(self, at_desk, kept):
        patricia = at_desk("patricia")
        listed = patricia.get("/mesa/correos/")
        assert knows(listed) == [] and "Identidad reservada" in listed.text
        letters = re.findall(r'href="(/mesa/correos/\d+/)"', listed.text)
        assert letters
        for letter in letters:
            assert knows(patricia.get(letter)) == []

    def test_is_shown_to_who_says_what_for_and_is_written_down(self, at_desk, kept):
        patricia = at_desk("patricia")
        assert patricia.post(of(kept, "identidad/"), {"reason": WHY}).status_code == 302
        assert len(knows(patricia.get(of(kept)))) == 4
        assert knows(at_desk("lucia").get(of(kept))) == []
        assert knows(patricia.get("/mesa/casos/")) == []
        assert "Se mostró la identidad reservada" in at_desk("lucia").get(of(kept)).text
        seen = at_desk("gabriel").get("/mesa/reservados/?vista=identidades").text
        assert WHY in seen and "Patricia Sanmiguel" in seen

    def test_is_kept_again_after_a_quarter_of_an_hour(self, at_desk, kept):
        patricia = at_desk("patricia")
        patricia.post(of(kept, "identidad/"), {"reason": WHY})
        Reveal.objects.update(until=timezone.now() - timedelta(seconds=1))
        assert knows(patricia.get(of(kept))) == []

    def test_is_not_shown_without_a_reason(self, at_desk, kept):
        refused = at_desk("patricia").post(of(kept, "identidad/"), {"reason": " "})
        assert refused.status_code == 409 and "Escriba para qué" in refused.text and knows(refused) == []

    def test_is_not_offered_to_who_may_not(self, at_desk, kept):
        assert "Ver quién es" not in at_desk("lucia").get(of(kept)).text
        assert "Ver quién es" in at_desk("patricia").get(of(kept)).text

    def test_is_looked_for_once_where_it_is_and_never_where_it_is_not(self, at_desk, cafetal, ago, kept):
        lucia, plain = at_desk("lucia"), a_routed_case(cafetal, now=ago)
        asked = []
        for case in (plain, kept):
            with CaptureQueriesContext(connection) as seen:
                lucia.get(of(case))
            asked.append(len([one for one in seen if 'FROM "cases_reveal"' in one["sql"]]))
        assert asked == [0, 1]

    def test_anonymous_is_said_apart(self, at_desk, cafetal, ago):
        case = a_case(cafetal, now=ago, anonymous=True)
        assert "Es anónima" in at_desk("lucia").get(of(case)).text
        assert "Anónimo" in at_desk("lucia").get("/mesa/casos/").text


class TestTheReservedList:
    def test_shows_what_no_other_list_does(self, at_desk, reserved):
        gabriel = at_desk("gabriel")
        assert of(reserved) in gabriel.get("/mesa/reservados/").text
        assert of(reserved) not in gabriel.get("/mesa/casos/").text
        assert "No hay casos reservados" in gabriel.get("/mesa/reservados/?vista=cerrados").text

    def test_is_on_the_rail_of_who_has_it_and_of_nobody_else(self, at_desk, reserved):
        assert 'href="/mesa/reservados/"' in at_desk("gabriel").get("/mesa/").text
        assert 'href="/mesa/reservados/"' not in at_desk("patricia").get("/mesa/").text

    def test_its_debts_are_on_the_agenda_of_who_handles_them(self, at_desk, reserved):
        assert of(reserved) in at_desk("gabriel").get("/mesa/").text
        assert of(reserved) in at_desk("gabriel").get("/mesa/?ver=todo").text

    @pytest.mark.parametrize("who", ["patricia", "lucia"])
    def test_its_debts_are_on_no_other_agenda(self, at_desk, reserved, who):
        for scope in ("mio", "equipo", "todo"):
            assert "No debe nada" in at_desk(who).get(f"/mesa/?ver={scope}").text

    @pytest.mark.parametrize("address", ["?vista=nada", "?antes=²", "?antes=9999999999999999999", "?antes=x"])
    def test_survives_nonsense(self, at_desk, reserved, address):
        assert at_desk("gabriel").get(f"/mesa/reservados/{address}").status_code == 200

    def test_goes_page_by_page(self, at_desk, cafetal, ago, monkeypatch):
        monkeypatch.setattr(reserved_page, "LIMIT", 2)
        made = [a_case(cafetal, now=ago, reserved=True) for _n in range(5)]
        gabriel, address, seen, counted = at_desk("gabriel"), "/mesa/reservados/", [], set()
        while address:
            with CaptureQueriesContext(connection) as asked:
                shown = gabriel.get(address).text
            counted.add(len(asked))
            seen += re.findall(r'href="/mesa/casos/(PQR-\d+-\d+)/" tabindex', shown)
            found = re.search(r'href="(\?vista=abiertos&amp;antes=\d+)"', shown)
            address = f"/mesa/reservados/{found[1].replace('&amp;', '&')}" if found else ""
        assert seen == [case.filing_number for case in reversed(made)]
        assert len(counted) == 1


class TestTheActs:
    def test_a_case_passes_to_the_channel_and_leaves_who_sent_it(self, at_desk, cafetal, ago):
        case = a_routed_case(cafetal, now=ago)
        patricia = at_desk("patricia")
        assert "Pasar al canal reservado" in patricia.get(of(case)).text
        sent = patricia.post(of(case, "reserva/"), {"version": case.version}, follow=True)
        assert sent.redirect_chain == [("/mesa/casos/", 302)]
        assert "ya no está a su cargo" in sent.text
        assert patricia.get(of(case)).status_code == 404
        assert at_desk("gabriel").get(of(case)).status_code == 200

    def test_somebody_is_named_and_lifted(self, at_desk, cafetal, reserved, teresa):
        gabriel, dario = at_desk("gabriel"), cafetal.members["dario"]
        assert gabriel.post(of(reserved, "senalados/"), {"accused": f"p{dario.pk}"}).status_code == 302
        unit = cafetal.unit("recreacion")
        assert gabriel.post(of(reserved, "senalados/"), {"accused": f"d{unit.pk}"}).status_code == 302
        assert "Darío Pinzón</span>" in gabriel.get(of(reserved)).text
        for one in Accused.objects.all():
            assert gabriel.post(of(reserved, "senalados/retiro/"), {"accused": one.pk}).status_code == 302
        assert not Accused.objects.filter(lifted_at=None).exists()

    @pytest.mark.parametrize("said", ["", "p0", "d0", "x", "p", "pzz"])
    def test_nobody_is_named_by_nonsense(self, at_desk, reserved, said):
        assert at_desk("gabriel").post(of(reserved, "senalados/"), {"accused": said}).status_code == 422
        assert not Accused.objects.exists()

    def test_who_is_accused_does_not_find_it(self, at_desk, cafetal, reserved, teresa, client):
        at_desk("gabriel").post(of(reserved, "senalados/"), {"accused": f"p{teresa.pk}"})
        client.defaults["HTTP_HOST"] = cafetal.org.host
        sign_in(client, teresa.account)
        assert client.get(of(reserved)).status_code == 404
        for page in ("", "?ver=todo", "reservados/", "reservados/?vista=identidades", "casos/"):
            assert reserved.filing_number not in client.get(f"/mesa/{page}").text

    def test_it_is_opened_up_with_a_reason(self, at_desk, reserved):
        gabriel = at_desk("gabriel")
        refused = gabriel.post(of(reserved, "apertura/"), {"version": reserved.version, "reason": ""})
        assert refused.status_code == 409 and "Escriba por qué" in refused.text
        gabriel.post(of(reserved, "apertura/"), {"version": reserved.version, "reason": "Es una queja."})
        assert fresh(reserved).reserved is False
        assert of(reserved) in at_desk("lucia").get("/mesa/casos/").text

    @pytest.mark.parametrize("act", ["identidad/", "reserva/", "apertura/", "senalados/", "senalados/retiro/"])
    def test_are_posts_and_of_who_sees_the_case(self, at_desk, cafetal, reserved, act, client):
        assert at_desk("gabriel").get(of(reserved, act)).status_code == 405
        assert at_desk("patricia").post(of(reserved, act), {"version": 1}).status_code == 404
        assert at_desk("bruno").post(of(reserved, act)).status_code == 403
        assert client.post(of(reserved, act), headers={"host": cafetal.org.host}).status_code == 302
        other = a_house("vidamar")
        theirs = a_case(other, reserved=True, now=timezone.now())
        assert at_desk("gabriel").post(of(theirs, act), {"version": 1}).status_code == 404


class TestWhoGoesFirst:
    @pytest.mark.requirement("CAJA-03.2", "CAJA-03.3")
    def test_is_said_in_lists_agendas_and_on_its_case_with_the_reason_only_beside_the_person(
        self, at_desk, cafetal, ago
    ):
        case = a_routed_case(cafetal, now=ago)
        lucia = at_desk("lucia")
        for page in ("/mesa/casos/", "/mesa/", of(case)):
            assert "referencial" not in lucia.get(page).text
        by = {"channel": "phone", "by": cafetal.actor("lucia"), "now": ago + timedelta(hours=2)}
        mark_group(org=cafetal.org, person_id=case.person_id, group="older_adult", **by)
        let_time_pass(ago + timedelta(hours=2))
        for page in ("/mesa/casos/", "/mesa/?ver=todo", of(case)):
            seen = at_desk("gabriel").get(page).text if page.endswith("todo") else lucia.get(page).text
            assert "referencial" in seen, page
        assert "Persona mayor" in lucia.get(of(case)).text
        assert "Persona mayor" not in lucia.get("/mesa/casos/").text
