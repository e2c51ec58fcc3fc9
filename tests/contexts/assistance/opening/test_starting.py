"""An assistance is asked for and accepted: on whose word, for when, and with what leave."""

from datetime import date
from decimal import Decimal

import pytest

from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.allowing import order_to_serve, record_consent
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.operations.starting import accept_assistance
from escucha.contexts.assistance.queries.doors import NoSuchAssistance
from escucha.kernel.words import Refused
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.seen import DAY, HOUR, MINUTE, doing, last_line, lines, owed, picture, verbs

AFTERNOON = (TUESDAY + 6 * HOUR, TUESDAY + 8 * HOUR)  # 16:00 to 18:00 in Bogotá
TOMORROW = (TUESDAY + DAY, TUESDAY + DAY + 2 * HOUR)


def to_verify(house, **changes):
    return a_file(house, affiliate=an_affiliate(house, active=None), **changes)


def ended_plan(house):
    return a_file(house, affiliate=an_affiliate(house, until_on=date(2026, 3, 2)))


class TestOpening:
    @pytest.mark.requirement("ASIS-03.1")
    def test_each_is_numbered_within_its_file(self, quetzal):
        file = a_file(quetzal)
        first, second = (an_assistance(quetzal, file=file) for _turn in range(2))
        assert [(one.file.number, one.position) for one in (first, second)] == [(100_000, 1), (100_000, 2)]
        other = an_assistance(quetzal)
        assert (other.file.number, other.position) == (100_001, 1)

    @pytest.mark.requirement("ASIS-02.6", "ASIS-03.2")
    def test_it_says_what_is_asked_for_and_what_fails(self, quetzal):
        one = Assistance.objects.get(pk=an_assistance(quetzal, service="electricidad", plate=" XYZ 123 ").pk)
        assert (one.service, one.stage, one.category) == ("electricidad", "opening", "coverage")
        assert (one.happened, one.failure) == ("Se rompió un tubo", "Sale agua por debajo del lavaplatos")
        assert one.plate == "XYZ 123"

    def test_it_counts_no_time_yet(self, quetzal):
        one = an_assistance(quetzal)
        assert (owed(one), one.registered_at) == ({}, None)
        assert (verbs(one), lines(one)) == (["assistance_opened"], ["opened"])

    @pytest.mark.parametrize(
        ("account", "service", "zone", "money"),
        [
            ("techo_amigo", "plomeria", "America/Bogota", ("COP", Decimal(200_000))),
            ("techo_amigo", "orientacion_legal", "America/Bogota", ("COP", None)),
            ("techo_amigo", "vidrios", "America/Bogota", ("COP", Decimal(0))),
            ("hogar_del_sur", "vidrios", "America/Argentina/Buenos_Aires", ("ARS", Decimal(120_000))),
        ],
    )
    def test_it_is_told_in_the_time_and_the_money_of_its_place(self, quetzal, account, service, zone, money):
        one = an_assistance(quetzal, account=account, service=service)
        assert (one.zone, (one.currency, one.cover_amount)) == (zone, money)

    def test_the_place_of_the_file_and_not_the_account_says_the_time(self, quetzal):
        file = a_file(quetzal, country="ar", area="ar/caba/norte")
        assert an_assistance(quetzal, file=file).zone == "America/Argentina/Buenos_Aires"

    def test_a_form_sent_twice_is_one(self, quetzal):
        file = a_file(quetzal)
        first = an_assistance(quetzal, file=file, form_key="k")
        assert an_assistance(quetzal, file=file, form_key="k") == first
        assert an_assistance(quetzal, file=file).position == 2

    def test_over_an_older_page_it_is_not_opened(self, quetzal):
        file = a_file(quetzal)
        an_assistance(quetzal, file=file, version=file.version)
        with pytest.raises(Overtaken):
            an_assistance(quetzal, file=file, version=file.version)

    @pytest.mark.parametrize(
        ("changes", "who"), [({"service": "masaje"}, "luz"), ({"priority": "ya"}, "luz"), ({}, "irma"), ({}, "ester")]
    )
    def test_what_is_not_there_or_not_one_s_own_is_refused(self, quetzal, changes, who):
        file = a_file(quetzal)
        with pytest.raises(Refused):
            an_assistance(quetzal, file=file, who=who, **changes)
        assert not Assistance.objects.exists()

    def test_with_nobody_known_it_is_refused_with_what_to_do(self, quetzal):
        file = a_file(quetzal)
        file.affiliate = None
        file.save(update_fields=["affiliate"])
        with pytest.raises(Refused, match="regístrelo a mano"):
            an_assistance(quetzal, file=file)


class TestWhoIsNotKnownToHaveAPlan:
    @pytest.mark.requirement("ASIS-01.7")
    @pytest.mark.parametrize("file_of", [to_verify, ended_plan])
    def test_is_served_on_an_order_which_stays_with_its_reason(self, quetzal, file_of):
        file = file_of(quetzal)
        with pytest.raises(Refused, match="orden de supervisión"):
            an_assistance(quetzal, file=file)
        paula = quetzal.members["paula"]
        one = an_assistance(quetzal, file=file, ordered_by=paula.pk, order_reason="El cliente lo confirma mañana")
        line = last_line(one)
        assert (line.subtype, line.said) == ("authorised_by", {"about": "serve", "member": paula.pk})
        assert (line.comment, line.member) == ("El cliente lo confirma mañana", quetzal.members["luz"])
        assert accepted(quetzal, assistance=one).stage == "to_assign"

    @pytest.mark.requirement("ASIS-01.7", "ASIS-04.6")
    @pytest.mark.parametrize(
        ("orders", "may"),
        [("paula", True), ("rocio", True), ("ester", True), ("luz", False), ("irma", False), ("mateo", False)],
    )
    def test_only_who_authorises_may_order_it(self, quetzal, orders, may):
        file = to_verify(quetzal)
        said = {"ordered_by": quetzal.members[orders].pk, "order_reason": "Lo pide el cliente"}
        if may:
            an_assistance(quetzal, file=file, **said)
        else:
            with pytest.raises(Refused, match="nadie más"):
                an_assistance(quetzal, file=file, **said)
        assert Assistance.objects.filter(file=file).exists() is may

    def test_an_order_says_why(self, quetzal):
        with pytest.raises(Refused, match="por qué"):
            an_assistance(quetzal, file=to_verify(quetzal), ordered_by=quetzal.members["paula"].pk)

    def test_who_left_the_company_orders_nothing(self, quetzal):
        paula = quetzal.members["paula"]
        paula.active = False
        paula.save(update_fields=["active"])
        with pytest.raises(Refused):
            an_assistance(quetzal, file=to_verify(quetzal), ordered_by=paula.pk, order_reason="Sí")

    @pytest.mark.requirement("ASIS-01.7")
    def test_where_a_life_is_at_risk_it_is_served_before(self, quetzal):
        one = an_assistance(quetzal, file=to_verify(quetzal), priority="vital")
        assert set(owed(one.file)) == {"verify_affiliate"}
        with pytest.raises(Refused, match="orden de supervisión"):
            accepted(quetzal, assistance=one, priority="emergency")
        assert accepted(quetzal, assistance=one, priority="vital").stage == "to_assign"
        assert set(owed(one.file)) == {"verify_affiliate"}

    def test_what_turned_out_not_to_be_vital_is_ordered_afterwards(self, quetzal):
        one = an_assistance(quetzal, file=to_verify(quetzal), priority="vital")
        doing(quetzal, order_to_serve, one, "rocio", TUESDAY, reason="Es afiliada, la conozco")
        assert accepted(quetzal, assistance=one, priority="emergency").stage == "to_assign"

    def test_whose_plan_ended_is_not_served_without_an_order_even_then(self, quetzal):
        with pytest.raises(Refused, match="no está vigente"):
            an_assistance(quetzal, file=ended_plan(quetzal), priority="vital")

    @pytest.mark.parametrize(
        ("dates", "account", "may"),
        [
            ({"until_on": date(2026, 3, 3)}, "techo_amigo", True),  # its last day
            ({"until_on": date(2026, 3, 2)}, "techo_amigo", False),
            ({"since_on": date(2026, 3, 3)}, "techo_amigo", True),
            ({"since_on": date(2026, 3, 4)}, "techo_amigo", False),
            ({"since_on": None}, "techo_amigo", True),
        ],
    )
    def test_a_plan_holds_from_its_first_day_to_its_last(self, quetzal, dates, account, may):
        file = a_file(quetzal, affiliate=an_affiliate(quetzal, account=account, **dates))
        if may:
            an_assistance(quetzal, file=file)
        else:
            with pytest.raises(Refused):
                an_assistance(quetzal, file=file)

    def test_its_days_are_those_of_the_place(self, quetzal):
        late = TUESDAY.replace(day=4, hour=4)  # 01:00 of the 4th in Buenos Aires, 23:00 of the 3rd in Bogotá
        for account, may in (("techo_amigo", True), ("hogar_del_sur", False)):
            file = a_file(
                quetzal, affiliate=an_affiliate(quetzal, account=account, until_on=date(2026, 3, 3)), now=late
            )
            if may:
                an_assistance(quetzal, file=file, now=late)
            else:
                with pytest.raises(Refused):
                    an_assistance(quetzal, file=file, now=late)


class TestAccepting:
    @pytest.mark.parametrize(
        ("priority", "minutes"),
        [
            pytest.param("programmed", 20, marks=pytest.mark.requirement("ASIS-07.1")),
            pytest.param("emergency", 5, marks=pytest.mark.requirement("ASIS-07.2")),
            pytest.param("vital", 0, marks=pytest.mark.requirement("ASIS-07.3")),
        ],
    )
    @pytest.mark.requirement("ASIS-03.4")
    def test_the_clock_of_the_assignment_runs(self, quetzal, priority, minutes):
        later = TUESDAY + 7 * MINUTE
        opened = an_assistance(quetzal)
        one = accepted(quetzal, assistance=opened, priority=priority, now=later)
        debt = owed(one)["assign_provider"]
        assert (debt.due_at, debt.counted_from) == (later + minutes * MINUTE, later)
        assert (debt.owner_member, set(owed(one))) == (quetzal.members["luz"], {"assign_provider"})
        assert debt.turn == {"vital": 0, "emergency": 1, "programmed": 2}[priority]
        assert (one.priority, one.registered_at, one.stage) == (priority, later, "to_assign")
        assert verbs(one) == ["assistance_opened", "consent_asked", "assistance_moved"]
        assert lines(one) == ["opened", "consent", "priority"]

    @pytest.mark.requirement("ASIS-03.5")
    def test_who_does_not_want_it_programmed_is_an_emergency_with_its_reason(self, quetzal):
        one = accepted(quetzal, priority="emergency", terms={"declined": "Dice que no puede esperar"})
        assert (one.priority, one.window) == ("emergency", None)
        assert last_line(one).comment == "Dice que no puede esperar"
        assert owed(one)["assign_provider"].due_at == TUESDAY + 5 * MINUTE
        for priority in ("programmed", "vital"):
            with pytest.raises(Refused, match="se atiende como emergencia"):
                accepted(quetzal, priority=priority, terms={"declined": "No quiere"})

    @pytest.mark.requirement("ASIS-03.6")
    def test_two_windows_are_kept_and_one_is_agreed(self, quetzal):
        one = accepted(quetzal, priority="programmed", window=AFTERNOON, terms={"other": TOMORROW})
        one.refresh_from_db()
        assert (one.offered_from, one.offered_until) == AFTERNOON
        assert (one.other_from, one.other_until) == TOMORROW
        assert one.window == AFTERNOON
        second = accepted(
            quetzal, priority="programmed", window=AFTERNOON, terms={"other": TOMORROW, "agreed": TOMORROW}
        )
        assert second.window == TOMORROW

    @pytest.mark.parametrize(
        ("terms", "reason"),
        [
            ({"offered": None}, "desde y hasta"),
            ({"offered": AFTERNOON[::-1]}, "termina antes de empezar"),
            ({"offered": (TUESDAY - 2 * HOUR, TUESDAY)}, "ya pasó"),
            ({"offered": AFTERNOON, "other": (AFTERNOON[0], AFTERNOON[0])}, "termina antes de empezar"),
        ],
    )
    def test_a_window_is_one_somebody_can_still_come_in(self, quetzal, terms, reason):
        one = an_assistance(quetzal)
        before = picture(one)
        with pytest.raises(Refused, match=reason):
            doing(quetzal, accept_assistance, one, "luz", TUESDAY, priority="programmed", consent=True, **terms)
        assert picture(one) == before

    def test_only_once_and_only_by_who_coordinates(self, quetzal):
        one = an_assistance(quetzal)
        for who in ("irma", "ester"):
            with pytest.raises(Refused):
                accepted(quetzal, assistance=one, who=who)
        with pytest.raises(NoSuchAssistance):
            accepted(quetzal, assistance=one, who="wilson")
        accepted(quetzal, assistance=one)
        with pytest.raises(Refused, match="ya se aceptó"):
            accepted(quetzal, assistance=one)
        assert lines(one).count("priority") == 1

    def test_with_a_priority_that_exists_and_a_place_to_go_to(self, quetzal):
        with pytest.raises(Refused, match="Escoja la prioridad"):
            accepted(quetzal, priority="ayer")
        nowhere = an_assistance(quetzal, file=a_file(quetzal, area="", address="", references=""))
        with pytest.raises(Refused, match="a dónde hay que ir"):
            accepted(quetzal, assistance=nowhere)

    def test_a_service_by_telephone_needs_no_place_and_no_leave(self, quetzal):
        file = a_file(quetzal, area="", address="", references="")
        one = an_assistance(quetzal, file=file, service="orientacion_legal")
        assert accepted(quetzal, assistance=one, consent=None).stage == "to_assign"

    def test_what_the_plan_does_not_give_is_not_accepted_as_cover(self, quetzal):
        with pytest.raises(Refused, match="Ofrezca conexión"):
            accepted(quetzal, service="vidrios")

    @pytest.mark.requirement("ASIS-04.1")
    def test_nor_is_what_has_no_events_left(self, quetzal):
        affiliate = an_affiliate(quetzal)
        for _event in range(3):
            accepted(quetzal, file=a_file(quetzal, affiliate=affiliate))
        fourth = an_assistance(quetzal, file=a_file(quetzal, affiliate=affiliate))
        assert fourth.cover_amount == 0
        with pytest.raises(Refused, match="no le quedan eventos"):
            accepted(quetzal, assistance=fourth)

    def test_over_an_older_page_it_is_not_accepted(self, quetzal):
        one = an_assistance(quetzal)
        doing(quetzal, record_consent, one, "luz", TUESDAY, given=True)
        with pytest.raises(Overtaken):
            accepted(quetzal, assistance=one, terms={"version": one.version})


class TestTheLeaveToGiveItsData:
    @pytest.mark.requirement("ASIS-05.1")
    @pytest.mark.parametrize("given", [True, False])
    def test_is_asked_and_kept_with_its_moment_and_its_text(self, quetzal, given):
        one = an_assistance(quetzal)
        doing(quetzal, record_consent, one, "luz", TUESDAY + MINUTE, given=given, reason="Así lo dijo")
        one.refresh_from_db()
        assert (one.consent, one.consent_at, one.consent_version) == (given, TUESDAY + MINUTE, "1")
        assert verbs(one)[-1] == "consent_asked"
        line = last_line(one)
        assert (line.subtype, line.said["given"], line.comment) == ("consent", given, "Así lo dijo")

    @pytest.mark.requirement("ASIS-05.2")
    @pytest.mark.parametrize(("consent", "reason"), [(None, "Pregunte si"), (False, "no se puede enviar a nadie")])
    @pytest.mark.parametrize("priority", ["emergency", "programmed"])
    def test_without_it_nobody_is_looked_for(self, quetzal, consent, reason, priority):
        one = an_assistance(quetzal)
        with pytest.raises(Refused, match=reason):
            accepted(quetzal, assistance=one, priority=priority, consent=consent)
        assert owed(one) == {}

    @pytest.mark.requirement("ASIS-05.2")
    def test_where_a_life_is_at_risk_it_goes_on_with_a_reason(self, quetzal):
        with pytest.raises(Refused, match="escriba por qué"):
            accepted(quetzal, priority="vital", consent=False)
        with pytest.raises(Refused, match="Pregunte si"):
            accepted(quetzal, priority="vital", consent=None)
        one = accepted(quetzal, priority="vital", consent=False, terms={"consent_reason": "No puede hablar"})
        assert (one.stage, one.consent) == ("to_assign", False)

    def test_given_before_it_is_not_asked_again(self, quetzal):
        one = an_assistance(quetzal)
        doing(quetzal, record_consent, one, "luz", TUESDAY, given=True)
        assert accepted(quetzal, assistance=one, consent=None).consent is True
        assert lines(one) == ["opened", "consent", "priority"]
        assert accepted(quetzal, consent=None, assistance=_given_then_refused(quetzal)).consent is True

    def test_who_only_looks_does_not_record_it(self, quetzal):
        one = an_assistance(quetzal)
        with pytest.raises(Refused):
            doing(quetzal, record_consent, one, "irma", TUESDAY, given=True)


def _given_then_refused(house):
    one = an_assistance(house)
    for given in (False, True):
        doing(house, record_consent, one, "luz", TUESDAY, given=given)
    return one
