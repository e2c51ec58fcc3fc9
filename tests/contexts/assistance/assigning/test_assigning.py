"""Who goes: what it needs, what it closes and opens, and what is kept of how it was chosen."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from escucha.contexts.assistance.events import AssistanceMoved, ProviderAssigned
from escucha.contexts.assistance.models import Ask, Assignment, LogLine, Standing
from escucha.contexts.assistance.operations.assigning import authorise_refund
from escucha.contexts.assistance.operations.covering import give_courtesy
from escucha.contexts.assistance.operations.owing import owed_kinds
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.messaging.models import Message
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.timeline.models import Entry
from escucha.kernel.words import Refused
from tests.assisting import accepted, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, a_provider, assign, call, roster
from tests.contexts.assistance.service.steps import brought_to

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def due(house, assistance, kind):
    return owed_of_kind(org=house.org, subject=assistance.subject, kind=kind).due_at


@pytest.mark.requirement("ASIS-07.2")
@pytest.mark.requirement("ASIS-08.6")
@pytest.mark.requirement("ASIS-08.12")
def test_an_emergency_goes_with_the_hour_of_its_provider(quetzal):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal)
    at = TUESDAY + 3 * MINUTE

    assign(quetzal, assistance, first, eta_at=at + timedelta(minutes=25), now=at)

    assert (assistance.stage, assistance.assigned_at) == (Stage.ASSIGNED, at)
    assert owed_kinds(assistance) == {Duty.CONFIRM, Duty.ARRIVAL}
    assert due(quetzal, assistance, Duty.ARRIVAL) == at + timedelta(minutes=25)
    assert due(quetzal, assistance, Duty.CONFIRM) == at
    met = Commitment.objects.get(kind=Duty.ASSIGN, subject=assistance.subject)
    assert (met.due_at, met.settled_at, met.outcome) == (TUESDAY + 5 * MINUTE, at, "met")


@pytest.mark.requirement("ASIS-07.2")
@pytest.mark.parametrize("priority", ["emergency", "vital"])
def test_an_emergency_needs_the_hour_of_its_provider(quetzal, priority):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal, priority=priority)
    with pytest.raises(Refused, match="a qué hora llega"):
        assign(quetzal, assistance, first, eta_at=None)
    with pytest.raises(Refused, match="La hora de llegada ya pasó"):
        assign(quetzal, assistance, first, eta_at=TUESDAY - MINUTE)
    assert not Assignment.objects.exists()


@pytest.mark.requirement("ASIS-07.3")
def test_a_life_at_risk_is_due_at_once(quetzal):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal, priority="vital")
    assert due(quetzal, assistance, Duty.ASSIGN) == TUESDAY
    assign(quetzal, assistance, first, now=TUESDAY + timedelta(seconds=40))
    assert Commitment.objects.get(kind=Duty.ASSIGN).outcome == "met_late"


@pytest.mark.requirement("ASIS-07.1")
@pytest.mark.requirement("ASIS-08.1")
@pytest.mark.requirement("ASIS-08.2")
@pytest.mark.requirement("ASIS-08.5")
def test_asked_at_eight_for_sixteen_to_eighteen_the_provider_is_called_at_fifteen(quetzal):
    eight = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)  # 08:00 in Bogotá
    first = a_network(quetzal)[0]
    window = (eight + 8 * HOUR, eight + 10 * HOUR)
    assistance = accepted(quetzal, priority="programmed", window=window, now=eight)
    assert due(quetzal, assistance, Duty.ASSIGN) == eight + 20 * MINUTE

    assign(quetzal, assistance, first, now=eight + 12 * MINUTE)

    assert owed_kinds(assistance) == {Duty.CONFIRM, Duty.FIRST_MOVE, Duty.ARRIVAL}
    assert due(quetzal, assistance, Duty.FIRST_MOVE) == eight + 7 * HOUR
    assert due(quetzal, assistance, Duty.ARRIVAL) == eight + 9 * HOUR


@pytest.mark.requirement("ASIS-08.3")
@pytest.mark.parametrize(("after", "extra"), [(timedelta(hours=24), False), (timedelta(hours=24, seconds=1), True)])
def test_a_window_more_than_a_day_away_has_an_extra_check(quetzal, after, extra):
    first = a_network(quetzal)[0]
    opens = TUESDAY + after
    assistance = accepted(quetzal, priority="programmed", window=(opens, opens + 2 * HOUR))
    assign(quetzal, assistance, first)
    owed = owed_of_kind(org=quetzal.org, subject=assistance.subject, kind=Duty.EXTRA_CHECK)
    assert (owed is not None) == extra
    if owed:
        assert (owed.visible_at, owed.due_at) == (opens - 12 * HOUR, opens - 4 * HOUR)


@pytest.mark.requirement("ASIS-03.7")
def test_it_leaves_its_rows_its_line_and_its_facts(quetzal):
    first, second, _third = a_network(quetzal)
    assistance = accepted(quetzal)
    call(quetzal, assistance, first, "refused")

    assign(quetzal, assistance, second, now=TUESDAY + MINUTE)

    work = Assignment.objects.get()
    assert (work.provider_id, work.state, work.how, work.override) == (second.pk, "assigned", "call", "")
    assert len(work.page_code) > 20
    assert list(Ask.objects.order_by("id").values_list("outcome", flat=True)) == ["refused", "accepted"]
    line = LogLine.objects.get(subtype="assigned")
    assert line.said["provider"] == second.pk and line.automatic
    facts = {one.verb: one.data for one in Entry.objects.filter(subject=assistance.subject)}
    assert facts[ProviderAssigned.verb]["position"] == 2
    assert facts[AssistanceMoved.verb]["after"] == "assigned"
    told = Message.objects.get(template="work_assigned.sms")
    assert work.page_code in told.body
    for private in ("Pedraza", "Calle 900", "000 0021", "000 0022"):
        assert private not in told.body + told.title


@pytest.mark.requirement("ASIS-06.3")
def test_out_of_turn_it_says_why(quetzal):
    _first, second, _third = a_network(quetzal)
    assistance = accepted(quetzal)
    with pytest.raises(Refused, match="por qué va este"):
        assign(quetzal, assistance, second)
    assign(quetzal, assistance, second, override="Está a dos cuadras")
    assert Assignment.objects.get().override == "Está a dos cuadras"
    assert LogLine.objects.get(subtype="assigned").comment == "Está a dos cuadras"


def test_who_had_not_answered_may_still_accept(quetzal):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal)
    call(quetzal, assistance, first, "no_answer")
    assign(quetzal, assistance, first, now=TUESDAY + timedelta(seconds=5))
    assert Assignment.objects.get().override == ""


@pytest.mark.requirement("ASIS-06.2")
def test_both_orders_stay_with_the_assignment(quetzal):
    """The order that was shown, with its parts, and the other one beside it."""
    network = a_network(quetzal)
    assistance = accepted(quetzal)
    assign(quetzal, assistance, network[0])
    kept = Assignment.objects.get().ranking
    ids = [one.pk for one in network]
    assert (kept["rule"], kept["order"], kept["place"]) == ("first_position", ids, 1)
    assert sorted(kept["other"]) == sorted(ids)
    assert kept["chosen"]["provider"] == ids[0] and len(kept["chosen"]["parts"]) == 5
    assert kept["version"] and [one["provider"] for one in kept["shown"]] == ids


@pytest.mark.requirement("ASIS-06.2")
def test_by_score_the_other_order_is_that_of_the_network(quetzal):
    here = {"service": "plomeria", "area": "ar/rio_negro/valle"}
    far = a_provider(quetzal, "Lejos", position=1, lat=-41.9, lon=-65.0, **here)
    near = a_provider(quetzal, "Cerca", position=9, lat=-40.81, lon=-63.01, **here)
    assistance = accepted(quetzal, account="hogar_del_sur")
    assign(quetzal, assistance, near)
    kept = Assignment.objects.get().ranking
    assert (kept["rule"], kept["order"], kept["other"]) == ("score", [near.pk, far.pk], [far.pk, near.pk])


def test_a_provider_counts_what_it_was_asked_and_given(quetzal):
    first, second, _third = a_network(quetzal)
    assistance = accepted(quetzal)
    call(quetzal, assistance, first, "no_answer")
    assert not Standing.objects.exists()  # its turn is not over
    call(quetzal, assistance, first, "no_answer", now=TUESDAY + MINUTE)
    assign(quetzal, assistance, second, now=TUESDAY + MINUTE)

    totals = {
        one.pk: Standing.objects.filter(provider=one).aggregate(
            asked=Sum("asked"), answered=Sum("answered"), accepted=Sum("accepted"), recent=Sum("recent")
        )
        for one in (first, second)
    }
    assert totals[first.pk] == {"asked": 1, "answered": 0, "accepted": 0, "recent": 0}
    assert totals[second.pk] == {"asked": 1, "answered": 1, "accepted": 1, "recent": 1}
    assert Standing.objects.get(provider=second).last_assigned_at == TUESDAY + MINUTE


@pytest.mark.requirement("ASIS-06.7")
@pytest.mark.requirement("ASIS-17.2")
def test_a_refund_is_authorised_with_its_number_by_who_may(quetzal):
    assistance = accepted(quetzal)
    said = {"org": quetzal.org, "assistance_id": assistance.pk, "number": "AUT-1", "now": TUESDAY + MINUTE}
    with pytest.raises(Refused, match="Un reembolso lo autoriza"):
        authorise_refund(by=quetzal.actor("luz"), **said)
    with pytest.raises(Refused, match="número de la autorización"):
        authorise_refund(by=quetzal.actor("paula"), **said | {"number": " "})

    refunded = authorise_refund(by=quetzal.actor("paula"), **said)

    assert (refunded.stage, refunded.category, refunded.refund_number) == (Stage.REFUNDING, "refund", "AUT-1")
    assert owed_kinds(refunded) == {Duty.COSTS}
    assert LogLine.objects.get(subtype="authorised_by").said == {"about": "refund", "number": "AUT-1"}
    with pytest.raises(Refused, match="Solo se reembolsa mientras se busca"):
        authorise_refund(by=quetzal.actor("paula"), **said)


@pytest.mark.requirement("ASIS-06.6")
def test_a_decision_is_made_by_refunding_too(quetzal):
    first = a_network(quetzal, 1)[0]
    assistance = accepted(quetzal)
    call(quetzal, assistance, first, "refused")
    assert Duty.DECIDE in owed_kinds(assistance)
    said = {"org": quetzal.org, "assistance_id": assistance.pk, "number": "AUT-1", "now": TUESDAY + MINUTE}
    assert owed_kinds(authorise_refund(by=quetzal.actor("rocio"), **said)) == {Duty.COSTS}


def test_a_service_by_telephone_is_solved_by_somebody_of_the_company(quetzal):
    outside = a_provider(quetzal, "Afuera", service="orientacion_legal", area="co")
    desk = a_provider(quetzal, "Cabina legal", service="orientacion_legal", area="co", kind="desk", phone="")
    assistance = accepted(quetzal, service="orientacion_legal")
    assert roster(quetzal, assistance).order == [desk.pk]
    with pytest.raises(Refused, match="lo resuelve por teléfono"):
        assign(quetzal, assistance, outside, override="La conozco")

    assign(quetzal, assistance, desk, eta_at=None)

    assert owed_kinds(assistance) == {Duty.CONFIRM, Duty.FINISH}
    assert due(quetzal, assistance, Duty.FINISH) == TUESDAY + 30 * MINUTE
    assert Assignment.objects.get().how == "in_house"
    assert not Message.objects.exists()


@pytest.mark.requirement("ASIS-04.3")
def test_to_a_courtesy_goes_a_technician_of_the_company(quetzal):
    outside = a_provider(quetzal, "Afuera", service="vidrios")
    inside = a_provider(quetzal, "De la casa", service="vidrios", kind="in_house", position=7)
    assistance = an_assistance(quetzal, service="vidrios")
    give_courtesy(
        org=quetzal.org,
        assistance_id=assistance.pk,
        in_house=True,
        reason="Primera vez y es un vidrio pequeño",
        by=quetzal.actor("paula"),
        now=TUESDAY,
    )
    assistance = accepted(quetzal, assistance=assistance)
    assert roster(quetzal, assistance).order == [inside.pk]
    with pytest.raises(Refused, match="A una cortesía va un técnico"):
        assign(quetzal, assistance, outside, override="Es más barato")
    assign(quetzal, assistance, inside)


def test_the_tariff_of_the_network_is_money(quetzal):
    first = a_provider(quetzal, tariff=Decimal("85000.50"))
    assert roster(quetzal, accepted(quetzal)).lines[0].tariff == Decimal("85000.50")
    assert first.pk == roster(quetzal, accepted(quetzal)).lines[0].provider


def test_under_guarantee_goes_first_who_did_the_work(quetzal):
    _first, second, _third = a_network(quetzal)
    origin = assign(quetzal, accepted(quetzal), second, override="Está más cerca")
    origin = brought_to(quetzal, "finish", assistance=origin)
    later = TUESDAY + timedelta(days=20)
    again = an_assistance(quetzal, file=origin.file, guarantee_of=origin.pk, now=later)
    again = accepted(quetzal, assistance=again, now=later)

    line = roster(quetzal, again, now=later).lines[0]
    assert (line.provider, str(line.reasons[0])) == (second.pk, "hizo el trabajo que está en garantía")
    assign(quetzal, again, second, now=later)
    assert Assignment.objects.get(assistance=again).how == "guarantee"
