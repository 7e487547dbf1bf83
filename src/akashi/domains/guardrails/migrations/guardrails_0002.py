"""Stops of the proxy and of tools."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "guardrails_0002"
down_revision = "guardrails_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "guardrails_stop",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("use_case", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("matter_id", sa.Text, nullable=False),
        sa.Column("stopped_at", Moment, nullable=False),
        sa.Column("stopped_by", sa.Text, nullable=False),
        sa.Column("ended_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_guardrails_stop"),
    )
