"""What identity writes to the ledger: ids and digests, never names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append


def note(
    connection: Connection, kind: str, subject: str, actor_id: str, now: datetime, /, **payload: JsonValue
) -> None:
    """Append ``identity.<kind>`` to the ledger, in the transaction of the change it records."""
    record = Record(kind=f"identity.{kind}", subject=subject, actor=actor_id, at=now, payload=payload)
    append(connection, record)
