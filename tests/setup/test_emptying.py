"""After a test with real transactions the list of places is there, in whatever order the tables are emptied."""

import pytest

from tests.fixtures import without_places


@pytest.mark.parametrize("tables", ['"people_place", "a", "b"', '"a", "people_place", "b"', '"a", "b", "people_place"'])
def test_the_places_are_left_out_wherever_they_stand(tables):
    assert without_places(f"TRUNCATE {tables};") == 'TRUNCATE "a", "b";'
