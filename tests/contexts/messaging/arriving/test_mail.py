"""Raw letters, each with what shall be read of it; and that no bytes whatever stop the reading."""

import tomllib
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escucha.contexts.messaging.rules.mail import Mail, read_mail
from escucha.contexts.messaging.rules.mail_pages import html_text
from escucha.contexts.messaging.rules.mail_text import decoded, folded, known_charset
from tests.contexts.messaging.arriving.letters import CORPUS, a_letter, of_corpus
from tests.examples import many

LETTERS = sorted(path.stem for path in CORPUS.glob("*.eml"))
HEAD = b"From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
# What some have sent to keep a reader busy; each grows with its length, and with nothing else.
TIRING = {
    "deep divs": b"Content-Type: text/html\r\n\r\n" + b"<div>x" * 50_000,
    "deep quotations": b"Content-Type: text/html\r\n\r\n" + b"<blockquote>x" * 25_000,
    "tags that never end": b"Content-Type: text/html\r\n\r\n" + b"<a " * 100_000,
    "comments that never end": b"Content-Type: text/html\r\n\r\n" + b"<!--" * 80_000,
    "declarations that never end": b"Content-Type: text/html\r\n\r\n" + b"<![" * 100_000,
    "answers to answers": b"Content-Type: text/plain\r\n\r\n" + b"x wrote:\r\n" * 30_000,
    "flowed without end": b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 100_000,
    "parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 30_000,
    "encoded words": b"Comments: " + b"=?utf-8?q?a?= " * 30_000 + b"\r\n\r\n",
    "letters in letters": b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
}


def expected(name: str) -> dict:
    return tomllib.loads((CORPUS / f"{name}.toml").read_text())


def said_by(mail: Mail) -> dict:
    """A letter in the shape of the expectations, which leave out what is not there."""
    said = {
        "sender": mail.sender.address,
        "name": mail.sender.name,
        "to": list(mail.to),
        "subject": mail.subject,
        "text": mail.text,
        "message_key": mail.message_key,
        "automatic": str(mail.automatic),
        "answerable": mail.answerable,
    }
    files = [
        {"name": one.name, "claimed_kind": one.claimed_kind, "size": len(one.content), "inline": one.inline}
        for one in mail.attachments
    ]
    bounce = mail.bounce and {
        "keys": list(mail.bounce.keys),
        "status": mail.bounce.status,
        "is_final": mail.bounce.is_final,
    }
    optional = {
        "reply_to": mail.reply_to.address,
        "reply_name": mail.reply_to.name,
        "quoted": mail.quoted,
        "references": list(mail.references),
        "written_at": mail.written_at,
        "several_senders": mail.several_senders,
        "is_whole": False if not mail.is_whole else None,
        "attachments": files,
        "bounce": bounce,
    }
    return said | {key: value for key, value in optional.items() if value or value is False and key == "is_whole"}


class TestTheCorpus:
    @pytest.mark.parametrize("name", LETTERS)
    def test_is_read_as_expected(self, name):
        mail = read_mail(of_corpus(name))
        assert said_by(mail) == expected(name)
        is_sound(mail)

    def test_is_large_and_every_letter_has_its_expectation(self):
        assert len(LETTERS) >= 40
        assert {path.stem for path in CORPUS.glob("*.toml")} == set(LETTERS)


class TestNothingStopsIt:
    @settings(deadline=None, max_examples=many(150))
    @given(st.binary(max_size=4000))
    def test_any_bytes_are_read(self, raw):
        is_sound(read_mail(raw))

    @settings(deadline=None, max_examples=many(300))
    @given(st.sampled_from(LETTERS), st.data())
    def test_letters_cut_and_written_over_are_read(self, name, data):
        raw = bytearray(of_corpus(name)[:3000])
        for _change in range(data.draw(st.integers(1, 8))):
            place = data.draw(st.integers(0, len(raw)))
            raw[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
        is_sound(read_mail(bytes(raw)))

    @pytest.mark.slow
    @pytest.mark.parametrize("kind", TIRING)
    def test_what_is_made_to_tire_a_reader_does_not(self, kind):
        """Were it quadratic, as each of these once was somewhere, this would take minutes."""
        is_sound(read_mail(HEAD + TIRING[kind]))


def is_sound(mail: Mail) -> None:
    """What any letter must be like before it is kept or shown."""
    for line in (mail.sender.name, mail.sender.address, mail.subject, mail.message_key, *mail.to):
        assert line == line.strip() and not any(sign in line for sign in "\r\n\0\u202e")
    assert len(mail.sender.address) <= 254 and len(mail.sender.name) <= 200
    assert len(mail.subject) <= 300 and len(mail.message_key) <= 250
    assert "\0" not in mail.text + mail.quoted
    (mail.text + mail.quoted + mail.subject).encode()  # no half of a sign, which no database keeps
    assert mail.written_at is None or mail.written_at.tzinfo is UTC
    for one in mail.attachments:
        assert one.name and "\n" not in one.name and isinstance(one.content, bytes)


class TestTheSameLetter:
    def test_that_travelled_another_way_has_the_same_contents(self):
        raw = a_letter(files=[("a.txt", b"uno")], Message_ID="<one@example.org>")
        other = b"Received: from elsewhere; Tue, 3 Mar 2026 15:00:00 +0000\r\n" + raw
        assert read_mail(raw).content_digest == read_mail(other).content_digest != ""

    @pytest.mark.parametrize(
        "changed",
        [
            a_letter("Otro texto", files=[("a.txt", b"uno")], Message_ID="<one@example.org>"),
            a_letter(files=[("a.txt", b"dos")], Message_ID="<one@example.org>"),
            a_letter(files=[("a.txt", b"uno")], Message_ID="<two@example.org>"),
            a_letter(files=[("a.txt", b"uno")], sender="otra@example.org", Message_ID="<one@example.org>"),
        ],
    )
    def test_is_not_one_that_only_borrows_its_name(self, changed):
        raw = a_letter(files=[("a.txt", b"uno")], Message_ID="<one@example.org>")
        assert read_mail(raw).content_digest != read_mail(changed).content_digest

    def test_without_message_id_is_known_by_its_bytes_alone(self):
        assert read_mail(of_corpus("no_message_id")).content_digest == ""


class TestWords:
    @pytest.mark.parametrize(
        "name",
        ["zlib", "hex", "rot13", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"],
    )
    def test_no_codec_that_changes_a_text_is_a_charset(self, name):
        assert known_charset(name) is None
        assert decoded(rb"+ADw-\u0041", name) == r"+ADw-\u0041"

    @given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"])), st.sampled_from(["utf-8", "iso-8859-1"]))
    def test_what_is_good_utf8_is_read_as_such_whatever_it_is_called(self, text, called):
        assert decoded(text.encode(), called) == text

    def test_a_page_shows_no_script_and_keeps_its_lines(self):
        page = "<p>Uno</p><script>alert(1)</script><div>dos<br>tres</div><pre>a\n  b</pre>"
        assert html_text(page) == "Uno\n\ndos\ntres\n\na\nb"

    def test_folding_never_leaves_a_letter_without_words(self):
        for text in ("> todo citado", "-----Mensaje original-----\nDe: x\nPara: y\n", ""):
            assert folded(text).text == text.strip()


def test_a_letter_of_ours_is_known_as_written_by_a_program():
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Auto-Submitted"] = "escucha@example.org", "auto-generated"
    mail.set_content("Su solicitud")
    assert read_mail(mail.as_bytes()).automatic == "generated"
