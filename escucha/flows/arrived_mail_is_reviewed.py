"""Somebody looks at a letter that was in doubt: it becomes a new case, or a word about one, or is discarded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.doors import case_by_number, cases_by_subject
from escucha.contexts.cases.queries.search import search_cases
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.operations.settling import take_for_review
from escucha.contexts.messaging.queries.arrivals import EMAIL, letter_of
from escucha.contexts.messaging.rules.mail import NOBODY, Mail
from escucha.contexts.messaging.rules.mail_headers import Mailbox
from escucha.flows.arrived_message_becomes_case import add_mail_to_case, file_mail, numbers_named, signed_subjects
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import _

MOST = 8
SIGNED, NAMED, SAME_SENDER = (
    _("Responde a una carta nuestra sobre este caso"),
    _("Nombra este radicado"),
    _("Lo presentó alguien con este mismo correo"),
)


class Match(NamedTuple):
    """A case that a letter may be about, and why it is thought so."""

    case: Case
    why: str


def file_reviewed_mail(*, org: Organisation, arrival_id: int, by: Actor, now: datetime) -> Case:
    """A new case with the letter, by who reviewed it. Nobody is acknowledged twice within the hour for it."""
    with transaction.atomic():
        arrival = take_for_review(org=org, arrival_id=arrival_id, by=by)
        return file_mail(arrival, said_in(arrival), by=by, now=now)


def add_reviewed_mail(*, org: Organisation, arrival_id: int, number: str, by: Actor, now: datetime) -> Case:
    """The letter as a word about the case with a number, which who reviews must be able to open. Raises NoSuchCase."""
    with transaction.atomic():
        arrival = take_for_review(org=org, arrival_id=arrival_id, by=by)
        case = case_by_number(org=org, viewer=by, number=number)
        add_mail_to_case(arrival, said_in(arrival), about=case.subject, by=by, now=now)
        return case


def said_in(arrival: Arrival) -> Mail:
    """What the entry says: its letter read again or, of a text, what was kept of it. A text's file is its gateway's."""
    if arrival.channel == EMAIL:
        return letter_of(arrival)
    sender = Mailbox("", arrival.sender_name) if arrival.sender_name else NOBODY
    return Mail(sender=sender, subject=arrival.title, text=arrival.body)


def matches_of(*, org: Organisation, viewer: Actor, arrival: Arrival, mail: Mail, now: datetime) -> Sequence[Match]:
    """The visible cases a letter may be about, the likeliest first."""
    profile = profile_of(org, at=now)
    found: dict[int, Match] = {}
    signed: Mapping[str, Case] = cases_by_subject(
        org=org, viewer=viewer, subjects=sorted(signed_subjects(org, mail, profile))
    )
    for case in signed.values():
        found.setdefault(case.pk, Match(case, SIGNED))
    for number in numbers_named(mail, profile):
        for case in search_cases(org=org, viewer=viewer, typed=number).numbers:
            found.setdefault(case.pk, Match(case, NAMED))
    if arrival.sender:
        for case in search_cases(org=org, viewer=viewer, typed=arrival.sender, limit=MOST).cases:
            found.setdefault(case.pk, Match(case, SAME_SENDER))
    return list(found.values())[:MOST]
