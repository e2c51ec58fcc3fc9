"""`escucha read_mail`: the mailboxes alone, or one letter kept in a file."""

import pytest
from django.core.management import CommandError, call_command

from escucha.console.management.commands import read_mail
from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.models import Arrival
from tests.contexts.messaging.arriving.letters import CORPUS

pytestmark = pytest.mark.django_db
LETTER = CORPUS / "plain.eml"


@pytest.fixture(autouse=True)
def no_mailboxes(settings, monkeypatch):
    settings.MAILBOXES = {}
    monkeypatch.setattr(read_mail.signal, "signal", lambda *_: None)


def test_once_with_nothing_to_read_ends(cafetal):
    call_command("read_mail", once=True)
    assert Arrival.objects.count() == 0


def test_a_letter_in_a_file_is_filed_once(cafetal):
    for _twice in range(2):
        call_command("read_mail", letter=LETTER, organisation="cafetal", mailbox="escucha")
    assert sorted(Arrival.objects.values_list("state", flat=True)) == ["duplicate", "filed"]
    assert Case.objects.get().person.email == "ana@example.org"


@pytest.mark.parametrize(
    ("organisation", "mailbox", "says"),
    [("nadie", "escucha", "No hay una organización"), ("cafetal", "otro", "escucha, notificaciones")],
)
def test_an_unknown_place_is_told(cafetal, organisation, mailbox, says):
    with pytest.raises(CommandError, match=says):
        call_command("read_mail", letter=LETTER, organisation=organisation, mailbox=mailbox)
