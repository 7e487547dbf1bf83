"""The deliberate stop of the loan conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "loans_0003"
down_revision = "loans_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of stops."""
    op.create_table(
        "loans_stop",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("stopped_at", Moment, nullable=False),
        sa.Column("stopped_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("matter_id", sa.Text, nullable=False),
        sa.Column("resumed_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_loans_stop"),
    )
