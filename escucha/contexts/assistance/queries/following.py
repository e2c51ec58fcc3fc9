"""What the affiliate sees of its assistance, by the code of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from escucha.contexts.assistance.models import Assistance, LogLine
from escucha.contexts.assistance.queries.doors import OF_ASSISTANCE, policy_of_file, with_org
from escucha.contexts.assistance.queries.work import going
from escucha.contexts.assistance.rules.stages import Conformity, Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.orgs.models import Organisation


class NoSuchService(LookupError):
    """No assistance has that code."""


@dataclass(frozen=True, slots=True)
class Followed:
    """An assistance as who asked for it sees it. `excess` is what its plan does not cover, while it is asked."""

    assistance: Assistance
    provider: str
    eta_at: datetime | None
    on_the_way: bool
    excess: Decimal | None
    payments: Sequence[str]
    complaint: str = ""  # the number of what it did not conform with


def followed_by_code(*, org: Organisation, code: str) -> Followed:
    """Raises NoSuchService. Who holds the code is its only viewer."""
    found = Assistance.objects.filter(org=org, page_code=code).select_related(*OF_ASSISTANCE)
    assistance = found.defer("profile_version__document").first()
    if assistance is None:
        raise NoSuchService
    with_org(assistance, org)
    goes = going(assistance)
    return Followed(
        assistance=assistance,
        provider=goes.provider.name if goes else "",
        eta_at=goes.eta_at if goes else None,
        on_the_way=goes is not None and goes.on_the_way_at is not None,
        excess=_excess(assistance),
        payments=policy_of_file(assistance.file).payments,
        complaint=_complaint(assistance) if assistance.conformity == Conformity.NONCONFORMING else "",
    )


def _complaint(assistance: Assistance) -> str:
    lines = LogLine.objects.filter(assistance=assistance, subtype=Subtype.CONFORMITY, said__has_key="complaint")
    said = lines.order_by("id").values_list("said", flat=True).last()
    return str(said["complaint"]) if said else ""


def _excess(assistance: Assistance) -> Decimal | None:
    """What is over the cover of this event, once it was said what it costs. None where the plan covers it all."""
    if assistance.stage != Stage.DIAGNOSED or assistance.quoted is None or assistance.cover_amount is None:
        return None
    over = assistance.quoted - assistance.cover_amount
    return over if over > 0 else None
