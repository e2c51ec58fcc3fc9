"""Contacts that are no case: their row and their fact after one call, and the case that one may become."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.models import Attention, Case
from escucha.contexts.cases.operations.receiving import turn_attention_into_case
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.receiving import (
    NoSuchAttention,
    Place,
    attention_by_id,
    attention_list,
    attention_of,
    attention_tallies,
)
from escucha.contexts.cases.rules.debts import LEGAL_TERM
from escucha.contexts.people.models import Person
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.receiving import MONDAY, a_contact, facts
from tests.contexts.cases.seen import due_days
from tests.contexts.cases.test_races import at_once
from tests.make import a_house


class TestContacts:
    @pytest.mark.requirement("EPS-08.1", "EPS-08.3", "EPS-08.4")
    def test_are_recorded_and_are_no_case(self, cafetal):
        attention = a_contact(cafetal, unit=cafetal.unit("atencion"), minutes=4, place_code="17001")

        row = Attention.objects.get()
        assert (row.channel, row.stakeholder, row.topic, row.minutes) == ("phone", "trabajador", "tarifas", 4)
        assert (row.note, row.place_code, row.unit.key) == ("Preguntó por el parque.", "17001", "atencion")
        assert (row.member, row.at, row.person) == (cafetal.members["lucia"], TUESDAY, None)
        assert facts(f"attention:{attention.pk}", cafetal) == [
            ("cases.attention_recorded", {"channel": "phone", "stakeholder": "trabajador", "topic": "tarifas"})
        ]
        assert not Case.objects.exists()

    @pytest.mark.requirement("EPS-08.2")
    def test_at_the_counter_may_name_who_came(self, cafetal):
        attention = a_contact(cafetal, channel="counter", person=ANA)
        assert attention.person.name == ANA["name"]
        [(_verb, told)] = facts(f"attention:{attention.pk}", cafetal)
        assert not set(map(str, told.values())) & set(ANA.values())

    def test_sent_twice_by_one_form_are_one(self, cafetal):
        first, second = (a_contact(cafetal, form_key="f" * 22) for _time in range(2))
        assert first == second
        assert len(facts(f"attention:{first.pk}", cafetal)) == 1

    def test_are_recorded_by_who_may(self, cafetal):
        with pytest.raises(Refused, match="Su rol no registra atenciones"):
            a_contact(cafetal, who="bruno")

    def test_become_a_case_once_and_each_knows_the_other(self, cafetal):
        attention = a_contact(cafetal, person=ANA, unit=cafetal.unit("atencion"))
        same = {"org": cafetal.org, "attention_id": attention.pk, "by": cafetal.actor("lucia")}
        later = TUESDAY + timedelta(days=2)
        case = turn_attention_into_case(body="Quiere que le devuelvan lo que pagó.", matter="Cobro", now=later, **same)

        assert (case.channel, case.matter, case.received_at, case.filed_at) == ("phone", "Cobro", TUESDAY, later)
        assert due_days(case)[LEGAL_TERM] == "2026-03-25"  # from when the person called
        assert case.person.name == ANA["name"] and Person.objects.count() == 1
        attention.refresh_from_db()
        assert attention.case == case and attention_of(case) == attention
        told = ("cases.attention_became_case", {"case": case.pk, "attention": attention.pk})
        assert facts(f"attention:{attention.pk}", cafetal)[-1] == facts(case.subject, cafetal)[-1] == told
        with pytest.raises(Refused, match="ya es una solicitud"):
            turn_attention_into_case(body="Otra vez.", now=later, **same)
        assert Case.objects.count() == 1

    def test_of_another_organisation_or_unit_are_not_there(self, cafetal):
        attention = a_contact(cafetal, unit=cafetal.unit("atencion"))
        other = a_house("vidamar")
        for house, who in [(other, "marina"), (cafetal, "elsa"), (cafetal, "bruno"), (cafetal, "dario")]:
            by = house.actor(who)
            with pytest.raises(NoSuchAttention):
                attention_by_id(org=house.org, viewer=by, attention_id=attention.pk)
        own = a_contact(cafetal, who="dario", unit=cafetal.unit("recreacion"))
        for who in ("dario", "elsa", "lucia", "gabriel"):
            assert attention_by_id(org=cafetal.org, viewer=cafetal.actor(who), attention_id=own.pk) == own
        with pytest.raises((NoSuchAttention, Refused)):
            turn_attention_into_case(
                org=cafetal.org, attention_id=attention.pk, body="x", by=cafetal.actor("dario"), now=TUESDAY
            )

    def test_are_listed_newest_first_and_counted(self, cafetal):
        made = [a_contact(cafetal, topic=topic) for topic in ("tarifas", "derechos", "tarifas", "estado")]
        made.append(a_contact(cafetal, stakeholder="empresa", channel="counter"))
        period = {"since": MONDAY, "until": TUESDAY + timedelta(days=1)}
        look = {"org": cafetal.org, "viewer": cafetal.actor("lucia"), **period}
        newest = list(reversed(made))
        assert attention_list(limit=2, **look) == newest[:3]
        after = Place(newest[1].at, newest[1].pk)
        assert attention_list(limit=2, after=after, **look) == newest[2:]
        before = Place(newest[2].at, newest[2].pk)
        assert attention_list(limit=2, before=before, **look) == newest[:2]
        assert attention_list(chosen={"stakeholder": "empresa", "topic": ""}, **look) == [made[-1]]
        assert attention_list(**look | {"since": TUESDAY + timedelta(seconds=1)}) == []
        tallies = attention_tallies(**look)
        assert tallies["topic"][0] == ("tarifas", 3)
        assert dict(tallies["stakeholder"]) == {"trabajador": 4, "empresa": 1}
        assert dict(tallies["channel"]) == {"phone": 4, "counter": 1}


@pytest.mark.slow
def test_of_two_who_turn_one_contact_into_a_case_there_is_one(real_cafetal):
    attention = a_contact(real_cafetal)

    def turning(who):
        same = {"org": real_cafetal.org, "attention_id": attention.pk, "body": who, "now": TUESDAY}
        return lambda: turn_attention_into_case(by=real_cafetal.actor(who), **same)

    results = at_once(turning("lucia"), turning("patricia"))
    assert sorted(type(one).__name__ for one in results) == ["Case", "Refused"]
    assert Case.objects.count() == 1
