"""The fingerprint that lets a start skip Alembic, and everything that must make it ask again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from akashi.core.errors import SetupError
from akashi.house import list_rooms
from akashi.platform.database import Database
from akashi.platform.installation import INSTALLATION_ID, require_ready
from akashi.platform.meta import SCHEMA_MARK, is_schema_current, write_meta
from akashi.platform.rooms import package_folder
from akashi.platform.schema import pending_revisions, read_heads, upgrade_schema


def is_current(database: Database) -> bool:
    with database.read() as connection:
        return is_schema_current(connection, list_rooms())


def test_upgraded_database_is_current(database: Database) -> None:
    assert is_current(database)
    assert pending_revisions(database, list_rooms()) == ()


def test_database_without_fingerprint_asks_alembic(database: Database) -> None:
    with database.write() as connection:
        write_meta(connection, SCHEMA_MARK, "of another version")
    assert not is_current(database)
    upgrade_schema(database, list_rooms())
    assert is_current(database)


def test_revision_taken_back_is_noticed_beside_an_old_fingerprint(database: Database) -> None:
    with database.write() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version WHERE version_num LIKE 'register%'"))
    assert not is_current(database)
    assert [one.partition("_")[0] for one in pending_revisions(database, list_rooms())] == ["register"]


def test_database_of_a_newer_version_is_called_newer_and_left_alone(database: Database) -> None:
    newer = "UPDATE alembic_version SET version_num = 'ledger_0099' WHERE version_num LIKE 'ledger%'"
    with database.write() as connection:
        connection.execute(sa.text(newer))
        write_meta(connection, INSTALLATION_ID, "inst_newer")
    for work in (upgrade_schema, pending_revisions, require_ready):
        with pytest.raises(SetupError, match=r"newer Akashi \(it has ledger_0099\)"):
            work(database, list_rooms())
    with database.read() as connection:
        assert "ledger_0099" in read_heads(connection)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_new_migration_file_is_noticed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = next(room for room in list_rooms() if room.name == "register")
    (tmp_path / "migrations").mkdir()
    for path in (room.folder / "migrations").glob("*.py"):
        (tmp_path / "migrations" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "migrations" / "register_9999.py").write_text("revision = 'register_9999'\n")
    moved = replace(room, package="elsewhere")
    monkeypatch.setattr(
        "akashi.platform.rooms.package_folder",
        lambda package: tmp_path if package == "elsewhere" else package_folder(package),
    )
    rooms = tuple(moved if one is room else one for one in list_rooms())
    with database.read() as connection:
        assert not is_schema_current(connection, rooms)


def test_start_of_an_unchanged_installation_loads_no_alembic() -> None:
    code = (
        "import sys, akashi.platform.installation, akashi.cli.serve, akashi.cli.demo; "
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
