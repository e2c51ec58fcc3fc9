"""Staff come in by password and code, only where they work, and nobody learns who has an account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.kernel.orgs.second_factor import code_now, give_second_factor
from tests.cast import PASSWORD
from tests.make import a_house

HERE = {"host": "cafetal.localhost"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LUCIA = "lucia@cafetal.example.org"
ENTER, CODE, ACTIVATE = "/mesa/entrar/", "/mesa/segundo-factor/codigo/", "/mesa/segundo-factor/activacion/"
BACKUP, RESET = "/mesa/segundo-factor/respaldo/", "/mesa/clave/"


@pytest.fixture
def lucia(cafetal):
    """A member who has her second factor."""
    account = cafetal.members["lucia"].account
    give_second_factor(account, secret=SECRET)
    return account


@pytest.fixture
def visitor(cafetal):
    return Client(headers=HERE)


def code(*, later: int = 0) -> str:
    return code_now(SECRET, at=datetime.now(UTC) + timedelta(seconds=later))


def enter(visitor, email=LUCIA, password=PASSWORD, onward=""):
    data = {"login": email, "password": password} | ({"next": onward} if onward else {})
    return visitor.post(ENTER, data)


def is_in(visitor) -> bool:
    return "_auth_user_id" in visitor.session


class TestComingIn:
    def test_password_and_then_code(self, visitor, lucia):
        before = visitor.get(ENTER)
        assert before.status_code == 200 and "Correo electrónico" in before.text

        assert enter(visitor)["location"] == CODE
        assert not is_in(visitor)
        key = visitor.session.session_key

        assert "Escriba su código" in visitor.get(CODE).text
        assert visitor.post(CODE, {"code": code()})["location"] == "/mesa/"
        assert is_in(visitor)
        assert visitor.session.session_key != key
        assert visitor.session.get_expiry_age() == 12 * 3600

    def test_a_wrong_password_and_an_unknown_e_mail_read_the_same(self, visitor, lucia):
        said = "El correo o la clave no son correctos"
        wrong, unknown = enter(visitor, password="otra-clave-larga"), enter(visitor, email="nadie@example.org")
        assert said in wrong.text and said in unknown.text
        assert without_marks(wrong.text, LUCIA) == without_marks(unknown.text, "nadie@example.org")
        assert not is_in(visitor)

    def test_a_wrong_code_does_not_come_in(self, visitor, lucia):
        enter(visitor)
        assert "Ese código no sirve" in visitor.post(CODE, {"code": "000000"}).text
        assert not is_in(visitor)

    def test_a_code_opens_once(self, cafetal, lucia, visitor):
        enter(visitor)
        used = code()
        assert visitor.post(CODE, {"code": used}).status_code == 302

        other = Client(headers=HERE)
        enter(other)
        assert "Ese código ya se usó" in other.post(CODE, {"code": used}).text
        assert not is_in(other)
        assert other.post(CODE, {"code": code(later=30)}).status_code == 302

    def test_the_code_page_is_not_reached_without_a_password(self, visitor, lucia):
        assert visitor.get(CODE)["location"] == ENTER

    def test_another_account_can_be_used_instead(self, visitor, lucia):
        enter(visitor)
        assert visitor.get(ENTER)["location"] == CODE
        visitor.post("/mesa/salir/")
        assert visitor.get(ENTER).status_code == 200

    def test_too_many_tries_are_told_so(self, visitor, lucia):
        for _try in range(5):
            enter(visitor, password="otra-clave-larga")
        assert "Espere cinco minutos" in enter(visitor).text
        assert not is_in(visitor)

    def test_too_many_codes_are_told_so(self, visitor, lucia):
        enter(visitor)
        for _try in range(5):
            visitor.post(CODE, {"code": "000000"})
        assert "Espere cinco minutos" in visitor.post(CODE, {"code": code()}).text
        assert not is_in(visitor)

    def test_too_many_from_one_network_are_told_so(self, visitor, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
        enter(visitor)
        page = enter(visitor)
        assert page.status_code == 429 and "Demasiados intentos" in page.text

    def test_an_account_without_activity_is_told_after_its_password(self, visitor, lucia):
        lucia.is_active = False
        lucia.save(update_fields=["is_active"])
        page = visitor.post(ENTER, {"login": LUCIA, "password": PASSWORD}, follow=True)
        assert "Su cuenta no está activa" in page.text and not is_in(visitor)


class TestWhereTheyWork:
    def test_an_account_of_another_organisation_is_told_so_after_its_password(self, visitor, lucia):
        a_house("corrioverde")
        other = Client(headers={"host": "corrioverde.localhost"})
        page = other.post(ENTER, {"login": LUCIA, "password": PASSWORD}, follow=True)
        assert "Esta cuenta no pertenece a" in page.text
        assert not is_in(other)
        assert other.get(CODE)["location"] == ENTER

        wrong = other.post(ENTER, {"login": LUCIA, "password": "otra-clave-larga"}, follow=True)
        assert "Esta cuenta no pertenece a" not in wrong.text

    def test_who_left_is_no_member(self, cafetal, visitor, lucia):
        member = cafetal.members["lucia"]
        member.active = False
        member.save(update_fields=["active"])
        assert (
            "Esta cuenta no pertenece a"
            in visitor.post(ENTER, {"login": LUCIA, "password": PASSWORD}, follow=True).text
        )

    def test_nobody_signs_in_at_a_host_without_organisation(self, db):
        assert Client(headers={"host": "localhost"}).get(ENTER).status_code == 404

    def test_nobody_signs_up(self, visitor):
        assert visitor.get(reverse("account_signup")).status_code == 404
        assert visitor.post(reverse("account_signup"), {"email": "a@example.org"}).status_code == 404


class TestWhereTheyGo:
    @pytest.mark.parametrize("onward", ["/mesa/casos/?q=reserva", "http://cafetal.localhost/mesa/casos/"])
    def test_on_to_where_they_were_going(self, visitor, lucia, onward):
        assert 'name="next"' in visitor.get(ENTER, {"next": onward}).text
        enter(visitor, onward=onward)
        assert visitor.post(CODE, {"code": code()})["location"] == onward

    @pytest.mark.parametrize(
        "onward",
        [
            "https://example.org/",
            "//example.org/",
            "/\\example.org",
            "http://corrioverde.localhost/mesa/",
            "javascript:alert(1)",
        ],
    )
    def test_never_to_another_host(self, visitor, lucia, onward):
        enter(visitor, onward=onward)
        assert visitor.post(CODE, {"code": code()})["location"] == "/mesa/"

    def test_leaving_is_a_post(self, visitor, lucia):
        enter(visitor)
        visitor.post(CODE, {"code": code()})
        assert visitor.get("/mesa/salir/").status_code == 405
        assert is_in(visitor)
        assert visitor.post("/mesa/salir/")["location"] == ENTER
        assert not is_in(visitor)


class TestActivating:
    def test_comes_before_anything_and_leads_on(self, cafetal, visitor):
        assert enter(visitor, onward="/mesa/casos/")["location"] == ACTIVATE
        assert visitor.get("/mesa/")["location"] == ACTIVATE

        page = visitor.get(ACTIVATE)
        secret = page.context["secret"]
        assert " ".join(re.findall("....", secret)) in page.text
        assert "<svg" in page.text and "style=" not in page.text
        assert "no-cache" in page["cache-control"]

        wrong = visitor.post(ACTIVATE, {"code": "000000"})
        assert "Ese código no sirve" in wrong.text and wrong.context["secret"] == secret

        assert visitor.post(ACTIVATE, {"code": code_now(secret, at=datetime.now(UTC))})["location"] == BACKUP
        shown = visitor.get(BACKUP)
        assert shown.text.count("<li><code>") == 10 and 'download="codigos' in shown.text
        assert shown.context["onward"] == "/mesa/casos/"
        assert visitor.get("/mesa/").status_code == 200

    def test_the_codes_are_shown_once(self, visitor):
        codes = activated(visitor)[1]
        again = visitor.get(BACKUP).text
        assert "Si no los guardó, haga otros" in again and not any(one in again for one in codes)

    def test_a_backup_code_opens_once(self, visitor):
        backup = activated(visitor)[1][0]
        other = Client(headers=HERE)
        enter(other)
        assert other.post(CODE, {"code": backup})["location"] == "/mesa/"

        third = Client(headers=HERE)
        enter(third)
        assert "Ese código ya se usó" in third.post(CODE, {"code": backup}).text
        cache.clear()
        assert "Ese código no sirve" in third.post(CODE, {"code": backup}).text

    def test_new_backup_codes_end_the_old_ones(self, visitor):
        backup = activated(visitor)[1]
        made = visitor.post("/mesa/segundo-factor/respaldo/nuevos/")
        assert made["location"] == BACKUP
        fresh = visitor.get(BACKUP).context["unused_codes"]
        assert not set(fresh) & set(backup)

    def test_the_secret_is_not_readable_in_the_database(self, visitor, lucia):
        assert SECRET not in str(Authenticator.objects.get(user=lucia).data)

    def test_another_telephone_takes_its_place_in_one_act(self, cafetal, visitor):
        old = activated(visitor)[0]
        page = visitor.get("/mesa/segundo-factor/reemplazo/")
        new = page.context["secret"]
        assert new != old
        account = cafetal.members["lucia"].account
        assert visitor.post("/mesa/segundo-factor/reemplazo/", {"code": "000000"}).status_code == 200
        assert (
            Authenticator.objects.get(user=account, type="totp")
            .wrap()
            .validate_code(code_now(old, at=datetime.now(UTC)))
        )

        assert (
            visitor.post("/mesa/segundo-factor/reemplazo/", {"code": code_now(new, at=datetime.now(UTC))}).status_code
            == 302
        )
        kept = Authenticator.objects.get(user=account, type="totp").wrap()
        assert kept.validate_code(code_now(new, at=datetime.now(UTC)))
        assert not kept.validate_code(code_now(old, at=datetime.now(UTC) + timedelta(seconds=30)))

    def test_who_came_in_long_ago_confirms_the_password(self, cafetal, visitor):
        activated(visitor)
        session = visitor.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 3600
        session.save()

        asked = visitor.get("/mesa/segundo-factor/reemplazo/")
        assert asked["location"].startswith("/mesa/confirmacion/?next=")
        assert "Confirme que es usted" in visitor.get(asked["location"]).text
        assert "Esa no es su clave" in visitor.post(asked["location"], {"password": "otra-clave-larga"}).text
        assert visitor.post(asked["location"], {"password": PASSWORD})["location"] == "/mesa/segundo-factor/reemplazo/"
        assert visitor.get("/mesa/segundo-factor/reemplazo/").status_code == 200

    def test_is_for_who_signed_in(self, visitor):
        for address in (ACTIVATE, BACKUP, "/mesa/segundo-factor/", "/mesa/segundo-factor/reemplazo/"):
            assert visitor.get(address)["location"].startswith(ENTER)


class TestResettingThePassword:
    def test_the_link_is_queued_and_works_once(self, cafetal, visitor, lucia):
        assert visitor.post(RESET, {"email": LUCIA.upper()})["location"] == "/mesa/clave/enviada/"
        message = Message.objects.get(org=cafetal.org)
        assert (message.subject, message.to) == (f"account:{lucia.pk}", LUCIA)
        assert message.state == Message.State.QUEUED and message.title == "Cambio de su clave"

        link = re.search(r"http://cafetal\.localhost\S*(/mesa/clave/nueva/\S+)", message.body)[1]
        form = visitor.get(link, follow=True)
        place = form.redirect_chain[-1][0]
        assert link not in place and "Escriba su clave nueva" in form.text

        short = visitor.post(place, {"password1": "corta", "password2": "corta"})
        assert short.status_code == 200 and "has-error" in short.text
        new = "otra frase que solo ella diría"
        done = visitor.post(place, {"password1": new, "password2": new}, follow=True)
        assert "Su clave cambió" in done.text and not is_in(visitor)

        assert "Este enlace ya no sirve" in Client(headers=HERE).get(link, follow=True).text
        assert "no son correctos" in enter(visitor).text
        assert enter(visitor, password=new)["location"] == CODE

    def test_an_organisation_of_examples_keeps_it(self, cafetal, visitor, mailoutbox):
        visitor.post(RESET, {"email": LUCIA})
        deliver(now=datetime.now(UTC))
        assert Message.objects.get().state == Message.State.KEPT
        assert mailoutbox == []

    def test_nobody_learns_who_has_an_account(self, cafetal, visitor):
        there = visitor.post(RESET, {"email": LUCIA}, follow=True)
        nobody = visitor.post(RESET, {"email": "nadie@example.org"}, follow=True)
        assert there.text == nobody.text
        assert Message.objects.count() == 1

    def test_at_another_organisation_nothing_is_written(self, cafetal):
        a_house("corrioverde")
        page = Client(headers={"host": "corrioverde.localhost"}).post(RESET, {"email": LUCIA}, follow=True)
        assert "Revise su correo" in page.text
        assert not Message.objects.exists()


@pytest.mark.parametrize("right", ["SELECT", "INSERT", "UPDATE", "DELETE"])
def test_the_role_that_serves_counts_the_tries(db, right):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'escucha_cache', %s)", [settings.RUN_ROLE, right])
        assert cursor.fetchone() == (True,)


def test_every_name_that_allauth_looks_for_has_a_noun():
    from escucha.web.desk.sign_in_urls import urlpatterns

    assert all(pattern.callback.entry == "public" for pattern in urlpatterns)
    assert not [pattern for pattern in urlpatterns if re.search("login|logout|password|totp", str(pattern.pattern))]


def activated(visitor) -> tuple[str, list[str]]:
    """Lucía, in and with a second factor made by herself: its secret and her backup codes."""
    enter(visitor)
    secret = visitor.get(ACTIVATE).context["secret"]
    visitor.post(ACTIVATE, {"code": code_now(secret, at=datetime.now(UTC))})
    return secret, visitor.get(BACKUP).context["unused_codes"]


def without_marks(text: str, email: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).replace(email, "")
