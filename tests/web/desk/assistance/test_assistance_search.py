"""Looking for who goes, on the page of the assistance: in which order, why, who is next, and what came of each call."""

from datetime import timedelta

import pytest

from escucha.contexts.assistance.models import Ask, Offer
from escucha.contexts.assistance.operations.allowing import record_consent
from escucha.contexts.assistance.rules.stages import Stage
from tests.assisting import CALLER, PERSON, accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import NAMES, a_network, a_provider
from tests.contexts.assistance.service.steps import assigned, owed, work
from tests.web.desk.assistance.at_assistance import AtPage, headings, nouns

MINUTE = timedelta(minutes=1)


def panel(page):
    return page.select_one("section[aria-labelledby=proveedores]")


def names(page):
    return [one.get_text(strip=True) for one in page.select(".rank-name")]


@pytest.mark.requirement("ASIS-06.1", "ASIS-06.2")
def test_candidates_come_in_the_order_of_the_account_with_their_reasons(quetzal):
    a_network(quetzal)
    page = AtPage(quetzal, accepted(quetzal)).see(now=TUESDAY)
    assert [name[: len(known)] for name, known in zip(names(page), NAMES, strict=False)] == list(NAMES[:3])
    text = panel(page).get_text(" ", strip=True)
    assert "orden de su red" in text and f"Ahora se llama a {NAMES[0]}" in text
    assert "acepta" in text and "conforme" in text


@pytest.mark.requirement("ASIS-06.2")
def test_another_account_ranks_by_points(quetzal):
    for place, name in enumerate(NAMES[:2]):
        a_provider(quetzal, name, service="grua", area="co/antioquia/medellin", position=place + 1)
    found = accepted(quetzal, account="ruta_clara", plate="AAA000")
    page = AtPage(quetzal, found).see(now=TUESDAY)
    assert "quien más puntos tiene" in panel(page).get_text()
    scores = [int(one.find(string=True, recursive=False)) for one in page.select(".rank-score")]
    assert scores == sorted(scores, reverse=True) and all(0 < score <= 100 for score in scores)


@pytest.mark.requirement("ASIS-06.3", "ASIS-06.4")
def test_two_calls_without_an_answer_open_the_next(quetzal):
    first, second, _third = a_network(quetzal)
    at = AtPage(quetzal, accepted(quetzal))
    said = {"provider_id": first.pk, "outcome": "no_answer"}
    at.do("llamadas", now=TUESDAY, **said)
    assert "Llame otra vez en" in at.refused("llamadas", now=TUESDAY, **said)
    assert "Se llama otra vez desde las 10:01:00" in at.see(now=TUESDAY).get_text()
    at.do("llamadas", now=TUESDAY + MINUTE, **said)
    text = panel(at.see(now=TUESDAY + MINUTE)).get_text(" ", strip=True)
    assert f"Ahora se llama a {second.name}" in text
    assert "10:00, por teléfono: no contesta" in text and "10:01, por teléfono: no contesta" in text
    assert Ask.objects.filter(assistance=at.assistance, outcome="no_answer").count() == 2


@pytest.mark.requirement("ASIS-06.5")
def test_who_is_not_free_opens_the_next_and_another_needs_a_reason(quetzal):
    first, second, third = a_network(quetzal)
    at = AtPage(quetzal, accepted(quetzal))
    at.do("llamadas", now=TUESDAY, provider_id=first.pk, outcome="unavailable")
    assert "Diga por qué va este" in at.refused("asignacion", now=TUESDAY, provider_id=third.pk, eta_at="10:30")
    at.do("asignacion", now=TUESDAY, provider_id=third.pk, eta_at="10:30", override="Está a una cuadra")
    assert (work(at.assistance).provider, work(at.assistance).override) == (third, "Está a una cuadra")
    assert second.name not in at.see(now=TUESDAY, tab="datos").get_text()


@pytest.mark.requirement("ASIS-06.6", "ASIS-06.7")
def test_with_nobody_left_supervision_decides(quetzal):
    [only] = a_network(quetzal, 1)
    found = accepted(quetzal)
    at = AtPage(quetzal, found)
    at.do("llamadas", now=TUESDAY, provider_id=only.pk, outcome="refused")
    page = at.see(now=TUESDAY)
    assert "No queda a quién llamar" in panel(page).get_text()
    assert "supervisor_decision" in owed(found)
    assert "Un reembolso lo autoriza supervisión" in at.refused("reembolso", now=TUESDAY, number="AUT-7")
    boss = AtPage(quetzal, found, "rocio")
    page = boss.see(now=TUESDAY)
    assert "Decidir: no hay quien vaya" in headings(page)
    if "reembolso" in nouns(page):
        assert boss.do("reembolso", now=TUESDAY, number="AUT-7").stage == Stage.REFUNDING


def test_from_the_beginning_there_was_nobody(quetzal):
    at = AtPage(quetzal, accepted(quetzal))
    page = at.see(now=TUESDAY)
    assert "Nadie de la red puede ir" in page.get_text()
    at.do("agotamiento", now=TUESDAY)
    assert "supervisor_decision" in owed(at.assistance)


@pytest.mark.requirement("ASIS-05.2")
def test_nothing_of_the_affiliate_is_among_what_a_provider_is_told(quetzal):
    a_network(quetzal)
    found = accepted(quetzal)
    record_consent(org=quetzal.org, assistance_id=found.pk, given=False, by=quetzal.actor("luz"), now=TUESDAY)
    for page in (AtPage(quetzal, found).see(now=TUESDAY),):
        text = panel(page).get_text(" ", strip=True)
        assert "Plomería" in text and "Usaquén" in text
        assert "El afiliado no autoriza" in text
        for secret in (PERSON["first_name"], PERSON["phone"], CALLER["contact_first_name"], "Calle 900", "Portón"):
            assert secret not in text


@pytest.mark.requirement("ASIS-06.3")
def test_the_first_ones_are_offered_the_work_by_link(quetzal):
    for place, name in enumerate(NAMES[:3]):
        a_provider(quetzal, name, service="grua", area="co/antioquia/medellin", position=place + 1)
    at = AtPage(quetzal, accepted(quetzal, account="ruta_clara", plate="AAA000"))
    assert "ofertas" in nouns(at.see(now=TUESDAY))
    at.do("ofertas", now=TUESDAY)
    assert Offer.objects.filter(assistance=at.assistance, state="open").count() == 3
    text = panel(at.see(now=TUESDAY)).get_text(" ", strip=True)
    assert "Hay ofertas abiertas" in text and "ofrecida por enlace, hasta las 10:01" in text


@pytest.mark.requirement("ASIS-06.2")
def test_an_account_that_does_not_want_offers_is_not_shown_them(quetzal):
    a_provider(quetzal)
    at = AtPage(quetzal, accepted(quetzal))
    assert "ofertas" not in nouns(at.see(now=TUESDAY))
    assert "no pide ofertas por enlace" in at.refused("ofertas", now=TUESDAY)
    assert not Offer.objects.exists()


@pytest.mark.requirement("ASIS-09.2")
def test_a_provider_that_fails_is_taken_off_and_another_looked_for(quetzal):
    found = assigned(quetzal)
    a_network(quetzal, 2)
    at = AtPage(quetzal, found)
    assert "Diga por qué se cancela" in at.refused("cancelacion-del-proveedor", now=TUESDAY)
    failed = work(found).provider
    at.do("cancelacion-del-proveedor", now=TUESDAY, cause="no_show", comment="No salió")
    page = at.see(now=TUESDAY)
    assert found.stage == Stage.TO_ASSIGN
    assert failed.name not in " ".join(names(page))
    assert "búsqueda 2" in panel(page).get_text()
    assert at.do("fin-sin-proveedor", now=TUESDAY, cause="rejected").stage == Stage.PROVIDER_CANCELLED


@pytest.mark.requirement("ASIS-09.1", "ASIS-09.3")
def test_another_hour_is_agreed(quetzal):
    found = assigned(quetzal, priority="programmed")
    at = AtPage(quetzal, found)
    said = {"direction": "outbound", "on_time": "no", "new_hour": "19:00"}
    at.do("monitoreos/proveedor", now=TUESDAY + 5 * MINUTE, **said)
    assert "Contarle al afiliado que va a tiempo" in headings(at.see(now=TUESDAY + 6 * MINUTE))
    at.do("monitoreos/afiliado", now=TUESDAY + 6 * MINUTE, direction="outbound", comment="Acepta")
    said = {"opens": "19:00", "closes": "21:00", "accepted_by": ["affiliate", "provider"]}
    assert "debe aceptar" in at.refused("reprogramacion", now=TUESDAY + 7 * MINUTE, **said | {"accepted_by": []})
    at.do("reprogramacion", now=TUESDAY + 7 * MINUTE, **said)
    assert found.window == (TUESDAY + 9 * 60 * MINUTE, TUESDAY + 11 * 60 * MINUTE)
    assert found.agenda_version == 2
