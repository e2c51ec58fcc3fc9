"""What the words of the pages mean: the kinds of this organisation, our own words and those of the law."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain
from typing import NamedTuple
from unicodedata import normalize

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from escucha.contexts.cases.policy import CasesPolicy, CaseType
from escucha.contexts.cases.rules.standing import CHARACTERISTICS
from escucha.kernel.norms.legal import UNIT_NAMES
from escucha.kernel.norms.pack import NoLegalTerm
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.worktime.terms import ReceiptRule


class Meaning(NamedTuple):
    """A word and what it means. `also` are facts about it; `norm` is where the law says it."""

    key: str
    label: str
    definition: str
    norm: str = ""
    also: Sequence[str] = ()


RECEIVED: Mapping[ReceiptRule, str] = {
    ReceiptRule.CALENDAR_DATE: gettext_noop(
        "El día en que llega, a cualquier hora. Desde el día hábil siguiente se cuenta el plazo."
    ),
    ReceiptRule.OFFICE_HOURS_ROLL: gettext_noop(
        "El día en que llega, si llega antes del último cierre de un día de atención. Lo que llega más tarde, o un día"
        " sin atención, se tiene por recibido el día hábil siguiente. Desde el día hábil que sigue se cuenta el plazo."
    ),
}
OURS = [  # key, label, definition
    (
        "filing_number",
        gettext_noop("Número de radicado"),
        gettext_noop("El número con que se guarda su solicitud. Nadie más lo tiene y no cambia nunca."),
    ),
    (
        "contact_code",
        gettext_noop("Código del recibo"),
        gettext_noop("Seis letras y números que le damos al radicar. Con él y el número se ve su solicitud."),
    ),
    (
        "promise",
        gettext_noop("Nuestro compromiso"),
        gettext_noop("El tiempo en que ofrecemos responder. Puede ser menos que el plazo de ley, nunca más."),
    ),
    (
        "classify",
        gettext_noop("Clasificar"),
        gettext_noop("Decidir qué clase de solicitud es, después de leerla. No tiene que saberlo usted."),
    ),
    (
        "unit",
        gettext_noop("Área responsable"),
        gettext_noop("La parte de la organización que sabe del asunto y escribe la respuesta."),
    ),
    (
        "channel",
        gettext_noop("Canal"),
        gettext_noop("Cada manera de llegar a nosotros: la página, el teléfono, la oficina y las demás."),
    ),
    (
        "strip",
        gettext_noop("Tira de días"),
        gettext_noop("El dibujo del plazo: un cuadro por día, con la razón de cada día que no cuenta."),
    ),
    (
        "anonymous",
        gettext_noop("Solicitud anónima"),
        gettext_noop("La de quien no dice quién es. Se recibe igual; si no hay cómo contestarle, se publica un aviso."),
    ),
    (
        "reserved_identity",
        gettext_noop("Identidad reservada"),
        gettext_noop("Sabemos quién es usted, pero solo lo ve quien debe atenderlo y nadie más."),
    ),
]


def kinds_of(profile: Profile, *, on: date, all_of_them: bool = False) -> Sequence[Meaning]:
    """The kinds a person may choose, or all of them, with what is promised and what the law of a day gives."""
    kinds = profile.section(CasesPolicy).types.values()
    return [_kind(kind, profile, on) for kind in kinds if kind.public or all_of_them]


def our_words(profile: Profile) -> Sequence[Meaning]:
    """Those of the pages, by name. When something counts as received is as the organisation's rule says."""
    return sorted(_ours(profile), key=_by_name)


def legal_words(profile: Profile) -> Sequence[Meaning]:
    """Those of the country's law, by name."""
    return sorted(_of_law(profile), key=_by_name)


def desk_words() -> Sequence[Meaning]:
    """Those that only who works here meets: the points of which each answer is checked."""
    return [Meaning(key, _(label), _(about)) for key, (label, about) in CHARACTERISTICS.items()]


class Glossary:
    """The words of the law and ours by key, for the places where one is met: no other is read."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def __getitem__(self, key: str) -> Meaning:
        for word in chain(_of_law(self._profile), _ours(self._profile)):
            if word.key == key:
                return word
        raise KeyError(key)


def _ours(profile: Profile) -> Iterator[Meaning]:
    rule, norms = profile.office.receipt_rule, profile.pack.counting
    norm = norms.received if rule is ReceiptRule.CALENDAR_DATE else norms.outside_hours
    yield Meaning("receipt_date", _("Fecha de recepción"), _(RECEIVED[rule]), norm or "")
    for key, label, definition in OURS:
        yield Meaning(key, _(label), _(definition))


def _of_law(profile: Profile) -> Iterator[Meaning]:
    for word in profile.pack.words:
        yield Meaning(word.key, word.label, word.definition, word.norm)


def _by_name(word: Meaning) -> str:
    """Without accents, so that `Área` comes before `Canal`."""
    return normalize("NFKD", word.label).encode("ascii", "ignore").decode().lower()


def _kind(kind: CaseType, profile: Profile, on: date) -> Meaning:
    return Meaning(kind.key, kind.label, kind.definition, also=list(_facts(kind, profile, on)))


def _facts(kind: CaseType, profile: Profile, on: date) -> Iterator[str]:
    promised = f"{kind.promised.amount} {_(UNIT_NAMES[kind.promised.unit])}"
    yield _("Nos comprometemos a responder en {span}.").format(span=promised)
    with suppress(NoLegalTerm):
        law = profile.pack.legal_term(kind.canonical, on=on, risk=kind.risk or None, bound=profile.identity.bound)
        yield _("La ley da {law}.").format(law=law.says)
