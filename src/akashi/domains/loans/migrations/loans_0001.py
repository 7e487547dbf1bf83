"""Products as they stood, applications, their changes, and who may open them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "loans_0001"
down_revision = None
branch_labels = ("loans",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "loans_product",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_loans_product"),
    )
    _create_applications()
    op.create_table(
        "loans_event",
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "number", name="pk_loans_event"),
    )
    op.create_table(
        "loans_access",
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_loans_access"),
    )
    op.create_index("ix_loans_access_application_id", "loans_access", ["application_id"])
    op.create_index("ix_loans_access_expires_at", "loans_access", ["expires_at"])
    op.create_table(
        "loans_counter",
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_loans_counter"),
    )


def _create_applications() -> None:
    op.create_table(
        "loans_application",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("product_digest", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("consented_at", Moment),
        sa.Column("submitted_at", Moment),
        sa.Column("sealed_talk", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_loans_application"),
        sa.UniqueConstraint("number", name="uq_loans_application_number"),
        sa.UniqueConstraint("conversation_id", name="uq_loans_application_conversation_id"),
    )
    columns = ["state", "changed_at"]
    op.create_index("ix_loans_application_state_changed_at", "loans_application", columns)
