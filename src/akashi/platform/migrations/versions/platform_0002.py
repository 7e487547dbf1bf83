"""Calls of the LLM endpoint and what each month has cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "platform_0002"
down_revision = "platform_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    texts = ("id", "use_case", "purpose", "subject", "model", "said_model", "fingerprint", "fault")
    op.create_table(
        "platform_call",
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("tokens_in", "tokens_out", "microyen")),
        sa.Column("is_reported", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_platform_call"),
    )
    op.create_index("ix_platform_call_day", "platform_call", ["day"])
    op.create_index("ix_platform_call_subject", "platform_call", ["subject"])
    op.create_table(
        "platform_spending",
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.Column("microyen", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("month", name="pk_platform_spending"),
    )
