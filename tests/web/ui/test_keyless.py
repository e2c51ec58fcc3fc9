"""What the log keeps of an address that opens something."""

import logging

import pytest

from escucha.web.ui.keyless import Keyless, without_keys


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Forbidden (CSRF cookie not set.): /respuesta/abc_def-123/", "/respuesta/***/"),
        ("/recibo/QwErTy123456/ 500", "/recibo/***/ 500"),
        ("GET http://a.example.org/verificar/abcdefgh/?x=1", "/verificar/***/?x=1"),
        ("/mesa/clave/nueva/1-c2x3y4-0f0f0f/", "/mesa/clave/nueva/***/"),
        ("/verificar/?code=abcdefgh&x=1", "/verificar/?code=***&x=1"),
        ("/mesa/casos/PQR-2026-000001/respuesta/", "/mesa/casos/PQR-2026-000001/respuesta/"),
        ("/seguir/solicitud/respuesta/", "/seguir/solicitud/respuesta/"),
    ],
)
def test_keys_are_masked_and_nothing_else(said, kept):
    assert without_keys(said).endswith(kept)
    assert len(without_keys(said)) <= len(said)


def test_also_in_the_trace_and_in_the_values_of_a_line():
    try:
        raise ValueError("/recibo/QwErTy123456/")
    except ValueError as error:
        record = logging.LogRecord("x", 40, "x.py", 1, "En %s", ("/respuesta/abcdefgh/",), (ValueError, error, None))
    assert Keyless().filter(record)
    line = logging.Formatter("{message}", style="{").format(record)
    assert "En /respuesta/***/" in line and "ValueError: /recibo/***/" in line


def test_every_handler_of_the_installation_masks(settings):
    handlers = settings.LOGGING["handlers"]
    assert handlers and all("keyless" in handler["filters"] for handler in handlers.values())
    assert logging.getLogger("django").handlers == []
