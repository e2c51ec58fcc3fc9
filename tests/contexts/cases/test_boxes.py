"""Boxes opened by act: rows, debts and facts after one call."""

from datetime import date, timedelta

import pytest

from escucha.contexts.cases.models import Act, Case, Slip
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.receiving import close_act, enter_slip, void_slip
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.receiving import NoSuchAct, act_by_number, act_list, slips_of
from escucha.contexts.cases.rules.debts import LEGAL_TERM
from escucha.contexts.cases.rules.receiving import BLANK, ILLEGIBLE, MOST_SLIPS
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.receiving import MONDAY, WITNESSES, a_box, a_slip, by_the_day_written, facts
from tests.contexts.cases.seen import at, due_days, own_verbs
from tests.contexts.cases.test_races import at_once


class TestABox:
    @pytest.mark.requirement("CAJA-08.1")
    def test_is_opened_by_act_with_its_date_its_witnesses_and_its_range(self, cafetal):
        act = a_box(cafetal, notes="El sello estaba entero.")

        row = Act.objects.get()
        assert (row.number, row.kind, row.site, row.held_at) == ("BUZ-2026-0001", "box", "sede", MONDAY)
        assert (row.member, row.witnesses) == (cafetal.members["lucia"], WITNESSES)
        assert (row.first_slip, row.last_slip, row.recorded_at, row.closed_at) == (11, 13, TUESDAY, None)
        [(verb, told)] = facts(f"act:{act.pk}", cafetal)
        assert (verb, told["number"], told["first_slip"]) == ("cases.act_opened", "BUZ-2026-0001", 11)
        assert not any(name in str(told) for name in WITNESSES)
        assert a_box(cafetal).number == "BUZ-2026-0002"

    def test_is_opened_once_though_its_form_be_sent_twice(self, cafetal):
        assert a_box(cafetal) == a_box(cafetal)
        assert a_box(cafetal) != a_box(cafetal, notes="El sello estaba roto.")
        assert Act.objects.count() == 2

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"witnesses": WITNESSES[:1]}, "2 testigos distintos"),
            ({"witnesses": ["Elsa", "Elsa", " "]}, "2 testigos distintos"),
            ({"witnesses": ["Elsa Niño", "elsa  nino"]}, "2 testigos distintos"),
            ({"held_at": TUESDAY + timedelta(minutes=1)}, "Esa hora todavía no llega"),
            ({"first_slip": 13, "last_slip": 11}, "no puede ser menor"),
            ({"first_slip": None}, "el primero y el último"),
            ({"first_slip": 1, "last_slip": 99999}, "Son más de 2000 papeletas"),
        ],
    )
    def test_is_refused_what_no_act_can_say(self, cafetal, changes, why):
        with pytest.raises(Refused, match=why):
            a_box(cafetal, **changes)
        assert not Act.objects.exists()

    def test_has_as_many_slips_as_an_act_may_have(self, cafetal):
        assert a_box(cafetal, first_slip=1, last_slip=MOST_SLIPS).last_slip == MOST_SLIPS
        with pytest.raises(Refused, match="Son más de"):
            a_box(cafetal, first_slip=1, last_slip=MOST_SLIPS + 1)

    def test_is_opened_by_who_may(self, cafetal):
        with pytest.raises(Refused, match="no lleva actas"):
            a_box(cafetal, who="dario")

    @pytest.mark.requirement("CAJA-08.1", "CAJA-08.4", "CORP-01.7")
    def test_makes_each_slip_a_case_whose_term_counts_from_the_opening(self, cafetal):
        act = a_box(cafetal)
        first = a_slip(cafetal, act, written_on=date(2026, 2, 20), person=ANA)
        second = a_slip(cafetal, act, body="Que pongan más sillas.")

        assert [(slip.position, slip.written_on) for slip in slips_of(act)] == [(11, date(2026, 2, 20)), (12, None)]
        case = first.case
        assert (case.channel, case.site, case.filled_by) == ("box", "sede", "person")
        assert (case.received_at, case.filed_at) == (MONDAY, TUESDAY)
        assert due_days(case)[LEGAL_TERM] == "2026-03-24"  # fifteen business days after Monday
        assert own_verbs(case) == ["case_filed", "slip_entered"]
        assert second.case.person is None
        told = facts(f"act:{act.pk}", cafetal)[1:]
        assert told == [
            ("cases.slip_entered", {"position": 11, "case": case.pk, "number": act.number}),
            ("cases.slip_entered", {"position": 12, "case": second.case.pk, "number": act.number}),
        ]

    def test_counts_from_the_day_on_the_slip_where_the_policy_says_so(self, cafetal):
        house = by_the_day_written(cafetal)
        act = a_box(house)
        case = a_slip(house, act, written_on=date(2026, 2, 20)).case
        assert case.received_at == at("2026-02-20", 12)
        assert a_slip(house, act).case.received_at == MONDAY
        same_day = a_slip(house, act, written_on=date(2026, 3, 2)).case
        assert same_day.received_at == MONDAY  # it was in the box before noon

    def test_has_no_slip_of_a_later_day(self, cafetal):
        act = a_box(cafetal)
        with pytest.raises(Refused, match="El buzón se abrió el lunes 2 de marzo de 2026 y esa fecha es posterior"):
            a_slip(cafetal, act, written_on=date(2026, 3, 3))
        assert not Case.objects.exists()

    @pytest.mark.requirement("CAJA-08.3", "CAJA-08.4")
    def test_slips_are_classified_as_any_case(self, cafetal):
        case = a_slip(cafetal, a_box(cafetal)).case
        by, now = cafetal.actor("lucia"), TUESDAY + timedelta(hours=1)
        classify_case(org=cafetal.org, case_id=case.pk, case_type="sugerencia", by=by, now=now)
        case.refresh_from_db()
        assert case.case_type == "sugerencia"

    def test_takes_each_number_of_the_range_once(self, cafetal):
        act = a_box(cafetal)
        a_slip(cafetal, act, position=12)
        for position, why in [
            (12, "ya está en el acta"),
            (14, "no está entre las que se sellaron"),
            (10, "de la 11 a la 13"),
        ]:
            with pytest.raises(Refused, match=why):
                a_slip(cafetal, act, position=position)
        assert a_slip(cafetal, act).position == 11
        assert a_slip(cafetal, act).position == 13
        with pytest.raises(Refused, match="ya tiene todas"):
            a_slip(cafetal, act)
        assert Case.objects.count() == 3

    def test_sent_twice_by_one_form_is_one_slip(self, cafetal):
        act = a_box(cafetal)
        first, second = (a_slip(cafetal, act, filing_key="k" * 22) for _time in range(2))
        assert first == second
        assert Slip.objects.count() == 1

    def test_keeps_the_number_of_a_void_slip_with_its_reason(self, cafetal):
        act = a_box(cafetal)
        same = {"org": cafetal.org, "act_id": act.pk, "by": cafetal.actor("lucia"), "now": TUESDAY}
        for _time in range(2):
            void_slip(position=11, reason=BLANK, **same)
        with pytest.raises(Refused, match="Diga por qué"):
            void_slip(position=12, reason=" ", **same)
        [slip] = slips_of(act)
        assert (slip.case, slip.void) == (None, "En blanco")
        assert facts(f"act:{act.pk}", cafetal)[1:] == [("cases.slip_voided", {"position": 11})]

    def test_is_closed_only_when_every_number_is_there(self, cafetal):
        act = a_box(cafetal)
        same = {"org": cafetal.org, "act_id": act.pk, "by": cafetal.actor("patricia"), "now": TUESDAY}
        a_slip(cafetal, act, position=12)
        with pytest.raises(Refused, match="Faltan por escribir o anular: 11 y 13"):
            close_act(**same)
        void_slip(position=11, reason=ILLEGIBLE, **same)
        a_slip(cafetal, act, position=13)
        closed = close_act(**same)
        assert (closed.closed_at, closed.closed_by) == (TUESDAY, cafetal.members["patricia"])
        assert facts(f"act:{act.pk}", cafetal)[-1] == ("cases.act_closed", {"cases": 2, "voids": 1})
        for verb in (close_act, lambda **more: void_slip(position=11, reason=BLANK, **more)):
            with pytest.raises(Refused, match="ya está cerrada"):
                verb(**same)

    def test_that_was_empty_is_closed_at_once(self, cafetal):
        act = a_box(cafetal, first_slip=None, last_slip=None)
        with pytest.raises(Refused):
            a_slip(cafetal, act)
        close_act(org=cafetal.org, act_id=act.pk, by=cafetal.actor("lucia"), now=TUESDAY)
        assert facts(f"act:{act.pk}", cafetal)[-1] == ("cases.act_closed", {"cases": 0, "voids": 0})

    def test_of_another_organisation_or_unit_is_not_there(self, cafetal, corrioverde):
        act = a_box(cafetal)
        with pytest.raises(NoSuchAct):
            act_by_number(org=corrioverde.org, viewer=corrioverde.actor("sofia"), number=act.number)
        paramo = a_box(corrioverde, who="tomas", site="paramo")
        for who in ("tomas", "ramiro", "sofia"):
            found = act_by_number(org=corrioverde.org, viewer=corrioverde.actor(who), number=paramo.number)
            assert found == paramo
        for who in ("olga", "helena"):
            with pytest.raises(NoSuchAct):
                act_by_number(org=corrioverde.org, viewer=corrioverde.actor(who), number=paramo.number)
        with pytest.raises(NoSuchAct):
            a_slip(corrioverde, paramo, who="olga")
        assert act_list(org=corrioverde.org, viewer=corrioverde.actor("ramiro")) == [paramo]
        assert act_list(org=corrioverde.org, viewer=corrioverde.actor("ramiro"))[0].slips == 0


@pytest.mark.slow
def test_of_two_who_copy_at_once_each_slip_is_its_own(real_cafetal):
    act = a_box(real_cafetal, first_slip=1, last_slip=4)
    same = {"org": real_cafetal.org, "act_id": act.pk, "now": TUESDAY}

    def entering(who, **more):
        return lambda: enter_slip(body=f"La copió {who}", by=real_cafetal.actor(who), **same, **more)

    results = at_once(
        *(entering(who) for who in ("lucia", "patricia")),
        entering("lucia", position=4),
        entering("patricia", position=4),
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert [slip.position for slip in slips_of(act)] == [1, 2, 4]
    assert len(refused) == 1 and Case.objects.count() == 3
