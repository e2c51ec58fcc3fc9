"""The one door by which a provider reads who asks for help, and where. It stays written that it did."""

from dataclasses import dataclass
from datetime import datetime

from escucha.contexts.assistance.events import DataDisclosed
from escucha.contexts.assistance.models import Assignment
from escucha.contexts.assistance.queries.offers import work_by_code
from escucha.contexts.assistance.rules.searching import blockers_to_disclose
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import refuse_if


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Whom a provider goes to, and what it needs to arrive."""

    name: str
    phone: str
    contact_name: str
    contact_phone: str
    address: str
    references: str
    plate: str
    failure: str
    place: tuple[float, float] | None


@act
def disclose(*, org: Organisation, code: str, now: datetime) -> Disclosed:
    """What the provider of a work is shown of the affiliate, once this consented; the first time is recorded.

    Raises NoSuchWork, and Refused before the consent and after the work.
    """
    work = work_by_code(org=org, code=code)
    assistance, file = work.assistance, work.assistance.file
    refuse_if(blockers_to_disclose(consent=assistance.consent, priority=assistance.priority, work=work.state))
    if Assignment.objects.filter(pk=work.pk, disclosed_at=None).update(disclosed_at=now):
        fact = DataDisclosed(subject=assistance.subject, provider=work.provider_id, assignment=work.pk)
        record(fact, org=org, by=Actor("provider", id=str(work.provider_id)), now=now)
    return Disclosed(
        name=file.affiliate.full_name if file.affiliate else "",
        phone=file.affiliate.phone if file.affiliate else "",
        contact_name=f"{file.contact_first_name} {file.contact_last_name}".strip(),
        contact_phone=file.contact_phone,
        address=file.address,
        references=file.references,
        plate=assistance.plate,
        failure=assistance.failure,
        place=None if file.lat is None or file.lon is None else (file.lat, file.lon),
    )
