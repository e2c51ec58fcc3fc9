"""What comes together, as staff takes it down: contacts, boxes with their slips, and what is told of them."""

import json
from datetime import datetime

from escucha.contexts.cases.operations.receiving import enter_slip, open_act, record_attention
from escucha.kernel.orgs.operations import put_in_force
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.record import entries_about
from tests.cast import TUESDAY
from tests.contexts.cases.seen import DAY, at

WITNESSES = ["Elsa Quiceno, Recreación", "Dora Cano, usuaria"]
MONDAY = at("2026-03-02", 9)


def by_the_day_written(house):
    """The same house, whose slips count from the day written on them."""
    document = json.loads(json.dumps(house.profile.document))
    document["profile"]["boxes"]["counts_from"] = "written"
    since = datetime.fromisoformat(house.profile.identity.valid_from) + DAY
    put_in_force(profile=Profile(house.org.slug, document), host=house.org.host, valid_from=since, now=since)
    return house._replace(profile=profile_of(house.org, at=MONDAY))


def a_contact(house, who="lucia", **changes):
    said = {"channel": "phone", "stakeholder": "trabajador", "topic": "tarifas", "note": "Preguntó por el parque."}
    return record_attention(org=house.org, by=house.actor(who), now=TUESDAY, **said | changes)


def a_box(house, who="lucia", **changes):
    said = {"kind": "box", "site": "sede", "held_at": MONDAY, "witnesses": WITNESSES, "first_slip": 11, "last_slip": 13}
    return open_act(org=house.org, by=house.actor(who), now=TUESDAY, **said | changes)


def a_slip(house, act, who="lucia", **changes):
    said = {"body": "Falta papel en los baños.", "now": TUESDAY}
    return enter_slip(org=house.org, act_id=act.pk, by=house.actor(who), **said | changes)


def facts(subject, house):
    return [(entry.verb, entry.data) for entry in entries_about(org=house.org, subject=subject)]
