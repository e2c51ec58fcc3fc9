"""Files and attachments under the role of web and worker: all that a file lives through, and nothing that loses it."""

import pytest
from django.db import ProgrammingError, connection, transaction

from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.attaching import detach, keep_back, reattach, unseal
from escucha.contexts.documents.operations.copying import make_copies
from escucha.contexts.documents.operations.scanning import scan_waiting
from escucha.contexts.documents.operations.sweeping import sweep_orphans
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import TUESDAY
from tests.contexts.documents.conftest import a_file
from tests.contexts.documents.made import EICAR, a_photo
from tests.contexts.documents.test_attaching import ABOUT, attached


@pytest.fixture
def as_run(cafetal):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
    yield cafetal
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")


def test_a_file_lives_its_whole_life(as_run, store, settings, clamd):
    settings.CLAMD = clamd
    photo, sick = a_file(as_run, a_photo(), name="foto.jpg"), a_file(as_run, EICAR)
    one, _other = attached(as_run, photo), attached(as_run, sick)
    said = {"org": as_run.org, "attachment_id": one.pk, "subject": ABOUT, "by": CITIZEN, "now": TUESDAY}
    assert (scan_waiting(now=TUESDAY), make_copies(now=TUESDAY)) == (2, 1)
    unseal(**said)
    detach(**said)
    reattach(**said)
    assert sweep_orphans(now=TUESDAY) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM documents_file",
        "DELETE FROM documents_attachment",
        "UPDATE documents_file SET digest = repeat('0', 64)",
        "UPDATE documents_file SET key = 'otra', size = 1, name = 'otro', original_name = ''",
        "UPDATE documents_attachment SET subject = 'case:1'",
        "UPDATE documents_attachment SET file_id = 1, number = 9",
    ],
)
def test_nothing_that_was_received_is_lost_or_moved(as_run, store, statement):
    attached(as_run)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_was_reserved_stays_so(as_run, store):
    attached(as_run)
    assert keep_back(org=as_run.org, subject=ABOUT, by=CITIZEN, now=TUESDAY) == 1
    with pytest.raises(ProgrammingError, match="no deja de serlo"), transaction.atomic():
        File.objects.update(reserved=False)
    assert keep_back(org=as_run.org, subject=ABOUT, by=CITIZEN, now=TUESDAY) == 0
