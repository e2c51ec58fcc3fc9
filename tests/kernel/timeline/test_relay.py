"""Errands: each fact's reactions run at least once, and one that fails holds up nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline import relay
from escucha.kernel.timeline.facts import SYSTEM, Fact
from escucha.kernel.timeline.models import Entry, Errand
from escucha.kernel.timeline.record import record, record_all
from tests.kernel.timeline.saying import CASE, NOON, Counted, Spoken, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("switchboard")]
SECOND = timedelta(seconds=1)
heard: list[tuple[Any, ...]] = []


@dataclass(frozen=True, kw_only=True)
class SpokenLoudly(Spoken):
    verb = "tests.spoken_loudly"


def hear(fact: Fact, /, *, org: Organisation, now: datetime) -> None:
    heard.append((fact, org, now))


def stumble(fact: Fact, /, *, org: Organisation, now: datetime) -> None:
    Organisation.objects.create(slug="half", name="x", host="half.example.org", created_at=now)
    raise LookupError("Ana Ejemplo was not found")


def answer(fact: Spoken, /, *, org: Organisation, now: datetime) -> None:
    record(Counted(subject=fact.subject, count=1), org=org, by=SYSTEM, now=now)


@pytest.fixture(autouse=True)
def silence() -> None:
    heard.clear()


def test_a_reaction_gets_the_fact_as_it_was(org: Organisation) -> None:
    relay.connect([relay.Connection(Counted, hear)])
    fact = Counted(subject=CASE, count=2, marks=["a", "ñ"])
    record(fact, org=org, by=SYSTEM, now=NOON)

    assert relay.run_errands(now=NOON + SECOND) == 1
    assert heard == [(fact, org, NOON + SECOND)]


def test_what_does_not_concern_a_reaction_leaves_no_errand(org: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    relay.connect([relay.Connection(Counted, hear, lambda fact: fact.count > 1)])
    for count in (1, 2):
        record(Counted(subject=CASE, count=count, marks=[]), org=org, by=SYSTEM, now=NOON)
    assert relay.run_errands(now=NOON) == 1
    assert [fact.count for fact, _org, _now in heard] == [2]

    record(Counted(subject=CASE, count=3, marks=[]), org=org, by=SYSTEM, now=NOON)
    monkeypatch.setattr(relay, "_reactions", {})
    relay.connect([relay.Connection(Counted, hear, lambda fact: False)])  # a version that asks more
    assert relay.run_errands(now=NOON) == 1
    assert len(heard) == 1


def test_the_second_run_does_nothing(org: Organisation) -> None:
    relay.connect([relay.Connection(Spoken, hear)])
    say(org, 1)
    assert [relay.run_errands(now=NOON), relay.run_errands(now=NOON), len(heard)] == [1, 0, 1]


def test_recording_with_reactions_takes_no_more_statements(org: Organisation) -> None:
    relay.connect([relay.Connection(Spoken, hear), relay.Connection(Spoken, answer), relay.Connection(Counted, hear)])
    with CaptureQueriesContext(connection) as queries:
        record_all([Spoken(subject=CASE), Counted(subject=CASE, count=1)], org=org, by=SYSTEM, now=NOON)

    assert len(queries) == 2
    owed = Errand.objects.order_by("id").values_list("entry__number", "reaction")
    assert sorted(owed) == [(1, "tests.spoken>answer"), (1, "tests.spoken>hear"), (2, "tests.counted>hear")]


def test_a_reaction_follows_a_fact_of_a_finer_kind_too(org: Organisation) -> None:
    relay.connect([relay.Connection(Spoken, hear)])
    fact = SpokenLoudly(subject=CASE, body="!")
    record(fact, org=org, by=SYSTEM, now=NOON)
    relay.run_errands(now=NOON)
    assert [said for said, _org, _now in heard] == [fact]


def test_what_a_reaction_records_runs_in_the_same_round(org: Organisation) -> None:
    relay.connect([relay.Connection(Spoken, answer), relay.Connection(Counted, hear)])
    say(org, 1)
    assert relay.run_errands(now=NOON) == 2
    assert len(heard) == 1


def test_no_more_than_the_limit(org: Organisation) -> None:
    relay.connect([relay.Connection(Spoken, hear)])
    say(org, 1, 2, 3)
    assert [relay.run_errands(now=NOON, limit=2), relay.run_errands(now=NOON, limit=2)] == [2, 1]


class TestAFailingErrand:
    @pytest.fixture(autouse=True)
    def connected(self, switchboard: None) -> None:
        relay.connect([relay.Connection(Spoken, stumble), relay.Connection(Counted, hear)])

    def test_leaves_nothing_behind_and_holds_up_nobody(self, org: Organisation) -> None:
        say(org, 1)
        record(Counted(subject=CASE, count=1), org=org, by=SYSTEM, now=NOON)

        assert relay.run_errands(now=NOON) == 1
        assert len(heard) == 1
        assert not Organisation.objects.filter(slug="half").exists()

    def test_is_tried_later_and_later(self, org: Organisation) -> None:
        say(org, 1)
        now, delays = NOON, []
        for _turn in range(14):
            relay.run_errands(now=now)
            errand = Errand.objects.get()
            delays.append((errand.next_try_at - now).total_seconds())
            assert relay.run_errands(now=errand.next_try_at - timedelta(microseconds=1)) == 0
            assert Errand.objects.get().attempts == errand.attempts
            now = errand.next_try_at
        assert delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]

    def test_says_what_and_where_but_no_name(self, org: Organisation, caplog: pytest.LogCaptureFixture) -> None:
        say(org, 1)
        relay.run_errands(now=NOON)
        error = Errand.objects.get().error
        assert error.startswith("LookupError (test_relay.py:")
        assert "Ana" not in error + caplog.text

    def test_is_shown_after_three_tries_to_its_organisation(self, org: Organisation, other: Organisation) -> None:
        say(org, 1)
        shown = []
        for turn in range(4):
            relay.run_errands(now=NOON + turn * timedelta(hours=1))
            shown.append(len(relay.failing_errands(org=org)))
        assert shown == [0, 0, 1, 1]
        assert relay.failing_errands(org=other) == []

    def test_is_done_once_it_can_be(self, org: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
        say(org, 1)
        relay.run_errands(now=NOON)
        monkeypatch.setattr(relay, "_reactions", {"tests.spoken>stumble": relay.Connection(Spoken, hear)})
        assert relay.run_errands(now=NOON + SECOND) == 1
        errand = Errand.objects.get()
        assert (errand.done_at, errand.attempts, errand.error) == (NOON + SECOND, 1, "")

    def test_waits_where_nobody_reacts_any_more(self, org: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
        say(org, 1)
        monkeypatch.setattr(relay, "_reactions", {})
        assert relay.run_errands(now=NOON) == 0
        assert Errand.objects.get().error.startswith("NotConnected")

    @pytest.mark.django_db(transaction=True)
    def test_that_fails_only_at_the_end_of_its_transaction_is_pushed_ahead_too(self, org: Organisation) -> None:
        def point_nowhere(fact: Fact, /, *, org: Organisation, now: datetime) -> None:
            Errand.objects.create(org=org, entry_id=-1, reaction="x", next_try_at=now)

        relay.connect([relay.Connection(SpokenLoudly, point_nowhere)])
        with transaction.atomic():
            record(SpokenLoudly(subject=CASE), org=org, by=SYSTEM, now=NOON)
        assert relay.run_errands(now=NOON) == 0
        errand = Errand.objects.get(reaction="tests.spoken_loudly>point_nowhere")
        assert (errand.done_at, errand.attempts) == (None, 1)
        assert errand.error.startswith("IntegrityError")


class TestConnecting:
    def test_twice_is_once(self, org: Organisation) -> None:
        relay.connect([relay.Connection(Spoken, hear)])
        relay.connect([relay.Connection(Spoken, hear)])
        assert relay.reactions_to(Spoken(subject=CASE)) == ["tests.spoken>hear"]

    def test_two_reactions_of_one_name_are_refused(self) -> None:
        def named(name: str) -> Callable[..., None]:
            def reaction(fact: Fact, /, *, org: Organisation, now: datetime) -> None: ...

            reaction.__name__ = name
            return reaction

        relay.connect([relay.Connection(Spoken, named("follow"))])
        with pytest.raises(TypeError, match="follow"):
            relay.connect([relay.Connection(Spoken, named("follow"))])


@pytest.mark.django_db(transaction=True)
def test_an_act_rolled_back_owes_nothing(org: Organisation) -> None:
    relay.connect([relay.Connection(Spoken, hear)])
    with pytest.raises(LookupError), transaction.atomic():
        record(Spoken(subject=CASE), org=org, by=SYSTEM, now=NOON)
        raise LookupError
    assert (Entry.objects.count(), relay.run_errands(now=NOON), heard) == (0, 0, [])
