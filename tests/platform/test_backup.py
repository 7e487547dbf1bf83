"""Backup and restore: the same content on both databases, and never half of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from akashi.core.errors import InputError
from akashi.ledger.model import Record
from akashi.ledger.store import append, entry_table, read_link
from akashi.ledger.verify import check_chain, public_key_of, take_checkpoint
from akashi.platform.backup import read_backup, restore_backup, write_backup
from akashi.platform.database import Database
from akashi.platform.installation import INSTALLATION_ID
from akashi.platform.keys import Keys
from akashi.platform.schema import upgrade_schema, write_meta
from akashi.platform.site import Site


def add_entries(site: Site, count: int) -> None:
    """Put entries on the chain, a transaction each."""
    for number in range(count):
        with site.database.write() as connection:
            append(connection, Record("test.added", f"s{number}", "p1", site.now(), {"text": "証\u0000\n"}))


def digests(site: Site, path: Path) -> dict[str, str]:
    """Return the digest of every table's lines in a backup."""
    return {table.name: table.sha256 for table in read_backup(site, path).tables}


@pytest.fixture
def filled(sqlite_site: Site) -> Site:
    """An installation with a ledger, a checkpoint and a mark."""
    with sqlite_site.database.write() as connection:
        write_meta(connection, INSTALLATION_ID, "inst_1")
    add_entries(sqlite_site, 20)
    take_checkpoint(sqlite_site, "p1")
    return sqlite_site


def test_backup_goes_to_postgresql_and_back_without_a_difference(
    filled: Site, postgres_database: Database, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.backup", tmp_path / "second.backup"
    summary = write_backup(filled, first)
    other = replace(filled, database=postgres_database)
    restore_backup(other, first)
    write_backup(other, second)
    assert digests(filled, first) == digests(filled, second)
    empty = Database(f"sqlite:///{tmp_path / 'new' / 'akashi.db'}")
    upgrade_schema(empty, filled.rooms)
    back = replace(filled, database=empty)
    assert restore_backup(back, second)["proofs"] == summary["proofs"]
    third = tmp_path / "third.backup"
    write_backup(back, third)
    assert digests(back, third) == digests(filled, first)
    add_entries(back, 1)
    with back.database.read() as connection:
        assert check_chain(connection, public_key_of(back)).entries == 21
    empty.close()
