"""What stays in the bitácora of a text that may be erased."""

from hashlib import sha256


def digest_of(salt: str, body: str) -> str:
    """The digest of a text with its salt, without which a short text could be guessed."""
    return sha256(f"{salt}\n{body}".encode()).hexdigest()
