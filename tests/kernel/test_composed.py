"""A composed question answers what its queryset would, with one statement and whatever values."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.composed import Blank, Composed, insert, next_key
from escucha.kernel.orgs.models import Member, ProfileVersion, Unit
from tests.kernel.commitments.making import CALENDAR, CASE, LEGAL, MONDAY, TARGET, Office, an_office


@pytest.fixture
def office(db: None) -> Office:
    office = an_office()
    for subject in (CASE, "case:2"):
        for kind, member in ((LEGAL, office.bruno), (TARGET, None)):
            debt = office.debt(kind, owner=ledger.Owner(unit=office.unit, member=member), reckoning={"rule": ["a", 1]})
            ledger.owe(
                org=office.org, subject=subject, debt=debt, version=office.version, calendar=CALENDAR, now=MONDAY
            )
    return office


def same(question: Composed[Any], queryset: QuerySet[Any], **values: object) -> list[Any]:
    """What both answer, once it is known to be the same: rows, what was left out, and what was read along."""
    expected, answered = list(queryset), question.ask(**values)
    for one, other in zip(answered, expected, strict=True):
        alike(one, other)
    return answered


def alike(one: Any, other: Any) -> None:
    assert {name: vars(one)[name] for name in vars(one).keys() - {"_state"}} == {
        name: vars(other)[name] for name in vars(other).keys() - {"_state"}
    }
    assert one._state.fields_cache.keys() == other._state.fields_cache.keys()
    for name, along in one._state.fields_cache.items():
        if along is None:
            assert other._state.fields_cache[name] is None
        else:
            alike(along, other._state.fields_cache[name])


def test_rows_with_what_was_read_along_or_was_not_there(office: Office) -> None:
    def debts(org: object, subject: object) -> QuerySet[Commitment]:
        found = Commitment.objects.filter(org=org, subject=subject, settled_at=None)
        return found.select_related("owner_unit", "owner_member__account").order_by("id")

    question = Composed(lambda: debts(Blank("org"), Blank("subject")))
    found = same(question, debts(office.org, CASE), org=office.org.pk, subject=CASE)
    assert [one.owner_member for one in found] == [office.bruno, None]
    assert found[0].reckoning["rule"] == ["a", 1]
    again = same(question, debts(office.org, "case:2"), org=office.org.pk, subject="case:2")
    assert {one.pk for one in again}.isdisjoint({one.pk for one in found})


def test_columns_that_were_left_out_are_read_when_they_are_asked_for(office: Office) -> None:
    question = Composed(lambda: ProfileVersion.objects.filter(pk=Blank("id")).defer("document"))
    [found] = same(
        question, ProfileVersion.objects.filter(pk=office.version.pk).defer("document"), id=office.version.pk
    )
    assert found.get_deferred_fields() == {"document"}
    assert found.document == office.version.document


def test_each_is_one_statement_and_the_first_alone_is_composed(office: Office) -> None:
    composed = 0

    def members() -> QuerySet[Member]:
        nonlocal composed
        composed += 1
        return Member.objects.filter(pk=Blank("id"))

    question = Composed(members)
    with CaptureQueriesContext(connection) as queries:
        assert [question.first(id=one.pk) for one in (office.bruno, office.carla)] == [office.bruno, office.carla]
        assert question.first(id=0) is None
    assert (composed, len(queries)) == (1, 3)


def test_a_list_stands_in_one_place(office: Office) -> None:
    chosen = Member.objects.extra(where=["id = ANY(%s)"], params=[Blank("ids")]).order_by("id")
    question = Composed(lambda: chosen)
    assert question.ask(ids=[office.bruno.pk, office.carla.pk]) == [office.bruno, office.carla]
    assert question.ask(ids=[]) == []


def test_locks_what_the_queryset_would_lock(office: Office) -> None:
    question = Composed(lambda: Member.objects.filter(pk=Blank("id")).select_for_update())
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        question.ask(id=office.bruno.pk)
    assert queries[0]["sql"].endswith("FOR UPDATE")


@pytest.mark.django_db(transaction=True)
def test_locks_nothing_outside_a_transaction_however_often_it_was_asked() -> None:
    question = Composed(lambda: Member.objects.filter(pk=Blank("id")).select_for_update())
    with transaction.atomic():
        assert question.ask(id=0) == []
    with pytest.raises(transaction.TransactionManagementError):
        question.ask(id=0)


def test_a_value_is_never_a_part_of_the_statement(office: Office) -> None:
    question = Composed(lambda: Commitment.objects.filter(subject=Blank("subject")))
    assert question.ask(subject="' OR true --") == []


def test_a_value_that_is_missing_is_an_error(office: Office) -> None:
    with pytest.raises(KeyError):
        Composed(lambda: Member.objects.filter(pk=Blank("id"))).ask()


def test_a_row_is_written_with_the_key_that_was_taken_for_it_and_the_next_with_the_next(office: Office) -> None:
    key = next_key(Unit)
    named = insert(Unit(pk=key, org=office.org, key="quejas", label="Quejas", central=False))
    after = insert(Unit(org=office.org, key="caja", label="Caja", central=False))
    assert (named.pk, after.pk) == (key, key + 1)
    assert set(Unit.objects.filter(pk__in=[key, key + 1]).values_list("label", flat=True)) == {"Quejas", "Caja"}
