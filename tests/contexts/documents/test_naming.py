"""Names of files mislead nobody: no screen, no header, no disk."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.documents.rules.naming import LONGEST, RESERVED, ending_of, neutral_name, renamed, safe_name

LONG = "á" * 400


@pytest.mark.parametrize(
    "said, safe",
    [
        ("recibo de marzo.pdf", "recibo de marzo.pdf"),
        ("Cédula ñandú.JPG", "Cédula ñandú.JPG"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/etc/shadow", "shadow"),
        ("C:\\Users\\Ana\\foto.png", "foto.png"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("lpt1.pdf", "_lpt1.pdf"),
        ("com9.tar.gz", "_com9.tar.gz"),
        ("", "archivo"),
        ("...", "archivo"),
        ("   ", "archivo"),
        ("\x00\x01\x02", "archivo"),
        ("foto\x00.exe.png", "foto.exe.png"),
        ("foto\u202egnp.exe", "fotognp.exe"),
        ("a\u200bb\ufeffc.pdf", "abc.pdf"),
        ("\ud800roto.pdf", "roto.pdf"),
        ("linea\r\nSet-Cookie: x.pdf", "linea Set-Cookie x.pdf"),
        ('comillas"; filename="otro.exe.pdf', "comillas filename otro.exe.pdf"),
        ("<img src=x onerror=alert(1)>.png", "img src x onerror alert(1).png"),
        ("=HYPERLINK(1).csv", "HYPERLINK(1).csv"),
        ("  .htaccess", "archivo.htaccess"),
        ("e\u0301xito.pdf", "éxito.pdf"),
        ("pagina.html", "pagina.html.txt"),
        ("dibujo.SVG", "dibujo.SVG.txt"),
        ("correo.mhtml", "correo.mhtml.txt"),
        ("sin terminación", "sin terminación"),
        ("punto final.", "punto final"),
    ],
)
def test_what_a_name_becomes(said, safe):
    assert safe_name(said) == safe


@pytest.mark.parametrize("said", [LONG, f"{LONG}.pdf", "😀" * 300 + ".jpg", "a." * 200])
def test_a_name_is_never_longer_than_a_disk_takes(said):
    safe = safe_name(said)
    assert len(safe) <= LONGEST and len(safe.encode()) <= 255
    assert ending_of(safe) == ending_of(said)


def test_what_is_no_ending_is_cut_like_the_rest():
    assert safe_name("a." + "b" * 300) == ("a." + "b" * 300)[:LONGEST]


@given(st.text(max_size=400))
def test_any_name_is_safe_and_stays_so(said):
    safe = safe_name(said)
    assert safe and safe == safe.strip() and safe_name(safe) == safe
    assert not set(safe) & set('/\\:*?"<>|\r\n\t\x00;%')
    assert not [sign for sign in safe if unicodedata.category(sign)[0] == "C"]
    assert safe.partition(".")[0].lower() not in RESERVED
    assert not safe.startswith((".", "-"))
    safe.encode()


@pytest.mark.parametrize(
    "said, ending",
    [
        ("a.EXE", "exe"),
        ("a.exe. .", "exe"),
        ("a.exe ", "exe"),
        ("a.exe\xa0", "exe"),
        ("a. exe", "exe"),
        ("exe", ""),
        ("a.p\x00df", "pdf"),
        ("a.tar.gz", "gz"),
    ],
)
def test_the_ending_is_what_a_machine_would_read(said, ending):
    assert ending_of(said) == ending


def test_a_reserved_file_says_nothing_by_its_name():
    assert neutral_name(1, "application/pdf") == "anexo-1.pdf"
    assert neutral_name(12, "application/octet-stream") == "anexo-12"


@pytest.mark.parametrize(
    "name, kind, becomes",
    [
        ("foto.png", "image/jpeg", "foto.jpg"),
        ("foto.JPEG", "image/jpeg", "foto.JPEG"),
        ("foto", "image/png", "foto.png"),
        ("carta.pdf", "application/pdf", "carta.pdf"),
        ("cosa.bin", "application/octet-stream", "cosa.bin"),
    ],
)
def test_a_copy_ends_as_what_it_is(name, kind, becomes):
    assert renamed(name, kind) == becomes
