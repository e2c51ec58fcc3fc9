"""After a test with real transactions there is nothing left of it, and what migrations brought is there."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from escucha.contexts.people.models import Place
from escucha.kernel.timeline.models import Entry
from tests.fixtures import BROUGHT, emptied_tables, empty_tables
from tests.make import an_answered_case

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def rows_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return cursor.fetchone()[0]


def test_every_table_is_left_empty_but_those_that_migrations_fill(real_cafetal):
    an_answered_case(real_cafetal)
    brought = [rows_of(table) for table in sorted(BROUGHT)]
    assert Entry.objects.exists()
    empty_tables()
    assert [table for table in emptied_tables() if rows_of(table)] == []
    assert [rows_of(table) for table in sorted(BROUGHT)] == brought
    assert Place.objects.count() == 1122
    assert ContentType.objects.count() < Permission.objects.count()


def test_where_nothing_was_written_there_is_nothing_to_do(db):
    empty_tables()
    empty_tables()
