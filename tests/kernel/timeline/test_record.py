"""An entry is chained to the one before, and says for ever what it said."""

import hashlib
import json
from datetime import timedelta, timezone
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.chain import FIRST, canonical
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.models import Entry, Head
from escucha.kernel.timeline.record import entries_about, latest, newest, record, record_all, record_first, sentence_of
from escucha.kernel.timeline.verify import chain_verdict
from tests.examples import many
from tests.kernel.timeline.saying import BRUNO, CASE, NOON, Counted, Spoken, last, say

pytestmark = pytest.mark.django_db
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


class TestTheChain:
    @pytest.mark.requirement("MORE-03.1")
    def test_numbers_have_no_gap_and_each_entry_holds_the_hash_before_it(self, org: Organisation) -> None:
        first, second, third = say(org, "a", "b", "c")

        assert [first.number, second.number, third.number] == [1, 2, 3]
        assert [first.previous, second.previous, third.previous] == [FIRST, first.hash, second.hash]
        head = Head.objects.get(org=org, subject=CASE)
        assert (head.number, head.hash) == (3, third.hash)

    @pytest.mark.requirement("MORE-03.1")
    def test_the_hash_can_be_reckoned_with_other_tools(self, org: Organisation) -> None:
        record(Counted(subject=CASE, count=3), org=org, by=BRUNO, now=NOON)
        [entry] = last(org)
        text = (
            '{"actor":["staff","bruno",7],"at":"2026-03-02T17:00:00.123456Z",'
            '"data":{"count":3,"marks":[],"unit":"d\\u00edas"},"number":1,'
            f'"org":{org.pk},"previous":"{"0" * 64}","subject":"case:1","v":1,"verb":"tests.counted"}}'
        )
        assert entry.hash == hashlib.sha256(text.encode()).hexdigest()

    def test_each_organisation_and_subject_has_its_own(self, org: Organisation, other: Organisation) -> None:
        say(org, 1)
        assert say(org, 1, subject="case:2")[0].number == 1
        assert say(other, 1)[0].number == 1

    def test_a_moment_is_the_same_in_any_zone(self, org: Organisation, other: Organisation) -> None:
        bogota = NOON.astimezone(timezone(timedelta(hours=-5)))
        say(org, "a", now=bogota)
        assert entries_about(org=org, subject=CASE)[0].at == NOON
        assert chain_verdict(org=org, subject=CASE).ok

    @pytest.mark.slow
    @settings(max_examples=many(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(body=JSON)
    def test_any_json_survives_and_verifies(self, org: Organisation, body: Any) -> None:
        with transaction.atomic():
            entry = say(org, body)[0]
            assert canonical(Entry.objects.get(pk=entry.pk).data) == canonical({"body": body})
            assert chain_verdict(org=org, subject=CASE).ok
            transaction.set_rollback(True)

    @pytest.mark.parametrize("body", ["\0", "\ud800", 1e22, -0.0, 10**40, {"b": 1, "a": {"ñ": "é"}}, {1: "x", 10: "y"}])
    def test_what_jsonb_would_change_survives(self, org: Organisation, body: Any) -> None:
        say(org, body)
        stored = entries_about(org=org, subject=CASE)[0].data["body"]
        assert canonical(stored) == canonical(json.loads(json.dumps(body)))
        assert chain_verdict(org=org, subject=CASE).ok


class TestRecording:
    def test_takes_two_statements(self, org: Organisation) -> None:
        with CaptureQueriesContext(connection) as queries:
            record(Counted(subject=CASE, count=1), org=org, by=BRUNO, now=NOON)
        assert len(queries) == 2

    def test_takes_one_where_the_act_made_the_subject(self, org: Organisation) -> None:
        with CaptureQueriesContext(connection) as queries:
            record_first(Counted(subject=CASE, count=1), org=org, by=BRUNO, now=NOON)
        assert len(queries) == 1

        record(Counted(subject=CASE, count=2), org=org, by=BRUNO, now=NOON)
        first, second = last(org, CASE, 2)
        assert [(one.number, one.previous) for one in (first, second)] == [(1, FIRST), (2, first.hash)]
        assert chain_verdict(org=org, subject=CASE).ok

    def test_begins_no_subject_twice(self, org: Organisation) -> None:
        say(org, 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            record_first(Counted(subject=CASE, count=1), org=org, by=BRUNO, now=NOON)
        assert say(org, 2)[0].number == 2
        assert chain_verdict(org=org, subject=CASE).ok

    def test_takes_as_many_for_the_facts_of_one_act(self, org: Organisation) -> None:
        facts = [Counted(subject=f"case:{n % 3}", count=n) for n in range(9)]
        with CaptureQueriesContext(connection) as queries:
            record_all(facts, org=org, by=BRUNO, now=NOON)

        assert len(queries) == 2
        entries = [*reversed(newest(org=org))]
        assert [(e.subject, e.number) for e in entries] == [(f"case:{n % 3}", n // 3 + 1) for n in range(9)]
        assert [e.data["count"] for e in entries] == [*range(9)]
        assert all(chain_verdict(org=org, subject=f"case:{n}").ok for n in range(3))

    def test_nothing_is_nothing(self, org: Organisation) -> None:
        with CaptureQueriesContext(connection) as queries:
            record_all([], org=org, by=SYSTEM, now=NOON)
        assert len(queries) == 0

    @pytest.mark.parametrize("body", [float("nan"), {1, 2}, NOON])
    def test_what_json_cannot_say_is_refused_before_anything_is_written(self, org: Organisation, body: Any) -> None:
        with pytest.raises((TypeError, ValueError)):
            record(Spoken(subject=CASE, body=body), org=org, by=SYSTEM, now=NOON)
        assert not Head.objects.exists()

    def test_a_moment_without_zone_is_refused(self, org: Organisation) -> None:
        with pytest.raises(ValueError, match="zone"):
            record(Spoken(subject=CASE), org=org, by=SYSTEM, now=NOON.replace(tzinfo=None))
        assert not Head.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_is_refused_outside_a_transaction(self, org: Organisation) -> None:
        with pytest.raises(RuntimeError, match="transaction"):
            record(Spoken(subject=CASE), org=org, by=SYSTEM, now=NOON)

    @pytest.mark.django_db(transaction=True)
    def test_an_act_rolled_back_leaves_no_number(self, org: Organisation) -> None:
        say(org, 1)
        with pytest.raises(LookupError), transaction.atomic():
            record(Spoken(subject=CASE), org=org, by=SYSTEM, now=NOON)
            raise LookupError
        assert say(org, 2)[0].number == 2
        assert chain_verdict(org=org, subject=CASE).ok


class TestReading:
    def test_about_a_subject_by_pages(self, org: Organisation, other: Organisation) -> None:
        say(org, *range(5))
        say(other, "x")
        say(org, "x", subject="case:2")

        assert [e.data["body"] for e in entries_about(org=org, subject=CASE)] == [0, 1, 2, 3, 4]
        assert [e.number for e in entries_about(org=org, subject=CASE, after=2, limit=2)] == [3, 4]
        assert [e.number for e in latest(org=org, subject=CASE, limit=2)] == [5, 4]
        assert [e.number for e in latest(org=org, subject=CASE, before=4, limit=9)] == [3, 2, 1]

    def test_of_an_organisation_in_the_order_of_recording(self, org: Organisation, other: Organisation) -> None:
        first, second = say(org, "a", subject="case:2")[0], say(org, "b", subject="case:1")[0]
        say(other, "x")
        third = say(org, "c", subject="case:2")[0]
        assert newest(org=org) == [third, second, first]
        assert newest(org=org, before=third.pk, limit=1) == [second]

    def test_aloud(self, org: Organisation) -> None:
        record(Counted(subject=CASE, count=3), org=org, by=SYSTEM, now=NOON)
        sentence, values = sentence_of(last(org)[0])
        assert sentence.format(**values) == "Se contaron 3 días"

    @pytest.mark.parametrize(
        "stored", [Entry(verb="tests.forgotten", data={}), Entry(verb="tests.counted", data={"unit": "días"})]
    )
    def test_aloud_what_nobody_says_any_more(self, stored: Entry) -> None:
        sentence, values = sentence_of(stored)
        assert stored.verb in sentence.format(**values)

    def test_aloud_what_a_newer_release_wrote(self) -> None:
        sentence, values = sentence_of(Entry(subject=CASE, verb="tests.counted", data={"count": 2, "new": 1}))
        assert sentence.format(**values) == "Se contaron 2 días"


def test_no_bitacora_table_declares_personal_data() -> None:
    from escucha.kernel.timeline import models

    tables = (models.Entry, models.Head, models.Errand, models.Anchor, models.AnchoredHead)
    assert [table.personal_data for table in tables] == [()] * 5
