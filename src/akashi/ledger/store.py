"""Tables and queries of the ledger: entries are added in the transaction of the change they record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.ledger.chain import Fault, FaultKind, Walk
from akashi.ledger.checkpoints import Checkpoint
from akashi.ledger.model import GENESIS, Entry, Record, make_entry, read_moment
from akashi.ledger.order import hold_ledger
from akashi.platform.database import new_metadata

metadata = new_metadata()

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")

entry_table = sa.Table(
    "ledger_entry",
    metadata,
    sa.Column("sequence", BIG, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("previous", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Index(None, "subject", "sequence"),
    sa.Index(None, "kind", "sequence"),
)

checkpoint_table = sa.Table(
    "ledger_checkpoint",
    metadata,
    sa.Column("sequence", BIG, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
)

verification_table = sa.Table(
    "ledger_verification",
    metadata,
    sa.Column("number", BIG, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("first", BIG, nullable=False),
    sa.Column("entries", BIG, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("checkpoints", sa.Integer, nullable=False),
    sa.Column("fault", sa.Text, nullable=False),
)

FETCH_ROWS = 5000

_last_link = (
    sa.select(entry_table.c.sequence, entry_table.c.digest).order_by(entry_table.c.sequence.desc()).limit(1)
)
_insert_entry = sa.insert(entry_table)


def append(connection: Connection, record: Record) -> Entry:
    """Add ``record`` to the chain in the running transaction and return its entry.

    Takes the ledger's lock until that transaction ends, so do it last: the sequence stays gapless and
    no two writers can follow the same entry. If the transaction is rolled back, the entry is gone too.

    Raises: RecordError: the record cannot be kept; RuntimeError: not inside ``Database.write()``.
    """
    if not connection.get_execution_options().get("akashi_write"):
        raise RuntimeError("the ledger is written inside Database.write() only")
    hold_ledger(connection)
    sequence, digest = read_link(connection)
    entry = make_entry(record, sequence + 1, digest)
    connection.execute(
        _insert_entry,
        {
            "sequence": entry.sequence,
            "digest": entry.digest,
            "previous": entry.previous,
            "kind": entry.kind,
            "subject": entry.subject,
            "actor": entry.actor,
            "at": entry.at,
            "payload": entry.payload,
        },
    )
    return entry


def read_link(connection: Connection) -> tuple[int, str]:
    """Return sequence and digest of the last entry; 0 and zeros when there is none."""
    row = connection.execute(_last_link).one_or_none()
    return (row.sequence, row.digest) if row else (0, GENESIS)


@dataclass(frozen=True, slots=True)
class Verification:
    """The kept outcome of one verification: ``entries`` good ones from ``first`` on, and the first fault."""

    number: int
    at: str
    actor: str
    first: int
    entries: int
    digest: str
    checkpoints: int
    fault: Fault | None

    @property
    def last(self) -> int:
        """Return the last good entry."""
        return self.first + self.entries - 1

    @property
    def moment(self) -> datetime:
        """Return when it was made."""
        return read_moment(self.at)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries to list; empty fields let everything pass. ``kind`` ends with ``.`` for a whole room.

    ``since`` and ``until`` are moments as the ledger writes them, the second one exclusive.
    """

    kind: str = ""
    subject: str = ""
    actor: str = ""
    since: str = ""
    until: str = ""


def read_entry(connection: Connection, sequence: int) -> Entry | None:
    """Return one entry, or None."""
    row = connection.execute(sa.select(entry_table).where(entry_table.c.sequence == sequence)).one_or_none()
    return _make_entry(row) if row else None


def count_entries(connection: Connection, asked: Filter) -> int:
    """Return how many entries pass the filter."""
    query = sa.select(sa.func.count()).select_from(entry_table).where(*_conditions(asked))
    return connection.execute(query).scalar_one()


def list_entries(connection: Connection, asked: Filter, limit: int, skip: int = 0) -> list[Entry]:
    """Return the newest entries that pass the filter, newest first."""
    query = (
        sa.select(entry_table)
        .where(*_conditions(asked))
        .order_by(entry_table.c.sequence.desc())
        .limit(limit)
        .offset(skip)
    )
    return [_make_entry(row) for row in connection.execute(query)]


def stream_entries(connection: Connection, asked: Filter, first: int = 1, last: int = 0) -> Iterator[Entry]:
    """Yield the entries that pass the filter, oldest first, from ``first`` to ``last`` (0: to the end)."""
    query = (
        sa.select(entry_table)
        .where(entry_table.c.sequence >= first, *_conditions(asked))
        .order_by(entry_table.c.sequence)
    )
    if last:
        query = query.where(entry_table.c.sequence <= last)
    with connection.execute(query, execution_options={"yield_per": FETCH_ROWS}) as result:
        yield from map(_make_entry, result)


def list_kinds(connection: Connection) -> list[str]:
    """Return every kind that occurs, in order, by skipping through the index."""
    found: list[str] = []
    while True:
        after = entry_table.c.kind > found[-1] if found else sa.true()
        kind = connection.execute(sa.select(sa.func.min(entry_table.c.kind)).where(after)).scalar()
        if kind is None:
            return found
        found.append(kind)


def add_checkpoint(connection: Connection, checkpoint: Checkpoint) -> None:
    """Store a checkpoint."""
    connection.execute(sa.insert(checkpoint_table).values(**asdict(checkpoint)))


def list_checkpoints(connection: Connection) -> list[Checkpoint]:
    """Return every checkpoint, oldest first."""
    query = sa.select(checkpoint_table).order_by(checkpoint_table.c.sequence)
    return [Checkpoint(*row) for row in connection.execute(query)]


def last_checkpoint(connection: Connection) -> Checkpoint | None:
    """Return the newest checkpoint, or None."""
    query = sa.select(checkpoint_table).order_by(checkpoint_table.c.sequence.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return Checkpoint(*row) if row else None


def next_checkpoint(connection: Connection, sequence: int) -> Checkpoint | None:
    """Return the first checkpoint that covers the entry ``sequence``, or None."""
    query = (
        sa.select(checkpoint_table)
        .where(checkpoint_table.c.sequence >= sequence)
        .order_by(checkpoint_table.c.sequence)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return Checkpoint(*row) if row else None


def add_verification(connection: Connection, walk: Walk, actor: str, at: str) -> Verification:
    """Keep the outcome of a walk and return it, numbered after all earlier ones."""
    hold_ledger(connection)
    number = sa.func.coalesce(sa.func.max(verification_table.c.number), 0) + 1
    outcome = Verification(
        connection.execute(sa.select(number)).scalar_one(),
        at,
        actor,
        walk.start + 1,
        walk.entries,
        walk.last.digest,
        walk.checkpoints,
        walk.fault,
    )
    values = {**asdict(outcome), "fault": orjson.dumps(outcome.fault).decode() if outcome.fault else ""}
    connection.execute(sa.insert(verification_table).values(**values))
    return outcome


def last_verification(connection: Connection, *, whole: bool = False) -> Verification | None:
    """Return the newest outcome, or None; ``whole`` asks for one that began with the first entry."""
    query = sa.select(verification_table).order_by(verification_table.c.number.desc()).limit(1)
    if whole:
        query = query.where(verification_table.c.first == 1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    values = row._asdict()
    values["fault"] = _read_fault(values["fault"])
    return Verification(**values)


def standing_fault(connection: Connection) -> Verification | None:
    """Return the outcome whose fault still stands, or None.

    A fault found in the whole chain stands until the whole chain verifies again: later verifications of
    its newest part alone do not lift it.
    """
    whole, newest = last_verification(connection, whole=True), last_verification(connection)
    return next((outcome for outcome in (whole, newest) if outcome and outcome.fault), None)


def _read_fault(text: str) -> Fault | None:
    if not text:
        return None
    values = orjson.loads(text)
    return Fault(**{**values, "kind": FaultKind(values["kind"])})


def _make_entry(row: sa.Row[*tuple[Any, ...]]) -> Entry:
    return Entry(*row)


def _conditions(asked: Filter) -> list[sa.ColumnElement[bool]]:
    column = entry_table.c
    conditions: list[sa.ColumnElement[bool]] = []
    if asked.kind:
        is_room = asked.kind.endswith(".")
        conditions.append(
            column.kind.startswith(asked.kind, autoescape=True) if is_room else column.kind == asked.kind
        )
    conditions += [column.subject == asked.subject] if asked.subject else []
    conditions += [column.actor == asked.actor] if asked.actor else []
    conditions += [column.at >= asked.since] if asked.since else []
    conditions += [column.at < asked.until] if asked.until else []
    return conditions
