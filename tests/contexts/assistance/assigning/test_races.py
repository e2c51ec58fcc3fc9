"""What two may do at once, on real transactions and real threads."""

from datetime import timedelta

import pytest
from django.db import transaction

from escucha.contexts.assistance.models import Ask, Assignment, Assistance, Offer, Standing
from escucha.contexts.assistance.operations.assigning import assign_provider, record_call
from escucha.contexts.assistance.operations.offering import accept_offer, close_offers, send_offers
from escucha.contexts.assistance.operations.standing import remember_asked
from escucha.contexts.assistance.rules.assignments import Asked
from escucha.kernel.words import Refused
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, a_provider
from tests.kernel.timeline.test_races import at_once
from tests.make import a_house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ETA = TUESDAY + timedelta(minutes=30)
MEDELLIN = {"service": "grua", "area": "co/antioquia/medellin"}


@pytest.fixture
def house(transactional_db):
    return a_house("quetzal")


def told(act, number=2):
    """What each of so many who act at once is told; an empty text to who did it."""
    said = [""] * number

    def run(index):
        try:
            act(index)
        except Refused as refused:
            said[index] = str(refused)

    at_once(number, run)
    return sorted(said)


@pytest.mark.requirement("ASIS-03.7")
def test_two_coordinators_assign_two_providers(house):
    providers, assistance = a_network(house, 2), accepted(house)
    actors = [house.actor("luz"), house.actor("fabian")]

    def assign(index):
        assign_provider(
            org=house.org,
            assistance_id=assistance.pk,
            provider_id=providers[index].pk,
            eta_at=ETA,
            override="Está más cerca",
            version=assistance.version,
            by=actors[index],
            now=TUESDAY,
        )

    assert told(assign) == ["", "Ya tiene proveedor: mire quién va."]
    assert Assignment.objects.count() == Ask.objects.count() == 1


def test_two_assistances_ask_for_the_last_place_of_one_provider(house):
    provider = a_provider(house, capacity=1)
    wanted = [accepted(house), accepted(house)]

    def assign(index):
        assign_provider(
            org=house.org,
            assistance_id=wanted[index].pk,
            provider_id=provider.pk,
            eta_at=ETA,
            by=house.actor("luz"),
            now=TUESDAY,
        )

    assert told(assign) == ["", "Ya tiene todos los trabajos que puede atender a la vez."]
    assert Assignment.objects.count() == 1


def test_the_same_call_is_written_down_by_two(house):
    first, assistance, luz = a_network(house, 2)[0], accepted(house), house.actor("luz")

    def call(_index):
        record_call(
            org=house.org, assistance_id=assistance.pk, provider_id=first.pk, outcome="no_answer", by=luz, now=TUESDAY
        )

    assert told(call) == ["", "Llame otra vez en 60 segundos."]


def _offered(house, priority="emergency"):
    for place in range(3):
        a_provider(house, f"Grúas {place}", position=place + 1, **MEDELLIN)
    assistance = accepted(house, account="ruta_clara", priority=priority, plate="ZZZ900")
    send_offers(org=house.org, assistance_id=assistance.pk, by=house.actor("luz"), now=TUESDAY)
    return assistance, list(Offer.objects.order_by("position"))


@pytest.mark.requirement("ASIS-06.2")
@pytest.mark.parametrize("priority", ["emergency", "vital"])
def test_all_accept_at_once_and_one_goes(house, priority):
    """In an emergency, the best placed; where a life is at risk, whoever was first."""
    assistance, offers = _offered(house, priority)

    said = told(lambda index: accept_offer(org=house.org, code=offers[index].code, eta_at=ETA, now=TUESDAY), 3)

    work = Assignment.objects.get()
    assert said[0] == "" and all(one.startswith("Ya va otro proveedor") for one in said if one)
    if priority == "emergency":
        assert work.provider_id == offers[0].provider_id
    assert sorted(Offer.objects.values_list("state", flat=True)) == ["accepted", "taken", "taken"]
    assert Assistance.objects.get(pk=assistance.pk).stage == "assigned"


def test_ten_minutes_without_clock_and_then_four_clocks(house):
    _assistance, offers = _offered(house)
    accept_offer(org=house.org, code=offers[2].code, eta_at=ETA, now=TUESDAY)
    accept_offer(org=house.org, code=offers[1].code, eta_at=ETA, now=TUESDAY)
    later = TUESDAY + timedelta(minutes=10)

    at_once(4, lambda _index: close_offers(now=later))
    close_offers(now=later)

    assert Assignment.objects.get().provider_id == offers[1].provider_id
    assert list(Offer.objects.order_by("position").values_list("state", flat=True)) == ["expired", "accepted", "taken"]
    assert Ask.objects.filter(outcome="no_answer").count() == 1


def test_who_adds_at_once_adds_both(house):
    provider, assistance = a_provider(house), accepted(house)

    at_once(6, lambda _index: _ask(assistance, provider))

    assert Standing.objects.get().asked == 6


def _ask(assistance, provider):
    with transaction.atomic():
        remember_asked(assistance, provider, Asked.REFUSED, now=TUESDAY)
