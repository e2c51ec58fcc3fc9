import pytest

from tests.contexts.messaging.server import MailServer
from tests.make import a_house


def use_server(settings, port):
    settings.MAIL_SERVER = "127.0.0.1"
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


@pytest.fixture
def box(settings):
    """What the mail server got, and how it shall answer."""
    with MailServer() as server:
        use_server(settings, server.box.port)
        yield server.box


@pytest.fixture
def earnest(db):
    """An organisation that is no example: its messages leave."""
    return a_house("cafetal", sample=False)


@pytest.fixture
def real_earnest(transactional_db):
    return a_house("cafetal", sample=False)
