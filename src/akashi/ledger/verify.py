"""Verifying the stored chain: stream it, recompute it, compare it with every checkpoint, keep the outcome."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import EvidenceError
from akashi.ledger.chain import (
    Fault,
    FaultKind,
    Link,
    Progress,
    Row,
    UnreadableError,
    Walk,
    ignore_progress,
    walk_chain,
)
from akashi.ledger.checkpoints import Checkpoint, sign_checkpoint
from akashi.ledger.model import write_moment
from akashi.ledger.store import (
    FETCH_ROWS,
    Verification,
    add_checkpoint,
    add_verification,
    entry_table,
    last_checkpoint,
    last_verification,
    list_checkpoints,
    read_entry,
    read_link,
)
from akashi.platform.clock import tokyo_day
from akashi.platform.installation import INSTALLATION_ID
from akashi.platform.meta import read_meta
from akashi.platform.site import Site

WEEK = timedelta(days=7)


def verify_ledger(
    site: Site,
    actor: str,
    *,
    others: Sequence[Checkpoint] = (),
    progress: Progress = ignore_progress,
) -> Verification:
    """Walk the whole chain on one snapshot and return the outcome, which is also kept.

    ``others`` are checkpoints from outside, such as files an auditor kept. ``progress`` receives the
    number of entries done.
    """
    with site.database.read() as connection:
        walk = walk_stored(connection, public_key_of(site), others=others, progress=progress)
    return _keep(site, walk, actor)


def verify_recent(site: Site, actor: str) -> Verification:
    """Walk what came after the last checkpoint, which must itself be genuine; return and keep the outcome."""
    with site.database.read() as connection:
        walk = walk_recent(connection, public_key_of(site))
    return _keep(site, walk, actor)


def take_checkpoint(site: Site, actor: str) -> Checkpoint | None:
    """Verify what came after the last checkpoint, sign the end of the chain, and return that checkpoint.

    Returns the last checkpoint again when nothing came after it, None when the ledger is empty.

    Raises: EvidenceError: the chain does not verify; nothing has been signed.
    """
    outcome = verify_recent(site, actor)
    if outcome.fault:
        raise EvidenceError(f"The ledger does not verify, so nothing was signed. {outcome.fault}")
    with site.database.write() as connection:
        newest = last_checkpoint(connection)
        if outcome.last == 0 or (newest and newest.sequence >= outcome.last):
            return newest
        installation = read_meta(connection, INSTALLATION_ID) or ""
        checkpoint = sign_checkpoint(
            site.keys.signing_key(), outcome.last, outcome.digest, site.now(), installation
        )
        add_checkpoint(connection, checkpoint)
    return checkpoint


def sign_daily(site: Site, now: datetime) -> int:
    """Take a checkpoint once a Tokyo day if entries were added; return how many were taken (0 or 1).

    Raises: EvidenceError: the chain does not verify.
    """
    with site.database.read() as connection:
        newest, (sequence, _digest) = last_checkpoint(connection), read_link(connection)
    is_signed_today = newest is not None and tokyo_day(newest.moment) >= tokyo_day(now)
    if is_signed_today or sequence == (newest.sequence if newest else 0):
        return 0
    take_checkpoint(site, "system")
    return 1


def verify_weekly(site: Site, now: datetime) -> int:
    """Verify the whole chain when that was last done a week ago or never; return how often (0 or 1)."""
    with site.database.read() as connection:
        whole, (sequence, _digest) = last_verification(connection, whole=True), read_link(connection)
    if sequence == 0 or (whole is not None and now - whole.moment < WEEK):
        return 0
    verify_ledger(site, "system")
    return 1


def public_key_of(site: Site) -> str:
    """Return the installation's public signing key, hexadecimal."""
    return site.keys.signing_key().public_key().public_bytes_raw().hex()


def check_chain(connection: Connection, public_key: str) -> Walk:
    """Return the walk over the whole chain that this connection sees, for instance inside a restore.

    Raises: EvidenceError: the first fault, in words.
    """
    walk = walk_stored(connection, public_key)
    if walk.fault:
        raise EvidenceError(str(walk.fault))
    return walk


def prove_ledger(site: Site, connection: Connection, whole: bool) -> dict[str, Any]:
    """Return the end of the chain, which a backup carries; ``whole`` walks all of it first.

    Raises: EvidenceError: the chain does not verify.
    """
    if whole:
        check_chain(connection, public_key_of(site))
    sequence, digest = read_link(connection)
    return {"sequence": sequence, "digest": digest}


def walk_recent(connection: Connection, public_key: str) -> Walk:
    """Return the walk over the entries after the last checkpoint."""
    newest = last_checkpoint(connection)
    if newest is None:
        return walk_stored(connection, public_key)
    if newest.public_key != public_key or not newest.is_genuine():
        link = Link(newest.sequence, newest.digest, newest.at)
        fault = Fault(FaultKind.FORGED, newest.sequence, newest.sequence, newest.at)
        return Walk(newest.sequence, link, 0, fault)
    before = Link(newest.sequence - 1, _previous_of(connection, newest), "")
    return walk_stored(connection, public_key, start=before)


def _previous_of(connection: Connection, checkpoint: Checkpoint) -> str:
    entry = read_entry(connection, checkpoint.sequence)
    return entry.previous if entry else ""


def walk_stored(
    connection: Connection,
    public_key: str,
    *,
    others: Iterable[Checkpoint] = (),
    start: Link = Link(),  # noqa: B008  (a frozen value)
    progress: Progress = ignore_progress,
) -> Walk:
    """Return the walk over the stored entries after ``start``."""

    def find_successor(digest: str) -> int | None:
        query = sa.select(entry_table.c.sequence).where(entry_table.c.previous == digest)
        found: int | None = connection.execute(query).scalar()
        return found

    checkpoints = [*list_checkpoints(connection), *others]
    read = _read_sqlite if connection.dialect.name == "sqlite" else _read_postgresql
    with closing(read(connection, start)) as rows:
        return walk_chain(rows, checkpoints, public_key, find_successor, start, progress)


def _read_postgresql(connection: Connection, start: Link) -> Generator[Row, None, None]:
    """Yield stored rows after ``start`` as they are, whatever was done to them."""
    query = sa.select(entry_table).order_by(entry_table.c.sequence)
    if start.sequence:
        query = query.where(entry_table.c.sequence > start.sequence)
    with connection.execute(query, execution_options={"yield_per": FETCH_ROWS}) as result:
        yield from (Row(*row) for row in result)


def _read_sqlite(connection: Connection, start: Link) -> Generator[Row, None, None]:
    """Yield stored rows after ``start`` as they are, whatever was done to them.

    The driver itself is asked, because that halves the time of a long walk. It hands out text that is not
    UTF-8 only as bytes, so from the first such row on everything is read as bytes.
    """
    connection.execute(sa.text("SELECT 1"))  # begins the snapshot where nothing was read before
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    last = start.sequence
    try:
        for row in driver.execute(_sqlite_query(last, as_bytes=False)):
            last = row[0]
            yield row
    except sqlite3.DatabaseError as error:
        if type(error) is sqlite3.DatabaseError:  # SQLITE_CORRUPT and SQLITE_NOTADB are exactly this class
            raise UnreadableError(str(error)) from error
        if "decode" not in str(error):
            raise
        yield from map(_decode, driver.execute(_sqlite_query(last, as_bytes=True)))


def _sqlite_query(last: int, *, as_bytes: bool) -> str:
    texts = [column.name for column in entry_table.c if column.name != "sequence"]
    columns = ", ".join(f"CAST({name} AS BLOB)" if as_bytes else name for name in texts)
    after = f"WHERE sequence > {last}" if last else ""
    return f"SELECT sequence, {columns} FROM ledger_entry {after} ORDER BY sequence"


def _decode(row: tuple[Any, ...]) -> Row:
    """Return a row of bytes as text; what is not UTF-8 becomes surrogates, which no digest can fit."""
    return Row(row[0], *((text or b"\xff").decode("utf-8", "surrogateescape") for text in row[1:]))


def _keep(site: Site, walk: Walk, actor: str) -> Verification:
    with site.database.write() as connection:
        return add_verification(connection, walk, actor, write_moment(site.now()))
