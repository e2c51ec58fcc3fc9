"""A worker killed in the middle of its work: the next one does what was left, and nothing twice."""

import pytest
from django.utils import timezone

from escucha.contexts.messaging.models import Message
from escucha.kernel.commitments.models import Step
from escucha.kernel.timeline.models import Errand
from tests.long.backlog import a_batch, a_real_house, a_worker, until, waiting, what_was_done
from tests.long.mail_server import mail_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_every_step_errand_and_message_once(tmp_path):
    house = a_real_house()
    a_batch(house)
    begun = waiting()
    with mail_server() as mail:
        with a_worker(mail, tmp_path) as first:
            until(lambda: Message.objects.filter(state=Message.State.SENT).exists(), first)
            first.kill()
            first.wait()
            assert 0 < waiting(), "it was killed in the middle"
        Message.objects.filter(state=Message.State.QUEUED).update(next_try_at=timezone.now())  # its lease is over
        with a_worker(mail, tmp_path) as second:
            until(lambda: not waiting(), second)
        done = what_was_done()

    assert begun and not Step.objects.filter(taken_at=None, lifted_at=None).exists()
    assert not Errand.objects.filter(done_at=None).exists()
    assert done["sent"] == done["messages"] == done["messaging.message_sent"] == len(mail.taken)
    assert sum(mail.taken.values()) <= len(mail.taken) + 1, "only the one in the hand of the killed may go twice"
