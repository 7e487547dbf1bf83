"""Tables of conversations and the queries on their metadata; the text itself is only ever sealed bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.model import (
    Conversation,
    ErasureReason,
    Handover,
    HandoverReason,
    Hold,
    Tombstone,
    Urgency,
)
from akashi.core.errors import NotFoundError
from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()


def _conversation_key() -> sa.Column[str]:
    parent = sa.ForeignKey("conversations_conversation.id")
    return sa.Column("conversation_id", sa.Text, parent, nullable=False, index=True)


conversation_table = sa.Table(
    "conversations_conversation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("use_case", sa.Text, nullable=False),
    sa.Column("token_hash", sa.Text, unique=True),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("erased_at", Moment),
    sa.Index("ix_conversations_conversation_use_case_last_at", "use_case", "last_at"),
    sa.Index("ix_conversations_conversation_started_at", "started_at"),
)

key_table = sa.Table(
    "conversations_key",
    metadata,
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations_conversation.id"), primary_key=True),
    sa.Column("sealed_key", sa.LargeBinary, nullable=False),
)

message_table = sa.Table(
    "conversations_message",
    metadata,
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations_conversation.id"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

handover_table = sa.Table(
    "conversations_handover",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _conversation_key(),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("urgency", sa.Text, nullable=False),
    sa.Column("requested_at", Moment, nullable=False),
    sa.Column("taken_by", sa.Text),
    sa.Column("taken_at", Moment),
    sa.Column("closed_at", Moment),
    sa.Column("sealed_note", sa.LargeBinary, nullable=False),
    sa.Column("touched_at", Moment),
    sa.Column("office", sa.Text),
    sa.Column("closed_by", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Index("ix_conversations_handover_closed_at", "closed_at"),
)

step_table = sa.Table(
    "conversations_step",
    metadata,
    sa.Column("handover_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _conversation_key(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("to_person", sa.Text, nullable=False),
    sa.Column("to_office", sa.Text, nullable=False),
    sa.Column("note_id", sa.Text, nullable=False),
)

note_table = sa.Table(
    "conversations_note",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _conversation_key(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("written_by", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""Sealed texts beside the messages: notes of a transfer, who asked to be called back, a judgement."""

feedback_table = sa.Table(
    "conversations_feedback",
    metadata,
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations_conversation.id"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("thumb", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("sealed_reason", sa.LargeBinary, nullable=False),
)

hold_table = sa.Table(
    "conversations_hold",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _conversation_key(),
    sa.Column("placed_by", sa.Text, nullable=False),
    sa.Column("placed_at", Moment, nullable=False),
    sa.Column("released_by", sa.Text),
    sa.Column("released_at", Moment),
    sa.Column("sealed_reason", sa.LargeBinary, nullable=False),
)

tombstone_table = sa.Table(
    "conversations_tombstone",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("erased_at", Moment, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("erased_by", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("is_purged", sa.Boolean(create_constraint=False), nullable=False),
)
"""``is_purged`` tells whether the database's own leftovers (journal, dead rows) have been cleared since."""

period_table = sa.Table(
    "conversations_period",
    metadata,
    sa.Column("use_case", sa.Text, primary_key=True),
    sa.Column("months", sa.Integer, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
)

CONVERSATION_COLUMNS = [conversation_table.c[item.name] for item in fields(Conversation)]


def find_conversation(connection: Connection, conversation_id: str) -> Conversation | None:
    """Return what is known of a conversation, or None; erased ones are still known."""
    query = sa.select(*CONVERSATION_COLUMNS).where(conversation_table.c.id == conversation_id)
    row = connection.execute(query).mappings().first()
    return None if row is None else Conversation(**row)


def get_conversation(connection: Connection, conversation_id: str) -> Conversation:
    """Return what is known of a conversation. Raises: NotFoundError."""
    found = find_conversation(connection, conversation_id)
    if found is None:
        raise NotFoundError("There is no such conversation.", where=conversation_id)
    return found


def lock_conversation(connection: Connection, conversation_id: str) -> Conversation:
    """Return a conversation and keep every other writer waiting until this transaction ends."""
    query = sa.select(conversation_table.c.id).where(conversation_table.c.id == conversation_id)
    connection.execute(query.with_for_update()).first()
    return get_conversation(connection, conversation_id)


def list_holds(connection: Connection, conversation_id: str) -> list[Hold]:
    """Return every hold a conversation ever had, oldest first, without reasons."""
    columns = [hold_table.c[item.name] for item in fields(Hold)]
    query = sa.select(*columns).where(hold_table.c.conversation_id == conversation_id)
    rows = connection.execute(query.order_by(hold_table.c.placed_at, hold_table.c.id)).mappings()
    return [Hold(**row) for row in rows]


def list_handovers(connection: Connection, conversation_id: str = "") -> list[Handover]:
    """Return the requests for a person of one conversation; of all, the open ones; the oldest first."""
    columns = [handover_table.c[item.name] for item in fields(Handover)]
    is_open = handover_table.c.closed_at.is_(None)
    of_one = handover_table.c.conversation_id == conversation_id
    wanted = of_one if conversation_id else is_open
    query = sa.select(*columns).where(wanted)
    rows = connection.execute(query.order_by(handover_table.c.requested_at, handover_table.c.id)).mappings()
    return [_handover(row) for row in rows]


def find_tombstone(connection: Connection, conversation_id: str) -> Tombstone | None:
    """Return what stays of an erased conversation, or None."""
    found = list_tombstones(connection, tombstone_table.c.conversation_id == conversation_id)
    return found[0] if found else None


def list_tombstones(connection: Connection, *tests: sa.ColumnElement[bool]) -> list[Tombstone]:
    """Return the tombstones in the order of erasure."""
    columns = [tombstone_table.c[item.name] for item in fields(Tombstone)]
    query = sa.select(*columns).where(*tests)
    ordered = query.order_by(tombstone_table.c.erased_at, tombstone_table.c.conversation_id)
    return [
        Tombstone(**{**row, "reason": ErasureReason(row["reason"])})
        for row in connection.execute(ordered).mappings()
    ]


def _handover(row: Mapping[Any, Any]) -> Handover:
    return Handover(**{**row, "reason": HandoverReason(row["reason"]), "urgency": Urgency(row["urgency"])})
