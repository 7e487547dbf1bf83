"""Conversations with their keys and sealed messages, requests for a person, feedback, holds, tombstones."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "conversations_0001"
down_revision = None
branch_labels = ("conversations",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_conversations()
    _create_surroundings()
    _create_rules()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _parent(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations_conversation.id"], name=f"fk_{table}_conversation_id"
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _sealed(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Moment, nullable=nullable)


def _create_conversations() -> None:
    name = "conversations_conversation"
    op.create_table(
        name,
        *(_text(column) for column in ("id", "channel", "language", "use_case")),
        _text("token_hash", nullable=True),
        _moment("started_at"),
        _moment("last_at"),
        sa.Column("messages", sa.Integer, nullable=False),
        _moment("erased_at", nullable=True),
        _key(name, "id"),
        sa.UniqueConstraint("token_hash", name=f"uq_{name}_token_hash"),
    )
    op.create_index(f"ix_{name}_use_case_last_at", name, ["use_case", "last_at"])
    op.create_index(f"ix_{name}_started_at", name, ["started_at"])
    op.create_table(
        "conversations_key",
        _text("conversation_id"),
        _sealed("sealed_key"),
        _key("conversations_key", "conversation_id"),
        _parent("conversations_key"),
    )
    op.create_table(
        "conversations_message",
        _text("conversation_id"),
        sa.Column("sequence", sa.Integer, nullable=False),
        _text("author"),
        _moment("at"),
        _sealed("sealed"),
        _key("conversations_message", "conversation_id", "sequence"),
        _parent("conversations_message"),
    )


def _create_surroundings() -> None:
    op.create_table(
        "conversations_handover",
        *(_text(column) for column in ("id", "conversation_id", "reason", "urgency")),
        _moment("requested_at"),
        _text("taken_by", nullable=True),
        _moment("taken_at", nullable=True),
        _moment("closed_at", nullable=True),
        _sealed("sealed_note"),
        _key("conversations_handover", "id"),
        _parent("conversations_handover"),
    )
    op.create_table(
        "conversations_feedback",
        _text("conversation_id"),
        sa.Column("sequence", sa.Integer, nullable=False),
        _text("thumb"),
        _moment("at"),
        _sealed("sealed_reason"),
        _key("conversations_feedback", "conversation_id", "sequence"),
        _parent("conversations_feedback"),
    )
    op.create_table(
        "conversations_hold",
        *(_text(column) for column in ("id", "conversation_id", "placed_by")),
        _moment("placed_at"),
        _text("released_by", nullable=True),
        _moment("released_at", nullable=True),
        _sealed("sealed_reason"),
        _key("conversations_hold", "id"),
        _parent("conversations_hold"),
    )
    for name in ("conversations_handover", "conversations_hold"):
        op.create_index(f"ix_{name}_conversation_id", name, ["conversation_id"])


def _create_rules() -> None:
    op.create_table(
        "conversations_tombstone",
        _text("conversation_id"),
        _moment("erased_at"),
        *(_text(column) for column in ("reason", "erased_by", "digest")),
        sa.Column("is_purged", sa.Boolean(create_constraint=False), nullable=False),
        _key("conversations_tombstone", "conversation_id"),
    )
    op.create_table(
        "conversations_period",
        _text("use_case"),
        sa.Column("months", sa.Integer, nullable=False),
        _text("basis"),
        _key("conversations_period", "use_case"),
    )
