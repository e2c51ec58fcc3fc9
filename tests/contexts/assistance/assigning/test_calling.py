"""Calling one after another, each call written down."""

from datetime import timedelta

import pytest

from escucha.contexts.assistance.events import ProviderAsked
from escucha.contexts.assistance.models import Ask, LogLine
from escucha.contexts.assistance.operations.assigning import exhaust_search, record_call
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.queries.doors import NoSuchAssistance
from escucha.contexts.assistance.queries.network import candidates
from escucha.contexts.assistance.rules.duties import Duty
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.timeline.models import Entry
from escucha.kernel.words import Refused
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, a_provider, assign, call, roster

MINUTE = timedelta(minutes=1)


def in_turn(house, assistance, now=TUESDAY):
    return [one.provider for one in roster(house, assistance, now=now).lines if one.is_in_turn]


@pytest.mark.requirement("ASIS-06.3")
def test_each_call_leaves_its_row_its_line_and_its_fact(quetzal):
    first, _second, _third = a_network(quetzal)
    assistance = accepted(quetzal)

    call(quetzal, assistance, first, "no_answer")

    ask = Ask.objects.get()
    assert (ask.provider_id, ask.position, ask.way, ask.outcome, ask.search) == (first.pk, 1, "call", "no_answer", 1)
    assert ask.member_id == quetzal.members["luz"].pk
    line = LogLine.objects.get(subtype="called_provider")
    assert line.said == {"provider": first.pk, "position": 1, "outcome": "no_answer", "try": 1}
    assert line.step == "2" and line.automatic
    fact = Entry.objects.get(verb=ProviderAsked.verb)
    assert fact.subject == assistance.subject and fact.data["outcome"] == "no_answer"


@pytest.mark.requirement("ASIS-06.4")
def test_the_next_position_opens_after_the_second_call_without_answer(quetzal):
    first, second, _third = a_network(quetzal)
    assistance = accepted(quetzal)
    assert in_turn(quetzal, assistance) == [first.pk]

    call(quetzal, assistance, first, "no_answer")
    assert in_turn(quetzal, assistance) == [first.pk]
    with pytest.raises(Refused, match="Primero llame a quien sigue"):
        call(quetzal, assistance, second, "no_answer", now=TUESDAY + MINUTE)

    call(quetzal, assistance, first, "no_answer", now=TUESDAY + MINUTE)
    assert in_turn(quetzal, assistance) == [second.pk]
    with pytest.raises(Refused, match="ya se le preguntó"):
        call(quetzal, assistance, first, "no_answer", now=TUESDAY + 2 * MINUTE)
    call(quetzal, assistance, second, "no_answer", now=TUESDAY + 2 * MINUTE)


@pytest.mark.requirement("ASIS-06.4")
@pytest.mark.parametrize(("priority", "apart"), [("emergency", 60), ("vital", 20), ("programmed", 60)])
def test_the_second_call_waits_a_little(quetzal, priority, apart):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal, priority=priority)
    call(quetzal, assistance, first, "no_answer")

    early = TUESDAY + timedelta(seconds=apart - 1)
    with pytest.raises(Refused, match="Llame otra vez en 1 segundos"):
        call(quetzal, assistance, first, "no_answer", now=early)
    call(quetzal, assistance, first, "no_answer", now=TUESDAY + timedelta(seconds=apart))


@pytest.mark.requirement("ASIS-06.5")
@pytest.mark.parametrize("outcome", ["unavailable", "refused"])
def test_who_says_no_opens_the_next_one_at_once(quetzal, outcome):
    first, second, _third = a_network(quetzal)
    assistance = accepted(quetzal)
    call(quetzal, assistance, first, outcome)
    assert in_turn(quetzal, assistance) == [second.pk]


@pytest.mark.requirement("ASIS-06.3")
def test_who_is_skipped_is_so_with_a_reason(quetzal):
    first, second, _third = a_network(quetzal)
    assistance = accepted(quetzal)
    with pytest.raises(Refused, match="Diga por qué se pasa"):
        call(quetzal, assistance, first, "skipped")
    call(quetzal, assistance, first, "skipped", reason="Está en otra obra hasta las seis")
    assert in_turn(quetzal, assistance) == [second.pk]
    assert Ask.objects.get().reason == "Está en otra obra hasta las seis"
    assert LogLine.objects.get(subtype="called_provider").comment == "Está en otra obra hasta las seis"


def test_who_accepts_is_assigned_and_not_written_down_as_a_call(quetzal):
    first = a_network(quetzal)[0]
    with pytest.raises(Refused, match="Si el proveedor acepta, asígnelo"):
        call(quetzal, accepted(quetzal), first, "accepted")


def test_who_does_not_give_the_service_there_is_not_called(quetzal):
    elsewhere = a_provider(quetzal, area="co/antioquia/medellin")
    with pytest.raises(Refused, match="no está entre quienes pueden ir"):
        call(quetzal, accepted(quetzal), elsewhere, "no_answer")


def test_nobody_is_called_once_somebody_goes(quetzal):
    first, second, _third = a_network(quetzal)
    assistance = assign(quetzal, accepted(quetzal), first)
    with pytest.raises(Refused, match="Ya tiene proveedor"):
        call(quetzal, assistance, second, "no_answer")


@pytest.mark.requirement("ASIS-06.6")
def test_with_nobody_left_the_supervisor_decides(quetzal):
    first, second = a_network(quetzal, 2)
    assistance = accepted(quetzal)
    call(quetzal, assistance, first, "refused")
    assert owed_of_kind(org=quetzal.org, subject=assistance.subject, kind=Duty.DECIDE) is None

    call(quetzal, assistance, second, "unavailable", now=TUESDAY + MINUTE)

    owed = owed_of_kind(org=quetzal.org, subject=assistance.subject, kind=Duty.DECIDE)
    assert (owed.owner_role, owed.owner_unit.key, owed.owner_member) == ("supervisor", "operaciones", None)
    assert owed.due_at == TUESDAY + MINUTE
    line = LogLine.objects.get(subtype="exhausted")
    assert line.actor == "system" and line.said == {"asked": 2, "search": 1}
    assert owed_of_kind(org=quetzal.org, subject=assistance.subject, kind=Duty.ASSIGN) is not None


@pytest.mark.requirement("ASIS-06.6")
def test_where_nobody_can_go_from_the_beginning_it_is_told_once(quetzal):
    assistance, luz = accepted(quetzal), quetzal.actor("luz")
    for _turn in range(2):
        exhaust_search(org=quetzal.org, assistance_id=assistance.pk, by=luz, now=TUESDAY)
    assert LogLine.objects.filter(subtype="exhausted").count() == 1

    a_provider(quetzal)
    with pytest.raises(Refused, match="Todavía hay a quién llamar"):
        exhaust_search(org=quetzal.org, assistance_id=assistance.pk, by=luz, now=TUESDAY)


def test_who_acts_on_an_old_page_is_told(quetzal):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal)
    call(quetzal, assistance, first, "no_answer", version=assistance.version)
    with pytest.raises(Overtaken):
        call(quetzal, assistance, first, "refused", version=assistance.version)


@pytest.mark.requirement("ASIS-17.1")
def test_only_who_coordinates_calls_and_only_of_its_organisation(quetzal, cafetal):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal)
    with pytest.raises(Refused, match="Su rol no coordina"):
        call(quetzal, assistance, first, "no_answer", who="irma")
    with pytest.raises(NoSuchAssistance):
        call(quetzal, assistance, first, "no_answer", who="wilson")
    with pytest.raises(NoSuchAssistance):
        record_call(
            org=cafetal.org,
            assistance_id=assistance.pk,
            provider_id=first.pk,
            outcome="no_answer",
            by=quetzal.actor("luz"),
            now=TUESDAY,
        )


def test_the_network_of_another_organisation_is_not_seen(quetzal, vidamar):
    with pytest.raises(NoSuchAssistance):
        candidates(org=vidamar.org, viewer=quetzal.actor("luz"), assistance=accepted(quetzal), now=TUESDAY)
