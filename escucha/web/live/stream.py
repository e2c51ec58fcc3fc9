"""The stream of news (server-sent events), as a small ASGI application of its own: `/eventos/?pase=…`.

It reads no page, no session and no person's data. A stream ends by itself after some minutes; the page that wants to go
on asks the desk for another pass, which only who is still signed in gets.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

from escucha.web.live.hub import Hub, Queue
from escucha.web.live.passes import org_of

PATH = "/eventos/"
LASTS_SECONDS, BEAT_SECONDS = 600.0, 20.0
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    # The pass is what opens it, and nothing of the visitor is sent with it: any page that has one may read.
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
]


def streaming(hub: Hub, *, lasts: float = LASTS_SECONDS) -> Application:
    """The application over a hub."""

    async def application(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await _live(receive, send)
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != PATH:
            return await _refuse(send, 404)
        org_id = org_of(parse_qs(scope["query_string"].decode("latin-1")).get("pase", [""])[0])
        if org_id is None:
            return await _refuse(send, 403)
        async with hub.joined(org_id) as queue:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            telling = asyncio.create_task(_tell(queue, send, lasts))
            leaving = asyncio.create_task(_left(receive))
            await asyncio.wait([telling, leaving], return_when=asyncio.FIRST_COMPLETED)
            for task in (telling, leaving):
                task.cancel()

    return application


async def _tell(queue: Queue, send: Send, lasts: float) -> None:
    ends = monotonic() + lasts
    await _write(send, ": aquí\n\n")
    while (left := ends - monotonic()) > 0:
        try:
            news = await asyncio.wait_for(queue.get(), min(left, BEAT_SECONDS))
        except TimeoutError:
            await _write(send, ": sigo\n\n")
            continue
        if news is None:
            break
        await _write(send, f"data: {news}\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    """Returns when the page has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        said = (await receive())["type"]
        await send({"type": f"{said}.complete"})
        if said == "lifespan.shutdown":
            return
