"""A look-up by key is done by one process: calling others to fetch one row takes longer than fetching it."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.models import Affiliate
from escucha.contexts.assistance.queries.files import Filters, files_in
from tests.assisting import a_file


def planned(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL debug_parallel_query = on")  # whatever may be shared is
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_affiliates_of_a_document_are_fetched_by_one_process(quetzal):
    a_file(quetzal)
    with CaptureQueriesContext(connection) as captured:
        found = files_in(
            org=quetzal.org, viewer=quetzal.actor("luz"), view="all", filters=Filters(text="1.990.000.021")
        )
    [by_key] = [one["sql"] for one in captured if re.search(r'"keys" &&', one["sql"])]
    assert len(found) == 1
    assert "Gather" not in planned(by_key)
    assert "Gather" in planned(str(Affiliate.objects.filter(org=quetzal.org).values("pk").query))
