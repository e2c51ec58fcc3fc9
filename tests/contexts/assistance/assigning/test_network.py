"""Keeping the network: who is in it, what each gives, when it works, and who does not want it."""

from datetime import date
from decimal import Decimal

import pytest

from escucha.contexts.assistance.models import Paper, Provider, Reach, Suspension, Veto
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.operations.network import (
    add_provider,
    change_provider,
    end_veto,
    import_network,
    set_reach,
    set_shifts,
    veto_provider,
)
from escucha.contexts.assistance.operations.papers import add_paper, withdraw_paper
from escucha.contexts.assistance.operations.suspending import reactivate_provider, suspend_provider
from escucha.contexts.assistance.queries.providers import (
    Look,
    NoSuchProvider,
    NoSuchVeto,
    provider_by_id,
    providers,
    reaches_of,
    vetoes_of,
)
from escucha.kernel.timeline.models import Entry
from escucha.kernel.words import Refused
from tests.assisting import an_affiliate
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import NORTE, a_network, a_provider

ROW = {
    "clave": "P-1", "nombre": "Bombas Bernal", "telefono": "300 000 0031", "correo": "", "servicio": "plomeria",
    "zona": NORTE, "posicion": "2", "tarifa": "85000.50",
}  # fmt: skip


def said(house, who="paula"):
    return {"org": house.org, "by": house.actor(who), "now": TUESDAY}


def verbs(provider):
    found = Entry.objects.filter(subject=provider.subject).order_by("number")
    return [one.verb.removeprefix("assistance.") for one in found]


@pytest.mark.requirement("ASIS-06.1")
def test_a_provider_gives_a_service_in_an_area_in_its_position(quetzal):
    provider = a_provider(quetzal, position=3, tariff=Decimal("90000"))
    assert [(one.service, one.area, one.position, one.tariff) for one in reaches_of(provider)] == [
        ("plomeria", NORTE, 3, Decimal("90000"))
    ]
    for position in (5, 5):
        set_reach(provider_id=provider.pk, service="plomeria", area=NORTE, position=position, **said(quetzal))
    assert Reach.objects.get().position == 5
    assert verbs(provider) == ["provider_kept", "reach_kept", "reach_kept"]


def test_what_changes_is_told_by_its_name_and_never_by_its_value(quetzal):
    provider = a_provider(quetzal)
    change = {"provider_id": provider.pk, "phone": "300 000 0039", "capacity": 4}
    for _twice in range(2):
        change_provider(**change, **said(quetzal))
    fact = Entry.objects.filter(subject=provider.subject).latest("number")
    assert fact.data["changed"] == "capacity, phone"
    assert "0039" not in str(fact.data)
    assert len(verbs(provider)) == 3
    with pytest.raises(TypeError):
        change_provider(provider_id=provider.pk, key="otra", **said(quetzal))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"name": "  "}, "nombre"),
        ({"capacity": 0}, "al menos un trabajo"),
        ({"shifts": {"1": [[600, 600]]}}, "Revise los turnos"),
        ({"shifts": {"7": [[0, 60]]}}, "Revise los turnos"),
        ({"shifts": {"1": [[1500, 1600]]}}, "Revise los turnos"),
        ({"shifts": {"1": [[0, 1441]]}}, "Revise los turnos"),
    ],
)
def test_what_cannot_be_is_refused(quetzal, values, word):
    provider = a_provider(quetzal)
    with pytest.raises(Refused, match=word):
        change_provider(provider_id=provider.pk, **values, **said(quetzal))


@pytest.mark.parametrize(("service", "area"), [("nada", NORTE), ("plomeria", "co/nada"), ("plomeria", "")])
def test_a_reach_is_of_the_policy(quetzal, service, area):
    provider = a_provider(quetzal)
    with pytest.raises(Refused, match="Elija un servicio y una zona"):
        set_reach(provider_id=provider.pk, service=service, area=area, **said(quetzal))


def test_a_position_begins_at_one_and_a_tariff_is_not_negative(quetzal):
    provider = a_provider(quetzal)
    reach = {"provider_id": provider.pk, "service": "plomeria", "area": NORTE}
    with pytest.raises(Refused, match="empiezan en 1"):
        set_reach(position=0, **reach, **said(quetzal))
    with pytest.raises(Refused, match="no es negativa"):
        set_reach(tariff=Decimal(-1), **reach, **said(quetzal))


def test_a_key_is_of_one(quetzal):
    a_provider(quetzal, key="P-1")
    with pytest.raises(Refused, match="Ya hay un proveedor"):
        add_provider(key="P-1", name="Otro", **said(quetzal))


def test_its_shifts_how_many_works_it_takes_and_whether_it_is_on_guard(quetzal):
    provider = a_provider(quetzal)
    week = {"shifts": {"5": [[1320, 1800]]}, "capacity": 2, "on_guard": True}
    set_shifts(provider_id=provider.pk, **week, **said(quetzal))
    provider.refresh_from_db()
    assert (provider.shifts, provider.capacity, provider.on_guard) == ({"5": [[1320, 1800]]}, 2, True)


def test_the_first_of_its_papers_that_ends_decides(quetzal):
    provider = a_provider(quetzal)

    def until():
        provider.refresh_from_db()
        return provider.papers_until

    paper = {"provider_id": provider.pk, **said(quetzal)}
    add_paper(name="Matrícula", **paper)
    assert until() is None
    add_paper(name="Póliza", until=date(2026, 12, 31), **paper)
    add_paper(name="Licencia", until=date(2027, 3, 1), **paper)
    assert until() == date(2026, 12, 31)
    renewed = add_paper(name="póliza", until=date(2027, 12, 31), **paper)
    assert until() == date(2027, 3, 1)
    for _twice in range(2):
        withdraw_paper(paper_id=Paper.objects.get(name="Licencia").pk, **said(quetzal))
    assert until() == date(2027, 12, 31) == renewed.until
    assert verbs(provider)[2:] == ["provider_paper_added"] * 4 + ["provider_paper_withdrawn"]
    assert "liza" not in str(list(Entry.objects.values_list("data", flat=True)))
    with pytest.raises(Refused, match="qué documento"):
        add_paper(name=" ", **paper)


def test_who_is_suspended_says_why_and_why_it_comes_back(quetzal):
    provider = a_provider(quetzal)
    one = {"provider_id": provider.pk, **said(quetzal)}
    for word, reason in (("por qué", " "), ("No está suspendido", "Sin motivo")):
        with pytest.raises(Refused, match=word):
            (suspend_provider if word == "por qué" else reactivate_provider)(reason=reason, **one)
    suspend_provider(reason="No contesta", **one)
    with pytest.raises(Refused, match="Ya está suspendido"):
        suspend_provider(reason="Otra vez", **one)
    provider.refresh_from_db()
    assert not provider.active
    reactivate_provider(reason="Cambió de teléfono", **one)
    provider.refresh_from_db()
    assert provider.active
    [kept] = Suspension.objects.values_list("reason", "end_reason", "ended_at")
    assert kept == ("No contesta", "Cambió de teléfono", TUESDAY)
    assert verbs(provider)[-2:] == ["provider_suspended", "provider_reactivated"]
    assert "contesta" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_page_that_was_overtaken_changes_nothing(quetzal):
    provider = a_provider(quetzal)
    veto = veto_provider(provider_id=provider.pk, account="techo_amigo", reason="No llegó", **said(quetzal))
    provider.refresh_from_db()
    seen = provider.version
    change_provider(provider_id=provider.pk, version=seen, capacity=7, **said(quetzal))
    late = {"version": seen, **said(quetzal)}
    for act in (
        lambda: change_provider(provider_id=provider.pk, capacity=8, **late),
        lambda: set_reach(provider_id=provider.pk, service="vidrios", area=NORTE, **late),
        lambda: veto_provider(provider_id=provider.pk, account="ruta_clara", reason="No llegó", **late),
        lambda: end_veto(veto_id=veto.pk, **late),
        lambda: add_paper(provider_id=provider.pk, name="Póliza", **late),
        lambda: suspend_provider(provider_id=provider.pk, reason="No llega", **late),
    ):
        with pytest.raises(Overtaken):
            act()
    provider.refresh_from_db()
    assert (provider.capacity, provider.version) == (7, seen + 1)


def test_a_veto_is_one_and_ends_and_stays_written(quetzal):
    provider = a_provider(quetzal)
    wanted = {"provider_id": provider.pk, "account": "techo_amigo", "reason": "Dañó una puerta"}
    first, again = (veto_provider(**wanted, **said(quetzal)) for _twice in range(2))
    assert first == again
    for _twice in range(2):
        end_veto(veto_id=first.pk, **said(quetzal))
    veto = Veto.objects.get()
    assert (veto.ended_at, veto.reason) == (TUESDAY, "Dañó una puerta")
    assert [one.pk for one in vetoes_of(provider)] == [veto.pk]
    assert verbs(provider)[-2:] == ["provider_vetoed", "veto_ended"]
    assert "puerta" not in str(list(Entry.objects.values_list("data", flat=True)))
    assert veto_provider(**wanted, **said(quetzal)) != first


@pytest.mark.parametrize(
    ("whose", "word"),
    [
        ({}, "Diga quién no lo quiere"),
        ({"account": "techo_amigo", "affiliate_id": 1}, "Diga quién no lo quiere"),
        ({"account": "nadie"}, "No existe esa cuenta"),
        ({"affiliate_id": 0}, "No existe esa cuenta"),
        ({"account": "techo_amigo", "reason": " "}, "por qué"),
    ],
)
def test_a_veto_says_whose_it_is_and_why(quetzal, whose, word):
    provider = a_provider(quetzal)
    with pytest.raises(Refused, match=word):
        veto_provider(provider_id=provider.pk, **{"reason": "No llegó"} | whose, **said(quetzal))


@pytest.mark.requirement("ASIS-17.1")
@pytest.mark.requirement("ASIS-17.2")
@pytest.mark.parametrize(
    ("who", "may"), [("luz", False), ("irma", False), ("ester", False), ("paula", True), ("rocio", True)]
)
def test_who_may_change_the_network(quetzal, who, may):
    provider = a_provider(quetzal)
    affiliate = an_affiliate(quetzal)
    acts = [
        lambda: add_provider(key="nuevo", name="Nuevo", **said(quetzal, who)),
        lambda: change_provider(provider_id=provider.pk, capacity=2, **said(quetzal, who)),
        lambda: set_reach(provider_id=provider.pk, service="vidrios", area=NORTE, **said(quetzal, who)),
        lambda: veto_provider(
            provider_id=provider.pk, affiliate_id=affiliate.pk, reason="No llegó", **said(quetzal, who)
        ),
        lambda: import_network(rows=[], **said(quetzal, who)),
        lambda: withdraw_paper(
            paper_id=add_paper(provider_id=provider.pk, name="Póliza", **said(quetzal, who)).pk, **said(quetzal, who)
        ),
        lambda: suspend_provider(provider_id=provider.pk, reason="No llega", **said(quetzal, who)),
        lambda: reactivate_provider(provider_id=provider.pk, reason="Ya llega", **said(quetzal, who)),
    ]
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(Refused, match="no cambia la red"):
                act()


def test_another_organisation_does_not_find_it(quetzal, vidamar):
    provider = a_provider(quetzal)
    veto = veto_provider(provider_id=provider.pk, account="techo_amigo", reason="No llegó", **said(quetzal))
    elsewhere = {"org": vidamar.org, "by": quetzal.actor("paula"), "now": TUESDAY}
    with pytest.raises(NoSuchProvider):
        change_provider(provider_id=provider.pk, capacity=2, **elsewhere)
    with pytest.raises(NoSuchVeto):
        end_veto(veto_id=veto.pk, **elsewhere)
    with pytest.raises(NoSuchProvider):
        provider_by_id(org=vidamar.org, viewer=quetzal.actor("paula"), provider_id=provider.pk)
    with pytest.raises(NoSuchProvider):
        provider_by_id(org=quetzal.org, viewer=quetzal.actor("wilson"), provider_id=provider.pk)


def test_the_network_is_read_by_name_a_page_at_a_time(quetzal):
    a_network(quetzal, 5)
    a_provider(quetzal, "Vidrios Vera", service="vidrios", area="co/antioquia/medellin")
    luz, found = quetzal.actor("luz"), []
    after = None
    while page := providers(org=quetzal.org, viewer=luz, after=after, limit=4):
        found += [one.name for one in page]
        after = (page[-1].place, page[-1].pk)
    assert len(found) == 6 and found == sorted(found)
    assert providers(org=quetzal.org, viewer=quetzal.actor("wilson")) == []


@pytest.mark.parametrize(
    ("look", "names"),
    [
        (Look(text="MEJIA mangueras"), ["Mangueras Mejía"]),
        (Look(text="mejía y cía"), ["Mangueras Mejía"]),
        (Look(text="nadie"), []),
        (Look(service="vidrios", area="co/antioquia"), ["Vidrios Vera"]),
        (Look(service="vidrios", area="co/antioquia/medellin"), ["Vidrios Vera"]),
        (Look(service="vidrios", area="co/bogota"), []),
        (Look(area=f"{NORTE}/usaquen"), ["Mangueras Mejía"]),
        (Look(kind="in_house"), ["Vidrios Vera"]),
        (Look(active=False), ["Vidrios Vera"]),
        (Look(active=True, ends_by=date(2026, 4, 1)), ["Mangueras Mejía"]),
        (Look(ends_by=date(2026, 3, 31)), []),
    ],
)
def test_the_network_is_narrowed(quetzal, look, names):
    pipes = a_provider(quetzal, "Mangueras Mejía", legal_name="Mejía y Cía.")
    add_paper(provider_id=pipes.pk, name="Póliza", until=date(2026, 4, 1), **said(quetzal))
    panes = a_provider(quetzal, "Vidrios Vera", service="vidrios", area="co/antioquia", kind="in_house")
    suspend_provider(provider_id=panes.pk, reason="No llega", **said(quetzal))
    assert [one.name for one in providers(org=quetzal.org, viewer=quetzal.actor("luz"), look=look)] == names


def test_a_sheet_of_the_network_is_taken_in_twice_as_once(quetzal):
    rows = [
        ROW,
        ROW | {"zona": "co/bogota/sur", "posicion": "1", "tarifa": ""},
        ROW | {"clave": "P-2", "posicion": "x"},
    ]
    rows += [ROW | {"clave": "P-3", "servicio": "nada"}, {"clave": "P-4", "nombre": "Sin nada"}]
    for _twice in range(2):
        bad = import_network(rows=rows, **said(quetzal))
        assert [number for number, _why in bad] == [3, 4, 5]
    provider = Provider.objects.get()
    assert (provider.key, provider.name) == ("P-1", "Bombas Bernal")
    assert {(one.area, one.position, one.tariff) for one in reaches_of(provider)} == {
        (NORTE, 2, Decimal("85000.50")),
        ("co/bogota/sur", 1, None),
    }
    assert len(verbs(provider)) == 3
