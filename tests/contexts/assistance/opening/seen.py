"""What a test looks at after an act of the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from escucha.contexts.assistance.models import Assistance, AssistanceFile, LogLine
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import history_about, owed_about
from escucha.kernel.timeline.record import entries_about
from tests.make import House

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
About = Assistance | AssistanceFile


def owed(about: About) -> dict[str, Commitment]:
    return {one.kind: one for one in owed_about(org=about.org, subject=about.subject)}


def ended(about: About) -> dict[str, str]:
    """How what is no longer owed ended, by kind and attempt."""
    known = history_about(org=about.org, subject=about.subject)
    return {f"{one.kind} {one.attempt}": one.cause or one.outcome for one in known if one.outcome}


def lines(about: About) -> list[str]:
    """The subtypes of its log, in order; of a file, only its own."""
    key = {"assistance": about} if isinstance(about, Assistance) else {"file": about, "assistance": None}
    return [one.subtype for one in LogLine.objects.filter(**key).order_by("pk")]


def last_line(about: About) -> LogLine:
    key = {"assistance": about} if isinstance(about, Assistance) else {"file": about}
    return LogLine.objects.filter(**key).order_by("-pk")[0]


def verbs(about: Any) -> list[str]:
    """What was recorded of it, without its lines nor its debts."""
    told = [entry.verb for entry in entries_about(org=about.org, subject=about.subject)]
    own = [verb.removeprefix("assistance.") for verb in told if verb.startswith("assistance.")]
    return [verb for verb in own if verb != "line_written"]


def picture(about: About) -> tuple[Any, ...]:
    """Everything an act may change: to see that a refused one changed nothing."""
    fresh = type(about).objects.get(pk=about.pk)
    row = {field.attname: getattr(fresh, field.attname) for field in fresh._meta.concrete_fields}
    return row, sorted(owed(about)), ended(about), verbs(about), lines(about)


def doing(house: House, verb: Callable[..., Any], about: About, who: str, now: Any, **said: Any) -> Any:
    """A verb about a file or an assistance, by somebody of the house."""
    key = "assistance_id" if isinstance(about, Assistance) else "file_id"
    return verb(org=house.org, by=house.actor(who), now=now, **{key: about.pk}, **said)
