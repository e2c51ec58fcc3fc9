"""What a plan still gives: its periods, the events used, and the guarantee of a work."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.assistance.operations.covering import cancel_at_once, connect
from escucha.contexts.assistance.policy import Coverage, Period, Plan
from escucha.contexts.assistance.queries.cover import cover_of_file
from escucha.contexts.assistance.rules.cover import (
    NEVER_GIVEN,
    Event,
    anniversary,
    blockers_to_guarantee,
    cover_today,
    earliest_needed,
    period_around,
    spends,
)
from escucha.contexts.assistance.rules.stages import Category, Stage
from escucha.kernel.words import Refused
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.seen import DAY, HOUR, doing
from tests.contexts.assistance.service.steps import assigned, brought_to, do

days = st.dates(date(2019, 1, 1), date(2033, 12, 31))
ZONES = ["America/Bogota", "America/Argentina/Buenos_Aires", "America/Santiago"]
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda naive: naive.replace(tzinfo=UTC))
LEAP = date(2024, 2, 29)


def plan(*coverages, **changes):
    return Plan(key="p", account="a", label="P", currency="COP", coverages=coverages, **changes)


def left(the_plan, *events, today=date(2026, 3, 3), since_on=date(2025, 6, 15)):
    return {one.service: one.left for one in cover_today(the_plan, events, since_on=since_on, today=today)}


def event(service="plomeria", on=date(2026, 3, 1), category=Category.COVERAGE, stage=Stage.TO_ASSIGN, charged=False):
    return Event(service, on, category, stage, charged)


class TestPeriods:
    @given(today=days, since_on=st.none() | days, period=st.sampled_from([Period.YEAR, Period.MONTH]))
    def test_every_day_is_in_one_period_and_the_next_begins_where_it_ends(self, today, since_on, period):
        first, last = period_around(today, period, since_on=since_on)
        assert first <= today <= last
        assert period_around(first, period, since_on=since_on) == (first, last)
        assert period_around(last, period, since_on=since_on) == (first, last)
        after, _end = period_around(last + timedelta(days=1), period, since_on=since_on)
        assert after == last + timedelta(days=1)
        assert (last - first).days + 1 in ((365, 366) if period == Period.YEAR else (28, 29, 30, 31))

    @pytest.mark.parametrize(
        ("since_on", "today", "first", "last"),
        [
            (date(2025, 6, 15), date(2026, 3, 3), date(2025, 6, 15), date(2026, 6, 14)),
            (date(2025, 6, 15), date(2026, 6, 14), date(2025, 6, 15), date(2026, 6, 14)),
            (date(2025, 6, 15), date(2026, 6, 15), date(2026, 6, 15), date(2027, 6, 14)),
            (LEAP, date(2025, 2, 28), LEAP, date(2025, 2, 28)),
            (LEAP, date(2025, 3, 1), date(2025, 3, 1), date(2026, 2, 28)),
            (LEAP, date(2027, 12, 31), date(2027, 3, 1), date(2028, 2, 28)),
            (LEAP, date(2028, 2, 29), date(2028, 2, 29), date(2029, 2, 28)),
            (None, date(2026, 3, 3), date(2026, 1, 1), date(2026, 12, 31)),
        ],
    )
    def test_a_year_is_of_the_plan(self, since_on, today, first, last):
        assert period_around(today, Period.YEAR, since_on=since_on) == (first, last)

    @given(since_on=days, year=st.integers(2000, 2100))
    def test_there_is_an_anniversary_every_year(self, since_on, year):
        found = anniversary(since_on, year)
        assert found.year == year
        leaps = (since_on.month, since_on.day) == (2, 29)
        assert (found.month, found.day) in ({(2, 29), (3, 1)} if leaps else {(since_on.month, since_on.day)})

    def test_for_ever_has_no_end(self):
        assert period_around(date(2026, 3, 3), Period.EVER, since_on=None) == (None, None)

    @given(today=days, since_on=st.none() | days, periods=st.lists(st.sampled_from(Period), max_size=3))
    def test_no_event_that_matters_is_older_than_what_is_asked_for(self, today, since_on, periods):
        of = plan(*(Coverage(str(n), max_events=1, period=period) for n, period in enumerate(periods)))
        earliest = earliest_needed(of, since_on=since_on, today=today)
        firsts = [one.first_on for one in cover_today(of, [], since_on=since_on, today=today)]
        assert earliest == (None if None in firsts else min(firsts, default=today))


class TestEvents:
    @pytest.mark.requirement("ASIS-04.1")
    @pytest.mark.parametrize("stage", Stage)
    @pytest.mark.parametrize("category", Category)
    @pytest.mark.parametrize("charged", [True, False])
    @pytest.mark.parametrize("visit_counts", [True, False])
    def test_what_takes_one(self, stage, category, charged, visit_counts):
        took = spends(event(stage=stage, category=category, charged=charged), visit_counts=visit_counts)
        given_ = stage not in NEVER_GIVEN or (charged and visit_counts)
        assert took is (category in {"coverage", "refund"} and given_)

    @pytest.mark.requirement("ASIS-01.1", "ASIS-04.1")
    def test_those_of_the_period_are_counted_and_no_others(self):
        of = plan(Coverage("plomeria", max_events=3), Coverage("grua"))
        events = [event(on=date(2025, 6, 15)), event(on=date(2025, 6, 14)), event(on=date(2026, 3, 3)), event("grua")]
        assert left(of, *events) == {"plomeria": 1, "grua": None}
        assert left(of, *events, today=date(2026, 6, 15)) == {"plomeria": 3, "grua": None}

    def test_a_month_and_for_ever(self):
        of = plan(Coverage("a", max_events=2, period=Period.MONTH), Coverage("b", max_events=2, period=Period.EVER))
        events = [event(one, on=on) for one in "ab" for on in (date(2026, 2, 28), date(2026, 3, 1), date(2010, 1, 1))]
        assert left(of, *events) == {"a": 1, "b": 0}

    def test_those_of_a_group_share_them(self):
        of = plan(
            Coverage("a", max_events=3, group="g"), Coverage("b", max_events=2, group="g"), Coverage("c", max_events=3)
        )
        assert left(of, event("a"), event("b"), event("c")) == {"a": 1, "b": 0, "c": 2}

    def test_what_was_given_beyond_the_limit_leaves_none(self):
        assert left(plan(Coverage("plomeria", max_events=1)), event(), event()) == {"plomeria": 0}

    @pytest.mark.requirement("ASIS-01.1")
    def test_with_none_left_or_put_out_of_force_it_bears_nothing(self):
        of = plan(
            Coverage("a", max_amount=Decimal(10), max_events=1),
            Coverage("b", max_amount=Decimal(20), active=False),
            Coverage("c", max_amount=Decimal(30)),
            Coverage("d"),
        )
        told = cover_today(of, [event("a")], since_on=None, today=date(2026, 3, 3))
        assert [(one.gives, one.amount) for one in told] == [(False, 0), (False, 0), (True, 30), (True, None)]


class TestTheCoverOfAFile:
    def told(self, house, file, now=TUESDAY, who="luz"):
        seen = cover_of_file(org=house.org, viewer=house.actor(who), file=file, now=now)
        return {one.service: (one.used, one.left) for one in seen}

    @pytest.mark.requirement("ASIS-01.1", "ASIS-04.1")
    def test_every_service_with_its_limits_and_what_was_used(self, quetzal, django_assert_num_queries):
        affiliate = an_affiliate(quetzal)
        for service in ("plomeria", "electricidad", "cerrajeria"):
            accepted(quetzal, file=a_file(quetzal, affiliate=affiliate), service=service)
        file = a_file(quetzal, affiliate=affiliate)
        with django_assert_num_queries(1):
            seen = cover_of_file(org=quetzal.org, viewer=quetzal.actor("luz"), file=file, now=TUESDAY)
        assert [(one.service, one.max_amount, one.max_events, one.used, one.left) for one in seen] == [
            ("plomeria", Decimal(200_000), 3, 1, 2),
            ("electricidad", Decimal(200_000), 3, 2, 1),
            ("cerrajeria", Decimal(115_000), 3, 2, 1),
            ("orientacion_legal", None, None, 0, None),
        ]

    def test_who_shares_the_plan_shares_its_events(self, quetzal):
        holder = an_affiliate(quetzal)
        child = an_affiliate(quetzal, holder=holder, document_number="1.990.000.031")
        stranger = an_affiliate(quetzal, document_number="1.990.000.032")
        accepted(quetzal, file=a_file(quetzal, affiliate=child))
        for affiliate, used in ((holder, 1), (child, 1), (stranger, 0)):
            assert self.told(quetzal, a_file(quetzal, affiliate=affiliate))["plomeria"][0] == used

    def test_what_was_not_accepted_or_is_no_cover_takes_nothing(self, quetzal):
        file = a_file(quetzal)
        an_assistance(quetzal, file=file)
        at_once = an_assistance(quetzal, file=file, service="vidrios")
        doing(quetzal, cancel_at_once, at_once, "luz", TUESDAY, offered=True, rejected=True)
        paid = an_assistance(quetzal, file=file, service="vidrios")
        doing(quetzal, connect, paid, "luz", TUESDAY, told_payment=True, told_guarantee=True, accepted=True)
        accepted(quetzal, assistance=paid)
        assert {used for used, _left in self.told(quetzal, file).values()} == {0}

    def test_another_year_gives_it_again(self, quetzal):
        one = accepted(quetzal)
        assert self.told(quetzal, one.file)["plomeria"] == (1, 2)
        assert self.told(quetzal, one.file, now=TUESDAY.replace(month=6, day=15))["plomeria"] == (0, 3)

    @pytest.mark.parametrize(
        ("account", "charge", "used"),
        [("ruta_clara", True, 1), ("ruta_clara", False, 0), ("techo_amigo", True, 0), ("techo_amigo", False, 0)],
    )
    def test_a_cancelled_one_takes_one_where_its_visit_was_charged_and_the_plan_says_so(
        self, quetzal, account, charge, used
    ):
        service = "carro_taller" if account == "ruta_clara" else "plomeria"
        one = assigned(quetzal, account=account, service=service)
        do(quetzal, one, "cancel", now=TUESDAY + HOUR)
        if charge:
            do(quetzal, one, "load", now=TUESDAY + 2 * HOUR)
        assert self.told(quetzal, one.file, now=TUESDAY + DAY)[service][0] == used
        if charge:
            do(quetzal, one, "take_back", now=TUESDAY + 3 * HOUR)
            assert self.told(quetzal, one.file, now=TUESDAY + DAY)[service][0] == 0

    def test_who_may_not_look_sees_nothing(self, quetzal, cafetal):
        file = a_file(quetzal)
        assert self.told(quetzal, file, who="wilson") == {}
        assert not cover_of_file(org=cafetal.org, viewer=quetzal.actor("luz"), file=file, now=TUESDAY)

    @given(moment=moments, zone=zones)
    def test_the_day_of_an_event_is_that_of_its_place(self, moment, zone):
        """Compared by days: where the clocks skip midnight, a day still has its first instant."""
        on = moment.astimezone(zone).date()
        first, last = period_around(on, Period.MONTH, since_on=None)
        of = plan(Coverage("plomeria", max_events=1, period=Period.MONTH))
        assert left(of, event(on=on), today=first) == left(of, event(on=on), today=last) == {"plomeria": 0}
        assert left(of, event(on=on), today=last + timedelta(days=1)) == {"plomeria": 1}


class TestGuarantee:
    def test_the_same_work_again_takes_nothing_and_charges_nothing(self, quetzal):
        origin = brought_to(quetzal, "conclude")
        file = a_file(quetzal, affiliate=origin.file.affiliate, now=TUESDAY + 5 * DAY)
        again = an_assistance(quetzal, file=file, guarantee_of=origin.pk, now=TUESDAY + 5 * DAY)
        assert (again.category, again.guarantee_of, again.cover_amount) == ("guarantee", origin, None)
        accepted(quetzal, assistance=again, now=TUESDAY + 5 * DAY)
        seen = cover_of_file(org=quetzal.org, viewer=quetzal.actor("luz"), file=file, now=TUESDAY + 5 * DAY)
        assert seen[0].used == 1

    def test_not_of_another_service_person_or_after_its_days(self, quetzal):
        origin = brought_to(quetzal, "conclude")
        late = TUESDAY + 31 * DAY
        file = a_file(quetzal, affiliate=origin.file.affiliate)
        for said in ({"file": file, "service": "electricidad"}, {}, {"file": file, "now": late}):
            with pytest.raises(Refused, match="garantía"):
                an_assistance(quetzal, guarantee_of=origin.pk, **said)
        an_assistance(quetzal, file=file, guarantee_of=origin.pk, now=late - DAY)

    def test_not_of_what_did_not_end_in_a_work(self, quetzal):
        origin = assigned(quetzal)
        file = a_file(quetzal, affiliate=origin.file.affiliate)
        with pytest.raises(Refused, match="no terminó en un trabajo"):
            an_assistance(quetzal, file=file, guarantee_of=origin.pk)

    @given(finished_on=days, length=st.integers(0, 400), after=st.integers(0, 800))
    def test_it_holds_to_its_last_day(self, finished_on, length, after):
        said = {"same_service": True, "same_person": True, "stage": Stage.CONCLUDED, "days": length}
        today = finished_on + timedelta(days=after)
        assert (blockers_to_guarantee(finished_on=finished_on, today=today, **said) == []) is (after <= length)
