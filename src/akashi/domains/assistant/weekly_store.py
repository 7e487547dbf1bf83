"""Queries of the weekly page: outcomes by day, unanswered questions, samples, judgements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.moments import tokyo_day
from akashi.core.thread import Outcome
from akashi.domains.assistant.store import reply_table
from akashi.domains.assistant.tables import callback_table, verdict_table
from akashi.ledger.model import Record
from akashi.ledger.store import append


class Fitness(StrEnum):
    """What a business owner says of an answer: whether it fits the business (実務適合性)."""

    CORRECT = "correct"
    INCOMPLETE = "incomplete"
    INCORRECT = "incorrect"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: its conversation and the sequence of its message."""

    conversation_id: str
    message: int


def count_by_day(connection: Connection, since: datetime, until: datetime) -> Counter[tuple[date, str]]:
    """Return how many questions ended in each outcome on each Tokyo day."""
    query = sa.select(reply_table.c.at, reply_table.c.outcome).where(
        reply_table.c.at >= since, reply_table.c.at < until
    )
    return Counter((tokyo_day(row.at), row.outcome) for row in connection.execute(query))


def list_places(
    connection: Connection, since: datetime, until: datetime, outcome: Outcome, most: int
) -> list[Place]:
    """Return where the answers with this outcome stand, oldest first."""
    table = reply_table.c
    query = (
        sa.select(table.conversation_id, table.message)
        .where(table.at >= since, table.at < until, table.outcome == outcome.value)
        .order_by(table.at, table.id)
        .limit(most)
    )
    return [Place(row.conversation_id, row.message) for row in connection.execute(query)]


def list_judged(connection: Connection, places: list[Place]) -> set[Place]:
    """Return which of these answers have been judged."""
    table = verdict_table.c
    ids = {place.conversation_id for place in places}
    query = sa.select(table.conversation_id, table.message).where(table.conversation_id.in_(ids))
    return {Place(row.conversation_id, row.message) for row in connection.execute(query)} & set(places)


def count_verdicts(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    """Return how many answers were judged how in ``[since, until)``."""
    table = verdict_table.c
    query = sa.select(table.verdict, sa.func.count()).where(table.at >= since, table.at < until)
    return {row[0]: int(row[1]) for row in connection.execute(query.group_by(table.verdict))}


def count_callbacks(connection: Connection, since: datetime, until: datetime) -> int:
    """Return how many customers asked to be called back."""
    table = callback_table.c
    query = sa.select(sa.func.count()).where(table.consent_at >= since, table.consent_at < until)
    return int(connection.execute(query).scalar_one())


def put_verdict(
    connection: Connection, place: Place, fitness: Fitness, note_id: str, judged_by: str, now: datetime
) -> None:
    """Keep a judgement, replacing an earlier one, with its ledger entry."""
    table = verdict_table.c
    same = (table.conversation_id == place.conversation_id) & (table.message == place.message)
    connection.execute(sa.delete(verdict_table).where(same))
    connection.execute(
        sa.insert(verdict_table).values(
            conversation_id=place.conversation_id,
            message=place.message,
            at=now,
            judged_by=judged_by,
            verdict=fitness.value,
            note_id=note_id,
        )
    )
    payload = {"message": place.message, "verdict": fitness.value, "note": note_id}
    append(connection, Record("assistant.answer_judged", place.conversation_id, judged_by, now, payload))


def is_answer(connection: Connection, place: Place) -> bool:
    """Return whether an automatic answer stands there."""
    table = reply_table.c
    query = sa.select(table.id).where(
        table.conversation_id == place.conversation_id, table.message == place.message
    )
    return connection.execute(query).first() is not None
