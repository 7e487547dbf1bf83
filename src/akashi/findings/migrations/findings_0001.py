"""Findings, their events, the phases that follow from them, and evidence that was handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "findings_0001"
down_revision = None
branch_labels = ("findings",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_findings()
    _create_events()
    _create_phases()
    _create_evidence()


def _create_findings() -> None:
    op.create_table(
        "findings_finding",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("room", sa.String(64), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("subject_kind", sa.String(64), nullable=False),
        sa.Column("subject_id", sa.String(128), nullable=False),
        sa.Column("requirement_id", sa.String(128), nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_findings_finding"),
        sa.UniqueConstraint("key", name="uq_findings_finding_key"),
    )
    op.create_index("ix_findings_finding_subject", "findings_finding", ["subject_kind", "subject_id"])


def _create_events() -> None:
    op.create_table(
        "findings_event",
        sa.Column(
            "sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True
        ),
        sa.Column("finding_id", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("treatment_id", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("once", sa.String(160), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name="pk_findings_event"),
        sa.UniqueConstraint("once", name="uq_findings_event_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_findings_event_finding_id", "findings_event", ["finding_id", "at", "sequence"])


def _create_phases() -> None:
    op.create_table(
        "findings_phase",
        sa.Column("finding_id", sa.String(64), nullable=False),
        sa.Column("from_at", Moment, nullable=False),
        sa.Column("until_at", Moment, nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("severity_rank", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("due_on", sa.Date, nullable=True),
        sa.Column("due_at", Moment, nullable=True),
        sa.Column("ends_on", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("finding_id", "from_at", name="pk_findings_phase"),
    )
    op.create_index("ix_findings_phase_state", "findings_phase", ["state", "severity_rank"])


def _create_evidence() -> None:
    op.create_table(
        "findings_evidence",
        sa.Column("finding_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("finding_id", "digest", name="pk_findings_evidence"),
    )
