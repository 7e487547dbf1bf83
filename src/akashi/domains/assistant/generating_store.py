"""The records of the generative mode: which mode is decided, what became of each generation, the canaries.

No table holds words of a customer, of the model or of a document: digests, counts and reasons only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.domains.assistant.store import metadata
from akashi.platform.database import Moment
from akashi.platform.ids import new_id

USE_CASE = "assistant"

mode_table = sa.Table(
    "assistant_mode",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("use_case", sa.Text, nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("matter_id", sa.Text, nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("begun_at", Moment),
    sa.Column("suspended_at", Moment),
    sa.Column("ended_at", Moment),
)
"""The generative mode of a use case: proposed, begun by a decision, suspended by a failed canary, ended."""

generation_table = sa.Table(
    "assistant_generation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("conversation_id", sa.Text, nullable=False, index=True),
    sa.Column("question", sa.Integer, nullable=False),
    sa.Column("answer", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("started_at", Moment, nullable=False, index=True),
    sa.Column("ended_at", Moment),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("said_model", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("fault", sa.Text, nullable=False),
    sa.Column("shown", sa.Integer, nullable=False),
    sa.Column("removed", sa.JSON, nullable=False),
)
"""``removed``: for each sentence that was not shown [reason, keyed digest]."""

canary_table = sa.Table(
    "assistant_canary",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("said_model", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("fault", sa.Text, nullable=False),
    sa.Column("results", sa.JSON, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("finding_id", sa.Text, nullable=False),
)
"""One run of the canary questions; ``results``: name to [passed, signature of the behaviour]."""


class State(StrEnum):
    """What became of a generation."""

    OPEN = "open"
    SHOWN = "shown"
    PARTLY = "partly"
    REPLACED = "replaced"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Mode:
    """One decided or proposed generative mode."""

    id: str
    use_case: str
    address: str
    model: str
    prompt: str
    matter_id: str
    proposed_at: datetime
    begun_at: datetime | None
    suspended_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation, begun with a question of a conversation."""

    id: str
    conversation_id: str
    question: int
    answer: int
    state: State
    started_at: datetime
    ended_at: datetime | None
    model: str
    said_model: str
    fingerprint: str
    fault: str
    shown: int
    removed: Sequence[Sequence[str]]


def find_mode(connection: Connection, use_case: str) -> Mode | None:
    """Return the generative mode that a decision has begun and nothing has ended, or None."""
    table = mode_table.c
    query = sa.select(mode_table).where(
        table.use_case == use_case, table.begun_at.is_not(None), table.ended_at.is_(None)
    )
    row = connection.execute(query.order_by(table.begun_at.desc())).mappings().first()
    return Mode(**row) if row else None


def find_proposal(connection: Connection, use_case: str) -> Mode | None:
    """Return the latest generative mode that nobody has decided yet, or None."""
    table = mode_table.c
    query = sa.select(mode_table).where(
        table.use_case == use_case, table.begun_at.is_(None), table.ended_at.is_(None)
    )
    row = connection.execute(query.order_by(table.proposed_at.desc())).mappings().first()
    return Mode(**row) if row else None


def read_mode(connection: Connection, mode_id: str) -> Mode | None:
    """Return one mode, or None."""
    row = connection.execute(sa.select(mode_table).where(mode_table.c.id == mode_id)).mappings().first()
    return Mode(**row) if row else None


def add_mode(connection: Connection, mode: Mode) -> None:
    """Keep a proposed mode."""
    connection.execute(
        sa.insert(mode_table).values({item.name: getattr(mode, item.name) for item in fields(Mode)})
    )


def change_modes(connection: Connection, where: Sequence[Any], values: Mapping[str, Any]) -> int:
    """Change the modes that fit and return how many did."""
    return int(connection.execute(sa.update(mode_table).where(*where).values(**values)).rowcount)


def begin_generation(
    connection: Connection, conversation_id: str, question: int, model: str, now: datetime
) -> str:
    """Keep that a generation has begun and return its id."""
    generation_id = new_id("gen")
    connection.execute(
        sa.insert(generation_table).values(
            id=generation_id,
            conversation_id=conversation_id,
            question=question,
            answer=0,
            state=State.OPEN.value,
            started_at=now,
            model=model,
            said_model="",
            fingerprint="",
            fault="",
            shown=0,
            removed=[],
        )
    )
    return generation_id


def end_generation(connection: Connection, generation_id: str, values: Mapping[str, Any]) -> bool:
    """Close an open generation; False when somebody else has closed it already."""
    table = generation_table.c
    changed = connection.execute(
        sa.update(generation_table)
        .where(table.id == generation_id, table.state == State.OPEN.value)
        .values(**values)
    )
    return bool(changed.rowcount == 1)


def list_open(connection: Connection, before: datetime) -> list[Generation]:
    """Return the open generations begun before a moment: their process has died."""
    table = generation_table.c
    query = sa.select(generation_table).where(table.state == State.OPEN.value, table.started_at < before)
    return [to_generation(row) for row in connection.execute(query.order_by(table.id)).mappings()]


def is_generating(connection: Connection, conversation_id: str) -> bool:
    """Return whether a generation of this conversation is open."""
    table = generation_table.c
    query = sa.select(table.id).where(
        table.conversation_id == conversation_id, table.state == State.OPEN.value
    )
    return connection.execute(query.limit(1)).first() is not None


def count_states(connection: Connection, since: datetime) -> dict[str, int]:
    """Return how many generations begun since a moment ended in each state."""
    table = generation_table.c
    query = sa.select(table.state, sa.func.count()).where(table.started_at >= since).group_by(table.state)
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def list_generations(connection: Connection, since: datetime) -> list[Generation]:
    """Return the generations begun since a moment, oldest first."""
    table = generation_table.c
    query = sa.select(generation_table).where(table.started_at >= since).order_by(table.started_at, table.id)
    return [to_generation(row) for row in connection.execute(query).mappings()]


def to_generation(row: Mapping[Any, Any]) -> Generation:
    """Return a generation from its row."""
    return Generation(**{**row, "state": State(row["state"])})
