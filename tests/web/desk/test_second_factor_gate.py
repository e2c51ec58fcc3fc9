"""A session that came in by password alone stays out, whatever happens to its account elsewhere."""

import pytest
from django.test import Client
from django.utils import timezone

from escucha.kernel.orgs.second_factor import code_now, give_second_factor, sample_secret
from tests.cast import PASSWORD

HOST = {"headers": {"host": "cafetal.localhost"}}


def test_a_password_session_does_not_inherit_a_factor_activated_elsewhere(client, cafetal):
    account = cafetal.members["lucia"].account
    client.post("/mesa/entrar/", {"login": account.email, "password": PASSWORD}, **HOST)
    give_second_factor(account, secret=sample_secret(account.email))

    answer = client.get("/mesa/", **HOST)

    assert answer.status_code == 302 and answer.url.startswith("/mesa/entrar/")
    client.post("/mesa/entrar/", {"login": account.email, "password": PASSWORD}, **HOST)
    code = code_now(sample_secret(account.email), at=timezone.now())
    client.post("/mesa/segundo-factor/codigo/", {"code": code}, **HOST)
    assert client.get("/mesa/", **HOST).status_code == 200


def test_activating_it_ends_the_other_sessions_of_the_account(client, cafetal):
    account = cafetal.members["lucia"].account
    other = Client(**HOST)
    for browser in (client, other):
        browser.post("/mesa/entrar/", {"login": account.email, "password": PASSWORD}, **HOST)
    secret = client.get("/mesa/segundo-factor/activacion/", **HOST).context["secret"]

    client.post("/mesa/segundo-factor/activacion/", {"code": code_now(secret, at=timezone.now())}, **HOST)

    assert client.get("/mesa/", **HOST).status_code == 200
    assert other.get("/mesa/segundo-factor/").url.startswith("/mesa/entrar/")
    assert client.get("/mesa/segundo-factor/respaldo/", **HOST).context["unused_codes"]


@pytest.mark.parametrize("address", ["", "activacion/", "reemplazo/", "respaldo/", "respaldo/nuevos/"])
def test_nor_does_a_password_session_reach_a_page_about_the_factor(client, cafetal, address):
    account = cafetal.members["lucia"].account
    client.post("/mesa/entrar/", {"login": account.email, "password": PASSWORD}, **HOST)
    give_second_factor(account, secret=sample_secret(account.email))

    assert client.get(f"/mesa/segundo-factor/{address}", **HOST).url.startswith("/mesa/entrar/")
    assert "_auth_user_id" not in client.session
