"""What a sample installation is given once only, after something else is there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from akashi.platform.installation import is_sample
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.site import Site
from akashi.sample import SEEDED


def is_waiting(connection: Connection, mark: str, after: str = SEEDED) -> bool:
    """Return whether what ``mark`` stands for is still to come while what ``after`` stands for is there."""
    return read_meta(connection, after) is not None and read_meta(connection, mark) is None


def is_due(site: Site, mark: str, after: str = SEEDED) -> bool:
    """Return whether a sample installation waits for what ``mark`` stands for; elsewhere never."""
    if not is_sample(site.database):
        return False
    with site.database.read() as connection:
        return is_waiting(connection, mark, after)


def claim(site: Site, mark: str, now: datetime) -> bool:
    """Mark it as begun and return True; False where it is not due or another process was first."""
    if not is_sample(site.database):
        return False
    with site.database.write() as connection:
        if not is_waiting(connection, mark):
            return False
        write_meta(connection, mark, now.isoformat())
    return True
