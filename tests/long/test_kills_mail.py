"""No letter is lost, and none is filed twice: the reader of mailboxes is killed a hundred times while letters arrive.

`KILLS_SEED` repeats a run. The letters and the pauses come back; what the process was doing does not.
"""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from django.db import connection
from django.utils import timezone

from escucha.contexts.cases.models import Case, Word
from escucha.contexts.messaging.models import Arrival, MailboxBalance, Message
from escucha.kernel.timeline.models import Entry
from tests.contexts.messaging.arriving.dovecot import Dovecot, dovecot
from tests.contexts.messaging.arriving.letters import CORPUS, a_letter, answer_address
from tests.long.backlog import a_real_house, until
from tests.long.installation import CLEAN, ESCUCHA, a_seed, note
from tests.make import House, a_case

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
KILLS = int(os.environ.get("KILLS", "100"))
USER, ROBOT = "caja", "auto_submitted"
DRAIN = 600  # seconds: what a killed reader had in its hands is taken up when its lease ends


class Put(NamedTuple):
    """What was delivered, by what shall become of it."""

    raw: bytes
    becomes: str


def test_every_letter_is_one_case_or_waits_or_is_known_twice(tmp_path, settings):
    random = a_seed()
    house = a_real_house()
    about = a_case(house, now=timezone.now(), person={"name": "Ana", "email": "ana@example.org"})
    secret = {"ESCUCHA_SECRET": settings.SECRET_KEY}
    with dovecot() as server:
        put: list[Put] = []
        came = 0
        for _kill in range(KILLS):
            put += deliver_some(server, house, about, put, random)
            with a_reader(server, tmp_path, secret) as reader:
                came += killed_somewhere(reader, random)
        note(f"{len(put)} letters; {came} of {KILLS} readers were killed at work")
        left = Counter(Arrival.objects.values_list("state", flat=True))
        note(f"after the last kill: {dict(left)}, {len(put) - sum(left.values())} not yet taken")

        with a_reader(server, tmp_path, secret) as reader:
            begun = time.monotonic()
            until_settled(reader, len(put))
            note(f"everything settled after {time.monotonic() - begun:.0f} s")
            until(lambda: not server.uids(USER, "UNSEEN"), reader)
        order("read_mail", "--once", server=server, folder=tmp_path, secret=secret)
        assert came >= KILLS // 2, "most were killed with work in their hands"
        assert len(server.uids(USER)) == len(put)
        everything_is_accounted_for(put, about)


def deliver_some(server: Dovecot, house: House, about: Case, before: list[Put], random: Random) -> list[Put]:
    made = []
    for _letter in range(random.randint(1, 4)):
        number = len(before) + len(made)
        kind = random.choice(["case"] * 5 + ["word", "robot", "repeated"])
        if kind == "repeated" and not before:
            kind = "case"
        made.append(Put(written(kind, number, house, about, before, random), kind))
    server.put(USER, *[one.raw for one in made])
    return made


def written(kind: str, number: int, house: House, about: Case, before: list[Put], random: Random) -> bytes:
    marked = {"Message_ID": f"<kill-{number}@example.org>"}
    if kind == "repeated":
        return random.choice(before).raw
    if kind == "robot":
        return (CORPUS / f"{ROBOT}.eml").read_bytes().replace(b"<auto@", f"<auto-{number}@".encode())
    if kind == "word":
        return a_letter(f"marca {number}", to=answer_address(house, about.subject), **marked)
    sender = f"persona{number}@example.org"
    return a_letter(f"marca {number}", sender=sender, files=[("a.txt", os.urandom(2000))], **marked)


@contextmanager
def a_reader(server: Dovecot, folder: Path, secret: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "reader.log").open("ab") as log:
        process = subprocess.Popen(
            [ESCUCHA, "read_mail"], env=environment(server, folder, secret), stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def order(*words: str, server: Dovecot, folder: Path, secret: dict[str, str]) -> None:
    subprocess.run([ESCUCHA, *words], env=environment(server, folder, secret), check=True, capture_output=True)


def environment(server: Dovecot, folder: Path, secret: dict[str, str]) -> dict[str, str]:
    own = connection.settings_dict
    return CLEAN | secret | {
        "DATABASE_URL": f"postgresql://{own['USER']}@/{own['NAME']}?host={own['HOST']}&port={own['PORT']}",
        "ESCUCHA_VAR": str(folder),
        "ESCUCHA_MAILBOX_CAFETAL_ESCUCHA": server.url(USER),
        "PGAPPNAME": "the reader",
    }  # fmt: skip


def killed_somewhere(reader: subprocess.Popen[bytes], random: Random) -> bool:
    """SIGKILL as it comes, or a moment after its work has begun; whether it had begun."""
    at = progress()
    if random.random() < 0.85:
        until(lambda: progress() != at or reader.poll() is not None, reader)
        time.sleep(random.random() * 0.4)
    else:
        time.sleep(random.random() * 3)
    began = progress() != at
    reader.kill()
    reader.wait()
    return began


def progress() -> tuple[int, ...]:
    settled = Arrival.objects.exclude(settled_at=None).count()
    return Arrival.objects.count(), Arrival.objects.exclude(parsed_at=None).count(), settled


def until_settled(reader: subprocess.Popen[bytes], many: int) -> None:
    patience = time.monotonic() + DRAIN
    while Arrival.objects.exclude(settled_at=None).count() < many:
        assert reader.poll() is None, "the reader ended"
        assert time.monotonic() < patience, Counter(Arrival.objects.values_list("state", "attempts"))
        time.sleep(0.5)


def everything_is_accounted_for(put: list[Put], about: Case) -> None:
    arrivals = list(Arrival.objects.order_by("uid"))
    assert [one.uid for one in arrivals] == list(range(1, len(put) + 1)), "each letter is one row"
    for one, (_raw, becomes) in zip(arrivals, put, strict=True):
        assert one.state in EXPECTED[becomes], (one, becomes)
    balance = MailboxBalance.objects.latest("at")
    assert (balance.in_mailbox, balance.in_ledger, balance.missing) == (len(put), len(put), 0)

    filed = [one for one in arrivals if one.state == "filed"]
    cases = Case.objects.exclude(pk=about.pk)
    words = Word.objects.filter(case=about)
    assert len(filed) == cases.count() + words.count(), "each letter is one case or one word"
    assert {one.subject for one in filed} == {case.subject for case in cases} | ({about.subject} if words else set())
    assert sorted(words.values_list("arrival", flat=True)) == sorted(
        one.pk for one in filed if one.subject == about.subject
    )
    marks = Counter(
        body.split("\n")[0] for body in [*cases.values_list("body", flat=True), *words.values_list("body", flat=True)]
    )
    assert set(marks.values()) <= {1}, "nothing was filed twice"

    numbers = sorted(int(case.filing_number.rpartition("-")[2]) for case in Case.objects.all())
    assert numbers == list(range(1, len(numbers) + 1)), "numbers without gap or repeat"
    told = Counter(Message.objects.filter(template="acknowledged").values_list("subject", flat=True))
    assert told == Counter(case.subject for case in Case.objects.all()), "each was acknowledged once"
    arrived = Counter(Entry.objects.filter(verb="messaging.mail_arrived").values_list("subject", flat=True))
    assert arrived == Counter(f"arrival:{one.pk}" for one in arrivals)


EXPECTED = {
    "case": {"filed", "parked"},  # parked: killed in the hands of its reader as often as a letter is tried
    "word": {"filed", "parked"},
    "robot": {"parked"},
    "repeated": {"duplicate"},
}
