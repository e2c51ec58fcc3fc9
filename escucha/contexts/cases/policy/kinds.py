"""Kinds of cases, their promises, who is told, how a person is reached."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Self

from escucha.kernel.commitments.ladder import Rung
from escucha.kernel.norms.legal import LegalTerm, promise_blockers
from escucha.kernel.norms.pack import NoLegalTerm, Pack
from escucha.kernel.words import _
from escucha.kernel.worktime.terms import Term, Unit

NOTICE = "notice_published"  # how the norms call the notice for who could not be reached


@dataclass(frozen=True)
class Stage:
    """A part of the promise: who owes it (`unit`, the area; `central`, User Attention) and for how long."""

    by: str
    days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        if self.by not in ("unit", "central"):
            raise ValueError(f"a stage is owed by unit or central, not {self.by!r}")
        if bool(self.days) == bool(self.hours):
            raise ValueError("a stage lasts days or hours, one of them")


@dataclass(frozen=True)
class CaseType:
    """A kind of case in the organisation's own words. Its legal term comes from the norms, by `canonical`."""

    key: str
    label: str
    definition: str
    canonical: str
    promise: tuple[Stage, ...]
    risk: str = ""
    unit: str = ""  # the unit that usually answers it, offered when classifying
    at_once: bool = False  # may be solved without procedure, by who receives it
    public: bool = True  # offered to the person who files
    reserved: bool = False  # its cases are only of who has the reserved channel

    @classmethod
    def read(cls, key: str, raw: Mapping[str, Any]) -> Self:
        stages = tuple(Stage(**stage) for stage in raw["promise"])
        if len({bool(stage.days) for stage in stages}) != 1:
            raise ValueError(f"{key}: the stages of a promise share one unit of time")
        return cls(key=key, **dict(raw) | {"promise": stages})

    @property
    def promised(self) -> Term:
        """The whole promise as one term."""
        if self.promise[0].days:
            return Term(sum(stage.days for stage in self.promise), Unit.BUSINESS_DAYS)
        return Term(sum(stage.hours for stage in self.promise), Unit.ELAPSED_HOURS)


@dataclass(frozen=True)
class Contact:
    """When a person counts as not reached, and how many days the notice stays published then.

    Calls nearer to each other than `hours_apart` are one attempt.
    """

    attempts: int = 3
    notice_days: int = 5
    hours_apart: int = 3

    def __post_init__(self) -> None:
        if not 0 <= self.hours_apart <= 72:
            raise ValueError("hours_apart is between 0 and 72 hours")


@dataclass(frozen=True)
class Above:
    """Who is told, and told no more, that a report names all who have the reserved channel: a board, an auditor."""

    label: str
    email: str


REQUESTER_KINDS = frozenset({"person", "organisation", "internal", "interested"})


@dataclass(frozen=True)
class Requester:
    """[[cases.requesters]]: who may ask, in the organisation's own words; `kind` is what that is for everybody."""

    key: str
    label: str
    kind: str = "person"

    def __post_init__(self) -> None:
        if self.kind not in REQUESTER_KINDS:
            raise ValueError(f"requester {self.key!r} is one of {sorted(REQUESTER_KINDS)}")
        if len(self.key) > 20:
            raise ValueError(f"requester {self.key!r}: a key has up to 20 letters")


ANYBODY = (
    Requester("person", _("Una persona")),
    Requester("organisation", _("Una empresa u organización"), "organisation"),
    Requester("internal", _("Un área o un trabajador de la entidad"), "internal"),
    Requester("interested", _("Otra parte interesada"), "interested"),
)


@dataclass(frozen=True)
class CasesPolicy:
    """[cases]. `general` is the type whose term an unclassified case owes, `vital` the one an emergency adds.

    `order` is how the types are listed: what is kept in the database forgets the order in which keys were written.
    """

    name: ClassVar[str] = "cases"

    series: str
    types: Mapping[str, CaseType]
    general: str
    ladder: tuple[Rung, ...]
    order: tuple[str, ...] = ()
    vital: str = ""
    emergency_question: str = ""
    classification_days: int = 1
    check: bool = True
    contact: Contact = field(default_factory=Contact)
    above: Above | None = None
    requesters: Mapping[str, Requester] = field(default_factory=lambda: {one.key: one for one in ANYBODY})
    form_intro: str = ""
    form_privacy: str = ""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        order = tuple(raw.get("order") or raw["types"])
        if sorted(order) != sorted(raw["types"]):
            raise ValueError("order lists every type once")
        types = {key: CaseType.read(key, raw["types"][key]) for key in order}
        read = {
            "types": types,
            "order": order,
            "ladder": _ladder(raw["ladder"]),
            "contact": Contact(**raw.get("contact", {})),
            "above": Above(**raw["above"]) if raw.get("above") else None,
            "requesters": {one.key: one for one in _requesters(raw.get("requesters", ()))},
        }
        policy = cls(**dict(raw) | read)
        for key in filter(None, (policy.general, policy.vital)):
            if key not in types:
                raise ValueError(f"no type {key!r}")
        if policy.emergency_question and not policy.vital:
            raise ValueError("an emergency question needs the type whose term it brings: vital")
        return policy

    def type_of(self, key: str) -> CaseType | None:
        """The type with a key, or None where the profile no longer has it."""
        return self.types.get(key)


def _requesters(raw: Iterable[Mapping[str, Any]]) -> Sequence[Requester]:
    """Those of the profile, in its order; where it says none, the four that there are for everybody."""
    said = tuple(Requester(**one) for one in raw) or ANYBODY
    if len({one.key for one in said}) < len(said):
        raise ValueError("two requesters have the same key")
    return said


def _ladder(raw: Iterable[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """A name said twice is refused before a profile is in force. In one that already is, the first holds: cases are
    filed all the same."""
    named: dict[str, Rung] = {}
    for rung in (Rung(**one) for one in raw):
        named.setdefault(rung.step, rung)
    return tuple(named.values())


def blockers_to_promise(policy: CasesPolicy, *, pack: Pack, bound: str, on: date) -> Sequence[str]:
    """Why the promises of a profile may not be made on a date: each that exceeds the legal term, with its article."""
    found: list[str] = []
    for case_type in policy.types.values():
        try:
            legal = pack.legal_term(case_type.canonical, on=on, risk=case_type.risk or None, bound=bound)
        except NoLegalTerm as missing:
            found.append(f"{case_type.key}: {missing}")
            continue
        promised = case_type.promised
        found.extend(f"{case_type.key}: {why}" for why in promise_blockers(promised.amount, promised.unit, legal))
    return found


def blockers_to_classify_in(policy: CasesPolicy, *, pack: Pack, bound: str, on: date) -> Sequence[str]:
    """Why the days to classify may not be those: each legal term that could end before the kind is known.

    Terms in hours are left out: who needs them is asked the emergency question, and owes the vital term at once.
    """
    laws = _laws(policy, pack=pack, bound=bound, on=on)
    return [
        _("Clasificar en {days} días hábiles no cabe en el plazo legal de «{kind}»: {law}.").format(
            days=policy.classification_days, kind=kind, law=law.says
        )
        for kind, law in laws.items()
        if law.term.unit is Unit.BUSINESS_DAYS and policy.classification_days >= law.term.amount
    ]


def blockers_to_publish_for(days: int, *, pack: Pack, on: date) -> Sequence[str]:
    """Why a notice may not stay published for those days: fewer than the law asks (CPACA art. 69), with its article."""
    try:
        law = pack.legal_term(NOTICE, on=on)
    except NoLegalTerm:
        return []  # a country whose norms say nothing of notices
    short = _("El aviso debe quedar publicado al menos {law}.").format(law=law.says)
    return [short] if days < law.term.amount else []


def _laws(policy: CasesPolicy, *, pack: Pack, bound: str, on: date) -> Mapping[str, LegalTerm]:
    """The legal term of each kind that has one."""
    found = {}
    for key, kind in policy.types.items():
        with suppress(NoLegalTerm):
            found[key] = pack.legal_term(kind.canonical, on=on, risk=kind.risk or None, bound=bound)
    return found
