"""One connection listens for everybody: what it hears goes to the queues of the organisation's open streams."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from psycopg import AsyncConnection, OperationalError

from escucha.kernel.timeline.news import CHANNEL

MOST_WAITING = 200  # pieces of news that one stream may have behind; a slower one is cut and asks for its page anew
RETRY_SECONDS = 2
log = logging.getLogger(__name__)
Queue = asyncio.Queue[str | None]


class Hub:
    """The streams that are open, by organisation. `None` in a queue ends its stream."""

    def __init__(self, connect: Callable[[], Awaitable[AsyncConnection]]) -> None:
        self._connect = connect
        self._queues: dict[int, set[Queue]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def joined(self, org_id: int) -> AsyncIterator[Queue]:
        """A queue of the organisation's news from now on."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        queue: Queue = asyncio.Queue(MOST_WAITING)
        self._queues[org_id].add(queue)
        try:
            yield queue
        finally:
            self._queues[org_id].discard(queue)

    def tell(self, news: str) -> None:
        """Give a piece of news to the streams of its organisation, without the organisation's id."""
        said = json.loads(news)
        org_id = said.pop("org")
        text = json.dumps(said, separators=(",", ":"))
        for queue in list(self._queues.get(org_id, ())):
            try:
                queue.put_nowait(text)
            except asyncio.QueueFull:
                self._cut(org_id, queue)

    async def _listen(self) -> None:
        """Listens until the process ends. While it could not, pages missed news: their streams end and begin anew."""
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    async for notify in connection.notifies():
                        self.tell(notify.payload)
            except OperationalError as error:
                log.warning("the news cannot be heard: %s", type(error).__name__)
            for org_id, queues in list(self._queues.items()):
                for queue in list(queues):
                    self._cut(org_id, queue)
            await asyncio.sleep(RETRY_SECONDS)

    def _cut(self, org_id: int, queue: Queue) -> None:
        self._queues[org_id].discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)
