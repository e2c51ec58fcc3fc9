"""What a single word answered to a text asks of us: no more texts, or texts again."""

import re
import unicodedata

STOP = frozenset(
    {
        *("baja", "salir", "parar", "pare", "detener", "cancelar", "no mas", "no mas mensajes"),
        *("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"),
    }
)
POLITE = re.compile(r" (?:por favor|gracias)$")
START = frozenset({"alta", "start", "unstop", "activar"})


def wants_no_texts(text: str) -> bool:
    """Whether the whole text is a word to stop. One that says more is a person who writes to us."""
    return _word(text) in STOP


def wants_texts(text: str) -> bool:
    return _word(text) in START


def _word(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return POLITE.sub("", " ".join(re.sub(r"[^a-z0-9]+", " ", bare.lower()).split()))
