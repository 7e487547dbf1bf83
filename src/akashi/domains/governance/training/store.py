"""Tries as they are kept, and the findings that quizzes are made from."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from akashi.core.errors import NotFoundError
from akashi.domains.governance.tables import training_table
from akashi.domains.governance.training.model import Attempt, Lesson, read_quiz, write_quiz
from akashi.findings.model import Wanted
from akashi.findings.store import list_rows

MOST_LESSONS = 500


def list_lessons(connection: Connection, now: datetime) -> list[Lesson]:
    """Return the most severe findings as they stand at ``now``, one for each title and requirement."""
    found: dict[tuple[str, str], Lesson] = {}
    for row in list_rows(connection, Wanted(), now, limit=MOST_LESSONS):
        lesson = Lesson(
            row.id,
            row.title,
            row.room,
            row.requirement_id,
            row.severity.value,
            row.state.value,
            row.opened_at,
            row.ends_on,
        )
        found.setdefault((row.title, row.requirement_id), lesson)
    return list(found.values())


def insert_attempt(connection: Connection, attempt: Attempt) -> None:
    """Keep a try that has begun."""
    values = {
        "id": attempt.id,
        "person": attempt.person,
        "role": attempt.role,
        "number": attempt.number,
        "quiz": write_quiz(attempt.quiz),
        "digest": attempt.quiz.digest,
        "answers": [],
        "score": 0,
        "passed": False,
        "started_at": attempt.started_at,
        "ended_at": None,
    }
    connection.execute(sa.insert(training_table).values(values))


def end_attempt(connection: Connection, attempt: Attempt) -> bool:
    """Keep the answers of a try once; False when it had been handed in already."""
    table = training_table.c
    values = {
        "answers": list(attempt.answers),
        "score": attempt.right,
        "passed": attempt.passed,
        "ended_at": attempt.ended_at,
    }
    where = (table.id == attempt.id, table.ended_at.is_(None))
    return connection.execute(sa.update(training_table).where(*where).values(values)).rowcount == 1


def load_attempt(connection: Connection, attempt_id: str) -> Attempt:
    """Return one try. Raises: NotFoundError: there is none."""
    query = sa.select(training_table).where(training_table.c.id == attempt_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("There is no such quiz.", where="quiz")
    return _read(row)


def count_attempts(connection: Connection, person: str, role: str) -> int:
    """Return how many tries a person has begun in a role."""
    table = training_table.c
    query = sa.select(sa.func.count()).where(table.person == person, table.role == role)
    return int(connection.execute(query).scalar_one())


def list_ended(connection: Connection, person: str = "", limit: int | None = None) -> list[Attempt]:
    """Return the tries that were handed in, newest first; of one person if given."""
    table = training_table.c
    query = sa.select(training_table).where(table.ended_at.is_not(None))
    if person:
        query = query.where(table.person == person)
    rows = connection.execute(query.order_by(table.ended_at.desc(), table.id).limit(limit)).mappings()
    return [_read(row) for row in rows]


def _read(row: RowMapping) -> Attempt:
    return Attempt(
        row["id"],
        row["person"],
        row["role"],
        row["number"],
        read_quiz(row["quiz"]),
        row["started_at"],
        tuple(row["answers"]),
        row["score"],
        row["passed"],
        row["ended_at"],
    )
