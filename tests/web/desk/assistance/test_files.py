"""A file at the desk: opened while somebody calls, worked on, handed over, closed, and opened again."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.assistance.models import Affiliate, AssistanceFile, IncomingCall, LogLine, Reminder
from escucha.contexts.assistance.operations.calls import note_call
from escucha.contexts.assistance.operations.reminding import set_reminder
from escucha.contexts.assistance.rules.calls import CallEvent, Told
from tests.assisting import a_file, an_affiliate, an_assistance
from tests.make import a_house
from tests.web.desk.conftest import sign_in

NEW, BOARD = "/mesa/asistencia/nuevo/", "/mesa/asistencia/"
CALLER = {"contact_first_name": "Marta", "contact_last_name": "Pedraza", "contact_phone": "300 000 0021"}
TYPED = {**CALLER, "account": "techo_amigo", "key": "una-llave", "place": "co/bogota/norte/usaquen",
         "address": "Calle 900 n.º 1-01", "description": "Se rompió un tubo"}  # fmt: skip
NOUNS = ("datos", "afiliado", "registro", "entrega", "cierre", "reapertura", "recordatorios", "notas", "busqueda")


@pytest.fixture
def enter(no_static_folder, quetzal):
    def entered(who, **options):
        client = Client(headers={"host": quetzal.org.host}, **options)
        sign_in(client, quetzal.members[who].account)
        return client

    return entered


@pytest.fixture
def stranger(no_static_folder):
    other = a_house("vidamar")
    client = Client(headers={"host": other.org.host})
    sign_in(client, other.members["marina"].account)
    return client


def file_of(answer):
    assert answer.status_code == 302, re.findall(r'role="alert".*?</ul>', answer.text, re.S)
    return AssistanceFile.objects.get(number=int(re.search(r"/asistencia/(\d+)/", answer.url)[1]))


def here(file, noun=""):
    return f"{BOARD}{file.number}/{noun}{'/' if noun else ''}"


def ringing(house, line="601 000 0043", caller="300 000 0022", key="a-1"):
    event = CallEvent(Told.RINGING, key, line, caller, timezone.now(), 2)
    return note_call(org=house.org, event=event, now=timezone.now())


class TestOpening:
    @pytest.mark.requirement("ASIS-02.1", "ASIS-02.2", "ASIS-02.4", "ASIS-02.5")
    def test_a_call_becomes_a_file_once(self, enter, quetzal):
        who, luz = an_affiliate(quetzal), enter("luz")
        said = TYPED | {"affiliate": who.pk}
        answer = luz.post(NEW, said)
        file = file_of(answer)
        assert answer.url.endswith("?nuevo=1")
        assert (file.affiliate, file.plan, file.area) == (who, "techo_basico", "co/bogota/norte/usaquen")
        assert (file.coordinator_id, file.contact_first_name) == (quetzal.members["luz"].pk, "Marta")
        assert file_of(luz.post(NEW, said)) == file and AssistanceFile.objects.count() == 1
        page = luz.get(answer.url).text
        for words in (f"Expediente {file.number}", "Marta Pedraza", "300 000 0021", "Usaquén", "Se rompió un tubo"):
            assert words in page
        assert re.search(r'href="[^"]+/nueva/" autofocus', page)

    @pytest.mark.requirement("ASIS-01.6")
    def test_who_is_not_found_is_registered_to_be_verified(self, enter):
        luz = enter("luz")
        said = TYPED | {"first_name": "Ciro", "last_name": "Lara", "document_kind": "CC",
                        "document_number": "1990000033"}  # fmt: skip
        file = file_of(luz.post(NEW, said))
        assert (file.affiliate.full_name, file.affiliate.status) == ("Ciro Lara", "to_verify")
        assert file_of(luz.post(NEW, said)) == file and Affiliate.objects.count() == 1
        page = luz.get(here(file)).text
        assert "Por verificar" in page and "Verificar al afiliado" in page

    @pytest.mark.requirement("ASIS-01.4", "ASIS-01.5")
    def test_somebody_is_looked_for_without_a_script(self, enter, quetzal):
        who, luz = an_affiliate(quetzal), enter("luz")
        for said in ("1990000021", "300 000 0022", "rebeca pedraza"):
            page = luz.post(NEW, TYPED | {"looked_for": said, "look": "1"})
            assert page.status_code == 200 and f'value="{who.pk}" checked' in page.text, said
            assert 'value="Marta"' in page.text and "Se rompió un tubo" in page.text
        assert "No encontramos a nadie" in luz.post(NEW, TYPED | {"looked_for": "1990000099", "look": "1"}).text
        # Enter in the search shows who was found before a file is opened for nobody.
        assert luz.post(NEW, TYPED | {"looked_for": "1990000021"}).status_code == 200
        assert not AssistanceFile.objects.exists()
        assert file_of(luz.post(NEW, TYPED | {"looked_for": "1990000099", "shown": "1990000099"})).affiliate is None

    def test_who_calls_may_be_the_affiliate_and_at_home(self, enter, quetzal):
        who, luz = an_affiliate(quetzal, area="co/bogota", address="Calle 800"), enter("luz")
        Affiliate.objects.filter(pk=who.pk).update(area="co/bogota", address="Calle 800")
        said = {"account": "techo_amigo", "key": "k", "affiliate": who.pk, "same": "on"}
        file = file_of(luz.post(NEW, said))
        assert (file.contact_first_name, file.contact_phone, file.address) == ("Rebeca", "300 000 0022", "Calle 800")

    def test_what_was_typed_is_kept_when_something_is_missing(self, enter, quetzal):
        luz, who = enter("luz"), an_affiliate(quetzal)
        answer = luz.post(NEW, TYPED | {"contact_phone": "", "affiliate": who.pk, "looked_for": "1990000021"})
        assert answer.status_code == 422 and "teléfono de quien llama" in answer.text
        assert "Se rompió un tubo" in answer.text and f'value="{who.pk}" checked' in answer.text
        for wrong in ({"account": ""}, {"account": "otra"}, {"place": "xx"}, {"affiliate": "999999"}, {"key": ""}):
            assert luz.post(NEW, TYPED | wrong).status_code == 422, wrong
        assert not AssistanceFile.objects.exists()

    def test_the_pieces_answer_while_it_is_typed(self, enter, quetzal):
        who, luz = an_affiliate(quetzal), enter("luz")
        Affiliate.objects.filter(pk=who.pk).update(area="co/bogota/norte", address="Calle 800")
        found = luz.post(f"{NEW}afiliados/", {"looked_for": "1990000021"}).text
        assert "Rebeca Pedraza" in found and "Techo Básico" in found and 'name="shown" value="1990000021"' in found
        place = luz.post(f"{NEW}lugar/", {"affiliate": who.pk}).text
        assert 'value="Calle 800"' in place and 'value="co/bogota/norte" selected' in place
        typed = luz.post(f"{NEW}lugar/", {"affiliate": who.pk, "address": "Otra 1", "place": "ar"}).text
        assert 'value="Otra 1"' in typed and 'value="ar" selected' in typed
        assert "Le habla" in luz.post(f"{NEW}saludo/", {"account": "techo_amigo"}).text
        assert "Le habla" not in luz.post(f"{NEW}saludo/", {"account": "nada"}).text

    def test_is_for_who_coordinates(self, enter, stranger):
        for path in ("", "afiliados/", "lugar/", "saludo/"):
            for who in ("irma", "wilson"):
                assert enter(who).post(NEW + path, TYPED).status_code == 403
            assert stranger.post(NEW + path, TYPED).status_code in (403, 404)
            assert enter("luz", enforce_csrf_checks=True).post(NEW + path, TYPED).status_code == 403
        assert enter("luz").get(f"{NEW}afiliados/").status_code == 405


class TestCalls:
    @pytest.mark.requirement("ASIS-15.1", "ASIS-15.2", "ASIS-15.3")
    def test_a_call_shows_its_account_what_is_said_and_who_it_may_be(self, enter, quetzal):
        an_affiliate(quetzal)
        file, call = a_file(quetzal, affiliate=Affiliate.objects.get()), ringing(quetzal)
        page = enter("luz").get(f"{BOARD}llamadas/").text
        for words in ("Entra una llamada", "Le habla", "¿Cuál es su emergencia?", "Rebeca Pedraza", "2 timbres"):
            assert words in page, words
        assert here(file) in page and f"/mesa/asistencia/llamadas/{call.pk}/" in page
        assert "data-calls" in enter("luz").get(BOARD).text and "Entra una llamada" in enter("luz").get(BOARD).text
        assert enter("irma").get(f"{BOARD}llamadas/").status_code == 403
        assert "Entra una llamada" not in enter("irma").get(BOARD).text

    @pytest.mark.requirement("ASIS-15.5")
    def test_who_calls_while_another_call_is_on_is_asked_to_wait(self, enter, quetzal):
        ringing(quetzal)
        luz = enter("luz")
        assert "en espera" not in luz.get(f"{BOARD}llamadas/").text
        ringing(quetzal, caller="300 000 0031", key="a-2")
        assert "Lo pongo un momento en espera" in luz.get(f"{BOARD}llamadas/").text

    @pytest.mark.requirement("ASIS-15.5")
    def test_another_call_is_seen_from_the_form_of_the_first(self, enter, quetzal):
        call, luz = ringing(quetzal), enter("luz")
        address = luz.post(f"{BOARD}llamadas/{call.pk}/").url
        assert "Lo pongo un momento en espera" not in luz.get(address).text
        ringing(quetzal, caller="300 000 0031", key="a-2")
        page = luz.get(address).text
        assert "Lo pongo un momento en espera" in page and "Su llamada" not in page and "300 000 0031" in page

    def test_is_taken_once_and_goes_on_to_its_file(self, enter, quetzal):
        who, call = an_affiliate(quetzal), ringing(quetzal)
        Affiliate.objects.filter(pk=who.pk).update(area="co/bogota/norte", address="Calle 800")
        luz = enter("luz")
        answer = luz.post(f"{BOARD}llamadas/{call.pk}/")
        assert answer.url == f"{NEW}?llamada={call.pk}"
        page = luz.get(answer.url).text
        assert f'value="{who.pk}" checked' in page and 'value="300 000 0022"' in page and "Le habla" in page
        assert 'value="Calle 800"' in page and 'value="co/bogota/norte" selected' in page
        late = enter("fabian")
        assert late.post(f"{BOARD}llamadas/{call.pk}/").url == BOARD
        assert "Ya la tomó otra persona" in late.get(BOARD).text
        assert 'value="300 000 0022"' not in late.get(answer.url).text
        file = file_of(luz.post(NEW, TYPED | {"affiliate": who.pk, "call": call.pk}))
        assert IncomingCall.objects.get().file == file
        assert luz.get(answer.url).url == here(file)
        assert enter("irma").post(f"{BOARD}llamadas/{call.pk}/").status_code == 403

    def test_a_call_of_another_organisation_is_not_taken(self, quetzal, stranger):
        call = ringing(quetzal)
        assert stranger.post(f"{BOARD}llamadas/{call.pk}/").status_code in (403, 404)
        call.refresh_from_db()
        assert call.member is None


class TestThePage:
    @pytest.mark.requirement("ASIS-02.3", "ASIS-02.6", "ASIS-02.7")
    def test_has_its_tabs_and_its_assistances(self, enter, quetzal):
        one = an_assistance(quetzal)
        luz = enter("luz")
        page = luz.get(here(one.file)).text
        assert '<div class="rail-who">\n          <b>Luz Marina Daza</b>' in page
        for words in ("Rebeca Pedraza", "CC 1.990.000.021", f"{one.file.number}/1", "Plomería", "Cobertura"):
            assert words in page, words
        history = luz.get(f"{here(one.file)}?pestana=coordinadores").text
        assert quetzal.members["luz"].account.name in history

    def test_its_hours_are_those_of_its_country(self, enter, quetzal):
        file = a_file(quetzal, account="hogar_del_sur")
        remind(quetzal, file)
        luz = enter("luz")
        assert "hora de Argentina" in luz.get(here(file)).text
        assert "hora de Argentina" in luz.get("/mesa/").text
        assert "hora de" not in luz.get(here(a_file(quetzal))).text

    @pytest.mark.requirement("ASIS-04.1", "ASIS-04.2")
    def test_the_plan_says_limits_what_was_used_and_its_conditions(self, enter, quetzal):
        page = enter("luz").get(f"{here(a_file(quetzal))}?pestana=plan").text
        for words in ("Techo Básico", "COP 200.000", "3 al año", "Usados", "Quedan", "Condiciones generales"):
            assert words in page, words

    @pytest.mark.requirement("ASIS-02.7")
    def test_what_was_given_before_is_narrowed(self, enter, quetzal):
        who, luz = an_affiliate(quetzal), enter("luz")
        before = an_assistance(quetzal, file=a_file(quetzal, affiliate=who))
        now = a_file(quetzal, affiliate=who)
        address = f"{here(now)}?pestana=previas"
        called = f"{before.file.number}/1"
        assert called in luz.get(address).text
        assert called in luz.get(f"{address}&servicio=plomeria&tipo=hogar&desde=2020-01-01&hasta=2099-01-01").text
        for narrower in ("servicio=vidrios", "hasta=2020-01-01", "desde=2099-01-01"):
            assert "Nada con esos filtros" in luz.get(f"{address}&{narrower}").text
        assert luz.get(f"{address}&desde=x&antes=zz&servicio=%00").status_code == 200
        assert "No tiene asistencias previas" in luz.get(f"{here(before.file)}?pestana=previas&x=1").text

    def test_who_looks_sees_no_act_and_others_nothing(self, enter, quetzal, stranger):
        file = a_file(quetzal)
        page = enter("irma").get(here(file)).text
        assert "Marta Pedraza" in page and "Qué se puede hacer" not in page and "Nueva asistencia" not in page
        assert enter("wilson").get(here(file)).status_code == 403
        assert stranger.get(here(file)).status_code in (403, 404)
        assert enter("luz").get(f"{BOARD}999999/").status_code == 404
        assert enter("luz").get(f"{BOARD}99999999999999999999/").status_code == 404
        for noun in NOUNS:
            assert enter("wilson").post(here(file, noun)).status_code == 403
            assert stranger.post(here(file, noun)).status_code in (403, 404)
            assert enter("luz", enforce_csrf_checks=True).post(here(file, noun)).status_code == 403
            assert enter("luz").get(here(file, noun)).status_code == 405

    def test_asks_the_same_of_few_and_of_many(self, enter, quetzal):
        file, luz = a_file(quetzal), enter("luz")

        def asked():
            luz.get(here(file))
            with CaptureQueriesContext(connection) as seen:
                luz.get(here(file))
            return len(seen)

        an_assistance(quetzal, file=file)
        remind(quetzal, file)
        few = asked()
        for service in ("vidrios", "cerrajeria"):
            an_assistance(quetzal, file=file, service=service)
            remind(quetzal, file)
        assert asked() == few


def remind(house, file, who="luz", text="Llamar a la hermana", hours=1):
    now = timezone.now()
    return set_reminder(
        org=house.org, file_id=file.pk, text=text, due_at=now + timedelta(hours=hours), by=house.actor(who), now=now
    )


class TestActs:
    def test_its_data_are_put_right_and_nobody_is_overwritten(self, enter, quetzal):
        file, luz = a_file(quetzal), enter("luz")
        said = {**CALLER, "place": "co/bogota", "address": "Calle 901", "description": "Otra cosa", "version": 1}
        assert luz.post(here(file, "datos"), said).status_code == 302
        file.refresh_from_db()
        assert (file.address, file.area) == ("Calle 901", "co/bogota")
        late = luz.post(here(file, "datos"), said | {"address": "Calle 902"})
        assert late.status_code == 409 and "Otra persona cambió" in late.text and 'value="Calle 902"' in late.text
        assert f'name="version" value="{file.version}"' in late.text
        wrong = luz.post(here(file, "datos"), said | {"version": file.version, "contact_phone": "", "references": "Z9"})
        assert wrong.status_code == 422 and "teléfono" in wrong.text and 'value="Z9"' in wrong.text
        assert luz.post(here(file, "datos"), {}).status_code == 422

    def test_the_affiliate_is_named_later_or_registered(self, enter, quetzal):
        who, luz = an_affiliate(quetzal), enter("luz")
        file = file_of(luz.post(NEW, TYPED))
        found = luz.post(here(file, "busqueda"), {"looked_for": "1990000021"}).text
        assert f'name="affiliate_id" value="{who.pk}"' in found
        assert "No encontramos a nadie" in luz.post(here(file, "busqueda"), {"looked_for": "1990000099"}).text
        assert luz.post(here(file, "afiliado"), {"affiliate_id": who.pk, "version": 1}).status_code == 302
        file.refresh_from_db()
        assert file.affiliate == who
        assert luz.post(here(file, "registro"), {"version": file.version}).status_code == 422
        said = {"first_name": "Ciro", "last_name": "Lara", "version": file.version}
        assert luz.post(here(file, "registro"), said).status_code == 302
        file.refresh_from_db()
        assert file.affiliate.full_name == "Ciro Lara"

    def test_is_handed_over_to_somebody_or_to_the_shift(self, enter, quetzal):
        file, luz = a_file(quetzal), enter("luz")
        assert quetzal.members["fabian"].account.name in luz.get(here(file)).text
        said = {"member_id": quetzal.members["fabian"].pk, "version": file.version}
        assert luz.post(here(file, "entrega"), said).status_code == 302
        file.refresh_from_db()
        assert file.coordinator == quetzal.members["fabian"]
        mine = luz.post(here(file, "entrega"), {"member_id": "", "version": file.version})
        assert mine.status_code == 422 and "supervisión" in mine.text
        assert (
            enter("fabian").post(here(file, "entrega"), {"member_id": "", "version": file.version}).status_code == 302
        )
        file.refresh_from_db()
        assert file.coordinator is None
        assert "en la cola del turno" in luz.get(here(file)).text
        assert luz.post(here(file, "entrega"), {"member_id": "999999", "version": file.version}).status_code == 422

    @pytest.mark.requirement("ASIS-12.5", "ASIS-12.6")
    def test_is_closed_only_when_nothing_is_missing_and_says_what_is(self, enter, quetzal):
        one, luz = an_assistance(quetzal), enter("luz")
        assert f"La asistencia {one.file.number}/1 sigue abierta" in luz.get(here(one.file)).text
        refused = luz.post(here(one.file, "cierre"), {"version": one.file.version, "empty_reason": "x"})
        assert refused.status_code == 422 and "sigue abierta" in refused.text
        empty = a_file(quetzal)
        assert luz.post(here(empty, "cierre"), {"version": 1}).status_code == 422
        assert luz.post(here(empty, "cierre"), {"version": 1, "empty_reason": "Se cortó"}).status_code == 302
        page = luz.get(here(empty)).text
        assert "Cerrado" in page and "Nueva asistencia" not in page and "Se cortó" in page
        empty.refresh_from_db()
        said = {"version": empty.version, "reason": "Volvió a llamar"}
        assert luz.post(here(empty, "reapertura"), said).status_code == 422
        assert enter("paula").post(here(empty, "reapertura"), said).status_code == 302
        assert "Nueva asistencia" in luz.get(here(empty)).text

    @pytest.mark.requirement("ASIS-14.1")
    def test_a_reminder_is_set_shown_and_done(self, enter, quetzal, stranger):
        file, luz = a_file(quetzal), enter("luz")
        said = {"text": "Llamar a la hermana", "hour": "15:30", "day": "2099-05-04"}
        assert luz.post(here(file, "recordatorios"), said).status_code == 302
        one = Reminder.objects.get()
        assert "Llamar a la hermana" in luz.get(here(file)).text
        done = f"{BOARD}recordatorios/{one.pk}/"
        assert stranger.post(done).status_code in (403, 404)
        assert enter("irma").post(done).status_code == 403
        assert luz.post(done).url == here(file)
        assert luz.post(done, headers={"referer": f"http://{quetzal.org.host}/mesa/"}).url.endswith("/mesa/")
        assert luz.post(done, headers={"referer": "http://otra.example.org/"}).url == here(file)
        assert f"recordatorios/{one.pk}" not in luz.get(here(file)).text
        for wrong in ({"text": ""}, {"hour": ""}, {"hour": "99:00"}, {"day": "x"}):
            assert luz.post(here(file, "recordatorios"), said | wrong).status_code == 422, wrong
        assert luz.post(f"{BOARD}recordatorios/999999/").status_code == 404

    def test_a_note_goes_to_the_log(self, enter, quetzal):
        file, luz = a_file(quetzal), enter("luz")
        assert luz.post(here(file, "notas"), {"comment": "Hablé con el portero"}).status_code == 302
        assert LogLine.objects.filter(file=file, comment="Hablé con el portero").exists()
        assert luz.post(here(file, "notas"), {"comment": " "}).status_code == 422


class TestHoy:
    @pytest.mark.requirement("ASIS-14.1")
    def test_what_is_owed_is_named_by_its_duty_and_goes_to_its_page(self, enter, quetzal):
        file = a_file(quetzal)
        one = remind(quetzal, file)
        luz = enter("luz")
        page = luz.get("/mesa/").text
        assert "Llamar a la hermana" in page and here(file) in page and "Marta Pedraza" in page
        assert f"/mesa/asistencia/recordatorios/{one.pk}/" in page
        unverified = a_file(quetzal, affiliate=an_affiliate(quetzal, active=None, document_number="1990000041"))
        paula = enter("paula").get("/mesa/").text
        assert "Verificar al afiliado" in paula and here(unverified) in paula

    def test_asks_one_statement_more_for_any_number_of_them(self, enter, quetzal):
        luz = enter("luz")

        def asked():
            luz.get("/mesa/")
            with CaptureQueriesContext(connection) as seen:
                luz.get("/mesa/")
            return len(seen)

        none = asked()
        remind(quetzal, a_file(quetzal))
        one = asked()
        for _each in range(3):
            remind(quetzal, a_file(quetzal))
        assert none < one <= none + 2
        assert asked() == one
