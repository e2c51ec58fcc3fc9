"""Thousands of open files: some dozen lived by their verbs up to a stage, and copied with all that they owe."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bench.hour.house import Desk
from bench.hour.lives import Life, now
from bench.hour.plots import plots
from escucha.contexts.assistance.operations import monitoring, serving
from escucha.contexts.assistance.rules.stages import Stage

LIVED = 60
STOPS = (Stage.ASSIGNED, Stage.CONFIRMED, Stage.CONTACTED, Stage.AUTHORISED)
MAPS = """
CREATE TEMP TABLE new_file AS
SELECT id AS old, nextval(pg_get_serial_sequence('assistance_assistancefile', 'id')) AS new, n,
       row_number() OVER (ORDER BY n, id) AS turn
FROM assistance_assistancefile, generate_series(1, %(copies)s) AS n;
CREATE TEMP TABLE new_assistance AS
SELECT one.id AS old, nextval(pg_get_serial_sequence('assistance_assistance', 'id')) AS new, file.new AS file, file.turn
FROM assistance_assistance AS one JOIN new_file AS file ON file.old = one.file_id;
CREATE TEMP TABLE new_owed AS
SELECT owed.id AS old, nextval(pg_get_serial_sequence('commitments_commitment', 'id')) AS new, one.new AS about,
       one.turn
FROM commitments_commitment AS owed JOIN new_assistance AS one ON owed.subject = 'assistance:' || one.old
WHERE owed.settled_at IS NULL;
CREATE TEMP TABLE who AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
FROM orgs_member WHERE id = ANY(%(members)s)
"""
COPIES = {  # table: what is joined, and which columns are not those of the original
    "assistance_assistancefile": (
        "new_file AS made ON made.old = one.id JOIN who ON who.place = made.turn %% who.many",
        {"id": "made.new", "number": "200000 + made.turn", "form_key": "NULL", "coordinator_id": "who.id"},
    ),
    "assistance_assistance": (
        "new_assistance AS made ON made.old = one.id",
        {"id": "made.new", "file_id": "made.file", "form_key": "NULL", "page_code": "'copia-' || made.new"},
    ),
    "assistance_assignment": (
        "new_assistance AS made ON made.old = one.assistance_id",
        {
            "id": "nextval(pg_get_serial_sequence('assistance_assignment', 'id'))",
            "assistance_id": "made.new",
            "page_code": "'copia-' || made.new",
        },
    ),
    "commitments_commitment": (
        "new_owed AS made ON made.old = one.id JOIN who ON who.place = made.turn %% who.many",
        {"id": "made.new", "subject": "'assistance:' || made.about", "owner_member_id": "who.id"},
    ),
    "commitments_step": (
        "new_owed AS made ON made.old = one.commitment_id",
        {"id": "nextval(pg_get_serial_sequence('commitments_step', 'id'))", "commitment_id": "made.new"},
    ),
}


def lived(wanted: int = LIVED) -> None:
    """So many assistances that wait for what comes next, each in its file."""
    desk = Desk.open(now=now())
    usual = [one for one in plots(wanted * 8) if one.kind == "usual" and one.account != "ruta_clara"][:wanted]
    for place, plot in enumerate(usual):
        life = Life(plot, desk, pace=0.0)
        stop = STOPS[place % len(STOPS)]
        for _wait in life.live():
            if life.assistances and life.is_at(stop):
                break


def multiplied(copies: int, members: Sequence[int]) -> None:
    """Each of them so many times more, in charge of these members by turns."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(MAPS, {"copies": copies, "members": list(members)})
        for name, (joined, changed) in COPIES.items():
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [name])
            columns = [column for (column,) in cursor.fetchall()]
            values = ", ".join(changed.get(column, f'one."{column}"') for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(f"INSERT INTO {name} ({names}) SELECT {values} FROM {name} AS one JOIN {joined}", {})
        cursor.execute("DROP TABLE new_file, new_assistance, new_owed, who")
        cursor.execute("VACUUM ANALYZE")


def go_on(desk: Desk, assistance_id: int, stage: str) -> None:
    """What comes next of an assistance, by whoever coordinates."""
    verb, said = _next(stage)
    verb(org=desk.org, assistance_id=assistance_id, by=desk.coordinators[0], now=now(), **said)


def _next(stage: str) -> tuple[Callable[..., object], Mapping[str, Any]]:
    moment = now()
    found: Mapping[str, tuple[Callable[..., object], Mapping[str, Any]]] = {
        Stage.ASSIGNED: (monitoring.confirm_to_affiliate, {}),
        Stage.CONFIRMED: (monitoring.record_arrival, {"arrived_at": moment}),
        Stage.CONTACTED: (
            serving.record_diagnosis,
            {"text": "Hay que cambiarlo", "cost": Decimal(50_000), "ends_at": moment + timedelta(hours=1)},
        ),
        Stage.AUTHORISED: (serving.record_finish, {"finished_at": moment}),
    }
    return found[stage]
