"""Reserved cases: whose they are, whom they are about, and everything that must not tell of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escucha.contexts.cases.models import Accused, Case
from escucha.contexts.cases.operations.answering import answer_case, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import assign_case, withdraw_case, write_note
from escucha.contexts.cases.operations.reaching import close_case, open_answer
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.operations.reserving import lift_accused, name_accused, open_up_case, reserve_case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import (
    NoSuchCase,
    case_by_number,
    case_for_change,
    cases_by_subject,
    listed_cases,
    reserved_subjects,
    subjects_kept_from,
    subjects_seen,
    visible_cases,
)
from escucha.contexts.cases.queries.lists import case_list, view_count
from escucha.contexts.cases.queries.reserved import charges_of, keepers_of, reserved_list
from escucha.contexts.cases.queries.times import hand_over_times
from escucha.contexts.cases.queries.written import latest_answer
from escucha.contexts.cases.rules.reserve import Charge, keeps
from escucha.contexts.messaging.queries import messages_about
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import agenda, agenda_load, overdue_count
from escucha.kernel.orgs.operations import take_in
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.facts import CITIZEN, Actor
from escucha.kernel.timeline.record import entries_about
from tests.cast import PASSWORD, TUESDAY
from tests.contexts.cases.seen import at, last_fact, owed, own_verbs, told, verbs
from tests.examples import many
from tests.make import a_case, a_house, a_routed_case, as_run_role, let_time_pass

# Gabriel has the reserved channel. Patricia and Lucía see everything else; Darío and Elsa work where it happened.
WITHOUT = ["lucia", "patricia", "dario", "elsa", "bruno", "vera"]
KEEPERS = {"vidamar": "delia", "arrayanes": "hernan", "cafetal": "gabriel", "corrioverde": "fabio", "quetzal": "ester"}
THEN = at("2026-03-04")


def a_reserved_case(house, **changes):
    return a_case(house, **{"reserved": True} | changes)


@pytest.fixture
def case(cafetal):
    return a_reserved_case(cafetal)


@pytest.fixture
def second(cafetal):
    """Another who has the reserved channel, from a service."""
    member = take_in(
        org=cafetal.org,
        email="teresa@cafetal.example.org",
        name="Teresa Vélez",
        password=PASSWORD,
        unit=cafetal.unit("credito"),
        roles=["director"],
    )
    cafetal.members["teresa"] = member
    return replace(actor_of(member, cafetal.profile), everywhere=False)


def acting(house, case, who="gabriel", now=THEN):
    return {"org": house.org, "case_id": case.pk, "by": house.actor(who), "now": now}


class TestWhoSeesIt:
    @pytest.mark.parametrize("who", WITHOUT)
    def test_is_not_found_by_who_has_not_its_act(self, cafetal, case, who):
        viewer = cafetal.actor(who)
        door = {"org": cafetal.org, "viewer": viewer}
        assert not visible_cases(**door).exists() and not listed_cases(**door).exists()
        assert cases_by_subject(**door, subjects=[case.subject]) == {}
        assert list(subjects_seen(**door)) == [] and reserved_subjects(**door) is None
        assert list(subjects_kept_from(**door)) == [case.subject]
        assert reserved_list(**door) == []
        for view in ("open", "mine", "unclassified", "check", "reach", "closed"):
            assert list(case_list(**door, view=view)) == [] and view_count(**door, view=view) == 0
        with pytest.raises(NoSuchCase):
            case_by_number(**door, number=case.filing_number)

    def test_is_found_by_who_has_it_and_stands_in_no_common_list(self, cafetal, case):
        door = {"org": cafetal.org, "viewer": cafetal.actor("gabriel")}
        assert case_by_number(**door, number=case.filing_number) == case
        assert reserved_list(**door) == [case]
        assert list(subjects_kept_from(**door)) == [] and list(reserved_subjects(**door)) == [case.subject]
        assert list(case_list(**door)) == [] and view_count(**door, view="open") == 0

    def test_is_not_even_of_who_filed_it_at_the_counter(self, cafetal):
        case = a_reserved_case(cafetal, by=cafetal.actor("bruno"), received_unit=cafetal.unit("credito"))
        with pytest.raises(NoSuchCase):
            case_by_number(org=cafetal.org, viewer=cafetal.actor("bruno"), number=case.filing_number)

    def test_is_of_its_organisation(self, cafetal, case):
        other = a_house("vidamar")
        with pytest.raises(NoSuchCase):
            case_by_number(org=other.org, viewer=other.actor("delia"), number=case.filing_number)
        with pytest.raises(NoSuchCase):
            name_accused(unit=other.unit("siau"), **acting(other, case, "delia"))

    def test_its_act_alone_opens_nothing_to_who_sees_no_cases(self, cafetal, case):
        bare = Actor("staff", acts=frozenset({"cases.reserved"}), member_id=0, everywhere=True)
        assert not visible_cases(org=cafetal.org, viewer=bare).exists()
        assert not keeps(bare, [])

    def test_no_verb_is_done_by_who_does_not_see_it(self, cafetal, case):
        before = verbs(case)
        for verb, said in {
            classify_case: {"case_type": "queja"},
            write_note: {"body": "¿Qué es esto?"},
            withdraw_case: {"reason": "Lo dijo."},
            reserve_case: {},
        }.items():
            with pytest.raises(NoSuchCase):
                verb(**said, **acting(cafetal, case, "patricia"))
        assert verbs(case) == before


class TestFilingIt:
    def test_tells_nobody_and_says_neither_what_nor_where(self, cafetal):
        case = a_reserved_case(cafetal, received_unit=cafetal.unit("recreacion"), emergency=False)
        data, _member = last_fact(case, "cases.case_filed")
        assert told(case) == []
        assert (data["suggested_type"], data["unit"]) == ("", None)
        assert case.identity_reserved and case.receipt_code and case.contact_code
        assert {debt.reserved for debt in owed(case).values()} == {True}

    def test_follows_from_its_kind_where_the_policy_says_so(self, cafetal, monkeypatch):
        kind = cafetal.profile.raw["cases"]["types"]["queja"]
        monkeypatch.setitem(kind, "reserved", True)
        cafetal.profile.__dict__.pop("_sections", None)
        case = a_case(cafetal, suggested_type="queja")
        cafetal.profile.__dict__.pop("_sections", None)
        assert case.reserved

    def test_of_who_stays_unknown_has_no_identity_to_keep(self, cafetal):
        case = a_reserved_case(cafetal, anonymous=True)
        assert (case.person, case.identity_reserved) == (None, False)


class TestAgendas:
    @pytest.mark.parametrize("who", WITHOUT)
    @pytest.mark.parametrize("scope", ["mine", "team", "all"])
    def test_do_not_show_nor_count_what_it_owes(self, cafetal, case, who, scope):
        said = {"org": cafetal.org, "viewer": cafetal.actor(who), "scope": scope, "now": at("2026-06-01")}
        said["reserved"] = reserved_subjects(org=cafetal.org, viewer=cafetal.actor(who))
        assert Commitment.objects.filter(subject=case.subject).count() == 2
        assert agenda(**said) == [] and overdue_count(**said) == 0
        day = at("2026-03-01").date()
        assert not any(agenda_load(**said, from_day=day, days=60, calendar=cafetal.profile.calendar).values())

    def test_are_of_who_handles_it(self, cafetal, case):
        viewer = cafetal.actor("gabriel")
        said = {"org": cafetal.org, "viewer": viewer, "now": at("2026-06-01")}
        shown = agenda(**said, reserved=reserved_subjects(org=cafetal.org, viewer=viewer))
        assert {debt.subject for debt in shown} == {case.subject}
        assert agenda(**said) == []


class TestSteps:
    def test_tell_only_who_handles_it_and_never_its_number(self, cafetal, case, second):
        let_time_pass(at("2026-04-20"))
        letters = told(case)
        assert {to for _template, to in letters} == {"gabriel@cafetal.example.org", "teresa@cafetal.example.org"}
        for message in messages_about(org=cafetal.org, subject=case.subject):
            assert case.filing_number not in message.title + message.body
            assert case.matter not in message.body

    def test_tell_nobody_who_is_accused(self, cafetal, case, second):
        name_accused(member=cafetal.members["teresa"], **acting(cafetal, case))
        let_time_pass(at("2026-04-20"))
        assert {to for _template, to in told(case)} == {"gabriel@cafetal.example.org"}


class TestTheWholeLife:
    def test_goes_on_in_the_hands_of_who_has_the_channel_and_writes_to_nobody(self, cafetal, case):
        classify_case(case_type="queja", **acting(cafetal, case))
        answer_case(body="Investigamos y sancionamos.", **acting(cafetal, case))
        case.refresh_from_db()
        assert (case.state, case.unit) == ("approved", None)
        sent = send_answer(**acting(cafetal, case))
        assert last_fact(case, "cases.answer_sent")[0]["by_email"] is False
        open_answer(org=cafetal.org, token=latest_answer(sent).link_token, now=THEN + timedelta(days=1))
        case.refresh_from_db()
        assert (case.state, case.notified_how) == ("notified", "link")
        assert told(case) == []

    @pytest.mark.django_db
    @pytest.mark.parametrize(("slug", "who"), KEEPERS.items())
    def test_is_closed_by_the_one_role_of_each_organisation_whatever_else_it_may_not_do(self, slug, who):
        house = a_house(slug)
        case = a_reserved_case(house)
        kinds = house.profile.section(CasesPolicy).types.values()
        kind = next((one for one in kinds if one.reserved), next(one for one in kinds if not one.at_once))
        classify_case(case_type=kind.key, **acting(house, case, who))
        answer_case(body="Investigamos y sancionamos.", **acting(house, case, who))
        sent = send_answer(**acting(house, case, who))
        open_answer(org=house.org, token=latest_answer(sent).link_token, now=THEN + timedelta(days=1))
        closed = close_case(**acting(house, case, who, now=THEN + timedelta(days=2)))
        assert closed.state == "closed" and not owed(closed)

    def test_passes_to_no_unit_and_only_to_who_may_handle_it(self, cafetal, case, second):
        with pytest.raises(Refused, match="reservado"):
            classify_case(case_type="queja", unit=cafetal.unit("recreacion"), **acting(cafetal, case))
        classify_case(case_type="queja", **acting(cafetal, case))
        with pytest.raises(Refused, match="Escoja a alguien"):
            assign_case(member=cafetal.members["lucia"], **acting(cafetal, case))
        assert assign_case(member=cafetal.members["teresa"], **acting(cafetal, case)).member.pk == second.member_id

    def test_withdrawn_by_the_person_or_by_staff_writes_to_nobody(self, cafetal):
        for by in (CITIZEN, cafetal.actor("gabriel")):
            case = a_reserved_case(cafetal)
            withdraw_case(org=cafetal.org, case_id=case.pk, reason="Lo dijo aquí.", by=by, now=THEN)
            assert told(case) == []

    def test_counts_in_no_statistics_not_even_for_who_sees_it(self, cafetal):
        said = {"received_unit": cafetal.unit("recreacion"), "received_at": TUESDAY - timedelta(hours=3)}
        a_reserved_case(cafetal, **said)
        period = {"since": TUESDAY - timedelta(days=9), "until": TUESDAY + timedelta(days=9)}
        for who in ("patricia", "gabriel"):
            assert hand_over_times(org=cafetal.org, viewer=cafetal.actor(who), **period) == []


class TestReservingLater:
    def test_takes_it_from_its_unit_with_what_it_owes_and_no_due_time_moves(self, cafetal):
        case = a_routed_case(cafetal)
        due = {kind: debt.due_at for kind, debt in owed(case).items()}
        reserve_case(**acting(cafetal, case, "patricia"))
        case.refresh_from_db()
        assert (case.reserved, case.unit, case.state, case.identity_reserved) == (True, None, "classified", True)
        assert {kind: debt.due_at for kind, debt in owed(case).items()} == due
        assert {debt.owner_unit.key for debt in owed(case).values()} == {"atencion"}
        assert {debt.reserved for debt in owed(case).values()} == {True}
        assert own_verbs(case)[-1] == "case_reserved"
        for who in WITHOUT:
            with pytest.raises(NoSuchCase):
                case_for_change(org=cafetal.org, case_id=case.pk, by=cafetal.actor(who))

    def test_is_for_who_classifies(self, cafetal):
        case = a_routed_case(cafetal)
        with pytest.raises(Refused, match="no reserva casos"):
            reserve_case(**acting(cafetal, case, "dario"))

    def test_twice_is_refused(self, cafetal, case):
        with pytest.raises(Refused, match="ya es reservado"):
            reserve_case(**acting(cafetal, case))

    def test_can_be_undone_with_a_reason_and_who_filed_stays_kept(self, cafetal, case):
        with pytest.raises(Refused, match="por qué"):
            open_up_case(reason=" ", **acting(cafetal, case))
        open_up_case(reason="Es una queja del servicio.", **acting(cafetal, case))
        case.refresh_from_db()
        assert (case.reserved, case.identity_reserved) == (False, True)
        assert list(case_list(org=cafetal.org, viewer=cafetal.actor("lucia"))) == [case]
        assert {debt.reserved for debt in owed(case).values()} == {False}
        assert "Es una queja" not in str(last_fact(case, "cases.case_opened_up"))


class TestWhomItIsAbout:
    def test_never_sees_it_though_it_has_the_channel(self, cafetal, case, second):
        assert keepers_of(case, now=THEN) == [cafetal.members["gabriel"], cafetal.members["teresa"]]
        accused = name_accused(member=cafetal.members["teresa"], **acting(cafetal, case))
        with pytest.raises(NoSuchCase):
            case_by_number(org=cafetal.org, viewer=second, number=case.filing_number)
        assert list(subjects_kept_from(org=cafetal.org, viewer=second)) == [case.subject]
        assert keepers_of(case, now=THEN) == [cafetal.members["gabriel"]]
        [entry] = [one for one in entries_about(org=cafetal.org, subject=case.subject) if "accused" in one.verb]
        assert set(entry.data) == {"accused"}

        lift_accused(accused_id=accused.pk, **acting(cafetal, case))
        lift_accused(accused_id=accused.pk, **acting(cafetal, case))
        assert case_by_number(org=cafetal.org, viewer=second, number=case.filing_number) == case
        assert own_verbs(case).count("accused_lifted") == 1

    def test_loses_it_when_it_had_it_in_charge(self, cafetal, case, second):
        classify_case(case_type="queja", **acting(cafetal, case))
        assign_case(member=cafetal.members["teresa"], **acting(cafetal, case))
        name_accused(member=cafetal.members["teresa"], **acting(cafetal, case))
        case.refresh_from_db()
        assert case.member is None

    @pytest.mark.parametrize("leads", [False, True])
    def test_loses_it_too_with_its_area_or_with_whom_it_leads(self, cafetal, case, second, leads):
        """Only who was named itself lost it: the area's people, and who leads, still owed what they could not see."""
        teresa = cafetal.members["teresa"]
        classify_case(case_type="queja", **acting(cafetal, case))
        assign_case(member=teresa, **acting(cafetal, case))
        if leads:
            teresa.roles = ["director", "service_head"]
            teresa.save(update_fields=["roles"])
        charge = {"member": cafetal.members["bruno"]} if leads else {"unit": cafetal.unit("credito")}
        name_accused(**charge, **acting(cafetal, case))
        case.refresh_from_db()
        assert case.member is None

    def test_named_twice_is_as_once_and_named_again_counts_again(self, cafetal, case, second):
        first, again = (name_accused(unit=cafetal.unit("recreacion"), **acting(cafetal, case)) for _n in range(2))
        assert first == again and own_verbs(case).count("accused_named") == 1
        lift_accused(accused_id=first.pk, **acting(cafetal, case))
        assert charges_of(case) == []
        with as_run_role():  # which may not change when it was first said
            assert name_accused(unit=cafetal.unit("recreacion"), **acting(cafetal, case)) == first
        assert charges_of(case) == [Charge(None, cafetal.unit("recreacion").pk)]

    def test_is_never_the_last_who_could_handle_it(self, cafetal, case):
        with pytest.raises(Refused, match="Nadie más podría"):
            name_accused(member=cafetal.members["gabriel"], **acting(cafetal, case))
        assert not Accused.objects.exists()

    def test_is_a_person_or_a_unit_of_this_organisation(self, cafetal, case):
        other = a_house("vidamar")
        for said in ({}, {"member": cafetal.members["dario"], "unit": cafetal.unit("credito")}):
            with pytest.raises(Refused, match="Escoja"):
                name_accused(**said, **acting(cafetal, case))
        for said in ({"member": other.members["delia"]}, {"unit": other.unit("siau")}):
            with pytest.raises(Refused, match="organización"):
                name_accused(**said, **acting(cafetal, case))

    def test_is_named_only_in_a_reserved_case_by_who_has_the_channel(self, cafetal):
        case = a_routed_case(cafetal)
        with pytest.raises(Refused, match="Solo un caso reservado"):
            name_accused(member=cafetal.members["dario"], **acting(cafetal, case))
        with pytest.raises(Refused, match="no atiende casos reservados"):
            name_accused(member=cafetal.members["dario"], **acting(cafetal, case, "patricia"))

    def test_keeps_the_case_reserved_while_named(self, cafetal, case, second):
        name_accused(member=cafetal.members["teresa"], **acting(cafetal, case))
        with pytest.raises(Refused, match="retire antes"):
            open_up_case(reason="Ya no.", **acting(cafetal, case))

    @pytest.mark.parametrize(
        ("charge", "unit", "leads", "everywhere", "kept"),
        [
            ("dario", "recreacion", False, False, True),  # a colleague does not lead
            ("dario", "recreacion", True, False, False),  # who shares out its work does
            ("dario", "credito", True, False, True),  # another's head
            ("dario", None, True, True, False),  # who reassigns anywhere leads everybody
            ("dario", None, False, True, True),
            ("recreacion", "recreacion", False, False, False),  # the unit itself, whole
            ("recreacion", "credito", True, False, True),
            ("recreacion", None, True, True, False),
            ("gabriel", "credito", True, False, True),  # who is of no unit is led by none
        ],
    )
    def test_is_not_seen_by_its_chain(self, cafetal, case, charge, unit, leads, everywhere, kept):
        acts = {"cases.see", "cases.reserved"} | ({"cases.assign"} if leads else set())
        viewer = Actor(
            "staff",
            acts=frozenset(acts),
            member_id=cafetal.members["vera"].pk,
            unit_id=unit and cafetal.unit(unit).pk,
            everywhere=everywhere,
        )
        member = cafetal.members.get(charge)
        Accused.objects.create(
            org=cafetal.org, case=case, member=member, unit=None if member else cafetal.unit(charge), at=TUESDAY
        )
        assert visible_cases(org=cafetal.org, viewer=viewer).exists() is kept
        assert keeps(viewer, charges_of(case)) is kept


units = st.sampled_from([None, "recreacion", "credito", "atencion"])


@settings(max_examples=many(80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    charges=st.lists(st.sampled_from(["dario", "elsa", "lucia", "gabriel", "recreacion", "credito"]), max_size=3),
    unit=units,
    me=st.sampled_from(["dario", "lucia", "gabriel", "bruno"]),
    acts=st.sets(st.sampled_from(["cases.see", "cases.reserved", "cases.assign"])),
    everywhere=st.booleans(),
)
def test_the_rule_and_the_door_say_the_same(cafetal, charges, unit, me, acts, everywhere):
    Accused.objects.all().delete()
    case = Case.objects.filter(Q(reserved=True)).first() or a_reserved_case(cafetal)
    for one in set(charges):
        member = cafetal.members.get(one)
        where = None if member else cafetal.unit(one)
        Accused.objects.create(org=cafetal.org, case=case, member=member, unit=where, at=TUESDAY)
    viewer = Actor(
        "staff",
        acts=frozenset(acts),
        member_id=cafetal.members[me].pk,
        unit_id=unit and cafetal.unit(unit).pk,
        everywhere=everywhere,
    )
    found = visible_cases(org=cafetal.org, viewer=viewer).filter(pk=case.pk).exists()
    assert found is keeps(viewer, charges_of(case))
    assert found is not subjects_kept_from(org=cafetal.org, viewer=viewer).exists()


def test_a_page_of_reserved_cases_is_one_query(cafetal, django_assert_num_queries):
    made = [a_reserved_case(cafetal) for _n in range(5)]
    door = {"org": cafetal.org, "viewer": cafetal.actor("gabriel"), "limit": 2}
    with django_assert_num_queries(1):
        page = reserved_list(**door)
        assert [one.unit for one in page] == [None] * 3
    assert page[:2] == made[:2:-1]
    assert reserved_list(**door, before=page[1].pk) == made[2::-1]


def test_filing_a_reserved_case_asks_no_more_than_any_other(cafetal, django_assert_max_num_queries):
    a_case(cafetal)
    with django_assert_max_num_queries(20):
        a_reserved_case(cafetal)
