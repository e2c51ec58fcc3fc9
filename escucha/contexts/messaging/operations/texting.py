"""What a text asks before it leaves: whether the person wants it, whether it is night, what the day has cost."""

from datetime import datetime

from django.db.models import F

from escucha.contexts.messaging.models import Message, OptOut, TextDay
from escucha.contexts.messaging.policy.sms import SmsPolicy
from escucha.contexts.messaging.rules.quiet import after_quiet, next_morning
from escucha.contexts.messaging.rules.texts import measured
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.profiles.loader import Profile

DAY_SPENT = "day_spent"


def unwanted(message: Message) -> bool:
    return OptOut.objects.filter(org=message.org, number=message.to).exists()


def held_until(message: Message, *, profile: Profile, now: datetime) -> datetime | None:
    """Until when the night holds a text back; None if it may leave. A life at risk does not wait."""
    policy = profile.section(SmsPolicy)
    hours = {"quiet_from": policy.quiet_from, "quiet_until": policy.quiet_until}
    leaves_at = now if message.at_any_hour else after_quiet(now, **hours, zone=profile.zone)
    return leaves_at if leaves_at > now else None


def is_too_dear(message: Message, *, profile: Profile) -> bool:
    """Whether no day's money, however little was spent, would pay it. A life at risk is never too dear."""
    most = profile.section(SmsPolicy).segments_a_day
    first = not message.attempts and not message.at_any_hour
    return most is not None and first and measured(message.body).segments > most


def paid_from(message: Message, *, profile: Profile, now: datetime) -> datetime | None:
    """Count a text among those of the day, once. None if the day pays it; else when the next day does.

    Counted by a conditional update: of two workers only one has the last segment. A life at risk is counted and not
    held back.
    """
    policy = profile.section(SmsPolicy)
    if message.attempts:
        return None
    needed, most = measured(message.body).segments, policy.segments_a_day
    today, _made = TextDay.objects.get_or_create(org=message.org, day=now.astimezone(profile.zone).date())
    rows = TextDay.objects.filter(pk=today.pk)
    if most is not None and not message.at_any_hour:
        rows = rows.filter(segments__lte=most - needed)
    if rows.update(segments=F("segments") + needed):
        return None
    return next_morning(now, quiet_until=policy.quiet_until, zone=profile.zone)


def opt_out(*, org: Organisation, number: str, now: datetime) -> None:
    """No more texts to a number. Asked twice it is as asked once."""
    OptOut.objects.get_or_create(org=org, number=number, defaults={"at": now})


def opt_in(*, org: Organisation, number: str) -> None:
    OptOut.objects.filter(org=org, number=number).delete()
