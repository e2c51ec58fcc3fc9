"""Questions to the database that are composed once: what every act asks costs more to compose than to answer.

The question is still written as a queryset, with a `Blank` wherever a value will stand. Django turns it into a
statement the first time; from then on only the values change. The answer is what the queryset would give.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.models import FETCH_ONE, Model, QuerySet
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError


class Blank(Expression):
    """Where the value of that name will stand."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class Composed[R]:
    """A question. `compose` is called when it is first asked, so that whoever keeps it needs no database."""

    def __init__(self, compose: Callable[[], QuerySet[Any, R]]) -> None:
        self._compose = compose
        self._statement: _Statement | None = None

    def ask(self, **values: Any) -> list[R]:
        """The rows, as the queryset would give them: one statement. KeyError for a blank without its value.

        Raises TransactionManagementError for one that locks, outside a transaction.
        """
        if self._statement is None:
            try:
                self._statement = _composed(self._compose())
            except EmptyResultSet:  # whatever stands in its blanks
                return []
        sql, params, made, locks = self._statement
        if locks and not connection.in_atomic_block:
            raise TransactionManagementError("a row is locked in the transaction of its act")
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[one.name] if isinstance(one, Blank) else one for one in params])
            return [made(row) for row in cursor.fetchall()]

    def first(self, **values: Any) -> R | None:
        """The first row, if any; for a question that has at most one."""
        return next(iter(self.ask(**values)), None)


class _Statement(NamedTuple):
    sql: str
    params: Sequence[Any]
    made: Callable[[Sequence[Any]], Any]  # from a row to what stands for it, with what was read along
    locks: bool


def _composed(asked: QuerySet[Any, Any]) -> _Statement:
    compiler: Any = asked.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    made = _rows(compiler) if asked.query.default_cols else _values(compiler)
    return _Statement(sql, params, made, asked.query.select_for_update)


def _converted(compiler: Any) -> Callable[[Sequence[Any]], list[Any]]:
    """The values of a row as Django's fields say them."""
    converters = compiler.get_converters([one[0] for one in compiler.select]).items()

    def converted(row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for at, (each, column) in converters:
            for convert in each:
                values[at] = convert(values[at], column, connection)
        return values

    return converted


def _values(compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """Of a question for plain values, as `values_list` gives them."""
    converted = _converted(compiler)
    return lambda row: tuple(converted(row))


def _rows(compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """As Django's own iteration over a queryset does, with everything that is the same for each row done once."""
    select, about, converted = compiler.select, compiler.klass_info, _converted(compiler)
    begin, end = about["select_fields"][0], about["select_fields"][-1] + 1
    names = [one[0].target.attname for one in select[begin:end]]
    related = get_related_populators(about, select, DEFAULT_DB_ALIAS, FETCH_ONE)

    def made(row: Sequence[Any]) -> Any:
        values = converted(row)
        found = about["model"].from_db(DEFAULT_DB_ALIAS, names, values[begin:end])
        for one in related:
            one.populate(values, found)
        return found

    return made


def next_key(of: type[Model]) -> int:
    """The key of a row that is yet to be written, for what is written about it before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [of._meta.db_table, of._meta.pk.column])
        [key] = cursor.fetchone()
    return int(key)


def insert[M: Model](row: M) -> M:
    """As `row.save(force_insert=True)` for a new row, whose statement is composed once for its table."""
    fields, sql = _insertion(type(row), row.pk is not None)
    with connection.cursor() as cursor:
        cursor.execute(sql, [one.get_db_prep_save(one.pre_save(row, True), connection) for one in fields])
        [row.pk] = cursor.fetchone()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def update(row: Model, *names: str) -> None:
    """As `row.save(update_fields=names)` for a row that is there, whose statement is composed once for those fields.

    Raises DatabaseError where it is not there any more.
    """
    fields, sql = _change(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(one.get_db_prep_save(one.pre_save(row, False), connection) for one in fields), row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row._meta.label} {row.pk} is not there")


@cache
def _insertion(of: type[Model], with_key: bool) -> tuple[Sequence[Any], str]:
    about: Any = of._meta
    fields = [one for one in about.local_concrete_fields if with_key or not one.primary_key]
    columns, blanks = ", ".join(f'"{one.column}"' for one in fields), ", ".join(["%s"] * len(fields))
    return fields, f'INSERT INTO "{about.db_table}" ({columns}) VALUES ({blanks}) RETURNING "{about.pk.column}"'


@cache
def _change(of: type[Model], names: tuple[str, ...]) -> tuple[Sequence[Any], str]:
    about: Any = of._meta
    fields = [about.get_field(name) for name in names]
    changes = ", ".join(f'"{one.column}" = %s' for one in fields)
    return fields, f'UPDATE "{about.db_table}" SET {changes} WHERE "{about.pk.column}" = %s'
