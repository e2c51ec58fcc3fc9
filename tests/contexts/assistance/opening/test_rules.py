"""What is allowed at the opening and of a file, as tables; and the words of the ends."""

import pytest

from escucha.contexts.assistance.rules.assignments import STATE_NAMES as WORKS
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.charge import Piece, blockers_to_close, blockers_to_hand_over, missing_of
from escucha.contexts.assistance.rules.opening import Served, blockers_to_serve
from escucha.contexts.assistance.rules.stages import (
    CATEGORY_NAMES,
    ENDED,
    MOVES,
    PRIORITY_NAMES,
    STATE_NAMES,
    Priority,
    Stage,
)
from escucha.kernel.timeline.facts import Actor
from tests.cast import TUESDAY

COORDINATOR = Actor("staff", member_id=1, acts=frozenset({"assistance.handle"}))
SUPERVISOR = Actor("staff", member_id=2, acts=frozenset({"assistance.handle", "assistance.supervise"}))
LOOKER = Actor("staff", member_id=3, acts=frozenset({"assistance.see"}))
DONE = Piece(153_567, 1, "concluded", TUESDAY, "conforming")


@pytest.mark.requirement("ASIS-16.1")
def test_the_ends_are_exactly_those_of_the_procedure():
    names = {STATE_NAMES[stage] for stage in ENDED} | {WORKS[Work.DONE]}
    assert names == {
        "Cancelada al momento",
        "Cancelada posterior",
        "Proveedor cancelado",
        "Proveedor concluido",
        "Concluida",
    }


@pytest.mark.requirement("ASIS-03.3", "ASIS-03.4")
def test_categories_and_priorities_are_those_of_the_procedure():
    assert [*CATEGORY_NAMES.values()] == ["Cobertura", "Conexión", "Cortesía", "Garantía", "Reembolso"]
    assert [*PRIORITY_NAMES.values()] == ["Emergencia vital", "Emergencia", "Programado"]


def test_at_once_is_cancelled_only_what_is_at_its_opening():
    assert [stage for stage, after in MOVES.items() if Stage.CANCELLED_AT_ONCE in after] == [Stage.OPENING]
    assert not [stage for stage, after in MOVES.items() if Stage.OPENING in after]


@pytest.mark.requirement("ASIS-01.7")
@pytest.mark.parametrize("priority", ["", *Priority])
@pytest.mark.parametrize("standing", Served)
@pytest.mark.parametrize("ordered", [True, False])
def test_who_may_be_served(standing, priority, ordered):
    free = standing == Served.YES or (standing == Served.TO_VERIFY and priority == Priority.VITAL)
    on_order = ordered and standing != Served.NOBODY
    assert (blockers_to_serve(standing, priority=priority, ordered=ordered) == []) is (free or on_order)


class TestClosing:
    def close(self, *pieces, by=COORDINATOR, **changes):
        said = {"file_open": True, "coordinator_id": 1, "verified": True, "empty_reason": "", "by": by} | changes
        return [str(one) for one in blockers_to_close(pieces, **said)]

    @pytest.mark.requirement("ASIS-12.5")
    @pytest.mark.parametrize("stage", sorted(set(Stage) - ENDED))
    def test_no_assistance_goes_on(self, stage):
        [reason] = self.close(DONE, Piece(153_567, 2, stage))
        assert reason.startswith("La asistencia 153567/2 sigue abierta")

    @pytest.mark.requirement("ASIS-12.6")
    def test_what_each_one_lacks_is_said_one_by_one(self):
        reasons = self.close(
            DONE,
            Piece(153_567, 2, "concluded", None, ""),
            Piece(153_567, 3, "contacted"),
            Piece(153_567, 4, "concluded", TUESDAY, ""),
        )
        assert reasons == [
            "A la asistencia 153567/2 le faltan los costos.",
            "A la asistencia 153567/2 le falta la conformidad.",
            "La asistencia 153567/3 sigue abierta: En contacto. Conclúyala o cancélela.",
            "A la asistencia 153567/4 le falta la conformidad.",
        ]

    @pytest.mark.parametrize("stage", sorted(ENDED - {Stage.CONCLUDED}))
    def test_what_was_cancelled_lacks_nothing(self, stage):
        assert missing_of(Piece(153_567, 1, stage)) == []

    def test_without_any_it_says_why(self):
        assert self.close() == ["No tiene asistencias: escriba por qué se cierra sin ninguna."]
        assert self.close(empty_reason="Se cortó la llamada") == []

    @pytest.mark.requirement("ASIS-17.1", "ASIS-17.2", "ASIS-17.4")
    @pytest.mark.parametrize(
        ("by", "coordinator", "may"),
        [(COORDINATOR, 1, True), (COORDINATOR, 9, False), (COORDINATOR, None, False), (SUPERVISOR, 9, True)]
        + [(SUPERVISOR, None, True), (LOOKER, 3, False)],
    )
    def test_who_has_it_in_charge_closes_it_or_who_supervises(self, by, coordinator, may):
        assert (self.close(DONE, by=by, coordinator_id=coordinator) == []) is may

    def test_closed_or_with_somebody_to_verify_it_does_not(self):
        assert self.close(DONE, file_open=False) == ["El expediente ya está cerrado."]
        assert len(self.close(DONE, verified=False)) == 1


@pytest.mark.requirement("ASIS-17.1", "ASIS-17.2")
@pytest.mark.parametrize(
    ("by", "has", "target", "may"),
    [
        (COORDINATOR, 1, 9, True),
        (COORDINATOR, 1, None, True),  # to the queue of the shift
        (COORDINATOR, 9, 1, False),  # not taken from another
        (COORDINATOR, None, 1, True),  # but from the queue
        (COORDINATOR, None, 9, False),
        (COORDINATOR, 1, 1, False),
        (SUPERVISOR, 9, 1, True),
        (SUPERVISOR, None, 1, True),
        (SUPERVISOR, 9, 9, False),
        (LOOKER, None, 3, False),
        (LOOKER, 3, 1, False),
    ],
)
def test_who_hands_a_file_over(by, has, target, may):
    said = {"file_open": True, "coordinator_id": has, "target_id": target, "target_may": True, "by": by}
    assert (blockers_to_hand_over(**said) == []) is may
    assert blockers_to_hand_over(**said | {"file_open": False})
    assert blockers_to_hand_over(**said | {"target_may": False})
