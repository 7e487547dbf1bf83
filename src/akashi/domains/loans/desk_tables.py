"""The tables of the officer's desk: uploads, proposals, assessments, edits, papers, notes."""

from __future__ import annotations

import sqlalchemy as sa

from akashi.domains.loans.tables import metadata
from akashi.platform.database import Moment

upload_table = sa.Table(
    "loans_upload",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("application_id", sa.Text, nullable=False, index=True),
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
)
"""``is_scanned``: the configured virus scanner called it clean; false where none is configured."""

page_table = sa.Table(
    "loans_page",
    metadata,
    sa.Column("upload_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""The picture that our own child process made of a page."""

proposal_table = sa.Table(
    "loans_proposal",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("upload_id", sa.Text, nullable=False, index=True),
    sa.Column("application_id", sa.Text, nullable=False, index=True),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", Moment),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

assessment_table = sa.Table(
    "loans_assessment",
    metadata,
    sa.Column("application_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""What the officer entered or took from a paper, each with its ground; the newest of an item counts."""

edit_table = sa.Table(
    "loans_edit",
    metadata,
    sa.Column("application_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""What the officer changed in the draft; the newest of a sentence counts, the others stay as its history."""

paper_table = sa.Table(
    "loans_paper",
    metadata,
    sa.Column("application_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("matter_id", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""The draft exactly as it was handed in, once for each round of its route."""

note_table = sa.Table(
    "loans_note",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("application_id", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
