"""By which way a message leaves: the mail server, or the gateway of text messages that the organisation chose."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from escucha.contexts.messaging.gateways import email, sms
from escucha.contexts.messaging.gateways.sms.interface import Account, Gateway, Text
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.signing import marks_of
from escucha.contexts.messaging.policy.sms import SmsPolicy
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.profiles.loader import Profile

EMAIL, SMS = "email", "sms"


@dataclass(frozen=True)
class Way:
    """One way out. Messages of one `name` fare alike: when it is closed for one it is closed for all."""

    name: str
    profile: Profile
    gateway: Gateway | None = None
    account: Account | None = None

    def hand_over(self, message: Message, *, reference: str, now: datetime) -> str:
        """How the gateway calls it, empty where it says nothing. Raises Rejected, NotNow or Unavailable."""
        if self.gateway is None or self.account is None:
            marks = marks_of(message, self.profile)
            email.send(
                to=message.to,
                title=message.title,
                body=message.body,
                sender=self.profile.identity.name,
                reference=marks.reference,
                reply_to=marks.reply_to,
                now=now,
            )
            return ""
        text = Text(
            to=message.to,
            body=message.body,
            sender=self.profile.section(SmsPolicy).sender,
            reference=reference,
            callback=callback_of(message.org, gateway=self.account.gateway),
        )
        return self.gateway.send(text, account=self.account)


def way_of(message: Message, profile: Profile) -> Way | None:
    """The way of a message, or None where none leaves: nothing leaves an example, whatever the settings say."""
    if profile.identity.sample:
        return None
    if message.channel == EMAIL:
        return Way(EMAIL, profile) if email.is_configured() else None
    key = profile.section(SmsPolicy).gateway
    account = sms.account_of(message.org.slug, gateway=key)
    return Way(f"{SMS}:{message.org_id}", profile, sms.gateway_named(key), account) if account else None


def callback_of(org: Organisation, *, gateway: str) -> str:
    """Where a gateway tells what became of a text: the address that its signature is over."""
    return settings.ADDRESS.format(host=org.host) + settings.PAGES["texts"].format(gateway=gateway)
