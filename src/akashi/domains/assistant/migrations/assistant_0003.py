"""The generative mode: decided modes, generations, runs of the canary questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "assistant_0003"
down_revision = "assistant_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_mode()
    _create_generation()
    _create_canary()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _create_mode() -> None:
    name = "assistant_mode"
    op.create_table(
        name,
        *_text("id", "use_case", "address", "model", "prompt", "matter_id"),
        sa.Column("proposed_at", Moment, nullable=False),
        *(sa.Column(moment, Moment) for moment in ("begun_at", "suspended_at", "ended_at")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_use_case", name, ["use_case"])


def _create_generation() -> None:
    name = "assistant_generation"
    op.create_table(
        name,
        *_text("id", "conversation_id", "state", "model", "said_model", "fingerprint", "fault"),
        *(sa.Column(count, sa.Integer, nullable=False) for count in ("question", "answer", "shown")),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("removed", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    for column in ("conversation_id", "state", "started_at"):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _create_canary() -> None:
    name = "assistant_canary"
    op.create_table(
        name,
        *_text("id", "address", "model", "said_model", "fingerprint", "fault", "change", "finding_id"),
        sa.Column("at", Moment, nullable=False),
        sa.Column("results", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_at", name, ["at"])
