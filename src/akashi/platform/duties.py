"""``tick``: records what became due by time. Safe to repeat, and on several replicas at once."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from akashi.core.errors import AkashiError
from akashi.platform.database import Database
from akashi.platform.meta import meta_table, read_meta, write_meta
from akashi.platform.rooms import call_name
from akashi.platform.site import Site

LEASE_SECONDS = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DutyResult:
    """What one duty changed, or why it could not be done."""

    room: str
    duty: str
    changes: int
    error: str = ""


def run_duties(site: Site) -> tuple[DutyResult, ...]:
    """Run every room's duties once and return what each changed.

    Returns an empty tuple when another process is doing it. A duty that fails does not stop the
    others and is reported as failed.
    """
    now = site.now()
    with _lease(site.database, "tick", now) as is_ours:
        if not is_ours:
            return ()
        return tuple(
            _run_duty(site, room.name, duty.name, duty.run, now)
            for room in site.rooms
            for duty in room.duties
        )


def _run_duty(site: Site, room: str, name: str, reference: str, now: datetime) -> DutyResult:
    try:
        return DutyResult(room, name, int(call_name(reference, site, now)))
    except (AkashiError, sa.exc.SQLAlchemyError, OSError) as error:
        log.error("duty %s of %s failed: %s", name, room, error)
        return DutyResult(room, name, 0, str(error))


@contextmanager
def _lease(database: Database, name: str, now: datetime) -> Iterator[bool]:
    """Yield whether this process holds the lease ``name``; a holder that died loses it after a while."""
    key, holder = f"lease.{name}", secrets.token_hex(8)
    with database.write() as connection:
        held = read_meta(connection, key)
        is_free = held is None or datetime.fromisoformat(held.split(" ")[0]) <= now
        if is_free:
            write_meta(connection, key, f"{(now + timedelta(seconds=LEASE_SECONDS)).isoformat()} {holder}")
    try:
        yield is_free
    finally:
        if is_free:
            with database.write() as connection:
                connection.execute(
                    sa.delete(meta_table).where(meta_table.c.key == key, meta_table.c.value.endswith(holder))
                )
