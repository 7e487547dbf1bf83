"""What a database still holds of rows that are gone: SQLite's journal, PostgreSQL's dead rows."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from akashi.platform.database import Database

LOCK_TIMEOUT_MS = 2_000

log = logging.getLogger(__name__)


def purge_leftovers(database: Database) -> bool:
    """Clear leftovers of erased conversations from the database's own files; return whether it worked.

    SQLite overwrites freed bytes (``secure_delete``) and its journal is emptied here. PostgreSQL keeps dead
    rows, so the small table of keys is rewritten; its write-ahead log and base backups age out by the
    institution's own rule. A busy database is not an error: the next duty tries again.
    """
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if database.is_sqlite:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            return int(busy) == 0
        connection.exec_driver_sql(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
        try:
            connection.exec_driver_sql("VACUUM (FULL) conversations_key")
        except sa.exc.OperationalError as error:
            log.warning("the table of keys is busy and will be rewritten later: %s", error.orig)
            return False
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
    return True
