"""What the assistance desk owes, as Hoy names it: by its duty or its reminder, with the hour of its place."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.owed import About, subjects_named
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.contexts.assistance.rules.duties import DUTY_NAMES, Duty
from escucha.kernel.commitments.models import Commitment
from escucha.web.desk.assistance.todo import ANCHORS
from escucha.web.ui import spanish
from escucha.web.ui.requests import DeskRequest

OF_DESK = ("assistance", "assistance_file", "reminder")
NAMES: Mapping[str, str] = {duty.value: name for duty, name in DUTY_NAMES.items()}


class Owed(NamedTuple):
    """A debt in words. `due` is empty where the hour is that of the organisation; `done` is where it is settled."""

    what: str
    about: str
    href: str
    due: str
    done: str


def owed_in_words(request: DeskRequest, debts: Iterable[Commitment]) -> Mapping[str, Owed]:
    """Of the debts that are of assistances, files and reminders, by subject and kind; of the rest, nothing."""
    known = [*debts]
    found = subjects_named(org=request.org, viewer=request.actor, subjects={one.subject for one in known})
    if not found:
        return {}
    policy = request.profile.section(AssistancePolicy)
    return {key_of(one): _in_words(request, policy, one, found[one.subject]) for one in known if one.subject in found}


def key_of(owed: Commitment) -> str:
    return f"{owed.subject} {owed.kind}"


def is_of_desk(owed: Commitment) -> bool:
    """Whether it is of the assistance desk, for who may see it and for who may not."""
    return owed.subject.partition(":")[0] in OF_DESK


def _in_words(request: DeskRequest, policy: AssistancePolicy, owed: Commitment, about: About) -> Owed:
    service, country = policy.service(about.service), policy.country(about.country)
    called = f"{about.number}/{about.position}" if about.position else str(about.number)
    named = (called, f"{about.first_name} {about.last_name}".strip(), service.label if service else "")
    zone = policy.zone_of(about.country)
    due = ""
    if owed.due_at and country and zone.key != request.profile.zone.key:
        local = owed.due_at.astimezone(zone)
        hour = f"{spanish.short_date(local.date())}, {spanish.clock(local)}"
        due = spanish.sentence(_("{hour}, hora de {country}").format(hour=hour, country=country.label))
    ends = about.reminder and request.actor.may(HANDLE)
    return Owed(
        what=about.text or _(NAMES.get(owed.kind, "")),
        about=" · ".join(filter(None, named)),
        href=_address(about, owed.kind),
        due=due,
        done=reverse("desk:reminder_done", args=[about.reminder]) if ends else "",
    )


def _address(about: About, kind: str) -> str:
    """Where it is done: of an assistance, the place of that duty on its page."""
    if not about.position:
        return reverse("desk:assistance_file", args=[about.number])
    anchor = ANCHORS.get(Duty(kind)) if kind in set(Duty) else ""
    return reverse("desk:assistance", args=[about.number, about.position]) + (f"#{anchor}" if anchor else "")
