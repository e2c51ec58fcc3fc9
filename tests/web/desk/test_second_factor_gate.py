"""A session that came in by password alone stays out, whatever happens to its account elsewhere."""

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
