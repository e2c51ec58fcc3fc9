"""A member signed in with its second factor, without walking through the pages of signing in."""

from typing import Any

from django.test import Client
from playwright.sync_api import BrowserContext

from escucha.kernel.orgs.second_factor import give_second_factor, sample_secret
from tests.browser import address
from tests.make import House


def entered(client: Client, house: House, who: str) -> Client:
    """The client, at the organisation's host from now on."""
    account = house.members[who].account
    give_second_factor(account, secret=sample_secret(account.email))
    client.force_login(account)
    client.defaults["HTTP_HOST"] = house.org.host
    return client


def let_in(context: BrowserContext, live_server: Any, house: House, who: str) -> None:
    """The browser is the member's from now on."""
    session = entered(Client(), house, who).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": address(live_server, house.org.slug)}])
