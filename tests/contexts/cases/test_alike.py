"""Likely duplicates: of the same requester, near in time or words; only what the viewer may see, never what is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.cases.models import SearchEntry
from escucha.contexts.cases.operations.joining import merge_cases, tell_apart
from escucha.contexts.cases.queries.alike import alike_among, alike_to
from escucha.contexts.cases.queries.joined import told_by
from escucha.contexts.cases.rules.likeness import (
    Told,
    is_same_person,
    likeness,
    same_requester,
    telling_words,
    why_alike,
)
from tests.cast import TUESDAY
from tests.contexts.cases.seen import DAY
from tests.make import a_case, a_house, a_routed_case, a_sent_case

BETO = {"name": "Norberto", "document_kind": "CC", "document_number": "1.990.000.002", "email": "beto@example.org"}
OTHER = {"matter": "Crédito", "body": "Solicito aumentar el cupo del crédito hipotecario de vivienda nueva."}
ELSE = {"matter": "Subsidio", "body": "Necesito certificado del subsidio familiar correspondiente a enero."}


def alike(house, case, who="lucia"):
    return [one.case for one in alike_to(case, viewer=house.actor(who))]


class TestOfACase:
    def test_are_those_of_the_same_person(self, cafetal):
        case, other = a_case(cafetal), a_case(cafetal, now=TUESDAY + DAY)
        a_case(cafetal, person=BETO)
        a_case(cafetal, person=None)
        assert alike(cafetal, case) == [other]
        assert alike(cafetal, other) == [case]
        [found] = alike_to(case, viewer=cafetal.actor("lucia"))
        assert [str(why) for why in found.why] == [
            "Es de la misma persona.", "Cuenta algo parecido.", "Días entre una y otra: 1.",
        ]  # fmt: skip

    @pytest.mark.parametrize("contact", [{"phone": "+57 (300) 000-0001"}, {"email": "ANA@example.org"}])
    def test_or_of_the_same_contact(self, cafetal, contact):
        case, other = a_case(cafetal), a_case(cafetal, person={"name": "Ana"} | contact)
        [found] = alike_to(case, viewer=cafetal.actor("lucia"))
        assert found.case == other
        assert "que cualquiera puede escribir" in str(found.why[0])  # not that it is the same person

    def test_near_in_time_or_in_words(self, cafetal):
        case = a_case(cafetal, **OTHER)
        said_again = a_case(cafetal, **OTHER, now=TUESDAY + 90 * DAY)
        soon = a_case(cafetal, **ELSE, now=TUESDAY + 20 * DAY)
        a_case(cafetal, **ELSE, now=TUESDAY + 120 * DAY)
        assert set(alike(cafetal, case)) == {said_again, soon}

    def test_the_likeliest_first_and_few(self, cafetal):
        case = a_case(cafetal, **OTHER)
        twin = a_case(cafetal, **OTHER)
        for _each in range(8):
            a_case(cafetal, **ELSE)
        found = alike(cafetal, case)
        assert found[0] == twin and len(found) == 5

    def test_of_who_may_be_seen(self, cafetal):
        case = a_routed_case(cafetal)
        a_routed_case(cafetal, unit="vivienda")
        assert alike(cafetal, case, "dario") == []
        assert len(alike(cafetal, case)) == 1

    def test_never_what_is_kept(self, cafetal):
        case = a_case(cafetal)
        kept = [a_case(cafetal, reserved=True), a_case(cafetal, identity_reserved=True)]
        assert alike(cafetal, case) == []
        assert [alike(cafetal, one) for one in kept] == [[], []]
        assert alike_to(kept[0], viewer=cafetal.actor("gabriel")) == []

    def test_never_of_another_organisation(self, cafetal):
        case = a_case(cafetal)
        a_case(a_house("vidamar"), suggested_type="")
        assert alike(cafetal, case) == []

    def test_not_what_was_told_apart_or_joined(self, cafetal):
        case, apart, joined = (a_case(cafetal) for _each in range(3))
        there = {"org": cafetal.org, "by": cafetal.actor("lucia"), "now": TUESDAY}
        tell_apart(case_id=apart.pk, other_id=case.pk, **there)
        merge_cases(case_id=joined.pk, into_id=case.pk, **there)
        case.refresh_from_db()
        assert alike(cafetal, case) == []
        assert alike(cafetal, apart) == []

    def test_costs_the_same_however_many_there_are(self, cafetal, django_assert_num_queries):
        for _each in range(12):
            case = a_case(cafetal)
        viewer = cafetal.actor("lucia")
        with django_assert_num_queries(1):
            alike_to(case, viewer=viewer)

    @pytest.mark.parametrize(("looked_at", "found"), [(3, 3), (4, 4), (40, 4)])
    def test_the_newest_are_looked_at_and_older_ones_while_there_is_room(self, cafetal, monkeypatch, looked_at, found):
        """A telephone may be of a thousand cases: of those, only the last ones are read."""
        old, *new, case = (a_case(cafetal, person={"name": "Ana", "email": "ana@example.org"}) for _each in range(5))
        entry = SearchEntry.objects.get(case=old)
        entry.keys = [key for key in entry.keys if not key.startswith(f"o:{cafetal.org.pk}.")]  # of no block of late
        entry.save(update_fields=["keys"])
        monkeypatch.setattr("escucha.contexts.cases.queries.alike.LOOKED_AT", looked_at)
        assert alike(cafetal, case) == [*reversed(new), old][:found]


class TestOfReceiptsHeld:
    def test_is_the_one_that_tells_the_same(self, cafetal):
        one, other = a_case(cafetal, **OTHER), a_case(cafetal, **ELSE)
        codes = [one.receipt_code, other.receipt_code]
        raised = replace(told_by(one), text="aumentar el cupo de mi crédito hipotecario")
        assert alike_among(org=cafetal.org, codes=codes, told=raised) == one
        pool = replace(told_by(one), text="¿A qué horas abren la piscina del parque?")
        assert alike_among(org=cafetal.org, codes=codes, told=pool) is None
        assert alike_among(org=cafetal.org, codes=codes[1:], told=told_by(one)) is None
        assert alike_among(org=a_house("vidamar").org, codes=codes, told=told_by(one)) is None

    @pytest.mark.parametrize("person", [None, BETO])
    def test_is_of_the_same_person_whoever_used_the_browser_before(self, cafetal, person):
        """On the computer of an office the next person was told the number of who went before."""
        before, now = a_case(cafetal, **OTHER), a_case(cafetal, **OTHER, person=person)
        assert alike_among(org=cafetal.org, codes=[before.receipt_code], told=told_by(now)) is None
        assert alike_among(org=cafetal.org, codes=[now.receipt_code], told=told_by(before)) is None

    def test_is_never_a_kept_nor_an_ended_one(self, cafetal):
        for kept in ({"reserved": True}, {"identity_reserved": True}):
            case = a_case(cafetal, **OTHER, **kept)
            again = told_by(a_case(cafetal, **OTHER))
            assert alike_among(org=cafetal.org, codes=[case.receipt_code], told=again) is None
        sent = a_sent_case(cafetal)
        assert alike_among(org=cafetal.org, codes=[sent.receipt_code], told=told_by(sent)) == sent


def told(text="", person_id=None, days=0, **contacts):
    keys = frozenset(f"{kind}:{value}" for kind, value in contacts.items())
    return Told(text, TUESDAY + timedelta(days=days), person_id, keys)


class TestRules:
    def test_two_documents_are_two_people(self):
        assert same_requester(told(d="1", p="5"), told(d="1"))
        assert same_requester(told(d="1", p="5"), told(p="5"))
        assert not same_requester(told(d="1", p="5"), told(d="2", p="5"))
        assert same_requester(told(person_id=3, d="1"), told(person_id=3, d="2"))
        assert not same_requester(told(), told())

    def test_who_left_nothing_is_nobody_in_particular(self):
        assert not is_same_person(told(), told())
        assert is_same_person(told(person_id=3), told(person_id=3))
        assert is_same_person(told(d="1", p="5"), told(d="1")) and not is_same_person(told(p="5"), told(p="5"))
        assert why_alike(told("reserva del parque negada"), told("reserva del parque negada")) == []

    def test_half_of_the_words_are_enough_and_short_ones_are_none(self):
        assert len(why_alike(told("uno casa ropa lana mesa", d="1"), told("casa ropa ayer hora", d="1", days=31))) == 2
        assert telling_words("El que va a la sede") == {"sede"}

    def test_far_in_time_and_words_is_not_alike(self):
        one = told("reserva del parque negada", d="1")
        assert why_alike(one, told("crédito hipotecario rechazado ayer", d="1", days=31)) == []
        assert len(why_alike(one, told("crédito hipotecario rechazado ayer", d="1", days=30))) == 2

    @given(st.text(), st.text())
    def test_likeness_is_the_same_both_ways_and_between_none_and_all(self, one, other):
        first, second = telling_words(one), telling_words(other)
        assert 0 <= likeness(first, second) == likeness(second, first) <= 1
        assert likeness(first, first) == (1 if len(first) >= 3 else 0)
