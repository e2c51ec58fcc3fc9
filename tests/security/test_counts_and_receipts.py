"""Counts and receipts that somebody else writes meanwhile: each was shown here before it was mended."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from escucha.contexts.cases.models import Tally
from escucha.contexts.cases.operations import tallying
from escucha.contexts.cases.queries.tallies import view_counts
from escucha.contexts.messaging.gateways import sms
from escucha.contexts.messaging.operations.delivering import deliver
from tests.cast import TUESDAY
from tests.contexts.messaging.sms.houses import (
    a_receipt,
    a_text,
    a_texting_house,
    call_in,
    code_of,
    facts,
    failing_status,
    fresh,
    gateway_of,
)
from tests.make import a_case


@pytest.mark.django_db
class TestKeptCounts:
    def spoilt(self, house):
        a_case(house)
        Tally.objects.filter(org=house.org).update(cases=7)

    def test_are_mended_by_the_worker_under_its_own_role(self, cafetal):
        """The nightly recount locked the table of cases, which the role may not: wrong counts stayed wrong."""
        self.spoilt(cafetal)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE escucha_run")
        try:
            assert tallying.recount(org=cafetal.org) > 0
            assert tallying.recount(org=cafetal.org) == 0
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
        assert view_counts(org=cafetal.org, viewer=cafetal.actor("lucia"))["open"] == 1

    @pytest.mark.slow
    def test_are_mended_while_others_fold_and_file(self, real_cafetal):
        """A fold at the same time left its row behind, and the recount failed; and nobody filed meanwhile."""
        self.spoilt(real_cafetal)
        counted = threading.Event()

        def recount():
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '5s'")
                tallying.recount(org=real_cafetal.org)
                counted.set()
            finally:
                connection.close()

        with transaction.atomic():
            tallying.fold_tallies(now=TUESDAY)
            a_case(real_cafetal)
            thread = threading.Thread(target=recount)
            thread.start()
            thread.join(10)
        assert counted.is_set()
        assert tallying.recount(org=real_cafetal.org) == 0
        assert view_counts(org=real_cafetal.org, viewer=real_cafetal.actor("lucia"))["open"] == 2


class TestAReceiptThatComesBeforeTheAnswer:
    """The gateway tells that a text failed before it has answered that it took it: nobody sent it again."""

    def failed_at_once(self, house, stand_in, monkeypatch, *, passing):
        spoken = sms.TABLE[gateway_of(house)]
        send = spoken.send

        def told_first(text, *, account):
            ref = send(text, account=account)
            said = {"code": code_of(house, passing=passing), "reference": text.reference}
            call_in(house, a_receipt(stand_in, house, ref, failing_status(house), **said))
            return ref

        monkeypatch.setattr(spoken, "send", told_first)
        message = a_text(house)
        deliver(now=TUESDAY)
        monkeypatch.setattr(spoken, "send", send)
        return fresh(message)

    def test_sends_it_again_where_the_failure_may_pass(self, texting, stand_in, monkeypatch):
        message = self.failed_at_once(texting, stand_in, monkeypatch, passing=True)
        assert (message.state, message.next_try_at > TUESDAY) == ("queued", True)
        deliver(now=TUESDAY + timedelta(hours=2))
        assert (fresh(message).state, len(stand_in.texts)) == ("sent", 2)
        assert stand_in.texts[1].ref == message.gateway_ref

    def test_ends_it_where_it_does_not(self, texting, stand_in, monkeypatch):
        message = self.failed_at_once(texting, stand_in, monkeypatch, passing=False)
        assert (message.state, facts(texting)) == ("failed", ["message_failed"])


def test_a_text_dearer_than_a_whole_day_does_not_wait_for_ever(db, stand_in, settings):
    """It waited for a day that could pay it, and no day can: nobody was told that it never left."""
    house = a_texting_house(stand_in, settings, "twilio", policy={"segment_price": 50, "spend_a_day": 60})
    message = a_text(house, values={"name": "Ana " * 60})
    for days in range(3):
        deliver(now=TUESDAY + timedelta(days=days))
    assert (fresh(message).state, message.error, message.next_try_at) == ("failed", "day_spent", None)
    assert (facts(house), stand_in.asked) == (["message_failed"], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM messaging_arrival",
        "UPDATE messaging_arrival SET digest = repeat('0', 64), file_id = NULL, arrived_at = now()",
        "DELETE FROM messaging_message",
        "UPDATE messaging_message SET body = 'otra', queued_at = now()",
        "DELETE FROM messaging_receipt",
        "UPDATE messaging_receipt SET status = 'delivered'",
        "DELETE FROM messaging_mailboxbalance",
        "DELETE FROM people_person",
    ],
)
def test_what_arrived_and_what_was_told_stays(cafetal, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
    try:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
