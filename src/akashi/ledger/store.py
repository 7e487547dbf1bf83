"""Tables and queries of the ledger: entries are added in the transaction of the change they record."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.ledger.model import GENESIS, Entry, Record, make_entry
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

LOCK_KEY = 0x616B61736869
"""The advisory lock that makes writers of the ledger wait for each other: "akashi" in ASCII."""

_lock_ledger = sa.select(sa.func.pg_advisory_xact_lock(LOCK_KEY))
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
    if connection.dialect.name == "postgresql":
        connection.execute(_lock_ledger)
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
