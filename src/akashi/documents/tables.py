"""The tables of documents."""

from __future__ import annotations

import sqlalchemy as sa

from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()

document_table = sa.Table(
    "documents_document",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    sa.Column("audience", sa.Text, nullable=False),
    sa.Column("owner_office", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

version_table = sa.Table(
    "documents_version",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("document_id", sa.Text, sa.ForeignKey(document_table.c.id), nullable=False),
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
    sa.UniqueConstraint("document_id", "number"),
    sa.UniqueConstraint("document_id", "source_digest"),
)

source_table = sa.Table(
    "documents_source",
    metadata,
    sa.Column("version_id", sa.Text, sa.ForeignKey(version_table.c.id), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

passage_table = sa.Table(
    "documents_passage",
    metadata,
    sa.Column("version_id", sa.Text, sa.ForeignKey(version_table.c.id), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("heading", sa.JSON, nullable=False),
    sa.Column("question_start", sa.Integer),
    sa.Column("question_end", sa.Integer),
    sa.Column("body_start", sa.Integer, nullable=False),
    sa.Column("body_end", sa.Integer, nullable=False),
    sa.Column("page", sa.Integer),
)

generation_table = sa.Table(
    "documents_generation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
)
