"""What follows on an assistance: each thing owed with the acts that fulfil it, whole while it is near, a line before.

Each has an anchor of its own, by which other pages lead to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from escucha.contexts.assistance.operations.starting import standing_of
from escucha.contexts.assistance.rules.duties import DUTY_NAMES, Duty
from escucha.contexts.assistance.rules.opening import Served
from escucha.contexts.assistance.rules.risk import Span, is_near
from escucha.contexts.assistance.rules.stages import Category, Stage
from escucha.kernel.commitments.models import Commitment
from escucha.web.desk.assistance.board import Timer, timer
from escucha.web.desk.assistance.doings import BY_NAME, FULFILS
from escucha.web.desk.assistance.offered import Doing, Offered
from escucha.web.desk.assistance.seen import Seen

ANCHORS: Mapping[Duty, str] = {
    Duty.ASSIGN: "asignacion",
    Duty.CONFIRM: "confirmacion",
    Duty.EXTRA_CHECK: "monitoreo-extra",
    Duty.FIRST_MOVE: "salida",
    Duty.AFFILIATE_CHECK: "aviso-al-afiliado",
    Duty.ARRIVAL: "arribo",
    Duty.CONTACT: "encuentro",
    Duty.DIAGNOSIS: "diagnostico",
    Duty.AUTHORISE: "autorizacion",
    Duty.FINISH: "termino",
    Duty.COSTS: "costos",
    Duty.CONFORMITY: "conformidad",
    Duty.SURVEY: "encuesta",
    Duty.CONCLUDE: "conclusion",
    Duty.CLOSE_FILE: "cierre",
    Duty.DECIDE: "decision",
    Duty.VERIFY: "verificacion",
    Duty.MANUAL: "recordatorios",
}

type WhyNot = Mapping[str, Sequence[Any]]


class Todo(NamedTuple):
    """What is owed, or what comes next where nothing is yet, and the acts that fulfil it.

    `anchor` names it in an address; `whose` is who owes it, of what is `far`.
    """

    what: str
    timer: Timer | None
    acts: Sequence[Offered]
    anchor: str
    search: bool = False
    why_not: Sequence[Any] = ()
    far: bool = False
    whose: str = ""


def todos(one: Seen, why_not: WhyNot, used: set[str]) -> Iterator[Todo]:
    """`why_not`: of every act that who looks may ask for, why it is not done now; `used`: acts that stand elsewhere."""
    given = set(used)
    for name in _first(one):
        if _may(name, why_not, given):
            given.add(name)
            yield Todo(_(BY_NAME[name].title), None, [offer(one, BY_NAME[name])], BY_NAME[name].noun)
    due = [owing for owing in one.owed if owing.debt.due_at and owing.debt.visible_at <= one.now and not owing.reminder]
    for owing in due:
        if owing.assistance:
            yield _of_assistance(one, owing.debt, why_not, given)
    for owing in due:
        if not owing.assistance:  # what is owed about its file is done on the page of the file
            yield _todo(one, owing.debt)


def offer(one: Seen, doing: Doing[Seen]) -> Offered:
    return Offered(doing, doing.form(one, None), act_url(one, doing))


def act_url(one: Seen, doing: Doing[Seen]) -> str:
    return reverse(f"desk:assistance_{doing.name}", args=[one.file.number, one.assistance.position])


def timer_here(one: Seen, owed: Commitment) -> Timer:
    assert owed.due_at  # what is paused has no hour to show
    return timer(Duty(owed.kind), owed.due_at, zone=one.zone, now=one.now)


def _first(one: Seen) -> Sequence[str]:
    """What comes before anything is owed: on whose word it is given, and then that it is accepted."""
    if one.assistance.stage != Stage.OPENING:
        return []
    asked = ["order"] if standing_of(one.file, now=one.now) != Served.YES and not one.is_ordered else []
    if one.assistance.category == Category.COVERAGE and not one.covered:
        return [*asked, "connection", "courtesy", "cancelling_at_once"]
    return [*asked, "acceptance"]


def _may(name: str, why_not: WhyNot, given: set[str]) -> bool:
    return name not in given and not why_not.get(name, [""])


def _of_assistance(one: Seen, owed: Commitment, why_not: WhyNot, given: set[str]) -> Todo:
    """With the acts that fulfil it and were not `given` above; they are from now on."""
    duty = Duty(owed.kind)
    names = [name for name in FULFILS.get(duty, ()) if name not in given]
    may = [name for name in names if _may(name, why_not, given)]
    search = duty == Duty.ASSIGN and "calling" not in given
    given.update(may)
    why = () if may or search or not names or not why_not else why_not[names[0]]
    return _todo(one, owed)._replace(acts=[offer(one, BY_NAME[name]) for name in may], search=search, why_not=why)


def _todo(one: Seen, owed: Commitment) -> Todo:
    assert owed.due_at  # what is paused is not asked for
    far = not is_near(Span(owed.counted_from, owed.due_at), one.now)
    anchor = ANCHORS[Duty(owed.kind)]
    return Todo(_(DUTY_NAMES[Duty(owed.kind)]), timer_here(one, owed), [], anchor, far=far, whose=_whose(one, owed))


def _whose(one: Seen, owed: Commitment) -> str:
    """Who owes it: a person, who holds a role, or the shift."""
    if owed.owner_member:
        return owed.owner_member.account.name
    role = one.profile.roles.get(owed.owner_role)
    return role.label if role else _("La cola del turno")
