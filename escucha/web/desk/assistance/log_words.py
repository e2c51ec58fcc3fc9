"""The lines of the log in words: what each says besides its comment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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
    "provider": gettext_noop("El proveedor, en su página"),
    "affiliate": gettext_noop("El afiliado, en su página"),
    "system": gettext_noop("El sistema"),
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


def _fields(_one: Seen, value: Any, _said: Any, _names: Any) -> str:
    return ", ".join(_(FIELDS[name]) for name in str(value).split() if name in FIELDS)


FIELDS = {
    "happened": gettext_noop("qué pasó"),
    "failure": gettext_noop("el detalle de la falla"),
    "plate": gettext_noop("la placa"),
    "comments": gettext_noop("los comentarios"),
}
YES_NO = {True: gettext_noop("sí"), False: gettext_noop("no"), "yes": gettext_noop("sí"), "no": gettext_noop("no")}
OUTCOMES = {one.value: ASKED_NAMES[one] for one in Asked} | {
    "expired": gettext_noop("No contestó"),
    "taken": gettext_noop("Iba otro"),
}
REASONS = dict(CAUSES) | dict(CANCEL_REASONS) | {"connection_rejected": gettext_noop("No aceptó la conexión")}
WORDS: Mapping[str, tuple[str, Way]] = {
    "provider": ("", _provider),
    "outcome": ("", _named(OUTCOMES | dict(CONFORMITY_NAMES))),
    "priority": ("", _named(PRIORITY_NAMES)),
    "category": ("", _named(CATEGORY_NAMES)),
    "given": (gettext_noop("autoriza: {}"), _named(YES_NO)),
    "direction": ("", _named(DIRECTION_NAMES)),
    "on_time": (gettext_noop("a tiempo: {}"), _named(YES_NO)),
    "accepted": (gettext_noop("acepta: {}"), _named(YES_NO)),
    "reached": (gettext_noop("pasó a la encuesta: {}"), _named(YES_NO)),
    "identity": ("", _named(IDENTITIES)),
    "how": ("", _named(WAYS)),
    "cause": ("", _named(REASONS)),
    "reason": ("", _named(REASONS)),
    "work": ("", _named({one.value: WORK_NAMES[one] for one in Work})),
    "payment": ("", _plain),
    "invoice": (gettext_noop("factura {}"), _plain),
    "number": (gettext_noop("número {}"), _plain),
    "complaint": (gettext_noop("caso {}"), _plain),
    "attempt": (gettext_noop("intento {}"), _plain),
    "changed": (gettext_noop("cambió {}"), _fields),
    "offers": (gettext_noop("{} ofertas"), _plain),
    "tolerance": (gettext_noop("{} segundos después de su hora"), _plain),
    "eta_at": (gettext_noop("llega a las {}"), _hour),
    "new_hour": (gettext_noop("llegaría a las {}"), _hour),
    "arrived_at": (gettext_noop("llegó a las {}"), _hour),
    "contacted_at": (gettext_noop("se encontraron a las {}"), _hour),
    "finished_at": (gettext_noop("terminó a las {}"), _hour),
    "ends_at": (gettext_noop("termina a las {}"), _hour),
    "opens_at": (gettext_noop("desde las {}"), _hour),
    "closes_at": (gettext_noop("hasta las {}"), _hour),
    "from": (gettext_noop("desde las {}"), _hour),
    "until": (gettext_noop("hasta las {}"), _hour),
    "told_at": (gettext_noop("dicho a las {}"), _hour),
    "cost": (gettext_noop("cuesta {}"), _money),
    "amount": (gettext_noop("paga {}"), _money),
    "total": (gettext_noop("total {}"), _money),
    **{payer.value: (f"{label}: {{}}", _money) for payer, label in PAYER_NAMES.items()},
}
