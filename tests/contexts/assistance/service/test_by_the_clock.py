"""Whole assistances by the clock: the example of the procedure, an emergency, another country."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from escucha.contexts.assistance.operations.releasing import take_provider_off
from escucha.contexts.assistance.queries.work import assignments_of, happened_to, times_of
from escucha.contexts.assistance.rules.costs import Line
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Stage
from escucha.kernel.commitments.queries import history_about, owed_of_kind
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.words import Refused
from tests.assisting import accepted
from tests.contexts.assistance.assigning.network import a_provider, assign
from tests.contexts.assistance.service.steps import (
    BOGOTA,
    HOUR,
    MINUTE,
    assigned,
    at,
    do,
    due,
    ended,
    facts,
    last_line,
    lines,
    owed,
    work,
)
from tests.make import let_time_pass

DAY = "2026-03-03"  # a Tuesday
BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")


def pass_twice(now, about):
    """The clock, and then again: the second time nothing is left to do."""
    let_time_pass(now)
    told = [entry.verb for entry in entries_about(org=about.org, subject=about.subject)]
    let_time_pass(now)
    assert [entry.verb for entry in entries_about(org=about.org, subject=about.subject)] == told


def lateness(about):
    found = entries_about(org=about.org, subject=about.subject)
    return [entry.data["kind"] for entry in found if entry.verb == "commitments.commitment_late"]


class TestTheExampleOfTheProcedure:
    """Asked for at 08:00, agreed on for 16:00 to 18:00."""

    @pytest.mark.requirement("ASIS-07.1", "ASIS-08.1", "ASIS-08.2", "ASIS-08.3", "ASIS-08.5")
    def test_is_due_at_its_very_hours(self, quetzal):
        window = (at(DAY, 16), at(DAY, 18))
        found = accepted(quetzal, priority="programmed", window=window, now=at(DAY, 8))
        assert due(found) == {Duty.ASSIGN: at(DAY, 8, 20)}
        assert due(assign(quetzal, found, a_provider(quetzal), now=at(DAY, 8, 12))) == {
            Duty.CONFIRM: at(DAY, 8, 12),
            Duty.FIRST_MOVE: at(DAY, 15),
            Duty.ARRIVAL: at(DAY, 17),
        }
        assert ended(found) == {(Duty.ASSIGN, 1): "met"}

    def test_goes_all_its_way_by_the_clock(self, quetzal):
        window = (at(DAY, 16), at(DAY, 18))
        found = accepted(quetzal, priority="programmed", window=window, now=at(DAY, 8))
        assign(quetzal, found, a_provider(quetzal), now=at(DAY, 8, 12))
        do(quetzal, found, "confirm", now=at(DAY, 8, 15))
        pass_twice(at(DAY, 14, 59), found)
        assert Duty.FIRST_MOVE not in lateness(found)
        do(quetzal, found, "check", now=at(DAY, 14, 59))
        do(quetzal, found, "check", now=at(DAY, 15, 1), party="affiliate")
        do(quetzal, found, "arrive", now=at(DAY, 16, 42), arrived_at=at(DAY, 16, 40))
        do(quetzal, found, "contact", now=at(DAY, 16, 45))
        assert due(found) == {Duty.DIAGNOSIS: at(DAY, 17, 15)}
        do(quetzal, found, "diagnose", now=at(DAY, 17), cost=Decimal(150_000), ends_at=at(DAY, 18, 30))
        do(quetzal, found, "authorise", now=at(DAY, 17, 1))
        assert due(found) == {Duty.FINISH: at(DAY, 18, 30)}
        do(quetzal, found, "finish", now=at(DAY, 18, 20))
        assert due(found) == {Duty.COSTS: at(DAY, 18, 20), Duty.CONFORMITY: at(DAY, 18, 20)}
        part = Line("coverage", "Mano de obra", Decimal(150_000))
        do(quetzal, found, "load", now=at(DAY, 18, 22), lines=[part], total=part.amount)
        do(quetzal, found, "ask", now=at(DAY, 18, 25))
        do(quetzal, found, "survey", now=at(DAY, 18, 26))
        do(quetzal, found, "conclude", now=at(DAY, 18, 30))
        pass_twice(at("2026-03-05", 8), found)

        assert found.stage == Stage.CONCLUDED and owed(found) == set()
        assert lines(found)[-12:] == [
            ("2", "assigned"), ("2", "confirmed"), ("3", "to_provider"), ("3", "to_affiliate"), ("3", "arrived"),
            ("3", "contacted"), ("4", "diagnosed"), ("4", "authorisation"), ("4", "finished"), ("4", "costs"),
            ("5", "conformity"), ("5", "survey"), ("5", "concluded"),
        ][-12:]  # fmt: skip
        met = {one.kind for one in history_about(org=found.org, subject=found.subject) if one.outcome == "met"}
        assert {Duty.ASSIGN, Duty.FIRST_MOVE, Duty.ARRIVAL, Duty.DIAGNOSIS, Duty.FINISH} <= met

    @pytest.mark.requirement("ASIS-03.8")
    def test_its_events_and_times_are_told_in_the_time_of_the_place(self, quetzal):
        window = (at(DAY, 16), at(DAY, 18))
        found = accepted(quetzal, priority="programmed", window=window, now=at(DAY, 8))
        assign(quetzal, found, a_provider(quetzal), now=at(DAY, 8, 25))
        do(quetzal, found, "confirm", now=at(DAY, 8, 30))
        moments = times_of(org=quetzal.org, viewer=quetzal.actor("irma"), assistance=found)
        told = {one.duty: (one.allowed, one.spent, one.late) for one in moments}
        assert told == {
            Duty.ASSIGN: (20 * MINUTE, 25 * MINUTE, True),
            Duty.CONFIRM: (timedelta(), 5 * MINUTE, True),
            Duty.FIRST_MOVE: (6 * HOUR + 35 * MINUTE, None, False),
            Duty.ARRIVAL: (8 * HOUR + 35 * MINUTE, None, False),
        }
        assert {one.began_at.utcoffset() for one in moments} == {timedelta(hours=-5)}
        assert [f"{one.at:%H:%M}" for one in happened_to(found)] == ["08:00", "08:00", "08:25", "08:30"]
        stranger = quetzal.actor("mateo")
        assert times_of(org=quetzal.org, viewer=stranger, assistance=found) == []

    @pytest.mark.requirement("ASIS-03.8")
    @pytest.mark.parametrize(("seconds", "told"), [(0, "at_once"), (60, "at_once"), (61, "met_late")])
    def test_what_is_due_at_once_is_done_at_once_within_a_minute(self, quetzal, seconds, told):
        found = assigned(quetzal, now=at(DAY, 8))
        given = assignments_of(org=quetzal.org, viewer=quetzal.actor("luz"), assistance=found)[0].assigned_at
        do(quetzal, found, "confirm", now=given + timedelta(seconds=seconds))
        moments = times_of(org=quetzal.org, viewer=quetzal.actor("irma"), assistance=found)
        [confirmed] = [one for one in moments if one.duty == Duty.CONFIRM]
        assert (confirmed.outcome, confirmed.late) == (told, told == "met_late")


class TestTheExtraCheck:
    @pytest.mark.requirement("ASIS-08.3")
    @pytest.mark.parametrize(("after", "asked"), [(timedelta(), False), (timedelta(seconds=1), True)])
    def test_is_owed_only_above_a_day(self, quetzal, after, asked):
        opens = at("2026-03-04", 16) + after
        found = accepted(quetzal, priority="programmed", window=(opens, opens + 2 * HOUR), now=at(DAY, 15, 50))
        assign(quetzal, found, a_provider(quetzal), now=at(DAY, 16))
        assert (Duty.EXTRA_CHECK in owed(found)) is asked

    @pytest.mark.requirement("ASIS-08.3")
    def test_is_seen_twelve_hours_before_and_overdue_four_before(self, quetzal):
        opens = at("2026-03-05", 20)
        found = assigned(quetzal, priority="programmed", window=(opens, opens + HOUR), now=at(DAY, 8))
        extra = owed_of_kind(org=found.org, subject=found.subject, kind=Duty.EXTRA_CHECK)
        assert (extra.visible_at, extra.due_at) == (at("2026-03-05", 8), at("2026-03-05", 16))
        pass_twice(at("2026-03-05", 15, 59), found)
        assert Duty.EXTRA_CHECK not in lateness(found)
        pass_twice(at("2026-03-05", 16), found)
        assert lateness(found).count(Duty.EXTRA_CHECK) == 1

    def test_late_is_done_with_the_one_after_it_when_both_are_overdue(self, quetzal):
        opens = at("2026-03-05", 20)
        found = assigned(quetzal, priority="programmed", window=(opens, opens + HOUR), now=at(DAY, 8))
        do(quetzal, found, "check", now=opens - 30 * MINUTE)
        outcomes = ended(found)
        assert outcomes[Duty.EXTRA_CHECK, 1] == outcomes[Duty.FIRST_MOVE, 1] == "met_late"


class TestAnEmergency:
    @pytest.mark.requirement("ASIS-08.6")
    def test_is_watched_by_the_hour_that_its_provider_said(self, quetzal):
        found = accepted(quetzal, priority="emergency", now=at(DAY, 22))
        assert due(found) == {Duty.ASSIGN: at(DAY, 22, 5)}
        assign(quetzal, found, a_provider(quetzal), now=at(DAY, 22, 3), eta_at=at(DAY, 22, 40))
        assert due(found) == {Duty.CONFIRM: at(DAY, 22, 3), Duty.ARRIVAL: at(DAY, 22, 40)}
        pass_twice(at(DAY, 22, 39), found)
        assert lateness(found) == [Duty.CONFIRM]
        do(quetzal, found, "confirm", now=at(DAY, 22, 39))
        pass_twice(at(DAY, 22, 40), found)
        assert lateness(found) == [Duty.CONFIRM, Duty.ARRIVAL]
        do(quetzal, found, "check", now=at(DAY, 22, 41), on_time=False)
        assert owed(found) == {Duty.ARRIVAL}, "an emergency has no call to the affiliate of its own"
        do(quetzal, found, "reprogramme", now=at(DAY, 22, 42), eta_at=at(DAY, 22, 55))
        assert due(found) == {Duty.ARRIVAL: at(DAY, 22, 55)} and work(found).eta_at == at(DAY, 22, 55)
        do(quetzal, found, "arrive", now=at(DAY, 22, 54))
        assert ended(found)[Duty.ARRIVAL, 1] == "annulled:reprogrammed" and ended(found)[Duty.ARRIVAL, 2] == "met"

    @pytest.mark.requirement("ASIS-07.3")
    def test_of_life_or_death_is_asked_at_any_hour_how_it_was(self, quetzal):
        found = accepted(quetzal, priority="vital", now=at(DAY, 23))
        assert due(found) == {Duty.ASSIGN: at(DAY, 23)}
        assign(quetzal, found, a_provider(quetzal), now=at(DAY, 23, 1), eta_at=at(DAY, 23, 10))
        for minute, act in enumerate(("confirm", "arrive", "contact", "diagnose", "authorise", "finish")):
            do(quetzal, found, act, now=at(DAY, 23, 10 + minute))
        assert due(found)[Duty.CONFORMITY] == at(DAY, 23, 15)
        do(quetzal, found, "ask", now=at(DAY, 23, 20), outcome="no_contact")
        assert due(found)[Duty.CONFORMITY] == at("2026-03-04", 1, 20)

    def test_that_ends_at_night_is_asked_in_the_morning(self, quetzal):
        found = accepted(quetzal, priority="emergency", now=at(DAY, 21))
        assign(quetzal, found, a_provider(quetzal), now=at(DAY, 21, 1))
        for minute, act in enumerate(("confirm", "arrive", "contact", "diagnose", "authorise", "finish")):
            do(quetzal, found, act, now=at(DAY, 21, 10 + minute))
        assert due(found) == {Duty.COSTS: at(DAY, 21, 15), Duty.CONFORMITY: at("2026-03-04", 8)}


class TestAnotherCountry:
    @pytest.mark.requirement("ASIS-08.5", "ASIS-08.11")
    def test_has_its_own_hours(self, quetzal):
        window = (at(DAY, 16, zone=BUENOS_AIRES), at(DAY, 18, zone=BUENOS_AIRES))
        now = at(DAY, 8, zone=BUENOS_AIRES)
        found = assigned(quetzal, priority="programmed", account="hogar_del_sur", window=window, now=now)
        assert due(found)[Duty.ARRIVAL] == at(DAY, 15, zone=BOGOTA)
        for minute, act in enumerate(("confirm", "arrive", "contact")):
            do(quetzal, found, act, now=at(DAY, 17, minute, zone=BUENOS_AIRES))
        do(quetzal, found, "diagnose", now=at(DAY, 17, 5, zone=BUENOS_AIRES), cost=Decimal("89999.50"))
        do(quetzal, found, "authorise", now=at(DAY, 17, 6, zone=BUENOS_AIRES))
        assert last_line(found).said["currency"] == "ARS"
        do(quetzal, found, "finish", now=at(DAY, 19, 30, zone=BUENOS_AIRES))
        do(quetzal, found, "ask", now=at(DAY, 19, 30, zone=BUENOS_AIRES), outcome="no_contact")
        assert due(found)[Duty.CONFORMITY] == at("2026-03-04", 8, zone=BUENOS_AIRES)
        moments = times_of(org=quetzal.org, viewer=quetzal.actor("luz"), assistance=found)
        assert {one.began_at.utcoffset() for one in moments} == {timedelta(hours=-3)}


class TestAnotherWindow:
    @pytest.mark.requirement("ASIS-09.3")
    def test_is_reckoned_from_the_assignment_that_stays(self, quetzal):
        found = assigned(quetzal, priority="programmed", window=(at(DAY, 16), at(DAY, 18)), now=at(DAY, 8))
        do(quetzal, found, "confirm", now=at(DAY, 8, 5))
        do(quetzal, found, "check", now=at(DAY, 15), on_time=False, new_hour=at(DAY, 19))
        assert Duty.AFFILIATE_CHECK in owed(found) and Duty.FIRST_MOVE in owed(found)
        window = (at(DAY, 19), at(DAY, 20))
        do(quetzal, found, "reprogramme", now=at(DAY, 15, 5), window=window, comment="Prefiere más tarde")
        assert due(found) == {Duty.FIRST_MOVE: at(DAY, 18), Duty.ARRIVAL: at(DAY, 19, 30)}
        assert (found.agenda_version, found.stage, found.window) == (2, Stage.CONFIRMED, window)
        annulled = {kind for (kind, _n), how in ended(found).items() if how == "annulled:reprogrammed"}
        assert annulled == {Duty.FIRST_MOVE, Duty.ARRIVAL, Duty.AFFILIATE_CHECK}
        again = owed_of_kind(org=found.org, subject=found.subject, kind=Duty.ARRIVAL)
        assert (again.counted_from, again.attempt, again.reckoning["agenda"]) == (at(DAY, 8), 2, 2)
        assert facts(found)[-1] == "assistance_reprogrammed"
        said = last_line(found).said
        assert said["was_from"].startswith("2026-03-03T21:00") and said["from"].startswith("2026-03-04T00:00")

    def test_that_is_nearly_here_is_due_now_and_says_that_its_hour_had_gone(self, quetzal):
        found = assigned(quetzal, priority="programmed", window=(at(DAY, 16), at(DAY, 18)), now=at(DAY, 8))
        now = at(DAY, 12)
        do(quetzal, found, "reprogramme", now=now, window=(at(DAY, 12, 30), at(DAY, 14)))
        first = owed_of_kind(org=found.org, subject=found.subject, kind=Duty.FIRST_MOVE)
        assert (first.due_at, first.reckoning["adjusted"]) == (now, True)

    def test_nobody_goes_yet_and_nothing_is_reckoned(self, quetzal):
        found = accepted(quetzal, priority="programmed", window=(at(DAY, 16), at(DAY, 18)), now=at(DAY, 8))
        do(
            quetzal,
            found,
            "reprogramme",
            now=at(DAY, 8, 5),
            window=(at(DAY, 18), at(DAY, 19)),
            accepted_by={"affiliate"},
        )
        assert due(found) == {Duty.ASSIGN: at(DAY, 8, 20)} and found.agenda_version == 2

    @pytest.mark.requirement("ASIS-09.1", "ASIS-09.2")
    def test_not_wanted_by_the_affiliate_sends_another_provider(self, quetzal):
        found = assigned(quetzal, priority="programmed", window=(at(DAY, 16), at(DAY, 18)), now=at(DAY, 8))
        first = work(found)
        do(quetzal, found, "check", now=at(DAY, 15), on_time=False, new_hour=at(DAY, 19))
        with pytest.raises(Refused, match="cancele el proveedor"):
            window = (at(DAY, 19), at(DAY, 20))
            do(quetzal, found, "reprogramme", now=at(DAY, 15, 4), window=window, accepted_by={"provider"})
        do(quetzal, found, "check", now=at(DAY, 15, 4), party="affiliate", comment="No la acepta")
        by = quetzal.actor("luz")
        take_provider_off(org=quetzal.org, assistance_id=found.pk, cause="late", by=by, now=at(DAY, 15, 5))
        assert due(found)[Duty.ASSIGN] == at(DAY, 15, 25) and Duty.ARRIVAL not in owed(found)
        found.refresh_from_db()
        second = a_provider(quetzal, "Quien sí puede")
        assert due(assign(quetzal, found, second, now=at(DAY, 15, 10))) == {
            Duty.CONFIRM: at(DAY, 15, 10),
            Duty.FIRST_MOVE: at(DAY, 15, 10),
            Duty.ARRIVAL: at(DAY, 17),
        }
        first.refresh_from_db()
        assert first.state == "cancelled" and work(found).provider == second
