"""Stops of the assistant, and what became of every question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "assistant_0001"
down_revision = None
branch_labels = ("assistant",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "assistant_stop",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("stopped_at", Moment, nullable=False),
        sa.Column("stopped_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("matter_id", sa.Text, nullable=False),
        sa.Column("resumed_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_assistant_stop"),
    )
    op.create_table(
        "assistant_reply",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("message", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("passages", sa.JSON, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("took_ms", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assistant_reply"),
    )
    op.create_index("ix_assistant_reply_conversation_id", "assistant_reply", ["conversation_id"])
    op.create_index("ix_assistant_reply_at", "assistant_reply", ["at"])
