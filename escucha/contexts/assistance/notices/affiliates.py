"""What who asked for help is told: that somebody goes, and where to follow it. By text to the telephone that called."""

from datetime import datetime

from django.conf import settings

from escucha.contexts.assistance.models import Assignment
from escucha.contexts.assistance.queries.doors import profile_of_file
from escucha.contexts.assistance.queries.offers import described
from escucha.contexts.assistance.rules.stages import Priority
from escucha.contexts.messaging.operations.delivering import send_later
from escucha.contexts.people.rules.telephones import sms_number
from escucha.kernel.words import _

GOES = "somebody_goes"
GOES_TEXT = _(
    "Asunto: Ya hay quién vaya: asistencia {number}\n"
    "\n"
    "Buen día.\n"
    "\n"
    "{provider} va por su asistencia {number}, de {service}. Aquí puede ver a qué hora llega y cómo va:\n"
    "{service_url}\n"
    "\n"
    "{organisation}"
)
GOES_LINE = _("{organisation}: {provider} va por su asistencia {number}. Véala aquí: {service_url}")


def tell_who_goes(assignment: Assignment, *, now: datetime) -> None:
    """Who goes, with the way to the affiliate's page."""
    assistance, file = assignment.assistance, assignment.assistance.file
    mobile = sms_number(file.contact_phone)
    email = file.affiliate.email if file.affiliate else ""
    address = settings.ADDRESS.format(host=assistance.org.host)
    send_later(
        org=assistance.org,
        to=mobile or email,
        subject=assistance.subject,
        template=GOES,
        values={
            "number": f"{file.number}/{assistance.position}",
            "provider": assignment.provider.name,
            "service": described(assistance, profile_of_file(file), now=now).service,
            "service_url": address + settings.PAGES["service"].format(code=assistance.page_code),
        },
        otherwise=GOES_LINE if mobile else GOES_TEXT,
        channel="sms" if mobile else "email",
        at_any_hour=assistance.priority != Priority.PROGRAMMED,
        now=now,
    )
