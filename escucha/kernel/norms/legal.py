"""A statutory term: its length, its article, whom it binds, and what a promise may not exceed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from escucha.kernel.words import _
from escucha.kernel.worktime.life import Cap
from escucha.kernel.worktime.terms import CountFrom, Term, Unit

UNIT_NAMES = {
    Unit.BUSINESS_DAYS: _("días hábiles"),
    Unit.CALENDAR_DAYS: _("días calendario"),
    Unit.CALENDAR_MONTHS: _("meses"),
    Unit.ELAPSED_HOURS: _("horas"),
    Unit.ELAPSED_MINUTES: _("minutos"),
    Unit.WORKING_MINUTES: _("minutos de atención"),
}
STARTS = {"next_day": CountFrom.NEXT_DAY, "same_day": CountFrom.SAME_DAY, "instant": CountFrom.NEXT_DAY}
MISSED = {
    "archived": _("La petición se archiva."),
    "data_authority": _("La persona puede acudir a la Superintendencia de Industria y Comercio."),
    "deemed_accepted": _(
        "La solicitud se entiende aceptada y las copias se entregan dentro de los tres días siguientes."
    ),
    "deemed_denied": _("La petición se entiende negada; el deber de responder sigue."),
    "discipline": _("Es falta disciplinaria."),
    "evidence_against_provider": _("Es indicio grave en contra del proveedor."),
    "health_authority": _("La persona puede acudir a la Superintendencia Nacional de Salud."),
    "no_pause": _("El plazo para responder ya no se detiene."),
    "positive_silence": _("La petición se entiende resuelta a favor de la persona."),
    "right_lost": _("Se pierde la oportunidad de pedirlo."),
    "tacit_withdrawal": _("Se entiende que la persona desistió; se declara en acto motivado."),
    "tutela_and_discipline": _("Procede la tutela y es falta disciplinaria."),
}
BOUND = {"authority", "private_social_security", "private_public_service", "private", "person"}
ANYONE = date.min, date.max


@dataclass(frozen=True)
class LegalTerm:
    """What the law gives for one kind of case, in one stretch of time."""

    key: str
    canonical: str
    term: Term
    norm: str
    starts: str
    extension: Cap | None
    extension_effect: str
    if_missed: str
    bound: frozenset[str]
    valid: tuple[date, date] = ANYONE
    risk: str | None = None
    verified: bool = True
    resume: str = "remaining"
    completion_window: int = 10
    person_months: int = 1
    literal_start: str | None = field(default=None)

    @property
    def effect(self) -> str:
        """What follows when the term is missed, in words for people."""
        return MISSED[self.if_missed]

    @property
    def says(self) -> str:
        """The term in words: «15 días hábiles (Ley …, art. …)»."""
        return f"{self.term.amount} {UNIT_NAMES[self.term.unit]} ({self.norm})"

    def holds(self, on: date, risk: str | None, bound: str | None) -> bool:
        """Whether it is in force on the date, for that risk and for that body."""
        fits = self.valid[0] <= on <= self.valid[1] and self.risk == risk
        return fits and (bound is None or bound in self.bound)


@dataclass(frozen=True)
class LegalWord:
    """A word of the law that people meet, in plain words, and where the law says it."""

    key: str
    label: str
    definition: str
    norm: str


def read_terms(raw: Mapping[str, Any]) -> list[LegalTerm]:
    """One entry of the pack, as a term for each canonical type. Raises KeyError, ValueError or TypeError."""
    entry = dict(raw)
    names: Collection[str] = entry.pop("canonical")
    starts = entry.pop("starts")
    term = Term(entry.pop("amount"), Unit(entry.pop("unit")), STARTS[starts])
    extension = entry.pop("extension")
    cap = None if extension == "none" else Cap(**extension)
    valid = entry.pop("from"), entry.pop("to", date.max)
    bound = frozenset(entry.pop("bound"))
    if not bound <= BOUND or entry["if_missed"] not in MISSED or term.amount < 1:
        raise ValueError(f"{entry['key']}: bound, if_missed, amount")
    effect = entry.pop("extension_effect", "")
    return [
        LegalTerm(
            canonical=name,
            term=term,
            starts=starts,
            extension=cap,
            extension_effect=effect,
            valid=valid,
            bound=bound,
            **entry,
        )
        for name in names
    ]


def promise_blockers(total: int, unit: Unit, legal: LegalTerm, margin: int = 0) -> list[str]:
    """Why an organisation may not promise `total`, in words naming the article. Empty means it may.

    `margin` is kept free before the legal end, in the promise's unit. Different units are compared only where one can
    never outlast the other: n calendar days or n times 24 hours never outlast n business days.
    """
    allowed = _most(unit, legal.term)
    if allowed is None:
        wanted = UNIT_NAMES[legal.term.unit]
        return [
            _("La promesa debe darse en %(unit)s, como el plazo legal: %(law)s.") % {"unit": wanted, "law": legal.says}
        ]
    if total + margin <= allowed:
        return []
    promised = f"{total} {UNIT_NAMES[unit]}" + (_(" y %d de margen") % margin if margin else "")
    return [_("La promesa (%(promised)s) supera el plazo legal: %(law)s.") % {"promised": promised, "law": legal.says}]


def _most(unit: Unit, term: Term) -> int | None:
    """The most of `unit` that can never outlast the term; nothing where that cannot be said."""
    minutes = {Unit.ELAPSED_HOURS: 60, Unit.ELAPSED_MINUTES: 1}
    days = {Unit.BUSINESS_DAYS, Unit.CALENDAR_DAYS}
    if unit is term.unit:
        return term.amount
    if term.unit in days and unit in minutes:
        whole = term.amount - (term.count_from is CountFrom.SAME_DAY)
        return whole * 1440 // minutes[unit]
    if term.unit is Unit.BUSINESS_DAYS and unit is Unit.CALENDAR_DAYS:
        return term.amount
    if term.unit in minutes and unit in minutes:
        return term.amount * minutes[term.unit] // minutes[unit]
    return None
