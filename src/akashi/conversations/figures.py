"""Counts over a stretch of time: cases, what became of them, thumbs. No text, no person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.model import StepKind
from akashi.conversations.store import feedback_table, handover_table, step_table


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Cases asked for in a stretch of time, and the steps taken in it; waits in seconds, sorted."""

    requested: int
    reasons: Mapping[str, int]
    steps: Mapping[str, int]
    outcomes: Mapping[str, int]
    waits: tuple[int, ...]


def count_cases(connection: Connection, since: datetime, until: datetime) -> CaseFigures:
    """Return what happened in the queue in ``[since, until)``."""
    table = handover_table.c
    asked = sa.select(table.reason).where(table.requested_at >= since, table.requested_at < until)
    reasons = Counter(connection.execute(asked).scalars())
    taken = sa.select(step_table.c.kind).where(step_table.c.at >= since, step_table.c.at < until)
    ended = sa.select(table.outcome).where(table.closed_at >= since, table.closed_at < until)
    first = (
        sa.select(table.requested_at, step_table.c.at)
        .join(step_table, step_table.c.handover_id == table.id)
        .where(step_table.c.kind == StepKind.CLAIMED.value, step_table.c.number == 1)
        .where(table.requested_at >= since, table.requested_at < until)
    )
    waits = sorted(round((row.at - row.requested_at).total_seconds()) for row in connection.execute(first))
    return CaseFigures(
        requested=reasons.total(),
        reasons=reasons,
        steps=Counter(connection.execute(taken).scalars()),
        outcomes=Counter(outcome or "" for outcome in connection.execute(ended).scalars()),
        waits=tuple(waits),
    )


def count_thumbs(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    """Return how many thumbs up and down customers gave in ``[since, until)``."""
    table = feedback_table.c
    query = sa.select(table.thumb, sa.func.count()).where(table.at >= since, table.at < until)
    return {row[0]: int(row[1]) for row in connection.execute(query.group_by(table.thumb))}
