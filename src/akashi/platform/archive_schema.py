"""The tables a backup is taken of and restored into, with their guards set aside while rows come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

VERSION_TABLE = "alembic_version"
OWN_TABLES = frozenset({"platform_meta"})
"""Tables that hold rows in an installation nobody has used yet."""

MANY = 1000
"""More rows than any migration puts into a table."""

LOCK_WAIT = "30s"


def read_tables(connection: Connection) -> list[sa.Table]:
    """Return every table as the database describes it, by name, without the one of the migrations."""
    metadata = sa.MetaData()
    metadata.reflect(connection, resolve_fks=False)
    return [table for name, table in sorted(metadata.tables.items()) if name != VERSION_TABLE]


def count_rows(connection: Connection, most: int = MANY) -> dict[str, int]:
    """Return the rows of every table by name, counting no further than ``most``."""
    counts = {}
    for table in read_tables(connection):
        some = sa.select(sa.literal(1).label("one")).select_from(table).limit(most).subquery()
        counts[table.name] = connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
    return counts


def is_unused(connection: Connection, new: Mapping[str, int]) -> bool:
    """Return whether no table holds more rows than in a ``new`` installation."""
    return all(
        rows <= new.get(name, 0) for name, rows in count_rows(connection).items() if name not in OWN_TABLES
    )


def drop_everything(connection: Connection) -> None:
    """Remove all tables, and on PostgreSQL the functions and types beside them, in this transaction."""
    tables = [table.name for table in read_tables(connection)]
    if sa.inspect(connection).has_table(VERSION_TABLE):
        tables.append(VERSION_TABLE)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
        _drop_postgresql(connection, tables)
    else:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name in tables:
            connection.exec_driver_sql(f"DROP TABLE {_quote(connection, name)}")


def _drop_postgresql(connection: Connection, tables: list[str]) -> None:
    if tables:
        names = ", ".join(_quote(connection, name) for name in tables)
        connection.exec_driver_sql(f"DROP TABLE {names} CASCADE")
    for row in connection.exec_driver_sql(_OWN_FUNCTIONS).all():
        connection.exec_driver_sql(f"DROP FUNCTION {row[0]}")
    for row in connection.exec_driver_sql(_OWN_ENUMS).all():
        connection.exec_driver_sql(f"DROP TYPE {row[0]}")


_NOT_OF_EXTENSION = "NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = o.oid AND deptype = 'e')"
_OWN_FUNCTIONS = (
    "SELECT o.oid::regprocedure::text FROM pg_proc o "
    f"WHERE pronamespace = current_schema()::regnamespace AND {_NOT_OF_EXTENSION}"
)
_OWN_ENUMS = (
    "SELECT o.oid::regtype::text FROM pg_type o "
    f"WHERE typtype = 'e' AND typnamespace = current_schema()::regnamespace AND {_NOT_OF_EXTENSION}"
)


@contextmanager
def guards_aside(connection: Connection, tables: list[sa.Table]) -> Iterator[None]:
    """Switch triggers and foreign keys off while rows come in, and on again; keys are checked then."""
    chosen = _postgresql_aside if connection.dialect.name == "postgresql" else _sqlite_aside
    with chosen(connection, tables):
        yield


@contextmanager
def _sqlite_aside(connection: Connection, tables: list[sa.Table]) -> Iterator[None]:
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {_quote(connection, name)}")
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


@contextmanager
def _postgresql_aside(connection: Connection, tables: list[sa.Table]) -> Iterator[None]:
    keys = connection.exec_driver_sql(_FOREIGN_KEYS).all()
    for table, name, _definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {_quote(connection, name)}")
    names = [_quote(connection, table.name) for table in tables]
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")
    for table, name, definition in keys:
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ADD CONSTRAINT {_quote(connection, name)} {definition}"
        )
    for table_ in tables:
        _continue_numbers(connection, table_)


_FOREIGN_KEYS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
)


def _continue_numbers(connection: Connection, table: sa.Table) -> None:
    """Let numbers that PostgreSQL gives out go on after the highest one restored."""
    for column in table.primary_key.columns:
        if not isinstance(column.type, sa.Integer):
            continue
        arguments = {"table": _quote(connection, table.name), "column": column.name}
        number = sa.text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = connection.execute(number, arguments).scalar()
        highest = connection.execute(sa.select(sa.func.max(column))).scalar()
        if sequence and highest:
            connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _quote(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
