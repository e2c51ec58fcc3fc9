"""What is known of an assistance as it comes to be known: what happened, what fails, which vehicle."""

from datetime import datetime

from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.queries.doors import assistance_for_change
from escucha.contexts.assistance.rules.opening import blockers_to_change
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if

LONGEST_PLATE = 12
BEFORE = " · "  # between what was written before, in the line of a change


@act
def describe_assistance(
    *,
    org: Organisation,
    assistance_id: int,
    happened: str,
    failure: str,
    comments: str = "",
    plate: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """Said whole, until it ends. What it was before stays in the log; said as it was, nothing changes."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_change(still_open=assistance.is_open, by=by))
    said = {"happened": happened, "failure": failure, "comments": comments, "plate": plate[:LONGEST_PLATE]}
    after = {name: text.strip() for name, text in said.items()}
    before = {name: str(getattr(assistance, name)) for name in after}
    changed = sorted(name for name, text in after.items() if text != before[name])
    if not changed:
        return assistance
    for name in changed:
        setattr(assistance, name, after[name])
    keep(assistance, *changed)
    was = BEFORE.join(before[name] for name in changed if before[name])
    write(assistance, Subtype.NOTE, said={"changed": " ".join(changed)}, comment=was, by=by, now=now)
    return assistance
