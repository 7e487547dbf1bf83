"""What operators sent, without its words: queries and their ledger entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.domains.assistant.tables import sent_table
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that an operator sent, measured: where it came from, how far it was edited, how long
    it took. ``seconds`` runs from the customer's last words, or the claim if later, to the sending."""

    id: str
    conversation_id: str
    handover_id: str
    message: int
    at: datetime
    operator_id: str
    channel: str
    origin: str
    passages: tuple[str, ...]
    verdict: str
    distance: int
    draft_characters: int
    sent_characters: int
    seconds: int


def add_sent(connection: Connection, sent: Sent) -> None:
    """Keep what was sent and tell the ledger, in ids and words of the field only."""
    values = {item.name: getattr(sent, item.name) for item in fields(Sent)}
    connection.execute(sa.insert(sent_table).values({**values, "passages": list(sent.passages)}))
    payload: dict[str, JsonValue] = {
        "message": sent.message,
        "handover": sent.handover_id,
        "verdict": sent.verdict,
    }
    append(
        connection,
        Record("assistant.reply_sent", sent.conversation_id, sent.operator_id, sent.at, payload),
    )


def list_sent(connection: Connection, since: datetime, until: datetime) -> list[Sent]:
    """Return what was sent in ``[since, until)``, oldest first."""
    query = sa.select(sent_table).where(sent_table.c.at >= since, sent_table.c.at < until)
    rows = connection.execute(query.order_by(sent_table.c.at, sent_table.c.id)).mappings()
    return [to_sent(row) for row in rows]


def list_sent_in(connection: Connection, conversation_id: str) -> dict[int, Sent]:
    """Return what was sent in one conversation, by message."""
    query = sa.select(sent_table).where(sent_table.c.conversation_id == conversation_id)
    return {row["message"]: to_sent(row) for row in connection.execute(query).mappings()}


def to_sent(row: Mapping[Any, Any]) -> Sent:
    """Return what was sent from its row."""
    return Sent(**{**row, "passages": tuple(row["passages"])})
