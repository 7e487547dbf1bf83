"""Entries are added in the transaction of the change, and the database refuses to change them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from akashi.ledger.model import GENESIS, Record, write_moment
from akashi.ledger.store import (
    Filter,
    append,
    count_entries,
    list_entries,
    list_kinds,
    metadata,
    read_entry,
    read_link,
    stream_entries,
)
from akashi.platform.database import Database
from akashi.platform.site import Site
from tests.ledger.chains import START, make_record

REFUSALS = [
    "UPDATE ledger_entry SET actor = 'forger' WHERE sequence = 3",
    "DELETE FROM ledger_entry WHERE sequence = 9",
    "UPDATE ledger_checkpoint SET digest = 'x'",
    "DELETE FROM ledger_checkpoint",
    "INSERT INTO ledger_entry SELECT 99, 'd', 'p', kind, subject, actor, at, payload "
    "FROM ledger_entry WHERE sequence = 1",
    "INSERT INTO ledger_entry SELECT 10, 'd', previous, kind, subject, actor, at, payload "
    "FROM ledger_entry WHERE sequence = 4",
    "INSERT INTO ledger_entry SELECT 10, digest, 'p', kind, subject, actor, at, payload "
    "FROM ledger_entry WHERE sequence = 4",
]
SQLITE_REFUSALS = [
    "INSERT OR REPLACE INTO ledger_entry SELECT 3, 'd', 'p', kind, subject, 'forger', at, payload "
    "FROM ledger_entry WHERE sequence = 3",
    "REPLACE INTO ledger_entry SELECT 10, digest, previous, kind, subject, 'forger', at, payload "
    "FROM ledger_entry WHERE sequence = 9",
    "REPLACE INTO ledger_checkpoint SELECT sequence, 'x', at, installation, public_key, signature "
    "FROM ledger_checkpoint",
]


def test_entries_follow_each_other(chained: Site) -> None:
    with chained.database.read() as connection:
        entries = list(stream_entries(connection, Filter()))
        assert read_link(connection) == (9, entries[-1].digest)
    assert [entry.sequence for entry in entries] == list(range(1, 10))
    assert [entry.previous for entry in entries] == [GENESIS, *(entry.digest for entry in entries[:-1])]
    assert all(entry.fits() for entry in entries)


def test_entry_is_gone_when_its_transaction_is_rolled_back(chained: Site) -> None:
    with suppress(KeyError), chained.database.write() as connection:
        assert append(connection, make_record(10)).sequence == 10
        raise KeyError("the change itself failed")
    with chained.database.write() as connection:
        assert append(connection, make_record(11)).sequence == 10


def test_several_entries_in_one_transaction_follow_each_other(site: Site) -> None:
    with site.database.write() as connection:
        first, second = append(connection, make_record(1)), append(connection, make_record(2))
    assert (second.sequence, second.previous) == (2, first.digest)


def test_entry_is_refused_outside_a_writing_transaction(site: Site) -> None:
    with site.database.read() as connection, pytest.raises(RuntimeError, match="write"):
        append(connection, make_record(1))


@pytest.mark.parametrize("statement", REFUSALS)
def test_database_refuses_to_change_or_fork_the_chain(chained: Site, statement: str) -> None:
    _sign(chained)
    with pytest.raises(sa.exc.DBAPIError), chained.database.write() as connection:
        connection.execute(sa.text(statement))
    with chained.database.read() as connection:
        assert count_entries(connection, Filter()) == 9


@pytest.mark.parametrize("statement", SQLITE_REFUSALS)
def test_sqlite_refuses_to_replace_entries(sqlite_site: Site, statement: str) -> None:
    for number in range(1, 10):
        with sqlite_site.database.write() as connection:
            append(connection, make_record(number))
    _sign(sqlite_site)
    with (
        pytest.raises(sa.exc.IntegrityError, match="append-only"),
        sqlite_site.database.write() as connection,
    ):
        connection.execute(sa.text(statement))


def test_postgresql_refuses_to_truncate(postgres_database: Database) -> None:
    for table in ("ledger_entry", "ledger_checkpoint"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="append-only"),
            postgres_database.write() as connection,
        ):
            connection.execute(sa.text(f"TRUNCATE {table}"))


def test_filters_choose_by_kind_room_subject_actor_and_period(site: Site) -> None:
    kinds = ["loans.decided", "loans.returned", "loansx.decided", "documents.added"]
    for number, kind in enumerate(kinds):
        with site.database.write() as connection:
            moment = START + timedelta(days=number)
            append(connection, Record(kind, f"s{number}", f"p{number % 2}", moment))
    with site.database.read() as connection:
        assert list_kinds(connection) == sorted(kinds)
        assert _numbers(connection, Filter(kind="loans.decided")) == [1]
        assert _numbers(connection, Filter(kind="loans.")) == [2, 1]
        assert _numbers(connection, Filter(subject="s2")) == [3]
        assert _numbers(connection, Filter(actor="p1")) == [4, 2]
        since, until = write_moment(START + timedelta(days=1)), write_moment(START + timedelta(days=3))
        assert _numbers(connection, Filter(since=since, until=until)) == [3, 2]
        assert read_entry(connection, 5) is None


def test_migration_makes_the_tables_that_the_queries_use(database: Database) -> None:
    def is_ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
        return kind != "table" or (name or "").startswith("ledger_")

    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, metadata) == []


def _numbers(connection: sa.Connection, asked: Filter) -> list[int]:
    return [entry.sequence for entry in list_entries(connection, asked, 10)]


def _sign(site: Site) -> None:
    with site.database.write() as connection:
        connection.execute(
            sa.text("INSERT INTO ledger_checkpoint VALUES (9, 'd', 'a', 'i', 'k', 's')"),
        )
