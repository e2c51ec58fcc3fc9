"""The acts on a case through its page: done and back, refused with its reason, overtaken without losing a word."""

import re

import pytest

from escucha.contexts.cases.models import Answer, Case, Remark
from escucha.contexts.cases.operations.handling import assign_case, write_note
from escucha.kernel.timeline.record import entries_about
from tests.make import a_house
from tests.web.desk.conftest import fresh

MET = dict.fromkeys(["quality", "clarity", "precision", "suitability", "congruence"], "yes")
MEGABYTE = "Muy largo. " * 100_000


@pytest.fixture
def act(at_desk):
    """Posts an act on a case as it is now: `act("lucia", case, "envio")`."""
    clients = {}

    def post(who, case, noun, follow=False, **data):
        client = clients[who] = clients.get(who) or at_desk(who)
        sent = {"version": case.version} | data
        address = f"/mesa/casos/{case.filing_number}/{noun}/"
        return client.post(address, {key: value for key, value in sent.items() if value is not None}, follow=follow)

    return post


class TestTheWholeStory:
    @pytest.mark.requirement("CAJA-05.1", "CAJA-07.1", "CAJA-07.3", "EPS-05.2")
    def test_each_act_comes_back_to_the_case(self, act, story, cafetal):
        case = story.filed()
        here = f"/mesa/casos/{case.filing_number}/"

        def done(who, noun, **data):
            answered = act(who, fresh(case), noun, **data)
            assert (answered.status_code, answered["location"]) == (302, here), noun
            return fresh(case).state

        assert done("lucia", "clasificacion", case_type="queja", unit="") == "classified"
        assert done("lucia", "traslado", unit="recreacion") == "assigned"
        assert done("elsa", "encargo", member=str(cafetal.members["dario"].pk)) == "assigned"
        assert done("dario", "respuesta", body="Empiezo.", draft="1") == "assigned"
        assert done("dario", "respuesta", body="Le devolvemos su dinero.") == "answered"
        failed = MET | {"clarity": "no", "reason": "Diga cuándo."}
        assert done("lucia", "revision", **failed) == "assigned"
        assert done("dario", "respuesta", body="Le devolvemos su dinero el jueves.") == "answered"
        assert done("lucia", "revision", **MET) == "approved"
        assert done("lucia", "envio") == "sent"
        assert done("lucia", "recordatorios") == "sent"
        assert done("lucia", "llamadas", number="300 000 0001", result="busy", version=None) == "sent"
        assert done("lucia", "llamadas", number="300 000 0001", result="answered", version=None) == "notified"
        assert done("lucia", "notas", body="Quedó contenta.", version=None) == "notified"
        assert done("lucia", "cierre") == "closed"

    def test_a_notice_for_who_left_no_contact(self, act, story):
        case = story.sent(person=None)
        assert act("lucia", case, "aviso").status_code == 302
        assert "cases.notice_published" in verbs(case)

    def test_withdrawing_ends_the_case_without_an_answer(self, act, story):
        case = story.assigned()
        refused = act("lucia", case, "desistimiento", reason=" ")
        assert (refused.status_code, "Escriba cómo y cuándo dijo la persona" in refused.text) == (409, True)
        assert act("lucia", case, "desistimiento", reason="Llamó y lo dijo.").status_code == 302
        assert fresh(case).state == "withdrawn"
        shown = act("lucia", case, "desistimiento", reason="Llamó otra vez.", follow=True)
        assert "Se registró el desistimiento" in shown.text and "Llamó y lo dijo." in shown.text
        assert "La persona retiró" not in shown.text
        assert (shown.status_code, "El caso ya está cerrado." in shown.text) == (409, True)

    def test_who_gives_a_case_away_comes_to_the_lists(self, act, story, cafetal):
        case = story.assigned()
        shown = act("dario", case, "devolucion", reason="Es de Vivienda.", follow=True)
        assert shown.redirect_chain == [("/mesa/casos/", 302)]
        assert f"El caso {case.filing_number} ya no está a su cargo." in shown.text
        assert (
            f'data-kept="return-{case.pk}-{cafetal.members["dario"].pk}"' in shown.text
        )  # the browser forgets what it kept

    def test_a_note_is_said_to_be_kept_and_forgotten_by_the_browser(self, act, story, cafetal):
        case = story.assigned()
        shown = act("lucia", case, "notas", body="Llamé al área.", follow=True)
        assert "La nota quedó guardada." in shown.text
        assert f'data-kept="note-{case.pk}-{cafetal.members["lucia"].pk}"' in shown.text
        assert "data-kept" not in act("lucia", case, "encargo", follow=True).text


class TestRefused:
    @pytest.mark.parametrize(
        ("who", "state", "noun", "data", "reason"),
        [
            ("dario", "assigned", "respuesta", {"body": "  "}, "Escriba la respuesta."),
            ("dario", "assigned", "devolucion", {"reason": ""}, "Escriba por qué no es de su dependencia."),
            ("lucia", "answered", "revision", {"quality": "yes"}, "Para terminar la revisión, califique claridad"),
            ("lucia", "answered", "revision", MET | {"clarity": "no"}, "Escriba qué debe corregir la dependencia."),
            ("lucia", "answered", "envio", {}, "Revise primero las cinco características"),
            ("lucia", "assigned", "cierre", {}, "El caso no tiene respuesta enviada."),
            ("lucia", "sent", "cierre", {}, "La respuesta no ha llegado a la persona."),
            ("lucia", "sent", "aviso", {}, "llamadas sin éxito que faltan, 3."),
            ("lucia", "filed", "traslado", {"unit": "vivienda"}, "Clasifique primero el caso."),
            ("lucia", "assigned", "notas", {"body": ""}, "Escriba la nota."),
            ("lucia", "closed", "desistimiento", {}, "El caso ya está cerrado."),
        ],
    )
    def test_says_why_and_changes_nothing(self, act, story, who, state, noun, data, reason):
        case = getattr(story, state)()
        before = verbs(case)
        refused = act(who, case, noun, **data)
        assert refused.status_code == 409
        assert "No se hizo ningún cambio" in refused.text and reason in refused.text
        assert verbs(case) == before

    def test_keeps_the_verdicts_and_the_text_in_their_form(self, act, story):
        case = story.answered()
        refused = act("lucia", case, "revision", quality="no", reason="Falta el valor exacto.")
        assert "Falta el valor exacto.</textarea>" in refused.text
        assert re.search(r'name="quality" value="no"[^>]* checked', refused.text)

    def test_shows_the_text_apart_where_the_form_is_gone(self, act, story):
        case = story.answered()
        refused = act("dario", case, "respuesta", body="Mi texto que nadie debe perder.")
        assert refused.status_code == 409
        assert "El caso ya no admite otra respuesta." in refused.text
        assert 'name="body" ' not in refused.text.split("Nota para sus colegas")[0]
        kept = re.search(r"<textarea[^>]* readonly[^>]*>(.*?)</textarea>", refused.text)
        assert kept and kept[1] == "Mi texto que nadie debe perder."


class TestOvertaken:
    def test_by_another_answer_the_text_is_kept_to_be_copied(self, act, story):
        case = story.assigned()
        seen = case.version
        assert act("elsa", case, "respuesta", body="La de Elsa.").status_code == 302

        late = act("dario", case, "respuesta", body="La de Darío.", version=seen)
        assert late.status_code == 409
        assert "Otra persona actuó sobre este caso mientras usted escribía." in late.text
        assert re.search(r"<textarea[^>]* readonly[^>]*>La de Darío\.</textarea>", late.text)
        assert [answer.body for answer in Answer.objects.filter(case=case)] == ["La de Elsa."]

    def test_by_another_act_sending_again_works(self, act, story, cafetal):
        case = story.assigned()
        seen = case.version
        assign_case(
            org=case.org, case_id=case.pk, member=cafetal.members["dario"], by=cafetal.actor("elsa"), now=case.filed_at
        )

        late = act("dario", case, "respuesta", body="La de Darío.", version=seen)
        assert late.status_code == 409
        assert "Otra persona actuó sobre este caso" in late.text
        form = re.search(rf'action="/mesa/casos/{case.filing_number}/respuesta/".*?</form>', late.text, re.DOTALL)
        assert form and "La de Darío.</textarea>" in form[0]
        [version] = re.findall(r'name="version" value="(\d+)"', form[0])
        assert int(version) == fresh(case).version > seen

        assert act("dario", case, "respuesta", body="La de Darío.", version=version).status_code == 302
        assert [answer.body for answer in Answer.objects.filter(case=case)] == ["La de Darío."]

    @pytest.mark.parametrize("noun", ["clasificacion", "traslado", "revision", "envio", "aviso", "cierre"])
    def test_no_act_is_done_on_an_old_page(self, act, story, noun):
        case = story.answered()
        data = {"case_type": "queja", "unit": "vivienda"} | MET
        before = verbs(case)
        assert act("lucia", case, noun, version=case.version - 1, **data).status_code == 409
        assert verbs(case) == before


class TestNonsense:
    """Whatever a program sends is answered with a sentence, never with a fault of ours."""

    @pytest.mark.parametrize("version", [None, "", "x", "1.5", "9" * 5000])
    def test_without_its_version(self, act, story, version):
        case = story.assigned()
        answered = act("dario", case, "respuesta", body="Mi texto.", version=version)
        assert answered.status_code in {422, 409}
        assert "No se hizo ningún cambio" in answered.text
        assert ">Mi texto.</textarea>" in answered.text.replace("\n", "")
        if version in {None, "", "x"}:
            assert "La página llegó incompleta." in answered.text

    @pytest.mark.parametrize("text", ["con \x00 nulo", MEGABYTE], ids=["nul", "megabyte"])
    @pytest.mark.parametrize(
        ("who", "state", "noun", "field"),
        [
            ("dario", "assigned", "respuesta", "body"),
            ("dario", "assigned", "devolucion", "reason"),
            ("lucia", "answered", "revision", "reason"),
            ("lucia", "sent", "llamadas", "number"),
            ("lucia", "sent", "llamadas", "result"),
            ("lucia", "assigned", "notas", "body"),
            ("lucia", "filed", "clasificacion", "case_type"),
            ("lucia", "filed", "traslado", "unit"),
            ("elsa", "assigned", "encargo", "member"),
        ],
    )
    def test_in_a_text(self, act, story, who, state, noun, field, text):
        case = getattr(story, state)()
        before = verbs(case)
        answered = act(who, case, noun, **{"result": "busy", "number": "1", "case_type": "queja"} | {field: text})
        assert answered.status_code == 422
        assert "No se hizo ningún cambio" in answered.text
        assert len(answered.content) < 3_000_000
        assert verbs(case) == before

    def test_in_what_is_filed(self, at_desk, cafetal):
        lucia = at_desk("lucia")
        for field in ("body", "matter", "name", "document_number", "phone", "email", "key", "channel", "received_at"):
            for text in ("con \x00 nulo", MEGABYTE):
                answered = lucia.post("/mesa/casos/nuevo/", {"channel": "phone", "body": "x"} | {field: text})
                assert answered.status_code == 422, field
                assert "Falta corregir" in answered.text
        assert not Case.objects.exists()

    def test_with_keys_of_another_organisation(self, act, story):
        theirs = a_house("vidamar")
        case = story.assigned()
        for noun, data in {
            "traslado": {"unit": "autorizaciones"},
            "clasificacion": {"case_type": "queja", "unit": "autorizaciones"},
            "encargo": {"member": str(theirs.members["alba"].pk)},
        }.items():
            refused = act("patricia", case, noun, **data)
            assert refused.status_code == 422
            assert "Escoja una opción válida" in refused.text
        assert fresh(case).unit.key == "recreacion"

    def test_with_a_kind_that_nobody_has(self, act, story):
        case = story.filed()
        assert act("lucia", case, "clasificacion", case_type="<script>").status_code == 422
        assert fresh(case).case_type == ""

    @pytest.mark.parametrize(
        "address",
        [
            "casos/%00/",
            "casos/a%00b/notas/",
            "casos/%E2%80%AE/",
            f"casos/{'9' * 3000}/",
            "correos/99999999999999999999999/",
            "correos/0/",
        ],
    )
    def test_in_an_address(self, at_desk, address):
        lucia = at_desk("lucia")
        way = lucia.post if "notas" in address else lucia.get
        assert way(f"/mesa/{address}").status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            "?ver=nada&dia=9999-12-31",
            "?dia=0001-01-01",
            "?dia=hoy&desde=x",
            "?desde=0001-01-01T00:00:00%2B14:00_1_1",
            f"?desde=2026-01-01T00:00:00Z_1_{'9' * 40}",
            "?desde=2026-01-01T00:00:00Z_1_-1",
            "casos/?vista=%00&tipo=%00&dependencia=%00&estado=%00",
            f"casos/?desde=2026-01-01T00:00:00Z_1_{'9' * 18}&hasta=9999-12-31T23:59:59-14:00_1_1",
            "casos/?vista=cerrados&hasta=0001-01-01T00:00:00%2B14:00_1_1",
            "casos/lista.csv?vista=%00&desde=9999-12-31T23:59:59-14:00_1_1",
            "bitacora/?antes=%00&caso=%00",
            f"bitacora/?antes={'9' * 17}&caso=case:{'9' * 50}",
            "bitacora/?antes=²",
            "correos/?antes=-1",
        ],
    )
    def test_in_a_query(self, at_desk, address, story):
        story.filed()
        answered = at_desk("lucia").get(f"/mesa/{address}")
        assert answered.status_code == 200
        assert answered.getvalue()


class TestTheFiveCharacteristics:
    @pytest.mark.requirement("CAJA-07.2", "CAJA-07.3")
    def test_a_failed_one_goes_back_with_its_reason_in_the_story(self, act, story, at_desk):
        case = story.answered()
        act("lucia", case, "revision", **MET | {"precision": "no", "reason": "Falta la fecha."})
        [answer] = Answer.objects.filter(case=case)
        assert (answer.passed, answer.checked_by.account.name) == (False, "Lucía Restrepo")
        page = at_desk("dario").get(f"/mesa/casos/{case.filing_number}/").text
        assert "Falta la fecha." in page
        assert "La respuesta anterior volvió para corregir" in page
        assert "Le devolvemos su dinero.</textarea>" in page


def test_who_cannot_go_on_reads_who_does(at_desk, story):
    """Where the next act is of somebody else the page says of whom."""
    says = "Lo que sigue lo hace otra persona"
    reads = {
        ("lucia", "assigned"): "La respuesta la escribe Responsable en el servicio",
        ("dario", "answered"): "Las respuestas las revisa Atención al Usuario",
        ("dario", "approved"): "Las respuestas las envía Atención al Usuario",
        ("gabriel", "filed"): "Las solicitudes las clasifica Atención al Usuario",
        ("gabriel", "sent"): "Las llamadas a la persona las registra Atención al Usuario",
    }
    for (who, state), words in reads.items():
        page = at_desk(who).get(f"/mesa/casos/{getattr(story, state)().filing_number}/").text
        assert says in page and words in page, (who, state)
    page = at_desk("dario").get(f"/mesa/casos/{story.assigned().filing_number}/").text
    assert says not in page and "Entregar la respuesta" in page


def test_notes_of_colleagues_are_read_in_the_story(at_desk, story, cafetal):
    case = story.assigned()
    write_note(org=case.org, case_id=case.pk, body="Hablé con el área.", by=cafetal.actor("lucia"), now=case.filed_at)
    assert Remark.objects.filter(case=case).count() == 1
    assert "Hablé con el área." in at_desk("dario").get(f"/mesa/casos/{case.filing_number}/").text


def verbs(case):
    return [entry.verb for entry in entries_about(org=case.org, subject=case.subject)]
