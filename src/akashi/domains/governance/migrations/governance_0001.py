"""What happened to use cases, outputs judged in trials, figures by month, bundles of others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "governance_0001"
down_revision = None
branch_labels = ("governance",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "governance_event",
        sa.Column("use_case", sa.String(128), nullable=False),
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("deed", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("subject_digest", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("use_case", "sequence", name="pk_governance_event"),
    )
    op.create_table(
        "governance_sample",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("use_case", sa.String(128), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("seconds_saved", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_governance_sample"),
    )
    op.create_index("ix_governance_sample_use_case", "governance_sample", ["use_case", "day"])
    op.create_table(
        "governance_kpi",
        sa.Column("use_case", sa.String(128), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("plan", sa.Float, nullable=False),
        sa.Column("actual", sa.Float, nullable=True),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("use_case", "name", "month", name="pk_governance_kpi"),
    )
    op.create_table(
        "governance_bundle",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("use_case", sa.String(128), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(128), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("imported_at", Moment, nullable=False),
        sa.Column("imported_by", sa.String(128), nullable=False),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("adopted", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_governance_bundle"),
    )
