"""What the acts of every assistance ask of the database: the busiest hour does fifty thousand of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import MINUTE, brought_to, do

MOST = {"arrive": 38, "load": 29, "ask": 28}


@pytest.mark.parametrize(("act", "stage"), [("arrive", "confirm"), ("load", "finish"), ("ask", "finish")])
def test_an_act_reads_nothing_twice(quetzal, act, stage):
    found = brought_to(quetzal, stage)
    with CaptureQueriesContext(connection) as captured:
        do(quetzal, found, act, now=TUESDAY + 300 * MINUTE)
    statements = [one["sql"] for one in captured]
    assert not [sql for sql in statements if 'FROM "orgs_profileversion"' in sql]
    assert len(statements) <= MOST[act]
