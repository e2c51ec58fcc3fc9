"""An act writes down what was said in it as it ends: all together, in its order, and only what still stands."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.models import Entry
from escucha.kernel.timeline.news import CHANNEL, announce
from escucha.kernel.timeline.record import newest, record, record_first
from escucha.kernel.timeline.saying import Said, say
from escucha.kernel.timeline.verify import chain_verdict
from tests.kernel.timeline.saying import BRUNO, CASE, NOON, Spoken


def told(org: Organisation) -> list[tuple[str, object]]:
    return [(one.subject, one.data["body"]) for one in reversed(newest(org=org))]


@pytest.fixture
def tell(org: Organisation) -> Callable[..., None]:
    def tell(body: object, subject: str = CASE) -> None:
        record(Spoken(subject=subject, body=body), org=org, by=BRUNO, now=NOON)

    return tell


def test_its_facts_take_two_statements_however_many_they_are(org: Organisation, tell: Callable[..., None]) -> None:
    @act
    def three() -> None:
        tell("a")
        tell("b", "case:2")
        tell("c")

    with CaptureQueriesContext(connection) as queries:
        three()
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) == 2
    assert told(org) == [(CASE, "a"), ("case:2", "b"), (CASE, "c")]
    assert all(chain_verdict(org=org, subject=subject).ok for subject in (CASE, "case:2"))


def test_an_act_inside_another_is_a_part_of_it(org: Organisation, tell: Callable[..., None]) -> None:
    @act
    def inner() -> None:
        tell("inner")

    @act
    def outer() -> None:
        tell("before")
        inner()
        assert not Entry.objects.exists()
        tell("after")

    outer()
    assert [body for _subject, body in told(org)] == ["before", "inner", "after"]


def test_what_was_said_in_an_undone_part_is_not_written(org: Organisation, tell: Callable[..., None]) -> None:
    @act
    def refused() -> None:
        tell("refused")
        raise LookupError

    @act
    def whole() -> None:
        tell("first")
        with pytest.raises(LookupError):
            refused()
        with pytest.raises(LookupError), transaction.atomic():
            tell("undone too")
            raise LookupError
        tell("last")

    whole()
    assert [body for _subject, body in told(org)] == ["first", "last"]
    assert chain_verdict(org=org, subject=CASE).ok


def test_nothing_is_written_of_an_act_that_fails_nor_in_the_next(org: Organisation, tell: Callable[..., None]) -> None:
    @act
    def failing() -> None:
        tell("lost")
        raise LookupError

    with pytest.raises(LookupError):
        failing()
    tell("alone")
    assert [body for _subject, body in told(org)] == ["alone"]


def test_a_subject_that_begins_in_an_act_has_its_chain(org: Organisation) -> None:
    @act
    def begin() -> None:
        record_first(Spoken(subject=CASE, body=1), org=org, by=SYSTEM, now=NOON)
        record(Spoken(subject=CASE, body=2), org=org, by=SYSTEM, now=NOON)

    begin()
    assert [body for _subject, body in told(org)] == [1, 2]
    assert chain_verdict(org=org, subject=CASE).ok


def test_what_cannot_be_said_fails_where_it_is_said(org: Organisation, tell: Callable[..., None]) -> None:
    @act
    def unsayable() -> None:
        with pytest.raises(TypeError):
            tell(object())
        tell("sayable")

    unsayable()
    assert [body for _subject, body in told(org)] == ["sayable"]


def test_nothing_waits_where_no_act_is_under_way() -> None:
    with pytest.raises(RuntimeError):
        say(Said())


def test_news_of_an_act_are_told_in_one_statement(org: Organisation) -> None:
    @act
    def busy() -> None:
        announce(org=org, topic="tests", said={"n": 1})
        with pytest.raises(LookupError), transaction.atomic():
            announce(org=org, topic="tests", said={"n": 2})
            raise LookupError
        announce(org=org, topic="tests", said={"n": 3})

    with CaptureQueriesContext(connection) as queries:
        busy()
    [sent] = [one["sql"] for one in queries if CHANNEL in one["sql"]]
    assert all(n in sent for n in ("1}", "3}")) and "2}" not in sent
