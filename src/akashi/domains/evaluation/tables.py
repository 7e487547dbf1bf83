"""The tables: runs, cases, what came back (chained), verdicts, scorings, watches, and what judges said."""

from __future__ import annotations

import sqlalchemy as sa

from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()

run_table = sa.Table(
    "evaluation_run",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
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
    sa.Index("ix_evaluation_run_created_at", "created_at"),
    sa.Index("ix_evaluation_run_subject", "subject", "created_at"),
)

case_table = sa.Table(
    "evaluation_case",
    metadata,
    sa.Column("run", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("suite", sa.Text, nullable=False),
    sa.Column("grouped", sa.Boolean, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("template", sa.Text, nullable=False),
    sa.Column("requirements", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("ix_evaluation_case_suite", "run", "suite", "place"),
)

result_table = sa.Table(
    "evaluation_result",
    metadata,
    sa.Column("run", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("tokens", sa.BigInteger, nullable=False),
    sa.Column("microyen", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Index("ix_evaluation_result_sequence", "run", "sequence", unique=True),
)
"""``digest`` covers the digest of the result before it (by ``sequence``), the case and the response."""

verdict_table = sa.Table(
    "evaluation_verdict",
    metadata,
    sa.Column("run", sa.String(64), primary_key=True),
    sa.Column("scoring", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index("ix_evaluation_verdict_verdict", "run", "scoring", "verdict", "place"),
)
"""One row for a unit, at the place of its first case."""

scoring_table = sa.Table(
    "evaluation_scoring",
    metadata,
    sa.Column("run", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("scorers", sa.JSON, nullable=False),
    sa.Column("measurements", sa.JSON, nullable=False),
    sa.Column("changed", sa.JSON, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
"""A scoring of all results. ``changed`` lists the units that the scoring before judged otherwise."""

watch_table = sa.Table(
    "evaluation_watch",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("base_run", sa.String(64), nullable=False),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Column("hours", sa.Integer, nullable=False),
    sa.Column("next_at", Moment, nullable=True),
    sa.Column("last_run", sa.String(64), nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("ix_evaluation_watch_next_at", "next_at"),
)
"""``next_at`` is empty when the watch was ended."""

judge_table = sa.Table(
    "evaluation_judge",
    metadata,
    sa.Column("run", sa.String(64), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("votes", sa.Integer, nullable=False),
    sa.Column("controls", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
"""A model that was asked about a run; ``digest`` is of address, model, prompt and number of votes."""

vote_table = sa.Table(
    "evaluation_vote",
    metadata,
    sa.Column("run", sa.String(64), primary_key=True),
    sa.Column("judge", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("tokens", sa.BigInteger, nullable=False),
    sa.Column("microyen", sa.BigInteger, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
"""One vote of a model on one unit; places below 0 are controls, whose verdict is known."""

opinion_table = sa.Table(
    "evaluation_opinion",
    metadata,
    sa.Column("run", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person", sa.String(128), nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
"""What a person judged of one unit; ``digest`` is of the reply that was judged."""
