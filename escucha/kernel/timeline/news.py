"""News for open pages: that something changed, told at the commit to whoever listens, and to nobody later.

Ids and plain values only, never a person's data: whoever may open the page then asks for what it may see. A page that
missed a piece of news is only late, never wrong: it reads the database when it is opened.
"""

import json
from collections.abc import Mapping, Sequence

from django.db import connection

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.saying import Said, is_under_way, say

CHANNEL = "escucha_news"
TELL = "SELECT pg_notify(%(channel)s, news) FROM unnest(%(news)s::text[]) AS news"
LONGEST = 7_000  # bytes; PostgreSQL takes 8,000


def announce(*, org: Organisation, topic: str, said: Mapping[str, str | int | None]) -> None:
    """Tell the open pages of an organisation. Nothing is told of a transaction that is rolled back.

    Raises ValueError for what is too long to be news.
    """
    news = json.dumps({"org": org.pk, "topic": topic, **said}, separators=(",", ":"))
    if len(news.encode()) > LONGEST:
        raise ValueError("news are short")
    if is_under_way():
        say(News(news))
    else:
        tell([news])


class News(Said):
    """News of an act, told with its facts."""

    def __init__(self, text: str) -> None:
        self.text = text


def tell(news: Sequence[str]) -> None:
    """All of them, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TELL, {"channel": CHANNEL, "news": list(news)})
