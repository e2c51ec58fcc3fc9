"""Of which files a copy is made to be served, how large it may be, and how long until a failed try is done again."""

from datetime import timedelta

PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff")
OFFICE = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")
TRIES = 3
SIDE = 2560  # pixels of the longer side of a copy
MOST_PIXELS = 50_000_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 5_000


class NoCopy(Exception):
    """No copy can be made of the file, now or ever; the text is the kind of reason."""


def wants_copy(*, kind: str, reserved: bool) -> bool:
    """Images are shown; of what is reserved, whatever can lose its hidden data is copied without it."""
    return kind in PICTURES or (reserved and (kind == "application/pdf" or kind.startswith(OFFICE)))


def has_nothing_hidden(kind: str) -> bool:
    return kind in ("text/plain", "application/x-empty")


def wait_to_copy(copies: int) -> timedelta | None:
    """After so many tries, how long until the next one; None when this is the last."""
    return timedelta(minutes=4**copies) if copies < TRIES - 1 else None
