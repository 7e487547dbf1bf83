"""Chains to tamper with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.ledger.chain import Row
from akashi.ledger.model import GENESIS, Record, make_entry
from akashi.ledger.store import append
from akashi.platform.site import Site

START = datetime(2026, 4, 1, tzinfo=UTC)


def make_record(number: int) -> Record:
    """Return a record that differs from all others."""
    return Record(
        "test.recorded",
        f"subject{number:04}",
        f"p{number % 3}",
        START + timedelta(hours=number),
        {"n": number},
    )


def make_rows(count: int) -> list[Row]:
    """Return a chain as it would be read from a table."""
    rows: list[Row] = []
    for number in range(1, count + 1):
        entry = make_entry(make_record(number), number, rows[-1].digest if rows else GENESIS)
        rows.append(Row(*astuple(entry)))
    return rows


def fill(site: Site, count: int) -> None:
    """Record ``count`` things, a transaction each."""
    for number in range(1, count + 1):
        with site.database.write() as connection:
            append(connection, make_record(number))


def look_for(rows: Sequence[Row]) -> Callable[[str], int | None]:
    """Return a search for the row that names a digest as its predecessor."""
    return lambda digest: next((row.sequence for row in rows if row.previous == digest), None)


def break_guards(connection: Connection) -> None:
    """Do what somebody with the database's own password can do: remove the triggers."""
    if connection.dialect.name == "sqlite":
        names = connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
        for name in list(names):
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        return
    for table in ("ledger_entry", "ledger_checkpoint"):
        connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
