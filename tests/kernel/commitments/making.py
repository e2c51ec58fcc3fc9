"""What the tests of commitments are made of: a calendar, a working day, debts and who owes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.ladder import Rung
from escucha.kernel.commitments.models import Commitment, Step
from escucha.kernel.orgs.models import Account, Member, Organisation, ProfileVersion, Unit
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import entries_about
from escucha.kernel.worktime.calendar import Calendar, OffDay

BOGOTA = ZoneInfo("America/Bogota")
WEEK = {day: ((480, 720), (780, 1020)) for day in range(5)}  # eight hours, in two shifts
HOLIDAY = OffDay("holiday", "Ley 51 de 1983", "Día de San José")
LEGAL, TARGET = "cases.legal_term", "cases.unit_target"
CASE = "case:1"
LADDER = (
    Rung("remind_owner", spent=0.5),
    Rung("tell_supervisor", spent=0.9, to="jefe"),
    Rung("tell_director", spent=1.1, to="directora"),
)


def calendar_of(zone: ZoneInfo = BOGOTA) -> Calendar:
    return Calendar(zone=zone, office_hours=WEEK, off_days={date(2026, 3, 23): HOLIDAY}, years=(2024, 2035))


CALENDAR = calendar_of()
MONDAY = datetime(2026, 3, 2, 13, tzinfo=UTC)  # eight in the morning in Bogotá
DUE = datetime(2026, 3, 17, 5, tzinfo=UTC)  # midnight after the tenth business day
AFTER = DUE + timedelta(days=3)


@dataclass(frozen=True)
class Office:
    """An organisation with two units, its people, and the version of its profile."""

    org: Organisation
    unit: Unit
    central: Unit
    version: ProfileVersion
    bruno: Member
    carla: Member

    def actor(self, member: Member, *, everywhere: bool = False) -> Actor:
        return Actor(
            "staff",
            id=str(member.pk),
            member_id=member.pk,
            unit_id=member.unit_id,
            roles=frozenset(member.roles),
            everywhere=everywhere,
        )

    @property
    def by(self) -> Actor:
        return self.actor(self.bruno)

    def debt(self, kind: str = LEGAL, **said: Any) -> ledger.Debt:
        debt = ledger.Debt(
            kind=kind,
            owner=ledger.Owner(unit=self.unit),
            counted_from=MONDAY,
            due_at=DUE,
            due_on=date(2026, 3, 16),
            rungs=LADDER,
            reckoning={"rule": "business_days", "amount": 10, "norm": "Ley 1755 de 2015, art. 14", "calendar": "co-1"},
        )
        return replace(debt, **said)

    def owe(self, kind: str = LEGAL, subject: str = CASE, now: datetime = MONDAY, **said: Any) -> Commitment:
        return ledger.owe(
            org=self.org,
            subject=subject,
            debt=self.debt(kind, **said),
            version=self.version,
            calendar=CALENDAR,
            now=now,
        )

    def told(self, subject: str = CASE) -> list[str]:
        """The verbs on the timeline, in their order."""
        return [entry.verb.removeprefix("commitments.") for entry in entries_about(org=self.org, subject=subject)]

    def last_told(self, subject: str = CASE) -> dict[str, Any]:
        data: dict[str, Any] = entries_about(org=self.org, subject=subject)[-1].data
        return data


def an_office(slug: str = "cafetal") -> Office:
    org = Organisation.objects.create(slug=slug, name=slug, host=f"{slug}.localhost", created_at=MONDAY)
    unit = Unit.objects.create(org=org, key="aportes", label="Aportes")
    central = Unit.objects.create(org=org, key="central", label="Atención", central=True)
    version = ProfileVersion.objects.create(org=org, document={}, digest="0" * 64, valid_from=MONDAY, loaded_at=MONDAY)
    return Office(
        org=org,
        unit=unit,
        central=central,
        version=version,
        bruno=_member(org, "bruno", unit, ["analista"]),
        carla=_member(org, "carla", unit, ["jefe"]),
    )


def _member(org: Organisation, name: str, unit: Unit, roles: Sequence[str]) -> Member:
    account = Account.objects.create(email=f"{name}@{org.slug}.example.org", name=name.title())
    return Member.objects.create(org=org, account=account, unit=unit, roles=list(roles))


def waiting(owed: Commitment) -> dict[str, datetime]:
    return dict(Step.objects.filter(commitment=owed, taken_at=None, lifted_at=None).values_list("name", "at"))


def taken(owed: Commitment) -> list[str]:
    return list(
        Step.objects.exclude(taken_at=None).filter(commitment=owed).order_by("at", "id").values_list("name", flat=True)
    )


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BOGOTA).astimezone(UTC)  # type: ignore[arg-type]
