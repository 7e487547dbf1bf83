"""The staff list: metadata only, page by page."""

from __future__ import annotations

from dataclasses import dataclass, fields

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.model import Conversation, Listed, Urgency
from akashi.conversations.retention import keep_until, list_periods, period_of
from akashi.conversations.store import conversation_table, handover_table, hold_table

STATES = ("waiting", "held", "erased")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows: one state or all, one use case or all, the beginning of an id."""

    state: str = ""
    use_case: str = ""
    id_start: str = ""


def list_conversations(
    connection: Connection, wanted: Filter, *, offset: int = 0, limit: int = 50
) -> tuple[list[Listed], int]:
    """Return one page of conversations, the newest first, and how many there are in all."""
    tests = _tests(wanted)
    table = conversation_table.c
    total = connection.execute(sa.select(sa.func.count()).select_from(conversation_table).where(*tests))
    columns = [table[item.name] for item in fields(Conversation)]
    query = sa.select(*columns).where(*tests).order_by(table.started_at.desc(), table.id)
    rows = connection.execute(query.offset(offset).limit(limit)).mappings()
    found = [Conversation(**row) for row in rows]
    return _tell(connection, found), int(total.scalar_one())


def list_use_cases(connection: Connection) -> list[str]:
    """Return every use case that has conversations."""
    return sorted(connection.execute(sa.select(conversation_table.c.use_case).distinct()).scalars())


def count_waiting(connection: Connection) -> tuple[int, bool]:
    """Return how many conversations wait for a person, and whether one must be answered at once."""
    is_open = handover_table.c.closed_at.is_(None)
    urgencies = connection.execute(sa.select(handover_table.c.urgency).where(is_open)).scalars().all()
    return len(urgencies), Urgency.AT_ONCE.value in urgencies


def _tests(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    table = conversation_table.c
    states: dict[str, sa.ColumnElement[bool]] = {
        "waiting": table.id.in_(_waiting()) & table.erased_at.is_(None),
        "held": table.id.in_(_held()),
        "erased": table.erased_at.is_not(None),
    }
    tests = [states[wanted.state]] if wanted.state in states else []
    if wanted.use_case:
        tests.append(table.use_case == wanted.use_case)
    if wanted.id_start:
        tests.append(table.id.startswith(wanted.id_start, autoescape=True))
    return tests


def _waiting() -> sa.Select[tuple[str]]:
    return sa.select(handover_table.c.conversation_id).where(handover_table.c.closed_at.is_(None))


def _held() -> sa.Select[tuple[str]]:
    return sa.select(hold_table.c.conversation_id).where(hold_table.c.released_at.is_(None))


def _tell(connection: Connection, found: list[Conversation]) -> list[Listed]:
    ids = [conversation.id for conversation in found]
    periods = list_periods(connection)
    urgent = sa.select(handover_table.c.conversation_id, handover_table.c.urgency).where(
        handover_table.c.closed_at.is_(None), handover_table.c.conversation_id.in_(ids)
    )
    waiting = {row[0]: Urgency(row[1]) for row in connection.execute(urgent)}
    holds = _held().where(hold_table.c.conversation_id.in_(ids))
    held = {row.conversation_id for row in connection.execute(holds)}
    return [
        Listed(
            conversation=item,
            keep_until=keep_until(item.last_at, period_of(periods, item.use_case).months),
            is_waiting=item.id in waiting and item.erased_at is None,
            urgency=waiting.get(item.id),
            is_held=item.id in held,
        )
        for item in found
    ]
