"""The first page, the landing page, and the colour."""

import pytest
from django.conf import settings
from django.urls import reverse

from escucha.web.public.doors import numbers_in
from tests.make import a_house


def test_home_says_what_one_can_do_and_expect(visitor, cafetal):
    page = visitor.get("/").content.decode()
    for name in ("filing", "tracking", "verification", "notices", "calculator"):
        assert f'"{reverse(f"public:{name}")}"' in page
    for said in (
        "Caja Cafetal",
        "601 000 0010",
        "7 días hábiles",
        "15 días hábiles",
        "Ley 1755 de 2015",
        "Formulario web",
    ):
        assert said in page
    assert "Ejerce su derecho de petición" in page


def test_home_queries_are_counted(visitor, cafetal, django_assert_num_queries):
    visitor.get("/")
    with django_assert_num_queries(1):
        visitor.get("/")


def test_the_landing_page_lists_each_house_at_the_readers_port(client, cafetal, vidamar):
    page = client.get("/", headers={"host": "localhost:8123"}).content.decode()
    assert 'href="http://cafetal.localhost:8123/"' in page
    assert 'href="http://vidamar.localhost:8123/"' in page


@pytest.mark.parametrize("shown", [True, False])
def test_how_to_enter_is_told_of_examples_and_only_where_examples_are_shown(client, cafetal, settings, shown):
    settings.SAMPLE = shown
    a_house("vidamar", sample=False)
    page = client.get("/", headers={"host": "localhost"}).content.decode()
    assert ("lucia@cafetal.example.org" in page) is (settings.SAMPLE_PASSWORD in page) is shown
    assert "@vidamar.example.org" not in page
    assert page.count(settings.SAMPLE_PASSWORD) < len(cafetal.members) * shown + 1


@pytest.mark.parametrize("path", ["/", "/radicar/", "/calculadora/", "/seguir/"])
def test_an_unknown_host_finds_nothing(client, cafetal, path):
    assert client.get(path, headers={"host": "nadie.localhost"}).status_code == 404


@pytest.mark.parametrize("path", ["/radicar/", "/seguir/", "/avisos/", "/verificar/", "/recibo/x/"])
def test_pages_of_an_organisation_are_not_at_the_landing_host(client, cafetal, path):
    assert client.get(path, headers={"host": "localhost"}).status_code == 404


def test_the_addresses_in_messages_are_the_ones_mounted():
    assert settings.PAGES["receipt"].format(code="abcdef") == reverse("public:receipt", args=["abcdef"])
    assert settings.PAGES["tracking"] == reverse("public:tracking")
    assert settings.PAGES["answer"].format(token="abcdef") == reverse("public:answer", args=["abcdef"])


def test_the_colour_is_the_profiles_and_is_kept_for_long(visitor, cafetal):
    answer = visitor.get(reverse("public:accent", args=[cafetal.profile.digest[:12]]))
    assert answer.content.decode() == f":root {{ --org-accent: {cafetal.profile.identity.accent}; }}\n"
    assert "max-age=31536000" in answer["Cache-Control"] and answer["Content-Type"].startswith("text/css")
    assert "max-age" not in visitor.get(reverse("public:accent", args=["otra"])).get("Cache-Control", "")


def test_a_colour_that_is_no_colour_is_left_out(visitor, cafetal, monkeypatch):
    from escucha.web.public import front

    monkeypatch.setattr(front, "OKLCH", front.re.compile("never"))
    assert visitor.get(reverse("public:accent", args=["x"])).content == b""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("PQRD-2026-1031906", "PQRD-2026-1031906"),
        ("", ""),
        ("2026-000001", ""),
        ("PQR-2026-1", "PQR-2026-000001"),
        ("'; --", ""),
    ],
)
def test_a_number_is_read_as_people_type_it(typed, kept):
    assert numbers_in(typed)[0] == kept
