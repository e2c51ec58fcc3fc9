"""What a report of delivery says: about which letter, and whether for good. Of no report, what its words say."""

import pytest

from escucha.contexts.messaging.rules.bounces import MOST_PARTS
from escucha.contexts.messaging.rules.mail import read_mail
from tests.contexts.messaging.arriving.letters import of_corpus

HEAD = (
    b"Return-Path: <>\nFrom: postmaster@example.org\nTo: escucha@cafetal.example.org\n"
    b"Subject: Undelivered Mail Returned to Sender\n"
)
OURS = "m7.case-12.abcdefghijklmnopqrst@example.org"


def in_words(words: str, **headers: str):
    said = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return read_mail(HEAD + f"{said}Content-Type: text/plain\n\n{words}".encode()).bounce


def of_report(*, words="It did not arrive.", kind="message/delivery-status", fields="", returned="", more=""):
    parts = [("text/plain", words), (kind, f"Reporting-MTA: dns; mx.example.org\n\n{fields}\n")]
    parts += [("text/rfc822-headers", returned)] if returned else []
    said = "".join(f"--b\nContent-Type: {kind}\n\n{body}\n" for kind, body in parts)
    head = b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
    return read_mail(HEAD + head + f"{said}{more}--b--\n".encode()).bounce


@pytest.mark.requirement("EPS-04.4")
@pytest.mark.parametrize(
    ("words", "status", "is_final"),
    [
        ("No such user (5.1.1)", "5.1.1", True),
        ("Mailbox full: 4.2.2", "4.2.2", False),
        ("550 mailbox unavailable", "", True),
        ("450-mailbox busy", "", False),
        ("451 try later, then 550 gone", "", False),
        ("Not today", "", True),  # of who says nothing, the letter did not arrive
        ("In 2026 452 letters came", "", False),
        ("The 192.5.1.1 said no", "5.1.1", True),
    ],
)
def test_words_say_whether_it_is_for_good(words, status, is_final):
    found = in_words(words)
    assert (found.status, found.is_final) == (status, is_final)


@pytest.mark.requirement("EPS-04.4")
@pytest.mark.parametrize(
    ("fields", "status", "is_final"),
    [
        ("Action: failed\nStatus: 5.1.1", "5.1.1", True),
        ("Action: failed\nStatus: 4.4.7", "4.4.7", True),  # it was tried for days
        ("Action: delayed\nStatus: 4.4.1", "4.4.1", False),
        ("action: Relayed\nStatus: 2.1.9", "2.1.9", False),
        ("Status: 5.7.1", "5.7.1", True),
        ("Status: 4.2.2", "4.2.2", False),
        ("Diagnostic-Code: smtp; 550 5.5.5\nAction: failed\nStatus: 5.1.2", "5.1.2", True),  # of another server
        ("Diagnostic-Code: smtp; 550 no", "5.0.0", True),  # it is in the words
    ],
)
@pytest.mark.parametrize("kind", ["message/delivery-status", "message/global-delivery-status"])
def test_fields_say_it_before_any_words(fields, status, is_final, kind):
    found = of_report(fields=fields, kind=kind, words="5.0.0 It did not arrive.")
    assert (found.status, found.is_final) == (status, is_final)


def test_the_letter_is_known_by_what_came_back_of_it_or_by_what_is_answered():
    assert of_report(returned=f"From: caja@example.org\nMessage-ID: <{OURS}>").keys == (OURS,)
    assert of_report(words=f"About <{OURS}>").keys == (OURS,)
    assert in_words("No", In_Reply_To=f"<{OURS}>", References=f"<una@example.org> <{OURS}>").keys == (
        OURS,
        "una@example.org",
    )
    returned = f"--b\nContent-Type: message/rfc822\n\nMessage-ID: <{OURS}>\nSubject: x\n\nTexto\n"
    assert of_report(more=returned).keys == (OURS,)
    assert of_report().keys == in_words("No").keys == ()


def test_the_report_itself_is_not_the_letter_it_is_about():
    assert in_words("No", Message_ID="<informe@example.org>").keys == ()


def test_one_of_endless_parts_is_read_so_far():
    one = "--b\nContent-Type: message/rfc822\n\nMessage-ID: <{}@example.org>\n\nx\n"
    found = of_report(more="".join(map(one.format, range(60))))
    assert 0 < len(found.keys) < 60 and found.keys[0] == "0@example.org"
    assert of_report(more=one.format("una") * (4 * MOST_PARTS)).keys == ()


def test_of_a_plain_letter_there_is_none():
    assert read_mail(of_corpus("plain")).bounce is None
