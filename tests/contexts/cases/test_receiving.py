"""Contacts that are no case, boxes opened by act, hearings: rows, debts and facts after one call."""

from datetime import date, timedelta

import pytest

from escucha.contexts.cases.models import Act, Attention, Case, Slip
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.receiving import (
    close_act,
    correct_slip,
    enter_slip,
    open_act,
    record_attention,
    turn_attention_into_case,
    void_slip,
)
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.receiving import (
    NoSuchAct,
    NoSuchAttention,
    Place,
    act_by_number,
    act_list,
    attention_by_id,
    attention_list,
    attention_of,
    attention_tallies,
    slips_of,
    text_of_slip,
)
from escucha.contexts.cases.queries.written import remarks_of
from escucha.contexts.cases.rules.debts import LEGAL_TERM
from escucha.contexts.cases.rules.receiving import BLANK, ILLEGIBLE
from escucha.contexts.people.models import Person
from escucha.kernel.timeline.record import entries_about
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.seen import at, due_days, own_verbs, verbs
from tests.contexts.cases.test_races import at_once
from tests.make import a_house

WITNESSES = ["Elsa Quiceno, Recreación", "Dora Cano, usuaria"]
MONDAY = at("2026-03-02", 9)


def a_contact(house, who="lucia", **changes):
    said = {"channel": "phone", "stakeholder": "trabajador", "topic": "tarifas", "note": "Preguntó por el parque."}
    return record_attention(org=house.org, by=house.actor(who), now=TUESDAY, **said | changes)


def a_box(house, who="lucia", **changes):
    said = {"kind": "box", "site": "sede", "held_at": MONDAY, "witnesses": WITNESSES, "first_slip": 11, "last_slip": 13}
    return open_act(org=house.org, by=house.actor(who), now=TUESDAY, **said | changes)


def a_slip(house, act, who="lucia", **changes):
    said = {"body": "Falta papel en los baños.", "now": TUESDAY}
    return enter_slip(org=house.org, act_id=act.pk, by=house.actor(who), **said | changes)


def facts(subject, house):
    return [(entry.verb, entry.data) for entry in entries_about(org=house.org, subject=subject)]


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

    def test_counts_from_the_day_on_the_slip_where_the_policy_says_so(self, cafetal, monkeypatch):
        monkeypatch.setitem(cafetal.profile.raw["boxes"], "counts_from", "written")
        monkeypatch.setattr("escucha.contexts.cases.operations.receiving.profile_of", lambda org, at: _again(cafetal))
        act = a_box(cafetal)
        case = a_slip(cafetal, act, written_on=date(2026, 2, 20)).case
        assert case.received_at == at("2026-02-20", 12)
        assert a_slip(cafetal, act).case.received_at == MONDAY
        late = a_slip(cafetal, act, written_on=date(2026, 3, 2)).case
        assert late.received_at == MONDAY  # nobody writes in a box after it was opened

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


class TestAHearing:
    @pytest.mark.requirement("CORP-01.6")
    def test_is_one_act_with_each_word_a_case(self, corrioverde):
        act = open_act(
            org=corrioverde.org,
            kind="hearing",
            held_at=MONDAY,
            place="Salón comunal de Vado Hondo",
            topic="Concesión de aguas de la quebrada",
            by=corrioverde.actor("tomas"),
            now=TUESDAY,
        )
        assert (act.number, act.first_slip, act.witnesses) == ("AUD-2026-0001", None, [])
        for minute, speaker in [(12, "Ana Lucía Berrío"), (25, "Junta de acción comunal")]:
            a_slip(
                corrioverde,
                act,
                who="tomas",
                minute=minute,
                speaker=speaker,
                commitment="Visitar la bocatoma antes de mayo",
                person={"name": speaker},
            )
        first, second = slips_of(act)
        assert [slip.position for slip in (first, second)] == [1, 2]
        assert (first.minute, first.speaker, first.commitment) == (
            12,
            "Ana Lucía Berrío",
            "Visitar la bocatoma antes de mayo",
        )
        assert (first.case.channel, first.case.filled_by) == ("hearing", "staff")
        assert first.case.received_at == MONDAY + timedelta(minutes=12)
        assert second.case.person.name == "Junta de acción comunal"
        told = str(facts(f"act:{act.pk}", corrioverde))
        assert "Berrío" not in told and "bocatoma" not in told
        close_act(org=corrioverde.org, act_id=act.pk, by=corrioverde.actor("ramiro"), now=TUESDAY)
        assert verbs(first.case)[0] == "cases.case_filed"


def _again(house):
    """The profile as its document says now."""
    return type(house.profile)(house.profile.slug, house.profile.document)


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


@pytest.mark.slow
def test_of_two_who_turn_one_contact_into_a_case_there_is_one(real_cafetal):
    attention = a_contact(real_cafetal)

    def turning(who):
        same = {"org": real_cafetal.org, "attention_id": attention.pk, "body": who, "now": TUESDAY}
        return lambda: turn_attention_into_case(by=real_cafetal.actor(who), **same)

    results = at_once(turning("lucia"), turning("patricia"))
    assert sorted(type(one).__name__ for one in results) == ["Case", "Refused"]
    assert Case.objects.count() == 1
