"""When an assistance ends, who was assisted is asked how it went: who conforms, and a marked part of everybody."""

from collections.abc import Sequence
from datetime import datetime

from escucha.contexts.assistance.events import AssistanceEnded
from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.queries.doors import assistance_about, policy_of_file
from escucha.contexts.assistance.rules.stages import Conformity, Stage
from escucha.contexts.surveys.operations import invite
from escucha.contexts.surveys.policy import SurveysPolicy
from escucha.contexts.surveys.rules import CONFORMING, EVERYONE, in_share
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.words import Saying, _


def send_survey(fact: AssistanceEnded, *, org: Organisation, now: datetime) -> None:
    """One invitation about an assistance, marked with the sample that it belongs to.

    Only who conforms is asked by the procedure, which biases the score: the part of everybody is drawn apart, and
    first, so that who falls in it is never counted among the conforming.
    """
    policy = profile_of(org, at=now).section(SurveysPolicy)
    if fact.stage != Stage.CONCLUDED:
        return
    assistance = assistance_about(org=org, subject=fact.subject)
    if why_not_asked(assistance, policy):
        return
    drawn = in_share(fact.subject, policy.everyone_share)
    email, phone = _ways_to_ask(assistance)
    invite(
        org=org,
        survey=policy.after_assistance,
        subject=fact.subject,
        sample=EVERYONE if drawn else CONFORMING,
        email=email,
        phone=phone,
        now=now,
    )


def why_not_asked(assistance: Assistance, policy: SurveysPolicy) -> Sequence[Saying]:
    """Why who was assisted is not asked, or not yet; nothing where it is."""
    service = policy_of_file(assistance.file).service(assistance.service)
    if not policy.after_assistance or service is None or not service.survey:
        return [Saying(_("De este servicio no se hace encuesta."))]
    if assistance.is_open:
        return [Saying(_("Se envía cuando la asistencia concluye."))]
    if assistance.stage != Stage.CONCLUDED:
        return [Saying(_("Terminó sin concluirse: no se pregunta."))]
    drawn = in_share(assistance.subject, policy.everyone_share)
    if not drawn and assistance.conformity != Conformity.CONFORMING:
        return [Saying(_("Se pregunta a quienes quedaron conformes y a una muestra de todos: esta no entró."))]
    return [] if any(_ways_to_ask(assistance)) else [Saying(_("No dejó correo ni teléfono por donde preguntarle."))]


def _ways_to_ask(assistance: Assistance) -> tuple[str, str]:
    """Its electronic mail and its telephone."""
    file = assistance.file
    return file.affiliate.email if file.affiliate else "", file.contact_phone
