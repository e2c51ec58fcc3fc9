"""Who can be sent, and in which order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.operations.network import (
    change_provider,
    end_veto,
    see_provider,
    set_reach,
    veto_provider,
)
from escucha.contexts.assistance.operations.papers import add_paper
from escucha.contexts.assistance.operations.releasing import take_provider_off
from escucha.contexts.assistance.operations.suspending import suspend_provider
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import BEFORE, a_network, a_provider, assign, roster

HOUR = timedelta(hours=1)


def order(house, assistance, now=TUESDAY):
    return list(roster(house, assistance, now=now).order)


def change(house, provider, **said):
    return change_provider(org=house.org, provider_id=provider.pk, by=house.actor("paula"), now=TUESDAY, **said)


@pytest.mark.requirement("ASIS-06.1")
@pytest.mark.requirement("ASIS-06.2")
def test_the_order_is_of_positions_and_never_of_the_alphabet(quetzal):
    network = a_network(quetzal, 5)
    lines = roster(quetzal, accepted(quetzal)).lines
    assert [one.provider for one in lines] == [one.pk for one in network]
    assert [one.position for one in lines] == [1, 2, 3, 4, 5]
    names = [one.shown["name"] for one in lines]
    assert names != sorted(names)


@pytest.mark.requirement("ASIS-06.2")
def test_of_one_position_goes_who_was_sent_longest_ago_and_then_by_the_lot_of_the_day(quetzal):
    equals = [a_provider(quetzal, f"Igual {number}") for number in range(6)]
    assistance = accepted(quetzal)
    by_day = {tuple(order(quetzal, assistance, now=TUESDAY + timedelta(days=days))) for days in range(7)}
    assert len(by_day) > 1  # another lot each day
    assert order(quetzal, assistance) == order(quetzal, assistance)  # and one lot the whole day

    sent = order(quetzal, assistance)[0]
    assign(quetzal, accepted(quetzal), next(one for one in equals if one.pk == sent))
    assert order(quetzal, assistance)[-1] == sent


@pytest.mark.requirement("ASIS-06.1")
@pytest.mark.parametrize(
    ("area", "found"),
    [
        ("co/bogota/norte/usaquen", True),
        ("co/bogota/norte", True),
        ("co/bogota", True),
        ("co", True),
        ("co/bogota/norte/suba", False),
        ("co/bogota/centro", False),
        ("co/antioquia", False),
        ("ar", False),
    ],
)
def test_who_works_in_an_area_works_in_its_parts(quetzal, area, found):
    provider = a_provider(quetzal, area=area)
    assistance = accepted(quetzal)
    assert assistance.file.area == "co/bogota/norte/usaquen"
    assert order(quetzal, assistance) == ([provider.pk] if found else [])


@pytest.mark.requirement("ASIS-06.1")
def test_the_nearest_reach_says_the_position(quetzal):
    both = a_provider(quetzal, "Ambas", area="co/bogota", position=1)
    one = a_provider(quetzal, "Una", position=3)
    set_reach(
        org=quetzal.org,
        provider_id=both.pk,
        service="plomeria",
        area="co/bogota/norte/usaquen",
        position=8,
        by=quetzal.actor("paula"),
        now=BEFORE,
    )
    assert order(quetzal, accepted(quetzal)) == [one.pk, both.pk]


def test_a_reach_that_is_no_longer_given_does_not_count(quetzal):
    provider = a_provider(quetzal)
    assistance = accepted(quetzal)
    set_reach(
        org=quetzal.org,
        provider_id=provider.pk,
        service="plomeria",
        area="co/bogota/norte",
        active=False,
        by=quetzal.actor("paula"),
        now=BEFORE,
    )
    assert order(quetzal, assistance) == []


def test_only_who_is_active(quetzal):
    provider = a_provider(quetzal)
    assistance = accepted(quetzal)
    said = {"reason": "No contesta desde ayer", "by": quetzal.actor("paula"), "now": TUESDAY}
    suspend_provider(org=quetzal.org, provider_id=provider.pk, **said)
    assert order(quetzal, assistance) == []
    assert [str(one) for one in roster(quetzal, assistance).forbidden(provider.pk)] == ["Ese proveedor no está activo."]


@pytest.mark.parametrize(("until", "found"), [(date(2026, 3, 2), False), (date(2026, 3, 3), True), (None, True)])
def test_only_while_its_papers_hold_by_the_day_of_the_place(quetzal, until, found):
    provider = a_provider(quetzal)
    add_paper(
        org=quetzal.org, provider_id=provider.pk, name="Póliza", until=until, by=quetzal.actor("paula"), now=BEFORE
    )
    late = datetime(2026, 3, 4, 4, 30, tzinfo=UTC)  # 23:30 of the 3rd in Bogotá
    assert order(quetzal, accepted(quetzal), now=late) == ([provider.pk] if found else [])


@pytest.mark.parametrize(
    ("shifts", "on_guard", "found"),
    [
        ({}, False, True),
        ({"1": [[480, 1020]]}, False, True),
        ({"1": [[660, 1020]]}, False, False),
        ({"1": [[660, 1020]]}, True, True),
        ({"2": [[0, 1440]]}, False, False),
        ({"0": [[1320, 2100]]}, False, True),  # Monday at 22:00, until 11:00 of Tuesday
        ({"0": [[1320, 2040]]}, False, False),  # until 10:00, which is the first minute outside
    ],
)
def test_an_emergency_goes_to_who_works_now(quetzal, shifts, on_guard, found):
    """Tuesday, 10:00 in the place."""
    provider = a_provider(quetzal, shifts=shifts, on_guard=on_guard)
    assert order(quetzal, accepted(quetzal)) == ([provider.pk] if found else [])


@pytest.mark.parametrize(
    ("shift", "found"), [([960, 1080], True), ([960, 1021], True), ([960, 1020], False), ([961, 1080], False)]
)
def test_a_programmed_one_goes_to_who_works_from_its_opening_to_its_middle(quetzal, shift, found):
    """Agreed from 16:00 to 18:00: it is expected at 17:00."""
    provider = a_provider(quetzal, shifts={"1": [shift]})
    assert order(quetzal, accepted(quetzal, priority="programmed")) == ([provider.pk] if found else [])


def test_only_who_has_room_for_one_more(quetzal):
    provider = a_provider(quetzal, capacity=2)
    for _work in range(2):
        assistance = accepted(quetzal)
        assert order(quetzal, assistance) == [provider.pk]
        assign(quetzal, assistance, provider)
    assert order(quetzal, accepted(quetzal)) == []


def test_not_who_the_account_or_the_affiliate_does_not_want(quetzal):
    by_account, by_affiliate, free = a_network(quetzal)
    affiliate = an_affiliate(quetzal)
    assistance = accepted(quetzal, assistance=an_assistance(quetzal, file=a_file(quetzal, affiliate=affiliate)))
    another = accepted(quetzal)
    said = {"org": quetzal.org, "reason": "Tuvo un pleito", "by": quetzal.actor("paula"), "now": TUESDAY}
    veto = veto_provider(provider_id=by_account.pk, account="techo_amigo", **said)
    veto_provider(provider_id=by_affiliate.pk, affiliate_id=affiliate.pk, **said)

    assert order(quetzal, assistance) == [free.pk]
    assert order(quetzal, another) == [by_affiliate.pk, free.pk]

    end_veto(org=quetzal.org, veto_id=veto.pk, by=quetzal.actor("paula"), now=TUESDAY)
    assert order(quetzal, assistance) == [by_account.pk, free.pk]


@pytest.mark.requirement("ASIS-09.2")
def test_not_who_failed_already_in_this_assistance(quetzal):
    first, second = a_network(quetzal, 2)
    assistance = assign(quetzal, accepted(quetzal), first)
    take_provider_off(
        org=quetzal.org, assistance_id=assistance.pk, cause="no_show", by=quetzal.actor("luz"), now=TUESDAY + HOUR
    )
    assert order(quetzal, assistance) == [second.pk]
    assert first.pk in order(quetzal, accepted(quetzal))


@pytest.mark.requirement("ASIS-06.2")
def test_by_score_each_line_says_why(quetzal):
    here = {"area": "ar/rio_negro/valle"}
    a_provider(quetzal, "Lejos", position=1, lat=-41.4, lon=-64.2, **here)
    near = a_provider(quetzal, "Cerca", position=9, lat=-40.81, lon=-63.01, **here)
    lines = roster(quetzal, accepted(quetzal, account="hogar_del_sur")).lines
    assert lines[0].provider == near.pk and lines[0].score > lines[1].score
    reasons = [str(one) for one in lines[0].reasons]
    assert reasons[0].startswith("llega en ") and len(reasons) == 5


def test_where_it_was_seen_lately_is_where_it_is(quetzal):
    here = {"area": "ar/rio_negro/valle"}
    provider = a_provider(quetzal, "Cerca", lat=-40.81, lon=-63.01, **here)
    assistance = accepted(quetzal, account="hogar_del_sur")
    near = roster(quetzal, assistance).lines[0].eta_minutes
    said = {"org": quetzal.org, "provider_id": provider.pk, "lat": -40.9, "lon": -63.2}
    assert see_provider(at=TUESDAY, now=TUESDAY, **said)
    assert not see_provider(at=TUESDAY - HOUR, now=TUESDAY, **said | {"lat": -40.0})  # older than what is known
    assert not see_provider(at=TUESDAY + HOUR, now=TUESDAY, **said)
    assert roster(quetzal, assistance).lines[0].eta_minutes > near
    assert roster(quetzal, assistance, now=TUESDAY + 3 * HOUR).lines[0].eta_minutes == pytest.approx(near, rel=0.5)


def test_the_statements_do_not_grow_with_the_network(quetzal):
    assistance = accepted(quetzal)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert roster(quetzal, assistance).lines is not None
        return len(captured)

    a_network(quetzal, 2)
    few = statements()
    for number in range(20):
        a_provider(quetzal, f"Otro {number}")
    assert statements() == few == 5
