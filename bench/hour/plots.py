"""What happens to each who calls in the hour: a mixture that is the same each time."""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from bench.hour.house import FIRST_DOCUMENT, documents

SEED = 20261123
VITAL, EMERGENCY, PROGRAMMED = "vital", "emergency", "programmed"
PRIORITIES = {VITAL: 5, EMERGENCY: 55, PROGRAMMED: 40}  # of a hundred
KINDS = {  # of a hundred: how it goes. Whatever is not said here goes as it should.
    "excess": 6,  # it costs more than the plan gives, and the affiliate pays it
    "phone": 6,  # solved by telephone
    "nonconforming": 5,  # its complaint is filed
    "no_contact": 4,  # called three times in vain
    "replaced": 5,  # who goes withdraws, and another goes
    "moved": 4,  # another window is agreed on
    "before": 4,  # cancelled before anybody is assigned
    "after": 5,  # and when somebody was on its way
    "at_once": 2,  # no plan covers it, and it is not wanted otherwise
    "rejected": 3,  # the excess is not accepted
    "failed": 3,  # who goes fails, and no other is wanted
    "refund": 2,  # nobody gives it there: what was paid is given back
    "connection": 2,
    "courtesy": 1,
    "guarantee": 2,  # the work is done again: it counts twice
    "newcomer": 2,  # registered by hand, and verified
}
ENDS = {
    "before": "cancelled_later",
    "after": "cancelled_later",
    "at_once": "cancelled_at_once",
    "rejected": "cancelled_later",
    "failed": "provider_cancelled",
}
CONFORMITY = {"nonconforming": "nonconforming", "no_contact": "no_contact"}
ACCOUNTS = {"techo_amigo": 55, "ruta_clara": 30, "hogar_del_sur": 15}
SERVICES = {
    "techo_amigo": ("plomeria", "electricidad", "cerrajeria"),
    "ruta_clara": ("grua", "carro_taller"),
    "hogar_del_sur": ("plomeria", "electricidad", "cerrajeria", "vidrios"),
}
AREAS = {
    "techo_amigo": ("co/bogota/norte/usaquen", "co/bogota/norte/suba", "co/bogota/centro", "co/bogota/sur"),
    "ruta_clara": ("co/antioquia/medellin", "co/bogota/sur", "co/bogota/norte/suba"),
    "hogar_del_sur": ("ar/caba/norte", "ar/caba/sur"),
}
FIXED = {  # what only happens of some service, somewhere
    "phone": ("techo_amigo", "orientacion_legal", ""),
    "at_once": ("techo_amigo", "vidrios", ""),
    "connection": ("techo_amigo", "vidrios", ""),
    "courtesy": ("techo_amigo", "vidrios", ""),
    "refund": ("hogar_del_sur", "vidrios", "ar/rio_negro/valle"),
    "guarantee": ("techo_amigo", "plomeria", ""),
}


class Plot(NamedTuple):
    """How one goes. `document` is that of its affiliate, or of who is registered."""

    number: int
    kind: str
    priority: str
    account: str
    service: str
    area: str
    document: str

    @property
    def ends(self) -> str:
        return ENDS.get(self.kind, "concluded")

    @property
    def conformity(self) -> str:
        return CONFORMITY.get(self.kind, "conforming") if self.ends == "concluded" else ""


def plots(assistances: int) -> Sequence[Plot]:
    """So many that their assistances are exactly those."""
    random, known = Random(SEED), documents()
    kinds = _longest_first(_dealt(KINDS | {"usual": 100 - sum(KINDS.values())}, assistances, random))
    twice = sum(kind == "guarantee" for kind in kinds)
    for _ in range(twice):
        kinds.remove("usual")
    priorities = _dealt(PRIORITIES, len(kinds), random)
    for place, kind in enumerate(kinds):
        if kind == "moved" and priorities[place] != PROGRAMMED:  # only what has a window is moved to another
            other = next(n for n, one in enumerate(kinds) if one == "usual" and priorities[n] == PROGRAMMED)
            priorities[place], priorities[other] = priorities[other], priorities[place]
    return [
        _plot(number, kind, priority, known, random)
        for number, (kind, priority) in enumerate(zip(kinds, priorities, strict=True))
    ]


def _plot(number: int, kind: str, priority: str, known: dict, random: Random) -> Plot:  # type: ignore[type-arg]
    [account] = random.choices([*ACCOUNTS], [*ACCOUNTS.values()])
    account, service, area = FIXED.get(kind, (account, random.choice(SERVICES[account]), ""))
    document = next(known[account])
    if kind == "newcomer":
        document = str(FIRST_DOCUMENT[account] + 250_000 + number)
    return Plot(number, kind, priority, account, service, area or random.choice(AREAS[account]), document)


def _dealt(shares: dict[str, int], wanted: int, random: Random) -> list[str]:
    """As many of each as its share, mixed; of the largest, the rest."""
    most = max(shares, key=lambda one: shares[one])
    dealt = [one for one, share in shares.items() if one != most for _ in range(max(1, round(wanted * share / 100)))]
    dealt += [most] * (wanted - len(dealt))
    random.shuffle(dealt)
    return dealt


def _longest_first(kinds: list[str]) -> list[str]:
    """Who is called in vain takes minutes: none begins as the hour ends."""
    half = len(kinds) // 2
    late = [place for place in range(half, len(kinds)) if kinds[place] == "no_contact"]
    early = [place for place in range(half) if kinds[place] == "usual"]
    for one, other in zip(late, early, strict=False):
        kinds[one], kinds[other] = kinds[other], kinds[one]
    return kinds
