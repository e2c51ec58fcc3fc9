"""The affiliate is not content: what it said is a complaint of Quality's, on its own clock, in the same act."""

from datetime import datetime

from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.closing import record_conformity
from escucha.contexts.assistance.operations.noting import note_complaint
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.monitoring import OUTBOUND
from escucha.contexts.assistance.rules.stages import Conformity
from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.filing import classify_case, file_case
from escucha.contexts.cases.operations.handling import assign_case
from escucha.contexts.messaging.policy.channels import PHONE, ChannelsPolicy
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.queries import central_unit, members_of, profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import _

# The coordinator tells; it is the procedure itself that gives the case its kind and its owner.
PROCEDURE = Actor("system", acts=frozenset({"cases.classify", "cases.assign"}), everywhere=True)
MATTER = _("Servicio no conforme: asistencia {number}")


@act
def record_nonconformity(
    *,
    org: Organisation,
    assistance_id: int,
    comment: str,
    direction: str = OUTBOUND,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> tuple[Assistance, Case | None]:
    """T25: the assistance is marked and its complaint filed, or neither. None where the policy files none.

    Raises what recording a conformity raises. The complaint counts from now, when the affiliate said so.
    """
    assistance = record_conformity(
        org=org,
        assistance_id=assistance_id,
        outcome=Conformity.NONCONFORMING,
        direction=direction,
        comment=comment,
        version=version,
        by=by,
        now=now,
    )
    profile = profile_of(org, at=now)
    policy = profile.section(AssistancePolicy)
    if not policy.complaint:
        return assistance, None
    case = _filed(assistance, comment, profile, by=by, now=now)
    if case.case_type != policy.complaint:
        case = classify_case(org=org, case_id=case.pk, case_type=policy.complaint, by=PROCEDURE, now=now)
    if head := _head(org, policy.complaint_role):
        case = assign_case(org=org, case_id=case.pk, member=head, by=PROCEDURE, now=now)
    note_complaint(org=org, assistance_id=assistance.pk, number=case.filing_number, by=by, now=now)
    return assistance, case


def _filed(assistance: Assistance, comment: str, profile: Profile, *, by: Actor, now: datetime) -> Case:
    number = f"{assistance.file.number}/{assistance.position}"
    channel = profile.section(ChannelsPolicy).receiving_by(PHONE)
    return file_case(
        org=assistance.org,
        channel=channel.key if channel else PHONE,
        person=_who(assistance),
        matter=MATTER.format(number=number),
        body=comment,
        suggested_type=profile.section(AssistancePolicy).complaint,
        filled_by="staff",
        filing_key=f"assistance-{assistance.pk}",
        by=by,
        now=now,
    )


def _who(assistance: Assistance) -> dict[str, str]:
    """Who is not content: the affiliate, by the telephone that called; where nobody is known, who called."""
    file, affiliate = assistance.file, assistance.file.affiliate
    if affiliate is None:
        return {"name": f"{file.contact_first_name} {file.contact_last_name}".strip(), "phone": file.contact_phone}
    return {
        "name": affiliate.full_name,
        "document_kind": affiliate.document_kind,
        "document_number": affiliate.document_number,
        "email": affiliate.email,
        "phone": affiliate.phone or file.contact_phone,
    }


def _head(org: Organisation, role: str) -> Member | None:
    """Who takes charge of the complaints: of those with the role in the central unit, the first by name."""
    heads = members_of(org=org, unit=central_unit(org), role=role) if role else ()
    return heads[0] if heads else None
