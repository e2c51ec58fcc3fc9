"""What may be wrong with the channels of a profile: keys no case can keep, hours that cross, ways that lead nowhere."""

import re
from collections.abc import Iterator
from itertools import pairwise

from phonenumbers import NumberParseException, is_possible_number, parse

from escucha.console.policy_check import KEY, Wrong, is_line
from escucha.contexts.messaging.policy.channels import Channel, ChannelsPolicy
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.profiles.organisation import DAYS
from escucha.kernel.words import _

LONGEST_KEY = 20  # a case keeps it
LONGEST_TEXT = 300
FLAGS = ("always", "by_notice", "holidays", "receives")
TEXTS = ("address", "note", "extension", "unit")
SHORT_CODE = re.compile(r"[*#]?\d{2,6}")
EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
URL = re.compile(r"(https://|/(?!/))[^\s<>\"]*")


def odd_in_channels(profile: Profile) -> Wrong:
    """Each channel that could not be shown or used as written, and a policy by which nothing would be received."""
    policy = profile.section(ChannelsPolicy)
    for channel in policy.channels.values():
        for name, why in (*_shape(channel), *_hours(channel), *_ways(channel, profile)):
            yield f"channels.{channel.key}" + (f".{name}" if name else ""), why
    if not policy.receiving():
        yield "channels", _("ningún canal recibe solicitudes: deje al menos uno")


def _shape(channel: Channel) -> Iterator[tuple[str, str]]:
    if not KEY.fullmatch(channel.key) or len(channel.key) > LONGEST_KEY:
        yield "", _("la clave lleva minúsculas, números y _, hasta {most}").format(most=LONGEST_KEY)
    if not is_line(channel.label):
        yield "label", _("escriba el nombre del canal, en una línea")
    for name in FLAGS:
        if not isinstance(getattr(channel, name), bool):
            yield name, _("escriba true o false")
    for name in TEXTS:
        text = getattr(channel, name)
        if text != "" and not is_line(text, LONGEST_TEXT):
            yield name, _("escríbalo en una línea, hasta {most} letras").format(most=LONGEST_TEXT)


def _hours(channel: Channel) -> Iterator[tuple[str, str]]:
    if channel.hours is None:
        return
    if not any(channel.hours.values()):
        yield "hours", _("no hay ni un día con horas de atención")
    for day, shifts in channel.hours.items():
        if any(opens < closed for (_opens, closed), (opens, _closes) in pairwise(sorted(shifts))):
            yield f"hours.{DAYS[day]}", _("dos jornadas se cruzan")


def _ways(channel: Channel, profile: Profile) -> Iterator[tuple[str, str]]:
    numbers = [name for name in ("phone", "short_code", "email", "url") if not isinstance(getattr(channel, name), str)]
    if numbers:
        yield numbers[0], _("debe ser un texto, entre comillas")
        return
    if channel.unit and channel.unit not in profile.units:
        yield "unit", _("no existe la dependencia {unit}").format(unit=channel.unit)
    if channel.phone and not _is_phone(channel.phone, profile.identity.country):
        yield "phone", _("escriba el teléfono completo, con su indicativo; una marcación corta va en short_code")
    if channel.short_code and not SHORT_CODE.fullmatch(channel.short_code):
        yield "short_code", _("escriba la marcación corta: 123, #603")
    if channel.email and not EMAIL.fullmatch(channel.email):
        yield "email", _("escriba un correo")
    if channel.url and not URL.fullmatch(channel.url):
        yield "url", _("escriba una dirección que empiece por https:// o por /")


def _is_phone(text: str, country: str) -> bool:
    try:
        return is_possible_number(parse(text, country.upper()))
    except NumberParseException:
        return False
