"""What the stories look at: whether anything personal got where it must not."""

from escucha.contexts.messaging.models import Message
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.timeline.chain import canonical
from escucha.kernel.timeline.models import Entry
from tests.cast import ANA

SAID = ("reserva", "devolvemos", "reintegro", "Vivienda la", "se entiende")  # from the bodies of the stories
PERSONAL = (*(value for key, value in ANA.items() if key != "document_kind"), "1990000001", "3000000001", *SAID)


def assert_nothing_personal(org, logged):
    """No fact, debt, title, log line or message to staff holds anything of Ana, or words that somebody wrote."""
    entries = Entry.objects.filter(org=org)
    messages = Message.objects.filter(org=org)
    places = [canonical(entry.data) + entry.actor_id for entry in entries]
    places += [canonical(debt.reckoning) + debt.cause for debt in Commitment.objects.filter(org=org)]
    places += [message.title + message.error for message in messages]
    places += [message.body for message in messages if message.person_id is None]
    assert len(entries) > 3 and len(messages) > 1
    for text in (*places, logged):
        assert not [word for word in PERSONAL if word.lower() in text.lower()], text
