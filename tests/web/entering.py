"""A member signed in with its second factor, without walking through the pages of signing in."""

from django.test import Client

from escucha.kernel.orgs.second_factor import give_second_factor, sample_secret
from tests.make import House


def entered(client: Client, house: House, who: str) -> Client:
    """The client, at the organisation's host from now on."""
    account = house.members[who].account
    give_second_factor(account, secret=sample_secret(account.email))
    client.force_login(account)
    client.defaults["HTTP_HOST"] = house.org.host
    return client
