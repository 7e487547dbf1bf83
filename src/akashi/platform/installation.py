"""Making an installation: home folder, master key, schema, and the facts that mark it."""

from __future__ import annotations

import os
from dataclasses import dataclass

import sqlalchemy as sa

from akashi.core.errors import SetupError
from akashi.platform.database import Database
from akashi.platform.ids import new_id
from akashi.platform.keys import create_key_file
from akashi.platform.meta import is_schema_current, meta_table, read_meta, write_meta
from akashi.platform.rooms import Room, call_name
from akashi.platform.settings import Settings
from akashi.platform.site import Site

SAMPLE_MARK = "sample"
INSTALLATION_ID = "installation_id"
PENDING_MARK = "restore_pending"
"""Stands in the database from the commit of a restore until every room has re-applied what it must."""
_UPGRADE = "akashi.platform.schema:upgrade_schema"
_PENDING = "akashi.platform.schema:pending_revisions"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What ``prepare_installation`` had to make."""

    key_created: bool
    installation_id: str
    is_new: bool


def prepare_installation(settings: Settings, rooms: tuple[Room, ...], *, sample: bool = False) -> Prepared:
    """Make home, master key and schema where they are missing, and return what was made.

    Safe to repeat; an existing installation is left as it is. ``sample`` marks a NEW database as the
    sample institution; an existing one is never re-marked.

    Raises: SetupError: the database holds data whose key is missing.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings.database_url)
    try:
        known = find_installation(database)
        has_secret = bool(os.environ.get("AKASHI_MASTER_KEY"))
        if known and not has_secret and not settings.key_file.exists():
            raise SetupError(
                f"The database has data, but its master key {settings.key_file} is missing. "
                "Put the key file back or set AKASHI_MASTER_KEY; without it nothing encrypted can be read."
            )
        key_created = not has_secret and create_key_file(settings.key_file)
        if not known or not _is_current(database, rooms):
            call_name(_UPGRADE, database, rooms)
        return Prepared(key_created, known or _mark(database, sample=sample), known is None)
    finally:
        database.close()


def find_installation(database: Database) -> str | None:
    """Return the installation id stored in the database, or None when it is empty."""
    if not sa.inspect(database.engine).has_table("platform_meta"):
        return None
    with database.read() as connection:
        return read_meta(connection, INSTALLATION_ID)


def is_sample(database: Database) -> bool:
    """Return whether the database is marked as the sample institution."""
    with database.read() as connection:
        return read_meta(connection, SAMPLE_MARK) == "yes"


def require_ready(database: Database, rooms: tuple[Room, ...]) -> None:
    """Refuse to work on a database that is empty or of another version.

    Raises: SetupError: says which command repairs it.
    """
    if find_installation(database) is None:
        raise SetupError(f"The database {database.label} is empty. Run: akashi init")
    pending = () if _is_current(database, rooms) else call_name(_PENDING, database, rooms)
    if pending:
        raise SetupError(
            f"The database is older than this version ({', '.join(pending)}). Run: akashi upgrade"
        )


def finish_restore(site: Site) -> bool:
    """Let every room re-apply what must outlive a restore, if that is still to be done.

    Call it before serving: a restore may have been killed after its commit. Returns whether it was needed.
    """
    with site.database.read() as connection:
        if read_meta(connection, PENDING_MARK) is None:
            return False
    for room in site.rooms:
        if room.restored:
            call_name(room.restored, site)
    with site.database.write() as connection:
        connection.execute(sa.delete(meta_table).where(meta_table.c.key == PENDING_MARK))
    return True


def _is_current(database: Database, rooms: tuple[Room, ...]) -> bool:
    with database.read() as connection:
        return is_schema_current(connection, rooms)


def _mark(database: Database, *, sample: bool) -> str:
    installation = new_id("inst")
    with database.write() as connection:
        write_meta(connection, INSTALLATION_ID, installation)
        if sample:
            write_meta(connection, SAMPLE_MARK, "yes")
    return installation
