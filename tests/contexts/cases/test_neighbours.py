"""With another of the same beside it, each door gives what is of its case, of its act, and of its organisation."""

import pytest

from escucha.contexts.cases.models import Accused, Case, SearchEntry
from escucha.contexts.cases.operations.answering import answer_case, check_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import (
    assign_case,
    release_cases,
    route_case,
    withdraw_case,
    write_note,
)
from escucha.contexts.cases.operations.indexing import reindex_cases
from escucha.contexts.cases.operations.joining import merge_cases, split_case, undo_merge
from escucha.contexts.cases.operations.reaching import end_notice, open_answer, publish_notice
from escucha.contexts.cases.operations.receiving import enter_slip
from escucha.contexts.cases.operations.reserving import lift_accused, name_accused, reveal_identity
from escucha.contexts.cases.operations.words import add_word
from escucha.contexts.cases.queries.doors import NoSuchCase, subjects_kept_from
from escucha.contexts.cases.queries.joined import may_read_answer
from escucha.contexts.cases.queries.receiving import act_list, case_filed_by, slip_at, slips_of
from escucha.contexts.cases.queries.reserved import (
    accused_of,
    charges_of,
    identity_shown,
    keepers_of,
    reserved_list,
    unkept_cases,
)
from escucha.contexts.cases.queries.words import words_told_beside
from escucha.contexts.cases.queries.written import latest_answer, remarks_of
from escucha.contexts.cases.rules.reserve import Charge
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.operations import take_in, take_out
from escucha.kernel.orgs.queries import central_unit
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import ANA, PASSWORD, TUESDAY
from tests.contexts.cases.receiving import a_box, a_slip
from tests.contexts.cases.seen import DAY, HOUR, own_verbs
from tests.contexts.documents.conftest import a_file
from tests.make import ALL_MET, a_case, a_house, a_routed_case, a_sent_case, an_answered_case

LATER = TUESDAY + DAY


def acting(house, case, who, now=LATER):
    return {"org": house.org, "case_id": case.pk, "by": house.actor(who), "now": now}


@pytest.fixture
def teresa(cafetal):
    """Another who has the reserved channel, from a service. The first is Gabriel Ossa, of the direction."""
    said = {"email": "teresa@cafetal.example.org", "name": "Teresa Vélez", "password": PASSWORD}
    cafetal.members["teresa"] = take_in(org=cafetal.org, unit=cafetal.unit("credito"), roles=["director"], **said)
    return cafetal.members["teresa"]


@pytest.fixture
def two(cafetal, teresa):
    """Two reserved cases, the first about Teresa and the second about Gabriel."""
    gabriel, cases = cafetal.members["gabriel"], [a_case(cafetal, reserved=True) for _each in range(2)]
    for case, member, by in zip(cases, (teresa, gabriel), ("gabriel", "teresa"), strict=True):
        name_accused(member=member, **acting(cafetal, case, by))
    return cases


class TestReservedCases:
    def test_are_each_about_whom_it_names(self, cafetal, teresa, two):
        gabriel = cafetal.members["gabriel"]
        assert [charges_of(case) for case in two] == [
            [Charge(teresa.pk, teresa.unit_id)],
            [Charge(gabriel.pk, gabriel.unit_id)],
        ]
        assert [keepers_of(case, now=LATER) for case in two] == [[gabriel], [teresa]]
        seen = [reserved_list(org=cafetal.org, viewer=cafetal.actor(who)) for who in ("gabriel", "teresa")]
        assert seen == [[two[0]], [two[1]]]

    def test_are_lifted_each_by_its_own(self, cafetal, two):
        [of_the_other] = accused_of(two[1])
        lift_accused(accused_id=of_the_other.pk, **acting(cafetal, two[0], "gabriel"))
        assert Accused.objects.filter(lifted_at=None).count() == 2

    def test_show_each_identity_by_itself_and_from_its_moment_on(self, cafetal):
        case, other = (a_case(cafetal, reserved=True) for _each in range(2))
        reveal = reveal_identity(reason="Para llamar.", **acting(cafetal, case, "gabriel"))
        shown = {"viewer": cafetal.actor("gabriel")}
        assert identity_shown(case, now=LATER, **shown) == reveal
        assert identity_shown(other, now=LATER, **shown) is None
        assert identity_shown(case, now=LATER - HOUR, **shown) is None

    def test_are_apart_from_those_that_are_closed_or_open_to_all(self, cafetal):
        case, closed, plain = a_case(cafetal, reserved=True), a_case(cafetal, reserved=True), a_case(cafetal)
        withdraw_case(reason="Así lo pidió.", **acting(cafetal, closed, "gabriel"))
        door = {"org": cafetal.org, "viewer": cafetal.actor("gabriel")}
        assert (reserved_list(**door), reserved_list(**door, closed=True)) == ([case], [closed])
        kept = subjects_kept_from(org=cafetal.org, viewer=cafetal.actor("patricia"))
        assert set(kept) == {case.subject, closed.subject}
        assert plain.subject not in kept

    def test_that_nobody_may_handle_are_counted_while_they_are_open(self, cafetal):
        gabriel, vidamar = cafetal.members["gabriel"], a_house("vidamar")
        case, closed = (a_case(cafetal, reserved=True) for _each in range(2))
        a_case(cafetal), a_case(vidamar, reserved=True)
        withdraw_case(reason="Así lo pidió.", **acting(cafetal, closed, "gabriel"))
        for one in (case, closed):
            Accused.objects.create(org=cafetal.org, case=one, member=gabriel, at=LATER)
        assert unkept_cases(org=cafetal.org, now=LATER) == 1
        assert unkept_cases(org=vidamar.org, now=LATER) == 0

    def test_are_read_back_by_who_took_them_down_unless_they_are_about_it(self, cafetal, teresa):
        """At the counter somebody tells it, and who wrote it down says what it wrote."""
        bruno, lucia = cafetal.actor("bruno"), cafetal.actor("lucia")
        case, other = (a_case(cafetal, reserved=True, by=bruno) for _each in range(2))
        name_accused(member=teresa, **acting(cafetal, case, "gabriel"))
        name_accused(unit=cafetal.members["bruno"].unit, **acting(cafetal, other, "gabriel"))
        asked = {"org": cafetal.org, "number": case.filing_number, "since": case.filed_at}
        assert case_filed_by(by=bruno, **asked) == case
        refused = [{"by": lucia}, {"number": other.filing_number}, {"since": case.filed_at + HOUR}]
        refused.append({"by": CITIZEN})
        for one in refused:
            with pytest.raises(NoSuchCase):
                case_filed_by(**{"by": bruno} | asked | one)

    def test_stay_with_who_has_them_when_another_is_named(self, cafetal, teresa):
        case = a_case(cafetal, reserved=True)
        gabriel = cafetal.members["gabriel"]
        classify_case(case_type="queja", **acting(cafetal, case, "gabriel"))
        assign_case(member=gabriel, **acting(cafetal, case, "gabriel"))
        name_accused(member=teresa, **acting(cafetal, case, "gabriel"))
        case.refresh_from_db()
        assert case.member == gabriel

    def test_once_about_who_had_them_owe_by_the_unit_alone(self, cafetal):
        case, here = a_case(cafetal, reserved=True), central_unit(cafetal.org)
        said = {"email": "rosa@cafetal.example.org", "name": "Rosa Peña", "password": PASSWORD}
        rosa = take_in(org=cafetal.org, unit=here, roles=["director"], **said)
        classify_case(case_type="queja", **acting(cafetal, case, "gabriel"))
        assign_case(member=rosa, **acting(cafetal, case, "gabriel"))
        assert {one.owner_member for one in owed_about(org=cafetal.org, subject=case.subject)} == {rosa, None}
        name_accused(member=rosa, **acting(cafetal, case, "gabriel"))
        owners = {(one.owner_unit, one.owner_member) for one in owed_about(org=cafetal.org, subject=case.subject)}
        assert owners == {(here, None)}


def test_a_report_that_is_classified_is_put_in_no_reserve_again(arrayanes):
    case = a_case(arrayanes, suggested_type="denuncia")
    classify_case(case_type="denuncia", **acting(arrayanes, case, "hernan"))
    assert case.reserved and not {"case_reserved"}.intersection(own_verbs(case))


def test_who_leaves_leaves_what_is_open_and_nothing_else(cafetal):
    """Of what is closed it goes on being told who had it."""
    dario, open_one, closed, other = cafetal.members["dario"], *(a_routed_case(cafetal) for _each in range(3))
    for case, who in ((open_one, "dario"), (closed, "dario"), (other, "elsa")):
        assign_case(member=cafetal.members[who], **acting(cafetal, case, "elsa"))
    withdraw_case(org=cafetal.org, case_id=closed.pk, by=CITIZEN, now=LATER)
    assert release_cases(org=cafetal.org, member=dario, by=cafetal.actor("lucia"), now=LATER) == 1
    holders = [Case.objects.get(pk=case.pk).member for case in (open_one, closed, other)]
    assert holders == [None, dario, cafetal.members["elsa"]]
    assert own_verbs(open_one)[-1] == "case_assigned"


class TestCasesThatFollow:
    def test_are_undone_each_as_it_was(self, cafetal):
        main, filed, routed = a_routed_case(cafetal), a_case(cafetal), a_routed_case(cafetal, unit="credito")
        for case in (filed, routed):
            merge_cases(into_id=main.pk, **acting(cafetal, case, "lucia"))
        for case in (routed, filed):
            undo_merge(**acting(cafetal, case, "lucia", LATER + HOUR))
        assert [Case.objects.get(pk=case.pk).state for case in (filed, routed)] == ["filed", "assigned"]

    def test_twice_are_undone_as_they_were_the_last_time(self, cafetal):
        main, case = a_routed_case(cafetal), a_case(cafetal)
        merge_cases(into_id=main.pk, **acting(cafetal, case, "lucia"))
        undo_merge(**acting(cafetal, case, "lucia"))
        classify_case(case_type="queja", **acting(cafetal, case, "lucia"))
        route_case(unit=cafetal.unit("credito"), **acting(cafetal, case, "lucia"))
        merge_cases(into_id=main.pk, **acting(cafetal, case, "lucia"))
        undo_merge(**acting(cafetal, case, "lucia"))
        assert Case.objects.get(pk=case.pk).state == "assigned"

    @pytest.mark.parametrize("leaves", [True, False])
    def test_are_again_of_who_had_them_unless_it_left(self, cafetal, leaves):
        main, case, dario = a_routed_case(cafetal), a_routed_case(cafetal), cafetal.members["dario"]
        assign_case(member=dario, **acting(cafetal, case, "elsa"))
        merge_cases(into_id=main.pk, **acting(cafetal, case, "lucia"))
        if leaves:
            take_out(org=cafetal.org, member=dario)
        undo_merge(**acting(cafetal, case, "lucia"))
        assert Case.objects.get(pk=case.pk).member == (None if leaves else dario)

    def test_were_told_each_its_own_words(self, cafetal):
        main, cases = a_routed_case(cafetal), [a_case(cafetal), a_case(cafetal)]
        for case in cases:
            merge_cases(into_id=main.pk, **acting(cafetal, case, "lucia"))
            add_word(org=cafetal.org, case_id=case.pk, body=f"Sobre {case.pk}.", channel="web", by=CITIZEN, now=LATER)
        told = [[word.body for word in words_told_beside(case)] for case in cases]
        assert told == [[f"Sobre {case.pk}."] for case in cases]


class TestAnsweredCases:
    def test_have_each_its_answer_and_its_remarks(self, cafetal):
        cases = [an_answered_case(cafetal) for _each in range(2)]
        notes = [write_note(body=f"Nota de {case.pk}.", **acting(cafetal, case, "lucia")) for case in cases]
        assert [latest_answer(case).case_id for case in cases] == [case.pk for case in cases]
        assert [note.pk in remarks_of(case) for note in notes for case in cases] == [True, False, False, True]

    def test_answered_again_have_their_last_answer(self, cafetal):
        case = an_answered_case(cafetal)
        first, wrong = latest_answer(case), ALL_MET | {"clarity": False}
        check_answer(verdicts=wrong, reason="Falta la fecha.", **acting(cafetal, case, "lucia"))
        answer_case(body="Será el lunes.", **acting(cafetal, case, "dario"))
        assert latest_answer(case).body == "Será el lunes." and latest_answer(case) != first

    def test_are_notified_each_by_its_own_notice(self, cafetal):
        first, second = (a_sent_case(cafetal, person=ANA | {"phone": "", "email": ""}) for _each in range(2))
        notice = publish_notice(**acting(cafetal, first, "lucia", LATER + 30 * DAY))
        end_notice(org=cafetal.org, case_id=second.pk, now=notice.until)
        assert Case.objects.get(pk=second.pk).state == "sent"
        open_answer(org=cafetal.org, token=latest_answer(second).link_token, now=notice.until + DAY)
        end_notice(org=cafetal.org, case_id=first.pk, now=notice.until + DAY)
        how = Case.objects.order_by("pk").values_list("state", "notified_how", "notified_at")
        assert list(how) == [("notified", "notice", notice.until), ("notified", "link", notice.until + DAY)]


def test_an_answer_is_read_by_its_own_case_by_its_parts_and_by_the_same_person(cafetal):
    nobody, other = (a_case(cafetal, person=None) for _each in range(2))
    by = {"body": "Y también el casillero.", "by": cafetal.actor("lucia"), "now": LATER}
    part = split_case(org=cafetal.org, case_id=nobody.pk, **by)
    ana, again = a_case(cafetal), a_case(cafetal)
    beside = a_case(cafetal, person={"name": "Otra", "phone": ANA["phone"]})
    assert all(may_read_answer(*pair) for pair in [(nobody, nobody), (part, nobody), (nobody, part), (ana, again)])
    assert not any(may_read_answer(*pair) for pair in [(nobody, other), (part, other), (beside, ana), (ana, nobody)])


def test_a_word_with_papers_keeps_them_open_where_the_case_is(cafetal):
    said = {"org": cafetal.org, "channel": "email", "by": CITIZEN, "now": LATER}
    kept = {}
    for case in (a_routed_case(cafetal), a_case(cafetal, identity_reserved=True)):
        file = a_file(cafetal, f"Prueba de {case.pk}".encode())
        word = add_word(case_id=case.pk, body="Mire\x00 esto.", attachments=[file], **said)
        assert word.body == "Mire esto."
        file.refresh_from_db()
        kept[case.identity_reserved] = file.reserved
    assert kept == {False: False, True: True}


def test_words_are_each_of_their_arrival(cafetal):
    said = {"org": cafetal.org, "channel": "email", "by": CITIZEN, "now": LATER}
    cases = [a_case(cafetal), a_case(cafetal)]
    words = [
        add_word(case_id=case.pk, arrival=place, body="Agrego.", **said)
        for place, case in enumerate(cases)
        for _twice in range(2)
    ]
    assert [(word.case_id, word.arrival) for word in words[::2]] == [(case.pk, n) for n, case in enumerate(cases)]
    assert words[::2] == words[1::2] != []


class TestActs:
    def test_have_each_its_slips(self, cafetal):
        first, second = a_box(cafetal), a_box(cafetal, notes="El sello estaba roto.")
        slips = [a_slip(cafetal, act, body=f"Papeleta del {act.number}.") for act in (first, second, second)]
        assert [one.position for one in slips] == [11, 11, 12]
        assert [slip_at(first, 11), slip_at(second, 11), slip_at(first, 12)] == [slips[0], slips[1], None]
        assert [list(slips_of(act)) for act in (first, second)] == [slips[:1], slips[1:]]
        acts = act_list(org=cafetal.org, viewer=cafetal.actor("lucia"))
        assert {act.number: act.slips for act in acts} == {first.number: 1, second.number: 2}

    def test_enter_the_same_form_once_each(self, cafetal):
        acts = a_box(cafetal), a_box(cafetal, notes="El sello estaba roto.")
        for key in ("una", "una", "otra"):
            for act in acts:
                said = {"body": "Falta papel.", "filing_key": f"{key}{act.pk}", "by": cafetal.actor("lucia")}
                enter_slip(org=cafetal.org, act_id=act.pk, now=TUESDAY, **said)
        assert [len(slips_of(act)) for act in acts] == [2, 2]


def test_the_search_is_written_again_for_one_organisation(cafetal):
    mine, strange = a_case(cafetal), a_case(a_house("vidamar"))
    SearchEntry.objects.all().delete()
    assert reindex_cases(org=cafetal.org) is None
    assert [entry.case_id for entry in SearchEntry.objects.all()] == [mine.pk] != [strange.pk]
