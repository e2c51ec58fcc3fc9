"""A slip copied wrong is put right: what was filed stays, and what is owed counts from the day on the paper."""

from datetime import date

import pytest

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.joining import merge_cases, undo_merge
from escucha.contexts.cases.operations.receiving import close_act, correct_slip, void_slip
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.receiving import text_of_slip
from escucha.contexts.cases.queries.written import remarks_of
from escucha.contexts.cases.rules.debts import CLASSIFICATION, LEGAL_TERM, LONGEST_AGO
from escucha.contexts.cases.rules.receiving import ILLEGIBLE
from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.queries import history_about
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.receiving import MONDAY, a_box, a_slip, by_the_day_written, facts
from tests.contexts.cases.seen import DAY, HOUR, at, due_days, last_fact, owed, picture, verbs
from tests.kernel.commitments.making import waiting
from tests.make import a_case

LATER = TUESDAY + DAY


class TestCorrecting:
    def test_keeps_what_was_filed_and_notes_what_the_paper_says(self, cafetal):
        act = a_box(cafetal)
        slip = a_slip(cafetal, act, written_on=date(2026, 2, 2))
        same = {"org": cafetal.org, "act_id": act.pk, "position": 11, "by": cafetal.actor("lucia"), "now": TUESDAY}
        correct_slip(body="Falta jabón en los baños.", written_on=date(2026, 2, 22), **same)
        slip.refresh_from_db()
        assert slip.written_on == date(2026, 2, 22)
        assert slip.case.body == "Falta papel en los baños."
        [remark] = remarks_of(slip.case).values()
        assert remark.body.endswith("Falta jabón en los baños.")
        assert facts(f"act:{act.pk}", cafetal)[-1] == ("cases.slip_corrected", {"position": 11})
        assert text_of_slip(slip) == "Falta jabón en los baños."
        correct_slip(body=text_of_slip(slip), written_on=date(2026, 2, 21), **same)
        assert len(remarks_of(slip.case)) == 1
        for _time in range(2):  # what was filed first was right
            correct_slip(body=slip.case.body, written_on=date(2026, 2, 21), **same)
        assert len(remarks_of(slip.case)) == 2
        assert text_of_slip(slip) == slip.case.body

    def test_makes_a_void_slip_a_case(self, cafetal):
        act = a_box(cafetal)
        same = {"org": cafetal.org, "act_id": act.pk, "position": 11, "by": cafetal.actor("lucia"), "now": TUESDAY}
        void_slip(reason=ILLEGIBLE, **same)
        slip = correct_slip(body="Con lupa se lee: gracias.", **same)
        assert (slip.void, slip.case.body) == ("", "Con lupa se lee: gracias.")
        assert slip.case.received_at == MONDAY
        assert [verb for verb, _data in facts(f"act:{act.pk}", cafetal)][1:] == [
            "cases.slip_voided",
            "cases.slip_entered",
        ]

    def test_ends_when_the_case_is_handled_or_the_act_is_closed(self, cafetal):
        act = a_box(cafetal, first_slip=1, last_slip=1)
        case = a_slip(cafetal, act).case
        same = {"org": cafetal.org, "act_id": act.pk, "by": cafetal.actor("lucia"), "now": TUESDAY}
        with pytest.raises(Refused, match="todavía no está"):
            correct_slip(position=9, body="x", **same)
        classify_case(org=cafetal.org, case_id=case.pk, case_type="queja", by=cafetal.actor("lucia"), now=TUESDAY)
        with pytest.raises(Refused, match="ya se está atendiendo"):
            correct_slip(position=1, body="x", **same)
        close_act(**same)
        with pytest.raises(Refused, match="ya está cerrada"):
            correct_slip(position=1, body="x", **same)


class TestADayPutRight:
    """Where the term counts from the day written on the slip."""

    @pytest.fixture
    def house(self, cafetal):
        return by_the_day_written(cafetal)

    @pytest.fixture
    def box(self, house):
        return a_box(house)

    def put_right(self, house, act, day, position=11, now=LATER):
        said = {"position": position, "body": "Falta papel en los baños.", "by": house.actor("lucia"), "now": now}
        return correct_slip(org=house.org, act_id=act.pk, written_on=date.fromisoformat(day), **said).case

    def test_moves_what_is_owed_to_what_it_would_have_been(self, house, box):
        slip, other = (a_slip(house, box, written_on=date(2026, 2, day)) for day in (24, 20))
        classification = owed(slip.case)[CLASSIFICATION].due_at
        case = self.put_right(house, box, "2026-02-20")

        term, twin = owed(case)[LEGAL_TERM], owed(other.case)[LEGAL_TERM]
        assert (term.due_at, term.due_on, term.reckoning) == (twin.due_at, twin.due_on, twin.reckoning | {"events": []})
        assert term.begins_at == twin.begins_at == at("2026-02-20", 12)
        assert waiting(term) == {name: max(moment, LATER) for name, moment in waiting(twin).items()}
        assert owed(case)[CLASSIFICATION].due_at == classification  # which counts from when it was filed
        case.refresh_from_db()
        assert case.due_at == min(term.due_at, classification)
        assert case.received_at == at("2026-02-24", 12)  # what was filed stays as it was filed
        told, member = last_fact(case, "commitments.commitment_reckoned_again")
        assert (told["kind"], told["cause"], told["due_at"]) == (LEGAL_TERM, "slip_corrected", term.due_at.isoformat())
        assert member == house.members["lucia"].pk

    def test_in_the_same_way_twice_moves_it_once(self, house, box):
        slip = a_slip(house, box, written_on=date(2026, 2, 24))
        for _time in range(2):
            case = self.put_right(house, box, "2026-02-20")
        assert verbs(case).count("commitments.commitment_reckoned_again") == 1
        version = Case.objects.get(pk=case.pk).version
        assert version == slip.case.version + 1

    def test_twice_counts_from_the_last(self, house, box):
        case = a_slip(house, box, written_on=date(2026, 2, 24)).case
        before = due_days(case)[LEGAL_TERM]
        self.put_right(house, box, "2026-02-12")
        earlier = due_days(case)[LEGAL_TERM]
        self.put_right(house, box, "2026-02-24")
        assert earlier < before == due_days(case)[LEGAL_TERM]
        assert owed(case)[LEGAL_TERM].attempt == 1
        assert verbs(case).count("commitments.commitment_reckoned_again") == 2

    def test_that_ends_the_same_day_is_still_another_day(self, house, box):
        """Saturday and Sunday are received the same Monday: the term ends the same, the account begins elsewhere."""
        case = a_slip(house, box, written_on=date(2026, 2, 21)).case
        term = owed(case)[LEGAL_TERM]
        self.put_right(house, box, "2026-02-22")
        again = owed(case)[LEGAL_TERM]
        assert (again.due_at, again.begins_at) == (term.due_at, at("2026-02-22", 12))

    def test_is_the_day_from_which_its_kind_counts(self, house, box):
        slip, other = (a_slip(house, box, written_on=date(2026, 2, day)) for day in (24, 20))
        self.put_right(house, box, "2026-02-20")
        for case in (slip.case, other.case):
            classify_case(org=house.org, case_id=case.pk, case_type="reclamo", by=house.actor("lucia"), now=LATER)
        assert due_days(slip.case) == due_days(other.case)

    def test_later_than_the_opening_is_refused(self, house, box):
        slip = a_slip(house, box, written_on=date(2026, 2, 24))
        before = picture(slip.case)
        with pytest.raises(Refused, match="El buzón se abrió el lunes 2 de marzo de 2026 y esa fecha es posterior"):
            self.put_right(house, box, "2026-03-03")
        slip.refresh_from_db()
        assert (slip.written_on, picture(slip.case)) == (date(2026, 2, 24), before)

    def test_of_long_ago_counts_as_far_back_as_any_receipt(self, house, box):
        case = a_slip(house, box, written_on=date(2026, 2, 24)).case
        self.put_right(house, box, "1996-02-24")
        assert owed(case)[LEGAL_TERM].begins_at == TUESDAY - LONGEST_AGO

    def test_leaves_alone_what_was_met(self, house, box):
        case = a_slip(house, box, written_on=date(2026, 2, 24), emergency=True).case
        about = {"org": house.org, "subject": case.subject, "by": house.actor("lucia"), "now": TUESDAY}
        met = ledger.settle(kind=LEGAL_TERM, **about)
        self.put_right(house, box, "2026-02-20")
        [kept] = [one for one in history_about(org=house.org, subject=case.subject) if one.kind == LEGAL_TERM]
        assert (kept.due_at, kept.begins_at, kept.outcome) == (met.due_at, met.begins_at, met.outcome)

    def test_leaves_alone_what_stands_still_or_stood(self, house, box):
        case = a_slip(house, box, written_on=date(2026, 2, 24)).case
        about = {"org": house.org, "kind": LEGAL_TERM, "subject": case.subject, "by": house.actor("lucia")}
        ledger.pause(now=LATER, **about)
        self.put_right(house, box, "2026-02-20")
        assert owed(case)[LEGAL_TERM].due_at is None
        due_at = LATER + 30 * DAY
        ledger.resume(due_at=due_at, calendar=house.profile.calendar, now=LATER + DAY, **about)
        self.put_right(house, box, "2026-02-19", now=LATER + DAY)
        assert owed(case)[LEGAL_TERM].due_at == due_at
        assert "commitments.commitment_reckoned_again" not in verbs(case)

    def test_of_a_case_that_follows_another_waits_until_they_are_apart(self, house, box):
        slip, main = a_slip(house, box, written_on=date(2026, 2, 24), person=ANA), a_case(house)
        said = {"org": house.org, "by": house.actor("lucia")}
        merge_cases(case_id=slip.case.pk, into_id=main.pk, now=TUESDAY + HOUR, **said)
        with pytest.raises(Refused, match="ya se está atendiendo"):
            self.put_right(house, box, "2026-02-20")
        undo_merge(case_id=slip.case.pk, now=LATER, **said)
        before = due_days(main)[LEGAL_TERM]
        self.put_right(house, box, "2026-02-20")
        merge_cases(case_id=slip.case.pk, into_id=main.pk, now=LATER + HOUR, **said)
        assert owed(main)[LEGAL_TERM].begins_at == at("2026-02-20", 12)
        assert due_days(main)[LEGAL_TERM] < before

    def test_of_a_case_that_others_follow_moves_what_it_owes_for_all(self, house, box):
        slip, follower = a_slip(house, box, written_on=date(2026, 2, 24), person=ANA), a_case(house)
        merge_cases(
            org=house.org, case_id=follower.pk, into_id=slip.case.pk, by=house.actor("lucia"), now=TUESDAY + HOUR
        )
        self.put_right(house, box, "2026-02-20")
        assert owed(slip.case)[LEGAL_TERM].begins_at == at("2026-02-20", 12)
        assert owed(follower) == {}

    def test_moves_nothing_where_the_term_counts_from_the_opening(self, cafetal):
        act = a_box(cafetal)
        case = a_slip(cafetal, act, written_on=date(2026, 2, 24)).case
        before = picture(case)
        self.put_right(cafetal, act, "2026-02-20")
        assert picture(case) == before

    def test_of_a_void_slip_is_that_of_its_case(self, house, box):
        void_slip(org=house.org, act_id=box.pk, position=11, reason=ILLEGIBLE, by=house.actor("lucia"), now=TUESDAY)
        case = self.put_right(house, box, "2026-02-20")
        assert (case.received_at, owed(case)[LEGAL_TERM].begins_at) == (at("2026-02-20", 12),) * 2
        assert "commitments.commitment_reckoned_again" not in verbs(case)

    def test_a_minute_put_right_moves_the_word_of_a_hearing(self, corrioverde):
        said = {"kind": "hearing", "held_at": at("2026-03-02", 23), "place": "Salón", "topic": "Río"}
        act = a_box(corrioverde, who="tomas", **said | {"witnesses": [], "first_slip": None, "last_slip": None})
        case = a_slip(corrioverde, act, who="tomas", minute=12).case
        before = owed(case)[LEGAL_TERM]
        by = corrioverde.actor("tomas")
        correct_slip(org=corrioverde.org, act_id=act.pk, position=1, body=case.body, minute=80, by=by, now=LATER)
        after = owed(case)[LEGAL_TERM]
        assert after.begins_at == at("2026-03-03", 0, 20)
        assert after.due_at > before.due_at
