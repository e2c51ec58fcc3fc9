"""News of what changed reach the open pages of an organisation: of that one, at the commit, and only with a pass."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from psycopg import AsyncConnection

from escucha.kernel.timeline.news import announce
from escucha.web.live.hub import MOST_WAITING, Hub
from escucha.web.live.passes import org_of, pass_for
from escucha.web.live.stream import PATH, streaming
from tests.make import a_house

NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)


class TestPasses:
    def test_open_the_organisation_they_were_given_for_a_minute(self):
        with time_machine.travel(NOW, tick=False) as clock:
            given = pass_for(7)
            assert org_of(given) == 7
            clock.shift(timedelta(seconds=61))
            assert org_of(given) is None

    @pytest.mark.parametrize("given", ["", "7", "x.y.z", "Nw:1:2", "ñ"])
    def test_a_guess_opens_nothing(self, given):
        assert org_of(given) is None


def apart(scene):
    """Runs a coroutine in a thread of its own: the browser of other tests has a loop in this one."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, scene).result(60)


def listening() -> Hub:
    said = connection.get_connection_params()
    kept = {key: said[key] for key in ("dbname", "user", "password", "host", "port") if said.get(key)}

    async def connect():
        return await AsyncConnection.connect(**kept, autocommit=True)

    return Hub(connect)


def asked(path=PATH, query=b"", method="GET"):
    return {"type": "http", "method": method, "path": path, "query_string": query}


async def reading(application, scope, act, *, enough):
    """What a stream sends until `enough` is true of it, while `act` happens once it is open."""
    sent, gone = [], asyncio.Event()

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    running = asyncio.create_task(application(scope, receive, send))
    async with asyncio.timeout(20):
        while not any(one["type"] == "http.response.body" for one in sent):
            await asyncio.sleep(0.01)
        await act()
        while not enough(sent):
            await asyncio.sleep(0.01)
    gone.set()
    await running
    return sent


def told(sent):
    texts = [one["body"].decode() for one in sent if one["type"] == "http.response.body"]
    return [json.loads(text.removeprefix("data: ")) for text in texts if text.startswith("data: ")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("ASIS-14.5")
def test_news_reach_the_pages_of_their_organisation_and_of_no_other():
    quetzal, cafetal = a_house("quetzal").org, a_house("cafetal").org
    hub = listening()

    def happen():
        announce(org=cafetal, topic="assistance", said={"file": 1})
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            announce(org=quetzal, topic="assistance", said={"file": 2})
            1 / 0  # noqa: B018 — what is rolled back is not told
        with transaction.atomic():
            announce(org=quetzal, topic="assistance", said={"file": 3, "stage": "assigned"})
        connection.close()

    async def act():
        while hub._listening is None or not await _listens():
            await asyncio.sleep(0.02)
        await asyncio.to_thread(happen)

    async def _listens() -> bool:
        def count():
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
                return cursor.fetchone()[0]

        return bool(await asyncio.to_thread(count))

    scope = asked(query=f"pase={pass_for(quetzal.pk)}".encode())
    sent = apart(reading(streaming(hub), scope, act, enough=told))
    assert sent[0]["status"] == 200
    assert told(sent) == [{"topic": "assistance", "file": 3, "stage": "assigned"}]


async def nothing():
    return None


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        (asked("/otra/"), 404),
        (asked(method="POST"), 404),
        (asked(), 403),
        (asked(query=b"pase=falso"), 403),
        (asked(query=b"pase=\xff"), 403),
    ],
)
def test_without_a_pass_nothing_is_told(scope, status):
    sent = apart(reading(streaming(listening()), scope, nothing, enough=len))
    assert sent[0]["status"] == status


def test_a_stream_ends_by_itself():
    async def never():
        await asyncio.Event().wait()

    async def scene():
        hub = Hub(never)
        ended = lambda sent: any(one.get("more_body") is False for one in sent)  # noqa: E731 — said once
        return await reading(
            streaming(hub, lasts=0.05), asked(query=f"pase={pass_for(1)}".encode()), nothing, enough=ended
        )

    assert apart(scene())[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


def test_a_page_that_does_not_read_is_cut_and_the_others_go_on():
    async def never():
        await asyncio.Event().wait()

    async def scene():
        hub = Hub(never)
        async with hub.joined(1) as slow, hub.joined(1) as quick:
            heard = []
            for number in range(MOST_WAITING + 1):
                hub.tell(json.dumps({"org": 1, "n": number}))
                heard.append(await quick.get())
            return slow.get_nowait(), heard[-1]

    assert apart(scene()) == (None, '{"n":200}')


@pytest.mark.django_db
class TestThePass:
    def test_is_for_who_works_here(self, client):
        house = a_house("quetzal")
        away = client.get("/mesa/pase/", headers={"host": "quetzal.localhost"})
        assert away.status_code == 302
        assert house.org.pk

    def test_news_are_short(self):
        with pytest.raises(ValueError, match="short"):
            announce(org=a_house("quetzal").org, topic="x", said={"words": "a" * 8000})
