"""Backup and restore: the same content on both databases, and never half of it."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from akashi.core.errors import EvidenceError, InputError
from akashi.ledger.model import Record
from akashi.ledger.store import append, read_link
from akashi.ledger.verify import check_chain, public_key_of, take_checkpoint
from akashi.platform.backup import read_backup, restore_backup, write_backup
from akashi.platform.database import Database
from akashi.platform.installation import INSTALLATION_ID, PENDING_MARK, finish_restore
from akashi.platform.keys import Keys
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.rooms import Room
from akashi.platform.schema import upgrade_schema
from akashi.platform.site import Site


def add_entries(site: Site, count: int) -> None:
    """Put entries on the chain, a transaction each."""
    for number in range(count):
        with site.database.write() as connection:
            append(connection, Record("test.added", f"s{number}", "p1", site.now(), {"text": "証\u0000\n"}))


def digests(site: Site, path: Path) -> dict[str, str]:
    """Return the digest of every table's lines in a backup."""
    return {table.name: table.sha256 for table in read_backup(site, path).tables}


def save(site: Site, path: Path) -> dict[str, str]:
    """Write a backup and return the digest of every table in it."""
    write_backup(site, path)
    return digests(site, path)


@pytest.fixture
def filled(site: Site) -> Site:
    """An installation on each database with a ledger, a checkpoint and an id."""
    with site.database.write() as connection:
        write_meta(connection, INSTALLATION_ID, "inst_1")
    add_entries(site, 20)
    take_checkpoint(site, "p1")
    return site


@pytest.fixture
def elsewhere(filled: Site, tmp_path: Path) -> Iterator[Site]:
    """A new, empty installation on an embedded database with the same master key."""
    database = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'akashi.db'}")
    upgrade_schema(database, filled.rooms)
    home = tmp_path / "elsewhere"
    yield replace(filled, database=database, settings=replace(filled.settings, home=home))
    database.close()


@pytest.mark.full
def test_sample_bank_goes_to_postgresql_and_back_without_a_difference(
    sample_site: Site, postgres_database: Database, tmp_path: Path
) -> None:
    take_checkpoint(sample_site, "p1")
    first = save(sample_site, tmp_path / "first.backup")
    there = replace(sample_site, database=postgres_database)
    restore_backup(there, tmp_path / "first.backup")
    assert save(there, tmp_path / "second.backup") == first
    database = Database(f"sqlite:///{tmp_path / 'back' / 'akashi.db'}")
    upgrade_schema(database, sample_site.rooms)
    back = replace(sample_site, database=database)
    restore_backup(back, tmp_path / "second.backup")
    assert save(back, tmp_path / "third.backup") == first
    database.close()


def test_restored_installation_goes_on_where_it_was(filled: Site, elsewhere: Site, tmp_path: Path) -> None:
    summary = write_backup(filled, tmp_path / "a.backup")
    told: list[tuple[int, int]] = []
    restored = restore_backup(elsewhere, tmp_path / "a.backup", progress=lambda *counts: told.append(counts))
    assert (restored["proofs"], restored["installation_id"]) == (summary["proofs"], "inst_1")
    assert told[-1] == (summary["rows"], summary["rows"])
    add_entries(elsewhere, 1)
    with elsewhere.database.read() as connection:
        assert check_chain(connection, public_key_of(elsewhere)).entries == 21
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), elsewhere.database.write() as connection:
        connection.execute(sa.text("DELETE FROM ledger_entry"))


def test_restored_postgresql_keeps_its_guards_and_keys(
    filled: Site, postgres_database: Database, tmp_path: Path
) -> None:
    write_backup(filled, tmp_path / "a.backup")
    there = replace(filled, database=postgres_database)
    before = _list_guards(postgres_database)
    restore_backup(there, tmp_path / "a.backup", replace=True)
    assert _list_guards(postgres_database) == before
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), postgres_database.write() as connection:
        connection.execute(sa.text("DELETE FROM ledger_entry"))


def test_same_content_gives_the_same_bytes(filled: Site, tmp_path: Path) -> None:
    write_backup(filled, tmp_path / "a.backup")
    write_backup(filled, tmp_path / "b.backup")
    assert (tmp_path / "a.backup").read_bytes() == (tmp_path / "b.backup").read_bytes()
    assert stat.S_IMODE((tmp_path / "a.backup").stat().st_mode) == 0o600


def test_master_key_is_not_in_the_backup(filled: Site, tmp_path: Path) -> None:
    write_backup(filled, tmp_path / "a.backup")
    content = (tmp_path / "a.backup").read_bytes()
    assert bytes(range(32)) not in content
    assert filled.keys.derive("signing") not in content


@pytest.mark.full
def test_backup_during_writes_is_one_moment(filled: Site, elsewhere: Site, tmp_path: Path) -> None:
    done = threading.Event()

    def write_on() -> None:
        while not done.is_set():
            add_entries(filled, 1)

    writers = [threading.Thread(target=write_on) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        summaries = [write_backup(filled, tmp_path / f"{number}.backup") for number in range(4)]
    finally:
        done.set()
        for writer in writers:
            writer.join()
    ends = [summary["proofs"]["ledger"]["sequence"] for summary in summaries]
    assert ends == sorted(set(ends))
    assert ends[-1] > 20
    for number, end in enumerate(ends):
        restore_backup(elsewhere, tmp_path / f"{number}.backup", replace=True)
        with elsewhere.database.read() as connection:
            assert check_chain(connection, public_key_of(elsewhere)).entries == end


@pytest.mark.full
def test_database_with_content_is_not_replaced_unasked(filled: Site, tmp_path: Path) -> None:
    before = save(filled, tmp_path / "a.backup")
    add_entries(filled, 1)
    with pytest.raises(InputError, match="not empty"):
        restore_backup(filled, tmp_path / "a.backup")
    now = save(filled, tmp_path / "b.backup")
    summary = restore_backup(filled, tmp_path / "a.backup", replace=True)
    assert digests(filled, Path(summary["safety_backup"])) == now
    assert save(filled, tmp_path / "c.backup") == before


@pytest.mark.full
def test_rooms_reapply_what_must_outlive_a_restore(filled: Site, elsewhere: Site, tmp_path: Path) -> None:
    write_backup(filled, tmp_path / "a.backup")
    watcher = Room("akashi.core", "Watcher", "", restored="tests.platform.hooks:note_restore")
    restore_backup(replace(elsewhere, rooms=(*elsewhere.rooms, watcher)), tmp_path / "a.backup")
    assert _read_meta(elsewhere, "test.restored") == "yes"
    assert _read_meta(elsewhere, PENDING_MARK) is None
    assert finish_restore(elsewhere) is False


def test_backup_of_another_master_key_is_refused(filled: Site, elsewhere: Site, tmp_path: Path) -> None:
    write_backup(filled, tmp_path / "a.backup")
    stranger = replace(elsewhere, keys=Keys(bytes(32)))
    with pytest.raises(InputError, match=r"another master key \(installation inst_1\)"):
        restore_backup(stranger, tmp_path / "a.backup")


def test_backup_of_a_newer_version_is_refused(filled: Site, elsewhere: Site, tmp_path: Path) -> None:
    with filled.database.write() as connection:
        connection.execute(
            sa.text(
                "UPDATE alembic_version SET version_num = 'ledger_0099' WHERE version_num = 'ledger_0001'"
            )
        )
    write_backup(filled, tmp_path / "a.backup")
    with pytest.raises(InputError, match=r"newer version .*ledger_0099"):
        restore_backup(elsewhere, tmp_path / "a.backup")


def test_backup_of_a_broken_ledger_is_not_restored(filled: Site, elsewhere: Site, tmp_path: Path) -> None:
    with filled.database.write() as connection:
        if filled.database.is_sqlite:
            connection.execute(sa.text("DROP TRIGGER ledger_entry_no_update"))
        else:
            connection.execute(sa.text("ALTER TABLE ledger_entry DISABLE TRIGGER USER"))
        connection.execute(sa.text("UPDATE ledger_entry SET actor = 'forger' WHERE sequence = 7"))
    write_backup(filled, tmp_path / "a.backup")
    with pytest.raises(EvidenceError, match="Entry 7 was changed"):
        restore_backup(elsewhere, tmp_path / "a.backup")
    with elsewhere.database.read() as connection:
        assert read_link(connection)[0] == 0


def test_backup_never_overwrites_a_file(filled: Site, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(InputError, match="already"):
        write_backup(filled, tmp_path / "mine")
    with pytest.raises(InputError, match="No such file"):
        write_backup(filled, tmp_path / "no" / "such" / "folder")
    assert (tmp_path / "mine").read_text() == "mine"


def _read_meta(site: Site, key: str) -> str | None:
    with site.database.read() as connection:
        return read_meta(connection, key)


def _list_guards(database: Database) -> list[Any]:
    triggers = (
        "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger "
        "WHERE NOT tgisinternal ORDER BY 1, 2"
    )
    keys = (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2"
    )
    with database.read() as connection:
        return [connection.exec_driver_sql(query).all() for query in (triggers, keys)]
