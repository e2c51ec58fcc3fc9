"""How near something owed is to failing, said before it fails; and who would arrive too late."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.files import close_file, hand_over_file
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.files import Filters
from escucha.contexts.assistance.queries.risks import lines_by_risk
from escucha.contexts.assistance.rules.risk import (
    Risk,
    Span,
    Way,
    arrival,
    is_near,
    risk_of,
    spent,
    worst,
    would_be_late,
)
from tests.assisting import a_file, accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import assigned, do, work
from tests.make import profile

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
pytestmark = pytest.mark.requirement("ASIS-14.3")
BOGOTA, SOACHA = (4.65, -74.09), (4.58, -74.22)
POLICY = profile("quetzal").section(AssistancePolicy)


class TestTheShare:
    @pytest.mark.parametrize(
        ("minutes", "risk"),
        [
            (0, Risk.NONE),
            (9.99, Risk.NONE),
            (10, Risk.SOON),
            (14.99, Risk.SOON),
            (15, Risk.AT_RISK),
            (19.99, Risk.AT_RISK),
            (20, Risk.OVERDUE),
            (600, Risk.OVERDUE),
        ],
    )
    def test_of_the_time_that_was_given_says_the_risk(self, minutes, risk):
        span = Span(TUESDAY, TUESDAY + 20 * MINUTE)
        assert risk_of(span, TUESDAY + minutes * MINUTE) is risk

    @pytest.mark.parametrize(
        ("due", "gone", "near"),
        [(20, 0, True), (60, 0, True), (61, 0, False), (600, 299, False), (600, 300, True), (600, 900, True)],
    )
    def test_near_is_within_the_hour_or_once_its_alerts_began(self, due, gone, near):
        assert is_near(Span(TUESDAY, TUESDAY + due * MINUTE), TUESDAY + gone * MINUTE) is near

    def test_of_what_is_due_as_it_is_born_is_all_of_it(self):
        assert spent(Span(TUESDAY, TUESDAY), TUESDAY) == 1
        assert risk_of(Span(TUESDAY, TUESDAY), TUESDAY) is Risk.OVERDUE

    def test_the_worst_of_all_is_said(self):
        calm, soon = Span(TUESDAY, TUESDAY + HOUR), Span(TUESDAY, TUESDAY + 12 * MINUTE)
        now = TUESDAY + 6 * MINUTE
        assert worst([calm, soon], late=False, now=now) is Risk.SOON
        assert worst([calm, soon], late=True, now=now) is Risk.AT_RISK
        assert worst([], late=False, now=now) is Risk.NONE
        assert worst([Span(TUESDAY, now)], late=True, now=now) is Risk.OVERDUE


class TestTheArrival:
    def test_is_the_hour_that_was_said_and_never_before_now(self):
        way = Way(eta_at=TUESDAY + HOUR)
        assert arrival(way, hour=10, now=TUESDAY) == TUESDAY + HOUR
        assert arrival(way, hour=10, now=TUESDAY + 2 * HOUR) == TUESDAY + 2 * HOUR

    def test_is_else_how_long_the_way_takes(self):
        way = Way(left_at=TUESDAY, here=BOGOTA, there=SOACHA)
        took = (arrival(way, hour=10, now=TUESDAY) - TUESDAY) / MINUTE
        assert 50 < took < 75  # some 22 km by road at 22 km/h
        assert arrival(way._replace(there=None), hour=10, now=TUESDAY) is None
        assert arrival(way._replace(left_at=None), hour=10, now=TUESDAY) is None

    @pytest.mark.parametrize(("until", "late"), [(61, False), (60, False), (59, True)])
    def test_is_late_after_the_end_of_the_window(self, until, late):
        way = Way(eta_at=TUESDAY + HOUR)
        assert would_be_late(way, until=TUESDAY + until * MINUTE, hour=10, now=TUESDAY) is late

    def test_misses_nothing_where_no_window_was_agreed_on(self):
        assert not would_be_late(Way(eta_at=TUESDAY), until=None, hour=10, now=TUESDAY)
        assert not would_be_late(Way(), until=TUESDAY, hour=10, now=TUESDAY)


def lines(house, *, who="paula", now=TUESDAY, **filters):
    said = {"policy": POLICY, "filters": Filters(**filters), "now": now}
    return lines_by_risk(org=house.org, viewer=house.actor(who), **said)


@pytest.mark.django_db
class TestEverythingOpen:
    def test_goes_by_life_and_then_by_what_is_due(self, quetzal):
        programmed = accepted(quetzal, priority="programmed")
        emergency = accepted(quetzal)
        vital = accepted(quetzal, priority="vital", now=TUESDAY + MINUTE)
        bare = a_file(quetzal)
        found = lines(quetzal, now=TUESDAY + 4 * MINUTE)
        wanted = [(vital.file_id, 1), (emergency.file_id, 1), (programmed.file_id, 1), (bare.pk, 0)]
        assert [(one.file, one.position) for one in found] == wanted
        assert [one.risk for one in found] == [Risk.OVERDUE, Risk.AT_RISK, Risk.NONE, Risk.NONE]
        assert [one.vital for one in found] == [True, False, False, False]

    def test_ends_with_the_assistance_and_with_the_file(self, quetzal):
        bare = a_file(quetzal)
        why = {"empty_reason": "Era otra empresa"}
        close_file(org=quetzal.org, file_id=bare.pk, by=quetzal.actor("luz"), now=TUESDAY, **why)
        ended = assigned(quetzal)
        do(quetzal, ended, "cancel", now=TUESDAY + MINUTE)
        [line] = lines(quetzal, now=TUESDAY + 2 * MINUTE)
        assert (line.file, line.position) == (ended.file_id, 1), "its file is still to be closed"
        assert line.risk is Risk.OVERDUE and not line.vital

    def test_says_who_would_arrive_too_late(self, quetzal):
        window = (TUESDAY + HOUR, TUESDAY + 2 * HOUR)
        found = assigned(quetzal, priority="programmed", window=window)
        assert not lines(quetzal)[0].late
        one = work(found)
        one.eta_at = TUESDAY + 2 * HOUR + MINUTE
        one.save(update_fields=["eta_at"])
        [line] = lines(quetzal)
        assert line.late and line.risk in {Risk.AT_RISK, Risk.OVERDUE}
        one.eta_at -= 2 * MINUTE
        one.save(update_fields=["eta_at"])
        assert not lines(quetzal)[0].late
        assert lines(quetzal, now=TUESDAY + 3 * HOUR)[0].late, "it has not arrived and its window is over"

    def test_says_so_by_the_way_of_who_left_without_an_hour(self, quetzal):
        window = (TUESDAY + 30 * MINUTE, TUESDAY + HOUR)
        found = assigned(quetzal, priority="programmed", window=window)
        provider = work(found).provider
        provider.lat, provider.lon = 5.35, -74.05  # some 100 km away
        provider.save(update_fields=["lat", "lon"])
        do(quetzal, found, "depart", now=TUESDAY + MINUTE)
        assert lines(quetzal, now=TUESDAY + 2 * MINUTE)[0].late
        provider.lat = 4.71
        provider.save(update_fields=["lat"])
        assert not lines(quetzal, now=TUESDAY + 2 * MINUTE)[0].late

    def test_is_narrowed_as_the_list_is(self, quetzal):
        vital, south = accepted(quetzal, priority="vital"), accepted(quetzal, account="hogar_del_sur")
        queued = a_file(quetzal)
        hand_over_file(org=quetzal.org, file_id=queued.pk, member_id=None, by=quetzal.actor("paula"), now=TUESDAY)
        assert [one.file for one in lines(quetzal, priority="vital")] == [vital.file_id]
        assert [one.file for one in lines(quetzal, country="ar")] == [south.file_id]
        assert [one.file for one in lines(quetzal, text=str(queued.number))] == [queued.pk]
        assert [one.file for one in lines(quetzal) if one.queued] == [queued.pk]
        assert lines(quetzal, stage="assigned") == []
        assert lines(quetzal, who="mateo") == []

    def test_asks_as_many_questions_however_many_there_are(self, quetzal):
        accepted(quetzal)
        with CaptureQueriesContext(connection) as few:
            lines(quetzal)
        for _n in range(3):
            assigned(quetzal, priority="programmed")
        with CaptureQueriesContext(connection) as many:
            found = lines(quetzal)
        assert len(found) == Assistance.objects.count() == 4
        assert len(few) == len(many) == 4
