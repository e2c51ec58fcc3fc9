"""The page of channels: which are open now, when the rest open, and what becomes of what arrives out of hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.models import Message
from escucha.kernel.orgs.operations import put_in_force
from escucha.web.public.opening import phone_url
from tests.make import a_house
from tests.profiles.folders import spoiled

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")
START = datetime(2025, 1, 1, 5, tzinfo=UTC)
SAID = {"suggested_type": "no-se", "body": "La reserva no aparecía.", "email": "ana@example.org"}


def at(text: str):
    return time_machine.travel(datetime.fromisoformat(text).replace(tzinfo=BOGOTA), tick=False)


def read(client, path="/canales/", slug="cafetal"):
    return client.get(path, headers={"host": f"{slug}.localhost"})


def in_force(slug: str, change):
    """The organisation, with a profile that says something else."""
    profile = spoiled(slug, change)
    return put_in_force(profile=profile, host=f"{slug}.localhost", valid_from=START, now=START).org


def cards(response) -> dict[str, str]:
    """The words of each channel's card, by its key."""
    parts = response.content.decode().split('aria-labelledby="canal-')[1:]
    return {part.split('"', 1)[0]: part.split("</article>")[0] for part in parts}


@pytest.mark.requirement("CAJA-13.3", "CAJA-13.4")
@pytest.mark.parametrize(
    ("moment", "phone", "counter"),
    [
        ("2026-11-23 10:00", "Abierto hasta las 11:30", "Abierto hasta las 12:00"),
        ("2026-11-23 11:45", "Cerrado; abre hoy a las 13:30", "Abierto hasta las 12:00"),
        ("2026-11-23 12:00", "Cerrado; abre hoy a las 13:30", "Cerrado; abre hoy a las 13:30"),
        ("2026-11-26 17:45", "Cerrado; abre mañana, viernes, a las 7:30", "Abierto hasta las 18:00"),
        ("2026-11-27 16:50", "Cerrado; abre el lunes 30 de noviembre a las 7:30", "Abierto hasta las 17:00"),
        ("2026-12-08 10:00", "Cerrado; abre mañana, miércoles, a las 7:30", "Cerrado; abre mañana, miércoles"),
    ],
)
def test_each_channel_is_open_until_or_opens_when(client, cafetal, moment, phone, counter):
    with at(moment):
        found = cards(read(client))
    assert phone in found["phone"] and counter in found["counter"]
    assert "Abierto a toda hora" in found["web"] and "Abierto a toda hora" in found["assistant"]


@pytest.mark.requirement("CAJA-13.1", "CAJA-13.2")
def test_the_week_is_said_with_its_shifts(client, cafetal):
    found = cards(read(client))
    for words in ("Lunes a jueves", "7:30 a 11:30", "13:30 a 17:30", "Viernes", "13:30 a 16:40", "cerrado"):
        assert words in found["phone"]
    assert "7:30 a 12:00" in found["counter"] and "13:30 a 18:00" in found["counter"]
    assert "weekhours" not in found["web"]


def test_each_channel_says_where_it_is(client, cafetal):
    found = cards(read(client))
    assert 'href="tel:+576010000011"' in found["phone"]
    assert 'href="mailto:escucha@cafetal.example.org"' in found["email"]
    assert "Avenida de los Guaduales" in found["counter"] and "Atención al Usuario" in found["counter"]
    assert 'href="/radicar/"' in found["web"] and 'href="/radicar/"' not in found["assistant"]


@pytest.mark.requirement("EPS-04.7")
def test_another_organisation_shows_its_own(client, cafetal, vidamar):
    ours, theirs = read(client), read(client, slug="vidamar")
    assert list(cards(theirs)) == ["web", "phone", "counter", "email", "letter", "box"]
    assert 'href="tel:%23200"' in cards(theirs)["phone"]
    for word in ("601 000 0011", "Asistente virtual", "Guaduales"):
        assert word in ours.content.decode() and word not in theirs.content.decode()
    for word in ("601 000 0021", "Carrera del Faro"):
        assert word in theirs.content.decode() and word not in ours.content.decode()


@pytest.mark.requirement("CORP-01.1", "CORP-01.2", "CORP-01.3", "CORP-01.4", "CORP-01.5", "CORP-01.6", "CORP-01.7")
def test_the_authority_lists_every_way_of_its_guide(client):
    a_house("corrioverde")
    with at("2026-11-23 10:00"):
        found = cards(read(client, slug="corrioverde"))
    assert "Línea gratuita" in found["phone"] and "Fax de una dependencia" in found["fax"]
    assert "Teléfono de una dependencia" in found["unit_phone"] and "Buzón" in found["box"]
    assert "Hablada, en persona" in found["counter"] and "Escrita, en una dependencia" in found["letter"]
    assert "Audiencia pública" in found["hearing"] and "Abre cuando se anuncia" in found["hearing"]
    assert {"web", "email"} <= found.keys()


@pytest.mark.parametrize("path", ["/canales/", "/canales.json", "/terminos/"])
def test_the_pages_are_an_organisations(client, cafetal, path):
    assert client.get(path, headers={"host": "nadie.localhost"}).status_code == 404
    assert client.get(path, headers={"host": "localhost"}).status_code == 404
    assert client.post(path, headers={"host": "cafetal.localhost"}).status_code == 405


def test_a_holiday_is_told_with_its_name_and_those_that_come(client, cafetal):
    with at("2026-12-08 10:00"):
        page = read(client).content.decode()
    assert "Hoy la oficina no atiende: Inmaculada Concepción" in page
    assert "Viernes 25 de diciembre de 2026" in page and "Navidad" in page
    assert "(hoy)" not in page  # no row of the usual week is today's
    with at("2026-11-23 10:00"):
        page = read(client).content.decode()
    assert "Hoy la oficina no atiende" not in page and "(hoy)" in page


def test_a_closing_of_several_days_is_one_line(client):
    a_house("corrioverde")
    with at("2026-12-20 10:00"):
        page = read(client, slug="corrioverde").content.decode()
    assert "Del lunes 28 de diciembre al jueves 31 de diciembre de 2026" in page
    assert "Resolución interna 207 de 2026, cierre de fin de año" in page


@pytest.mark.parametrize("path", ["/canales/", "/canales.json"])
def test_it_is_kept_a_minute_or_until_something_opens_or_closes(client, cafetal, path):
    with at("2026-11-23 10:00"):
        assert read(client, path)["Cache-Control"] == "public, max-age=60"
    with at("2026-11-23 11:29:48"):
        assert read(client, path)["Cache-Control"] == "public, max-age=12"


def test_machines_read_the_same(client, cafetal):
    with at("2026-11-23 11:45"):
        said = read(client, "/canales.json").json()
    assert said["at"] == "2026-11-23T11:45:00-05:00"
    by_key = {one["key"]: one for one in said["channels"]}
    assert by_key["phone"] == {
        "key": "phone",
        "label": "Línea de atención",
        "kind": "phone",
        "receives": True,
        "open": False,
        "changes_at": "2026-11-23T13:30:00-05:00",
    }
    assert (by_key["web"]["open"], by_key["web"]["changes_at"]) == (True, None)
    assert (by_key["counter"]["open"], by_key["counter"]["changes_at"]) == (True, "2026-11-23T12:00:00-05:00")
    assert by_key["assistant"]["receives"] is False


def test_the_first_page_shows_the_nearest_and_leads_to_all(client, cafetal):
    with at("2026-11-23 11:45"):
        page = read(client, "/").content.decode()
    assert "Formulario web" in page and "Línea de atención" in page and "Abre hoy a las 13:30" in page
    assert "Cierra hoy a las 12:00" in page and 'href="/canales/"' in page
    assert "Buzón de sugerencias" not in page


@pytest.mark.parametrize("path", ["/canales/", "/canales.json", "/terminos/"])
def test_queries_are_counted(client, cafetal, django_assert_num_queries, path):
    read(client, path)
    with django_assert_num_queries(1):
        read(client, path)


@pytest.mark.requirement("CAJA-13.5", "CAJA-13.6")
@pytest.mark.parametrize(
    ("slug", "moment", "said"),
    [
        (
            "cafetal",
            "2026-11-22 22:15",
            "Llegó fuera del horario de atención: se tiene por recibida el lunes 23 de noviembre de 2026"
            " y el plazo empieza a contar el martes 24 de noviembre de 2026.",
        ),
        (
            "corrioverde",
            "2026-11-22 22:15",
            "Llegó fuera del horario de atención y quedó recibida ese mismo día:"
            " el plazo empieza a contar el lunes 23 de noviembre de 2026.",
        ),
        (
            "cafetal",
            "2026-11-23 10:00",
            "Llegó en horario de atención: el plazo empieza a contar el martes 24 de noviembre de 2026.",
        ),
    ],
)
def test_out_of_hours_it_is_received_acknowledged_and_says_from_when_it_counts(client, slug, moment, said):
    a_house(slug)
    with at(moment):
        answer = client.post("/radicar/", SAID, headers={"host": f"{slug}.localhost"})
        page = read(client, answer.url, slug).content.decode()
    case, letter = Case.objects.get(), Message.objects.get(template="acknowledged")
    assert case.filing_number in letter.body and case.received_at == case.filed_at
    assert said in page and said in " ".join(letter.body.split())


@pytest.mark.requirement("CAJA-13.5")
@pytest.mark.parametrize("slug", ["arrayanes", "cafetal", "corrioverde", "quetzal", "vidamar"])
def test_the_letter_of_every_profile_says_it(client, slug):
    a_house(slug)
    with at("2026-11-23 21:00"):
        client.post("/radicar/", SAID, headers={"host": f"{slug}.localhost"})
    body = " ".join(Message.objects.get(template="acknowledged").body.split())
    assert "Llegó fuera del horario de atención" in body and "{starts}" not in body


def test_in_an_emergency_the_letter_says_that_hours_count_at_once(client, vidamar):
    with at("2026-11-22 03:00"):
        answer = client.post("/radicar/", SAID | {"emergency": "yes"}, headers={"host": "vidamar.localhost"})
        page = read(client, answer.url, "vidamar").content.decode()
    said = "El plazo se cuenta por horas, de día y de noche, y corre desde el momento en que llegó."
    assert said in page and said in " ".join(Message.objects.get(template="acknowledged").body.split())


def test_before_sending_it_says_from_when_it_would_count(client, cafetal):
    with at("2026-11-22 22:15"):
        for path in ("/radicar/", "/canales/"):
            assert "se tiene por recibido el lunes 23 de noviembre" in read(client, path).content.decode()


class TestWithoutAWebChannel:
    @pytest.fixture
    def closed(self, db):
        def close(raw):
            raw["channels"]["order"].remove("web")
            del raw["channels"]["web"]

        return in_force("cafetal", close)

    @pytest.mark.requirement("EPS-04.7")
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_the_form_gives_way_to_the_other_channels(self, client, closed, method):
        answer = getattr(client, method)("/radicar/", SAID, headers={"host": "cafetal.localhost"})
        assert answer.status_code == 404
        assert "Por esta página no recibimos solicitudes" in answer.content.decode()
        shown = cards(answer).keys()
        assert shown >= {"phone", "counter", "email", "letter", "box", "virtual_box"}
        assert not shown & {"web", "assistant"}
        assert Case.objects.count() == 0

    @pytest.mark.parametrize(("slug", "path"), [("arrayanes", "/denuncias/"), ("corrioverde", "/formularios/formato/")])
    def test_no_other_form_is_there_either(self, client, db, slug, path):
        def close(raw):
            raw["channels"]["order"] = [key for key in raw["channels"]["order"] if key != "web"]
            del raw["channels"]["web"]

        asked = {"headers": {"host": f"{slug}.localhost"}}
        a_house(slug)
        assert client.get(path, **asked).status_code == 200
        later = {"valid_from": START + timedelta(days=1), "now": START + timedelta(days=1)}
        put_in_force(profile=spoiled(slug, close), host=f"{slug}.localhost", **later)
        for method in (client.get, client.post):
            assert method(path, **asked).status_code == 404
        assert path not in client.get("/", **asked).content.decode()

    def test_no_page_offers_to_file(self, client, closed):
        assert "Empezar" not in read(client, "/").content.decode()
        assert "Radicar por la web" not in read(client).content.decode()
        assert 'href="/radicar/"' not in read(client).content.decode()


@pytest.mark.requirement("EPS-04.3")
def test_the_case_keeps_the_key_of_the_web_channel_and_its_story_the_name(client, db):
    def rename(raw):
        page = raw["channels"].pop("web")
        raw["channels"]["portal"] = page | {"label": "Portal de la Caja"}
        raw["channels"]["order"][0] = "portal"

    in_force("cafetal", rename)
    client.post("/radicar/", SAID | {"document_number": "1990000001"}, headers={"host": "cafetal.localhost"})
    case = Case.objects.get()
    assert case.channel == "portal"
    page = client.post(
        "/seguir/",
        {"number": case.filing_number, "factor": case.contact_code},
        headers={"host": "cafetal.localhost"},
        follow=True,
    )
    assert "Llegó por este canal: Portal de la Caja" in page.content.decode()


@pytest.mark.parametrize(
    ("phone", "extension", "url"),
    [
        ("601 000 0011", "", "tel:+576010000011"),
        ("601 000 0011", "203", "tel:+576010000011;ext=203"),
        ("+57 601 000 0011", "", "tel:+576010000011"),
        ("", "", ""),
        ("no hay", "", "tel:"),
    ],
)
def test_a_telephone_is_dialled_from_anywhere(phone, extension, url):
    assert phone_url(phone, "co", extension) == url
