"""Who is attended first: marked as the policy says, with consent where it is sensitive, and erased with it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from escucha.contexts.people.models import Person, PersonGroup
from escucha.contexts.people.operations.consenting import give_consent, withdraw_consent
from escucha.contexts.people.operations.marking import mark_group, unmark_group
from escucha.contexts.people.queries import groups_of, is_preferential, preferential_people
from escucha.contexts.people.rules.consenting import ASK_FIRST, NO_GROUP, NOT_MARKED, NOT_YOURS
from escucha.kernel.timeline.facts import CITIZEN, SYSTEM, Actor
from escucha.kernel.words import Refused
from tests.cast import TUESDAY
from tests.contexts.people.seen import a_newer_policy, a_person, acted, facts

LATER = TUESDAY + timedelta(days=2)


def agreeing(house, person, *, now=TUESDAY):
    said = {"purpose": "preferential", "channel": "counter", "proof": "Lo dijo en la ventanilla; hoja firmada"}
    return give_consent(org=house.org, person_id=person.pk, by=CITIZEN, now=now, **said)


def marking(house, person, group, *, by=CITIZEN, now=TUESDAY):
    return mark_group(org=house.org, person_id=person.pk, group=group, channel="counter", by=by, now=now)


def unmarking(house, person, group, *, by=CITIZEN, now=LATER):
    return unmark_group(org=house.org, person_id=person.pk, group=group, by=by, now=now)


def keys(house, person, viewer=SYSTEM):
    return [marked.group.key for marked in groups_of(org=house.org, viewer=viewer, person=person, at=LATER)]


def first(house, person):
    return is_preferential(org=house.org, person=person, at=LATER)


class TestMarking:
    @pytest.mark.requirement("CAJA-03.1")
    def test_puts_the_person_first_and_records_no_group(self, cafetal):
        ana, lucia = a_person(cafetal), cafetal.actor("lucia")
        assert not first(cafetal, ana)
        mark = marking(cafetal, ana, "older_adult", by=lucia)

        row = PersonGroup.objects.get()
        assert (row, row.person, row.group, row.consent, row.ended_at) == (mark, ana, "older_adult", None, None)
        assert (row.since, row.channel, row.member_id) == (TUESDAY, "counter", lucia.member_id)
        assert facts(ana) == [("group_marked", {"mark": mark.pk}, "staff")]
        assert first(cafetal, ana)
        [marked] = groups_of(org=cafetal.org, viewer=lucia, person=ana, at=LATER)
        assert (marked.group.label, marked.group.says, marked.since, marked.channel) == (
            "Persona mayor",
            "Tiene 60 años o más.",
            TUESDAY,
            "counter",
        )

    @pytest.mark.requirement("CAJA-03.1")
    def test_what_is_sensitive_needs_consent_first(self, cafetal):
        ana = a_person(cafetal)
        with pytest.raises(Refused) as refused:
            marking(cafetal, ana, "disability")
        assert [str(one) for one in refused.value.blockers] == [ASK_FIRST]
        assert (PersonGroup.objects.count(), facts(ana)) == (0, [])

        consent = agreeing(cafetal, ana)
        assert marking(cafetal, ana, "disability").consent == consent
        assert acted(ana) == ["consent_given", "group_marked"]
        assert keys(cafetal, ana) == ["disability"]

    @pytest.mark.parametrize(
        ("group", "who", "why"),
        [("veteran", None, [NO_GROUP]), ("", "lucia", [NO_GROUP]), ("older_adult", "gabriel", [NOT_YOURS])],
    )
    def test_refused_changes_nothing(self, cafetal, group, who, why):
        ana = a_person(cafetal)
        with pytest.raises(Refused) as refused:
            marking(cafetal, ana, group, by=cafetal.actor(who) if who else CITIZEN)
        assert [str(one) for one in refused.value.blockers] == why
        assert (PersonGroup.objects.count(), facts(ana)) == (0, [])

    def test_again_is_the_mark_there_is(self, cafetal):
        ana = a_person(cafetal)
        assert marking(cafetal, ana, "child") == marking(cafetal, ana, "child", now=LATER)
        assert acted(ana) == ["group_marked"]

    def test_lists_the_groups_in_the_order_of_the_policy(self, cafetal):
        ana = a_person(cafetal)
        agreeing(cafetal, ana)
        for group in ("victim", "child", "older_adult"):
            marking(cafetal, ana, group)
        assert keys(cafetal, ana) == ["older_adult", "child", "victim"]


class TestUnmarking:
    def test_keeps_what_is_not_sensitive_and_erases_what_is(self, cafetal):
        ana = a_person(cafetal)
        agreeing(cafetal, ana)
        for group in ("older_adult", "pregnant"):
            marking(cafetal, ana, group)
            unmarking(cafetal, ana, group)

        rows = PersonGroup.objects.order_by("pk")
        assert [(row.group, row.ended_at) for row in rows] == [("older_adult", LATER), ("", LATER)]
        assert acted(ana)[1:] == ["group_marked", "group_unmarked"] * 2
        assert not first(cafetal, ana)
        assert marking(cafetal, ana, "pregnant", now=LATER).group == "pregnant"

    @pytest.mark.parametrize(("who", "why"), [("lucia", [NOT_MARKED]), ("gabriel", [NOT_YOURS, NOT_MARKED])])
    def test_what_is_not_marked_is_refused(self, cafetal, who, why):
        ana = a_person(cafetal)
        with pytest.raises(Refused) as refused:
            unmarking(cafetal, ana, "child", by=cafetal.actor(who))
        assert [str(one) for one in refused.value.blockers] == why
        assert facts(ana) == []

    def test_a_consent_withdrawn_takes_its_marks_with_it_and_no_other(self, cafetal):
        ana, other = a_person(cafetal), a_person(cafetal, email="otra@example.org")
        for person in (ana, other):
            agreeing(cafetal, person)
            for group in ("disability", "victim", "child"):
                marking(cafetal, person, group)
        said = {"purpose": "preferential", "channel": "web", "by": CITIZEN, "now": LATER}
        withdraw_consent(org=cafetal.org, person_id=ana.pk, **said)

        assert keys(cafetal, ana) == ["child"]
        assert keys(cafetal, other) == ["disability", "child", "victim"]
        assert acted(ana)[-3:] == ["consent_withdrawn", "group_unmarked", "group_unmarked"]
        kept = set(PersonGroup.objects.filter(person=ana).values_list("group", flat=True))
        assert kept == {"child", ""}
        with pytest.raises(Refused):
            marking(cafetal, ana, "victim", now=LATER)


class TestSeeing:
    def test_the_groups_are_for_who_handles_cases(self, cafetal):
        ana = a_person(cafetal)
        marking(cafetal, ana, "child")
        assert keys(cafetal, ana, cafetal.actor("lucia")) == keys(cafetal, ana, CITIZEN) == ["child"]
        assert keys(cafetal, ana, cafetal.actor("bruno")) == keys(cafetal, ana, Actor("staff")) == []

    def test_who_is_first_is_one_query_for_many(self, cafetal, django_assert_num_queries):
        ana, other = a_person(cafetal), a_person(cafetal, email="otra@example.org")
        marking(cafetal, ana, "child")
        marking(cafetal, ana, "older_adult")
        assert preferential_people(org=cafetal.org, ids=[ana.pk, other.pk], at=LATER) == {ana.pk}
        with django_assert_num_queries(2):  # the version of the profile, and the marks
            preferential_people(org=cafetal.org, ids=[ana.pk, other.pk], at=LATER)

    def test_a_group_the_policy_no_longer_has_puts_nobody_first(self, corrioverde):
        ana = a_person(corrioverde)
        marking(corrioverde, ana, "veteran")
        assert first(corrioverde, ana)
        with a_newer_policy(corrioverde, since=LATER) as people:
            del people["groups"]["veteran"]
            people["group_order"].remove("veteran")
        assert (first(corrioverde, ana), keys(corrioverde, ana)) == (False, [])

    def test_another_organisation_neither_marks_nor_sees(self, cafetal, vidamar):
        ana = a_person(cafetal)
        marking(cafetal, ana, "child")
        for act in (marking, unmarking):
            with pytest.raises(Person.DoesNotExist):
                act(vidamar, ana, "child")
        assert keys(vidamar, ana, vidamar.actor("marina")) == []
        assert not first(vidamar, ana)
        assert preferential_people(org=vidamar.org, ids=[ana.pk], at=LATER) == set()


class TestTheTable:
    def test_has_one_mark_of_a_group_at_a_time(self, cafetal):
        mark = marking(cafetal, a_person(cafetal), "child")
        mark.pk = None
        with pytest.raises(IntegrityError, match="one_mark_per_group"), transaction.atomic():
            mark.save(force_insert=True)

    @pytest.mark.parametrize(
        ("values", "why"),
        [({"group": ""}, "mark_has_its_group"), ({"ended_at": TUESDAY - timedelta(days=1)}, "mark_ends_later")],
    )
    def test_refuses_what_can_not_be(self, cafetal, values, why):
        marking(cafetal, a_person(cafetal), "child")
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            PersonGroup.objects.update(**values)

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM people_persongroup",
            "UPDATE people_persongroup SET person_id = person_id",
            "UPDATE people_place SET name = name",
            "DELETE FROM people_place",
        ],
    )
    def test_leaves_the_run_role_only_what_the_verbs_need(self, cafetal, statement):
        with pytest.raises(DatabaseError, match="permi"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE escucha_run")
            cursor.execute(statement)

    def test_lets_the_run_role_live_a_whole_life(self, cafetal):
        ana = a_person(cafetal)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE escucha_run")
            agreeing(cafetal, ana)
            marking(cafetal, ana, "disability")
            unmarking(cafetal, ana, "disability")
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
        assert acted(ana) == ["consent_given", "group_marked", "group_unmarked"]
