"""`escucha seed`: staff, a year of cases and an assistance desk for the example organisations, by real operations."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import cache, partial
from multiprocessing import get_context
from typing import Any

import django
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from escucha.console.sample.assistance import Desk
from escucha.console.sample.desk_script import read_desk_script
from escucha.console.sample.doors import Entrance
from escucha.console.sample.doors_script import read_doors
from escucha.console.sample.script import Script, read_script
from escucha.console.sample.year import Line, Office
from escucha.contexts.cases.queries.doors import has_cases
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
        parser.add_argument("--assistances", type=int, default=24, help="asistencias terminadas, donde hay mesa")
        parser.add_argument("--processes", type=int, default=1, help="cuántos procesos se reparten el trabajo")

    def handle(self, *args: Any, cases: int, assistances: int = 24, processes: int = 1, **options: Any) -> None:
        """Each process lives the year of its organisations in one transaction: one that is cut leaves no half year.

        With no cases there is only the staff.
        """
        if not settings.SAMPLE:
            raise CommandError(
                _("Los ejemplos están apagados: su clave es conocida. Si los quiere aquí, ESCUCHA_SAMPLE=1.")
            )
        now = timezone.now()
        new: list[str] = []
        for script in _scripts(now):
            org = org_by_slug(script.slug)
            if has_cases(org):
                _staff(org, script)
            else:
                new.append(script.slug)
        shares = [new[place::processes] for place in range(min(processes, len(new)))]
        if len(shares) > 1:
            _live_at_once(shares, now, cases, assistances)
        elif shares:
            _live(shares[0], True, now, cases, assistances)
        self.stdout.write(_("Las organizaciones de ejemplo están listas."))


def _live_at_once(shares: Sequence[Sequence[str]], now: datetime, cases: int, assistances: int) -> None:
    connection.close()
    first = [place == 0 for place in range(len(shares))]  # one voice is enough
    with ProcessPoolExecutor(len(shares), mp_context=get_context("spawn"), initializer=django.setup) as pool:
        for _lived in pool.map(partial(_live, now=now, cases=cases, assistances=assistances), shares, first):
            pass


@transaction.atomic
def _live(slugs: Sequence[str], tells: bool, now: datetime, cases: int, assistances: int) -> None:
    line = Line(until=now)
    for script in _scripts(now):
        if script.slug in slugs:
            org = org_by_slug(script.slug)
            members = _staff(org, script)
            profile = profile_of(org, at=now)
            actors = [actor_of(member, profile) for member in members]
            office = Office(org=org, script=script, members=members, actors=actors, line=line)
            office.plan(since=now - timedelta(days=DAYS), cases=cases)
            if cases:
                Entrance(office=office, script=read_doors(settings.PROFILES / script.slug)).plan()
            book = read_desk_script(settings.PROFILES / script.slug)
            if book and cases:
                Desk(org=org, script=book, actors=actors, line=line).plan(assistances=assistances)
    line.live(Months() if tells else lambda moment: None)


class Months:
    """Tells each month that begins."""

    last = ""

    def __call__(self, moment: datetime) -> None:
        month = f"{moment:%Y-%m}"
        if self.last != month:
            self.last = month
            print(_("Viviendo {month}…").format(month=month), flush=True)


def _scripts(now: datetime) -> list[Script]:
    """Only of organisations whose profile in force says that they are examples: nobody else gets a known password."""
    read = [read_script(folder) for folder in sorted(settings.PROFILES.iterdir())]
    return [script for script in read if script and profile_of(org_by_slug(script.slug), at=now).identity.sample]


def _staff(org: Organisation, script: Script) -> list[Member]:
    return [_worker(org, one) for one in script.workers]


def _worker(org: Organisation, one: Any) -> Member:
    email = f"{one.key}@{org.slug}.example.org"
    unit = unit_by_key(org=org, key=one.unit) if one.unit else None
    member = take_in(org=org, email=email, name=one.name, hashed=_sample_password(), unit=unit, roles=one.roles)
    give_second_factor(member.account, secret=sample_secret(email))
    return member


@cache
def _sample_password() -> str:
    """Hashed once for all: it is told to everybody on the first page, and hashing is meant to be slow."""
    return make_password(settings.SAMPLE_PASSWORD)
