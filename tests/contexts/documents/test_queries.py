"""The doors to files: each gives what is of its organisation and its subject, and nothing that was taken off."""

import pytest

from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.attaching import attach, detach, keep_back
from escucha.contexts.documents.operations.copying import make_copies
from escucha.contexts.documents.queries import (
    NoSuchAttachment,
    all_about,
    attachment_for_change,
    file_counts,
    file_to_read,
    files_about,
    has_same,
    open_shown,
    subjects_of,
)
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.record import entries_about
from tests.cast import TUESDAY
from tests.contexts.documents.conftest import a_file
from tests.contexts.documents.made import a_letter, a_pdf, a_photo
from tests.make import a_house

ABOUT, BESIDE = "case:77", "case:78"


def attached(house, content, *, subject=ABOUT, file=None):
    file = file or a_file(house, content, name="prueba")
    return attach(org=house.org, file=file, subject=subject, kind="evidence", by=CITIZEN, now=TUESDAY)


@pytest.fixture
def three(cafetal, store):
    """One of the subject, one of another subject, and one of the same number in another organisation."""
    return attached(cafetal, b"una"), attached(cafetal, b"dos", subject=BESIDE), attached(a_house("vidamar"), b"tres")


class TestTheDoors:
    def test_list_what_is_of_the_subject_here(self, cafetal, three):
        mine, here = three[0], {"org": cafetal.org, "subject": ABOUT}
        assert [one.pk for one in files_about(**here)] == [one.pk for one in all_about(**here)] == [mine.pk]
        assert file_counts(org=cafetal.org, subjects=[ABOUT]) == {ABOUT: 1}

    @pytest.mark.parametrize("door", [file_to_read, attachment_for_change])
    def test_open_what_is_of_the_subject_here(self, cafetal, three, door):
        mine, *others = three
        second = attached(cafetal, b"otra")
        for one in (mine, second):
            assert door(org=cafetal.org, subject=ABOUT, attachment_id=one.pk) == one
        for one in others:
            with pytest.raises(NoSuchAttachment):
                door(org=cafetal.org, subject=ABOUT, attachment_id=one.pk)

    def test_know_the_same_bytes_where_they_are(self, cafetal, three):
        assert [has_same(org=cafetal.org, subject=ABOUT, digest=one.file.digest) for one in three] == [
            True,
            False,
            False,
        ]

    def test_know_of_what_a_file_is(self, cafetal, three):
        again = attached(cafetal, b"", file=three[0].file, subject=BESIDE)
        assert again.subject == BESIDE
        assert [subjects_of(one.file) for one in three] == [[ABOUT, BESIDE], [BESIDE], [ABOUT]]

    def test_show_no_copy_where_there_is_none(self, cafetal, three):
        with pytest.raises(OSError):
            list(open_shown(three[0].file))

    def test_do_not_count_what_was_taken_off(self, cafetal, three):
        mine, here = three[0], {"org": cafetal.org, "subject": ABOUT}
        detach(attachment_id=mine.pk, by=CITIZEN, now=TUESDAY, **here)
        with pytest.raises(NoSuchAttachment):
            file_to_read(attachment_id=mine.pk, **here)
        assert attachment_for_change(attachment_id=mine.pk, **here) == mine
        assert file_counts(org=cafetal.org, subjects=[ABOUT, BESIDE]) == {BESIDE: 1}
        assert not has_same(digest=mine.file.digest, **here)
        assert [one.pk for one in all_about(**here)] == [mine.pk]


class TestKeepingBack:
    def kept_back(self, house):
        return keep_back(org=house.org, subject=ABOUT, by=CITIZEN, now=TUESDAY)

    def test_is_of_the_subject_here_with_what_was_taken_off(self, cafetal, three):
        mine = three[0]
        detach(org=cafetal.org, subject=ABOUT, attachment_id=mine.pk, by=CITIZEN, now=TUESDAY)
        attached(cafetal, b"otra")
        assert self.kept_back(cafetal) == 2
        assert [File.objects.get(pk=one.file_id).reserved for one in three] == [True, False, False]
        [told] = [one for one in entries_about(org=cafetal.org, subject=ABOUT) if one.verb.endswith("kept_back")]
        assert told.data["files"] == 2

    @pytest.mark.parametrize(
        "content, waits",
        [(a_letter(), True), (a_pdf(), True), (b"Buenas tardes", False)],
        ids=["office", "pdf", "plain"],
    )
    def test_what_can_lose_its_hidden_data_waits_for_its_copy(self, cafetal, store, content, waits):
        one = attached(cafetal, content)
        self.kept_back(cafetal)
        assert (File.objects.get(pk=one.file_id).copy_at == TUESDAY) is waits

    def test_what_was_drawn_already_is_not_drawn_again(self, cafetal, store):
        one = attached(cafetal, a_photo())
        make_copies(now=TUESDAY)
        self.kept_back(cafetal)
        assert File.objects.get(pk=one.file_id).copy_at is None
        assert make_copies(now=TUESDAY) == 0

    def test_of_an_infected_file_no_copy_is_made(self, cafetal, store):
        one = attached(cafetal, a_letter())
        File.objects.filter(pk=one.file_id).update(state="infected", look_at=None)
        self.kept_back(cafetal)
        kept = File.objects.get(pk=one.file_id)
        assert kept.reserved and kept.copy_at is None

    def test_does_not_hurry_nor_delay_a_copy_that_waits(self, cafetal, store):
        one = attached(cafetal, a_photo())
        File.objects.filter(pk=one.file_id).update(copy_at=TUESDAY.replace(hour=23))
        self.kept_back(cafetal)
        assert File.objects.get(pk=one.file_id).copy_at == TUESDAY.replace(hour=23)
