"""Who asks, and whether over TLS, is believed of the servers in front and of nobody else."""

from ipaddress import ip_network

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from escucha.web.middleware import Proxies
from tests.make import House

VISITOR, PROXY = "203.0.113.9", "10.0.0.1"


@pytest.fixture(autouse=True)
def in_front(settings):
    settings.PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/64")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def seen(remote: str, **headers: str) -> tuple[str, bool, str]:
    got = []

    def page(request):
        said = request.META.get("HTTP_X_FORWARDED_FOR", "")
        got.append((request.META.get("REMOTE_ADDR", ""), request.is_secure(), said))
        return HttpResponse()

    Proxies(page)(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    return got[0]


def test_whoever_comes_directly_is_not_believed():
    said = {"HTTP_X_FORWARDED_FOR": "198.51.100.1", "HTTP_X_FORWARDED_PROTO": "https"}
    assert seen(VISITOR, **said) == (VISITOR, False, "")
    assert seen("", **said) == ("", False, "")


def test_nobody_is_believed_where_none_is_named(settings):
    settings.PROXIES = []
    said = {"HTTP_X_FORWARDED_FOR": "198.51.100.1", "HTTP_X_FORWARDED_PROTO": "https"}
    assert seen("127.0.0.1", **said) == ("127.0.0.1", False, "")


@pytest.mark.parametrize(
    ("remote", "hops", "visitor"),
    [
        (PROXY, VISITOR, VISITOR),
        (PROXY, f"198.51.100.1, {VISITOR}", VISITOR),
        (PROXY, f"198.51.100.1, {VISITOR}, 10.2.2.2", VISITOR),
        (PROXY, f"{VISITOR}, mentira, 10.2.2.2", "10.2.2.2"),
        (PROXY, "mentira", PROXY),
        (PROXY, "", PROXY),
        (PROXY, "10.9.9.9", "10.9.9.9"),
        (PROXY, "2001:db8:2::5", "2001:db8:2::5"),
        ("::ffff:10.0.0.1", VISITOR, VISITOR),
        ("2001:db8:1::7", VISITOR, VISITOR),
    ],
)
def test_behind_the_proxies_the_visitor_is_the_last_hop_that_is_none(remote, hops, visitor):
    assert seen(remote, HTTP_X_FORWARDED_FOR=hops, HTTP_X_FORWARDED_PROTO="https") == (visitor, True, "")


@pytest.mark.django_db
def test_tries_are_counted_by_the_visitor_and_no_header_resets_them(cafetal: House, client):
    client.defaults["HTTP_HOST"] = cafetal.org.host

    def follow(remote: str, said: str) -> int:
        form = {"number": "PQR-2026-000001", "factor": "x"}
        return client.post("/seguir/", form, REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=said).status_code

    assert follow(PROXY, VISITOR) == 422
    statuses = {follow(VISITOR, f"198.51.100.{n}") for n in range(70)}
    assert 429 in statuses
    assert follow(PROXY, VISITOR) == 429


def test_the_middleware_comes_first(settings):
    assert settings.MIDDLEWARE[0] == "escucha.web.middleware.Proxies"
