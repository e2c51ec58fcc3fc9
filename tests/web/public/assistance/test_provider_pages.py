"""The provider's pages, behind the links of its messages: the offer says nobody's name; the work goes step by step."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from escucha.contexts.assistance.models import Assignment, Assistance, Offer
from escucha.contexts.assistance.operations.offering import close_offers, send_offers
from escucha.contexts.assistance.operations.serving import authorise
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.messaging.rules.writing import masked
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_provider
from tests.contexts.assistance.service.steps import assigned
from tests.make import a_house

pytestmark = pytest.mark.django_db
PRIVATE = ("Rebeca", "Pedraza", "Calle 900", "Avenida 900", "000 0021", "000 0022")
MEDELLIN = {"service": "grua", "area": "co/antioquia/medellin"}


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(TUESDAY + timedelta(minutes=1), tick=False)
    return time_machine


@pytest.fixture
def house():
    return a_house("quetzal")


def ask(client, path, said=None, slug="quetzal"):
    call = client.get if said is None else client.post
    return call(path, said or {}, headers={"host": f"{slug}.localhost"})


def words(response):
    return response.content.decode()


def a_picture():
    made = BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, "PNG")
    made.seek(0)
    made.name = "foto.png"
    return made


@pytest.fixture
def offers(house, time_machine):
    time_machine.move_to(TUESDAY + timedelta(seconds=10), tick=False)
    for place in range(3):
        a_provider(house, f"Grúas {place}", position=place + 1, **MEDELLIN)
    assistance = accepted(house, account="ruta_clara", plate="ZZZ900")
    send_offers(org=house.org, assistance_id=assistance.pk, by=house.actor("luz"), now=TUESDAY)
    return list(Offer.objects.order_by("position"))


class TestOffers:
    @pytest.mark.requirement("ASIS-05.2")
    def test_say_what_and_where_and_never_who(self, client, offers):
        page = words(ask(client, f"/oferta/{offers[0].code}/"))
        assert "Grúa" in page
        assert "Medellín" in page
        assert not [one for one in PRIVATE if one in page]
        assert "ZZZ900" not in page

    def test_looking_answers_nothing(self, client, offers):
        ask(client, f"/oferta/{offers[0].code}/")
        assert set(Offer.objects.values_list("state", flat=True)) == {"open"}

    def test_the_first_of_the_order_that_accepts_goes_and_the_rest_are_told(self, client, offers):
        first, second, _third = (f"/oferta/{one.code}/" for one in offers)
        assert ask(client, first, {"accept": "1"}).status_code == 422
        assert ask(client, first, {"accept": "1", "minutes": "0"}).status_code == 422
        ask(client, first, {"accept": "1", "minutes": "25"})
        work = Assignment.objects.get()
        assert work.provider == offers[0].provider
        assert ask(client, first).headers["Location"] == f"/trabajo/{work.page_code}/"
        page = words(ask(client, second))
        assert "Ya fue otra persona" in page
        assert ask(client, second, {"accept": "1", "minutes": "5"}).status_code == 409
        assert Assignment.objects.count() == 1

    def test_who_cannot_says_so_once_or_twice(self, client, offers):
        path = f"/oferta/{offers[0].code}/"
        ask(client, path, {"refuse": "1"})
        ask(client, path, {"refuse": "1"})
        assert "no puede ir" in words(ask(client, path))

    def test_who_accepted_waits_for_who_is_better_placed_and_is_told_so(self, client, offers):
        second = f"/oferta/{offers[1].code}/"
        ask(client, second, {"accept": "1", "minutes": "25"})
        page = words(ask(client, second))
        assert "Espere un momento" in page
        assert "ya se cerró" not in page
        assert not Assignment.objects.exists()

    def test_out_of_time_it_says_so(self, client, offers, time_machine):
        time_machine.move_to(TUESDAY + timedelta(minutes=3), tick=False)
        close_offers(now=TUESDAY + timedelta(minutes=3))
        assert "Se acabó el tiempo" in words(ask(client, f"/oferta/{offers[1].code}/"))

    def test_a_guess_and_another_organisation_find_nothing(self, client, offers):
        a_house("cafetal")
        assert ask(client, "/oferta/adivinado123/").status_code == 404
        assert ask(client, f"/oferta/{offers[0].code}/", slug="cafetal").status_code == 404


class TestWork:
    @pytest.fixture
    def work(self, house, clock):
        assigned(house)
        return Assignment.objects.get()

    def test_the_address_is_shown_to_who_asks_for_it_and_it_stays_written(self, client, work):
        path = f"/trabajo/{work.page_code}/"
        assert not [one for one in PRIVATE if one in words(ask(client, path))]
        work.refresh_from_db()
        assert work.disclosed_at is None
        ask(client, f"{path}lugar/", {})
        assert "Calle 900" in words(ask(client, path))
        work.refresh_from_db()
        assert work.disclosed_at

    @pytest.mark.requirement("ASIS-10.1")
    def test_goes_from_the_way_to_the_end_and_every_step_is_done_once(self, client, house, work, clock):
        path = f"/trabajo/{work.page_code}/"

        def press(act, **said):
            for _twice in range(2):
                assert ask(client, f"{path}{act}/", said).status_code == 302
            clock.shift(timedelta(minutes=2))
            return Assistance.objects.get().stage

        assert "lo esperan a las 10:30" in words(ask(client, path))
        press("salida")
        assert press("llegada") == Stage.ARRIVED
        assert press("encuentro", identity="affiliate") == Stage.CONTACTED
        assert press("diagnostico", text="El sifón está roto", cost="80.000", minutes="40") == Stage.DIAGNOSED
        assert Assistance.objects.get().quoted == 80_000
        assert "Espere la autorización" in words(ask(client, path))
        authorise(
            org=house.org,
            assistance_id=work.assistance_id,
            by=house.actor("luz"),
            now=TUESDAY + timedelta(minutes=20),
        )
        clock.move_to(TUESDAY + timedelta(minutes=30))
        assert press("termino") == Stage.FINISHED
        assert "Trabajo terminado" in words(ask(client, path))
        assert not [one for one in PRIVATE if one in words(ask(client, path))]

    def test_what_is_missing_is_said_and_what_was_typed_is_kept(self, client, house, work, clock):
        path = f"/trabajo/{work.page_code}/"
        ask(client, f"{path}salida/", {})
        ask(client, f"{path}llegada/", {})
        assert ask(client, f"{path}encuentro/", {}).status_code == 422
        ask(client, f"{path}encuentro/", {"identity": "beneficiary"})
        answer = ask(client, f"{path}diagnostico/", {"text": "Se rompió", "cost": "mucho", "minutes": "10"})
        assert answer.status_code == 422
        assert "Se rompió" in words(answer)
        assert "con números" in words(answer)

    @pytest.fixture
    def met(self, client, work, clock):
        """The page of who stands before the affiliate, and what it will say."""
        path = f"/trabajo/{work.page_code}/"
        ask(client, f"{path}salida/", {})
        ask(client, f"{path}llegada/", {})
        ask(client, f"{path}encuentro/", {"identity": "affiliate"})
        return f"{path}diagnostico/", {"text": "Roto", "cost": "100", "minutes": "10"}

    def test_a_photo_goes_with_the_diagnosis(self, client, work, met):
        path, said = met
        assert ask(client, path, said | {"photo": a_picture()}).status_code == 302
        assert Attachment.objects.get().subject == work.assistance.subject

    def test_without_its_photo_there_is_no_diagnosis_and_without_diagnosis_no_photo(self, client, met, clock):
        path, said = met
        odd = BytesIO(b"MZ\x90\x00 this runs")
        odd.name = "foto.png"
        answer = ask(client, path, said | {"photo": odd})
        assert answer.status_code == 409 and "Roto" in words(answer) and "foto.png" in words(answer)
        assert (Assistance.objects.get().stage, File.objects.count()) == (Stage.CONTACTED, 0)
        clock.shift(timedelta(hours=-1))  # it would end before they met
        assert ask(client, path, said | {"photo": a_picture()}).status_code == 409
        assert not File.objects.exists()

    @pytest.mark.parametrize(("ago", "minutes"), [("300", 5), ("", 0), ("-60", 0), ("x", 0), ("999999", 9)])
    def test_what_was_pressed_without_network_keeps_its_hour(self, client, work, clock, ago, minutes):
        clock.move_to(TUESDAY + timedelta(minutes=9), tick=False)
        path = f"/trabajo/{work.page_code}/"
        ask(client, f"{path}salida/", {})
        ask(client, f"{path}llegada/", {"ago": ago})
        pressed = TUESDAY + timedelta(minutes=9 - minutes)
        assert Assistance.objects.get().arrived_at == max(pressed, Assistance.objects.get().assigned_at)

    def test_a_step_that_is_not_next_changes_nothing(self, client, work):
        assert ask(client, f"/trabajo/{work.page_code}/termino/", {}).status_code == 302
        assert ask(client, f"/trabajo/{work.page_code}/otra/", {}).status_code == 404
        assert Assistance.objects.get().stage == Stage.ASSIGNED

    def test_a_guess_and_another_organisation_find_nothing(self, client, work):
        a_house("cafetal")
        assert ask(client, "/trabajo/adivinado123/").status_code == 404
        for noun in ("", "lugar/", "llegada/"):
            said = {} if noun else None
            assert ask(client, f"/trabajo/{work.page_code}/{noun}", said, slug="cafetal").status_code == 404

    def test_its_link_is_masked_for_who_is_not_its_reader(self, work):
        assert work.page_code not in masked(f"https://quetzal.example.org/trabajo/{work.page_code}/")
