"""When a failed message is tried again."""

from datetime import timedelta

TRIES = 12
ADDRESS_CORRECTED = "address_corrected"  # held back: nothing failed


def wait_after(attempts: int) -> timedelta | None:
    """How long until the next try, or None when it is given up: one minute, two, four… a day and a half in all."""
    return timedelta(minutes=2 ** (attempts - 1)) if attempts < TRIES else None
