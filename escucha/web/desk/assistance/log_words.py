"""The lines of the log in words: what each says besides its comment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as mark

from escucha.contexts.assistance.models import LogLine
from escucha.contexts.assistance.rules.assignments import ASKED_NAMES, Asked, Work
from escucha.contexts.assistance.rules.assignments import STATE_NAMES as WORK_NAMES
from escucha.contexts.assistance.rules.closing import CANCEL_REASONS
from escucha.contexts.assistance.rules.costs import PAYER_NAMES
from escucha.contexts.assistance.rules.monitoring import DIRECTION_NAMES, IDENTITIES
from escucha.contexts.assistance.rules.searching import CAUSES
from escucha.contexts.assistance.rules.serving import WAYS, written
from escucha.contexts.assistance.rules.stages import CATEGORY_NAMES, CONFORMITY_NAMES, PRIORITY_NAMES, STEP_NAMES, Step
from escucha.contexts.assistance.rules.subtypes import SUBTYPES, Subtype
from escucha.web.desk.assistance.board import clock_there
from escucha.web.desk.assistance.seen import Seen

ACTORS = {
    "provider": mark("El proveedor, en su página"),
    "affiliate": mark("El afiliado, en su página"),
    "system": mark("El sistema"),
}


class Line(NamedTuple):
    """A line as it is read."""

    at: datetime
    happened: str  # when what it tells happened, where that was another moment
    step: str
    subtype: str
    who: str
    way: str
    said: Sequence[str]
    comment: str


def lines_in_words(one: Seen, lines: Iterable[LogLine], names: Mapping[int, str]) -> Sequence[Line]:
    """`names` of providers and members, by id of provider."""
    return [_line(one, line, names) for line in lines]


def _line(one: Seen, line: LogLine, names: Mapping[int, str]) -> Line:
    minute = abs((line.at - line.happened_at).total_seconds()) < 60
    return Line(
        at=line.at,
        happened="" if minute else clock_there(line.happened_at, one.zone, one.now),
        step=_(STEP_NAMES[Step(line.step)]),
        subtype=_(SUBTYPES[Subtype(line.subtype)][1]),
        who=line.member.account.name if line.member else _(ACTORS.get(line.actor, "")),
        way=_("automática") if line.automatic else _("manual"),
        said=[*_said(one, line.said, names)],
        comment=line.comment,
    )


def _said(one: Seen, said: Mapping[str, Any], names: Mapping[int, str]) -> Iterable[str]:
    for key, value in said.items():
        if key in WORDS and value not in (None, ""):
            label, way = WORDS[key]
            if text := way(one, value, said, names):
                yield _(label).format(text) if label else text


type Way = Callable[[Seen, Any, Mapping[str, Any], Mapping[int, str]], str]


def _hour(one: Seen, value: Any, _said: Any, _names: Any) -> str:
    return clock_there(datetime.fromisoformat(value), one.zone, one.now)


def _money(_one: Seen, value: Any, said: Mapping[str, Any], _names: Any) -> str:
    amount = Decimal(value)
    return written(amount, said.get("currency") or "") if amount else ""


def _provider(_one: Seen, value: Any, _said: Any, names: Mapping[int, str]) -> str:
    return names.get(value, "")


def _plain(_one: Seen, value: Any, _said: Any, _names: Any) -> str:
    return str(value)


def _named(words: Mapping[Any, str]) -> Way:
    return lambda _one, value, _said, _names: _(words[value]) if value in words else ""


YES_NO = {True: mark("sí"), False: mark("no"), "yes": mark("sí"), "no": mark("no")}
OUTCOMES = {one.value: ASKED_NAMES[one] for one in Asked} | {"expired": mark("No contestó"), "taken": mark("Iba otro")}
REASONS = dict(CAUSES) | dict(CANCEL_REASONS) | {"connection_rejected": mark("No aceptó la conexión")}
WORDS: Mapping[str, tuple[str, Way]] = {
    "provider": ("", _provider),
    "outcome": ("", _named(OUTCOMES | dict(CONFORMITY_NAMES))),
    "priority": ("", _named(PRIORITY_NAMES)),
    "category": ("", _named(CATEGORY_NAMES)),
    "given": (mark("autoriza: {}"), _named(YES_NO)),
    "direction": ("", _named(DIRECTION_NAMES)),
    "on_time": (mark("a tiempo: {}"), _named(YES_NO)),
    "accepted": (mark("acepta: {}"), _named(YES_NO)),
    "reached": (mark("pasó a la encuesta: {}"), _named(YES_NO)),
    "identity": ("", _named(IDENTITIES)),
    "how": ("", _named(WAYS)),
    "cause": ("", _named(REASONS)),
    "reason": ("", _named(REASONS)),
    "work": ("", _named({one.value: WORK_NAMES[one] for one in Work})),
    "payment": ("", _plain),
    "invoice": (mark("factura {}"), _plain),
    "number": (mark("número {}"), _plain),
    "complaint": (mark("caso {}"), _plain),
    "attempt": (mark("intento {}"), _plain),
    "offers": (mark("{} ofertas"), _plain),
    "eta_at": (mark("llega a las {}"), _hour),
    "new_hour": (mark("llegaría a las {}"), _hour),
    "arrived_at": (mark("llegó a las {}"), _hour),
    "contacted_at": (mark("se encontraron a las {}"), _hour),
    "finished_at": (mark("terminó a las {}"), _hour),
    "ends_at": (mark("termina a las {}"), _hour),
    "opens_at": (mark("desde las {}"), _hour),
    "closes_at": (mark("hasta las {}"), _hour),
    "from": (mark("desde las {}"), _hour),
    "until": (mark("hasta las {}"), _hour),
    "told_at": (mark("dicho a las {}"), _hour),
    "cost": (mark("cuesta {}"), _money),
    "amount": (mark("paga {}"), _money),
    "total": (mark("total {}"), _money),
    **{payer.value: (f"{label}: {{}}", _money) for payer, label in PAYER_NAMES.items()},
}
