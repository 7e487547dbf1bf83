"""The database schema: one migration branch per package, all brought to their heads together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from akashi.platform.database import Database, new_metadata
from akashi.platform.rooms import Room, package_folder

metadata = new_metadata()

meta_table = sa.Table(
    "platform_meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


def upgrade_schema(database: Database, rooms: Iterable[Room]) -> None:
    """Bring every package's tables to their newest revision; safe to repeat."""
    with database.write() as connection:
        upgrade_to(connection, rooms)


def upgrade_to(connection: Connection, rooms: Iterable[Room], revisions: Iterable[str] = ("heads",)) -> None:
    """Bring the schema to ``revisions`` in the running transaction."""
    config = _configure(rooms)
    config.attributes["connection"] = connection
    for revision in revisions:
        command.upgrade(config, revision)


def read_heads(connection: Connection) -> tuple[str, ...]:
    """Return the revisions this database has reached, one per package."""
    return tuple(sorted(MigrationContext.configure(connection).get_current_heads()))


def known_revisions(rooms: Iterable[Room]) -> frozenset[str]:
    """Return every revision that this version of the product knows."""
    scripts = ScriptDirectory.from_config(_configure(rooms))
    return frozenset(script.revision for script in scripts.walk_revisions())


def pending_revisions(database: Database, rooms: Iterable[Room]) -> tuple[str, ...]:
    """Return the head revisions that this database has not reached; empty when it is up to date."""
    heads = set(ScriptDirectory.from_config(_configure(rooms)).get_heads())
    with database.read() as connection:
        current = set(MigrationContext.configure(connection).get_current_heads())
    return tuple(sorted(heads - current))


def read_meta(connection: Connection, key: str) -> str | None:
    """Return one fact about the installation itself, or None."""
    return connection.execute(sa.select(meta_table.c.value).where(meta_table.c.key == key)).scalar()


def write_meta(connection: Connection, key: str, value: str) -> None:
    """Store one fact about the installation itself, replacing an older value."""
    connection.execute(sa.delete(meta_table).where(meta_table.c.key == key))
    connection.execute(sa.insert(meta_table).values(key=key, value=value))


def _configure(rooms: Iterable[Room]) -> Config:
    folders = [package_folder("akashi.platform") / "migrations" / "versions"]
    folders += [room.folder / "migrations" for room in rooms]
    config = Config()
    config.set_main_option("script_location", str(package_folder("akashi.platform") / "migrations"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in _existing(folders)))
    return config


def _existing(folders: Iterable[Path]) -> list[Path]:
    return [folder for folder in folders if folder.is_dir()]
