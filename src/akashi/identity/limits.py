"""Limits: token buckets in memory for one process, in the database for sign-in on several replicas."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection

from akashi.core.errors import InputError
from akashi.identity.origin import client_address
from akashi.identity.store import challenge_table, limit_table
from akashi.platform.rooms import load_name
from akashi.platform.site import Site

KEPT_CHALLENGES = timedelta(days=1)
KEPT_LIMITS = timedelta(days=1)
MEMORY_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """At most ``capacity`` at once, then one more each ``refill_seconds``."""

    name: str
    capacity: int
    refill_seconds: float

    def take(self, level: float, elapsed_seconds: float) -> tuple[float, float]:
        """Return the new level and the seconds to wait; 0 seconds means that one was taken.

        >>> Bucket("b", 2, 10).take(1.0, 0.0), Bucket("b", 2, 10).take(0.25, 5.0)
        ((0.0, 0.0), (0.75, 2.5))
        """
        filled = min(float(self.capacity), level + max(0.0, elapsed_seconds) / self.refill_seconds)
        if filled >= 1.0:
            return filled - 1.0, 0.0
        return filled, (1.0 - filled) * self.refill_seconds


SIGN_IN = Bucket("sign_in", 60, 1.0)
"""Per address. A whole branch may share one address at opening time; guessing is hopeless anyway."""

ENROLMENT = Bucket("enrolment", 20, 15.0)
"""Per address. Links are rare and tokens have 256 bits; this keeps the ledger free of noise."""


class LimitedError(InputError):
    """Too many attempts; ``wait_seconds`` says how long to wait."""

    def __init__(self, wait_seconds: float) -> None:
        seconds = max(1, round(wait_seconds + 0.5))
        super().__init__("Too many attempts. Wait {seconds} seconds, then try again.", seconds=seconds)
        self.wait_seconds = seconds


class Limiter:
    """Buckets in this process' memory, by key; the least used keys are forgotten first."""

    def __init__(self, bucket: Bucket, most_keys: int = MEMORY_KEYS) -> None:
        self.bucket = bucket
        self._most_keys = most_keys
        self._levels: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, key: str, now: datetime) -> float:
        """Take one for ``key`` and return 0, or return the seconds to wait."""
        with self._lock:
            level, before = self._levels.pop(key, (float(self.bucket.capacity), now))
            level, wait = self.bucket.take(level, (now - before).total_seconds())
            self._levels[key] = (level, now)
            while len(self._levels) > self._most_keys:
                self._levels.popitem(last=False)
        return wait


def take_here(site: Site, bucket: Bucket, key: str) -> None:
    """Count one attempt of ``key`` in this process. Raises: LimitedError."""
    limiter = site.caches.setdefault(f"limit {bucket.name}", Limiter(bucket))
    wait = cast(Limiter, limiter).wait_seconds(key, site.now())
    if wait:
        raise LimitedError(wait)


def take_shared(connection: Connection, bucket: Bucket, key: str, now: datetime) -> float:
    """Take one from the bucket in the database and return 0, or return the seconds to wait."""
    row_key = f"{bucket.name}:{key}"
    # By name: the dialect of PostgreSQL takes a third of a second to load, and the first page waits for it.
    insert = load_name(f"sqlalchemy.dialects.{connection.dialect.name}:insert")
    fresh = insert(limit_table).values(key=row_key, level=float(bucket.capacity), updated_at=now)
    connection.execute(fresh.on_conflict_do_nothing())
    query = sa.select(limit_table).where(limit_table.c.key == row_key).with_for_update()
    row = connection.execute(query).mappings().one()
    level, wait = bucket.take(row["level"], (now - row["updated_at"]).total_seconds())
    connection.execute(
        sa.update(limit_table).where(limit_table.c.key == row_key).values(level=level, updated_at=now)
    )
    return wait


def address_key(site: Site, request: HTTPConnection) -> str:
    """Return a keyed digest of the peer's address; the address itself is not kept."""
    return site.keys.digest("identity/address", client_address(request))[:32]


def enforce_limit(site: Site, bucket: Bucket, request: HTTPConnection) -> None:
    """Count one attempt of this address, on every replica. Raises: LimitedError."""
    with site.database.write() as connection:
        wait = take_shared(connection, bucket, address_key(site, request), site.now())
    if wait:
        raise LimitedError(wait)


def forget_expired(site: Site, now: datetime) -> int:
    """Delete challenges and limits that no longer matter; return how many. A duty of ``tick``."""
    with site.database.write() as connection:
        challenges = connection.execute(
            sa.delete(challenge_table).where(challenge_table.c.expires_at < now - KEPT_CHALLENGES)
        )
        limits = connection.execute(
            sa.delete(limit_table).where(limit_table.c.updated_at < now - KEPT_LIMITS)
        )
        return challenges.rowcount + limits.rowcount
