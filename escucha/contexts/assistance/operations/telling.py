"""Open pages are told that the time of something runs out. Once for each share of it: the clock takes a step once."""

from escucha.contexts.assistance.models import Assistance, AssistanceFile
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.news import announce

TOPIC = "notice"
NAME = Composed(
    lambda: Assistance.objects.filter(org=Blank("org"), pk=Blank("id")).values_list("file__number", "position")
)


def tell_share(*, org: Organisation, subject: str, kind: str, commitment_id: int, step: str) -> bool:
    """Whether it was told: to who owes it, and to the role that its ladder names. What is no longer owed is not."""
    owed = owed_of_kind(org=org, subject=subject, kind=kind)
    if owed is None or owed.pk != commitment_id:
        return False
    rung = next((one for one in owed.rungs if one["step"] == step and one.get("spent") is not None), None)
    name = _name_of(org, subject)
    if rung is None or name is None:
        return False
    file, position = name
    said = {"file": file, "position": position, "share": round(100 * rung["spent"])}
    announce(org=org, topic=TOPIC, said=said | {"member": owed.owner_member_id, "role": rung.get("to", "")})
    return True


def _name_of(org: Organisation, subject: str) -> tuple[int, int] | None:
    """How what is owed about is called: the number of a file, and the position of an assistance, or 0."""
    kind, _colon, key = subject.partition(":")
    if kind == "assistance":
        return NAME.first(org=org.pk, id=int(key))
    if kind == "assistance_file":
        number = AssistanceFile.objects.filter(org=org, pk=int(key)).values_list("number", flat=True).first()
        return None if number is None else (number, 0)
    return None
