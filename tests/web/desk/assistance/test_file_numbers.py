"""The numbers of files: six digits, and seven when those run out."""

import pytest

from escucha.contexts.assistance.models import AssistanceFile
from escucha.contexts.assistance.operations.opening import OF_NO_YEAR, SERIES
from escucha.contexts.assistance.queries.doors import assistance_by_number, file_by_number
from escucha.contexts.assistance.queries.files import Filters, file_row, files_in
from escucha.kernel.orgs.models import Counter
from tests.assisting import a_file, an_assistance
from tests.cast import TUESDAY
from tests.web.desk.assistance.at_assistance import AtPage


def given(house, last):
    """As if that many files had been opened before."""
    Counter.objects.update_or_create(org=house.org, series=SERIES, year=OF_NO_YEAR, defaults={"last": last})


def listed(house, **asked):
    found = files_in(org=house.org, viewer=house.actor("luz"), view="open", **asked)
    return [row.file.number for row in found]


@pytest.mark.requirement("ASIS-02.1")
class TestTheLastOfSixDigits:
    @pytest.fixture(autouse=True)
    def files(self, quetzal):
        given(quetzal, 899_998)
        self.files = [a_file(quetzal) for _turn in range(4)]

    def test_goes_on_with_seven_without_a_gap(self):
        assert [one.number for one in self.files] == [999_998, 999_999, 1_000_000, 1_000_001]

    def test_the_newest_stay_first_and_pages_go_on_across_the_edge(self, quetzal):
        assert listed(quetzal) == [1_000_001, 1_000_000, 999_999, 999_998]
        first = listed(quetzal, limit=2)
        before = AssistanceFile.objects.get(number=first[-1]).pk
        assert [*first, *listed(quetzal, limit=2, before=before)] == listed(quetzal)

    def test_is_found_by_what_is_said_of_it_and_never_for_a_part_of_it(self, quetzal):
        for said, found in (
            ("1000000", [1_000_000]),
            ("1000000/1", [1_000_000]),
            ("100000", []),
            ("999999", [999_999]),
        ):
            assert listed(quetzal, filters=Filters(text=said)) == found, said

    def test_its_assistances_are_called_by_it_and_open(self, quetzal, no_static_folder):
        one = an_assistance(quetzal, file=self.files[2])
        luz = quetzal.actor("luz")
        assert assistance_by_number(org=quetzal.org, viewer=luz, number=1_000_000, position=1) == one
        assert file_by_number(org=quetzal.org, viewer=luz, number=1_000_000) == self.files[2]
        assert file_row(org=quetzal.org, viewer=luz, number=1_000_000).file == self.files[2]
        at = AtPage(quetzal, one)
        assert at.see(now=TUESDAY).select_one("[data-assistance]")["data-assistance"] == "1000000/1"
        page = at.open("/mesa/asistencia/?vista=abiertos", now=TUESDAY)
        assert "1000000/1" in page.text
        assert at.open("/mesa/asistencia/1000000/", now=TUESDAY).status_code == 200
