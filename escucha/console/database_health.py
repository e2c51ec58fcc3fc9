"""What `doctor` looks at in the database: that it keeps what it is given, who may change it, and what is stuck."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, Error, NotSupportedError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from escucha.console.health import Finding, Level
from escucha.console.kept_rights import CHANGING, OWNERS, WRITTEN_ONCE
from escucha.console.mail_health import mailboxes_finding
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.reserved import keepers_here, unkept_cases
from escucha.contexts.messaging.queries import failed_messages
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import all_orgs, profile_of
from escucha.kernel.timeline.relay import failing_errands
from escucha.kernel.words import _

OLDEST_VERSION = 15
KEEPS_ALL = ("fsync", "synchronous_commit", "full_page_writes")
CHANGES = ("UPDATE", "DELETE", "TRUNCATE")
FORBIDDEN = {
    **dict.fromkeys(("timeline_entry", "timeline_anchor", "timeline_anchoredhead", *WRITTEN_ONCE), CHANGES),
    **dict.fromkeys(OWNERS, ("INSERT", *CHANGES)),
    **dict.fromkeys((*CHANGING, "timeline_head"), ("DELETE", "TRUNCATE")),
}
QUIET = {"log_min_error_statement": ("fatal", "panic"), "log_error_verbosity": ("terse",), "log_statement": ("none",)}
LATE, WRONG = 1.0, 5.0  # seconds between two clocks; no step may be later than two
LATELY = timedelta(days=7)
TWO = 2  # who has the reserved channel: one may be whom a report is about
ROLE = "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = %s"
MAY = """
SELECT change || ' ' || named FROM unnest(%(tables)s::text[], %(changes)s::text[]) AS right_to (named, change)
WHERE to_regclass(named) IS NOT NULL AND CASE change
    WHEN 'UPDATE' THEN has_any_column_privilege(%(role)s, to_regclass(named), change)
    ELSE has_table_privilege(%(role)s, to_regclass(named), change) END
"""
MAY_COLUMN = """
SELECT 'UPDATE (' || attname || ') ' || %(table)s FROM pg_attribute
WHERE attrelid = to_regclass(%(table)s) AND attnum > 0 AND NOT attisdropped AND attname <> ALL(%(columns)s)
    AND has_column_privilege(%(role)s, attrelid, attnum, 'UPDATE')
"""
# Whoever can become the owner of a table, or a superuser, is not held by the rights of the run-time role.
POWERS = """
SELECT session_user, rolsuper OR rolcreaterole OR rolbypassrls OR EXISTS (
    SELECT FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND pg_has_role(session_user, relowner, 'MEMBER')
) FROM pg_roles WHERE rolname = session_user
"""


def database_findings(*, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Everything the database can be asked; one line when it does not answer."""
    if silent := connection_finding():
        yield silent
        return
    now = clock()
    checks: dict[str, Callable[[], Finding]] = {
        _("la versión"): version_finding,
        _("la configuración"): keeping_finding,
        _("las migraciones"): migrations_finding,
        _("los permisos"): rights_finding,
        _("la entrada"): sign_in_finding,
        _("el registro"): log_finding,
        _("el reloj"): lambda: clock_finding(clock),
        _("los encargos"): errands_finding,
        _("los mensajes"): lambda: messages_finding(since=now - LATELY),
        _("los buzones"): lambda: mailboxes_finding(now=now),
        _("el canal reservado"): lambda: reserve_finding(now=now),
    }
    for part, check in checks.items():
        yield _checked(part, check)


def _checked(part: str, check: Callable[[], Finding]) -> Finding:
    try:
        with transaction.atomic():
            return check()
    except DatabaseError:
        words = _("No se pudo revisar {part} en la base de datos. Complete las migraciones y repita.")
        return Finding(Level.WRONG, words.format(part=part))


def connection_finding() -> Finding | None:
    """Why the database does not answer; nothing when it does."""
    try:
        connection.ensure_connection()
    except NotSupportedError:
        return Finding(Level.WRONG, _("PostgreSQL es muy antiguo: hace falta la versión 15 o una posterior."))
    except Error as error:
        why = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        words = _("La base de datos no responde; lo que depende de ella no se revisó. Iníciela y repita. Dijo: {why}")
        return Finding(Level.WRONG, words.format(why=why))
    return None


def version_finding() -> Finding:
    """Whether PostgreSQL is new enough."""
    version = connection.get_database_version()[0]
    if version < OLDEST_VERSION:
        return Finding(Level.WRONG, _("PostgreSQL es muy antiguo: hace falta la versión 15 o una posterior."))
    return Finding(Level.WELL, _("PostgreSQL {version} responde.").format(version=version))


def keeping_finding() -> Finding:
    """Whether what was acknowledged survives a fall of the machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in KEEPS_ALL))
        off = [name for name, value in zip(KEEPS_ALL, cursor.fetchone(), strict=True) if value == "off"]
    if off:
        words = _("PostgreSQL puede perder lo último que guardó: encienda {names} en su configuración.")
        return Finding(Level.WRONG, words.format(names=", ".join(off)))
    return Finding(Level.WELL, _("PostgreSQL guarda en el disco antes de responder."))


def migrations_finding() -> Finding:
    """Whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        words = _("Faltan {count} migraciones. Ejecute como dueño de la base de datos: escucha prepare")
        return Finding(Level.WRONG, words.format(count=len(pending)))
    return Finding(Level.WELL, _("La base de datos está al día."))


def rights_finding() -> Finding:
    """Whether the role of web and worker cannot change what was recorded."""
    role = settings.RUN_ROLE
    with connection.cursor() as cursor:
        cursor.execute(ROLE, [role])
        found = cursor.fetchone()
        if found is None:
            return Finding(Level.WRONG, _("Falta el rol {role}. Ejecute: escucha prepare").format(role=role))
        pairs = [(table, change) for table, changes in FORBIDDEN.items() for change in changes]
        tables, changes = zip(*pairs, strict=True)
        cursor.execute(MAY, {"role": role, "tables": list(tables), "changes": list(changes)})
        excess = [right for (right,) in cursor.fetchall()]
        for table, columns in CHANGING.items():
            cursor.execute(MAY_COLUMN, {"role": role, "table": table, "columns": list(columns)})
            excess += [right for (right,) in cursor.fetchall()]
    if found[0]:
        excess = [_("todo lo que puede un superusuario o quien crea roles"), *excess]
    if excess:
        words = _("El rol {role} puede cambiar lo que debe quedar como está: quítele {excess}.")
        return Finding(Level.WRONG, words.format(role=role, excess=", ".join(excess)))
    words = _("El rol {role} no puede cambiar ni borrar la bitácora, ni lo recibido, ni lo respondido.")
    return Finding(Level.WELL, words.format(role=role))


def sign_in_finding() -> Finding:
    """Whether web and worker sign in as somebody who cannot become the owner."""
    if os.environ.get("ESCUCHA_DB_ROLE") == "owner":
        words = _("No se revisó con qué usuario entra la web: repita sin ESCUCHA_DB_ROLE.")
        return Finding(Level.CARE, words)
    with connection.cursor() as cursor:
        cursor.execute(POWERS)
        user, powerful = cursor.fetchone()
    if not powerful:
        return Finding(
            Level.WELL, _("La web entra a la base de datos como {user}, que no es dueño de nada.").format(user=user)
        )
    words = _(
        "La web entra a la base de datos como {user}, que puede volverse su dueño. Ponga en DATABASE_URL la entrada de "
        "{role}, y en DATABASE_OWNER_URL la del dueño."
    )
    level = Level.CARE if settings.SAMPLE else Level.WRONG
    return Finding(level, words.format(user=user, role=settings.RUN_ROLE))


def log_finding() -> Finding:
    """Whether the log of PostgreSQL keeps out what people wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in QUIET))
        loud = [
            f"{name} = {quiet[-1]}"
            for (name, quiet), value in zip(QUIET.items(), cursor.fetchone(), strict=True)
            if value not in quiet
        ]
    if loud:
        words = _(
            "El registro de PostgreSQL puede citar lo que escriben las personas. Ponga en su configuración: {names}."
        )
        return Finding(Level.CARE, words.format(names=", ".join(loud)))
    return Finding(Level.WELL, _("El registro de PostgreSQL no cita lo que escriben las personas."))


def clock_finding(clock: Callable[[], datetime]) -> Finding:
    """How far apart the clocks of this process and of the database are."""
    before = clock()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    ours = before + (clock() - before) / 2
    apart = abs((theirs.astimezone(UTC) - ours).total_seconds())
    if apart <= LATE:
        return Finding(Level.WELL, _("El reloj de la base de datos y el de este equipo dan la misma hora."))
    words = _("El reloj de la base de datos y el de este equipo difieren en {apart:.0f} s: sincronícelos.")
    return Finding(Level.WRONG if apart > WRONG else Level.CARE, words.format(apart=apart))


def errands_finding() -> Finding:
    """Whether a reaction fails again and again."""
    stuck = [errand for org in all_orgs() for errand in failing_errands(org=org)]
    if not stuck:
        return Finding(Level.WELL, _("Ningún encargo falla."))
    words = _("{count} encargos han fallado tres veces o más; el primero: {reaction}, {error}.")
    said = {"count": len(stuck), "reaction": stuck[0].reaction, "error": stuck[0].error}
    return Finding(Level.WRONG, words.format(**said))


def messages_finding(*, since: datetime) -> Finding:
    """Whether messages were given up lately."""
    failed = sum(failed_messages(org=org, since=since) for org in all_orgs())
    if not failed:
        return Finding(Level.WELL, _("Ningún mensaje ha fallado en los últimos siete días."))
    words = _("{count} mensajes de los últimos siete días no salieron. Revise la dirección y el servidor de correo.")
    return Finding(Level.CARE, words.format(count=failed))


def reserve_finding(*, now: datetime) -> Finding:
    """Whether somebody may handle each report: where the only one who has the channel is accused, nobody does."""
    left = {org.slug: count for org in all_orgs() if (count := unkept_cases(org=org, now=now))}
    if not left:
        return _alone_in_reserve(now=now) or Finding(Level.WELL, _("Cada denuncia reservada tiene quien la atienda."))
    words = _(
        "Denuncias reservadas que nadie puede atender, porque señalan a quienes atienden ese canal: {count}, de "
        "{names}. Dé ese papel a alguien más."
    )
    return Finding(Level.WRONG, words.format(count=sum(left.values()), names=", ".join(left)))


def _alone_in_reserve(*, now: datetime) -> Finding | None:
    """Where a report that names who attends the channel would be left with nobody to open it, or nobody to be told."""
    reported_to = {org: policy for org in all_orgs() if _has_reserve(policy := _cases_of(org, now))}
    if alone := [org.slug for org in reported_to if keepers_here(org=org, now=now) < TWO]:
        words = _("Una sola persona atiende el canal reservado de {names}: si la señalan, nadie más puede abrirla.")
        return Finding(Level.CARE, words.format(names=", ".join(alone)))
    if untold := [org.slug for org, policy in reported_to.items() if not policy.above]:
        words = _("Si una denuncia señala a todo el canal reservado de {names}, no hay a quién avisar: cases.above.")
        return Finding(Level.CARE, words.format(names=", ".join(untold)))
    return None


def _has_reserve(policy: CasesPolicy) -> bool:
    return any(kind.reserved for kind in policy.types.values())


def _cases_of(org: Organisation, now: datetime) -> CasesPolicy:
    return profile_of(org, at=now).section(CasesPolicy)
