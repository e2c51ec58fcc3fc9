"""How the name of a place is compared with what somebody types."""

import re
import unicodedata


def folded(text: str) -> str:
    """Without accents, capitals or signs: `Bogotá, D.C.` is `bogota dc`, `Peñol` is `penol`."""
    bare = unicodedata.normalize("NFD", text.replace(".", "").lower())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())
