"""The tables of loan applications. What an applicant said lies only in sealed columns."""

from __future__ import annotations

import sqlalchemy as sa

from akashi.approvals.stopped import stop_columns
from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()

product_table = sa.Table(
    "loans_product",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
)
"""Each product file as it stood when somebody applied, so that an application keeps its own questions."""

application_table = sa.Table(
    "loans_application",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("product_digest", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Text, nullable=False, unique=True),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("consented_at", Moment),
    sa.Column("submitted_at", Moment),
    sa.Column("sealed_talk", sa.LargeBinary, nullable=False),
    sa.Index("ix_loans_application_state_changed_at", "state", "changed_at"),
)
"""``sealed_talk`` is where the conversation stands: what is asked, what waits for a yes."""

event_table = sa.Table(
    "loans_event",
    metadata,
    sa.Column("application_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""Every change: ``kind`` value, dropped or state, ``detail`` the item or the state; values are sealed."""

access_table = sa.Table(
    "loans_access",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("application_id", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("code_hash", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False, index=True),
)
"""Who may open an application: ``session`` of a browser, or ``link`` with a separate code and few tries."""

counter_table = sa.Table(
    "loans_counter",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
)

stop_table = sa.Table("loans_stop", metadata, *stop_columns())
"""The deliberate stops of the conversation; at most one is not resumed."""
