"""Costs by who bears them, the affiliate's word in three tries, the last look, and what is written by hand."""

from decimal import Decimal

import pytest

from escucha.contexts.assistance.models import Cost
from escucha.contexts.assistance.operations.noting import note_on_file, write_line
from escucha.contexts.assistance.queries.doors import NoSuchAssistance, assistance_for_change
from escucha.contexts.assistance.queries.work import (
    assignments_of,
    costs_of,
    going,
    log_of,
    times_of,
    totals_of,
    totals_of_file,
)
from escucha.contexts.assistance.rules.costs import Line
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.words import Refused
from tests.assisting import an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import (
    HOUR,
    MINUTE,
    assigned,
    at,
    brought_to,
    do,
    due,
    last_line,
    owed,
)

DAY = "2026-03-03"
FIRST = [Line("coverage", "Mano de obra", Decimal(60_000)), Line("company", "Repuesto", Decimal("20000.50"))]


class TestCosts:
    @pytest.mark.requirement("ASIS-11.1", "ASIS-11.2", "ASIS-11.3")
    def test_are_added_up_by_who_bears_them(self, quetzal):
        found = brought_to(quetzal, "finish")
        do(quetzal, found, "load", now=TUESDAY + HOUR, lines=FIRST, total=Decimal("80000.50"))
        second = [Line("coverage", "Otra visita", Decimal(40_000))]
        do(quetzal, found, "load", now=TUESDAY + HOUR, lines=second, total=Decimal(40_000), invoice="FV-2")
        total = totals_of(found)
        assert (total.coverage, total.affiliate, total.company) == (100_000, 0, Decimal("20000.50"))
        assert total.whole == Decimal("120000.50") and total.currency == "COP"
        other = assigned(quetzal, file=found.file, service="plomeria")
        brought_to(quetzal, "load", assistance=other)
        assert [(one.currency, one.whole) for one in totals_of_file(found.file)] == [("COP", Decimal("200000.50"))]

    def test_taken_back_line_by_line_may_be_loaded_again(self, quetzal):
        found = brought_to(quetzal, "finish")
        do(quetzal, found, "load", now=TUESDAY + HOUR, lines=FIRST, total=Decimal("80000.50"))
        do(quetzal, found, "take_back", now=TUESDAY + HOUR)
        assert totals_of(found).whole == 0 and Duty.COSTS in owed(found) and found.costed_at is None
        back = Cost.objects.filter(assistance=found, takes_back__isnull=False)
        assert {one.takes_back.amount + one.amount for one in back} == {0} and back.count() == 2
        with pytest.raises(Refused, match="No hay costos cargados de esa factura"):
            do(quetzal, found, "take_back", now=TUESDAY + HOUR)
        do(quetzal, found, "load", now=TUESDAY + HOUR)
        assert totals_of(found).whole == 80_000 and Duty.COSTS not in owed(found)
        assert len(costs_of(org=quetzal.org, viewer=quetzal.actor("luz"), assistance=found)) == 5

    def test_of_a_visit_may_come_after_it_was_cancelled(self, quetzal):
        found = brought_to(quetzal, "contact")
        do(quetzal, found, "cancel", now=TUESDAY + HOUR)
        do(quetzal, found, "load", now=TUESDAY + HOUR)
        assert owed(found) == set() and totals_of(found).coverage == 80_000

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"total": Decimal(90_000)}, "Las partes suman COP 80.000 y la factura dice COP 90.000"),
            ({"invoice": " "}, "Escriba el número de la factura"),
            (
                {"lines": [Line("coverage", "Todo", Decimal(200_001))], "total": Decimal(200_001)},
                "hasta COP 200.000",
            ),
            ({"lines": [Line("affiliate", "Todo", Decimal(1))], "total": Decimal(1)}, "El afiliado aceptó pagar COP 0"),
            ({"lines": [Line("nobody", "Todo", Decimal(1))], "total": Decimal(1)}, "Diga quién asume"),
            ({"lines": [Line("company", " ", Decimal(1))], "total": Decimal(1)}, "Escriba de qué es"),
            ({"lines": [Line("company", "Todo", Decimal("0.001"))], "total": Decimal("0.001")}, "Escriba el valor"),
            ({"lines": [Line("company", "Todo", Decimal("NaN"))], "total": Decimal("NaN")}, "Escriba el valor"),
            ({"lines": [Line("company", "Todo", Decimal(-1))], "total": Decimal(-1)}, "Escriba el valor"),
        ],
    )
    def test_that_do_not_add_up_are_refused(self, quetzal, said, why):
        found = brought_to(quetzal, "finish")
        with pytest.raises(Refused, match=why):
            do(quetzal, found, "load", now=TUESDAY + HOUR, **said)
        assert not Cost.objects.filter(assistance=found).exists() and Duty.COSTS in owed(found)


class TestConformity:
    @pytest.mark.requirement("ASIS-08.11", "ASIS-12.4")
    def test_is_asked_three_times_two_hours_apart_within_the_hours(self, quetzal):
        found = brought_to(quetzal, "load", assistance=assigned(quetzal, now=at(DAY, 17)))
        do(quetzal, found, "ask", now=at(DAY, 17, 15), outcome="no_contact")
        assert due(found) == {Duty.CONFORMITY: at(DAY, 19, 15)}
        with pytest.raises(Refused, match="El siguiente intento es a las 19:15"):
            do(quetzal, found, "ask", now=at(DAY, 19, 14), outcome="no_contact")
        do(quetzal, found, "ask", now=at(DAY, 19, 15), outcome="no_contact")
        assert due(found) == {Duty.CONFORMITY: at("2026-03-04", 8)}
        with pytest.raises(Refused, match="Pregúntele al afiliado"):
            do(quetzal, found, "conclude", now=at(DAY, 19, 20))
        with pytest.raises(Refused, match="de 08:00 a 20:00"):
            do(quetzal, found, "ask", now=at(DAY, 20), outcome="conforming")
        do(quetzal, found, "ask", now=at("2026-03-04", 8), outcome="no_contact")
        assert (found.conformity, found.conformity_tries, owed(found)) == ("no_contact", 3, {Duty.CONCLUDE})
        do(quetzal, found, "conclude", now=at("2026-03-04", 8, 1))
        assert found.stage == Stage.CONCLUDED

    def test_who_calls_at_night_is_heard_also_after_the_last_try(self, quetzal):
        found = brought_to(quetzal, "load")
        for hour in (1, 4, 7):
            do(quetzal, found, "ask", now=TUESDAY + hour * HOUR, outcome="no_contact")
        with pytest.raises(Refused, match="sí hubo contacto"):
            do(quetzal, found, "ask", now=at(DAY, 23), outcome="no_contact", direction="inbound")
        words = {"direction": "inbound", "comment": "Otra vez gotea"}
        do(quetzal, found, "ask", now=at(DAY, 23), outcome="nonconforming", **words)
        assert found.conformity == "nonconforming" and last_line(found).comment == "Otra vez gotea"
        with pytest.raises(Refused, match="Ya se sabe"):
            do(quetzal, found, "ask", now=at(DAY, 23), outcome="conforming", direction="inbound")

    @pytest.mark.requirement("ASIS-16.2")
    def test_what_was_wrong_is_written_and_the_fact_says_only_that_it_was(self, quetzal):
        found = brought_to(quetzal, "load")
        with pytest.raises(Refused, match="con qué no quedó conforme"):
            do(quetzal, found, "ask", now=TUESDAY + HOUR, outcome="nonconforming")
        do(quetzal, found, "ask", now=TUESDAY + HOUR, outcome="nonconforming", comment="Rompió una baldosa")
        told = [one for one in entries_about(org=found.org, subject=found.subject) if "conformity" in one.verb][-1]
        assert told.data == {"attempt": 1, "outcome": "nonconforming"}
        do(quetzal, found, "conclude", now=TUESDAY + 2 * HOUR)
        ended = [one for one in entries_about(org=found.org, subject=found.subject) if "_ended" in one.verb][-1]
        assert ended.data == {"stage": "concluded", "conformity": "nonconforming", "service": "plomeria"}


class TestConcluding:
    @pytest.mark.requirement("ASIS-12.4")
    def test_says_each_thing_that_is_missing(self, quetzal):
        found = brought_to(quetzal, "finish")
        with pytest.raises(Refused) as caught:
            do(quetzal, found, "conclude", now=TUESDAY + HOUR)
        assert [str(one) for one in caught.value.blockers] == [
            "Cargue los costos.",
            "Pregúntele al afiliado si quedó conforme.",
        ]

    def test_asks_for_what_was_not_filled_in(self, quetzal):
        found = assigned(quetzal, assistance=an_assistance(quetzal, failure=" "))
        brought_to(quetzal, "ask", assistance=found)
        with pytest.raises(Refused, match="Falta el detalle de la falla"):
            do(quetzal, found, "conclude", now=TUESDAY + HOUR)

    def test_only_the_last_one_of_a_file_leaves_it_to_be_closed(self, quetzal):
        first = brought_to(quetzal, "ask")
        other = an_assistance(quetzal, file=first.file)
        do(quetzal, first, "conclude", now=TUESDAY + HOUR)
        assert owed(first.file) == set()
        do(quetzal, other, "cancel", now=TUESDAY + HOUR)
        assert owed(first.file) == {Duty.CLOSE_FILE}

    def test_that_was_done_is_not_cancelled(self, quetzal):
        found = brought_to(quetzal, "finish")
        with pytest.raises(Refused, match="concluya la asistencia"):
            do(quetzal, found, "cancel", now=TUESDAY + HOUR)


class TestTheExcess:
    @pytest.mark.requirement("ASIS-10.1", "ASIS-10.3")
    def test_is_told_with_its_proof(self, quetzal):
        found = brought_to(quetzal, "contact")
        do(quetzal, found, "diagnose", now=TUESDAY + HOUR, cost=Decimal(280_000))
        assert (found.diagnosis, found.quoted) == ("El sifón está roto", 280_000)
        with pytest.raises(Refused, match="COP 80.000 más de lo que cubre el plan"):
            do(quetzal, found, "authorise", now=TUESDAY + HOUR)
        with pytest.raises(Refused, match="El excedente es de COP 80.000"):
            do(quetzal, found, "accept_excess", now=TUESDAY + HOUR, amount=Decimal(70_000))
        with pytest.raises(Refused, match="Escoja cómo va a pagar"):
            do(quetzal, found, "accept_excess", now=TUESDAY + HOUR, amount=Decimal(80_000), payment="Fiado")
        with pytest.raises(Refused, match="quién aceptó"):
            do(quetzal, found, "accept_excess", now=TUESDAY + HOUR, amount=Decimal(80_000), who=" ")
        do(quetzal, found, "accept_excess", now=TUESDAY + HOUR, amount=Decimal(80_000))
        line = last_line(found)
        assert line.comment == "Rebeca Pedraza\nDice que sí" and line.said["how"] == "call"
        assert (found.excess, found.payment) == (80_000, "Transferencia")
        told = [one for one in entries_about(org=found.org, subject=found.subject) if "line_written" in one.verb][-1]
        assert "Rebeca" not in str(told.data) and len(told.data["digest"]) == 64

    def test_within_the_cover_nobody_pays_anything(self, quetzal):
        found = brought_to(quetzal, "diagnose")
        with pytest.raises(Refused, match="El plan cubre todo"):
            do(quetzal, found, "accept_excess", now=TUESDAY + HOUR, amount=Decimal(0))
        with pytest.raises(Refused, match="El plan cubre todo"):
            do(quetzal, found, "reject_excess", now=TUESDAY + HOUR)


class TestTheLog:
    @pytest.mark.requirement("ASIS-13.1", "ASIS-13.2")
    def test_is_written_by_hand_too(self, quetzal):
        found = assigned(quetzal)
        said = {"org": quetzal.org, "assistance_id": found.pk, "by": quetzal.actor("luz"), "now": TUESDAY + HOUR}
        line = write_line(subtype="from_affiliate", comment="Pregunta cuánto falta", **said)
        assert (line.automatic, line.step, line.comment) == (False, "3", "Pregunta cuánto falta")
        with pytest.raises(Refused, match="la escribe el sistema"):
            write_line(subtype="arrived", comment="Llegó", **said)
        with pytest.raises(Refused, match="Escriba la anotación"):
            write_line(subtype="note", comment=" ", **said)
        file = found.file
        note_on_file(org=quetzal.org, file_id=file.pk, comment="Vuelve a llamar", by=said["by"], now=said["now"])
        newest = log_of(org=quetzal.org, viewer=said["by"], about=file)
        assert newest[0].comment == "Vuelve a llamar" and newest[1] == line
        assert log_of(org=quetzal.org, viewer=said["by"], about=found)[0] == line

    def test_is_read_page_by_page_by_who_may(self, quetzal, django_assert_num_queries):
        found, viewer = brought_to(quetzal, "contact"), quetzal.actor("irma")
        with django_assert_num_queries(1):
            page = log_of(org=quetzal.org, viewer=viewer, about=found, limit=3)
        rest = log_of(org=quetzal.org, viewer=viewer, about=found, before=page[-1].pk)
        assert [one.pk for one in [*page, *rest]] == sorted((one.pk for one in [*page, *rest]), reverse=True)
        assert len(rest) > 1 and not {one.pk for one in page} & {one.pk for one in rest}
        file = assistance_for_change(org=quetzal.org, assistance_id=found.pk, by=quetzal.actor("luz")).file
        found.file = file  # as a page has it, with its policy
        with django_assert_num_queries(2):
            times_of(org=quetzal.org, viewer=viewer, assistance=found)
        stranger = quetzal.actor("mateo")
        assert log_of(org=quetzal.org, viewer=stranger, about=found) == []
        assert costs_of(org=quetzal.org, viewer=stranger, assistance=found) == []
        assert assignments_of(org=quetzal.org, viewer=stranger, assistance=found) == []
        assert [one.pk for one in assignments_of(org=quetzal.org, viewer=viewer, assistance=found)] == [going(found).pk]


class TestWhoMay:
    def test_who_only_looks_changes_nothing(self, quetzal):
        found = assigned(quetzal)
        with pytest.raises(Refused, match="Las asistencias las coordina"):
            do(quetzal, found, "confirm", now=TUESDAY + MINUTE, member="irma")

    def test_who_may_not_look_finds_nothing(self, quetzal):
        found = assigned(quetzal)
        with pytest.raises(NoSuchAssistance):
            do(quetzal, found, "confirm", now=TUESDAY + MINUTE, member="mateo")

    def test_of_another_organisation_it_is_not_found(self, quetzal, cafetal):
        found = assigned(quetzal)
        with pytest.raises(NoSuchAssistance):
            do(cafetal, found, "confirm", now=TUESDAY + MINUTE, member="lucia", by=quetzal.actor("luz"))

    def test_a_provider_tells_of_its_work_on_its_page_and_nothing_else(self, quetzal):
        found, provider = assigned(quetzal), Actor("provider", id="1")
        with pytest.raises(Refused):
            do(quetzal, found, "cancel", now=TUESDAY + MINUTE, by=provider)
        do(quetzal, found, "depart", now=TUESDAY + MINUTE, by=provider)
        do(quetzal, found, "arrive", now=TUESDAY + 2 * MINUTE, by=provider)
        line = last_line(found)
        assert (line.actor, line.member) == ("provider", None)

    def test_an_affiliate_cancels_on_its_page_until_the_work_begins(self, quetzal):
        found, affiliate = brought_to(quetzal, "authorise"), Actor("affiliate", id="1")
        with pytest.raises(Refused, match="Llámenos"):
            do(quetzal, found, "cancel", now=TUESDAY + HOUR, by=affiliate, comment="")
        other = assigned(quetzal, file=found.file)
        do(quetzal, other, "cancel", now=TUESDAY + HOUR, by=affiliate, comment="")
        assert other.stage == Stage.CANCELLED_LATER
