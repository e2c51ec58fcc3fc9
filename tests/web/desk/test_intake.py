"""The intake ledger at the desk: who reviews it, what each act does, and that no letter can harm who reads it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from escucha.contexts.cases.models import Case, Word
from escucha.contexts.cases.operations.reserving import reserve_case
from escucha.contexts.messaging.gateways.sms.interface import Said
from escucha.contexts.messaging.models import MailboxBalance, Message
from escucha.contexts.messaging.operations.arriving import parse_waiting
from escucha.contexts.messaging.operations.callbacks import keep_text
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.timeline.relay import run_errands
from escucha.web.ui import spanish
from tests.cast import ANA
from tests.contexts.messaging.arriving.letters import a_letter, of_corpus, received, settled
from tests.make import a_case, a_house
from tests.web.desk.conftest import BACKEND, sign_in

NOW = timezone.now()
DAYS = timedelta(days=1)
PAGES = ["", "por-revisar/", "por-revisar/?de=programas", "cuadre/", "{entry}/", "{entry}/correo.eml"]
ACTS = {"solicitud": {}, "caso": {"number": "PQR-2026-000001"}, "descarte": {"why": "robot"}, "lectura": {}}
every_act = pytest.mark.parametrize("act", ACTS)
REVIEWERS = ["lucia", "patricia"]
OTHERS = ["bruno", "dario", "elsa", "vera", "gabriel"]


def in_doubt(house, raw=None, **said):
    """A letter from a stranger that names a case."""
    a_case(house, now=NOW - DAYS)
    return settled(house, raw or a_letter("Sobre PQR-2026-000001", sender="otra@example.org"), now=NOW, **said)


def twice(house, ways, **said):
    """A letter, and it once more: the same bytes, or as another server handed it over."""
    raw = a_letter("Se lo cuento.", **said)
    other = raw if ways == "the same bytes" else b"Received: from otro.example.org\r\n" + raw
    return settled(house, raw, now=NOW), settled(house, other, now=NOW)


def address(arrival, rest=""):
    return f"/mesa/entradas/{arrival.pk}/{rest}"


class TestWhoEnters:
    @pytest.mark.parametrize("page", PAGES)
    def test_only_who_reviews(self, at_desk, cafetal, page):
        where = "/mesa/entradas/" + page.format(entry=in_doubt(cafetal).pk)
        assert {at_desk(who).get(where).status_code for who in REVIEWERS} == {200}
        assert {at_desk(who).get(where).status_code for who in OTHERS} == {403}
        assert Client(headers={"host": cafetal.org.host}).get(where).status_code == 302

    @every_act
    def test_only_who_reviews_acts(self, at_desk, cafetal, act):
        arrival = in_doubt(cafetal)
        where = address(arrival, f"{act}/")
        for who in OTHERS:
            assert at_desk(who).post(where, ACTS[act]).status_code == 403
        assert Client(headers={"host": cafetal.org.host}).post(where, ACTS[act]).status_code == 302
        assert at_desk("lucia").get(where).status_code == 405
        assert at_desk("lucia", enforce_csrf_checks=True).post(where, ACTS[act]).status_code == 403
        arrival.refresh_from_db()
        assert (arrival.state, arrival.settled_by, Word.objects.count()) == ("parked", None, 0)

    @pytest.mark.parametrize("page", [page for page in PAGES if "{entry}" in page])
    def test_what_came_to_another_organisation_is_not_there(self, at_desk, cafetal, page):
        theirs = settled(a_house("vidamar"), of_corpus("empty_body"), now=NOW)
        where = "/mesa/entradas/" + page.format(entry=theirs.pk)
        assert at_desk("lucia").get(where).status_code == 404
        for act, data in ACTS.items():
            assert at_desk("lucia").post(address(theirs, f"{act}/"), data).status_code == 404
        theirs.refresh_from_db()
        assert theirs.settled_by is None

    def test_a_member_of_another_organisation_does_not(self, cafetal, vidamar, no_static_folder):
        client = Client(headers={"host": cafetal.org.host})
        sign_in(client, vidamar.members["marina"].account)
        assert client.get("/mesa/entradas/").status_code == 403
        assert BACKEND

    def test_the_rail_shows_it_to_who_reviews(self, at_desk, cafetal):
        assert 'href="/mesa/entradas/"' in at_desk("lucia").get("/mesa/").text
        assert 'href="/mesa/entradas/"' not in at_desk("dario").get("/mesa/").text


class TestTheLedger:
    def test_shows_each_entry_with_what_became_of_it(self, at_desk, cafetal):
        filed = settled(cafetal, a_letter(subject="Me cobraron dos veces"), now=NOW)
        in_doubt(cafetal)
        page = at_desk("lucia").get("/mesa/entradas/").text
        assert "Me cobraron dos veces" in page and "Ana Lucía Berrío" in page
        number = Case.objects.get(pk=int(filed.subject.removeprefix("case:"))).filing_number
        assert f"/mesa/casos/{number}/" in page
        assert "Nombra un radicado" in page

    def test_is_filtered_by_state_and_mailbox(self, at_desk, cafetal):
        settled(cafetal, a_letter(subject="Primera"), now=NOW)
        settled(cafetal, a_letter(subject=""), mailbox="notificaciones", now=NOW)
        in_doubt(cafetal, a_letter("PQR-2026-000001", subject="Tercera"))
        client = at_desk("lucia")
        assert "Tercera" not in client.get("/mesa/entradas/?estado=filed").text
        assert "Primera" not in client.get("/mesa/entradas/?estado=parked").text
        only = client.get("/mesa/entradas/?buzon=notificaciones").text
        assert "Primera" not in only and "Notificaciones y oficios" in only
        assert client.get("/mesa/entradas/?estado=x&buzon=%00&antes=x").status_code == 200

    def test_of_programs_it_is_told_in_today_too_without_alarm(self, at_desk, cafetal, monkeypatch):
        """Some authorities write from addresses that nobody reads: theirs has a term as any other."""
        lucia = at_desk("lucia")
        assert "De programas" not in lucia.get("/mesa/").text
        settled(cafetal, of_corpus("auto_submitted"), now=NOW, arrived_at=NOW - 3 * DAYS)
        page = lucia.get("/mesa/").text
        day = spanish.short_date(timezone.localtime(NOW - 3 * DAYS).date())
        assert f"De programas espera un mensaje, desde el {day}." in page
        assert 'href="/mesa/entradas/por-revisar/?de=programas"' in page
        assert "por revisar</" not in page and "notice--warn" not in page
        settled(cafetal, a_letter(Auto_Submitted="auto-generated", sender="no-reply@example.org"), now=NOW)
        assert f"De programas esperan 2 mensajes; el primero, desde el {day}." in lucia.get("/mesa/").text
        monkeypatch.setattr("escucha.contexts.messaging.queries.arrivals.COUNTED", 1)
        assert "De programas esperan más de 1 mensajes" in lucia.get("/mesa/").text
        for who in OTHERS:
            assert "De programas" not in at_desk(who).get("/mesa/").text
        assert "De programas" not in lucia.get(f"/mesa/?dia={NOW:%Y-%m-%d}").text

    def test_goes_on_by_place(self, at_desk, cafetal, monkeypatch):
        monkeypatch.setattr("escucha.web.desk.intake.LIMIT", 2)
        made = [received(cafetal, a_letter(f"carta {n}"), now=NOW).pk for n in range(5)]
        client, seen, where = at_desk("lucia"), [], "/mesa/entradas/?estado=received"
        while where:
            page = client.get(where)
            seen += [row.entry.pk for row in page.context["rows"]]
            where = f"/mesa/entradas/{page.context['next']}" if page.context["next"] else ""
        assert seen == sorted(made, reverse=True)

    def test_asks_as_often_however_many_there_are(self, at_desk, cafetal, django_assert_num_queries):
        client = at_desk("lucia")
        client.get("/mesa/entradas/")
        for many in (1, 4):
            for n in range(many):
                settled(cafetal, a_letter(f"{many} {n}"), now=NOW)
            with django_assert_num_queries(10):
                client.get("/mesa/entradas/")

    def test_tells_that_mail_is_missing(self, at_desk, cafetal):
        client = at_desk("lucia")
        assert "no están aquí" not in client.get("/mesa/entradas/").text
        MailboxBalance.objects.create(
            org=cafetal.org, mailbox="escucha", day=NOW.date(), in_mailbox=9, in_ledger=7, missing=2, at=NOW
        )
        assert "no están aquí" in client.get("/mesa/entradas/").text
        page = client.get("/mesa/entradas/cuadre/").text
        assert "Faltan 2" in page and "Atención al Usuario" in page

    @pytest.mark.parametrize("page", ["", "cuadre/"])
    def test_tells_of_a_mailbox_that_nobody_can_read(self, at_desk, cafetal, settings, page):
        """Its password ran out: what was last counted still holds, and letters pile up that nobody sees."""
        client, where = at_desk("lucia"), f"/mesa/entradas/{page}"
        assert "no se están leyendo" not in client.get(where).text  # no account: nobody means to read it here
        settings.MAILBOXES = {"ESCUCHA_MAILBOX_CAFETAL_ESCUCHA": "imap://ana:x@127.0.0.1:1143"}
        never = client.get(where).text
        assert "no se están leyendo" in never and "Atención al Usuario: todavía no se ha leído" in never
        balance = MailboxBalance.objects.create(
            org=cafetal.org, mailbox="escucha", day=NOW.date(), in_mailbox=9, in_ledger=9, at=NOW - DAYS
        )
        assert "Atención al Usuario: sin leer desde" in client.get(where).text
        balance.at = timezone.now()
        balance.save(update_fields=["at"])
        assert "no se están leyendo" not in client.get(where).text

    def test_tells_of_a_mailbox_whose_account_cannot_be_used(self, at_desk, cafetal, settings):
        settings.MAILBOXES = {"ESCUCHA_MAILBOX_CAFETAL_ESCUCHA": "imaps://nadie"}
        assert "no se están leyendo" in at_desk("lucia").get("/mesa/entradas/").text

    def test_says_when_each_mailbox_was_last_counted(self, at_desk, cafetal):
        MailboxBalance.objects.create(
            org=cafetal.org, mailbox="escucha", day=NOW.date(), in_mailbox=1, in_ledger=1, at=NOW
        )
        said = timezone.localtime(NOW).strftime("%-H:%M")
        assert f", {said}</th>" in at_desk("lucia").get("/mesa/entradas/cuadre/").text

    @pytest.mark.parametrize("page", PAGES[:4])
    def test_that_is_empty_says_what_will_be_there(self, at_desk, cafetal, page):
        assert "empty-title" in at_desk("lucia").get(f"/mesa/entradas/{page}").text


class TestTheTray:
    def test_is_of_what_people_wrote_the_oldest_first(self, at_desk, cafetal):
        first, second = in_doubt(cafetal), settled(cafetal, of_corpus("empty_body"), now=NOW)
        robot = settled(cafetal, of_corpus("auto_submitted"), now=NOW)
        client = at_desk("lucia")
        page = client.get("/mesa/entradas/por-revisar/")
        assert [row.entry for row in page.context["rows"]] == [first, second]
        programs = client.get("/mesa/entradas/por-revisar/?de=programas")
        assert [row.entry for row in programs.context["rows"]] == [robot]
        assert [tab["count"] for tab in page.context["tabs"]] == [None, 2, 1, None]

    def test_is_told_in_today_to_who_reviews_with_its_oldest(self, at_desk, cafetal, monkeypatch):
        """Nobody owes what nobody read: without this its term would end unseen."""
        lucia = at_desk("lucia")
        assert "por revisar" not in lucia.get("/mesa/").text
        settled(cafetal, of_corpus("auto_submitted"), now=NOW)
        assert "por revisar" not in lucia.get("/mesa/").text
        in_doubt(cafetal, arrived_at=NOW - 2 * DAYS)
        assert "Hay un mensaje por revisar" in lucia.get("/mesa/").text
        settled(cafetal, of_corpus("empty_body"), now=NOW)
        page = lucia.get("/mesa/").text
        day = spanish.short_date(timezone.localtime(NOW - 2 * DAYS).date())
        assert "Hay 2 mensajes por revisar" in page and day in page and "/mesa/entradas/por-revisar/" in page
        monkeypatch.setattr("escucha.contexts.messaging.queries.arrivals.COUNTED", 1)
        assert "Hay más de 1 mensajes por revisar" in lucia.get("/mesa/").text
        assert "por revisar" not in at_desk("dario").get("/mesa/").text
        assert "por revisar" not in lucia.get(f"/mesa/?dia={NOW:%Y-%m-%d}").text

    def test_goes_on_by_place(self, at_desk, cafetal, monkeypatch):
        monkeypatch.setattr("escucha.web.desk.intake.LIMIT", 1)
        entries = [settled(cafetal, of_corpus(name), now=NOW) for name in ("empty_body", "nested_too_deep")]
        client = at_desk("lucia")
        first = client.get("/mesa/entradas/por-revisar/")
        second = client.get(f"/mesa/entradas/por-revisar/{first.context['next']}")
        assert [page.context["rows"][0].entry for page in (first, second)] == entries
        assert second.context["next"] == ""

    def test_asks_as_often_however_many_there_are(self, at_desk, cafetal, django_assert_num_queries):
        client = at_desk("lucia")
        client.get("/mesa/entradas/por-revisar/")
        for many in (1, 4):
            for n in range(many):
                settled(cafetal, a_letter(f"{many} {n} PQR-2026-000001"), now=NOW)
            with django_assert_num_queries(8):
                client.get("/mesa/entradas/por-revisar/")


class TestAnEntry:
    def test_shows_what_it_says_and_the_cases_it_may_be_of(self, at_desk, cafetal):
        raw = a_letter("Es por PQR-2026-000001", sender="Otra <ana@example.org>", Reply_To="lejos@example.org")
        page = at_desk("lucia").get(address(in_doubt(cafetal, raw))).text
        assert "Es por PQR-2026-000001" in page and "lejos@example.org" in page
        assert "Nombra este radicado" in page
        assert 'name="number" value="PQR-2026-000001"' in page

    def test_asks_as_often_however_much_there_is(self, at_desk, cafetal, django_assert_num_queries):
        arrival, client = in_doubt(cafetal), at_desk("lucia")
        client.get(address(arrival))
        for many in (1, 6):
            for n in range(many):
                settled(cafetal, a_letter(f"{many} {n}", sender="otra@example.org"), now=NOW)
            with django_assert_num_queries(17):
                client.get(address(arrival))

    def test_says_the_year_in_which_its_sender_claims_to_write(self, at_desk, cafetal):
        arrival = settled(cafetal, of_corpus("date_in_the_future"), now=NOW)
        assert "31 dic 2099, 18:59" in at_desk("lucia").get(address(arrival)).text

    @pytest.mark.parametrize("where", ["", "{entry}/"])
    def test_runs_nothing_that_its_sender_wrote(self, at_desk, cafetal, where):
        evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
        raw = a_letter(f"{evil} PQR-2026-000001", subject=evil, sender='"<b onclick=x>" <ana@example.org>')
        page = at_desk("lucia").get("/mesa/entradas/" + where.format(entry=in_doubt(cafetal, raw).pk)).text
        assert "&lt;script&gt;alert(1)" in page
        assert not any(tag in page for tag in ("<script>alert", "<img src=x", "<b onclick"))

    def test_links_nothing_that_its_sender_wrote(self, at_desk, cafetal):
        page = (
            at_desk("lucia").get(address(in_doubt(cafetal, a_letter("https://malo.example.org PQR-2026-000001")))).text
        )
        assert "malo.example.org" in page and 'href="https://malo' not in page

    def test_gives_its_bytes_to_be_saved_and_never_to_be_run(self, at_desk, cafetal):
        raw = of_corpus("html_only")
        answer = at_desk("lucia").get(address(settled(cafetal, raw, now=NOW), "correo.eml"))
        assert b"".join(answer.streaming_content) == raw
        assert answer["Content-Disposition"].startswith("attachment")
        assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")

    def test_whose_bytes_are_away_is_shown_and_not_given(self, at_desk, cafetal, settings, tmp_path):
        arrival = in_doubt(cafetal)
        elsewhere = settings.STORAGES["files"] | {"OPTIONS": {"location": tmp_path}}
        settings.STORAGES = settings.STORAGES | {"files": elsewhere}
        assert "no se puede mostrar" in at_desk("lucia").get(address(arrival)).text
        assert at_desk("lucia").get(address(arrival, "correo.eml")).status_code == 404

    def test_about_a_reserved_case_is_not_there(self, at_desk, cafetal):
        arrival = settled(cafetal, a_letter(subject="Vi un soborno"), now=NOW)
        client = at_desk("lucia")
        assert client.get(address(arrival)).status_code == 200
        number = int(arrival.subject.removeprefix("case:"))
        reserve_case(org=cafetal.org, case_id=number, by=cafetal.actor("lucia"), now=NOW)
        assert client.get(address(arrival)).status_code == 404
        assert client.get(address(arrival, "correo.eml")).status_code == 404
        assert "Vi un soborno" not in client.get("/mesa/entradas/").text

    @pytest.mark.parametrize("ways", ["the same bytes", "another way"])
    def test_that_came_twice_about_a_reserved_case_is_there_neither_time(self, at_desk, cafetal, ways):
        client, (first, again) = at_desk("lucia"), twice(cafetal, ways, subject="Vi un soborno")
        assert "Vi un soborno" in client.get(address(again)).text
        reserve_case(
            org=cafetal.org, case_id=int(first.subject.removeprefix("case:")), by=cafetal.actor("lucia"), now=NOW
        )
        for arrival in (first, again):
            assert client.get(address(arrival)).status_code == 404
            assert client.get(address(arrival, "correo.eml")).status_code == 404
        assert "Vi un soborno" not in client.get("/mesa/entradas/").text

    @pytest.mark.parametrize("ways", ["the same bytes", "another way"])
    def test_that_came_twice_of_who_asked_not_to_be_known_names_nobody(self, at_desk, cafetal, ways):
        client, (first, again) = at_desk("lucia"), twice(cafetal, ways, subject="Soy yo")
        Case.objects.filter(pk=int(first.subject.removeprefix("case:"))).update(identity_reserved=True)
        for page in (client.get(address(again)).text, client.get("/mesa/entradas/").text):
            assert "Ana Lucía" not in page and ANA["email"] not in page and "Identidad reservada" in page
        assert client.get(address(again, "correo.eml")).status_code == 404

    def test_that_came_twice_is_called_the_same_both_times(self, at_desk, cafetal):
        twice(cafetal, "the same bytes", subject="La piscina está fría")
        page = at_desk("lucia").get("/mesa/entradas/").text
        assert page.count("La piscina está fría") == 2 and "Sin asunto" not in page and "Repetida" in page

    def test_of_who_asked_not_to_be_known_names_nobody(self, at_desk, cafetal):
        arrival = settled(cafetal, a_letter("Soy yo"), now=NOW)
        Case.objects.filter(pk=int(arrival.subject.removeprefix("case:"))).update(identity_reserved=True)
        client = at_desk("lucia")
        for page in (client.get(address(arrival)).text, client.get("/mesa/entradas/").text):
            assert "Ana Lucía" not in page and ANA["email"] not in page and "Identidad reservada" in page
        assert "Soy yo" not in client.get(address(arrival)).text
        assert client.get(address(arrival, "correo.eml")).status_code == 404


class TestDeciding:
    def test_files_it_as_a_new_case_of_who_wrote(self, at_desk, cafetal):
        arrival = in_doubt(cafetal, arrived_at=NOW - DAYS)
        done = at_desk("lucia").post(address(arrival, "solicitud/"))
        case = Case.objects.latest("pk")
        assert done["location"] == f"/mesa/casos/{case.filing_number}/"
        assert (case.person.email, case.received_at, case.channel) == ("otra@example.org", NOW - DAYS, "email")
        arrival.refresh_from_db()
        assert (arrival.state, arrival.subject) == ("filed", case.subject)
        assert arrival.settled_by == cafetal.members["lucia"]
        assert Message.objects.filter(to="otra@example.org", template="acknowledged").count() == 1

    @pytest.mark.parametrize("typed", ["PQR-2026-000001", "pqr 2026 000001", "2026-1"])
    def test_puts_it_in_the_case_whose_number_is_typed(self, at_desk, cafetal, typed):
        arrival = in_doubt(cafetal)
        case = Case.objects.get()
        done = at_desk("lucia").post(address(arrival, "caso/"), {"number": typed})
        assert done["location"] == f"/mesa/casos/{case.filing_number}/"
        word = Word.objects.get()
        assert (word.case, word.arrival, word.member) == (case, arrival.pk, cafetal.members["lucia"])

    def test_asks_again_for_a_number_that_is_none(self, at_desk, cafetal):
        arrival = in_doubt(cafetal)
        for typed in ("PQR-2026-000099", "", "<b>x</b>"):
            page = at_desk("lucia").post(address(arrival, "caso/"), {"number": typed})
            assert page.status_code == 422 and "No encontramos el caso" in page.text and "<b>x</b>" not in page.text
        assert Word.objects.count() == 0

    def test_does_not_put_it_in_a_case_that_is_kept_from_who_reviews(self, at_desk, cafetal):
        arrival = in_doubt(cafetal)
        case = Case.objects.get()
        reserve_case(org=cafetal.org, case_id=case.pk, by=cafetal.actor("lucia"), now=NOW)
        page = at_desk("lucia").post(address(arrival, "caso/"), {"number": case.filing_number})
        assert page.status_code == 422
        assert "Nombra este radicado" not in at_desk("lucia").get(address(arrival)).text

    def test_discards_it_and_brings_it_back(self, at_desk, cafetal):
        arrival, client = in_doubt(cafetal), at_desk("lucia")
        assert "Escoja por qué" in client.post(address(arrival, "descarte/"), {"why": "x"}).text
        assert client.post(address(arrival, "descarte/"), {"why": "advertising"}).status_code == 302
        arrival.refresh_from_db()
        assert (arrival.reason, arrival.settled_by) == ("discarded:advertising", cafetal.members["lucia"])
        assert client.get("/mesa/entradas/por-revisar/").context["rows"] == []
        page = client.get(address(arrival)).text
        assert "Descartada" in page and "Publicidad" in page and "Traer de vuelta" in page

        assert client.post(address(arrival, "regreso/")).status_code == 302
        arrival.refresh_from_db()
        assert (arrival.reason, arrival.settled_by) == ("restored", None)
        assert len(client.get("/mesa/entradas/por-revisar/").context["rows"]) == 1
        facts = [entry.verb for entry in entries_about(org=cafetal.org, subject=f"arrival:{arrival.pk}")]
        assert facts[-2:] == ["messaging.mail_discarded", "messaging.mail_restored"]

    def test_reads_it_again(self, at_desk, cafetal):
        arrival = in_doubt(cafetal)
        assert at_desk("lucia").post(address(arrival, "lectura/")).status_code == 302
        arrival.refresh_from_db()
        assert (arrival.state, arrival.attempts) == ("received", 0)
        parse_waiting(now=timezone.now() + DAYS)
        arrival.refresh_from_db()
        assert arrival.state == "parsed"

    @every_act
    def test_twice_is_refused_and_changes_nothing(self, at_desk, cafetal, act):
        arrival = in_doubt(cafetal)
        at_desk("lucia").post(address(arrival, "solicitud/"))
        cases = Case.objects.count()
        again = at_desk("patricia").post(address(arrival, f"{act}/"), ACTS[act])
        assert again.status_code == 409 and "ya no espera revisión" in again.text
        assert (Case.objects.count(), Word.objects.count()) == (cases, 0)

    def test_only_what_was_discarded_is_brought_back(self, at_desk, cafetal):
        assert at_desk("lucia").post(address(in_doubt(cafetal), "regreso/")).status_code == 409

    def test_files_a_text_that_nobody_could_answer(self, at_desk, cafetal):
        said = Said(ref="SM1", sender="85000", body="Su turno es el lunes")
        text = keep_text(org=cafetal.org, gateway="twilio", said=said, raw=b"From=85000&Body=Su+turno", now=NOW)
        while run_errands(now=NOW):
            pass
        client = at_desk("lucia")
        page = client.get(address(text)).text
        assert "Su turno es el lunes" in page and "From=" not in page
        assert "Bajar el mensaje original" in page and "Leer otra vez" not in page and "correo original" not in page
        assert client.post(address(text, "lectura/")).status_code == 409
        assert client.post(address(text, "solicitud/")).status_code == 302
        case = Case.objects.get()
        assert (case.channel, case.body, case.person) == ("sms", "Su turno es el lunes", None)
