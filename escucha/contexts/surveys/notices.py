"""How somebody is asked: by e-mail, or by text message to who left none."""

from datetime import datetime

from django.conf import settings

from escucha.contexts.messaging.operations.delivering import send_later
from escucha.contexts.messaging.operations.ways import EMAIL, SMS
from escucha.contexts.surveys.models import Invitation
from escucha.contexts.surveys.policy import Instrument
from escucha.kernel.words import _

INVITED = "survey_invitation"
INVITED_TEXT = _(
    "Asunto: ¿Cómo le fue con nosotros?\n"
    "\n"
    "Buen día.\n"
    "\n"
    "{intro}\n"
    "\n"
    "Son {questions} preguntas y se contestan en un minuto. Ninguna es obligatoria:\n"
    "{survey_url}\n"
    "\n"
    "{organisation}"
)
INVITED_SMS = _("{organisation}: cuéntenos en un minuto cómo le fue. {survey_url}")


def invite_to(invitation: Invitation, instrument: Instrument, *, email: str, phone: str, now: datetime) -> bool:
    """Whether there was a way to ask. Its link opens the questionnaire and nothing else."""
    values = {
        "intro": instrument.intro,
        "questions": str(len(instrument.questions)),
        "survey_url": _address(invitation),
    }
    to, channel, otherwise = (email, EMAIL, INVITED_TEXT) if email else (phone, SMS, INVITED_SMS)
    sent = send_later(
        org=invitation.org,
        to=to,
        subject=invitation.subject,
        template=INVITED,
        values=values,
        channel=channel,
        otherwise=otherwise,
        now=now,
    )
    return sent is not None


def _address(invitation: Invitation) -> str:
    return settings.ADDRESS.format(host=invitation.org.host) + settings.PAGES["survey"].format(code=invitation.code)
