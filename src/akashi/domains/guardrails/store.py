"""The tables of the guards: what was found each day, what people look at, the log of the proxy, its users.

No table holds a text in the clear. The log of the proxy keeps masked words, sealed, for as long as its
policy says; of conversations only the place is kept where their sealed words lie.
"""

from __future__ import annotations

import sqlalchemy as sa

from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()

event_table = sa.Table(
    "guardrails_event",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("use_case", sa.Text, nullable=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("noted", sa.JSON, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
)
"""One text that passed a guard. ``noted``: [what, treatment, count]; ``outcome``: an ``events.Fate``."""

review_table = sa.Table(
    "guardrails_review",
    metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("queued_at", Moment, nullable=False, index=True),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("note", sa.LargeBinary),
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("reviewed_at", Moment, index=True),
    sa.Column("finding_id", sa.Text, nullable=False),
)
"""What a person looks at; ``verdict`` is empty until then. ``note`` is sealed."""

exchange_table = sa.Table(
    "guardrails_exchange",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("use_case", sa.Text, nullable=False),
    sa.Column("caller", sa.Text, nullable=False, index=True),
    sa.Column("use_id", sa.Text, nullable=False, index=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("tokens", sa.BigInteger, nullable=False),
    sa.Column("took_ms", sa.Integer, nullable=False),
    sa.Column("delete_on", sa.Date, nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary),
)
"""The log of the proxy: who asked which model, what came of it, and the masked words, sealed."""

quota_table = sa.Table(
    "guardrails_quota",
    metadata,
    sa.Column("caller", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("tokens", sa.BigInteger, nullable=False),
)
"""What a caller has used on a Tokyo day, reservations included."""

use_table = sa.Table(
    "guardrails_use",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, nullable=False, index=True),
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
)
"""Applications 利用申請 of staff. ``rules``: the digest of the rules that were acknowledged."""

key_table = sa.Table(
    "guardrails_key",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("use_id", sa.Text, nullable=False, index=True),
    sa.Column("key_hash", sa.Text, nullable=False, unique=True),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
)
"""Keys with which an approved user reaches the proxy; the key itself is stored nowhere."""

policy_table = sa.Table(
    "guardrails_policy",
    metadata,
    sa.Column("use_case", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
)
"""Which policy is in force, so that a change is noticed and recorded."""

stop_table = sa.Table(
    "guardrails_stop",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("use_case", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("matter_id", sa.Text, nullable=False),
    sa.Column("stopped_at", Moment, nullable=False),
    sa.Column("stopped_by", sa.Text, nullable=False),
    sa.Column("ended_at", Moment),
)
"""Deliberate stops 能動的な停止 of the proxy and the tools of a use case; an empty one stops all."""
