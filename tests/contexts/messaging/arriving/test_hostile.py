"""Letters made to break the reading, or to be taken for somebody else's: each is read in a moment, as what it is."""

from base64 import b64encode
from time import process_time

import pytest

from escucha.contexts.messaging.rules.mail import read_mail
from tests.contexts.messaging.arriving.letters import a_letter

HEAD = b"From: Ana <ana@example.org>\r\nSubject: Queja\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
PARTS = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
IN_LETTER = PARTS + b"--b\r\n\r\nVea\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"


class TestWhatWouldTakeMinutes:
    """A header of megabytes is read again for each thing that is asked of it, and its parameters pair by pair."""

    @pytest.mark.parametrize(
        "header",
        [
            b"Content-Type: text/plain" + b'; a="b;' * 150_000,
            b"Content-Type: text/plain" + b"; a=b" * 150_000,
            b"Content-Type: text/plain" + b"".join(b"; name*%d=x" % number for number in range(50_000)),
            b"Content-Disposition: inline" + b'; filename="b;' * 100_000,
            b"Content-Type: text/plain\r\n" + b' ; a="b;\r\n' * 150_000 + b"X: y",
        ],
        ids=["open quotes", "parameters", "pieces of a name", "disposition", "folded"],
    )
    def test_is_read_in_a_moment(self, header):
        start = process_time()
        mail = read_mail(HEAD + header + b"\r\n\r\nMe cobraron dos veces.\r\n")
        assert process_time() - start < 3
        assert (mail.sender.address, mail.subject) == ("ana@example.org", "Queja")

    def test_part_by_part_too(self):
        part = b"--b\r\nContent-Type: text/plain" + b'; a="b;' * 5_000 + b"\r\n\r\nx\r\n"
        start = process_time()
        read_mail(HEAD + PARTS + part * 200)
        assert process_time() - start < 3


class TestALetterInALetter:
    @pytest.mark.parametrize(
        "inside",
        [
            b"Subject: Lo que sigue\x0bX-Otro: b\r\n",
            b"X-Uno: a\x1cX-Otro: b\r\n",
            "Subject: Lo que pasó\u2028X-Otro: sí\r\n".encode(),
            b"Subject: \xfe\xff\x00a\x00b\r\n\x20\x0d\x00X\x00:\r\n",
            b"Subject: a\x85X-Otro: b\r\n",
        ],
    )
    def test_with_headers_that_no_program_writes_again_is_kept_all_the_same(self, inside):
        mail = read_mail(HEAD + IN_LETTER + inside + b"\r\nEl contenido\r\n--b--\r\n")
        assert (mail.text, mail.is_whole) == ("Vea", True)
        [file] = mail.attachments
        assert file.name.endswith(".eml") and b"El contenido" in file.content

    def test_keeps_its_eight_bit_headers_readable(self):
        mail = read_mail(HEAD + IN_LETTER + "Subject: Atención\r\n\r\nx\r\n--b--\r\n".encode())
        assert "Subject: Atención".encode() in mail.attachments[0].content

    def test_keeps_a_long_header_in_its_lines(self):
        lines = b"References: <1@example.org>\r\n <2@example.org>\r\n\t<3@example.org>\r\n"
        mail = read_mail(HEAD + IN_LETTER + lines + b"\r\nx\r\n--b--\r\n")
        assert lines.replace(b"\r\n", b"\n") in mail.attachments[0].content


class TestANameThatIsAnAddress:
    """Lists show the name: it would be read as who wrote."""

    @pytest.mark.parametrize(
        "sender",
        [
            '"ana@example.org" <eva@example.net>',
            "=?utf-8?Q?ana=40example.org?= <eva@example.net>",
            "eva@example.net (ana@example.org)",
            '"Ana <ana@example.org>" <eva@example.net>',
        ],
    )
    def test_is_no_name(self, sender):
        raw = a_letter().replace(b"Ana =?utf-8?q?Luc=C3=ADa_Berr=C3=ADo?= <ana@example.org>", sender.encode(), 1)
        mail = read_mail(b"From: " + sender.encode() + b"\r\n" + raw.partition(b"\r\n")[2])
        assert (mail.sender.address, mail.sender.name) == ("eva@example.net", "")

    def test_a_name_with_an_at_sign_is_one(self):
        assert read_mail(a_letter(sender='"Caja @ Centro" <caja@example.net>')).sender.name == "Caja @ Centro"


class TestCharsetsThatLie:
    @pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-16be", "utf-32"])
    def test_what_is_good_utf8_without_a_nul_is_no_wide_text(self, charset):
        raw = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + "Atención mala\r\n".encode()
        assert read_mail(raw).text == "Atención mala"

    @pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-16be", "utf-32le"])
    def test_what_is_wide_text_is_read_as_such(self, charset):
        raw = (
            HEAD + f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
        )
        assert read_mail(raw + b64encode("Atención mala".encode(charset))).text == "Atención mala"


class TestTwoWaysOfSayingIt:
    def said(self, plain: str, page: str) -> str:
        ways = f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n"
        ways += f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n--b--\r\n"
        return read_mail(HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n" + ways.encode()).text

    @pytest.mark.parametrize(
        "stub", ["Su programa de correo no muestra páginas.", "Vea este mensaje en su navegador: https://x.example.org"]
    )
    def test_a_plain_one_that_only_sends_to_the_other_hides_nothing(self, stub):
        words = (
            "Llevo tres meses esperando el subsidio de mi hijo y nadie me da razón. Solicito respuesta por escrito. "
        )
        assert self.said(stub, f"<p>{words * 2}</p>") == (words * 2).strip()

    def test_the_plain_one_is_read_where_it_says_the_same(self):
        assert self.said("Gracias", "<p>Gracias</p>") == "Gracias"
        assert self.said("Gracias", "<p>Gracias</p><p>Ana, jefa de compras, calle 1 n.º 2-3</p>") == "Gracias"
        long = "No me entregaron el bono. " * 10
        assert self.said(long, f"<p>{long}</p><img alt='{'logo ' * 30}'>") == long.strip()
