"""Papers of who asked not to be known are reserved by every door: each was shown here before it was mended."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from escucha.contexts.cases.operations.reserving import reserve_case
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.attaching import attach, keep_back
from escucha.contexts.documents.operations.copying import make_copies
from escucha.contexts.documents.queries import files_about
from escucha.flows.person_files_with_papers_and_consents import Paper, file_with_papers
from escucha.flows.staff_attach_files_to_case import Upload, attach_to_case
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import ANA, TUESDAY
from tests.contexts.documents.conftest import a_file
from tests.contexts.documents.made import AUTHOR, a_letter
from tests.contexts.messaging.arriving.letters import a_letter as a_mail
from tests.contexts.messaging.arriving.letters import answer_address, settled
from tests.make import a_case, a_routed_case


@pytest.mark.parametrize("by_staff", [False, True])
def test_papers_of_who_asked_not_to_be_known_do_not_say_who(cafetal, store, by_staff):
    """Its identity is shown by an act that is written down; any reader of the case had it from the paper."""
    paper = SimpleUploadedFile(f"queja de {AUTHOR}.docx", a_letter())
    here = {"org": cafetal.org, "now": TUESDAY}
    papers = [] if by_staff else [Paper(paper, paper.name)]
    said = {"person": ANA, "matter": "Piscina", "body": "El jefe de recreación cobra por reservar la piscina."}
    case = file_with_papers(
        channel="web", papers=papers, identity_reserved=True, letter_key="a", filing_key="a", **said | here
    )
    if by_staff:
        uploads = [Upload(paper, paper.name)]
        attach_to_case(case_id=case.pk, uploads=uploads, kind="evidence", by=cafetal.actor("lucia"), **here)
    [file] = File.objects.all()
    assert file.reserved and AUTHOR not in file.name


def test_what_comes_by_mail_for_who_asked_not_to_be_known_is_reserved(cafetal, store):
    """The letter itself too: it says from whom it comes."""
    case = a_case(cafetal, identity_reserved=True)
    answer = a_mail(to=answer_address(cafetal, case.subject), files=[(f"queja de {AUTHOR}.docx", a_letter())])
    settled(cafetal, answer, now=TUESDAY + timedelta(hours=1))
    files = {one.file.name: one.file.reserved for one in files_about(org=cafetal.org, subject=case.subject)}
    assert files == {"correo.eml": True, "archivo.docx": True}


@pytest.mark.parametrize("said", [{"identity_reserved": True}, {"reserved": True}])
def test_what_is_kept_already_is_reserved_with_its_case(cafetal, store, said):
    file = a_file(cafetal, a_letter(), name=f"queja de {AUTHOR}.docx")
    case = a_case(cafetal, attachments=[file], **said)
    file.refresh_from_db()
    assert file.reserved
    assert keep_back(org=cafetal.org, subject=case.subject, by=CITIZEN, now=TUESDAY) == 0


def test_what_a_case_had_before_it_was_reserved_is_reserved_too(cafetal, store):
    case = a_routed_case(cafetal)
    file = a_file(cafetal, a_letter(), name=f"queja de {AUTHOR}.docx")
    attach(org=cafetal.org, file=file, subject=case.subject, kind="evidence", by=CITIZEN, now=TUESDAY)
    reserve_case(org=cafetal.org, case_id=case.pk, by=cafetal.actor("gabriel"), now=TUESDAY)
    make_copies(now=TUESDAY)
    file.refresh_from_db()
    assert file.reserved and file.shown


@pytest.mark.slow
def test_a_case_is_not_held_while_its_files_are_written(real_cafetal, store):
    """Who reserved it meanwhile waited for a disk; and what was being written was then attached, open to anybody."""
    case, reserved = a_routed_case(real_cafetal), threading.Event()
    same = {"org": real_cafetal.org, "case_id": case.pk, "now": TUESDAY}

    def reserve():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            reserve_case(by=real_cafetal.actor("gabriel"), **same)
            reserved.set()
        finally:
            connection.close()

    def written():
        yield a_letter()
        thread = threading.Thread(target=reserve)
        thread.start()
        thread.join(10)

    uploads = [Upload(written(), f"queja de {AUTHOR}.docx")]
    with pytest.raises(NoSuchCase):
        attach_to_case(uploads=uploads, kind="evidence", by=real_cafetal.actor("lucia"), **same)
    assert reserved.is_set()
    assert not File.objects.exists()
