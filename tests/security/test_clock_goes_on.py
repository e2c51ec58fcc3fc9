"""Mail and seals do not stand in the way of the clock."""

from threading import Event

import pytest

from escucha.console.management.commands import work
from escucha.contexts.messaging.gateways import email
from escucha.contexts.messaging.operations import delivering
from tests.cast import TUESDAY
from tests.make import a_case, a_house

pytestmark = pytest.mark.django_db


def test_a_mail_server_that_does_not_answer_is_asked_once_a_turn(db, monkeypatch, settings):
    house = a_house("cafetal", sample=False)
    for n in range(20):
        a_case(house, now=TUESDAY, person={"name": "x", "email": f"p{n}@example.org"})
    settings.MAIL_SERVER = "mail.example.org"
    asked = []

    def hang(**_):
        asked.append(1)  # each would hold clock and transaction for the fifteen seconds of its timeout
        raise email.Unavailable("timeout")

    monkeypatch.setattr(email, "send", hang)
    delivering.deliver(now=TUESDAY)
    assert len(asked) <= 1


def test_a_seal_that_fails_does_not_end_the_worker(db, monkeypatch):
    def full(**_):
        raise OSError("no space left on device")

    monkeypatch.setattr(work, "take_anchor", full)
    work.Command().handle(once=True)


def test_the_clock_does_not_wait_for_the_mail(monkeypatch):
    """The mail hangs in its thread; the clock strikes on, and asked to stop the worker stops."""
    let_go, handlers, struck = Event(), [], []

    def hang(**_):
        let_go.wait(30)
        return 0

    def strike(**_):
        struck.append(1)
        if len(struck) == 3:
            handlers[0]()
        return 1

    monkeypatch.setattr(work.signal, "signal", lambda _name, handler: handlers.append(handler))
    monkeypatch.setattr(work, "deliver", hang)
    monkeypatch.setattr(work, "tick", strike)
    monkeypatch.setattr(work, "run_errands", lambda **_: 0)
    monkeypatch.setattr(work, "take_anchor", lambda **_: None)
    monkeypatch.setattr(work, "PATIENCE", 0.1)
    try:
        work.Command().handle()
    finally:
        let_go.set()
    assert len(struck) == 3


def test_no_transaction_is_open_while_the_server_is_asked(db, monkeypatch, settings):
    from django.db import connection

    house = a_house("cafetal", sample=False)
    a_case(house, now=TUESDAY)
    settings.MAIL_SERVER = "mail.example.org"
    depth = len(connection.savepoint_ids)
    seen = []
    monkeypatch.setattr(email, "send", lambda **_: seen.append(len(connection.savepoint_ids)))
    delivering.deliver(now=TUESDAY)
    assert seen == [depth]
