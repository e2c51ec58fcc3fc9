"""Terms reckoned by hand, one line each, against `escucha reckon`."""

import pytest

from tests.reckon.asking import Answer, ask
from tests.reckon.by_hand import BUSINESS, CALENDAR, INSTANTS, RECEIPT, ZONES, Line
from tests.reckon.by_hand_events import EXTENSIONS, PAUSES, STAGES
from tests.reckon.judging import differences

pytestmark = pytest.mark.requirement("MORE-01.1")

GROUPS = {
    "business": BUSINESS,
    "receipt": RECEIPT,
    "calendar": CALENDAR,
    "instants": INSTANTS,
    "zones": ZONES,
    "pauses": PAUSES,
    "extensions": EXTENSIONS,
    "stages": STAGES,
}
TABLE = [(f"{group}: {line.name}", line) for group, lines in GROUPS.items() for line in lines]


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    return {name: answer for (name, _), answer in zip(TABLE, ask([line.asked for _, line in TABLE]), strict=True)}


@pytest.mark.parametrize(("name", "line"), TABLE, ids=[name for name, _ in TABLE])
def test_the_command_reckons_as_the_hand(name: str, line: Line, answers: dict[str, Answer]) -> None:
    assert not differences({"due_date": line.due, **line.more}, answers[name])
