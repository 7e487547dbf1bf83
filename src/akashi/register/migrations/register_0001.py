"""Records, their versions, their references, and uploaded files waiting for confirmation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "register_0001"
down_revision = None
branch_labels = ("register",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_records()
    _create_changes()
    _create_links()
    _create_uploads()


def _create_records() -> None:
    op.create_table(
        "register_record",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("code", sa.String(128), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("updated_by", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", name="pk_register_record"),
    )


def _create_changes() -> None:
    op.create_table(
        "register_change",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("code", sa.String(128), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("deed", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", "version", name="pk_register_change"),
    )


def _create_links() -> None:
    op.create_table(
        "register_link",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("code", sa.String(128), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("to_kind", sa.String(32), nullable=False),
        sa.Column("to_code", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", "field", name="pk_register_link"),
    )
    op.create_index("ix_register_link_to", "register_link", ["to_kind", "to_code"])


def _create_uploads() -> None:
    op.create_table(
        "register_upload",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register_upload"),
    )
