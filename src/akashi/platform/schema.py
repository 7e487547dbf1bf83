"""The database schema: one migration branch per package, all brought to their heads together."""

from __future__ import annotations

from collections.abc import Iterable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from akashi.core.errors import SetupError
from akashi.platform.database import Database
from akashi.platform.meta import mark_schema, migration_folders
from akashi.platform.rooms import Room, package_folder


def upgrade_schema(database: Database, rooms: Iterable[Room]) -> None:
    """Bring every package's tables to their newest revision; safe to repeat.

    Raises: SetupError: the database belongs to a newer version of the product; nothing was changed.
    """
    rooms = tuple(rooms)
    with database.write() as connection:
        _refuse_newer(connection, rooms)
        upgrade_to(connection, rooms)


def upgrade_to(connection: Connection, rooms: Iterable[Room], revisions: Iterable[str] = ("heads",)) -> None:
    """Bring the schema to ``revisions`` in the running transaction."""
    rooms = tuple(rooms)
    config = _configure(rooms)
    config.attributes["connection"] = connection
    for revision in revisions:
        command.upgrade(config, revision)
    if not _missing_heads(connection, config):
        mark_schema(connection, rooms)


def read_heads(connection: Connection) -> tuple[str, ...]:
    """Return the revisions this database has reached, one per package."""
    return tuple(sorted(MigrationContext.configure(connection).get_current_heads()))


def known_revisions(rooms: Iterable[Room]) -> frozenset[str]:
    """Return every revision that this version of the product knows."""
    scripts = ScriptDirectory.from_config(_configure(rooms))
    return frozenset(script.revision for script in scripts.walk_revisions())


def pending_revisions(database: Database, rooms: Iterable[Room]) -> tuple[str, ...]:
    """Return the head revisions that this database has not reached; empty when it is up to date.

    Raises: SetupError: the database belongs to a newer version of the product.
    """
    rooms = tuple(rooms)
    with database.read() as connection:
        _refuse_newer(connection, rooms)
        return _missing_heads(connection, _configure(rooms))


def _refuse_newer(connection: Connection, rooms: Iterable[Room]) -> None:
    if unknown := sorted(set(read_heads(connection)) - known_revisions(rooms)):
        raise SetupError(
            f"The database belongs to a newer Akashi (it has {', '.join(unknown)}); nothing was changed. "
            "Start that version, or restore a backup that this one made."
        )


def _missing_heads(connection: Connection, config: Config) -> tuple[str, ...]:
    heads = set(ScriptDirectory.from_config(config).get_heads())
    return tuple(sorted(heads - set(read_heads(connection))))


def _configure(rooms: Iterable[Room]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(package_folder("akashi.platform") / "migrations"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in migration_folders(rooms)))
    return config
