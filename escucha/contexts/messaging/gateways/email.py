"""The way out by e-mail: one message to the configured mail server, or an error that says whether to try again."""

import smtplib
from datetime import datetime
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.core.mail import EmailMessage

from escucha.contexts.messaging.gateways.errors import NotNow, Rejected, Unavailable


def is_configured() -> bool:
    return bool(settings.MAIL_SERVER)


def send(*, to: str, title: str, body: str, sender: str, reference: str, now: datetime, reply_to: str = "") -> None:
    """Hands a message to the mail server. Raises Rejected, NotNow or Unavailable with the kind of failure only."""
    mail = EmailMessage(
        subject=title,
        body=body,
        from_email=formataddr((sender, settings.DEFAULT_FROM_EMAIL)),
        to=[to],
        reply_to=[formataddr((sender, reply_to))] if reply_to else None,
        headers={
            "Auto-Submitted": "auto-generated",  # RFC 3834: no robot answers us
            "X-Auto-Response-Suppress": "All",
            "Message-ID": f"<{reference}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
            "Date": format_datetime(now),
        },
    )
    try:
        mail.send()
    except (ValueError, smtplib.SMTPNotSupportedError) as unsendable:
        # An address that no message can carry. Were it not said here, it would stop every message behind it.
        raise Rejected("address") from unsendable
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError) as closed:
        # The server refuses us, whatever the message: it may take it once somebody mends that.
        raise Unavailable(f"smtp {closed.smtp_code}") from closed
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        raise (Rejected if code >= 500 else NotNow)(f"recipient {code}") from refused
    except smtplib.SMTPResponseException as refused:
        raise (Rejected if refused.smtp_code >= 500 else NotNow)(f"smtp {refused.smtp_code}") from refused
    except (OSError, smtplib.SMTPException) as failed:
        raise Unavailable(type(failed).__name__) from failed
