"""A text that a person wrote becomes a case, or a word about the open case it names if the number is of who filed it.

A telephone number is easily taken from somebody else: what it brings is only added, and nothing is told for it.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from django.utils.crypto import salted_hmac

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.operations.words import add_word
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.holders import case_for_tracking
from escucha.contexts.cases.queries.joined import main_of
from escucha.contexts.cases.rules.numbers import readings
from escucha.contexts.messaging.events import TextArrived
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.operations.text_settling import text_filed, text_parked, waiting_text
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.messaging.rules.intake import EMPTY, NO_PERSON
from escucha.contexts.people.operations import note_try
from escucha.contexts.people.rules.telephones import pretty_phone, sms_number, telephone_of
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import CITIZEN

SMS = "sms"
TEXTS_AN_HOUR = 1  # acknowledged, of one number


def settle_text(fact: TextArrived, *, org: Organisation, now: datetime) -> None:
    """Once, however often it is asked: what is settled stays so."""
    arrival = waiting_text(org=org, arrival_id=fact.arrival)
    if arrival is None:
        return
    if why := _unfit(arrival):
        text_parked(arrival, reason=why, now=now)
        return
    profile = profile_of(org, at=now)
    named = next(_cases_named(arrival, profile), None)
    channel = profile.section(ChannelsPolicy).receiving_by(SMS)
    by = channel.key if channel else SMS
    if named is None:
        about = _file(arrival, by, now).subject
    else:
        about = named.subject
        add_word(org=org, case_id=named.pk, body=arrival.body, channel=by, arrival=arrival.pk, by=CITIZEN, now=now)
    text_filed(arrival, about=about, now=now)


def _unfit(arrival: Arrival) -> str:
    """Why nobody could be answered: it says nothing, or comes from a machine, as short codes and names do."""
    if not arrival.body.strip():
        return EMPTY
    return "" if sms_number(arrival.sender) else NO_PERSON


def _cases_named(arrival: Arrival, profile: Profile) -> Iterator[Case]:
    """The cases whose number the text says and whose person has this telephone, while they are answered."""
    series = profile.section(CasesPolicy).series
    said = re.findall(rf"(?<![A-ZÑ]){series}\W{{0,3}}20\d\d\W{{0,3}}\d[\d ]{{0,10}}", arrival.body.upper())
    for reading in (one for number in said[:5] for one in readings(number) if one.is_sound):
        case = case_for_tracking(org=arrival.org, number=reading.number)
        if case and main_of(case).is_open and _is_of(case, arrival.sender):
            yield case


def _is_of(case: Case, number: str) -> bool:
    person = case.person
    return person is not None and number in {telephone_of(one).e164 for one in (person.phone, person.other_phone)}


def _file(arrival: Arrival, channel: str, now: datetime) -> Case:
    """The case, acknowledged by text unless the number had one within the hour: filing itself is never refused."""
    key = salted_hmac("escucha.texts", arrival.sender, algorithm="sha256").hexdigest()
    refused = note_try(org=arrival.org, limits={key: TEXTS_AN_HOUR}, now=now)
    return file_case(
        org=arrival.org,
        channel=channel,
        matter=" ".join(arrival.body.split())[:80],
        body=arrival.body,
        person={"phone": pretty_phone(arrival.sender)},
        filled_by="person",
        received_at=arrival.arrived_at,
        filing_key=f"arrival-{arrival.pk}",
        acknowledged=refused is None,
        by=CITIZEN,
        now=now,
    )
