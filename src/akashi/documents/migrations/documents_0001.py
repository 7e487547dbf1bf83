"""Documents, their versions, sources and passages, and the generation that indexes follow."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "documents_0001"
down_revision = None
branch_labels = ("documents",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "documents_document",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("owner_office", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents_document"),
        sa.UniqueConstraint("key", name="uq_documents_document_key"),
    )
    op.create_table(
        "documents_version",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("source_digest", sa.Text, nullable=False),
        sa.Column("text_digest", sa.Text, nullable=False),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("effective_from", sa.Date, nullable=False),
        sa.Column("effective_to", sa.Date),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("matter_id", sa.Text, nullable=False, server_default=""),
        sa.Column("approved_at", Moment),
        sa.Column("withdrawn_at", Moment),
        sa.Column("withdrawn_reason", sa.Text, nullable=False, server_default=""),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents_version"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents_document.id"], name="fk_documents_version_document_id"
        ),
        sa.UniqueConstraint("document_id", "number", name="uq_documents_version_document_id_number"),
        sa.UniqueConstraint(
            "document_id", "source_digest", name="uq_documents_version_document_id_source_digest"
        ),
    )
    op.create_table(
        "documents_source",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("version_id", name="pk_documents_source"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["documents_version.id"], name="fk_documents_source_version_id"
        ),
    )
    op.create_table(
        "documents_passage",
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("heading", sa.JSON, nullable=False),
        sa.Column("question_start", sa.Integer),
        sa.Column("question_end", sa.Integer),
        sa.Column("body_start", sa.Integer, nullable=False),
        sa.Column("body_end", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name="pk_documents_passage"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["documents_version.id"], name="fk_documents_passage_version_id"
        ),
    )
    op.create_table(
        "documents_generation",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents_generation"),
    )
    op.execute("INSERT INTO documents_generation (id, generation) VALUES (1, 0)")
