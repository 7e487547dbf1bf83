"""Watches: runs that are repeated on a schedule and compared with the run they began with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "evaluation_0002"
down_revision = "evaluation_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "evaluation_watch",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("base_run", sa.String(64), nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("hours", sa.Integer, nullable=False),
        sa.Column("next_at", Moment, nullable=True),
        sa.Column("last_run", sa.String(64), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation_watch"),
    )
    op.create_index("ix_evaluation_watch_next_at", "evaluation_watch", ["next_at"])
