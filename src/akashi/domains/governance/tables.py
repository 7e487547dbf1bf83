"""The tables: what happened to use cases, trials, figures, bundles, quizzes, the programme."""

from __future__ import annotations

import sqlalchemy as sa

from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()

event_table = sa.Table(
    "governance_event",
    metadata,
    sa.Column("use_case", sa.String(128), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("deed", sa.String(32), nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("subject_digest", sa.String(64), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
)

sample_table = sa.Table(
    "governance_sample",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("use_case", sa.String(128), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("seconds_saved", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("output", sa.String(64), nullable=False, server_default=""),
    sa.Index("ix_governance_sample_use_case", "use_case", "day"),
)
"""``output``: the keyed digest of what was judged, so that it counts once; empty where seen elsewhere."""

kpi_table = sa.Table(
    "governance_kpi",
    metadata,
    sa.Column("use_case", sa.String(128), primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("plan", sa.Float, nullable=False),
    sa.Column("actual", sa.Float, nullable=True),
    sa.Column("unit", sa.String(16), nullable=False),
)

bundle_table = sa.Table(
    "governance_bundle",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("use_case", sa.String(128), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.String(128), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("imported_at", Moment, nullable=False),
    sa.Column("imported_by", sa.String(128), nullable=False),
    sa.Column("run", sa.String(64), nullable=False),
    sa.Column("adopted", sa.String(128), nullable=False),
)

training_table = sa.Table(
    "governance_training",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("person", sa.String(128), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("quiz", sa.JSON, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("passed", sa.Boolean, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("ended_at", Moment, nullable=True),
    sa.Index("ix_governance_training_person", "person", "role"),
)

programme_table = sa.Table(
    "governance_programme",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("values", sa.JSON, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("removed_at", Moment, nullable=True),
    sa.Index("ix_governance_programme_kind", "kind", "at"),
)
"""Themes, parties, milestones and figures of the demonstration programme; nothing is deleted."""
