"""Nothing lost: parts of the running product are killed at random moments, and what was acknowledged is there.

`KILLS_SEED` repeats a run. The order and the pauses of the kills come back; what the processes were doing does not.
"""

import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.long.backlog import a_batch, a_real_house, a_worker, has_come, until, waiting, what_was_done
from tests.long.citizens import Citizens
from tests.long.installation import Installation, a_seed, memory_of, note
from tests.long.mail_server import mail_server
from tests.setup.processes import lives, soon

SLUGS = ("cafetal", "vidamar", "corrioverde")
KILLS = ["page"] * 6 + ["worker"] * 5 + ["postgres"] * 5 + ["web"] * 4
PARTS = ("postgres", "web", "page", "worker")

pytestmark = pytest.mark.long

DEBTS = """
SELECT one.id, array_agg(debt.kind || ' ' || (
    SELECT count(*) FROM commitments_step step WHERE step.commitment_id = debt.id))
FROM cases_case one LEFT JOIN commitments_commitment debt
    ON debt.org_id = one.org_id AND debt.subject = 'case:' || one.id
GROUP BY one.id
"""
COUNTS = """
SELECT one.id,
    (SELECT count(*) FROM {table} row WHERE row.org_id = one.org_id AND row.subject = 'case:' || one.id AND {wanted})
FROM cases_case one
"""


@pytest.fixture
def house(tmp_path: Path):
    made = Installation(tmp_path, ESCUCHA_PROXIES="127.0.0.1")
    yield made
    if made.process and made.process.poll() is None:
        made.stop()


def test_what_a_citizen_was_shown_is_there(house):
    """Web, worker and database are killed twenty times while four people file."""
    random = a_seed()
    note(f"first start: {house.start():.1f} s")
    citizens = Citizens(house.port, SLUGS, random)
    citizens.start(4)
    try:
        back = killed_at_random(house, random)
    finally:
        citizens.stop()
    note(f"seconds until it served again: { {part: [round(one, 1) for one in took] for part, took in back.items()} }")
    memory = {part: round(memory_of(house.pid_of(part))) for part in PARTS}
    note(f"MB: {memory}, supervisor {memory_of(house.process.pid):.0f}")

    assert citizens.failed == []
    note(f"{len(citizens.shown)} receipts, {sum(one.sent > 1 for one in citizens.shown)} sent more than once")
    assert len(citizens.shown) >= 20
    house.wait(lambda: not house.rows("SELECT FROM messaging_message WHERE state = 'queued'"))
    everything_shown_is_there(house, citizens)
    verified = house.order("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def killed_at_random(house: Installation, random: Random) -> dict[str, list[float]]:
    """Kills parts, each after a moment of work; how long each time until pages and parts were back."""
    back: dict[str, list[float]] = {}
    for part in random.sample(KILLS, len(KILLS)):
        time.sleep(random.random() * 1.5)
        before = house.pid_of(part)
        if not house.kill(part):
            continue
        begun = time.monotonic()
        house.wait(lambda part=part, before=before: house.pid_of(part) not in (None, before))
        house.wait(lambda: house.is_serving("/radicar/", "cafetal.localhost"))
        back.setdefault(part, []).append(time.monotonic() - begun)
    house.wait(lambda: all(house.pid_of(part) for part in PARTS))
    return back


def everything_shown_is_there(house: Installation, citizens: Citizens) -> None:
    cases = house.rows(
        "SELECT org.slug, one.receipt_code, one.filing_number, one.id, substring(one.body FROM 'marca [0-9]+-[0-9]+') "
        "FROM cases_case one JOIN orgs_organisation org ON org.id = one.org_id"
    )
    by_code = {code: (slug, number, mark) for slug, code, number, _id, mark in cases}
    for one in citizens.shown:
        assert by_code[one.code] == (one.slug, one.number, one.mark)
    assert max(Counter(mark for *_, mark in cases).values()) == 1, "a form made two cases"
    assert len(cases) == len(citizens.shown), "each person insisted until the receipt was shown"
    for slug in SLUGS:
        numbers = sorted(int(number.rpartition("-")[2]) for where, _code, number, *_ in cases if where == slug)
        assert numbers == list(range(1, len(numbers) + 1)), "numbers without gap or repeat"
    for _id, debts in house.rows(DEBTS):
        assert sorted(debt.split()[0] for debt in debts) == ["cases.classification", "cases.legal_term"]
        assert all(int(debt.split()[1]) > 0 for debt in debts), "its steps wait"
    filed = COUNTS.format(table="timeline_entry", wanted="verb = 'cases.case_filed' AND number = 1")
    told = COUNTS.format(table="messaging_message", wanted="template = 'acknowledged' AND state = 'kept'")
    for query in (filed, told):
        assert {count for _id, count in house.rows(query)} == {1}


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_thirty_times_does_everything_once(tmp_path):
    """Steps, errands and messages wait; the worker is killed as it comes, or a moment after it has begun."""
    random = a_seed()
    house = a_real_house()
    with mail_server() as mail:
        a_batch(house)
        finish(mail, tmp_path)
        one_batch = what_was_done()
        cut = 0
        for _kill in range(30):
            a_batch(house)
            left = waiting()
            with a_worker(mail, tmp_path) as worker:
                until(has_come, worker)
                if random.random() < 0.8:
                    until(lambda left=left: waiting() != left, worker)
                time.sleep(random.random() * 0.5)
                worker.kill()
                worker.wait()
            cut += waiting() > 0
        finish(mail, tmp_path)
        done = what_was_done()

    assert cut >= 10, "most were killed with work in their hands"
    assert done == Counter({name: count * 31 for name, count in one_batch.items()})
    assert len(mail.taken) == done["sent"]
    twice = mail.taken.total() - len(mail.taken)
    note(f"killed in the middle {cut} times; {done['messages']} messages, {twice} mailed twice")
    assert twice <= 30, "only the one in the hand of the killed"


def finish(mail, folder: Path) -> None:
    with a_worker(mail, folder) as worker:
        until(lambda: not waiting(), worker)


class TestStopping:
    def test_killed_stopped_and_started_again(self, house):
        """SIGKILL to what watches over all: nothing stays, the next start recovers. Ctrl-C: all ends in 5 seconds."""
        random = a_seed()
        house.start()
        citizens = Citizens(house.port, SLUGS, random)
        citizens.start(4)
        time.sleep(3 + random.random())
        below = house.everything()
        house.process.kill()
        house.process.wait()
        assert soon(lambda: not [pid for pid in below if lives(pid)])

        note(f"start after the kill: {house.start():.1f} s")
        time.sleep(2 + random.random())
        second = house.order("run")
        assert second.returncode == 1
        assert f"ya está funcionando en http://localhost:{house.port}/" in second.stderr

        below = house.everything()
        took = house.stop()
        note(f"Ctrl-C under load: {took:.1f} s")
        assert took < 5
        assert house.process.returncode == 0
        assert not [pid for pid in below if lives(pid)]

        note(f"start after Ctrl-C: {house.start():.1f} s")
        citizens.stop()
        assert citizens.failed == []
        house.wait(lambda: not house.rows("SELECT FROM messaging_message WHERE state = 'queued'"))
        everything_shown_is_there(house, citizens)
        assert house.order("verify").returncode == 0

    def test_killed_with_what_serves_the_pages(self, house):
        """The hardest: web and supervisor killed at once leave the process that serves an orphan."""
        house.start()
        below = house.everything()
        house.kill("web")
        house.process.kill()
        house.process.wait()
        assert soon(lambda: not [pid for pid in below if lives(pid)])

        house.start()
        assert house.is_serving("/radicar/", "cafetal.localhost")
