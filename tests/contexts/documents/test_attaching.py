"""A file is attached once to a subject, taken off without being lost, and put back."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from escucha.contexts.documents.models import Attachment
from escucha.contexts.documents.operations.attaching import attach, detach, reattach, unseal
from escucha.contexts.documents.operations.refusal import Refused
from escucha.contexts.documents.queries import NoSuchAttachment, file_counts, file_to_read, files_about
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.record import entries_about
from tests.cast import TUESDAY
from tests.contexts.documents.conftest import a_file
from tests.make import a_house

ABOUT = "case:77"


def attached(house, file=None, *, subject=ABOUT, by=CITIZEN, **said):
    file = file or a_file(house)
    return attach(org=house.org, file=file, subject=subject, kind="evidence", by=by, now=TUESDAY, **said)


def facts(house, subject=ABOUT):
    return [one.verb for one in entries_about(org=house.org, subject=subject)]


class TestAttaching:
    def test_is_numbered_and_told_without_names(self, cafetal, store):
        file = a_file(cafetal, name="Cédula de Ana.txt")
        first, second = attached(cafetal, file), attached(cafetal)
        assert [first.number, second.number] == [1, 2]
        entry = entries_about(org=cafetal.org, subject=ABOUT)[0]
        assert entry.verb == "documents.file_attached"
        assert entry.data == {
            "attachment": first.pk,
            "number": 1,
            "file": file.pk,
            "kind": "evidence",
            "size": 6,
            "digest": file.digest,
            "content": "text/plain",
        }

    def test_twice_is_once(self, cafetal, store):
        file = a_file(cafetal)
        assert attached(cafetal, file).pk == attached(cafetal, file).pk
        assert facts(cafetal) == ["documents.file_attached"]

    def test_says_who_did_it(self, cafetal, store):
        assert attached(cafetal, by=cafetal.actor("lucia")).added_by_id == cafetal.members["lucia"].pk

    def test_a_file_of_another_organisation_is_not_found(self, cafetal, store):
        strange = a_file(a_house("vidamar"))
        with pytest.raises(NoSuchAttachment):
            attached(cafetal, strange)

    def test_to_two_subjects_is_two_attachments(self, cafetal, store):
        file = a_file(cafetal)
        attached(cafetal, file), attached(cafetal, file, subject="case:78")
        counts = file_counts(org=cafetal.org, subjects=[ABOUT, "case:78", "case:79"])
        assert counts == {ABOUT: 1, "case:78": 1}


class TestTakingOff:
    def test_keeps_it_and_can_be_undone(self, cafetal, store):
        one, by = attached(cafetal), cafetal.actor("lucia")
        said = {"org": cafetal.org, "attachment_id": one.pk, "subject": ABOUT, "by": by, "now": TUESDAY}
        detach(**said)
        detach(**said)
        assert files_about(org=cafetal.org, subject=ABOUT) == []
        with pytest.raises(NoSuchAttachment):
            file_to_read(org=cafetal.org, attachment_id=one.pk, subject=ABOUT)
        assert Attachment.objects.get().detached_by_id == by.member_id
        reattach(**said)
        reattach(**said)
        assert [here.pk for here in files_about(org=cafetal.org, subject=ABOUT)] == [one.pk]
        assert facts(cafetal) == [f"documents.file_{what}" for what in ("attached", "detached", "reattached")]

    @pytest.mark.parametrize("verb", [detach, reattach, unseal])
    def test_of_another_subject_or_organisation_is_not_found(self, cafetal, store, verb):
        one, other = attached(cafetal), a_house("vidamar")
        for org, subject in ((cafetal.org, "case:78"), (other.org, ABOUT)):
            with pytest.raises(NoSuchAttachment):
                verb(org=org, attachment_id=one.pk, subject=subject, by=CITIZEN, now=TUESDAY)


class TestTheSealedOriginal:
    def test_is_opened_and_it_is_written_down(self, cafetal, store):
        file = a_file(cafetal, reserved=True)
        one = attached(cafetal, file)
        lucia = cafetal.actor("lucia")
        assert unseal(org=cafetal.org, attachment_id=one.pk, subject=ABOUT, by=lucia, now=TUESDAY) == file
        assert facts(cafetal)[-1] == "documents.original_opened"

    def test_of_an_infected_file_is_opened_by_nobody(self, cafetal, store):
        file = a_file(cafetal, reserved=True)
        one = attached(cafetal, file)
        file.state, file.look_at = "infected", None
        file.save(update_fields=["state", "look_at"])
        with pytest.raises(Refused):
            unseal(org=cafetal.org, attachment_id=one.pk, subject=ABOUT, by=CITIZEN, now=TUESDAY)


def test_many_at_once_get_each_their_number(real_cafetal, store):
    files, gate = [a_file(real_cafetal) for _each in range(6)], Barrier(6)

    def do(file):
        gate.wait()
        try:
            return attached(real_cafetal, file).number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(do, files)) == [1, 2, 3, 4, 5, 6]
