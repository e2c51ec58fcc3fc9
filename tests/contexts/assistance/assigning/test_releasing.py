"""The provider that fails, and what follows."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from escucha.contexts.assistance.events import AssistanceEnded, ProviderTakenOff
from escucha.contexts.assistance.models import Assignment, LogLine, Standing
from escucha.contexts.assistance.operations.owing import owed_kinds
from escucha.contexts.assistance.operations.releasing import end_without_provider, take_provider_off
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.messaging.models import Message
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.timeline.models import Entry
from escucha.kernel.words import Refused
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, assign, call, roster

LATER = TUESDAY + timedelta(hours=7)


def take_off(house, assistance, cause="late", *, now=LATER, who="luz"):
    take_provider_off(org=house.org, assistance_id=assistance.pk, cause=cause, by=house.actor(who), now=now)
    assistance.refresh_from_db()


@pytest.mark.requirement("ASIS-09.2")
def test_another_is_looked_for_with_its_time_from_now(quetzal):
    first, second, _third = a_network(quetzal)
    assistance = assign(quetzal, accepted(quetzal, priority="programmed"), first)

    take_off(quetzal, assistance)

    assert (assistance.stage, assistance.assigned_at, assistance.ended_at) == (Stage.TO_ASSIGN, None, None)
    assert assistance.registered_at == TUESDAY
    assert owed_kinds(assistance) == {Duty.ASSIGN}
    owed = owed_of_kind(org=quetzal.org, subject=assistance.subject, kind=Duty.ASSIGN)
    assert (owed.counted_from, owed.due_at, owed.attempt) == (LATER, LATER + timedelta(minutes=20), 2)
    gone = Commitment.objects.filter(subject=assistance.subject, outcome="annulled")
    assert {(one.kind, one.cause) for one in gone} == {
        (kind, "provider_off") for kind in (Duty.CONFIRM, Duty.FIRST_MOVE, Duty.ARRIVAL)
    }
    work = Assignment.objects.get()
    assert (work.state, work.cause, work.ended_at) == ("cancelled", "late", LATER)
    assert Entry.objects.get(verb=ProviderTakenOff.verb).data["cause"] == "late"
    assert LogLine.objects.get(subtype="provider_off").said == {"provider": first.pk, "cause": "late"}
    assert Message.objects.filter(template="work_called_off.sms").count() == 1
    search = roster(quetzal, assistance, now=LATER).search
    assert (search.number, search.tries, search.order[0]) == (2, [], second.pk)


@pytest.mark.requirement("ASIS-16.1")
def test_a_provider_that_was_cancelled_is_so_and_another_may_go(quetzal):
    first, second, _third = a_network(quetzal)
    assistance = assign(quetzal, accepted(quetzal), first)
    take_off(quetzal, assistance, "no_show")
    with pytest.raises(Refused, match="ya se canceló en esta asistencia"):
        assign(quetzal, assistance, first, now=LATER, override="Ahora sí puede")
    assign(quetzal, assistance, second, now=LATER)
    assert list(Assignment.objects.order_by("id").values_list("state", flat=True)) == ["cancelled", "assigned"]


@pytest.mark.parametrize(("cause", "jobs"), [("no_show", 1), ("withdrew", 1), ("rejected", 0), ("mistake", 0)])
def test_only_its_own_doing_counts_against_it(quetzal, cause, jobs):
    first = a_network(quetzal)[0]
    assistance = assign(quetzal, accepted(quetzal), first)
    take_off(quetzal, assistance, cause, now=TUESDAY)
    totals = Standing.objects.filter(provider=first).aggregate(jobs=Sum("jobs"), on_time=Sum("on_time"))
    assert totals == {"jobs": jobs, "on_time": 0}


@pytest.mark.requirement("ASIS-06.6")
def test_where_there_was_only_that_one_the_supervisor_decides(quetzal):
    first = a_network(quetzal, 1)[0]
    assistance = assign(quetzal, accepted(quetzal), first)
    take_off(quetzal, assistance)
    assert owed_kinds(assistance) == {Duty.ASSIGN, Duty.DECIDE}


def test_nobody_is_taken_off_without_cause_nor_where_nobody_goes(quetzal):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal)
    with pytest.raises(Refused, match="No hay un proveedor que se pueda cancelar"):
        take_off(quetzal, assistance)
    assign(quetzal, assistance, first)
    with pytest.raises(Refused, match="Diga por qué se cancela"):
        take_off(quetzal, assistance, "otra cosa")
    with pytest.raises(Refused, match="Su rol no coordina"):
        take_off(quetzal, assistance, who="irma")


@pytest.mark.requirement("ASIS-16.1")
@pytest.mark.parametrize("taken_off", [True, False])
def test_the_affiliate_wants_no_other(quetzal, taken_off):
    first = a_network(quetzal)[0]
    assistance = assign(quetzal, accepted(quetzal), first)
    if taken_off:
        take_off(quetzal, assistance)

    ended = end_without_provider(
        org=quetzal.org, assistance_id=assistance.pk, cause="late", by=quetzal.actor("luz"), now=LATER
    )

    assert (ended.stage, ended.ended_at, ended.cancel_reason) == (Stage.PROVIDER_CANCELLED, LATER, "late")
    assert owed_kinds(ended) == frozenset()
    assert owed_kinds(ended.file) == {Duty.CLOSE_FILE}
    assert Assignment.objects.get().state == "cancelled"
    assert Entry.objects.get(verb=AssistanceEnded.verb).data["stage"] == "provider_cancelled"


def test_without_a_provider_that_failed_it_is_not_ended_so(quetzal):
    first = a_network(quetzal)[0]
    assistance = accepted(quetzal)
    call(quetzal, assistance, first, "refused")
    with pytest.raises(Refused, match="Ningún proveedor ha fallado"):
        end_without_provider(org=quetzal.org, assistance_id=assistance.pk, by=quetzal.actor("luz"), now=LATER)
