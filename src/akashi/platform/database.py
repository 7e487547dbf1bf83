"""The database: SQLite in WAL mode when embedded, PostgreSQL in production, one way to use both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from akashi.core.errors import InputError

BUSY_TIMEOUT_MS = 30_000

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> sa.MetaData:
    """Return an empty metadata whose constraint names are the same on both databases."""
    return sa.MetaData(naming_convention=NAMING)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC with microseconds; naive values are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """Connections to one database, for reading a snapshot or for one writing transaction."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        if self.url.get_backend_name() not in {"sqlite", "postgresql"}:
            raise InputError(
                "The database {kind} is not supported.",
                where="AKASHI_DATABASE_URL",
                next_step="Use sqlite:///… or postgresql://….",
                kind=self.url.get_backend_name(),
            )
        self.engine = _make_engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Return whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def label(self) -> str:
        """Return a name for messages; never with a password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection on one consistent snapshot; whatever it writes is rolled back."""
        with self.engine.connect() as connection:
            options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if not self.is_sqlite else {}
            yield connection.execution_options(**options) if options else connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection whose transaction is committed at the end, or rolled back on any error."""
        with self.engine.connect() as connection:
            writer = connection.execution_options(akashi_write=True)
            with writer.begin():
                yield writer

    @contextmanager
    def write_soon(self) -> Iterator[Connection]:
        """Yield a connection as ``write`` does, whose commit does not wait for the disk.

        What it commits survives the death of the process at once, and a power cut as soon as a later
        ``write`` is committed; until then the whole transaction may be gone, never a part of it.
        """
        with self.engine.connect() as connection:
            writer = connection.execution_options(akashi_write=True)
            driver = connection.connection.driver_connection
            if isinstance(driver, sqlite3.Connection):
                driver.execute("PRAGMA synchronous=NORMAL").close()
            try:
                with writer.begin():
                    if not self.is_sqlite:
                        writer.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
                    yield writer
            finally:
                if isinstance(driver, sqlite3.Connection):
                    driver.execute("PRAGMA synchronous=FULL").close()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _make_engine(url: sa.URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, pool_size=10, max_overflow=20
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError("the embedded database is driven by sqlite3")
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    is_writer = connection.get_execution_options().get("akashi_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")
