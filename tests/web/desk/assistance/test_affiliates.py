"""Affiliates at the desk: found while a caller waits, put right, and imported from a file that is seen first."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.assistance.models import Affiliate, AffiliateImport
from escucha.contexts.assistance.operations.importing.running import run_imports
from escucha.contexts.assistance.operations.registering import register_affiliate
from tests.contexts.assistance.affiliates.sent import JULIO, MARTA, NIDIA, affiliate, as_csv, imported
from tests.make import a_house
from tests.web.desk.conftest import sign_in

HOME = "/mesa/asistencia/afiliados/"
IMPORTS = f"{HOME}importaciones/"


@pytest.fixture
def enter(no_static_folder, quetzal):
    def entered(who, **options):
        client = Client(headers={"host": quetzal.org.host}, **options)
        sign_in(client, quetzal.members[who].account)
        return client

    return entered


def sent(content, account="techo_amigo", name="afiliados.csv"):
    return {"account": account, "file": SimpleUploadedFile(name, content)}


def names_in(page):
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


class TestLookingUp:
    @pytest.mark.requirement("ASIS-01.4", "ASIS-01.5")
    def test_by_document_field_or_telephone_in_every_account(self, enter, quetzal):
        imported(quetzal, as_csv(MARTA, JULIO))
        luz = enter("luz")
        for said in ("1990000011", "1.990.000.011", "pol 11", "POL-11", "+57 300 000 0011"):
            assert names_in(luz.get(HOME, {"q": said}).text) == ["Marta Inés Cadavid Ríos"], said
        assert "No encontramos a nadie" in luz.get(HOME, {"q": "1990000099"}).text

    def test_by_name_only_within_an_account(self, enter, quetzal):
        imported(quetzal, as_csv(MARTA, NIDIA))
        luz = enter("luz")
        assert names_in(luz.get(HOME, {"q": "avila nidia", "cuenta": "techo_amigo"}).text) == ["Nidia Ávila"]
        assert names_in(luz.get(HOME, {"q": "Marta Cadavid", "cuenta": "techo_amigo"}).text) == [
            "Marta Inés Cadavid Ríos"
        ]
        assert not names_in(luz.get(HOME, {"q": "Marta Cadavid"}).text)
        assert not names_in(luz.get(HOME, {"q": "avila", "cuenta": "ruta_clara"}).text)

    def test_an_account_is_listed_by_surname_page_by_page(self, enter, quetzal, monkeypatch):
        monkeypatch.setattr("escucha.web.desk.assistance.affiliates.LIMIT", 2)
        imported(quetzal, as_csv(MARTA, JULIO, NIDIA))
        luz = enter("luz")
        page = luz.get(HOME, {"cuenta": "techo_amigo"}).text
        assert names_in(page) == ["Nidia Ávila", "Marta Inés Cadavid Ríos"]
        onward = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
        assert names_in(luz.get(f"{HOME}{onward}").text) == ["Julio Peñaloza"]
        assert names_in(luz.get(HOME, {"cuenta": "techo_amigo", "estado": "inactive"}).text) == ["Nidia Ávila"]
        assert len(names_in(luz.get(HOME, {"cuenta": "techo_amigo", "desde": "<x>_"}).text)) == 2

    def test_is_for_who_assists_and_of_its_own_organisation(self, enter, quetzal, at_desk):
        imported(quetzal, as_csv(MARTA))
        one = affiliate(quetzal, MARTA[0])
        codes = {who: enter(who).get(HOME).status_code for who in ("luz", "paula", "irma", "ester", "wilson")}
        assert codes == {"luz": 200, "paula": 200, "irma": 200, "ester": 200, "wilson": codes["wilson"]}
        assert codes["wilson"] in (200, 403)
        assert at_desk("lucia").get(f"{HOME}{one.pk}/").status_code in (403, 404)
        other = a_house("vidamar")
        stranger = Client(headers={"host": other.org.host})
        sign_in(stranger, other.members["marina"].account)
        assert stranger.get(f"{HOME}{one.pk}/").status_code in (403, 404)
        assert Client(headers={"host": quetzal.org.host}).get(HOME).status_code == 302

    def test_takes_as_many_queries_for_many_as_for_one(self, enter, quetzal):
        luz = enter("luz")
        imported(quetzal, as_csv(MARTA))
        luz.get(HOME, {"cuenta": "techo_amigo"})
        with CaptureQueriesContext(
            connection,
        ) as few:
            luz.get(HOME, {"cuenta": "techo_amigo"})
        imported(quetzal, as_csv(MARTA, JULIO, NIDIA))
        with CaptureQueriesContext(connection) as many:
            luz.get(HOME, {"cuenta": "techo_amigo"})
        assert len(few) == len(many)


class TestOne:
    @pytest.mark.requirement("ASIS-01.1", "ASIS-01.2")
    def test_shows_its_plan_with_limits_and_conditions(self, enter, quetzal):
        imported(quetzal, as_csv(MARTA))
        page = enter("luz").get(f"{HOME}{affiliate(quetzal, MARTA[0]).pk}/").text
        for said in (
            "Techo Básico",
            "Plomería",
            "COP 200.000",
            "3 al año",
            "Sin límite",
            "Cubre daños súbitos",
            "Activo",
        ):
            assert said in page
        assert "Marcar como inactivo" not in page

    def test_is_made_inactive_and_active_again(self, enter, quetzal):
        imported(quetzal, as_csv(MARTA))
        one = affiliate(quetzal, MARTA[0])
        paula, address = enter("paula"), f"{HOME}{one.pk}/estado/"
        assert paula.post(address, {"status": "inactive"}).status_code == 302
        assert affiliate(quetzal, MARTA[0]).status == "inactive"
        assert paula.post(address, {"status": "inactive"}).status_code == 409
        assert paula.post(address, {"status": "to_verify"}).status_code == 422
        assert "Pasó a estar inactivo" in paula.get(f"{HOME}{one.pk}/").text
        assert paula.post(address, {"status": "active"}).status_code == 302
        assert enter("luz").post(address, {"status": "inactive"}).status_code == 403
        assert enter("paula", enforce_csrf_checks=True).post(address, {"status": "inactive"}).status_code == 403
        assert affiliate(quetzal, MARTA[0]).status == "active"

    @pytest.mark.requirement("ASIS-01.2")
    def test_registered_by_hand_is_verified(self, enter, quetzal):
        one = register_affiliate(
            org=quetzal.org, account="techo_amigo", first_name="Ciro", document_number="1990000021",
            by=quetzal.actor("luz"), now=timezone.now(),
        )  # fmt: skip
        paula, address = enter("paula"), f"{HOME}{one.pk}/verificacion/"
        assert "Falta verificarlo" in paula.get(f"{HOME}{one.pk}/").text
        assert paula.post(address, {}).status_code == 422
        assert paula.post(f"{HOME}{one.pk}/estado/", {"status": "active"}).status_code == 409
        assert (
            paula.post(address, {"answer": "yes", "plan": "techo_basico", "since_on": "2026-01-01"}).status_code == 302
        )
        one.refresh_from_db()
        assert (one.status, one.plan) == ("active", "techo_basico")
        assert paula.post(address, {"answer": "no"}).status_code == 409
        assert enter("luz").post(address, {"answer": "no"}).status_code == 403


@pytest.mark.requirement("ASIS-01.3")
class TestImporting:
    def test_is_seen_before_it_goes_in_and_followed_until_it_did(self, enter, quetzal):
        paula = enter("paula")
        wrong = [*JULIO[:4], "Plan secreto", *JULIO[5:]]
        answer = paula.post(f"{IMPORTS}nueva/", sent(as_csv(MARTA, wrong)))
        seen = paula.get(answer.url).text
        for said in (
            "afiliados.csv",
            "Número de póliza",
            "Trae 2 filas; con errores: 1",
            "La cuenta no tiene ese plan",
        ):
            assert said in seen
        assert "secreto" not in seen and not Affiliate.objects.exists()
        assert paula.post(f"{answer.url}confirmacion/", {"bad_rows": "buenas"}).status_code == 422
        assert paula.post(f"{answer.url}confirmacion/", {"bad_rows": "buenas", "missing": "siguen"}).url == answer.url
        waiting = paula.get(answer.url).text
        assert "Empieza en un momento" in waiting and 'hx-trigger="every 2s"' in waiting
        run_imports(now=timezone.now())
        done = paula.get(answer.url).text
        assert "Entró, menos las filas con errores" in done and "hx-trigger" not in done
        file = paula.get(f"{answer.url}filas.csv")
        assert b"".join(file.streaming_content).decode("utf-8-sig").splitlines()[1].startswith("3,Plan,")
        assert "attachment" in file["Content-Disposition"]
        assert "afiliados.csv" in paula.get(IMPORTS).text

    def test_may_be_dropped(self, enter, quetzal):
        paula = enter("paula")
        address = paula.post(f"{IMPORTS}nueva/", sent(as_csv(MARTA))).url
        assert paula.post(f"{address}descarte/").url == IMPORTS
        assert paula.post(f"{address}descarte/").status_code == 409
        assert run_imports(now=timezone.now()) == 0

    def test_says_what_is_wrong_and_keeps_nothing(self, enter, quetzal):
        paula = enter("paula")
        for said in ({}, sent(b"%PDF-1.7 algo"), sent(b""), sent(as_csv(MARTA), account="otra")):
            assert paula.post(f"{IMPORTS}nueva/", said).status_code == 422
        assert not AffiliateImport.objects.exists()
        assert "No encontramos los títulos" in paula.get(paula.post(f"{IMPORTS}nueva/", sent(b"hola\n")).url).text

    def test_a_file_larger_than_a_form_may_bring_is_taken_here(self, enter, quetzal, settings, monkeypatch):
        """What a letter may weigh is one thing, a client's million rows another; a stranger sends neither."""
        monkeypatch.setattr("escucha.web.ui.uploads.BESIDE_FILES", -(60 * 1024 * 1024) + 64)
        paula = enter("paula")
        assert paula.post(f"{IMPORTS}nueva/", sent(as_csv(MARTA))).status_code == 302
        stranger = Client(headers={"host": quetzal.org.host})
        assert stranger.post(f"{IMPORTS}nueva/", sent(as_csv(MARTA))).status_code in (302, 413)
        assert AffiliateImport.objects.count() == 1

    def test_is_for_who_may(self, enter, quetzal):
        address = enter("paula").post(f"{IMPORTS}nueva/", sent(as_csv(MARTA))).url
        luz = enter("luz")
        for path in (IMPORTS, f"{IMPORTS}nueva/", address, f"{address}filas.csv"):
            assert luz.get(path).status_code == 403
        for path in (f"{IMPORTS}nueva/", f"{address}confirmacion/", f"{address}descarte/"):
            assert luz.post(path).status_code == 403
        other = a_house("vidamar")
        stranger = Client(headers={"host": other.org.host})
        sign_in(stranger, other.members["marina"].account)
        assert stranger.get(address).status_code in (403, 404)
        assert enter("paula").get(f"{IMPORTS}999999/").status_code == 404
