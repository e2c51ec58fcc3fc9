"""Who may put a case in the reserve, take it out, name whom it is about, and see what it keeps: each act as a table."""

import pytest

from escucha.contexts.cases.rules.reserve import (
    Charge,
    blockers_to_accuse,
    blockers_to_open_original,
    blockers_to_open_up,
    blockers_to_reserve,
    blockers_to_reveal,
    is_against,
    keeps,
)
from escucha.kernel.timeline.facts import Actor

HERE, ELSEWHERE = 7, 9


def who(*acts, **said):
    known = {"member_id": 5, "unit_id": HERE} | said
    return Actor("staff", id="5", acts=frozenset(f"cases.{act}" for act in acts), **known)


KEEPER, CLASSIFIER, NOBODY = who("reserved"), who("classify"), who("see")
IDENTIFIER = who("identity")


def said(blockers):
    return [" ".join(str(one).split()[:4]) for one in blockers]


NO_ROLE, NOT_RESERVED = "Su rol no atiende", "El caso no es"


@pytest.mark.parametrize(
    ("by", "asked", "why"),
    [
        (KEEPER, {}, []),
        (CLASSIFIER, {}, []),
        (NOBODY, {}, ["Su rol no reserva"]),
        (KEEPER, {"reserved": True}, ["El caso ya es"]),
        (KEEPER, {"ended": True}, ["El caso ya está"]),
        (KEEPER, {"reserved": True, "ended": True}, ["El caso ya es"]),
        (NOBODY, {"ended": True}, ["Su rol no reserva", "El caso ya está"]),
    ],
)
def test_who_puts_a_case_in_the_reserve(by, asked, why):
    assert said(blockers_to_reserve(by, **{"reserved": False, "ended": False} | asked)) == why


@pytest.mark.parametrize(
    ("by", "asked", "why"),
    [
        (KEEPER, {}, []),
        (KEEPER, {"reason": "No era una denuncia."}, []),
        (KEEPER, {"reason": " \n"}, ["Escriba por qué el"]),
        (KEEPER, {"reason": ""}, ["Escriba por qué el"]),
        (KEEPER, {"accused": True}, ["El caso señala a"]),
        (KEEPER, {"reserved": False}, [NOT_RESERVED]),
        (CLASSIFIER, {}, [NO_ROLE]),
    ],
)
def test_who_takes_it_out(by, asked, why):
    assert said(blockers_to_open_up(by, **{"reserved": True, "accused": False} | asked)) == why


@pytest.mark.parametrize(
    ("by", "asked", "why"),
    [
        (KEEPER, {}, []),
        (KEEPER, {"left": 1}, []),
        (KEEPER, {"left": 0}, ["Nadie más podría atender"]),
        (KEEPER, {"reserved": False}, ["Solo un caso reservado"]),
        (CLASSIFIER, {}, [NO_ROLE]),
    ],
)
def test_who_names_whom_it_is_about(by, asked, why):
    assert said(blockers_to_accuse(by, **{"reserved": True} | asked)) == why


@pytest.mark.parametrize(
    ("by", "asked", "why"),
    [
        (IDENTIFIER, {}, []),
        (IDENTIFIER, {"reason": "Para llamar."}, []),
        (IDENTIFIER, {"reason": " "}, ["Escriba para qué necesita"]),
        (IDENTIFIER, {"kept": False}, ["El caso no tiene"]),
        (KEEPER, {}, ["Su rol no ve"]),
        (KEEPER, {"reserved": True}, []),
        (IDENTIFIER, {"reserved": True}, []),
        (NOBODY, {"reserved": True}, ["Su rol no ve"]),
    ],
)
def test_who_sees_who_filed(by, asked, why):
    assert said(blockers_to_reveal(by, **{"kept": True, "reserved": False} | asked)) == why


@pytest.mark.parametrize(
    ("by", "reserved", "reason", "why"),
    [
        (IDENTIFIER, False, None, []),
        (KEEPER, True, None, []),
        (KEEPER, True, "Para leer la firma.", []),
        (KEEPER, True, "  ", ["Escriba para qué necesita"]),
        (KEEPER, False, None, ["Su rol no abre"]),
        (IDENTIFIER, True, None, ["Su rol no abre"]),
        (NOBODY, False, "", ["Su rol no abre", "Escriba para qué necesita"]),
    ],
)
def test_who_opens_a_paper_as_it_came(by, reserved, reason, why):
    assert said(blockers_to_open_original(by, reserved=reserved, reason=reason)) == why


@pytest.mark.parametrize(
    ("by", "charge", "against"),
    [
        (who(), Charge(5, HERE), True),
        (who(), Charge(5, ELSEWHERE), True),
        (who(), Charge(6, HERE), False),  # a colleague
        (who("assign"), Charge(6, HERE), True),  # who shares out its work
        (who("assign"), Charge(6, ELSEWHERE), False),
        (who("assign", everywhere=True), Charge(6, ELSEWHERE), True),
        (who(), Charge(None, HERE), True),
        (who(), Charge(None, ELSEWHERE), False),
        (who(unit_id=None), Charge(None, None), False),
        (who(member_id=None), Charge(None, ELSEWHERE), False),
    ],
)
def test_whom_a_charge_is_against(by, charge, against):
    assert is_against(by, charge) is against
    keeper = who("see", "reserved", *(act.removeprefix("cases.") for act in by.acts), member_id=by.member_id,
                 unit_id=by.unit_id, everywhere=by.everywhere)  # fmt: skip
    assert keeps(keeper, []) and keeps(keeper, [charge]) is not against
    assert keeps(keeper, [Charge(99, 99), charge]) is not (against or is_against(keeper, Charge(99, 99)))


def test_only_both_acts_keep():
    assert not keeps(who("see"), []) and not keeps(who("reserved"), [])
