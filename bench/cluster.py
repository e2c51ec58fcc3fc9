"""A throw-away PostgreSQL that keeps every promise of a real one, with the tables of this version."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from escucha.console import embedded

SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@contextmanager
def database(options: Mapping[str, str] | None = None) -> Iterator[str]:
    """Its address, while it lives; Django, not yet started in this process, is pointed at it and migrated.

    `options` are more of PostgreSQL's own.
    """
    with tempfile.TemporaryDirectory(prefix="escucha-bench-", ignore_cleanup_errors=True) as var:
        server = embedded.start(Path(var), options=SAFE | dict(options or {}))
        try:
            addresses = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL"), server.url())
            os.environ |= addresses | {"ESCUCHA_VAR": var, "ESCUCHA_DB_ROLE": "owner"}
            django()
            from django.core.management import call_command

            call_command("migrate", verbosity=0, skip_checks=True)
            yield server.url()
        finally:
            server.stop()


def django() -> None:
    """Start Django on the database that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escucha.settings")
    import django as framework

    framework.setup()
