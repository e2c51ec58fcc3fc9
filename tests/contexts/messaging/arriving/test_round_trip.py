"""From a letter to its case, to our letter and to the answer: over real servers, in both directions."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from escucha.console.inbox import Inbox
from escucha.contexts.cases.models import Case, Word
from escucha.contexts.messaging.models import Arrival, Message
from escucha.contexts.messaging.operations.delivering import deliver
from tests.cast import TUESDAY
from tests.contexts.messaging.arriving.dovecot import free_port
from tests.contexts.messaging.arriving.letters import a_letter
from tests.contexts.messaging.conftest import use_server

pytestmark = pytest.mark.slow
HOUR = timedelta(hours=1)


class Post:
    """What aiosmtpd took, as bytes."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((list(envelope.rcpt_tos), envelope.content))
        return "250 taken"


@pytest.fixture
def post(settings):
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    use_server(settings, controller.port)
    yield handler
    controller.stop()


def settle(now=TUESDAY):
    inbox = Inbox(at_once=True)
    while inbox(now=now):
        pass


def test_an_answer_finds_its_case(postbox, post):
    postbox.put(a_letter("Me cobraron dos veces."))
    settle()
    case = Case.objects.get()
    deliver(now=TUESDAY)
    [(recipients, raw)] = post.taken
    ours = message_from_bytes(raw, policy=default)
    assert recipients == ["ana@example.org"]
    assert case.filing_number in ours["Subject"] and ours["Auto-Submitted"] == "auto-generated"

    answer = a_letter(
        f"Adjunto el recibo.\r\n\r\nEl mar, 3 mar 2026, Caja escribió:\r\n> {ours['Subject']}\r\n",
        to=ours["Reply-To"],
        subject=f"Re: {ours['Subject']}",
        In_Reply_To=ours["Message-ID"],
    )
    postbox.put(answer)
    settle(TUESDAY + HOUR)
    assert Word.objects.get().body == "Adjunto el recibo."
    assert (Case.objects.count(), Arrival.objects.filter(subject=case.subject).count()) == (1, 2)


def test_two_robots_that_answer_each_other_stop_at_once(postbox, post):
    """Our acknowledgement is answered by a vacation program, and that comes back to us: nobody writes again."""
    postbox.put(a_letter("Me cobraron dos veces."))
    settle()
    deliver(now=TUESDAY)
    ours = message_from_bytes(post.taken[0][1], policy=default)
    for n in range(3):
        away = {"Auto_Submitted": "auto-replied", "In_Reply_To": ours["Message-ID"]}
        postbox.put(a_letter(f"Vuelvo el lunes. {n}", to=ours["Reply-To"], subject="Respuesta automática", **away))
    postbox.put(post.taken[0][1])
    settle(TUESDAY + 2 * HOUR)
    deliver(now=TUESDAY + 2 * HOUR)
    assert (len(post.taken), Case.objects.count(), Word.objects.count()) == (1, 1, 0)
    assert Arrival.objects.filter(state="parked", automatic=True).count() == 4


def test_a_flood_from_one_address_is_filed_and_answered_once(postbox, post):
    postbox.put(*[a_letter(f"Queja {n}", sender=f"ana+{n}@example.org") for n in range(6)])
    settle()
    deliver(now=TUESDAY)
    assert (Case.objects.count(), len(post.taken), Message.objects.count()) == (6, 1, 1)
