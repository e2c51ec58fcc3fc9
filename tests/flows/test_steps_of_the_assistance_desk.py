"""What the assistance desk owes grows late and reaches its steps; the board shows it, and no errand fails by it."""

from datetime import timedelta

import pytest

from escucha.contexts.assistance.models import Reminder
from escucha.contexts.assistance.operations.reminding import set_reminder
from escucha.flows.reached_step_tells_who_must_know import is_of_a_case
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.timeline.models import Errand
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.make import let_time_pass


@pytest.fixture
def owing(quetzal):
    """A file whose affiliate is to be verified, an assistance in the search, and a reminder."""
    waiting = a_file(quetzal, affiliate=an_affiliate(quetzal, active=None))
    going = accepted(quetzal, assistance=an_assistance(quetzal, file=a_file(quetzal)))
    due = TUESDAY + timedelta(hours=1)
    set_reminder(
        org=quetzal.org, file_id=going.file_id, text="Llamar", due_at=due, by=quetzal.actor("luz"), now=TUESDAY
    )
    return [waiting.subject, going.subject, Reminder.objects.get().subject]


@pytest.mark.requirement("ASIS-14.1")
def test_time_passes_over_them_and_no_errand_fails(quetzal, owing):
    assert set(Commitment.objects.filter(settled_at=None).values_list("subject", flat=True)) >= set(owing)
    for days in (1, 1, 9):
        let_time_pass(TUESDAY + timedelta(days=days))
    assert not Errand.objects.exclude(error="").exists()
    assert not Errand.objects.filter(done_at=None).exists()


def test_a_step_of_theirs_sends_no_letter(quetzal, owing):
    for subject in owing:
        debt = Commitment.objects.filter(subject=subject).first()
        fact = StepReached(subject=subject, commitment=debt.pk, kind=debt.kind, step="tell_supervisor", to="supervisor")
        assert not is_of_a_case(fact)
