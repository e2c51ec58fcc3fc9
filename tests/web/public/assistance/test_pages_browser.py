"""The pages behind the links of an assistance in a real browser: in each state that looks different, for everybody."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from escucha.contexts.assistance.models import Offer
from escucha.contexts.assistance.operations.disclosing import disclose
from escucha.contexts.assistance.operations.offering import send_offers
from escucha.contexts.surveys.operations import invite
from tests.assisting import accepted
from tests.browser import address, faults_at_both_widths
from tests.contexts.assistance.assigning.network import a_provider
from tests.contexts.assistance.service.steps import assigned, brought_to, do, work
from tests.make import a_house

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(transactional_db):
    return a_house("quetzal")


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.long)])
def look(request, live_server, page):
    """What is wrong with a page, at both widths."""
    page.emulate_media(reduced_motion="reduce", color_scheme=request.param)

    def looked(path):
        answer = page.goto(address(live_server, "quetzal", path))
        assert answer.ok, path
        return faults_at_both_widths(page)

    return looked


def in_each_state(house):
    """An assistance in each state in which who goes or who waits sees another page."""
    now = timezone.now() - timedelta(hours=1)
    dear = brought_to(house, "contact", assistance=assigned(house, now=now))
    do(house, dear, "diagnose", now=now + 9 * MINUTE, cost=Decimal(250_000))
    on_the_way = assigned(house, now=now)
    do(house, on_the_way, "depart", now=now + MINUTE)
    shown = {
        "assigned": assigned(house, now=now),
        "on the way": on_the_way,
        "arrived": brought_to(house, "arrive", assistance=assigned(house, now=now)),
        "met": brought_to(house, "contact", assistance=assigned(house, now=now)),
        "excess": dear,
        "authorised": brought_to(house, "authorise", assistance=assigned(house, now=now)),
        "finished": brought_to(house, "finish", assistance=assigned(house, now=now)),
        "cancelled": do(house, assigned(house, now=now), "cancel", now=now + MINUTE),
    }
    for name in ("on the way", "met"):
        disclose(org=house.org, code=work(shown[name]).page_code, now=timezone.now())
    return shown


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
def test_the_pages_of_who_goes_and_who_waits_are_for_everybody(house, look):
    found = in_each_state(house)
    shown = {f"work, {state}": look(f"/trabajo/{work(one).page_code}/") for state, one in found.items()}
    found["searching"] = accepted(house, now=timezone.now())
    confirmed = do(house, assigned(house, now=timezone.now()), "confirm", now=timezone.now())
    shown |= {f"service, {state}": look(f"/servicio/{one.page_code}/") for state, one in found.items()}
    shown["service, confirmed"] = look(f"/servicio/{confirmed.page_code}/")
    assert {where: faults for where, faults in shown.items() if faults} == {}


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
def test_offers_and_surveys_are_for_everybody(house, look, page):
    now = timezone.now()
    for place in (1, 2):
        a_provider(house, f"Grúas {place}", position=place, service="grua", area="co/antioquia/medellin")
    found = accepted(house, account="ruta_clara", plate="ZZZ900", now=now)
    send_offers(org=house.org, assistance_id=found.pk, by=house.actor("luz"), now=now)
    first, last = Offer.objects.order_by("position")
    shown = {"open offer": look(f"/oferta/{last.code}/")}
    page.get_by_role("button", name="Sí, voy").click()
    shown["without minutes"] = faults_at_both_widths(page)
    look(f"/oferta/{first.code}/")
    page.get_by_label("¿En cuántos minutos llega?").fill("20")
    page.get_by_role("button", name="Sí, voy").click()
    page.wait_for_url("**/trabajo/**")
    shown["won"] = faults_at_both_widths(page)
    shown["closed offer"] = look(f"/oferta/{last.code}/")
    asked = invite(
        org=house.org, survey="asistencia", subject=found.subject, sample="everyone", phone="300 000 0022", now=now
    )
    path = f"/encuesta/{asked.code}/"
    shown["survey"] = look(path)
    page.get_by_role("button", name="Enviar").click()
    shown["thanks"] = faults_at_both_widths(page)
    shown["answered"] = look(path)
    assert {where: faults for where, faults in shown.items() if faults} == {}
