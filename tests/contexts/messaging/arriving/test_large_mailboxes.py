"""A mailbox that nobody has emptied in years: its numbers are more than one command or one answer may carry."""

import imaplib

import pytest

from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.operations.balance import balance_mailbox
from escucha.contexts.messaging.operations.reading import read_mailbox
from tests.cast import TUESDAY
from tests.contexts.messaging.arriving.letters import a_letter


@pytest.fixture
def folder(postbox):
    account = imap.account_of(postbox.house.org.slug, postbox.key, sample=False)
    with imap.opened(account) as opened:
        yield opened


@pytest.mark.requirement("EPS-04.4")
def test_all_of_them_are_marked_however_many(folder):
    """Somebody marked twenty thousand letters as unread: a server takes no line that long, and none came in again."""
    folder.done_with(range(100_000, 120_000))


def test_what_is_not_there_is_withheld(postbox):
    postbox.put(a_letter("una"))
    account = imap.account_of(postbox.house.org.slug, postbox.key, sample=False)
    with imap.opened(account) as folder:
        assert folder.letter(1).uid == 1 and b"".join(folder.parts(1))
        for ask in (folder.letter, lambda uid: list(folder.parts(uid))):
            with pytest.raises(imap.Withheld):
                ask(99)


def test_its_numbers_come_in_answers_that_can_be_read(postbox, monkeypatch):
    postbox.put(*[b"Subject: %d\r\n\r\nx\r\n" % number for number in range(300)])
    monkeypatch.setattr(imaplib, "_MAXLINE", 1_000)  # a thousand times less than it is
    monkeypatch.setattr(imap, "STRETCH", 50)
    account = imap.account_of(postbox.house.org.slug, postbox.key, sample=False)
    with imap.opened(account) as folder:
        assert folder.uids() == folder.unread() == list(range(1, 301))
        assert folder.uids(after=120) == list(range(121, 301))
        assert folder.uids(after=300) == folder.uids(after=900) == []
        folder.done_with(range(1, 299))
        assert folder.unread() == [299, 300]


def test_numbers_that_begin_high_are_no_more_questions(postbox, monkeypatch):
    """Some servers number by the clock: it is not asked for each stretch of nothing."""
    monkeypatch.setattr(imap, "STRETCH", 1)
    postbox.put(*[a_letter(str(number)) for number in range(200)])
    account, asked = imap.account_of(postbox.house.org.slug, postbox.key, sample=False), []
    with imap.opened(account) as folder:
        asking = folder._box.uids
        monkeypatch.setattr(folder._box, "uids", lambda *said, **more: asked.append(said) or asking(*said, **more))
        assert len(folder.uids()) == 200
    assert len(asked) <= imap.MOST_STRETCHES + 1


def test_it_balances(postbox, monkeypatch):
    monkeypatch.setattr(imap, "STRETCH", 2)
    monkeypatch.setattr(imap, "AT_ONCE", 2)
    postbox.put(*[a_letter(str(number)) for number in range(5)])
    assert read_mailbox(org=postbox.house.org, key="escucha", now=TUESDAY) == 5
    balance = balance_mailbox(org=postbox.house.org, key="escucha", now=TUESDAY)
    assert (balance.in_mailbox, balance.in_ledger, balance.missing) == (5, 5, 0)
    assert postbox.uids("UNSEEN") == []
