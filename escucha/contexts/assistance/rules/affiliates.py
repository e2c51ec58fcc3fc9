"""What an affiliate is looked up by, so that everybody who writes a key and everybody who asks by it say the same."""

from collections.abc import Sequence

from escucha.contexts.people.rules.places import folded
from escucha.contexts.people.rules.recognising import document_key
from escucha.contexts.people.rules.telephones import phone_key

DOCUMENT, VALIDATOR, TELEPHONE = "d:", "v:", "t:"
FEWEST = 4  # letters and digits: with fewer anybody would be found
FEWEST_OF_TELEPHONE = 7
SHORTEST_WORD, MOST_WORDS = 3, 4
MOST = 62  # of a key, without its letter: what its column holds


def keys_of(document_number: str, validator: str, phones: Sequence[str]) -> Sequence[str]:
    """The keys of an affiliate, each once: `d:1990000001`, `v:ABC123`, `t:3000000001`. What is empty has none."""
    document, validating = document_key(document_number)[:MOST], document_key(validator)[:MOST]
    keys = [DOCUMENT + document] if document else []
    keys += [VALIDATOR + validating] if validating else []
    return list(dict.fromkeys([*keys, *(TELEPHONE + one for one in map(phone_key, phones) if one)]))


def keys_said(said: str) -> Sequence[str]:
    """What somebody who typed this may be looking for; empty if it is too short, or is a name."""
    said_key, called = document_key(said)[:MOST], phone_key(said)
    if len(said_key) < FEWEST or not any(map(str.isdigit, said_key)):
        return []
    keys = [DOCUMENT + said_key, VALIDATOR + said_key]
    return [*keys, TELEPHONE + called] if called and len(called) >= FEWEST_OF_TELEPHONE else keys


def words_of_name(said: str) -> Sequence[str]:
    """The words of a name as they are compared; those too short to look anybody up are left out."""
    return [word for word in folded(said).split() if len(word) >= SHORTEST_WORD][:MOST_WORDS]
