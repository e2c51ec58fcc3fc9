"""Two cases answered as one and one as two: numbers stay, nothing owed gets later, and all of it can be undone."""

import pytest
from django.db import ProgrammingError, connection, transaction

from escucha.contexts.cases.models import Case, Join, NotTheSame, Word
from escucha.contexts.cases.operations.answering import answer_case
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.joining import merge_cases, split_case, tell_apart, undo_merge
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.operations.words import add_word, read_words
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.joined import main_of, merged_in
from escucha.contexts.cases.queries.search import search_cases
from escucha.contexts.cases.rules.debts import CENTRAL_ANSWER, CLASSIFICATION, LEGAL_TERM, VITAL_TERM
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.seen import DAY, HOUR, due_days, ended, last_fact, owed, own_verbs, picture, told
from tests.contexts.cases.test_races import at_once
from tests.make import a_case, a_house, a_routed_case, a_sent_case, an_answered_case, let_time_pass

LATER = TUESDAY + 3 * DAY
BETO = {"name": "Norberto Íñiguez", "document_kind": "CC", "document_number": "1.990.000.002"}


def merge(house, case, into, who="lucia", now=LATER, **seen):
    return merge_cases(org=house.org, case_id=case.pk, into_id=into.pk, by=house.actor(who), now=now, **seen)


def undo(house, case, who="lucia", now=LATER + DAY):
    return undo_merge(org=house.org, case_id=case.pk, by=house.actor(who), now=now)


def plan(case):
    """What is owed, by kind: its due time, its owner and since when it counts."""
    return {
        debt.kind: (debt.due_at, debt.owner_unit_id, debt.owner_member_id, debt.counted_from)
        for debt in owed_about(org=case.org, subject=case.subject)
    }


def fresh(case):
    return Case.objects.get(pk=case.pk)


class TestMerging:
    def test_leaves_one_case_that_owes_from_the_first_receipt(self, cafetal):
        first, second = a_routed_case(cafetal), a_routed_case(cafetal, now=TUESDAY + 2 * DAY)
        would_be = plan(first)
        main = merge(cafetal, first, second)

        first.refresh_from_db()
        assert main == second == main_of(first) and merged_in(second) == [first]
        assert (first.state, first.closed_at, first.merged_into) == ("merged", LATER, second)
        assert owed(first) == {}
        assert {outcome for (kind, _n), outcome in ended(first).items() if kind != CLASSIFICATION} == {"annulled"}
        assert plan(second) == would_be
        assert fresh(second).due_at == min(due for due, *_rest in would_be.values())
        assert own_verbs(first)[-1] == own_verbs(second)[-1] == "cases_merged"
        data, member = last_fact(first, "cases.cases_merged")
        assert (data["number"], data["into_number"]) == (first.filing_number, second.filing_number)
        assert member == cafetal.members["lucia"].pk
        assert told(second, "cases_joined") == [("cases_joined", ANA["email"])]

    def test_into_the_one_received_first_moves_nothing_it_owes(self, cafetal):
        first, second = a_routed_case(cafetal), a_routed_case(cafetal, now=TUESDAY + 2 * DAY)
        before = plan(first)
        merge(cafetal, second, first)
        assert plan(first) == before
        assert set(ended(first)) == {(CLASSIFICATION, 1), (LEGAL_TERM, 1)}  # as when it was classified

    def test_keeps_the_shorter_term_of_law_of_both(self, cafetal):
        """A request for information has ten days and a claim fifteen: together they have the ten."""
        types = cafetal.profile.section(CasesPolicy).types
        information = next(key for key, kind in types.items() if kind.canonical == "information_request")
        quick, slow = a_case(cafetal), a_routed_case(cafetal)
        there = {"org": cafetal.org, "by": cafetal.actor("lucia")}
        classify_case(case_id=quick.pk, case_type=information, now=TUESDAY + HOUR, **there)
        due, later = owed(quick)[LEGAL_TERM].due_at, owed(slow)[LEGAL_TERM].due_at
        assert due < later
        merge(cafetal, quick, slow)
        assert owed(slow)[LEGAL_TERM].due_at == due
        classify_case(case_id=slow.pk, case_type="queja", now=LATER, **there)
        assert owed(slow)[LEGAL_TERM].due_at == due
        undo(cafetal, quick)
        assert owed(slow)[LEGAL_TERM].due_at == later
        assert owed(quick)[LEGAL_TERM].due_at == due

    def test_keeps_the_emergency_of_the_one_that_follows(self, arrayanes):
        calm, urgent = a_case(arrayanes, suggested_type=""), a_case(arrayanes, suggested_type="", emergency=True)
        before = owed(urgent)[VITAL_TERM].due_at
        main = merge(arrayanes, urgent, calm, who="camila", now=TUESDAY + HOUR)
        assert owed(main)[VITAL_TERM].due_at == before
        undo(arrayanes, urgent, who="camila", now=TUESDAY + 2 * HOUR)
        assert VITAL_TERM not in owed(calm)
        assert owed(urgent)[VITAL_TERM].due_at == before

    def test_is_remembered_when_the_kind_changes(self, cafetal):
        first, second = a_routed_case(cafetal), a_routed_case(cafetal, now=TUESDAY + 2 * DAY)
        merge(cafetal, first, second)
        by = cafetal.actor("lucia")
        classify_case(org=cafetal.org, case_id=second.pk, case_type="queja", by=by, now=LATER + HOUR)
        assert {debt.counted_from for debt in owed(second).values()} == {first.received_at}

    def test_of_what_was_late_stays_late(self, cafetal):
        first = a_routed_case(cafetal)
        second = a_routed_case(cafetal, now=TUESDAY + 60 * DAY)
        merge(cafetal, first, second, now=TUESDAY + 61 * DAY)
        let_time_pass(TUESDAY + 61 * DAY)
        assert all(debt.late_at for debt in owed(second).values())
        let_time_pass(TUESDAY + 61 * DAY)

    def test_with_an_answer_handed_in_owes_only_the_rest(self, cafetal):
        first = a_case(cafetal)
        second = an_answered_case(cafetal, now=TUESDAY + 2 * DAY, after=HOUR * 5)
        merge(cafetal, first, second)
        assert set(owed(second)) == {CENTRAL_ANSWER, LEGAL_TERM}
        assert {debt.counted_from for debt in owed(second).values()} == {first.received_at}

    def test_of_several_into_one(self, cafetal):
        cases = [a_case(cafetal, now=TUESDAY + n * DAY) for n in range(3)]
        due = owed(cases[0])[LEGAL_TERM].due_at
        merge(cafetal, cases[0], cases[2])
        main = merge(cafetal, cases[1], cases[2])
        assert merged_in(main) == cases[:2]
        assert main.pk == cases[2].pk
        assert owed(main)[LEGAL_TERM].due_at == due
        undo(cafetal, cases[0])
        assert owed(main)[LEGAL_TERM].counted_from == cases[1].received_at

    def test_of_a_page_out_of_date_is_told(self, cafetal):
        one, other = a_case(cafetal), a_case(cafetal)
        with pytest.raises(Overtaken):
            merge(cafetal, one, other, version=one.version, into_version=other.version - 1)
        assert merge(cafetal, one, other, version=one.version, into_version=other.version)


class TestRefusing:
    def refused(self, house, case, into, words, who="lucia"):
        before = picture(case), picture(into)
        with pytest.raises(Refused, match=words):
            merge(house, case, into, who)
        assert (picture(case), picture(into)) == before
        assert not Join.objects.exists()

    def test_two_people(self, cafetal):
        self.refused(cafetal, a_case(cafetal), a_case(cafetal, person=BETO), "misma persona")
        self.refused(cafetal, a_case(cafetal, person=None), a_case(cafetal, person=None), "misma persona")

    def test_two_people_with_one_telephone(self, cafetal):
        other = a_case(cafetal, person=BETO | {"phone": ANA["phone"], "email": ANA["email"]})
        self.refused(cafetal, a_case(cafetal), other, "misma persona")

    def test_but_not_one_person_with_two_names(self, cafetal):
        other = a_case(cafetal, person={"name": "A. Berrío", "phone": "+57 3000000001"})
        assert merge(cafetal, other, a_case(cafetal))

    def test_itself(self, cafetal):
        case = a_case(cafetal)
        self.refused(cafetal, case, case, "este mismo")

    def test_what_was_sent(self, cafetal):
        self.refused(cafetal, a_case(cafetal), a_sent_case(cafetal), "no ha salido")
        self.refused(cafetal, a_sent_case(cafetal), a_case(cafetal), "no ha salido")

    @pytest.mark.parametrize("kept", [{"identity_reserved": True}])
    def test_what_is_kept(self, cafetal, kept):
        """What nobody may know is not found out by trying."""
        self.refused(cafetal, a_case(cafetal), a_case(cafetal, **kept), "reservado")
        self.refused(cafetal, a_case(cafetal, **kept), a_case(cafetal, person=BETO), "reservado")

    def test_what_nobody_sees(self, cafetal):
        with pytest.raises(NoSuchCase):
            merge(cafetal, a_case(cafetal), a_case(cafetal, reserved=True))
        with pytest.raises(NoSuchCase):
            merge(cafetal, a_case(cafetal), a_case(a_house("vidamar"), suggested_type=""))
        with pytest.raises(NoSuchCase):
            merge(cafetal, a_routed_case(cafetal), a_routed_case(cafetal, unit="vivienda"), who="dario")

    def test_who_may_not(self, cafetal):
        self.refused(cafetal, a_routed_case(cafetal), a_routed_case(cafetal), "los junta", who="dario")

    def test_a_ring_and_a_chain(self, cafetal):
        one, two, three = (a_case(cafetal) for _each in range(3))
        merge(cafetal, one, two)
        for case, into, words in [(two, one, "ya está junto"), (one, three, "ya está junto"), (two, three, "al revés")]:
            with pytest.raises(Refused, match=words):
                merge(cafetal, case, into)
        with pytest.raises(Refused, match="ya está junto"):
            merge(cafetal, three, one)
        assert merge(cafetal, three, two)


class TestUndoing:
    @pytest.mark.parametrize("make", [a_case, a_routed_case, an_answered_case])
    def test_gives_both_back_what_they_owed(self, cafetal, make):
        case, main = make(cafetal), a_routed_case(cafetal, now=TUESDAY + 2 * DAY)
        before, then, state = plan(case), plan(main), case.state
        merge(cafetal, case, main)
        undone = undo(cafetal, case)
        assert (undone.state, undone.closed_at, undone.merged_into) == (state, None, None)
        assert plan(case) == before
        assert plan(main) == then
        assert fresh(case).due_at == min(due for due, *_rest in before.values())
        assert own_verbs(case)[-1] == own_verbs(main)[-1] == "merge_undone"
        join = Join.objects.get()
        assert (join.undone_at, join.undone_by) == (LATER + DAY, cafetal.members["lucia"])

    def test_twice_is_refused(self, cafetal):
        case, main = a_case(cafetal), a_case(cafetal)
        merge(cafetal, case, main)
        undo(cafetal, case)
        with pytest.raises(Refused, match="no está junto"):
            undo(cafetal, case)
        assert merge(cafetal, main, case)

    def test_after_the_other_was_answered_leaves_the_other_alone(self, cafetal):
        case, main = a_case(cafetal), a_routed_case(cafetal)
        merge(cafetal, case, main, now=TUESDAY + HOUR * 2)
        there = {"org": cafetal.org, "case_id": main.pk, "now": TUESDAY + DAY}
        answer_case(body="Sí.", by=cafetal.actor("dario"), **there)
        assert undo(cafetal, case).state == "filed"
        assert set(owed(case)) == {CLASSIFICATION, LEGAL_TERM}
        assert set(owed(main)) == {CENTRAL_ANSWER, LEGAL_TERM}

    def test_is_of_who_joins(self, cafetal):
        case, main = a_routed_case(cafetal), a_routed_case(cafetal)
        merge(cafetal, case, main)
        with pytest.raises(Refused, match="los junta"):
            undo(cafetal, case, who="dario")
        assert fresh(case).state == "merged"


class TestSplitting:
    def split(self, house, case, who="lucia", **changes):
        said = {"body": "Además le cobraron dos veces.", "matter": "Cobro doble", "now": LATER}
        return split_case(org=house.org, case_id=case.pk, by=house.actor(who), **said | changes)

    def test_makes_a_case_of_the_same_person_and_receipt(self, cafetal):
        case = a_routed_case(cafetal, received_at=TUESDAY - HOUR)
        before = plan(case)
        made = self.split(cafetal, case)
        assert made.filing_number != case.filing_number
        assert (made.person, made.received_at, made.split_from) == (case.person, case.received_at, case)
        assert (made.state, made.body, made.matter) == ("filed", "Además le cobraron dos veces.", "Cobro doble")
        assert owed(made)[LEGAL_TERM].counted_from == case.received_at
        assert plan(case) == before
        assert own_verbs(case)[-1] == own_verbs(made)[-1] == "case_split"
        assert told(made) == [("acknowledged", ANA["email"])]

    def test_is_undone_by_merging_it_back(self, cafetal):
        case = a_routed_case(cafetal, person=None)
        made = self.split(cafetal, case)
        assert merge(cafetal, made, case) == case

    def test_sent_twice_is_one(self, cafetal):
        case = a_routed_case(cafetal)
        assert self.split(cafetal, case, filing_key="k") == self.split(cafetal, case, filing_key="k")
        assert Case.objects.count() == 2
        assert own_verbs(case).count("case_split") == 1

    def test_keeps_who_asked_not_to_be_known(self, cafetal):
        made = self.split(cafetal, a_case(cafetal, identity_reserved=True))
        assert made.identity_reserved and made.person is not None

    @pytest.mark.parametrize(("changes", "words"), [({"body": "  "}, "Escriba"), ({"who": "dario"}, "los separa")])
    def test_says_why_not(self, cafetal, changes, words):
        case = a_routed_case(cafetal)
        before = picture(case)
        with pytest.raises(Refused, match=words):
            self.split(cafetal, case, **changes)
        assert picture(case) == before
        with pytest.raises(Refused, match="no ha salido"):
            self.split(cafetal, a_sent_case(cafetal))


class TestTellingApart:
    def test_is_said_once_in_either_order(self, cafetal):
        one, other = a_case(cafetal), a_case(cafetal)
        for first, second in [(one, other), (other, one), (one, other)]:
            by = cafetal.actor("lucia")
            tell_apart(org=cafetal.org, case_id=first.pk, other_id=second.pk, by=by, now=LATER)
        assert NotTheSame.objects.count() == 1
        assert own_verbs(one).count("cases_told_apart") + own_verbs(other).count("cases_told_apart") == 1

    def test_is_of_who_joins(self, cafetal):
        one, other = a_routed_case(cafetal), a_routed_case(cafetal)
        with pytest.raises(Refused, match="los junta"):
            tell_apart(org=cafetal.org, case_id=one.pk, other_id=other.pk, by=cafetal.actor("dario"), now=LATER)


def test_the_run_time_role_has_every_right_it_needs(cafetal):
    case, main = a_case(cafetal), a_routed_case(cafetal)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
    merge(cafetal, case, main)
    word = add_word(org=cafetal.org, case_id=case.pk, body="Hola", channel="web", by=CITIZEN, now=LATER)
    read_words(org=cafetal.org, case_id=main.pk, by=cafetal.actor("dario"), now=LATER)
    undo(cafetal, case)
    by = cafetal.actor("lucia")
    split_case(org=cafetal.org, case_id=main.pk, body="Lo otro.", by=by, now=LATER)
    tell_apart(org=cafetal.org, case_id=main.pk, other_id=case.pk, by=by, now=LATER)
    assert not search_cases(org=cafetal.org, viewer=by, typed="reserba").is_empty
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Word.objects.filter(pk=word.pk).update(body="Otra cosa")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")


@pytest.mark.slow
class TestAtOnce:
    def test_two_merges_that_cross_are_one(self, real_cafetal):
        one, other = a_case(real_cafetal), a_case(real_cafetal)
        results = at_once(lambda: merge(real_cafetal, one, other), lambda: merge(real_cafetal, other, one, "patricia"))
        assert sum(isinstance(result, Refused) for result in results) == 1
        assert sorted([fresh(one).state, fresh(other).state]) == ["filed", "merged"]
        assert Join.objects.count() == 1

    def test_a_chain_is_never_made(self, real_cafetal):
        one, two, three = (a_case(real_cafetal) for _each in range(3))
        at_once(lambda: merge(real_cafetal, one, two), lambda: merge(real_cafetal, two, three, "patricia"))
        following = [case for case in map(fresh, (one, two, three)) if case.merged_into]
        assert len(following) == 1
        assert all(case.merged_into.merged_into is None for case in following)

    def test_a_merge_and_an_answer_leave_no_answered_case_merged_in_silence(self, real_cafetal):
        case, main = a_routed_case(real_cafetal), a_routed_case(real_cafetal)
        there = {"org": real_cafetal.org, "case_id": case.pk, "by": real_cafetal.actor("dario"), "now": LATER}
        at_once(lambda: merge(real_cafetal, case, main), lambda: answer_case(body="Sí.", **there))
        state = fresh(case).state
        assert state == "merged"  # an answer that has not left is merged with its case, or comes too late
        assert owed(case) == {}

    def test_two_undo_one(self, real_cafetal):
        case, main = a_case(real_cafetal), a_case(real_cafetal)
        merge(real_cafetal, case, main)
        results = at_once(lambda: undo(real_cafetal, case), lambda: undo(real_cafetal, case, "patricia"))
        assert sum(isinstance(result, Refused | NoSuchCase) for result in results) == 1
        assert due_days(case) and own_verbs(case).count("merge_undone") == 1
