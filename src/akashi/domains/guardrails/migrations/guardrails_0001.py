"""Events of the guards, reviews, the log of the proxy, its users and their keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "guardrails_0001"
down_revision = None
branch_labels = ("guardrails",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_events()
    _create_exchanges()
    _create_uses()
    op.create_table(
        "guardrails_policy",
        sa.Column("use_case", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("use_case", name="pk_guardrails_policy"),
    )


def _create_events() -> None:
    op.create_table(
        "guardrails_event",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("use_case", sa.Text, nullable=False),
        sa.Column("door", sa.Text, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("noted", sa.JSON, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guardrails_event"),
    )
    op.create_index("ix_guardrails_event_day", "guardrails_event", ["day"])
    op.create_table(
        "guardrails_review",
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("queued_at", Moment, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("note", sa.LargeBinary),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("reviewed_at", Moment),
        sa.Column("finding_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_guardrails_review"),
    )
    op.create_index("ix_guardrails_review_queued_at", "guardrails_review", ["queued_at"])
    op.create_index("ix_guardrails_review_reviewed_at", "guardrails_review", ["reviewed_at"])


def _create_exchanges() -> None:
    op.create_table(
        "guardrails_exchange",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("use_case", sa.Text, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("use_id", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.Column("took_ms", sa.Integer, nullable=False),
        sa.Column("delete_on", sa.Date, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_guardrails_exchange"),
    )
    for name in ("day", "caller", "use_id", "delete_on"):
        op.create_index(f"ix_guardrails_exchange_{name}", "guardrails_exchange", [name])
    op.create_table(
        "guardrails_quota",
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("caller", "day", name="pk_guardrails_quota"),
    )


def _create_uses() -> None:
    op.create_table(
        "guardrails_use",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("tasks", sa.JSON, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("acknowledged_at", Moment, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("matter_id", sa.Text, nullable=False),
        sa.Column("approved_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guardrails_use"),
    )
    op.create_index("ix_guardrails_use_person_id", "guardrails_use", ["person_id"])
    op.create_table(
        "guardrails_key",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("use_id", sa.Text, nullable=False),
        sa.Column("key_hash", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_guardrails_key"),
        sa.UniqueConstraint("key_hash", name="uq_guardrails_key_key_hash"),
    )
    op.create_index("ix_guardrails_key_use_id", "guardrails_key", ["use_id"])
