"""What several do at once, on real transactions and real threads."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline import relay
from escucha.kernel.timeline.anchors import take_anchor
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.models import Anchor, Entry, Errand
from escucha.kernel.timeline.record import record, record_all
from escucha.kernel.timeline.seals import public_key_at
from escucha.kernel.timeline.verify import Verification, chain_verdict
from tests.kernel.timeline.saying import CASE, NOON, Spoken, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(number: int, act: Callable[[int], None]) -> None:
    """Run an act in so many threads that start together; the first error of any is raised."""
    gate, errors = threading.Barrier(number), list[BaseException]()

    def run(index: int) -> None:
        try:
            gate.wait()
            act(index)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.requirement("MORE-03.1")
def test_eight_writers_about_one_subject_leave_no_gap(org: Organisation) -> None:
    def write(index: int) -> None:
        for turn in range(50):
            say(org, [index, turn])

    at_once(8, write)
    entries = list(Entry.objects.filter(org=org, subject=CASE).order_by("number"))
    assert [entry.number for entry in entries] == list(range(1, 401))
    assert chain_verdict(org=org, subject=CASE).ok
    for index in range(8):  # what one writer did stands in its order
        assert [e.data["body"][1] for e in entries if e.data["body"][0] == index] == list(range(50))


def test_acts_about_the_same_subjects_in_any_order_do_not_block_each_other(org: Organisation) -> None:
    def write(index: int) -> None:
        subjects = [f"case:{n}" for n in range(6)]
        for _turn in range(15):
            with transaction.atomic():
                said = [Spoken(subject=subject) for subject in (subjects if index % 2 else reversed(subjects))]
                record_all(said, org=org, by=SYSTEM, now=NOON)

    at_once(4, write)
    assert all(chain_verdict(org=org, subject=f"case:{n}").entries == 60 for n in range(6))


def test_a_reader_sees_whole_chains_while_others_write(org: Organisation, folder: Path) -> None:
    done, broken = threading.Event(), []

    def act(index: int) -> None:
        if index:
            for turn in range(40):
                say(org, turn)
            done.set()
            return
        while not done.is_set():
            broken.extend(Verification(key=None, folder=folder).findings())
            if not chain_verdict(org=org, subject=CASE).ok:
                broken.append("verdict")

    at_once(3, act)
    assert not broken


def test_four_relays_run_each_reaction_once(org: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: Counter[object] = Counter()

    def count(fact: Spoken, /, *, org: Organisation, now: datetime) -> None:
        runs[fact.body] += 1
        if fact.body % 10 == 3 and runs[fact.body] == 1:
            raise LookupError

    monkeypatch.setattr(relay, "_reactions", {})
    relay.connect([relay.Connection(Spoken, count)])
    say(org, *range(120))
    done: list[int] = []
    at_once(4, lambda index: done.append(relay.run_errands(now=NOON)))
    assert sum(done) == 108

    at_once(4, lambda index: done.append(relay.run_errands(now=NOON + timedelta(seconds=1))))
    assert sum(done) == 120
    assert runs == {body: 2 if body % 10 == 3 else 1 for body in range(120)}
    assert not Errand.objects.filter(done_at=None).exists()


def test_four_processes_take_one_anchor(org: Organisation, folder: Path, settings: object) -> None:
    say(org, 1)
    at_once(4, lambda index: take_anchor(now=NOON) and None)
    assert Anchor.objects.count() == 1
    key = public_key_at(folder.parent / "secret" / "anchor.key")
    assert not list(Verification(key=key, folder=folder).findings())


def test_a_recording_waits_for_the_one_before(org: Organisation) -> None:
    locked, numbers = threading.Event(), []

    def act(index: int) -> None:
        if index == 0:
            with transaction.atomic():
                record(Spoken(subject=CASE), org=org, by=SYSTEM, now=NOON)
                locked.set()
                transaction.set_rollback(True)
        else:
            locked.wait()
            numbers.append(say(org, 1)[0].number)

    at_once(2, act)
    assert numbers == [1]
