"""The records of the assistant: its stops, and what became of every question, without its words."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.stopped import find_stop as in_force
from akashi.approvals.stopped import stop_columns
from akashi.domains.assistant.model import Reply
from akashi.platform.database import Moment, new_metadata
from akashi.platform.ids import new_id

metadata = new_metadata()

stop_table = sa.Table("assistant_stop", metadata, *stop_columns())

reply_table = sa.Table(
    "assistant_reply",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation_id", sa.Text, nullable=False, index=True),
    sa.Column("message", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("passages", sa.JSON, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("took_ms", sa.Float, nullable=False),
)
_ADD_REPLY = sa.insert(reply_table)


def is_stopped(connection: Connection) -> bool:
    """Return whether the assistant is stopped; customers then meet people."""
    return find_stop(connection) is not None


def find_stop(connection: Connection) -> sa.RowMapping | None:
    """Return the stop in force, or None."""
    return in_force(connection, stop_table)


def add_reply(
    connection: Connection, conversation_id: str, message: int, reply: Reply, now: datetime
) -> None:
    """Keep what became of a question: outcome, confidence and passages, never its words."""
    connection.execute(
        _ADD_REPLY,
        {
            "id": new_id("rep"),
            "conversation_id": conversation_id,
            "message": message,
            "at": now,
            "outcome": reply.answer.outcome.value,
            "mode": reply.answer.mode.value,
            "confidence": reply.answer.confidence,
            "passages": [source.passage_id for source in reply.sources],
            "generation": reply.generation,
            "took_ms": reply.took_ms,
        },
    )


def count_outcomes(connection: Connection, since: datetime) -> dict[str, int]:
    """Return how many questions ended in each outcome since a moment."""
    query = (
        sa.select(reply_table.c.outcome, sa.func.count())
        .where(reply_table.c.at >= since)
        .group_by(reply_table.c.outcome)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}
