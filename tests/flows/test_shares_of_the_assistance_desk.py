"""At 50, 75 and 100 % of the time of something, the open pages of who owes it or supervises hear of it, once each."""

from datetime import timedelta

import pytest

from escucha.contexts.assistance.operations import telling
from escucha.contexts.assistance.operations.files import hand_over_file
from escucha.contexts.assistance.rules.duties import Duty
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.timeline.models import Errand
from tests.assisting import a_file, accepted, an_affiliate
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_provider, assign
from tests.make import let_time_pass

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.requirement("ASIS-14.5")


@pytest.fixture
def told(monkeypatch):
    """What was announced of shares. The channel itself is heard in the tests of a real browser."""
    heard = []

    def announce(*, org, topic, said):
        heard.append((topic, said))

    monkeypatch.setattr(telling, "announce", announce)
    return heard


def shares(told):
    return [(said["share"], said["role"]) for topic, said in told if topic == "notice"]


def test_each_share_is_told_once_to_whom_the_policy_says(quetzal, told):
    found = accepted(quetzal)  # five minutes to find who goes
    let_time_pass(TUESDAY + 149 * SECOND)
    assert shares(told) == []
    for seconds, wanted in (
        (150, [(50, "")]),
        (225, [(50, ""), (75, "supervisor")]),
        (300, [(50, ""), (75, "supervisor"), (100, "supervisor")]),
        (900, [(50, ""), (75, "supervisor"), (100, "supervisor")]),
    ):
        for _twice in range(2):
            let_time_pass(TUESDAY + seconds * SECOND)
        assert shares(told) == wanted, seconds
    luz = quetzal.members["luz"].pk
    assert told[0][1] == {"file": found.file.number, "position": 1, "share": 50, "member": luz, "role": ""}
    assert not Errand.objects.exclude(error="").exists()


def test_a_worker_that_stood_still_tells_what_it_missed_once(quetzal, told):
    accepted(quetzal)
    let_time_pass(TUESDAY + 600 * SECOND)
    assert sorted(shares(told)) == [(50, ""), (75, "supervisor"), (100, "supervisor")]


def test_what_was_done_in_time_is_not_told(quetzal, told):
    found = accepted(quetzal)
    assign(quetzal, found, a_provider(quetzal), now=TUESDAY + 149 * SECOND)
    let_time_pass(TUESDAY + 300 * SECOND)
    assert shares(told) == []


def test_it_is_told_to_who_has_it_by_then(quetzal, told):
    found = accepted(quetzal)
    by = quetzal.actor("paula")
    hand_over_file(org=quetzal.org, file_id=found.file_id, member_id=None, by=by, now=TUESDAY + SECOND)
    let_time_pass(TUESDAY + 150 * SECOND)
    assert told[0][1]["member"] is None, "of nobody: everybody of the shift hears of it"


def test_what_a_file_owes_is_told_by_its_number(quetzal, told):
    file = a_file(quetzal, affiliate=an_affiliate(quetzal, active=None))
    let_time_pass(TUESDAY + timedelta(days=3))
    assert {(said["file"], said["position"]) for _topic, said in told} == {(file.number, 0)}


def test_a_step_that_is_no_share_or_of_another_debt_is_not_told(quetzal, told):
    found = accepted(quetzal)
    owed = owed_of_kind(org=quetzal.org, subject=found.subject, kind=Duty.ASSIGN)
    said = {"org": quetzal.org, "subject": found.subject, "kind": Duty.ASSIGN}
    assert not telling.tell_share(commitment_id=owed.pk, step="vital_unassigned", **said)
    assert not telling.tell_share(commitment_id=owed.pk + 1, step="half_spent", **said)
    assert telling.tell_share(commitment_id=owed.pk, step="half_spent", **said)
