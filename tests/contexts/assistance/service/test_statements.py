"""What the acts of every assistance ask of the database: the busiest hour does fifty thousand of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import MINUTE, brought_to, do

MOST = {"arrive": 0, "load": 0, "ask": 0}


@pytest.mark.parametrize(("act", "stage"), [("arrive", "confirm"), ("load", "finish"), ("ask", "finish")])
def test_an_act_reads_nothing_twice(quetzal, act, stage):
    found = brought_to(quetzal, stage)
    with CaptureQueriesContext(connection) as captured:
        do(quetzal, found, act, now=TUESDAY + 300 * MINUTE)
    statements = [one["sql"] for one in captured]
    assert not [sql for sql in statements if "orgs_profileversion" in sql.split("WHERE")[0].split("JOIN")[0]]
    print(act, len(statements))
    assert len(statements) <= MOST[act]
