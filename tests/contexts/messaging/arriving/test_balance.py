"""The balance: what the mailbox holds is in the ledger, or somebody is told."""

from datetime import date, timedelta

import pytest

from escucha.console.health import Level
from escucha.console.inbox import Inbox
from escucha.console.mail_health import mailboxes_finding
from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.models import Arrival, MailboxBalance
from escucha.contexts.messaging.operations.balance import balance_mailbox
from escucha.contexts.messaging.operations.reading import read_mailbox
from escucha.kernel.timeline.record import entries_about
from tests.cast import TUESDAY
from tests.contexts.messaging.arriving.conftest import Box
from tests.contexts.messaging.arriving.letters import a_letter
from tests.make import a_house, as_run_role

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def balanced(box, now=TUESDAY):
    return balance_mailbox(org=box.house.org, key=box.key, now=now)


@pytest.fixture
def withheld(monkeypatch):
    """The letters that the server gives to nobody."""
    kept, asking = set(), imap.Folder.letter

    def letter(self, uid):
        if uid in kept:
            raise imap.Withheld
        return asking(self, uid)

    monkeypatch.setattr(imap.Folder, "letter", letter)
    return kept


class TestTheBalance:
    def test_reads_what_was_left_and_holds(self, postbox):
        postbox.put(a_letter("uno"), a_letter("dos"))
        read_mailbox(org=postbox.house.org, key="escucha", now=TUESDAY)
        postbox.put(a_letter("tres"))
        balance = balanced(postbox)
        assert (balance.day, balance.in_mailbox, balance.in_ledger, balance.missing) == (date(2026, 3, 3), 3, 3, 0)
        assert (balance.received, balance.parsed, balance.filed, balance.parked, balance.duplicate) == (3, 0, 0, 0, 0)

    def test_is_made_anew_by_the_role_that_only_counts(self, postbox):
        """The run-time role may change the counts of a day and nothing else of it."""
        postbox.put(a_letter())
        balanced(postbox)
        postbox.put(a_letter("dos"))
        with as_run_role():
            assert balanced(postbox, TUESDAY + HOUR).in_mailbox == 2

    def test_is_one_a_day_made_anew(self, postbox):
        postbox.put(a_letter())
        balanced(postbox)
        Inbox(at_once=True)(now=TUESDAY + HOUR)
        again = balanced(postbox, TUESDAY + 2 * HOUR)
        assert (again.received, again.filed, again.at) == (0, 1, TUESDAY + 2 * HOUR)
        next_day = balanced(postbox, TUESDAY + DAY)
        assert (next_day.in_mailbox, next_day.filed) == (1, 0)
        assert MailboxBalance.objects.count() == 2

    def test_tells_once_what_is_missing(self, postbox, withheld, caplog):
        postbox.put(a_letter("uno"), a_letter("dos"))
        withheld.add(1)
        for _turn in range(2):
            balance = balanced(postbox)
        assert (balance.in_mailbox, balance.in_ledger, balance.missing) == (2, 1, 1)
        told = [entry.data for entry in entries_about(org=postbox.house.org, subject="mailbox:escucha")]
        assert told == [{"mailbox": "escucha", "day": "2026-03-03", "missing": 1}]
        assert caplog.messages == ["mailbox escucha of cafetal: 1 messages are not in the ledger"]

    def test_finds_what_had_been_withheld(self, postbox, withheld):
        postbox.put(a_letter("uno"))
        withheld.add(1)
        balanced(postbox)
        withheld.clear()
        assert balanced(postbox).missing == 0

    def test_does_not_miss_what_somebody_took_away(self, postbox):
        postbox.put(a_letter("uno"), a_letter("dos"))
        balanced(postbox)
        postbox.server.erase(postbox.user, 1)
        balance = balanced(postbox)
        assert (balance.in_mailbox, balance.in_ledger, balance.missing) == (1, 1, 0)


class TestTheDoctor:
    def says(self, now=TUESDAY):
        return mailboxes_finding(now=now)

    def test_says_that_no_mailbox_is_read(self, cafetal, settings):
        settings.MAILBOXES = {}
        assert self.says().level == Level.CARE

    def test_says_that_a_mailbox_was_not_read_yet_or_lately(self, postbox):
        assert self.says().level == Level.WRONG
        balanced(postbox)
        assert self.says(TUESDAY + HOUR).level == Level.WELL
        assert "más de un día" in self.says(TUESDAY + 2 * DAY).words

    def test_says_what_is_missing_without_naming_anybody(self, postbox, withheld):
        postbox.put(a_letter())
        withheld.add(1)
        balanced(postbox)
        found = self.says()
        assert (found.level, "escucha de cafetal le faltan 1" in found.words) == (Level.WRONG, True)

    def test_says_that_what_came_is_not_filed(self, postbox):
        postbox.put(a_letter())
        balanced(postbox)
        assert self.says(TUESDAY + HOUR / 2).level == Level.WELL
        assert "más de una hora" in self.says(TUESDAY + 2 * HOUR).words

    def test_says_that_an_account_makes_no_sense_without_its_password(self, cafetal, settings):
        settings.MAILBOXES = {imap.variable_of("cafetal", "escucha"): "imaps://ana:secreta@mail.example.org"}
        found = self.says()
        assert found.level == Level.WRONG and "secreta" not in found.words
        assert "ESCUCHA_MAILBOX_CAFETAL_ESCUCHA" in found.words


class TestTheTurn:
    def test_reads_files_and_does_nothing_the_second_time(self, postbox):
        postbox.put(a_letter("uno"), a_letter("dos"))
        inbox = Inbox(at_once=True)
        while inbox(now=TUESDAY):
            pass
        assert (Case.objects.count(), Arrival.objects.filter(state="filed").count()) == (2, 2)
        assert Inbox(at_once=True)(now=TUESDAY) == 0

    def test_looks_at_a_mailbox_when_its_moment_comes(self, postbox, monkeypatch):
        asked = []
        monkeypatch.setattr("escucha.console.inbox.balance_mailbox", lambda **_: asked.append("balance"))
        monkeypatch.setattr("escucha.console.inbox.read_mailbox", lambda **_: asked.append("read") or 0)
        inbox = Inbox()
        for seconds in (0, 1, 29, 30, 31, 900):
            inbox(now=TUESDAY + timedelta(seconds=seconds))
        assert asked == ["read", "balance", "read", "read", "balance"]

    def test_of_which_one_holds_thousands_lets_the_others_have_their_turn(
        self, postbox, mail_server, settings, monkeypatch
    ):
        """The first reading of an old mailbox: what came to others is filed meanwhile, and it waits for no moment."""
        monkeypatch.setattr("escucha.contexts.messaging.operations.reading.SHARE", 2)
        monkeypatch.setattr("escucha.console.inbox.SHARE_OF_READING", 2)
        other = Box(mail_server, a_house("vidamar", sample=False), settings)
        postbox.put(*[a_letter(str(number), sender=f"p{number}@example.org") for number in range(5)])
        other.put(a_letter("otra"))
        inbox = Inbox()
        kept = [inbox(now=TUESDAY) and Arrival.objects.filter(org=postbox.house.org).count() for _turn in range(3)]
        assert kept == [2, 4, 5]
        assert Arrival.objects.filter(org=other.house.org, state="filed").count() == 1
        assert MailboxBalance.objects.filter(missing=0).count() == 2

    def test_goes_on_where_a_server_is_away(self, postbox, settings, caplog):
        settings.MAILBOXES = {imap.variable_of("cafetal", "escucha"): "imap://ana:secreta@127.0.0.1:1"}
        assert Inbox()(now=TUESDAY) == 0
        assert caplog.messages == ["mailbox escucha of cafetal: ConnectionRefusedError"]
