"""No page of the desk tells of a reserved case to who has not its act, whatever else it sees; nor any file or list."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils import timezone

from escucha.contexts.cases.operations.answering import answer_case
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import write_note
from escucha.contexts.cases.operations.reserving import reserve_case
from escucha.contexts.messaging.models import Message
from escucha.kernel.timeline.models import Entry
from escucha.web.ui import spanish
from tests.make import a_case, a_routed_case, let_time_pass

NOBODY = ["patricia", "lucia", "elsa", "dario"]  # two see everything; two work where it happened
SECRET = {
    "matter": "Zarzamora bajo la mesa",
    "body": "El jefe de recreación cobra mordida por reservar la piscina.",
    "person": {
        "name": "Herminia Cuartas",
        "document_number": "1.990.000.077",
        "email": "herminia@example.org",
        "phone": "300 000 0777",
    },
}
NOTE, ANSWER = "Citamos al contador el jueves", "Abrimos una investigación"
WORDS = ("Zarzamora", "mordida", "Herminia", "1990000077", "herminia@", "300 000 0777", NOTE, ANSWER)


@pytest.fixture
def ordinary(cafetal):
    return a_routed_case(cafetal, now=timezone.now() - timedelta(days=40))


@pytest.fixture(params=["from the beginning", "later"])
def kept(request, cafetal, ordinary):
    """A reserved case that has lived: handled, noted, answered, late, with letters to who handles it."""
    filed = timezone.now() - timedelta(days=40)
    said = SECRET | {"received_unit": cafetal.unit("recreacion"), "received_at": filed - timedelta(hours=2)}
    by = {"org": cafetal.org, "by": cafetal.actor("gabriel"), "now": filed + timedelta(hours=2)}
    if request.param == "later":
        case = a_routed_case(cafetal, now=filed, **said)
        moved = by | {"by": cafetal.actor("patricia")}
        reserve_case(case_id=case.pk, **moved)
    else:
        case = a_case(cafetal, now=filed, reserved=True, **said)
        classify_case(case_id=case.pk, case_type="queja", **by)
    write_note(case_id=case.pk, body=NOTE, **by)
    let_time_pass(filed + timedelta(days=20))
    answer_case(case_id=case.pk, body=ANSWER, **by | {"now": filed + timedelta(days=21)})
    let_time_pass(timezone.now())
    assert Message.objects.filter(subject=case.subject).exists()
    assert Entry.objects.filter(subject=case.subject, verb="commitments.commitment_late").exists()
    return case


def patterns(resolver, prefix=""):
    for one in resolver.url_patterns:
        route = f"{prefix}{one.pattern}"
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from patterns(one, route)


def addresses(route, numbers, ids):
    """Every address of a route, with each number of a case and each id there is for what it asks."""
    asked = re.findall(r"<(?:(\w+):)?(\w+)>", route)
    ways = [numbers if name == "number" else ids if kind == "int" else ["x"] for kind, name in asked]
    blank = re.sub(r"<[^>]+>", "{}", route)
    for values in product(*ways):
        yield "/" + blank.format(*values)


def leads_somewhere(address):
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def tells(text, case):
    """What a page tells of the case that it must not."""
    wanted = (case.filing_number, " ".join(spanish.groups(case.filing_number)), "(caso reservado)", *WORDS)
    return [word for word in wanted if word in text]


def one_of_a_kind():
    """The last message of each kind about each case to each person: the others repeat it on other days."""
    kind = ("subject", "template", "channel", "to")
    return list(Message.objects.order_by(*kind, "-pk").distinct(*kind).values_list("pk", flat=True))


def every_one():
    return list(Message.objects.values_list("pk", flat=True))


@pytest.mark.slow
@pytest.mark.parametrize("messages", [one_of_a_kind, pytest.param(every_one, marks=pytest.mark.long)])
@pytest.mark.parametrize("who", NOBODY)
def test_no_address_of_the_desk_tells_of_it(request, cafetal, ordinary, kept, who, messages):
    client = request.getfixturevalue("at_desk")(who)
    routes = [route for route in patterns(get_resolver()) if route.startswith("mesa/")]
    assert len(routes) > 30
    ids = sorted({kept.pk, *messages()})
    asked = []
    for route in routes:
        every = list(addresses(route, [ordinary.filing_number, kept.filing_number], ids))
        asked += list(filter(leads_somewhere, every)) or every[:1]
    asked += [
        *(f"/mesa/?ver={scope}" for scope in ("mio", "equipo", "todo")),
        *(f"/mesa/casos/?vista={view}" for view in ("abiertos", "por-clasificar", "por-revisar", "cerrados")),
        *(f"/mesa/casos/lista.csv?vista={view}" for view in ("abiertos", "por-revisar", "cerrados")),
        "/mesa/casos/?estado=approved&tipo=queja",
        *(f"/mesa/informes/entregas/?periodo={period}" for period in ("mes", "anterior", "ano")),
        f"/mesa/bitacora/?caso={kept.subject}",
        "/mesa/reservados/?vista=identidades",
    ]
    told, opened = {}, 0
    for address in asked:
        answered = client.get(address)
        opened += answered.status_code == 200
        if answered.status_code == 200 and (found := tells(answered.getvalue().decode(), kept)):
            told[address] = found
        if kept.filing_number in address:
            assert (address, answered.status_code) in {(address, code) for code in (403, 404, 405)}
    assert told == {}
    assert opened > 8


@pytest.mark.parametrize("said", ["{number}", "{words}", "Zarzamora", "Herminia", "herminia@example.org", "1990000077"])
def test_no_search_finds_it(request, cafetal, kept, said):
    typed = said.format(number=kept.filing_number, words=" ".join(spanish.groups(kept.filing_number)))
    answered = request.getfixturevalue("at_desk")("patricia").get("/mesa/casos/", {"q": typed}, follow=True)
    shown = re.sub(re.escape(typed), "", answered.content.decode())  # what was typed may be said back
    assert tells(shown, kept) == []


def test_every_act_on_it_is_as_on_a_case_that_is_not(request, kept):
    client = request.getfixturevalue("at_desk")("patricia")
    before = Entry.objects.filter(subject=kept.subject).count()
    for route in patterns(get_resolver()):
        if route.startswith("mesa/casos/<str:number>/"):
            there, nowhere = (
                [client.post(one, {"version": kept.version}).status_code for one in addresses(route, [number], [1])]
                for number in (kept.filing_number, "PQR-1999-000001")
            )
            assert (route, there) == (route, nowhere)
    assert Entry.objects.filter(subject=kept.subject).count() == before


def test_the_document_of_its_person_does_not_open_it_but_the_code_of_its_receipt_does(client, cafetal, kept):
    there = {"headers": {"host": cafetal.org.host}}
    by_document = client.post("/seguir/", {"number": kept.filing_number, "factor": "1990000077"}, **there)
    assert by_document.status_code == 422
    by_code = client.post("/seguir/", {"number": kept.filing_number, "factor": kept.contact_code}, **there)
    assert by_code.status_code == 302


def test_who_handles_it_finds_it(request, kept):
    """So that the silence of the rest means something."""
    gabriel = request.getfixturevalue("at_desk")("gabriel")
    assert tells(gabriel.get("/mesa/reservados/").content.decode(), kept)
    shown = gabriel.get(f"/mesa/casos/{kept.filing_number}/").content.decode()
    assert "Zarzamora" in shown and "Herminia" not in shown
