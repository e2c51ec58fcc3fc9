"""A real mail server, and organisations whose mailboxes are in it."""

from itertools import count

import pytest

from escucha.contexts.messaging.operations.reading import TROUBLE
from tests.contexts.messaging.arriving.dovecot import Dovecot, dovecot
from tests.make import House, a_house

USERS = count(1)


@pytest.fixture(scope="session")
def mail_server():
    with dovecot() as server:
        yield server


class Box:
    """The mailbox of an organisation on the server."""

    def __init__(self, server: Dovecot, house: House, settings, key: str = "escucha") -> None:
        self.server, self.house, self.key = server, house, key
        self.user = f"user{next(USERS)}"
        name = f"ESCUCHA_MAILBOX_{house.org.slug}_{key}".upper()
        settings.MAILBOXES = settings.MAILBOXES | {name: server.url(self.user)}

    def put(self, *letters: bytes, **said) -> None:
        self.server.put(self.user, *letters, **said)

    def uids(self, criterion: str = "ALL", **said) -> list[int]:
        return self.server.uids(self.user, criterion, **said)


@pytest.fixture
def no_trouble_yet():
    TROUBLE.clear()


@pytest.fixture
def postbox(db, mail_server, settings, no_trouble_yet):
    """Of an organisation that is no example."""
    settings.MAILBOXES = {}
    return Box(mail_server, a_house("cafetal", sample=False), settings)


@pytest.fixture
def real_postbox(transactional_db, mail_server, settings, no_trouble_yet):
    """With rows that are committed, for tests with several connections."""
    settings.MAILBOXES = {}
    return Box(mail_server, a_house("cafetal", sample=False), settings)
