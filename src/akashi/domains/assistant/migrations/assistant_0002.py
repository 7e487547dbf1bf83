"""What operators sent, who asked to be called back, what was judged, and the institution's own rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "assistant_0002"
down_revision = "assistant_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_sent()
    _create_callback()
    _create_verdict()
    _create_setting()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _create_sent() -> None:
    name = "assistant_sent"
    op.create_table(
        name,
        *_text("id", "conversation_id", "handover_id", "operator_id", "channel", "origin", "verdict"),
        *_whole("message", "distance", "draft_characters", "sent_characters", "seconds"),
        sa.Column("at", Moment, nullable=False),
        sa.Column("passages", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_conversation_id", name, ["conversation_id"])
    op.create_index(f"ix_{name}_at", name, ["at"])


def _create_callback() -> None:
    name = "assistant_callback"
    op.create_table(
        name,
        *_text("id", "conversation_id", "handover_id", "note_id", "way", "slot", "consent_digest"),
        sa.Column("consent_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_conversation_id", name, ["conversation_id"])
    op.create_index(f"ix_{name}_handover_id", name, ["handover_id"])


def _create_verdict() -> None:
    name = "assistant_verdict"
    op.create_table(
        name,
        *_text("conversation_id", "judged_by", "verdict", "note_id"),
        sa.Column("message", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "message", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_at", name, ["at"])


def _create_setting() -> None:
    name = "assistant_setting"
    op.create_table(
        name,
        *_text("name", "digest", "changed_by"),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=f"pk_{name}"),
    )
