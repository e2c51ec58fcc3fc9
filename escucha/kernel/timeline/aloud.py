"""Entries told again as the facts they were."""

from dataclasses import fields

from escucha.kernel.timeline.facts import Fact, fact_class
from escucha.kernel.timeline.models import Entry


def fact_of(entry: Entry) -> Fact | None:
    """The fact an entry tells, or None where nobody says its verb any more or it lacks what its class asks."""
    says = fact_class(entry.verb)
    if says is None:
        return None
    # What a newer release added is left out: it may have written while this one still runs.
    known = {field.name for field in fields(says)} - {"subject"}
    try:
        return says(subject=entry.subject, **{name: value for name, value in entry.data.items() if name in known})
    except TypeError:
        return None
