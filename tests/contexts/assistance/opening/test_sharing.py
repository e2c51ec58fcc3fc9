"""Several files passed on at once: who gets which, what passes with each, what stays, and the way back."""

import pytest

from escucha.contexts.assistance.models import AssistanceFile, LogLine
from escucha.contexts.assistance.operations.files import change_file, close_file, hand_over_file
from escucha.contexts.assistance.operations.sharing import hand_over_files, take_files_back
from escucha.contexts.assistance.queries.charges import Charge, charges, handed_over, standings
from escucha.contexts.assistance.queries.doors import NoSuchFile
from escucha.contexts.assistance.queries.files import coordinators_of
from escucha.contexts.assistance.rules.sharing import MOST, blockers_to_hand_over_several, shares
from escucha.kernel.words import Refused
from tests.assisting import a_file, accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.seen import HOUR, MINUTE, doing, lines, owed, picture
from tests.contexts.assistance.opening.test_races import at_once
from tests.make import a_house

pytestmark = pytest.mark.requirement("ASIS-17.2")
LATER = TUESDAY + HOUR
REASON = "Terminó su turno"


def who(house, name):
    return house.members[name].pk if name else None


def holder(file):
    return AssistanceFile.objects.get(pk=file.pk).coordinator_id


def share(house, plan, *, before="luz", reason=REASON, by="paula", now=LATER):
    """`plan`: each file and the name of who gets it."""
    moves = {file.pk: who(house, name) for file, name in plan}
    return hand_over_files(
        org=house.org, plan=moves, before=who(house, before), reason=reason, by=house.actor(by), now=now
    )


def numbers(stayed):
    return {one.number: str(one.why) for one in stayed}


class TestShares:
    @pytest.mark.parametrize(
        ("held", "got"),
        [
            ({}, {1: 7, 2: 8, 3: 9, 4: 7, 5: 8}),
            ({7: 4, 8: 0, 9: 2}, {1: 8, 2: 9, 3: 7, 4: 8, 5: 9}),
        ],
    )
    def test_go_in_turns_and_who_has_fewer_begins(self, held, got):
        assert shares([1, 2, 3, 4, 5], [7, 8, 9], held=held) == got

    def test_all_to_one_and_to_the_queue(self):
        assert shares([1, 2], [7], held={}) == {1: 7, 2: 7}
        assert shares([1, 2], [None, 7], held={7: 1}) == {1: None, 2: 7}
        assert shares([], [7], held={}) == {}


class TestBlockers:
    def asked(self, quetzal, by="paula", **changes):
        said = {"files": {1}, "targets": {2}, "before": 3, "reason": "Terminó", "by": quetzal.actor(by)} | changes
        return " ".join(map(str, blockers_to_hand_over_several(**said)))

    def test_each_says_what_is_missing(self, quetzal):
        assert self.asked(quetzal) == ""
        assert self.asked(quetzal, files=()) == "Elija al menos un expediente."
        assert "hasta 200" in self.asked(quetzal, files=range(MOST + 1))
        assert self.asked(quetzal, targets=()) == "Escoja quién los recibe."
        assert "distinto" in self.asked(quetzal, targets={2, 3})
        assert "distinto" in self.asked(quetzal, targets={None}, before=None)
        assert self.asked(quetzal, reason=" ") == "Diga por qué se entregan."

    @pytest.mark.parametrize("name", ["luz", "irma", "ester", "mateo"])
    def test_it_is_for_who_supervises(self, quetzal, name):
        assert "los entrega supervisión" in self.asked(quetzal, by=name)
        file = a_file(quetzal)
        before = picture(file)
        with pytest.raises(Refused):
            share(quetzal, [(file, "fabian")], by=name)
        assert picture(file) == before


class TestPassingOn:
    def test_each_passes_with_what_it_owes_and_says_why(self, quetzal):
        one, other = accepted(quetzal), accepted(quetzal, priority="vital")
        due = owed(one)["assign_provider"].due_at
        assert share(quetzal, [(one.file, "fabian"), (other.file, "rocio")]) == []
        assert (holder(one.file), holder(other.file)) == (who(quetzal, "fabian"), who(quetzal, "rocio"))
        debt = owed(one)["assign_provider"]
        assert (debt.owner_member_id, debt.due_at) == (who(quetzal, "fabian"), due)
        assert lines(one.file)[-2:] == ["handed_over", "note"]
        assert LogLine.objects.filter(file=one.file, subtype="note").get().comment == REASON
        had = coordinators_of(org=quetzal.org, viewer=quetzal.actor("paula"), file=one.file)
        assert [(each.member_id, each.by_id) for each in had][-1] == (who(quetzal, "fabian"), who(quetzal, "paula"))

    def test_one_that_somebody_else_passed_on_is_told_and_the_rest_go_on(self, quetzal):
        first, gone, last = (a_file(quetzal) for _n in range(3))
        doing(quetzal, hand_over_file, gone, "paula", TUESDAY, member_id=who(quetzal, "rocio"))
        stayed = share(quetzal, [(one, "fabian") for one in (first, gone, last)])
        assert numbers(stayed) == {gone.number: "Otra persona lo entregó antes."}
        assert [holder(one) for one in (first, gone, last)] == [
            who(quetzal, name) for name in ("fabian", "rocio", "fabian")
        ]

    def test_one_that_was_closed_and_one_who_does_not_coordinate_are_told(self, quetzal):
        closed, other = a_file(quetzal), a_file(quetzal)
        doing(quetzal, close_file, closed, "luz", TUESDAY, empty_reason="Se cortó")
        stayed = numbers(share(quetzal, [(closed, "fabian"), (other, "irma")]))
        assert "está cerrado" in stayed[closed.number]
        assert stayed[other.number] == "Escoja a alguien activo que coordine asistencias."
        assert holder(other) == who(quetzal, "luz")

    def test_twice_is_once(self, quetzal):
        file = a_file(quetzal)
        assert share(quetzal, [(file, "fabian")]) == []
        before = picture(file)
        assert numbers(share(quetzal, [(file, "fabian")], now=LATER + MINUTE)) == {
            file.number: "Otra persona lo entregó antes."
        }
        assert picture(file) == before

    def test_the_queue_gives_and_gets(self, quetzal):
        file = a_file(quetzal)
        assert share(quetzal, [(file, None)]) == []
        assert holder(file) is None
        assert share(quetzal, [(file, "fabian")], before=None) == []
        assert holder(file) == who(quetzal, "fabian")

    def test_a_file_of_another_organisation_stops_it_before_anything_changes(self, quetzal):
        own = a_file(quetzal)
        with pytest.raises(NoSuchFile):
            hand_over_files(
                org=quetzal.org, plan={own.pk: who(quetzal, "fabian"), 2**40: who(quetzal, "fabian")},
                before=who(quetzal, "luz"), reason=REASON, by=quetzal.actor("paula"), now=LATER,
            )  # fmt: skip
        assert holder(own) == who(quetzal, "luz")

    @pytest.mark.slow
    def test_of_two_supervisors_at_once_each_file_goes_to_one_and_nobody_loses_its_own(self, transactional_db):
        house = a_house("quetzal")
        files = [a_file(house) for _n in range(6)]

        def by(supervisor, member):
            return lambda: share(house, [(one, member) for one in files], by=supervisor)

        told = at_once(by("paula", "fabian"), by("rocio", "rocio"))
        assert len(told[0]) + len(told[1]) == len(files), "what one told as gone, the other has"
        got = {holder(one) for one in files}
        assert got <= {who(house, "fabian"), who(house, "rocio")}
        assert all(lines(one).count("handed_over") == 1 for one in files)

    @pytest.mark.slow
    def test_who_writes_on_a_file_meanwhile_does_not_keep_it_back(self, transactional_db):
        house = a_house("quetzal")
        files = [a_file(house) for _n in range(4)]

        def writing():
            for one in files:
                doing(house, change_file, one, "luz", LATER, references="Portón verde")

        at_once(lambda: share(house, [(one, "fabian") for one in files]), writing)
        assert {holder(one) for one in files} == {who(house, "fabian")}
        assert set(AssistanceFile.objects.values_list("references", flat=True)) == {"Portón verde"}


class TestTheWayBack:
    def back(self, house, *, at=LATER, by="paula", now=LATER + MINUTE):
        return take_files_back(org=house.org, at=at, by=house.actor(by), now=now)

    def test_each_goes_back_to_who_had_it(self, quetzal):
        files = [a_file(quetzal) for _n in range(2)]
        share(quetzal, [(files[0], "fabian"), (files[1], None)])
        assert self.back(quetzal) == []
        assert {holder(one) for one in files} == {who(quetzal, "luz")}
        assert LogLine.objects.filter(file=files[0]).last().comment == "Se deshizo la entrega"

    def test_what_moved_on_meanwhile_stays(self, quetzal):
        moved, still = a_file(quetzal), a_file(quetzal)
        share(quetzal, [(moved, "fabian"), (still, "fabian")])
        doing(quetzal, hand_over_file, moved, "fabian", LATER + MINUTE, member_id=who(quetzal, "rocio"))
        found = {one.number: one.stays for one in self.handed(quetzal)}
        assert found == {moved.number: False, still.number: True}
        assert [*numbers(self.back(quetzal))] == [moved.number]
        assert (holder(moved), holder(still)) == (who(quetzal, "rocio"), who(quetzal, "luz"))

    def handed(self, house, by="paula"):
        return handed_over(org=house.org, viewer=house.actor(by), at=LATER)

    def test_it_is_of_who_handed_over_and_only_for_a_while(self, quetzal):
        file = a_file(quetzal)
        share(quetzal, [(file, "fabian")])
        assert self.handed(quetzal, "rocio") == self.handed(quetzal, "luz") == []
        for by, now in (("rocio", LATER + MINUTE), ("luz", LATER + MINUTE), ("paula", LATER + 31 * MINUTE)):
            with pytest.raises(Refused):
                self.back(quetzal, by=by, now=now)
        assert holder(file) == who(quetzal, "fabian")
        assert self.back(quetzal, now=LATER + 30 * MINUTE) == []


class TestWhoHasWhat:
    def test_is_counted_for_who_supervises(self, quetzal, django_assert_num_queries):
        accepted(quetzal, priority="vital")
        accepted(quetzal)
        queued = a_file(quetzal, who="fabian")
        doing(quetzal, hand_over_file, queued, "paula", TUESDAY, member_id=None)
        doing(quetzal, close_file, a_file(quetzal), "luz", TUESDAY, empty_reason="Se cortó")
        with django_assert_num_queries(1):
            found = charges(org=quetzal.org, viewer=quetzal.actor("paula"))
        assert found == [
            Charge(None, "", False, 1, 0),
            Charge(who(quetzal, "luz"), "Luz Marina Daza", True, 2, 1),
        ]
        for name in ("luz", "irma", "mateo"):
            assert charges(org=quetzal.org, viewer=quetzal.actor(name)) == []
            assert not standings(org=quetzal.org, viewer=quetzal.actor(name), ids=[queued.pk])
        cafetal = a_house("cafetal")
        assert charges(org=cafetal.org, viewer=quetzal.actor("paula")) == []
