"""Work offered by link: several at once, the first of the order wins, and the clock closes it."""

from datetime import timedelta

import pytest

from escucha.contexts.assistance.events import DataDisclosed
from escucha.contexts.assistance.models import Ask, Assignment, Assistance, LogLine, Offer, Standing
from escucha.contexts.assistance.operations.allowing import record_consent
from escucha.contexts.assistance.operations.disclosing import disclose
from escucha.contexts.assistance.operations.offering import accept_offer, close_offers, refuse_offer, send_offers
from escucha.contexts.assistance.operations.owing import owed_kinds
from escucha.contexts.assistance.queries.offers import NoSuchOffer, offer_shown
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.messaging.models import Message
from escucha.kernel.timeline.models import Entry
from escucha.kernel.words import Refused
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, a_provider, assign, call, roster

MEDELLIN = {"service": "grua", "area": "co/antioquia/medellin"}
SECOND = timedelta(seconds=1)
ETA = TUESDAY + timedelta(minutes=40)
OVER = TUESDAY + 90 * SECOND
PRIVATE = ("Rebeca", "Pedraza", "Avenida 900", "000 0021", "000 0022", "1.990.000.021")


def offered(house, number=4, priority="emergency", consent=True):
    """Offered to the first three, all of them equals but for their position."""
    for place in range(number):
        a_provider(house, f"Grúas {place}", position=place + 1, lat=6.25, lon=-75.57 - place / 20, **MEDELLIN)
    said = {"consent": consent} if consent else {"consent": consent, "terms": {"consent_reason": "No contesta"}}
    assistance = accepted(house, account="ruta_clara", priority=priority, plate="ZZZ900", **said)
    send_offers(org=house.org, assistance_id=assistance.pk, by=house.actor("luz"), now=TUESDAY)
    return assistance, list(Offer.objects.order_by("position"))


def accept(house, offer, *, seconds=10, eta_at=ETA):
    return accept_offer(org=house.org, code=offer.code, eta_at=eta_at, now=TUESDAY + seconds * SECOND)


def refuse(house, offer, *, seconds=10):
    return refuse_offer(org=house.org, code=offer.code, now=TUESDAY + seconds * SECOND)


def states():
    return list(Offer.objects.order_by("position").values_list("state", flat=True))


def stage_of(assistance):
    return Assistance.objects.values_list("stage", flat=True).get(pk=assistance.pk)


@pytest.mark.requirement("ASIS-06.2")
@pytest.mark.requirement("ASIS-05.2")
def test_it_is_offered_to_the_first_three_without_saying_who_asks(quetzal):
    assistance, offers = offered(quetzal)
    order = roster(quetzal, assistance).order
    assert [one.provider_id for one in offers] == list(order[:3]) and len(order) == 4
    assert {one.expires_at for one in offers} == {OVER}
    messages = list(Message.objects.order_by("id"))
    assert [one.template for one in messages] == ["work_offer.sms"] * 3
    for message, offer in zip(messages, offers, strict=True):
        assert offer.code in message.body and message.at_any_hour
        assert "Grua, Medellin" in message.body  # a text leaves without accents
        assert not [word for word in PRIVATE if word in message.body]
    shown = offer_shown(org=quetzal.org, code=offers[0].code, now=TUESDAY)
    assert shown.is_open and shown.asks_hour and (shown.work.service, shown.work.window) == ("Grúa", "ahora")
    assert not [word for word in PRIVATE if word in repr(shown)]


@pytest.mark.requirement("ASIS-06.2")
@pytest.mark.parametrize("account", ["techo_amigo", "hogar_del_sur"])
def test_nothing_is_offered_where_the_account_does_not_want_it(quetzal, account):
    area = "ar/rio_negro/valle" if account == "hogar_del_sur" else "co/bogota/norte"
    a_provider(quetzal, area=area)
    assistance = accepted(quetzal, account=account)
    with pytest.raises(Refused, match="Esta cuenta no pide ofertas por enlace. Llame a quien sigue."):
        send_offers(org=quetzal.org, assistance_id=assistance.pk, by=quetzal.actor("luz"), now=TUESDAY)
    assert not Offer.objects.exists() and not Message.objects.exists()


def test_it_is_offered_once_at_a_time(quetzal):
    assistance, _offers = offered(quetzal)
    said = {"org": quetzal.org, "assistance_id": assistance.pk, "by": quetzal.actor("luz")}
    with pytest.raises(Refused, match="Ya hay ofertas abiertas"):
        send_offers(now=TUESDAY + SECOND, **said)
    with pytest.raises(Refused, match="Hay ofertas por enlace abiertas"):
        call(quetzal, assistance, Offer.objects.order_by("position")[0].provider, "no_answer")
    close_offers(now=OVER)
    assert [one.position for one in send_offers(now=OVER, **said)] == [4]
    close_offers(now=OVER + 90 * SECOND)
    with pytest.raises(Refused, match="No queda a quién ofrecerle"):
        send_offers(now=OVER + 91 * SECOND, **said)


@pytest.mark.requirement("ASIS-06.2")
def test_the_best_placed_goes_at_once(quetzal):
    assistance, offers = offered(quetzal)
    assert accept(quetzal, offers[0]).state == "accepted"
    work = Assignment.objects.get()
    assert (work.provider_id, work.how, work.eta_at) == (offers[0].provider_id, "link", ETA)
    assert states() == ["accepted", "taken", "taken"]
    assert stage_of(assistance) == "assigned"
    assert owed_kinds(assistance) == {Duty.CONFIRM, Duty.ARRIVAL}
    assert offer_shown(org=quetzal.org, code=offers[0].code, now=TUESDAY).page_code == work.page_code
    with pytest.raises(Refused, match="Ya va otro proveedor"):
        accept(quetzal, offers[1], seconds=11)


@pytest.mark.requirement("ASIS-06.2")
def test_an_acceptance_waits_for_the_better_placed_until_the_window_closes(quetzal):
    assistance, offers = offered(quetzal)
    accept(quetzal, offers[2])
    accept(quetzal, offers[1], seconds=20)
    assert stage_of(assistance) == "to_assign"

    assert close_offers(now=OVER - SECOND) == 0
    assert close_offers(now=OVER) == 1
    assert Assignment.objects.get().provider_id == offers[1].provider_id
    assert states() == ["expired", "accepted", "taken"]
    assert close_offers(now=OVER) == 0
    assert Assignment.objects.count() == 1


def test_an_acceptance_waits_no_longer_once_the_better_placed_said_no(quetzal):
    assistance, offers = offered(quetzal)
    accept(quetzal, offers[2])
    refuse(quetzal, offers[0])
    assert stage_of(assistance) == "to_assign"
    refuse(quetzal, offers[1], seconds=30)
    assert Assignment.objects.get().provider_id == offers[2].provider_id


@pytest.mark.requirement("ASIS-07.3")
def test_where_a_life_is_at_risk_the_first_to_accept_goes(quetzal):
    assistance, offers = offered(quetzal, priority="vital")
    call(quetzal, assistance, offers[0].provider, "no_answer")  # and meanwhile the first one is called
    accept(quetzal, offers[2])
    assert Assignment.objects.get().provider_id == offers[2].provider_id
    assert stage_of(assistance) == "assigned"


def test_who_comes_second_or_late_loses_nothing(quetzal):
    _assistance, offers = offered(quetzal)
    accept(quetzal, offers[1])
    accept(quetzal, offers[0], seconds=20)
    assert states() == ["accepted", "taken", "taken"]
    assert set(Standing.objects.values_list("provider_id", flat=True)) == {offers[0].provider_id}


def test_who_refuses_is_not_asked_again(quetzal):
    assistance, offers = offered(quetzal)
    for _twice in range(2):
        refuse(quetzal, offers[0])
    assert Ask.objects.filter(way="link", outcome="refused").count() == 1
    close_offers(now=OVER)
    line = roster(quetzal, assistance, now=OVER).lines[0]
    assert line.is_over and not line.is_in_turn


@pytest.mark.requirement("ASIS-06.4")
def test_after_the_window_calls_go_on_two_to_each(quetzal):
    """The clock, ten minutes down, runs twice: what it closed is closed once."""
    assistance, offers = offered(quetzal)
    later = TUESDAY + timedelta(minutes=10)
    assert [close_offers(now=later), close_offers(now=later)] == [1, 0]
    assert states() == ["expired"] * 3
    assert Ask.objects.filter(way="link", outcome="no_answer").count() == 3
    assert LogLine.objects.filter(subtype="called_provider", actor="system").count() == 3
    assert not Standing.objects.exists()  # silence to a link counts against nobody
    for moment in (later, later + 60 * SECOND):
        assert [one.provider for one in roster(quetzal, assistance).lines if one.is_in_turn] == [offers[0].provider_id]
        call(quetzal, assistance, offers[0].provider, "no_answer", now=moment)
    assert [one.provider for one in roster(quetzal, assistance).lines if one.is_in_turn] == [offers[1].provider_id]


def test_nothing_is_answered_after_its_time(quetzal):
    _assistance, offers = offered(quetzal)
    for answer in (accept, refuse):
        with pytest.raises(Refused, match="El tiempo para contestar se acabó"):
            answer(quetzal, offers[0], seconds=90)


def test_an_emergency_is_accepted_with_its_hour(quetzal):
    _assistance, offers = offered(quetzal)
    with pytest.raises(Refused, match="a qué hora llega"):
        accept(quetzal, offers[0], eta_at=None)


def test_who_accepted_and_has_no_room_any_more_does_not_go(quetzal):
    assistance, offers = offered(quetzal)
    full = offers[1].provider
    accept(quetzal, offers[1])
    for _work in range(full.capacity):
        other = accepted(quetzal, account="ruta_clara", plate="ZZZ901")
        assign(quetzal, other, full, override="Ya estaba hablado")
    close_offers(now=OVER)
    assert stage_of(assistance) == "to_assign"
    assert states() == ["expired"] * 3


def test_with_all_refused_and_nobody_left_the_supervisor_decides(quetzal):
    assistance, offers = offered(quetzal, number=2)
    refuse(quetzal, offers[0])
    refuse(quetzal, offers[1])
    assert Duty.DECIDE in owed_kinds(assistance)


def test_a_code_of_nobody_is_of_nobody(quetzal, cafetal):
    _assistance, offers = offered(quetzal)
    for org, code in ((quetzal.org, "x"), (cafetal.org, offers[0].code)):
        with pytest.raises(NoSuchOffer):
            offer_shown(org=org, code=code, now=TUESDAY)


@pytest.mark.requirement("ASIS-05.2")
def test_who_goes_sees_whom_it_goes_to_and_it_stays_written_once(quetzal):
    first = a_network(quetzal)[0]
    assistance = assign(quetzal, accepted(quetzal), first)
    code = Assignment.objects.get().page_code
    for later in (5, 6):
        seen = disclose(org=quetzal.org, code=code, now=TUESDAY + later * SECOND)
    assert (seen.name, seen.address) == ("Rebeca Pedraza", "Calle 900 n.º 1-01")
    assert Assignment.objects.get().disclosed_at == TUESDAY + 5 * SECOND
    fact = Entry.objects.get(verb=DataDisclosed.verb)
    assert (fact.subject, fact.actor_kind, fact.actor_id) == (assistance.subject, "provider", str(first.pk))


@pytest.mark.requirement("ASIS-05.2")
def test_nobody_sees_anything_without_consent(quetzal):
    first = a_network(quetzal)[0]
    assistance = assign(quetzal, accepted(quetzal), first)
    record_consent(
        org=quetzal.org,
        assistance_id=assistance.pk,
        given=False,
        reason="Prefiere que no",
        by=quetzal.actor("luz"),
        now=TUESDAY + SECOND,
    )
    code = Assignment.objects.get().page_code
    with pytest.raises(Refused, match="no ha dado permiso"):
        disclose(org=quetzal.org, code=code, now=TUESDAY + SECOND)
    assert Assignment.objects.get().disclosed_at is None
    assert not Entry.objects.filter(verb=DataDisclosed.verb).exists()


@pytest.mark.requirement("ASIS-05.2")
def test_where_a_life_is_at_risk_who_goes_sees_where(quetzal):
    _assistance, offers = offered(quetzal, priority="vital", consent=False)
    accept(quetzal, offers[0])
    assert disclose(org=quetzal.org, code=Assignment.objects.get().page_code, now=TUESDAY).address
