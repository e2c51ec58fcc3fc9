"""What an example organisation receives by its other doors. Read from profiles/<slug>/sample/doors.toml."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from escucha.console.sample.script import Story


@dataclass(frozen=True, kw_only=True)
class Arriving:
    """Something that comes, some `days` before now. With a `case_type` it is also classified and answered."""

    days: float
    matter: str = ""
    body: str = ""
    case_type: str = ""
    unit: str = ""
    answer: str = ""

    @property
    def story(self) -> Story | None:
        """What becomes of it; None for what waits for whoever looks at the example."""
        if not self.case_type:
            return None
        return Story(matter=self.matter, body=self.body, case_type=self.case_type, unit=self.unit, answer=self.answer)


@dataclass(frozen=True, kw_only=True)
class Letter(Arriving):
    """An e-mail. `twice`: its bytes come once more. `{other}` in it is the number of somebody else's case."""

    sender: str
    box: str = "escucha"
    automatic: bool = False
    twice: bool = False
    answers: bool = False  # what we wrote last to its sender
    brings: str = ""  # the name of a paper


@dataclass(frozen=True, kw_only=True)
class Contact(Arriving):
    """A call or a visit that asks for nothing in writing; with a body, a request was behind it."""

    channel: str
    stakeholder: str
    topic: str
    note: str = ""
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Visit(Arriving):
    """What staff takes down: spoken, or on a paper that is scanned."""

    channel: str
    person: Mapping[str, str] = field(default_factory=dict)
    groups: Sequence[str] = ()
    identity_reserved: bool = False
    scan: str = ""  # the name of the paper
    form: str = ""
    reasons: Sequence[str] = ()
    twin: bool = False  # what was taken down before it is the same: the two are made one


@dataclass(frozen=True, kw_only=True)
class Word(Arriving):
    """One slip of a box, some `days` older than its opening; or one intervention of a hearing."""

    days: float = 0
    void: str = ""  # why it says nothing
    speaker: str = ""
    minute: int | None = None
    commitment: str = ""
    person: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """A box that is opened, or a hearing that is held."""

    days: float
    kind: str
    witnesses: Sequence[str]
    site: str = ""
    place: str = ""
    topic: str = ""
    first_slip: int | None = None
    last_slip: int | None = None
    closed: bool = True
    words: Sequence[Word] = ()


@dataclass(frozen=True, kw_only=True)
class Report(Arriving):
    """Of wrongdoing, by the reserved channel."""

    accused: str = ""


@dataclass(frozen=True)
class Doors:
    letters: Sequence[Letter] = ()
    contacts: Sequence[Contact] = ()
    visits: Sequence[Visit] = ()
    gatherings: Sequence[Gathering] = ()
    reports: Sequence[Report] = ()


def read_doors(folder: Path) -> Doors:
    """What is beside a profile; nothing where there is no file."""
    file = folder / "sample" / "doors.toml"
    raw: dict[str, Any] = tomllib.loads(file.read_text()) if file.exists() else {}
    return Doors(
        letters=[Letter(**one) for one in raw.get("letter", ())],
        contacts=[Contact(**one) for one in raw.get("contact", ())],
        visits=[Visit(**one) for one in raw.get("visit", ())],
        gatherings=list(_gatherings(raw)),
        reports=[Report(**one) for one in raw.get("report", ())],
    )


def _gatherings(raw: Mapping[str, Any]) -> Iterator[Gathering]:
    for one in raw.get("gathering", ()):
        yield Gathering(**dict(one) | {"words": [Word(**word) for word in one.get("words", ())]})
