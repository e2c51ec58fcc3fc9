"""The doors to messages and calls: of an organisation and a subject, and no key with which to act as somebody else."""

from datetime import timedelta

import pytest

from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.delivering import keep_call, send_later
from escucha.contexts.messaging.queries import (
    body_for_staff,
    calls_about,
    failed_messages,
    kept_message,
    kept_messages,
    messages_about,
)
from escucha.kernel.timeline.facts import Actor
from tests.cast import TUESDAY

ABOUT, RESET = "case:1", "http://cafetal.localhost/mesa/cuenta/clave/nueva/1-abcdefghij-klmnopqrst/"
DAY = timedelta(days=1)
READER = Actor("staff", acts=frozenset({"messages.see"}), member_id=0, everywhere=True)


def a_message(house, *, subject=ABOUT, state="kept", queued_at=TUESDAY, body="Lo recibimos."):
    message = send_later(
        org=house.org,
        to="ana@example.org",
        subject=subject,
        template="x",
        values={},
        otherwise=f"Aviso\n{body}",
        now=queued_at,
    )
    waits = queued_at if state == "queued" else None
    Message.objects.filter(pk=message.pk).update(state=state, next_try_at=waits)
    message.refresh_from_db()
    return message


def test_are_of_their_organisation_and_subject(cafetal, vidamar):
    mine, _beside, _far = a_message(cafetal), a_message(cafetal, subject="case:2"), a_message(vidamar)
    assert list(messages_about(org=cafetal.org, subject=ABOUT)) == [mine]
    calls = [
        keep_call(org=house.org, subject=subject, member_id=house.members[who].pk, number="1", result="busy", at=at)
        for house, who, subject, at in (
            (cafetal, "lucia", ABOUT, TUESDAY + DAY),
            (cafetal, "lucia", ABOUT, TUESDAY),
            (cafetal, "lucia", "case:2", TUESDAY),
            (vidamar, "delia", ABOUT, TUESDAY),
        )
    ]
    assert calls_about(org=cafetal.org, subject=ABOUT) == [calls[1], calls[0]]


@pytest.mark.parametrize(("state", "is_read"), [("kept", True), ("queued", False), ("sent", False), ("failed", False)])
def test_a_letter_about_an_account_that_really_leaves_is_read_by_nobody_else(cafetal, state, is_read):
    letter = a_message(cafetal, subject="account:7", state=state, body=RESET)
    for viewer in (READER, Actor("staff", acts=READER.acts, member_id=0)):
        seen = {"org": cafetal.org, "viewer": viewer, "about": []}
        assert kept_messages(**seen) == ([letter] if is_read else [])
        assert kept_message(message_id=letter.pk, **seen) == (letter if is_read else None)


def test_who_reads_reads_of_what_it_may_see(cafetal):
    mine, other, account = (a_message(cafetal, subject=about) for about in (ABOUT, "case:2", "account:7"))
    here, elsewhere = {"org": cafetal.org}, Actor("staff", acts=READER.acts, member_id=0)
    for viewer, said, seen in (
        (READER, {}, [account, other, mine]),
        (READER, {"kept_from": ["case:2"]}, [account, mine]),
        (READER, {"about": [ABOUT]}, [account, other, mine]),
        (elsewhere, {"about": [ABOUT]}, [account, mine]),
        (elsewhere, {"about": []}, [account]),
        (elsewhere, {}, [account]),
        (Actor("staff", everywhere=True, member_id=0), {"about": [ABOUT]}, []),
    ):
        assert kept_messages(viewer=viewer, **here, **said) == seen
        found = [kept_message(viewer=viewer, message_id=one.pk, **here, **said) for one in (account, other, mine)]
        assert [one for one in found if one] == seen


@pytest.mark.parametrize(
    ("sample", "state", "whole"),
    [(True, "kept", True), (True, "sent", False), (False, "kept", False), (False, "sent", False)],
)
def test_its_keys_are_read_where_nobody_else_gets_it_and_all_is_an_example(cafetal, sample, state, whole):
    body = "Léala aquí: http://cafetal.localhost/respuesta/abcdefghijklmnopqrstuvwxyz/"
    message = a_message(cafetal, state=state, body=body)
    read = body_for_staff(message, sample=sample)
    assert body in message.body and (read == message.body) is whole and ("abcdefghij" in read) is whole


def test_those_given_up_are_listed_alone_and_counted_since_a_day(cafetal, vidamar):
    old, new = (a_message(cafetal, state="failed", queued_at=at) for at in (TUESDAY - DAY, TUESDAY))
    a_message(cafetal, state="sent"), a_message(vidamar, state="failed")
    assert kept_messages(org=cafetal.org, viewer=READER, failed=True) == [new, old]
    assert len(kept_messages(org=cafetal.org, viewer=READER)) == 3
    assert kept_messages(org=cafetal.org, viewer=READER, failed=True, before=new.pk) == [old]
    counts = [failed_messages(org=cafetal.org, since=since) for since in (TUESDAY - DAY, TUESDAY, TUESDAY + DAY)]
    assert counts == [2, 1, 0]
