"""The officer's desk: uploads, proposals, assessments, edits, papers, notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "loans_0002"
down_revision = "loans_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_uploads()
    _create_desk()


def _create_uploads() -> None:
    op.create_table(
        "loans_upload",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("is_scanned", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("removed_at", Moment),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("sealed_file", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_loans_upload"),
    )
    op.create_index("ix_loans_upload_application_id", "loans_upload", ["application_id"])
    op.create_table(
        "loans_page",
        sa.Column("upload_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("upload_id", "number", name="pk_loans_page"),
    )
    op.create_table(
        "loans_proposal",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("upload_id", sa.Text, nullable=False),
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", Moment),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_loans_proposal"),
    )
    op.create_index("ix_loans_proposal_upload_id", "loans_proposal", ["upload_id"])
    op.create_index("ix_loans_proposal_application_id", "loans_proposal", ["application_id"])


def _create_desk() -> None:
    op.create_table(
        "loans_assessment",
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "number", name="pk_loans_assessment"),
    )
    op.create_table(
        "loans_edit",
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "number", name="pk_loans_edit"),
    )
    op.create_table(
        "loans_paper",
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("matter_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "revision", name="pk_loans_paper"),
    )
    op.create_table(
        "loans_note",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_loans_note"),
    )
    op.create_index("ix_loans_note_application_id", "loans_note", ["application_id"])
