"""Several files passed on at once, each by an act of its own: one that cannot be stays, and the rest go on."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from escucha.contexts.assistance.models import AssistanceFile
from escucha.contexts.assistance.operations.files import hand_over_file
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.queries.charges import Standing, handed_over, standings
from escucha.contexts.assistance.queries.doors import NoSuchFile
from escucha.contexts.assistance.rules.sharing import blockers_to_hand_over_several, blockers_to_take_back
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Refused, Saying, _, refuse_if

TRIES = 3  # a file that changed while it was passed on is looked at again
ELSEWHERE = Saying(_("Otra persona lo entregó antes."))
BUSY = Saying(_("Está cambiando en este momento. Inténtelo otra vez."))
TAKEN_BACK = _("Se deshizo la entrega")

type HandOver = Callable[..., None]


class Stayed(NamedTuple):
    """A file that was not passed on, by its number, and why."""

    number: int
    why: Saying


def hand_over_files(
    *,
    org: Organisation,
    plan: Mapping[int, int | None],
    before: int | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> Sequence[Stayed]:
    """Each file of the plan passes from `before` to who the plan says; None is the queue of the shift.

    What comes back stayed where it was. Raises NoSuchFile, before anything changes, for a file that is not there.
    """
    targets = {*plan.values()}
    refuse_if(blockers_to_hand_over_several(files=plan, targets=targets, before=before, reason=reason, by=by))
    found = standings(org=org, viewer=by, ids=plan.keys())
    if len(found) < len(plan):
        raise NoSuchFile
    moves = ((found[file], before, member) for file, member in plan.items())
    return [*_pass_on(moves, partial(_hand_over, org=org, reason=reason.strip(), by=by, now=now))]


def take_files_back(*, org: Organisation, at: datetime, by: Actor, now: datetime) -> Sequence[Stayed]:
    """What `by` handed over at that instant goes back to who had it, where who got it still has it."""
    handed = handed_over(org=org, viewer=by, at=at)
    refuse_if(blockers_to_take_back(handed=[one.file for one in handed], at=at, now=now, by=by))
    found = standings(org=org, viewer=by, ids=[one.file for one in handed])
    moves = ((found[one.file], one.member, one.before) for one in handed)
    return [*_pass_on(moves, partial(_hand_over, org=org, reason=TAKEN_BACK, by=by, now=now))]


def _pass_on(moves: Iterable[tuple[Standing, int | None, int | None]], hand_over: HandOver) -> Iterator[Stayed]:
    for one, before, member in moves:
        if why := _why_it_stays(one, before, partial(hand_over, file_id=one.file, member_id=member)):
            yield Stayed(one.number, why)


def _why_it_stays(one: Standing, before: int | None, hand_over: HandOver) -> Saying | None:
    """None once it is passed on. It is passed on only from who it was seen with, whatever else changed meanwhile."""
    version, holder = one.version, one.coordinator
    for _try in range(TRIES):
        if holder != before:
            return ELSEWHERE
        try:
            hand_over(version=version)
        except Refused as refused:
            return refused.blockers[0]
        except Overtaken as overtaken:
            assert isinstance(overtaken.about, AssistanceFile)  # what its verb looks at
            version, holder = overtaken.about.version, overtaken.about.coordinator_id
        else:
            return None
    return BUSY


@act
def _hand_over(
    *, org: Organisation, file_id: int, member_id: int | None, version: int, reason: str, by: Actor, now: datetime
) -> None:
    """A file and why it was passed on, in one transaction."""
    file = hand_over_file(org=org, file_id=file_id, member_id=member_id, version=version, by=by, now=now)
    write(file, Subtype.NOTE, comment=reason, automatic=False, by=by, now=now)
