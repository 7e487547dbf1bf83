"""The records of the assistant: its stops, and what became of every question, without its words."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError
from akashi.core.people import Actor
from akashi.domains.assistant.model import Reply
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.database import Moment, new_metadata
from akashi.platform.ids import new_id

metadata = new_metadata()

stop_table = sa.Table(
    "assistant_stop",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("stopped_at", Moment, nullable=False),
    sa.Column("stopped_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("matter_id", sa.Text, nullable=False),
    sa.Column("resumed_at", Moment),
)

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


def is_stopped(connection: Connection) -> bool:
    """Return whether the assistant is stopped; customers then meet people."""
    query = sa.select(sa.func.count()).select_from(stop_table).where(stop_table.c.resumed_at.is_(None))
    return bool(connection.execute(query).scalar())


def add_stop(connection: Connection, reason: str, matter_id: str, actor: Actor, now: datetime) -> str:
    """Stop the assistant from this transaction on and return the stop's id.

    Raises: ConflictError: it is stopped already.
    """
    if is_stopped(connection):
        raise ConflictError("The assistant is stopped already.", next_step="Open the page again.")
    stop_id = new_id("stop")
    connection.execute(
        sa.insert(stop_table).values(
            id=stop_id, stopped_at=now, stopped_by=actor.id, reason=reason, matter_id=matter_id
        )
    )
    append(connection, Record("assistant.stopped", stop_id, actor.id, now, {"matter": matter_id}))
    return stop_id


def end_stop(connection: Connection, stop_id: str, actor_id: str, now: datetime) -> None:
    """Let the assistant answer again. Raises: ConflictError: this stop has ended already."""
    changed = connection.execute(
        sa.update(stop_table)
        .where(stop_table.c.id == stop_id, stop_table.c.resumed_at.is_(None))
        .values(resumed_at=now)
    )
    if changed.rowcount != 1:
        raise ConflictError("This stop has ended already.", next_step="Open the page again.")
    append(connection, Record("assistant.resumed", stop_id, actor_id, now))


def find_stop(connection: Connection) -> sa.RowMapping | None:
    """Return the stop in force, or None."""
    query = sa.select(stop_table).where(stop_table.c.resumed_at.is_(None))
    return connection.execute(query).mappings().first()


def add_reply(
    connection: Connection, conversation_id: str, message: int, reply: Reply, now: datetime
) -> None:
    """Keep what became of a question: outcome, confidence and passages, never its words."""
    connection.execute(
        sa.insert(reply_table).values(
            id=new_id("rep"),
            conversation_id=conversation_id,
            message=message,
            at=now,
            outcome=reply.answer.outcome.value,
            mode=reply.answer.mode.value,
            confidence=reply.answer.confidence,
            passages=[source.passage_id for source in reply.sources],
            generation=reply.generation,
            took_ms=reply.took_ms,
        )
    )


def count_outcomes(connection: Connection, since: datetime) -> dict[str, int]:
    """Return how many questions ended in each outcome since a moment."""
    query = (
        sa.select(reply_table.c.outcome, sa.func.count())
        .where(reply_table.c.at >= since)
        .group_by(reply_table.c.outcome)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}
