"""What no plan covers: a courtesy, a connection, or cancelled at once."""

from decimal import Decimal

import pytest

from escucha.contexts.assistance.operations.covering import cancel_at_once, connect, give_courtesy
from escucha.contexts.assistance.operations.files import close_file
from escucha.contexts.assistance.rules.stages import ENDED
from escucha.kernel.words import Refused
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.seen import HOUR, doing, last_line, lines, owed, picture, verbs

LATER = TUESDAY + HOUR
TOLD = {"told_payment": True, "told_guarantee": True, "accepted": True}
REJECTED = {"offered": True, "rejected": True}


def uncovered(house, **changes):
    return an_assistance(house, service="vidrios", **changes)


def refused(house, verb, one, who="luz", **said):
    before = picture(one)
    with pytest.raises(Refused) as no:
        doing(house, verb, one, who, LATER, **said)
    assert picture(one) == before
    return [str(reason) for reason in no.value.blockers]


class TestCourtesy:
    @pytest.mark.requirement("ASIS-03.3", "ASIS-04.3", "ASIS-04.6")
    @pytest.mark.parametrize("who", ["paula", "rocio", "ester"])
    def test_who_authorises_gives_it_and_it_stays_in_the_log(self, quetzal, who):
        one = uncovered(quetzal)
        doing(quetzal, give_courtesy, one, who, LATER, in_house=True, reason="Primera vez, cliente nuevo")
        one.refresh_from_db()
        assert (one.category, one.cover_amount) == ("courtesy", None)
        line = last_line(one)
        assert (line.subtype, line.comment) == ("authorised_by", "Primera vez, cliente nuevo")
        assert line.said == {"about": "courtesy", "member": quetzal.members[who].pk}
        assert verbs(one)[-1] == "category_set"
        assert accepted(quetzal, assistance=one).stage == "to_assign"

    @pytest.mark.requirement("ASIS-04.6", "ASIS-17.1", "ASIS-17.4")
    @pytest.mark.parametrize("who", ["luz", "fabian", "irma"])
    def test_nobody_else_does(self, quetzal, who):
        said = {"in_house": True, "reason": "Porque sí"}
        assert refused(quetzal, give_courtesy, uncovered(quetzal), who, **said) == [
            "La cortesía la autoriza supervisión, jefatura de operaciones o gerencia general."
        ]

    @pytest.mark.requirement("ASIS-04.3")
    def test_only_for_the_first_use_solved_in_house_and_with_a_reason(self, quetzal):
        affiliate = an_affiliate(quetzal)
        accepted(quetzal, file=a_file(quetzal, affiliate=affiliate))
        one = uncovered(quetzal, file=a_file(quetzal, affiliate=affiliate))
        reasons = refused(quetzal, give_courtesy, one, "paula", in_house=False, reason=" ")
        assert reasons == [
            "La cortesía es para el primer uso del plan. Ofrezca conexión.",
            "La cortesía la resuelve un técnico de la casa a bajo costo. Ofrezca conexión.",
            "Escriba por qué se da la cortesía.",
        ]

    @pytest.mark.requirement("ASIS-04.3")
    def test_what_was_cancelled_at_once_was_no_use(self, quetzal):
        affiliate = an_affiliate(quetzal)
        before = uncovered(quetzal, file=a_file(quetzal, affiliate=affiliate))
        doing(quetzal, cancel_at_once, before, "luz", LATER, **REJECTED)
        one = uncovered(quetzal, file=a_file(quetzal, affiliate=affiliate))
        doing(quetzal, give_courtesy, one, "paula", LATER, in_house=True, reason="Cliente nuevo")

    def test_what_the_plan_covers_or_was_accepted_needs_none(self, quetzal):
        said = {"in_house": True, "reason": "Sí"}
        assert refused(quetzal, give_courtesy, an_assistance(quetzal), "paula", **said) == [
            "Su plan lo cubre: ábrala en cobertura."
        ]
        assert refused(quetzal, give_courtesy, accepted(quetzal), "paula", **said)[0] == (
            "La asistencia ya se aceptó o se canceló."
        )


class TestConnection:
    @pytest.mark.requirement("ASIS-03.3", "ASIS-04.4")
    def test_the_affiliate_pays_knowing_how_and_what_is_guaranteed(self, quetzal):
        one = uncovered(quetzal)
        doing(quetzal, connect, one, "luz", LATER, payment="Transferencia", **TOLD)
        one.refresh_from_db()
        assert (one.category, one.cover_amount, one.payment) == ("connection", Decimal(0), "Transferencia")
        assert (verbs(one)[-1], last_line(one).subtype) == ("category_set", "cover")
        assert accepted(quetzal, assistance=one).stage == "to_assign"

    @pytest.mark.requirement("ASIS-04.4")
    @pytest.mark.parametrize(
        ("missing", "reason"),
        [
            ("told_payment", "Cuéntele antes las formas de pago."),
            ("told_guarantee", "Cuéntele antes qué garantía tiene el trabajo."),
            ("accepted", "Si no acepta la conexión, cancele la asistencia al momento."),
        ],
    )
    def test_nothing_is_left_untold(self, quetzal, missing, reason):
        assert refused(quetzal, connect, uncovered(quetzal), **TOLD | {missing: False}) == [reason]

    def test_what_the_plan_covers_is_not_charged(self, quetzal):
        assert refused(quetzal, connect, an_assistance(quetzal), **TOLD) == ["Su plan lo cubre: ábrala en cobertura."]

    def test_a_payment_that_is_not_offered_is_not_kept(self, quetzal):
        one = uncovered(quetzal)
        doing(quetzal, connect, one, "luz", LATER, payment="En especie", **TOLD)
        one.refresh_from_db()
        assert one.payment == ""


class TestCancellingAtOnce:
    @pytest.mark.requirement("ASIS-04.5")
    def test_what_nobody_covers_nor_the_affiliate_pays_ends(self, quetzal):
        one = uncovered(quetzal)
        doing(quetzal, cancel_at_once, one, "luz", LATER, words="Prefiere llamar a un conocido", **REJECTED)
        one.refresh_from_db()
        assert (one.stage, one.ended_at, one.cancel_reason) == ("cancelled_at_once", LATER, "connection_rejected")
        assert verbs(one) == ["assistance_opened", "assistance_moved", "assistance_ended"]
        assert (lines(one)[-1], last_line(one).comment) == ("cancelled", "Prefiere llamar a un conocido")
        assert owed(one) == {}

    @pytest.mark.requirement("ASIS-04.5")
    def test_only_after_the_connection_was_offered_and_not_wanted(self, quetzal):
        one = uncovered(quetzal)
        assert refused(quetzal, cancel_at_once, one, offered=False, rejected=True) == [
            "Ofrezca antes el servicio por conexión."
        ]
        assert refused(quetzal, cancel_at_once, one, offered=True, rejected=False) == [
            "Si acepta la conexión, continúe con ella."
        ]

    def test_never_what_the_plan_covers_nor_what_was_accepted(self, quetzal):
        assert refused(quetzal, cancel_at_once, an_assistance(quetzal), **REJECTED)[0].startswith("Su plan lo cubre")
        one = uncovered(quetzal)
        doing(quetzal, connect, one, "luz", LATER, **TOLD)
        accepted(quetzal, assistance=one)
        assert refused(quetzal, cancel_at_once, one, **REJECTED) == [
            "Ya se aceptó. Si la persona no la quiere, cancélela como posterior."
        ]

    def test_the_last_of_a_file_owes_its_closing(self, quetzal):
        file = a_file(quetzal)
        first, last = uncovered(quetzal, file=file), uncovered(quetzal, file=file)
        doing(quetzal, cancel_at_once, first, "luz", LATER, **REJECTED)
        assert owed(file) == {}
        doing(quetzal, cancel_at_once, last, "luz", LATER, **REJECTED)
        assert owed(file)["close_file"].due_at == LATER
        doing(quetzal, close_file, file, "luz", LATER)
        assert owed(file) == {}

    def test_an_ended_one_takes_no_more_acts(self, quetzal):
        one = uncovered(quetzal)
        doing(quetzal, cancel_at_once, one, "luz", LATER, **REJECTED)
        for verb, who, said in (
            (cancel_at_once, "luz", REJECTED),
            (connect, "luz", TOLD),
            (give_courtesy, "paula", {"in_house": True, "reason": "Sí"}),
        ):
            assert refused(quetzal, verb, one, who, **said)
        one.refresh_from_db()
        assert one.stage in ENDED
