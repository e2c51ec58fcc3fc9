"""A file is opened, and who is affiliated is known, registered and verified."""

from datetime import date, timedelta

import pytest

from escucha.contexts.assistance.models import Affiliate, AssistanceFile, HandOver
from escucha.contexts.assistance.operations.files import name_affiliate
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.operations.opening import open_file
from escucha.contexts.assistance.operations.registering import register_affiliate, verify_affiliate
from escucha.contexts.assistance.queries.doors import NoSuchFile, file_by_number
from escucha.kernel.words import Refused
from tests.assisting import CALLER, PERSON, PLACES, a_file, accepted, an_affiliate
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.seen import DAY, HOUR, doing, ended, last_line, lines, owed, verbs
from tests.make import a_house

LATER = TUESDAY + timedelta(hours=2)


def opening(house, who="luz", **changes):
    said = {"account": "techo_amigo"} | CALLER | PLACES["techo_amigo"] | changes
    return open_file(org=house.org, by=house.actor(who), now=TUESDAY, **said)


class TestOpeningAFile:
    @pytest.mark.requirement("ASIS-02.1")
    def test_it_has_its_number_its_hour_its_coordinator_and_its_state(self, quetzal):
        file = opening(quetzal)
        kept = AssistanceFile.objects.get()
        assert (kept.number, kept.opened_at, kept.state) == (100_000, TUESDAY, "open")
        assert kept.coordinator == quetzal.members["luz"]
        assert opening(quetzal).number == 100_001
        assert file_by_number(org=quetzal.org, viewer=quetzal.actor("luz"), number=100_000) == file

    @pytest.mark.requirement("ASIS-02.2", "ASIS-02.5")
    def test_it_keeps_who_calls_and_what_it_says(self, quetzal):
        file = opening(quetzal, contact_first_name="  Marta ")
        assert (file.contact_first_name, file.contact_last_name) == ("Marta", "Pedraza")
        assert file.contact_phone == "300 000 0021"
        assert file.description == "Llama la hermana."

    @pytest.mark.requirement("ASIS-02.3")
    def test_it_keeps_whose_it_is_with_its_account_and_plan(self, quetzal):
        affiliate = an_affiliate(quetzal, account="ruta_clara")
        file = opening(quetzal, affiliate_id=affiliate.pk)
        assert (file.affiliate, file.account, file.plan) == (affiliate, "ruta_clara", "ruta_total")

    @pytest.mark.requirement("ASIS-02.4")
    def test_it_keeps_where_it_is(self, quetzal):
        file = opening(quetzal, lat=4.7, lon=-74.05)
        assert (file.country, file.area) == ("co", "co/bogota/norte/usaquen")
        assert (file.address, file.references) == ("Calle 900 n.º 1-01", "Portón azul")
        assert (file.lat, file.lon) == (4.7, -74.05)

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ({"area": "ar/caba/norte"}, ("co", "", None)),  # of another country
            ({"area": "co/luna"}, ("co", "", None)),
            ({"country": "ar", "area": "ar/caba/norte"}, ("ar", "ar/caba/norte", None)),
            ({"country": "xx"}, ("co", "co/bogota/norte/usaquen", None)),
            ({"lat": 4.7}, ("co", "co/bogota/norte/usaquen", None)),
            ({"lat": 400.0, "lon": 1.0}, ("co", "co/bogota/norte/usaquen", None)),
            ({"lat": float("nan"), "lon": 1.0}, ("co", "co/bogota/norte/usaquen", None)),
        ],
    )
    def test_what_is_not_a_place_is_left_out(self, quetzal, said, kept):
        file = opening(quetzal, **said)
        assert (file.country, file.area, file.lat) == kept

    def test_its_log_begins_and_it_owes_nothing_yet(self, quetzal):
        file = opening(quetzal)
        assert (verbs(file), lines(file), owed(file)) == (["file_opened"], ["opened"], {})
        assert [one.member for one in HandOver.objects.filter(file=file)] == [quetzal.members["luz"]]

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"contact_first_name": " ", "contact_last_name": ""}, "Escriba el nombre de quien llama."),
            ({"contact_phone": ""}, "Escriba el teléfono de quien llama, con todos sus dígitos."),
            ({"contact_phone": "12 34"}, "Escriba el teléfono de quien llama, con todos sus dígitos."),
            ({"account": "otra"}, "Escoja la cuenta por la que llama."),
            ({"affiliate_id": 999_999}, "No encontramos a ese afiliado. Búsquelo otra vez."),
        ],
    )
    def test_without_what_nothing_begins_without_it_is_refused(self, quetzal, changes, reason):
        with pytest.raises(Refused) as no:
            opening(quetzal, **changes)
        assert [str(one) for one in no.value.blockers] == [reason]
        assert not AssistanceFile.objects.exists()
        assert opening(quetzal).number == 100_000

    def test_everything_that_is_missing_is_said_at_once(self, quetzal):
        with pytest.raises(Refused) as no:
            opening(quetzal, account="", contact_first_name="", contact_last_name="", contact_phone="")
        assert len(no.value.blockers) == 3

    @pytest.mark.requirement("ASIS-17.4")
    @pytest.mark.parametrize(
        ("who", "may"),
        [("luz", True), ("paula", True), ("rocio", True), ("ester", False), ("irma", False), ("wilson", False)],
    )
    def test_who_coordinates_opens_it_and_nobody_else(self, quetzal, who, may):
        if may:
            assert opening(quetzal, who=who).coordinator == quetzal.members[who]
        else:
            with pytest.raises(Refused):
                opening(quetzal, who=who)

    def test_a_form_sent_twice_is_one_file(self, quetzal):
        first = opening(quetzal, form_key="k")
        assert opening(quetzal, form_key="k", contact_first_name="Otra") == first
        assert opening(quetzal).number == 100_001
        assert verbs(first) == ["file_opened"]

    def test_another_organisation_s_affiliate_is_not_found(self, quetzal):
        other = a_house("cafetal")
        stranger = Affiliate.objects.create(
            org=other.org,
            account="techo_amigo",
            plan="",
            external_key="1",
            known_since=TUESDAY,
            changed_at=TUESDAY,
        )
        with pytest.raises(Refused):
            opening(quetzal, affiliate_id=stranger.pk)

    @pytest.mark.requirement("ASIS-17.4")
    def test_who_only_looks_sees_it_and_who_does_not_does_not_find_it(self, quetzal):
        file = opening(quetzal)
        for who in ("irma", "ester"):
            assert file_by_number(org=quetzal.org, viewer=quetzal.actor(who), number=file.number) == file
        with pytest.raises(NoSuchFile):
            file_by_number(org=quetzal.org, viewer=quetzal.actor("wilson"), number=file.number)


class TestRegisteringByHand:
    @pytest.mark.requirement("ASIS-01.2", "ASIS-01.6")
    def test_who_is_not_found_is_to_be_verified(self, quetzal):
        affiliate = an_affiliate(quetzal, active=None)
        assert affiliate.status == "to_verify"
        assert affiliate.plan == "techo_basico"
        assert {"d:1990000021", "t:3000000022"} <= set(affiliate.keys)
        assert verbs(affiliate) == ["affiliate_registered"]

    @pytest.mark.requirement("ASIS-01.6")
    def test_in_a_file_it_owes_a_verification_within_a_day(self, quetzal):
        file = opening(quetzal)
        affiliate = register_affiliate(
            org=quetzal.org, account="techo_amigo", file_id=file.pk, by=quetzal.actor("luz"), now=TUESDAY, **PERSON
        )
        file.refresh_from_db()
        assert (file.affiliate, file.plan) == (affiliate, "techo_basico")
        debt = owed(file)["verify_affiliate"]
        assert (debt.due_at, debt.owner_role, debt.owner_member) == (TUESDAY + DAY, "supervisor", None)
        assert lines(file) == ["opened", "affiliate"]

    def test_only_a_name_and_an_account_are_asked(self, quetzal):
        by = quetzal.actor("luz")
        register_affiliate(org=quetzal.org, account="techo_amigo", first_name="Sara", by=by, now=TUESDAY)
        with pytest.raises(Refused) as no:
            register_affiliate(org=quetzal.org, account="", by=by, now=TUESDAY)
        assert len(no.value.blockers) == 2
        with pytest.raises(Refused):
            register_affiliate(
                org=quetzal.org, account="techo_amigo", first_name="Sara", by=quetzal.actor("irma"), now=TUESDAY
            )
        assert Affiliate.objects.count() == 1

    @pytest.mark.requirement("ASIS-01.2")
    @pytest.mark.parametrize(("active", "status"), [(True, "active"), (False, "inactive")])
    def test_verified_it_is_active_or_not_and_nothing_is_owed(self, quetzal, active, status):
        file = a_file(quetzal, affiliate=an_affiliate(quetzal, active=None))
        second = a_file(quetzal, affiliate=file.affiliate)
        verify_affiliate(
            org=quetzal.org,
            affiliate_id=file.affiliate_id,
            active=active,
            since_on=date(2025, 6, 15),
            by=quetzal.actor("paula"),
            now=LATER,
        )
        file.affiliate.refresh_from_db()
        assert (file.affiliate.status, file.affiliate.since_on) == (status, date(2025, 6, 15))
        assert verbs(file.affiliate)[-1] == "affiliate_verified"
        for one in (file, second):
            assert (owed(one), ended(one)) == ({}, {"verify_affiliate 1": "met"})
            assert last_line(one).said == {"affiliate": file.affiliate_id, "status": status}

    @pytest.mark.requirement("ASIS-17.1", "ASIS-17.2", "ASIS-17.3")
    @pytest.mark.parametrize(("who", "may"), [("luz", False), ("paula", True), ("rocio", True), ("irma", False)])
    def test_who_has_the_network_of_clients_verifies(self, quetzal, who, may):
        affiliate = an_affiliate(quetzal, active=None)

        def verifying():
            return verify_affiliate(
                org=quetzal.org, affiliate_id=affiliate.pk, active=True, by=quetzal.actor(who), now=LATER
            )

        if may:
            verifying()
        with pytest.raises(Refused):  # the second time it is verified already
            verifying()
        affiliate.refresh_from_db()
        assert affiliate.status == ("active" if may else "to_verify")

    def test_a_plan_does_not_end_before_it_begins(self, quetzal):
        affiliate = an_affiliate(quetzal, active=None)
        with pytest.raises(Refused):
            verify_affiliate(
                org=quetzal.org,
                affiliate_id=affiliate.pk,
                active=True,
                since_on=date(2026, 2, 1),
                until_on=date(2026, 1, 31),
                by=quetzal.actor("paula"),
                now=LATER,
            )


class TestNamingTheAffiliateOfAFile:
    @pytest.mark.requirement("ASIS-02.3")
    def test_found_after_opening_it_brings_its_plan(self, quetzal):
        file = opening(quetzal, account="ruta_clara", plan="nada")
        assert file.plan == ""
        affiliate = an_affiliate(quetzal, account="ruta_clara")
        doing(quetzal, name_affiliate, file, "luz", LATER, affiliate_id=affiliate.pk, version=file.version)
        file.refresh_from_db()
        assert (file.affiliate, file.plan, file.version) == (affiliate, "ruta_total", 2)

    def test_of_another_account_or_once_accepted_it_is_refused(self, quetzal):
        file = opening(quetzal)
        stranger = an_affiliate(quetzal, account="ruta_clara")
        with pytest.raises(Refused) as no:
            doing(quetzal, name_affiliate, file, "luz", LATER, affiliate_id=stranger.pk)
        assert "otra cuenta" in str(no.value)
        begun = accepted(quetzal).file
        other = an_affiliate(quetzal, document_number="1.990.000.029")
        with pytest.raises(Refused) as no:
            doing(quetzal, name_affiliate, begun, "luz", LATER, affiliate_id=other.pk)
        assert "Ya se aceptó" in str(no.value)

    def test_over_an_older_page_it_changes_nothing(self, quetzal):
        file = opening(quetzal)
        affiliate = an_affiliate(quetzal)
        doing(quetzal, name_affiliate, file, "luz", LATER, affiliate_id=affiliate.pk, version=1)
        with pytest.raises(Overtaken):
            doing(quetzal, name_affiliate, file, "fabian", LATER + HOUR, affiliate_id=affiliate.pk, version=1)
        assert lines(file) == ["opened", "affiliate"]
