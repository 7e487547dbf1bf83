"""The institution's own rules by edition, and attestations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "catalogue_0001"
down_revision = None
branch_labels = ("catalogue",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_rules()
    _create_clauses()
    _create_attestations()


def _create_rules() -> None:
    op.create_table(
        "catalogue_rule",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("imported_at", Moment, nullable=False),
        sa.Column("imported_by", sa.String(128), nullable=False),
        sa.Column("replaced_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_rule"),
    )
    op.create_index("ix_catalogue_rule_code", "catalogue_rule", ["code", "imported_at"])


def _create_clauses() -> None:
    op.create_table(
        "catalogue_clause",
        sa.Column("rule_id", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("entry_id", sa.String(128), nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("page", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("rule_id", "place", name="pk_catalogue_clause"),
    )


def _create_attestations() -> None:
    op.create_table(
        "catalogue_attestation",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("requirement_id", sa.String(128), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("holds_until", sa.Date, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("withdrawn_at", Moment, nullable=True),
        sa.Column("withdrawn_by", sa.String(128), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_attestation"),
    )
    op.create_index(
        "ix_catalogue_attestation_requirement_id", "catalogue_attestation", ["requirement_id", "at"]
    )
