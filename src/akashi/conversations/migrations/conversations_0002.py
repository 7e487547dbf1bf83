"""The life of a request for a person: who holds it, its office and outcome, its steps; sealed notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "conversations_0002"
down_revision = "conversations_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables."""
    name = "conversations_handover"
    op.add_column(name, sa.Column("touched_at", Moment))
    for column in ("office", "closed_by", "outcome"):
        op.add_column(name, sa.Column(column, sa.Text))
    op.create_index(f"ix_{name}_closed_at", name, ["closed_at"])
    _create_steps()
    _create_notes()


def _create_steps() -> None:
    name = "conversations_step"
    texts = ("conversation_id", "kind", "actor_id", "to_person", "to_office", "note_id")
    op.create_table(
        name,
        sa.Column("handover_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        *(sa.Column(column, sa.Text, nullable=False) for column in texts),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("handover_id", "number", name=f"pk_{name}"),
        _parent(name),
    )
    op.create_index(f"ix_{name}_conversation_id", name, ["conversation_id"])


def _create_notes() -> None:
    name = "conversations_note"
    texts = ("conversation_id", "kind", "written_by")
    op.create_table(
        name,
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(column, sa.Text, nullable=False) for column in texts),
        sa.Column("at", Moment, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        _parent(name),
    )
    op.create_index(f"ix_{name}_conversation_id", name, ["conversation_id"])


def _parent(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations_conversation.id"], name=f"fk_{table}_conversation_id"
    )
