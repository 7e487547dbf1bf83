"""The order of locks: the ledger's first, then a room's own rows."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

LOCK_KEY = 0x616B61736869
"""The advisory lock that makes writers of the ledger wait for each other: "akashi" in ASCII."""

_take_lock = sa.select(sa.func.pg_advisory_xact_lock(LOCK_KEY))


def hold_ledger(connection: Connection) -> None:
    """Take the ledger's lock before any row of a room is locked, until the transaction ends.

    A room that locks rows, appends, and locks further rows in one transaction calls this first; otherwise
    two such writers could each wait for what the other holds. SQLite's write transaction holds everything.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_take_lock)
