"""Work that waits for the worker, the worker itself as a process to be killed, and what came of the work."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from escucha.contexts.messaging.models import Message
from escucha.kernel.commitments.facts import CommitmentLate, StepReached
from escucha.kernel.commitments.models import Step
from escucha.kernel.orgs.operations import put_in_force
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.models import Entry, Errand
from tests.cast import TUESDAY
from tests.long.installation import CLEAN, ESCUCHA
from tests.long.mail_server import Mail
from tests.make import House, a_case, a_house, a_routed_case
from tests.make import profile as profile_read

PATIENCE = 90


def a_real_house() -> House:
    """One that is no example, so that its messages go out."""
    house = a_house("cafetal")
    read = profile_read("cafetal")
    own = read.raw | {"organisation": dict(read.raw["organisation"]) | {"sample": False}}
    real = Profile("cafetal", dict(read.document) | {"profile": own})
    moment = TUESDAY - timedelta(days=1)
    version = put_in_force(profile=real, host=house.org.host, valid_from=moment, now=moment)
    return house._replace(profile=real, org=version.org)


def a_batch(house: House) -> None:
    """Three cases that nobody answered: all their steps have come, and none was taken."""
    a_case(house)
    a_routed_case(house)
    a_routed_case(house, unit="vivienda")


def waiting() -> int:
    """How much there is to do."""
    now = timezone.now()
    steps = Step.objects.filter(taken_at=None, lifted_at=None, at__lte=now).count()
    errands = Errand.objects.filter(done_at=None).count()
    return steps + errands + Message.objects.filter(state=Message.State.QUEUED).count()


@contextmanager
def a_worker(mail: Mail, folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`escucha work` on the database of the test."""
    own = connection.settings_dict
    address = f"postgresql://{own['USER']}@/{own['NAME']}?host={own['HOST']}&port={own['PORT']}"
    environment = CLEAN | {
        "DATABASE_URL": address,
        "ESCUCHA_VAR": str(folder),
        "ESCUCHA_SMTP": f"smtp://127.0.0.1:{mail.server_address[1]}",
        "PGAPPNAME": "the worker",
    }
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen([ESCUCHA, "work", *words], env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def has_come() -> bool:
    """Whether a worker is talking to the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'the worker'")
        return bool(cursor.fetchone()[0])


def until(happens: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    patience = time.monotonic() + PATIENCE
    while not happens():
        assert process.poll() is None, "the worker ended"
        assert time.monotonic() < patience
        time.sleep(0.01)


def what_was_done() -> Counter[str]:
    """Everything that work leaves behind, counted; asserts that nothing of it was done twice."""
    taken = Step.objects.exclude(taken_at=None)
    told = [(entry.verb, entry.data["commitment"], entry.data.get("step", "")) for entry in _told()]
    assert len(told) == len(set(told)) == taken.count(), "a step is told once"
    messages = list(Message.objects.values_list("subject", "template", "to", "body"))
    assert len(messages) == len(set(messages)), "nobody is told the same twice"
    verbs = Counter(Entry.objects.values_list("verb", flat=True))
    sent = Message.objects.filter(state=Message.State.SENT).count()
    errands = Errand.objects.exclude(done_at=None).count()
    return verbs + Counter({"steps": taken.count(), "errands": errands, "sent": sent, "messages": len(messages)})


def _told() -> list[Entry]:
    return list(Entry.objects.filter(verb__in=[StepReached.verb, CommitmentLate.verb]))
