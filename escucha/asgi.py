"""What the event process runs: the stream of news, over one connection that listens. The pages are in wsgi.py.

Nothing imports this: the event server that the supervisor starts does, and ends with it, as the pages do.
"""

import os
import signal

import django
from django.db import connection
from psycopg import AsyncConnection

from escucha.console.leash import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escucha.settings")
django.setup()


async def _connect() -> AsyncConnection:
    said = connection.get_connection_params()
    kept = {key: said[key] for key in ("dbname", "user", "password", "host", "port", "options") if said.get(key)}
    return await AsyncConnection.connect(**kept, autocommit=True)


def _application() -> object:
    from escucha.web.live.hub import Hub  # what is imported here reads the tables, which were not there above
    from escucha.web.live.stream import streaming

    return streaming(Hub(_connect))


application = _application()
end_with_parent(signal.SIGKILL, os.getppid())
