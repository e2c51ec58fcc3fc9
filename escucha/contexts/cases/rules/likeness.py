"""Whether two cases may be the same one told twice. It only suggests: a person looks at both and decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from escucha.contexts.cases.rules.searching import plain
from escucha.kernel.words import Saying, _

NEAR = timedelta(days=30)  # who writes twice about one thing does so within a month
SAME_WORDS = 0.5
SAME_CONTACT = _("Dejaron el mismo teléfono o correo, que cualquiera puede escribir: confirme que es la misma persona.")
TELLING = 4  # letters that a word needs to say something of what is told


@dataclass(frozen=True)
class Told:
    """What a case tells, when, and whose contacts it has."""

    text: str
    received_at: datetime
    person_id: int | None = None
    contacts: frozenset[str] = frozenset()  # as `searching.contact_keys`

    @property
    def words(self) -> frozenset[str]:
        return telling_words(self.text)


def why_alike(one: Told, other: Told) -> Sequence[Saying]:
    """Why two cases may be the same, in words for who decides. None where they are not, as far as it can be seen."""
    if not same_requester(one, other):
        return []
    apart = abs(one.received_at - other.received_at)
    said = [Saying(_("Es de la misma persona.") if is_same_person(one, other) else SAME_CONTACT)]
    same_words = likeness(one.words, other.words) >= SAME_WORDS
    if same_words:
        said.append(Saying(_("Cuenta algo parecido.")))
    if apart <= NEAR:
        how_near = _("Días entre una y otra: {days}.") if apart.days else _("Llegó el mismo día.")
        said.append(Saying(how_near, {"days": apart.days}))
    return said if same_words or apart <= NEAR else []


def is_same_person(one: Told, other: Told) -> bool:
    """Whether it is known, and not only likely: anybody can type the telephone or the e-mail of another."""
    if one.person_id is not None and one.person_id == other.person_id:
        return True
    return any(key.startswith("d:") for key in one.contacts & other.contacts)


def same_requester(one: Told, other: Told) -> bool:
    """One person, or one contact. Two documents are two people, though they share a telephone."""
    if one.person_id is not None and one.person_id == other.person_id:
        return True
    documents = [{key for key in side.contacts if key.startswith("d:")} for side in (one, other)]
    if all(documents) and not documents[0] & documents[1]:
        return False
    return bool(one.contacts & other.contacts)


def telling_words(text: str) -> frozenset[str]:
    """The words of a text that say something of it."""
    return frozenset(word for word in plain(text).split() if len(word) >= TELLING)


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """How much two texts share, from 0 to 1: the words of both, to the words of the shorter one.

    The shorter one counts, since who insists says less the second time. Texts of hardly any words share nothing.
    """
    first, second = set(one), set(other)
    fewest = min(len(first), len(second))
    return len(first & second) / fewest if fewest >= 3 else 0.0
