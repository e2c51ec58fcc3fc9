"""What the form of a case asked besides the story, in the words in which it was asked."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.policy.receiving import DATE, UNIT, FormsPolicy, PaperForm, label_of
from escucha.contexts.cases.queries.receiving import day_of_act, slip_of
from escucha.contexts.cases.rules.receiving import BOX, HEARING
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.people.queries import place_by_code
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _ as marked
from escucha.web.ui import spanish

MISSING = "missing"
PERSON = "person"  # the requester that goes without saying
OUR_WORDS: Mapping[str, str] = {  # what our own forms ask, that no profile names
    "accused": marked("A quién señala"),
    "happened": marked("Cuándo y dónde fue"),
    "place": marked("Lugar, como lo escribió"),
    "written_on": marked("Fecha de la carta"),
    "folios": marked("Folios"),
    "courier": marked("Quién la trajo"),
    UNIT: marked("Dependencia"),
    DATE: marked("Fecha"),
}


class Told(NamedTuple):
    asked: str
    said: str


def told_by(case: Case, profile: Profile) -> list[Told]:
    """Question and answer, in the order of the form; at the end what was asked for and is missing."""
    paper = profile.section(FormsPolicy).form(case.form) if profile.has(FormsPolicy) else None
    return [*_requester(case, profile), *_reasons(case, paper), *_details(case, paper, profile), *_missing(case, paper)]


def told_by_act(case: Case, profile: Profile) -> list[Told]:
    """Of what came in a box or was said in a hearing: its act and its days. One query, and none for any other case."""
    channel = profile.section(ChannelsPolicy).channels.get(case.channel)
    slip = slip_of(case) if (channel.kind if channel else case.channel) in (BOX, HEARING) else None
    if slip is None:
        return []
    held_on = spanish.long_date(day_of_act(slip.act, profile), year=True)
    if slip.act.kind == BOX:
        written_on = spanish.long_date(slip.written_on, year=True) if slip.written_on else _("No la dice")
        return [
            Told(_("Acta"), _("{act}, papeleta {number}").format(act=slip.act.number, number=slip.position)),
            Told(_("Fecha del papel"), written_on),
            Told(_("Se abrió el buzón"), held_on),
        ]
    minute = _("{act}, minuto {minute}") if slip.minute is not None else _("{act}, intervención {number}")
    said = [
        Told(_("Acta"), minute.format(act=slip.act.number, minute=slip.minute, number=slip.position)),
        Told(_("Se dijo el"), held_on),
        Told(_("Intervino"), "" if case.identity_reserved else slip.speaker),
        Told(_("A qué se comprometió la entidad allí"), slip.commitment),
    ]
    return [one for one in said if one.said]


def _requester(case: Case, profile: Profile) -> Iterator[Told]:
    known = profile.section(CasesPolicy).requesters.get(case.requester_kind)
    if known and known.kind != PERSON:
        yield Told(_("Quién la presenta"), _(known.label))
    if place := place_by_code(case.place_code) if case.place_code else None:
        yield Told(_("Municipio"), place.full_name)


def _reasons(case: Case, paper: PaperForm | None) -> Iterator[Told]:
    if case.reasons:
        labels = [label_of(paper.reasons if paper else (), key) for key in case.reasons]
        yield Told(_("Motivos que marcó"), "; ".join(labels))


def _details(case: Case, paper: PaperForm | None, profile: Profile) -> Iterator[Told]:
    order = [one.key for one in paper.fields] if paper else []
    found = {key: value for key, value in case.details.items() if key != MISSING}
    for key in sorted(found, key=lambda one: order.index(one) if one in order else len(order)):
        yield Told(_asked(key, paper), _said(key, found[key], paper, profile))


def _asked(key: str, paper: PaperForm | None) -> str:
    field = paper.field(key) if paper else None
    return field.label if field else _(OUR_WORDS.get(key, key))


def _said(key: str, value: Any, paper: PaperForm | None, profile: Profile) -> str:
    field = paper.field(key) if paper else None
    if isinstance(value, list):
        return _("anexo {numbers}").format(numbers=", ".join(map(str, value)))
    if key == UNIT:
        return profile.units[value].label if value in profile.units else str(value)
    if field and field.choices:
        return label_of(field.choices, str(value))
    try:
        return spanish.long_date(date.fromisoformat(str(value)), year=True)
    except ValueError:
        return str(value)


def _missing(case: Case, paper: PaperForm | None) -> Iterator[Told]:
    if missing := case.details.get(MISSING):
        yield Told(_("Se pidió y no llegó"), "; ".join(_asked(key, paper) for key in missing))
