"""Facts about the installation itself, among them whether its schema is the one this version knows.

Alembic is slow to load. A start therefore compares the fingerprint that the last upgrade left behind; only
where it differs is Alembic asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.platform.database import new_metadata
from akashi.platform.rooms import Room, package_folder

SCHEMA_MARK = "schema_fingerprint"
metadata = new_metadata()

meta_table = sa.Table(
    "platform_meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_versions = sa.table("alembic_version", sa.column("version_num"))


def read_meta(connection: Connection, key: str) -> str | None:
    """Return one fact about the installation itself, or None."""
    return connection.execute(sa.select(meta_table.c.value).where(meta_table.c.key == key)).scalar()


def write_meta(connection: Connection, key: str, value: str) -> None:
    """Store one fact about the installation itself, replacing an older value."""
    connection.execute(sa.delete(meta_table).where(meta_table.c.key == key))
    connection.execute(sa.insert(meta_table).values(key=key, value=value))


def migration_folders(rooms: Iterable[Room]) -> list[Path]:
    """Return where the migrations of the platform and of every room that has any lie."""
    folders = [package_folder("akashi.platform") / "migrations" / "versions"]
    folders += [room.folder / "migrations" for room in rooms]
    return [folder for folder in folders if folder.is_dir()]


def mark_schema(connection: Connection, rooms: Iterable[Room]) -> None:
    """Leave behind that every migration of this version has run on this database."""
    write_meta(connection, SCHEMA_MARK, _fingerprint(connection, rooms))


def is_schema_current(connection: Connection, rooms: Iterable[Room]) -> bool:
    """Return whether the fingerprint says that nothing is to be done; False means: ask Alembic."""
    return read_meta(connection, SCHEMA_MARK) == _fingerprint(connection, rooms)


def _fingerprint(connection: Connection, rooms: Iterable[Room]) -> str:
    """Return a digest of every migration file and of the revisions that the database says it has."""
    digest = hashlib.sha256()
    for folder in migration_folders(rooms):
        for path in sorted(folder.glob("*.py")):
            content = path.read_bytes()
            digest.update(f"{folder.parent.name}/{path.name} {len(content)}\n".encode() + content)
    reached = sorted(connection.execute(sa.select(_versions.c.version_num)).scalars())
    digest.update("\n".join(reached).encode())
    return digest.hexdigest()
