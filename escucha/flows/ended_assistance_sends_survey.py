"""When an assistance ends, who was assisted is asked how it went: who conforms, and a marked part of everybody."""

from datetime import datetime

from escucha.contexts.assistance.events import AssistanceEnded
from escucha.contexts.assistance.queries.doors import assistance_about, policy_of_file
from escucha.contexts.assistance.rules.stages import Conformity, Stage
from escucha.contexts.surveys.operations import invite
from escucha.contexts.surveys.policy import SurveysPolicy
from escucha.contexts.surveys.rules import CONFORMING, EVERYONE, in_share
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of


def send_survey(fact: AssistanceEnded, *, org: Organisation, now: datetime) -> None:
    """One invitation about an assistance, marked with the sample that it belongs to.

    Only who conforms is asked by the procedure, which biases the score: the part of everybody is drawn apart, and
    first, so that who falls in it is never counted among the conforming.
    """
    policy = profile_of(org, at=now).section(SurveysPolicy)
    if not policy.after_assistance or fact.stage != Stage.CONCLUDED:
        return
    drawn = in_share(fact.subject, policy.everyone_share)
    if not drawn and fact.conformity != Conformity.CONFORMING:
        return
    assistance = assistance_about(org=org, subject=fact.subject)
    file, service = assistance.file, policy_of_file(assistance.file).service(assistance.service)
    if service is None or not service.survey:
        return
    invite(
        org=org,
        survey=policy.after_assistance,
        subject=fact.subject,
        sample=EVERYONE if drawn else CONFORMING,
        email=file.affiliate.email if file.affiliate else "",
        phone=file.contact_phone,
        now=now,
    )
