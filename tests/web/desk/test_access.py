"""Who may open each page of the desk and do each act on a case; what is not theirs is not there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from escucha.contexts.cases.models import Answer, Draft
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.queries import kept_messages
from escucha.kernel.orgs.operations import take_in
from escucha.kernel.timeline.models import Entry
from escucha.web.desk.urls import urlpatterns
from tests.cast import PASSWORD
from tests.make import a_case, a_house
from tests.web.desk.conftest import BACKEND, fresh, sign_in

EVERYONE = ["bruno", "dario", "elsa", "vera", "lucia", "patricia", "gabriel"]
OUTSIDERS = ["anonymous", "stranger", "half_in"]
ENTER, NO, HIDDEN, FINE = 302, 403, 404, 200

# What each may open. Bruno only files; Vera works in another service than the case's.
PAGES = {
    "": {},
    "casos/": {"bruno": NO},
    "casos/lista.csv": {"bruno": NO},
    "casos/nuevo/": {"gabriel": NO},
    "casos/{number}/": {"bruno": NO, "vera": HIDDEN},
    "casos/{number}/plazos.json": {"bruno": NO, "vera": HIDDEN},
    "casos/{number}/autorizaciones/": {"bruno": NO, "vera": HIDDEN},
    "casos/{number}/persona/": dict.fromkeys(["bruno", "dario", "elsa", "vera", "gabriel"], NO),
    "casos/{number}/union/": {"bruno": NO, "vera": HIDDEN},
    "casos/{number}/division/": {"bruno": NO, "vera": HIDDEN},
    "casos/PQR-1999-000001/": {"bruno": NO} | dict.fromkeys(EVERYONE[1:], HIDDEN),
    "bitacora/": {"bruno": NO},
    "correos/": dict.fromkeys(["bruno", "dario", "elsa", "vera", "gabriel"], NO),
    "correos/{message}/": dict.fromkeys(["bruno", "dario", "elsa", "vera", "gabriel"], NO),
    "politica/": dict.fromkeys(["bruno", "dario", "elsa", "vera", "lucia"], NO),
    "informes/entregas/": dict.fromkeys(["bruno", "dario", "elsa", "vera", "lucia"], NO),
    "informes/cantidades/": {"bruno": NO},
    "reservados/": dict.fromkeys(["bruno", "dario", "elsa", "vera", "lucia", "patricia"], NO),
    "buscar/": {"bruno": NO},
    "terminos/": {},
    "piezas/": {},
}
MET = dict.fromkeys(["quality", "clarity", "precision", "suitability", "congruence"], "yes")

# Act: the state it needs, what is sent, who may do it, and what the director, who may do none, is told.
ACTS = {
    "clasificacion": ("assigned", {"case_type": "queja"}, {"lucia", "patricia"}, "Las solicitudes las clasifica"),
    "traslado": ("assigned", {"unit": "vivienda"}, {"lucia", "patricia"}, "Los casos los asigna a las dependencias"),
    "devolucion": ("assigned", {"reason": "Es de Vivienda."}, {"dario", "elsa"}, "El caso lo devuelve"),
    "encargo": ("assigned", {"member": ""}, {"elsa", "patricia"}, "Los casos los reparte entre personas"),
    "respuesta": ("assigned", {"body": "Le devolvemos su dinero."}, {"dario", "elsa"}, "La respuesta la escribe"),
    "revision": ("answered", MET, {"lucia", "patricia"}, "Las respuestas las revisa"),
    "envio": ("approved", {}, {"lucia", "patricia"}, "Las respuestas las envía"),
    "llamadas": (
        "sent",
        {"number": "300 000 0001", "result": "no_answer"},
        {"lucia", "patricia"},
        "Las llamadas a la persona las registra",
    ),
    "recordatorios": ("sent", {}, {"lucia", "patricia"}, "A la persona le escribe"),
    "aviso": ("sent", {}, {"lucia", "patricia"}, "Los avisos los publica"),
    "cierre": ("notified", {}, {"lucia", "patricia"}, "Los casos los cierra"),
    "desistimiento": (
        "assigned",
        {"reason": "Llamó y lo dijo."},
        {"lucia", "patricia"},
        "El desistimiento lo registra",
    ),
    "reserva": ("assigned", {}, {"lucia", "patricia", "gabriel"}, "Su rol no reserva casos"),
    "identidad": ("assigned", {"reason": "Hay que llamarla."}, {"patricia"}, "Su rol no ve identidades reservadas"),
    "notas": ("assigned", {"body": "Ya hablé con el área."}, set(EVERYONE) - {"gabriel"}, "Su rol no escribe notas"),
}
NEEDS = {"aviso": {"person": None}, "identidad": {"identity_reserved": True}}
CLOSED_DOORS = {f"casos/<str:number>/{act}/" for act in ("apertura", "senalados", "senalados/retiro")}  # test_reserved
ACT = "actas/<str:number>/"
RECEIVING = {
    *("casos/nuevo/persona/", "casos/nuevo/municipios/", "casos/<str:number>/lectura/"),
    *("atenciones/", "atenciones/lista.csv", "atenciones/nueva/", "atenciones/<int:attention_id>/"),
    *("atenciones/<int:attention_id>/solicitud/", "actas/", "actas/buzon/", "actas/audiencia/", ACT),
    *(f"{ACT}papeletas/", f"{ACT}papeletas/<int:position>/", f"{ACT}cierre/", f"{ACT}impresion/"),
    *("formatos/", "formatos/<slug:key>/", "formatos/<slug:key>/lectura/"),
}
every_act = pytest.mark.parametrize("act", ACTS)

ENTRY = "entradas/<int:arrival_id>/"
INTAKE = {  # in test_intake
    *("entradas/", "entradas/por-revisar/", "entradas/cuadre/", ENTRY, f"{ENTRY}correo.eml"),
    *(f"{ENTRY}{act}/" for act in ("solicitud", "caso", "descarte", "regreso", "lectura")),
}


@pytest.fixture
def visitors(at_desk, cafetal):
    """Clients by who they are: members, somebody of another organisation, and a member without second factor."""
    other = a_house("corrioverde")
    stranger = take_in(org=other.org, email="otra@example.org", name="Otra", password=PASSWORD, unit=None, roles=["x"])
    clients = {who: at_desk(who) for who in EVERYONE}
    for who in OUTSIDERS:
        clients[who] = Client(headers={"host": cafetal.org.host})
    sign_in(clients["stranger"], stranger.account)
    half_in = {"name": "Sin Código", "password": PASSWORD, "unit": None, "roles": ["attention_head"]}
    member = take_in(org=cafetal.org, email="sin@example.org", **half_in)
    clients["half_in"].force_login(member.account, backend=BACKEND)
    return clients


def test_every_address_of_the_desk_is_in_the_tables():
    acts = {f"casos/<str:number>/{act}/" for act in ACTS}
    pages = {page.replace("{number}", "<str:number>").replace("{message}", "<int:message_id>") for page in PAGES}
    own = {"preferencias/teclas/"}  # what each member chooses for itself: in test_preferences
    files = {
        "anexos/",
        *(f"anexos/<int:attachment_id>/{act}" for act in ("", "vista/", "original/", "retiro/", "regreso/")),
    }
    own |= {f"casos/<str:number>/{address}" for address in files}  # in test_attachments
    joined = ("separacion/", "distintos/", "mensajes/lectura/", "mensajes/<int:word_id>/caso/")
    own |= {f"casos/<str:number>/{address}" for address in joined}  # in test_joining
    agreed = ("retiro/", "grupos/", "grupos/retiro/")
    own |= {f"casos/<str:number>/autorizaciones/{address}" for address in agreed}  # in test_consents
    own |= RECEIVING  # in test_new_case and test_receiving_*
    own |= INTAKE
    own |= {"pase/"}  # in tests/web/live/test_stream.py
    own |= {str(one.pattern) for one in urlpatterns if str(one.pattern).startswith("asistencia/")}  # in assistance/
    assert {str(one.pattern) for one in urlpatterns} == acts | own | CLOSED_DOORS | pages - {"casos/PQR-1999-000001/"}


@pytest.mark.requirement("EPS-03.3")
def test_pages_open_to_whom_their_roles_allow(visitors, cafetal, story):
    case = story.assigned()
    [message, *_older] = kept_messages(org=cafetal.org, viewer=cafetal.actor("lucia"))
    wrong = {}
    for page, others in PAGES.items():
        address = "/mesa/" + page.format(number=case.filing_number, message=message.pk)
        expected = dict.fromkeys(EVERYONE, FINE) | others | {"anonymous": ENTER, "stranger": NO, "half_in": ENTER}
        seen = {who: visitors[who].get(address).status_code for who in expected}
        wrong |= {(page, who): seen[who] for who in expected if seen[who] != expected[who]}
    assert wrong == {}
    assert visitors["anonymous"].get("/mesa/casos/")["location"] == "/mesa/entrar/?next=/mesa/casos/"
    assert visitors["half_in"].get("/mesa/")["location"] == "/mesa/segundo-factor/activacion/"


def test_what_belongs_to_another_organisation_is_not_there(visitors, cafetal):
    other = a_house("vidamar")
    theirs = a_case(other, now=timezone.now() - timedelta(days=1))
    message = Message.objects.filter(org=other.org).latest("pk")
    lucia = visitors["lucia"]
    assert lucia.get(f"/mesa/casos/{theirs.filing_number}/").status_code == 404
    assert lucia.get(f"/mesa/correos/{message.pk}/").status_code == 404
    assert lucia.post(f"/mesa/casos/{theirs.filing_number}/notas/", {"body": "Hola"}).status_code == 404
    assert theirs.filing_number not in lucia.get("/mesa/casos/").text
    assert "No encontramos" in lucia.get(f"/mesa/buscar/?q={theirs.filing_number}").text


@every_act
@pytest.mark.requirement("CAJA-05.2", "CAJA-05.3", "EPS-03.1", "EPS-03.2")
def test_acts_are_refused_with_their_reason_to_who_may_not(visitors, cafetal, story, act):
    state, data, doers, reason = ACTS[act]
    case = getattr(story, state)(**NEEDS.get(act, {}))
    address = f"/mesa/casos/{case.filing_number}/{act}/"
    before = shape_of(case)

    assert [visitors[who].post(address, data).status_code for who in OUTSIDERS] == [302, 403, 302]
    assert visitors["bruno"].post(address, data).status_code == 403
    assert visitors["vera"].post(address, data | {"version": case.version}).status_code == 404
    for who in set(EVERYONE) - {"bruno", "vera"} - doers:
        refused = visitors[who].post(address, data | {"version": case.version})
        assert (who, refused.status_code) == (who, 409)
        assert "No se hizo ningún cambio" in refused.text
        if who == "gabriel":
            assert reason in refused.text
    assert shape_of(case) == before

    doer = sorted(doers - {"bruno", "vera"})[0]
    done = visitors[doer].post(address, data | {"version": case.version})
    assert done.status_code == 302
    assert shape_of(case) != before


@every_act
def test_acts_are_posted_with_their_token(visitors, story, act, at_desk):
    case = story.filed()
    address = f"/mesa/casos/{case.filing_number}/{act}/"
    assert {client.get(address).status_code for client in visitors.values()} == {405}
    careful = at_desk("lucia", enforce_csrf_checks=True)
    refused = careful.post(address, ACTS[act][1] | {"version": case.version})
    assert refused.status_code == 403
    assert "La página se quedó vieja" in refused.text


def test_filing_needs_its_token(at_desk, cafetal):
    assert at_desk("bruno", enforce_csrf_checks=True).post("/mesa/casos/nuevo/", {"body": "x"}).status_code == 403


def test_a_draft_is_of_who_answers(at_desk, cafetal, story):
    case = story.assigned()
    address = f"/mesa/casos/{case.filing_number}/respuesta/"
    assert at_desk("dario").post(address, {"body": "Empiezo", "version": case.version, "draft": 1}).status_code == 302
    assert [draft.body for draft in Draft.objects.filter(case=case)] == ["Empiezo"]
    assert "Empiezo" in at_desk("dario").get(f"/mesa/casos/{case.filing_number}/").text
    assert "Empiezo" not in at_desk("elsa").get(f"/mesa/casos/{case.filing_number}/").text


def shape_of(case):
    """What an act could change about a case."""
    fresh(case)
    kept = {field.attname: getattr(case, field.attname) for field in case._meta.fields}
    answers = list(Answer.objects.filter(case=case).values_list("pk", "passed", "sent_at"))
    return kept, answers, Entry.objects.filter(subject=case.subject).count()
