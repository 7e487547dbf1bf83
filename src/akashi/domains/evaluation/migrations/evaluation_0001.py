"""Runs, cases, results, verdicts and scorings of the evaluation room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from akashi.platform.database import Moment

revision = "evaluation_0001"
down_revision = None
branch_labels = ("evaluation",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_run()
    _create_case()
    _create_result()
    _create_verdict()
    _create_scoring()


def _create_run() -> None:
    op.create_table(
        "evaluation_run",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("suites", sa.JSON, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("target_digest", sa.String(64), nullable=False),
        sa.Column("target_details", sa.JSON, nullable=False),
        sa.Column("controls", sa.JSON, nullable=False),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.Column("progress", sa.JSON, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation_run"),
    )
    op.create_index("ix_evaluation_run_created_at", "evaluation_run", ["created_at"])
    op.create_index("ix_evaluation_run_subject", "evaluation_run", ["subject", "created_at"])


def _create_case() -> None:
    op.create_table(
        "evaluation_case",
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("suite", sa.Text, nullable=False),
        sa.Column("grouped", sa.Boolean, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("requirements", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("run", "place", name="pk_evaluation_case"),
    )
    op.create_index("ix_evaluation_case_suite", "evaluation_case", ["run", "suite", "place"])


def _create_result() -> None:
    op.create_table(
        "evaluation_result",
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.Column("microyen", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("run", "place", name="pk_evaluation_result"),
    )
    op.create_index("ix_evaluation_result_sequence", "evaluation_result", ["run", "sequence"], unique=True)


def _create_verdict() -> None:
    op.create_table(
        "evaluation_verdict",
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("scoring", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("run", "scoring", "place", name="pk_evaluation_verdict"),
    )
    op.create_index(
        "ix_evaluation_verdict_verdict", "evaluation_verdict", ["run", "scoring", "verdict", "place"]
    )


def _create_scoring() -> None:
    op.create_table(
        "evaluation_scoring",
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("scorers", sa.JSON, nullable=False),
        sa.Column("measurements", sa.JSON, nullable=False),
        sa.Column("changed", sa.JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("run", "number", name="pk_evaluation_scoring"),
    )
