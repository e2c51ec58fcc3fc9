"""How an assistance stands, for the tables of rules: nothing of a database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.policy import Hours, Times
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.course import Course
from escucha.contexts.assistance.rules.stages import Stage
from escucha.kernel.timeline.facts import Actor

NOON = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)  # 12:00 in Bogotá
BOGOTA = ZoneInfo("America/Bogota")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ABLE = Actor("staff", id="5", acts=frozenset({HANDLE}), member_id=5)
LOOKING = Actor("staff", id="6", acts=frozenset({"assistance.see"}), member_id=6)
PROVIDER, AFFILIATE, CITIZEN = Actor("provider", id="1"), Actor("affiliate", id="1"), Actor("citizen")
TIMES = Times()
DAY = Hours.read("08:00-20:00")


def course(stage=Stage.ASSIGNED, **changes):
    known = {
        "zone": BOGOTA,
        "currency": "COP",
        "going": Work.ASSIGNED,
        "assigned_at": NOON - HOUR,
        "cover": Decimal(200_000),
        "quoted": Decimal(80_000),
        "has_costs": True,
        "conformity": "",
    }
    return Course(stage, **known | changes)


def words(blockers):
    return " ".join(map(str, blockers))
