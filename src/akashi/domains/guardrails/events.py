"""What passed the guards, day by day: kept without a word of the text, and some of it queued for people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.moments import tokyo_day
from akashi.core.ports import Noted, Screened
from akashi.domains.guardrails.guards import Ruling, open_guards
from akashi.domains.guardrails.policy import Treatment
from akashi.domains.guardrails.store import event_table, review_table
from akashi.platform.ids import new_id


class Fate(StrEnum):
    """What became of a text; declared from the unremarkable to the strictest."""

    PASSED = "passed"
    RECORDED = "recorded"
    MASKED = "masked"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"


class Direction(StrEnum):
    """Which way a text went."""

    IN = "in"
    OUT = "out"


class Why(StrEnum):
    """Why a person looks at a text."""

    STOPPED = "stopped"
    RECORDED = "recorded"
    SAMPLE = "sample"


FATES = {
    None: Fate.PASSED,
    Treatment.RECORD: Fate.RECORDED,
    Treatment.MASK: Fate.MASKED,
    Treatment.HAND_OVER: Fate.HANDED_OVER,
    Treatment.REFUSE: Fate.REFUSED,
}
_ADD_EVENT = sa.insert(event_table)


@dataclass(frozen=True, slots=True)
class Passing:
    """One text at a guard: through which door, in which use case, and where its words lie sealed."""

    use_case: str
    door: str
    direction: Direction
    subject: str
    place: int = 0


def note_passing(
    connection: Connection,
    passing: Passing,
    fate: Fate,
    noted: Sequence[Noted],
    reasons: Sequence[str],
    sample: float,
    now: datetime,
) -> str:
    """Keep what became of a text, queue it for a person where that is due, and return the event's id.

    What was stopped or only recorded is always queued, also an attack in a text that was only masked.
    Of the rest the share ``sample`` is, drawn by the digest of the event's id, so that nobody can foresee
    or steer which. What lies nowhere (the machine interface keeps no words) is only counted.
    """
    event_id = new_id("gev")
    row = {
        "id": event_id,
        "day": tokyo_day(now),
        "at": now,
        "use_case": passing.use_case,
        "door": passing.door,
        "direction": passing.direction.value,
        "outcome": fate.value,
        "noted": [[one.what, one.treatment, one.count] for one in noted],
        "reasons": list(reasons),
        "subject": passing.subject,
        "place": passing.place,
    }
    connection.execute(_ADD_EVENT, row)
    why = choose_review(event_id, fate, sample)
    if why is not Why.STOPPED and any(one.what == "hijack" for one in noted):
        why = Why.RECORDED
    if why is not None and passing.subject:
        queue_review(connection, event_id, why, now)
    return event_id


def choose_review(event_id: str, fate: Fate, sample: float) -> Why | None:
    """Return why a person must look at a text, or None.

    >>> choose_review("e1", Fate.REFUSED, 0.0).value, choose_review("e1", Fate.PASSED, 0.0)
    ('stopped', None)
    """
    if fate in (Fate.REFUSED, Fate.HANDED_OVER):
        return Why.STOPPED
    if fate is Fate.RECORDED:
        return Why.RECORDED
    drawn = int.from_bytes(hashlib.sha256(event_id.encode()).digest()[:8], "big") / 2**64
    return Why.SAMPLE if drawn < sample else None


def queue_review(connection: Connection, event_id: str, why: Why, now: datetime) -> None:
    """Put a text into the queue of those who look."""
    row = {
        "event_id": event_id,
        "why": why.value,
        "queued_at": now,
        "verdict": "",
        "reviewer": "",
        "finding_id": "",
    }
    connection.execute(sa.insert(review_table).values(row))


def note_ruling(
    connection: Connection, passing: Passing, ruling: Ruling, sample: float, now: datetime
) -> str:
    """Keep what a ruling made of a text."""
    return note_passing(
        connection, passing, FATES[ruling.treatment], ruling.noted, ruling.reasons, sample, now
    )


def note_screened(
    folder: Path | None,
    connection: Connection,
    screened: Screened,
    *,
    use_case: str,
    door: str,
    subject: str,
    place: int,
    now: datetime,
) -> None:
    """Keep what the house's screen made of a text: what is lent as ``core.ports.NoteScreened``."""
    sample = open_guards(folder).policy(use_case).sample
    passing = Passing(use_case, door, Direction.IN, subject, place)
    note_passing(connection, passing, fate_of(screened), screened.noted, screened.reasons, sample, now)


def fate_of(screened: Screened) -> Fate:
    """Return what became of a text that the house's screen looked at."""
    if screened.refused:
        return Fate.REFUSED
    if screened.handed_over:
        return Fate.HANDED_OVER
    if screened.masked:
        return Fate.MASKED
    return Fate.RECORDED if screened.noted else Fate.PASSED


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many texts of one Tokyo day came to what, in one use case and direction."""

    day: date
    use_case: str
    direction: str
    outcome: str
    count: int


def count_days(connection: Connection, first: date, last: date) -> list[DayCount]:
    """Return the counts of each day, both ends included."""
    table = event_table.c
    columns = (table.day, table.use_case, table.direction, table.outcome)
    query = (
        sa.select(*columns, sa.func.count().label("count"))
        .where(table.day >= first, table.day <= last)
        .group_by(*columns)
        .order_by(*columns)
    )
    return [
        DayCount(row.day, row.use_case, row.direction, row.outcome, int(row[-1]))
        for row in connection.execute(query)
    ]


def count_kinds(connection: Connection, first: date, last: date) -> dict[tuple[str, str], int]:
    """Return how often each kind was found and treated how, both ends included."""
    query = sa.select(event_table.c.noted).where(event_table.c.day >= first, event_table.c.day <= last)
    counts: dict[tuple[str, str], int] = {}
    for (noted,) in connection.execute(query):
        for what, treatment, count in noted:
            counts[what, treatment] = counts.get((what, treatment), 0) + int(count)
    return counts
