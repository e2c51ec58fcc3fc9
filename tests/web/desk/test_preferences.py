"""Single keys are silent for who asks for it (WCAG 2.1.4), and only for them."""

import pytest

KEYS = "/mesa/preferencias/teclas/"


@pytest.mark.parametrize("onward", ["/mesa/casos/?view=late", "/mesa/"])
def test_a_member_switches_them_off_and_on_from_any_page(at_desk, onward):
    lucia, dario = at_desk("lucia"), at_desk("dario")
    assert "Apagar las teclas" in lucia.get("/mesa/").text and "data-keys" not in lucia.get("/mesa/").text

    assert lucia.post(KEYS, {"keys": "off", "next": onward}).url == onward
    page = lucia.get("/mesa/").text
    assert '<body class="face-desk" data-keys="off"' in page.replace("  ", " ") or 'data-keys="off"' in page
    assert "Encender las teclas" in page
    assert 'data-keys="off"' not in dario.get("/mesa/").text

    lucia.post(KEYS, {"keys": "on", "next": onward})
    assert "data-keys" not in lucia.get("/mesa/").text


@pytest.mark.parametrize("onward", ["", "https://example.org/", "//example.org", "javascript:alert(1)"])
def test_the_way_back_is_never_to_another_host(at_desk, onward):
    assert at_desk("lucia").post(KEYS, {"keys": "off", "next": onward}).url == "/mesa/"


def test_it_is_changed_by_a_form_only(at_desk, client, cafetal):
    assert at_desk("lucia").get(KEYS).status_code == 405
    assert client.post(KEYS, headers={"host": cafetal.org.host}).url.startswith("/mesa/entrar/")
