"""`escucha seed`: staff and a year of cases for the example organisations, by their real operations."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from escucha.console.sample.script import Script, read_script
from escucha.console.sample.year import Line, Office
from escucha.contexts.cases.queries import has_cases
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.operations import take_in
from escucha.kernel.orgs.queries import org_by_slug, profile_of, unit_by_key
from escucha.kernel.orgs.second_factor import give_second_factor, sample_secret
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.words import _

DAYS = 365


class Command(BaseCommand):
    help = "Llena las organizaciones de ejemplo con su personal y un año de casos"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--cases", type=int, default=40, help="casos por organización")

    def handle(self, *args: Any, cases: int, **options: Any) -> None:
        now = timezone.now()
        line = Line(until=now)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")  # sample data may be made again; speed matters more here
        for folder in sorted(settings.PROFILES.iterdir()):
            script = read_script(folder)
            if script is None:
                continue
            org = org_by_slug(script.slug)
            office = _office(org, script, line)
            if not has_cases(org):
                office.plan(since=now - timedelta(days=DAYS), cases=cases)
        line.live(self._tell)
        self.stdout.write(_("Las organizaciones de ejemplo están listas."))

    def _tell(self, moment: datetime) -> None:
        month = f"{moment:%Y-%m}"
        if getattr(self, "month", "") != month:
            self.month = month
            self.stdout.write(_("Viviendo {month}…").format(month=month))


def _office(org: Organisation, script: Script, line: Line) -> Office:
    profile = profile_of(org, at=line.until)
    members = [_worker(org, one) for one in script.workers]
    actors = [actor_of(member, profile) for member in members]
    return Office(org=org, script=script, members=members, actors=actors, line=line)


def _worker(org: Organisation, one: Any) -> Member:
    email = f"{one.key}@{org.slug}.example.org"
    unit = unit_by_key(org=org, key=one.unit) if one.unit else None
    member = take_in(org=org, email=email, name=one.name, password=settings.SAMPLE_PASSWORD, unit=unit, roles=one.roles)
    give_second_factor(member.account, secret=sample_secret(email))
    return member
