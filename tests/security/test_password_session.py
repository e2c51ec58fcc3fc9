"""FAULT?: a session by password alone, opened before the factor was activated, takes the factor over."""

import pytest
from django.test import Client
from django.utils import timezone

from escucha.kernel.orgs.second_factor import code_now, give_second_factor, sample_secret
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
HERE = {"host": "cafetal.localhost"}


def came_in(browser):
    return browser.get("/mesa/").status_code == 200


@pytest.fixture
def thief(cafetal):
    account = cafetal.members["lucia"].account
    browser = Client(headers=HERE)
    browser.post("/mesa/entrar/", {"login": account.email, "password": PASSWORD})
    give_second_factor(account, secret=sample_secret(account.email))  # its owner activates it elsewhere
    return browser


def test_it_does_not_replace_the_factor(thief):
    page = thief.get("/mesa/segundo-factor/reemplazo/")
    if page.status_code == 302:
        thief.post(page.headers["Location"], {"password": PASSWORD})
        page = thief.get("/mesa/segundo-factor/reemplazo/")
    if page.status_code == 200 and page.context and "secret" in page.context:
        secret = page.context["secret"]
        thief.post("/mesa/segundo-factor/reemplazo/", {"code": code_now(secret, at=timezone.now())})
    assert not came_in(thief)


def test_it_does_not_make_recovery_codes(thief, cafetal):
    page = thief.post("/mesa/segundo-factor/respaldo/nuevos/")
    page = thief.get("/mesa/segundo-factor/respaldo/")
    assert page.status_code != 200 or not page.context.get("unused_codes")
