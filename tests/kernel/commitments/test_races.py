"""Several clocks and several people at once, each with its own connection to a real database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.clock import tick
from escucha.kernel.commitments.ladder import Rung
from escucha.kernel.commitments.models import Commitment, Step
from escucha.kernel.timeline.models import Entry
from escucha.kernel.timeline.record import hold_free
from tests.kernel.commitments.making import AFTER, CASE, LEGAL, MONDAY, TARGET, Office

SEVERAL = [Rung(f"step_{n}", spent=n / 10) for n in range(6)]


def at_once[T](*acts: Callable[[], T]) -> list[T]:
    start = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")  # whoever waits for ever fails instead
            start.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def drain() -> int:
    taken = idle = 0
    while idle < 3:
        found = tick(now=AFTER, limit=50)
        taken, idle = taken + found, 0 if found else idle + 1
    return taken


@pytest.mark.slow
def test_four_clocks_take_each_step_once(real_office: Office) -> None:
    for number in range(60):  # few subjects with many steps: the clocks meet often
        real_office.owe(LEGAL, subject=f"case:{number}", rungs=SEVERAL)
        real_office.owe(TARGET, subject=f"case:{number}", rungs=SEVERAL)
    shares = at_once(drain, drain, drain, drain)
    left = drain()  # what a clock left because another held its subject
    assert sum(shares) + left == 60 * 2 * 7
    assert Step.objects.filter(taken_at=None).count() == 0
    said = Counter(
        (entry.subject, entry.verb, entry.data["commitment"], entry.data.get("step")) for entry in Entry.objects.all()
    )
    assert len(said) == 60 * 2 * 7
    assert set(said.values()) == {1}
    for owed in Commitment.objects.all():
        assert owed.late_at == AFTER


@pytest.mark.slow
def test_clocks_and_acts_in_any_order_of_locks_never_block_each_other(real_office: Office) -> None:
    """An act that holds the subject's line and then wants its debts meets a clock that has the debts in its hand."""
    subjects = [f"case:{number}" for number in range(40)]
    for subject in subjects:
        real_office.owe(LEGAL, subject=subject, rungs=SEVERAL)
        real_office.owe(TARGET, subject=subject, rungs=SEVERAL)

    def settle_both(kinds: tuple[str, str]) -> int:
        for subject in subjects:
            with transaction.atomic():
                for kind in kinds:
                    ledger.settle(org=real_office.org, kind=kind, subject=subject, by=real_office.by, now=AFTER)
        return 0

    at_once(drain, drain, lambda: settle_both((LEGAL, TARGET)))
    drain()
    assert Commitment.objects.filter(settled_at=None).count() == 0
    assert Step.objects.filter(taken_at=None, lifted_at=None).count() == 0
    late = Entry.objects.filter(verb="commitments.commitment_late").values_list("data", flat=True)
    assert sorted(data["commitment"] for data in late) == sorted(Commitment.objects.values_list("pk", flat=True))


def test_a_clock_leaves_the_subject_that_somebody_holds(real_office: Office) -> None:
    real_office.owe(subject="case:1"), real_office.owe(subject="case:2")
    for subject in ("case:1", "case:2"):
        ledger.pause(org=real_office.org, kind=LEGAL, subject=subject, by=real_office.by, now=MONDAY)
        real_office.owe(TARGET, subject=subject)
    with transaction.atomic():
        assert hold_free(org=real_office.org, subjects={"case:1", "case:9"}) == {"case:1", "case:9"}
        assert at_once(lambda: tick(now=AFTER)) == [4]
        assert set(Step.objects.exclude(taken_at=None).values_list("commitment__subject", flat=True)) == {"case:2"}
    assert tick(now=AFTER) == 4


def test_two_people_owe_the_same_once(real_office: Office) -> None:
    first, second = at_once(lambda: real_office.owe().pk, lambda: real_office.owe().pk)
    assert first == second
    assert Step.objects.count() == 4


def test_two_people_settle_the_same_once(real_office: Office) -> None:
    real_office.owe()

    def settle() -> bool:
        found = ledger.settle(org=real_office.org, kind=LEGAL, subject=CASE, by=real_office.by, now=MONDAY)
        return found is not None

    assert sorted(at_once(settle, settle)) == [False, True]
    assert real_office.told() == ["commitment_met"]
