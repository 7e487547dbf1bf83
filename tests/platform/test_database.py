"""Both databases commit whole transactions, keep time zones, and let several writers take turns."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from akashi.core.errors import InputError
from akashi.platform.database import Database, Moment
from akashi.platform.meta import read_meta, write_meta


def test_error_rolls_everything_back(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            write_meta(connection, "key", "value")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as connection:
        assert read_meta(connection, "key") is None


def test_reading_never_writes(database: Database) -> None:
    with database.read() as connection:
        write_meta(connection, "key", "value")
    with database.read() as connection:
        assert read_meta(connection, "key") is None


def test_reader_keeps_its_snapshot(database: Database) -> None:
    with database.read() as reader:
        assert read_meta(reader, "key") is None
        with database.write() as writer:
            write_meta(writer, "key", "value")
        assert read_meta(reader, "key") is None


def test_moment_keeps_the_instant(database: Database) -> None:
    table = sa.Table("moment_probe", sa.MetaData(), sa.Column("at", Moment))
    tokyo = datetime(2026, 4, 1, 0, 0, 0, 123456, timezone(timedelta(hours=9)))
    with database.write() as connection:
        table.create(connection)
        connection.execute(table.insert().values(at=tokyo))
        found = connection.execute(sa.select(table.c.at)).scalar_one()
    assert found == tokyo
    assert found.tzinfo is UTC


def test_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="time zone"), database.read() as connection:
        connection.execute(sa.select(sa.literal(datetime(2026, 1, 1), Moment)))  # noqa: DTZ001


def test_writers_take_turns(database: Database) -> None:
    with database.write() as connection:
        write_meta(connection, "count", "0")

    def add_one() -> None:
        for _ in range(10):
            with database.write() as connection:
                query = "SELECT value FROM platform_meta WHERE key = 'count'"
                suffix = "" if database.is_sqlite else " FOR UPDATE"
                value = int(connection.exec_driver_sql(query + suffix).scalar_one())
                connection.exec_driver_sql(
                    f"UPDATE platform_meta SET value = '{value + 1}' WHERE key = 'count'"
                )

    threads = [threading.Thread(target=add_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert read_meta(connection, "count") == "40"


def test_other_databases_are_refused() -> None:
    with pytest.raises(InputError, match="mysql is not supported"):
        Database("mysql://localhost/x")


def test_label_hides_the_password() -> None:
    assert "secret" not in Database("postgresql://u:secret@localhost/x").label
