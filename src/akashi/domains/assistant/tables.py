"""The tables of the people behind the assistant: what was sent, who asked to be called, what was judged.

No table holds a customer's or an operator's words: those are sealed with their conversation.
"""

from __future__ import annotations

import sqlalchemy as sa

from akashi.domains.assistant.store import metadata
from akashi.platform.database import Moment

__all__ = ["callback_table", "metadata", "sent_table", "setting_table", "verdict_table"]

sent_table = sa.Table(
    "assistant_sent",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation_id", sa.Text, nullable=False, index=True),
    sa.Column("handover_id", sa.Text, nullable=False),
    sa.Column("message", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("operator_id", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("passages", sa.JSON, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("distance", sa.Integer, nullable=False),
    sa.Column("draft_characters", sa.Integer, nullable=False),
    sa.Column("sent_characters", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False),
)
"""``origin``: draft, pair or none; ``verdict``: unchanged, edited or anew; ``seconds`` until sent."""

callback_table = sa.Table(
    "assistant_callback",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation_id", sa.Text, nullable=False, index=True),
    sa.Column("handover_id", sa.Text, nullable=False, index=True),
    sa.Column("note_id", sa.Text, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("consent_at", Moment, nullable=False),
    sa.Column("consent_digest", sa.Text, nullable=False),
)

verdict_table = sa.Table(
    "assistant_verdict",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("message", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("judged_by", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("note_id", sa.Text, nullable=False),
)
"""What a business owner says of one answer (実務適合性): correct, incomplete or incorrect."""

setting_table = sa.Table(
    "assistant_setting",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
)
