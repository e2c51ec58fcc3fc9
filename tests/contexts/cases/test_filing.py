"""Filing and classifying: the number, the debts, the facts and the message, all asserted after one call."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.operations.filing import classify_case, file_case
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.rules.debts import (
    CENTRAL_ANSWER,
    CLASSIFICATION,
    LEGAL_TERM,
    LONGEST_AGO,
    UNIT_ANSWER,
)
from escucha.contexts.messaging.queries import messages_about
from escucha.kernel.commitments.queries import history_about, owed_about
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import TUESDAY
from tests.contexts.cases.seen import due_days, verbs
from tests.make import a_case, a_routed_case


class TestFilingACase:
    def test_owes_the_general_term_and_its_classification_until_its_kind_is_known(self, cafetal):
        case = a_case(cafetal)

        assert case.filing_number == "PQR-2026-000001"
        assert due_days(case) == {CLASSIFICATION: "2026-03-04", LEGAL_TERM: "2026-03-25"}
        assert case.due_at.isoformat() == "2026-03-05T05:00:00+00:00"
        assert verbs(case) == ["cases.case_filed"]
        [message] = messages_about(org=cafetal.org, subject=case.subject)
        assert (message.template, message.to) == ("acknowledged", "ana@example.org")
        assert case.filing_number in message.body
        assert case.body not in message.body and case.matter not in message.body

    def test_is_never_refused_for_what_is_missing(self, cafetal):
        case = file_case(org=cafetal.org, channel="web", body="", by=CITIZEN, now=TUESDAY)

        assert case.person is None
        assert set(due_days(case)) == {CLASSIFICATION, LEGAL_TERM}
        assert messages_about(org=cafetal.org, subject=case.subject) == []

    def test_sent_twice_by_one_form_is_one_case(self, cafetal):
        first, second = (a_case(cafetal, filing_key="form-1") for _ in range(2))

        assert first.pk == second.pk
        assert verbs(first) == ["cases.case_filed"]

    def test_counts_from_when_an_area_received_it(self, cafetal):
        case = a_case(cafetal, received_at=TUESDAY - timedelta(days=1), received_unit=cafetal.unit("credito"))

        assert due_days(case)[LEGAL_TERM] == "2026-03-24"
        assert due_days(case)[CLASSIFICATION] == "2026-03-04"

    @pytest.mark.parametrize("year", [1, 1990, 2023])
    def test_received_longer_ago_than_can_be_is_filed_all_the_same(self, cafetal, year):
        case = a_case(cafetal, received_at=TUESDAY.replace(year=year))
        assert case.received_at == TUESDAY - LONGEST_AGO

    def test_a_kind_that_nobody_has_is_no_suggestion(self, cafetal):
        assert a_case(cafetal, suggested_type="<script>").suggested_type == ""


class TestClassifyingACase:
    def test_owes_three_debts_side_by_side_from_the_original_receipt(self, cafetal):
        case = a_routed_case(cafetal)

        assert due_days(case) == {UNIT_ANSWER: "2026-03-10", CENTRAL_ANSWER: "2026-03-12", LEGAL_TERM: "2026-03-25"}
        owners = {owed.kind: owed.owner_unit.key for owed in owed_about(org=case.org, subject=case.subject)}
        assert owners == {UNIT_ANSWER: "recreacion", CENTRAL_ANSWER: "atencion", LEGAL_TERM: "atencion"}
        assert (case.state, case.case_type) == ("assigned", "reclamo")

    def test_annuls_what_was_owed_before_and_keeps_it_to_be_read(self, cafetal):
        case = a_routed_case(cafetal)

        ended = {(owed.kind, owed.outcome) for owed in history_about(org=case.org, subject=case.subject)}
        assert (CLASSIFICATION, "met") in ended
        assert (LEGAL_TERM, "annulled") in ended

    def test_again_owes_the_terms_of_the_new_kind_from_the_same_receipt(self, cafetal):
        case = a_routed_case(cafetal)

        classify_case(
            org=case.org,
            case_id=case.pk,
            case_type="informacion",
            by=cafetal.actor("lucia"),
            now=TUESDAY + timedelta(days=3),
        )

        assert due_days(case)[LEGAL_TERM] == "2026-03-17"
        assert due_days(case)[UNIT_ANSWER] == "2026-03-10"

    @pytest.mark.requirement("CAJA-05.1")
    @pytest.mark.parametrize(
        ("who", "no"),
        [
            ("dario", NoSuchCase),
            ("elsa", NoSuchCase),
            ("bruno", NoSuchCase),
            ("gabriel", "Las solicitudes las clasifica Atención al Usuario"),
        ],
    )
    def test_is_refused_to_everybody_but_user_attention(self, cafetal, who, no):
        case = a_case(cafetal)

        with pytest.raises(Refused, match=no) if isinstance(no, str) else pytest.raises(no):
            classify_case(org=case.org, case_id=case.pk, case_type="reclamo", by=cafetal.actor(who), now=TUESDAY)

        case.refresh_from_db()
        assert (case.case_type, case.state) == ("", "filed")
        assert set(due_days(case)) == {CLASSIFICATION, LEGAL_TERM}

    def test_on_an_old_page_is_told_that_somebody_acted_before(self, cafetal):
        case = a_case(cafetal)
        seen = case.version
        a = {"org": case.org, "case_id": case.pk, "by": cafetal.actor("lucia"), "now": TUESDAY}
        classify_case(case_type="reclamo", version=seen, **a)

        with pytest.raises(Overtaken):
            classify_case(case_type="queja", version=seen, **a)
