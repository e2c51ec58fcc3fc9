"""Screens that are open on the board: each hears the stream of news and asks for its rows again, as a browser does."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

ROW = re.compile(r'data-live-row="([^"]+)" data-live-url="([^"]+)"')
GATHERS = 0.15  # seconds that a page waits for more news of a row before it asks for it
Change = tuple[str, int]  # the row, and the version it came to


@dataclass
class Seen:
    """When each change was heard of by each screen, and when its row came to those that show it, in seconds."""

    heard: dict[Change, list[float]] = field(default_factory=lambda: defaultdict(list))
    shown: dict[Change, list[float]] = field(default_factory=lambda: defaultdict(list))
    open: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass
class Screen:
    """A browser on one view of the board, signed in."""

    port: int
    host: str
    cookies: str
    path: str
    seen: Seen
    rows: dict[str, str] = field(default_factory=dict)

    async def watch(self) -> None:
        """Until it is cancelled."""
        _status, page = await self.get(self.path)
        self.rows = dict(ROW.findall(page))
        _status, answer = await self.get("/mesa/pase/")
        address, _query, given = json.loads(answer)["url"].partition("?")
        port = int(address.rpartition(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /eventos/?{given} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        try:
            await self.listen(reader)
        finally:
            writer.close()

    async def listen(self, reader: asyncio.StreamReader) -> None:
        asking = set()
        while line := await reader.readline():
            if line.startswith(b": "):
                self.seen.open += line == ": aquí\n".encode()
            elif line.startswith(b"data: "):
                said = json.loads(line.removeprefix(b"data: "))
                if said.get("topic") != "assistance" or not said.get("position"):
                    continue
                name = f"{said['file']}/{said['position']}"
                self.seen.heard[name, said["version"]].append(time.time())
                if name in self.rows:
                    task = asyncio.create_task(self.renew(name, said["version"]))
                    asking.add(task)
                    task.add_done_callback(asking.discard)

    async def renew(self, name: str, version: int) -> None:
        await asyncio.sleep(GATHERS)
        status, page = await self.get(self.rows[name])
        if status != 200 or f'data-live-row="{name}"' not in page:
            self.seen.failures.append(f"{name}: {status}")
        self.seen.shown[name, version].append(time.time())

    async def get(self, path: str) -> tuple[int, str]:
        """The status and the page."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: {self.cookies}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            answer = await reader.read()
        finally:
            writer.close()
        said, _blank, page = answer.partition(b"\r\n\r\n")
        whole = _joined(page) if b"chunked" in said.lower() else page
        return int(said.split()[1]), whole.decode(errors="replace")


def _joined(page: bytes) -> bytes:
    """A page that was sent in pieces, each after its length."""
    whole = b""
    while page:
        length, _end, page = page.partition(b"\r\n")
        whole, page = whole + page[: int(length, 16)], page[int(length, 16) + 2 :]
    return whole


async def watched(screens: Sequence[Screen], seen: Seen, act: asyncio.Event, over: asyncio.Event) -> None:
    """All of them open; then `act` is set, and they stay until `over` is."""
    watching = [asyncio.create_task(screen.watch()) for screen in screens]
    try:
        while seen.open < len(screens):
            await asyncio.sleep(0.1)
            for one in watching:
                if one.done():
                    one.result()
        act.set()
        await over.wait()
    finally:
        for one in watching:
            one.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
