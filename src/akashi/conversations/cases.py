"""The hand-over queue 担当者への引継ぎ: a case is claimed by one operator, passed on, given back or closed.

A case is a request for a person (``Handover``). Every change is one conditional UPDATE, so that of two
operators who act at the same moment exactly one succeeds, and its ledger entry stands in the same
transaction. Functions work in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.model import (
    REASON_LIMIT,
    Handover,
    HandoverReason,
    Step,
    StepKind,
    Urgency,
)
from akashi.conversations.notes import add_note
from akashi.conversations.store import conversation_table, handover_table, step_table
from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.people import SYSTEM, Actor
from akashi.core.thread import digest_of
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.keys import Keys
from akashi.platform.kit.catalogs import mark

COLUMNS = [handover_table.c[item.name] for item in fields(Handover)]
NOTE_KIND = "handover"
GONE = mark("This case is no longer yours, or it has been closed.")
OPEN_AGAIN = mark("Open the queue again.")
_RANK = {urgency: place for place, urgency in enumerate(reversed(Urgency))}
_OPEN_CASE = sa.select(*COLUMNS).where(
    handover_table.c.conversation_id == sa.bindparam("of"), handover_table.c.closed_at.is_(None)
)
_PULSE = (
    sa.select(conversation_table.c.messages, handover_table.c.id, handover_table.c.taken_by)
    .select_from(
        conversation_table.outerjoin(
            handover_table,
            (handover_table.c.conversation_id == conversation_table.c.id)
            & handover_table.c.closed_at.is_(None),
        )
    )
    .where(conversation_table.c.id == sa.bindparam("of"), conversation_table.c.erased_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case was closed: a word of the institution's list, and perhaps a note (sealed)."""

    outcome: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """To whom a case is passed on: one person, or an office whose operators may claim it."""

    person_id: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which cases somebody may take: those passed on to his office, and perhaps those of no office."""

    office: str
    takes_unassigned: bool = True

    def covers(self, case: Handover) -> bool:
        """Return whether a free case may be taken.

        >>> Reach("loans", takes_unassigned=False).office
        'loans'
        """
        return case.office == self.office if case.office else self.takes_unassigned


def list_queue(connection: Connection, office: str = "") -> list[Handover]:
    """Return the open cases of living conversations: the most urgent first, then the longest waiting.

    ``office`` leaves only the cases passed on to that office.
    """
    query = (
        sa.select(*COLUMNS)
        .join(conversation_table, conversation_table.c.id == handover_table.c.conversation_id)
        .where(handover_table.c.closed_at.is_(None), conversation_table.c.erased_at.is_(None))
    )
    if office:
        query = query.where(handover_table.c.office == office)
    found = [to_handover(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda case: (_RANK[case.urgency], case.requested_at, case.id))


def find_case(connection: Connection, handover_id: str) -> Handover:
    """Return one case, open or closed. Raises: NotFoundError."""
    query = sa.select(*COLUMNS).where(handover_table.c.id == handover_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("There is no such case.", next_step=OPEN_AGAIN)
    return to_handover(row)


def find_open_case(connection: Connection, conversation_id: str) -> Handover | None:
    """Return the open case of a conversation, or None; there is never more than one."""
    row = connection.execute(_OPEN_CASE, {"of": conversation_id}).mappings().first()
    return to_handover(row) if row else None


def list_steps(connection: Connection, handover_id: str) -> list[Step]:
    """Return what became of a case, in order."""
    columns = [step_table.c[item.name] for item in fields(Step)]
    query = sa.select(*columns).where(step_table.c.handover_id == handover_id).order_by(step_table.c.number)
    return [Step(**{**row, "kind": StepKind(row["kind"])}) for row in connection.execute(query).mappings()]


def read_pulse(connection: Connection, conversation_id: str) -> str | None:
    """Return a short word that changes whenever a page on this conversation should; None once erased.

    One indexed query: how many messages, whether a person is asked for, and whether one is there.
    """
    row = connection.execute(_PULSE, {"of": conversation_id}).first()
    if row is None:
        return None
    state = "none" if row.id is None else "waits" if row.taken_by is None else f"held-{row.taken_by}"
    return f"{row.messages}.{state}"


def read_queue_pulse(connection: Connection) -> str:
    """Return a short word that changes whenever the queue does."""
    table = handover_table.c
    query = sa.select(table.id, table.taken_by, table.urgency, table.office).where(table.closed_at.is_(None))
    lines = sorted("/".join(str(value) for value in row) for row in connection.execute(query))
    return digest_of("\n".join(lines).encode())[:16]


def claim_case(
    connection: Connection, handover_id: str, actor: Actor, now: datetime, reach: Reach | None = None
) -> Handover:
    """Take a free case and return it; claiming one's own case again changes nothing.

    ``reach`` limits what ``actor`` may take; None does not. Raises: ConflictError: somebody else holds it,
    it waits at another office, or it is closed; NotFoundError.
    """
    values = {"taken_by": actor.id, "taken_at": now, "touched_at": now}
    if not _change(connection, handover_id, None, values, reach):
        case = find_case(connection, handover_id)
        if case.taken_by == actor.id and case.closed_at is None:
            return case
        if case.taken_by is None and case.closed_at is None:
            raise ConflictError("This case was passed on to another office.", next_step=OPEN_AGAIN)
        raise ConflictError("Somebody else has taken this case, or it is closed.", next_step=OPEN_AGAIN)
    case = find_case(connection, handover_id)
    _record(connection, case, StepKind.CLAIMED, actor.id, now)
    return case


def release_case(connection: Connection, handover_id: str, actor: Actor, now: datetime) -> None:
    """Give a case back to the queue; it keeps its place by waiting time. Raises: ConflictError."""
    case = hold_case(connection, handover_id, actor, now)
    _require(_change(connection, handover_id, actor.id, _free()))
    _record(connection, case, StepKind.RELEASED, actor.id, now)


def recall_case(connection: Connection, handover_id: str, actor: Actor, now: datetime) -> None:
    """Bring a free case back from the office where it waits to everybody's queue; it is a step of its own.

    Raises: ConflictError: somebody has taken it, it waits at no office, or it is closed; NotFoundError.
    """
    case = find_case(connection, handover_id)
    if not case.office or not _change(connection, handover_id, None, {"office": None}, Reach(case.office)):
        raise ConflictError("This case waits at no office any more.", next_step=OPEN_AGAIN)
    _record(connection, case, StepKind.RECALLED, actor.id, now)


def transfer_case(
    connection: Connection,
    keys: Keys,
    handover_id: str,
    actor: Actor,
    target: Target,
    note: str,
    now: datetime,
) -> None:
    """Pass a case on to another person, who then holds it, or to an office, where it waits.

    A case at an office is taken by its people only, until it is recalled.

    Raises: InputError: nobody is named, or the note is missing or too long; ConflictError: not held.
    """
    if bool(target.person_id) == bool(target.office) or target.person_id == actor.id:
        raise InputError("Choose either one colleague or one office.", where="target")
    if not note.strip():
        raise InputError("Write what the next person must know.", where="note")
    _check_note(note)
    case = hold_case(connection, handover_id, actor, now)
    values: dict[str, Any] = {"office": target.office or None}
    values |= {"taken_by": target.person_id, "taken_at": now} if target.person_id else _free()
    _require(_change(connection, handover_id, actor.id, values))
    note_id = add_note(connection, keys, case.conversation_id, NOTE_KIND, {"note": note}, actor.id, now)
    step = Step(case.id, 0, StepKind.TRANSFERRED, now, actor.id, target.person_id, target.office, note_id)
    _record_step(connection, case, step)


def close_case(
    connection: Connection, keys: Keys, handover_id: str, actor: Actor, ending: Ending, now: datetime
) -> Handover:
    """Close a case with its outcome and return it. Raises: ConflictError: not held; InputError."""
    _check_note(ending.note)
    case = hold_case(connection, handover_id, actor, now)
    values = {"closed_at": now, "closed_by": actor.id, "outcome": ending.outcome}
    _require(_change(connection, handover_id, actor.id, values))
    note_id = ""
    if ending.note.strip():
        content = {"note": ending.note}
        note_id = add_note(connection, keys, case.conversation_id, NOTE_KIND, content, actor.id, now)
    step = Step(case.id, 0, StepKind.CLOSED, now, actor.id, note_id=note_id)
    _record_step(connection, case, step, outcome=ending.outcome)
    return find_case(connection, handover_id)


def hold_case(connection: Connection, handover_id: str, actor: Actor, now: datetime) -> Handover:
    """Return a case that ``actor`` holds, note that he is at work on it, and keep other writers waiting.

    Raises: ConflictError: he does not hold it any more; NotFoundError: there is no such case.
    """
    if not _change(connection, handover_id, actor.id, {"touched_at": now}):
        find_case(connection, handover_id)
        raise ConflictError(GONE, next_step=OPEN_AGAIN)
    return find_case(connection, handover_id)


def return_idle(connection: Connection, before: datetime, now: datetime) -> int:
    """Give back every case whose holder has done nothing since ``before``; return how many.

    Each one is a step of the case and an entry of the ledger, never silent.
    """
    idle = sa.select(*COLUMNS).where(
        handover_table.c.closed_at.is_(None),
        handover_table.c.taken_by.is_not(None),
        sa.func.coalesce(handover_table.c.touched_at, handover_table.c.taken_at) < before,
    )
    cases = [to_handover(row) for row in connection.execute(idle.order_by(handover_table.c.id)).mappings()]
    returned = [case for case in cases if _return_one(connection, case, before)]
    for case in returned:
        _record(connection, case, StepKind.RETURNED, SYSTEM.id, now)
    return len(returned)


def median_wait(connection: Connection, since: datetime, least: int = 5) -> timedelta | None:
    """Return the median time between request and first claim of the cases asked since a moment.

    None with fewer than ``least`` cases: too few to say anything.
    """
    first = (
        sa.select(step_table.c.handover_id, step_table.c.at)
        .where(step_table.c.kind == StepKind.CLAIMED.value, step_table.c.number == 1)
        .subquery()
    )
    query = (
        sa.select(handover_table.c.requested_at, first.c.at)
        .join(first, first.c.handover_id == handover_table.c.id)
        .where(handover_table.c.requested_at >= since)
    )
    waits = sorted(row.at - row.requested_at for row in connection.execute(query))
    return waits[len(waits) // 2] if len(waits) >= least else None


def to_handover(row: Mapping[Any, Any]) -> Handover:
    """Return a case from its row."""
    return Handover(**{**row, "reason": HandoverReason(row["reason"]), "urgency": Urgency(row["urgency"])})


def _change(
    connection: Connection,
    handover_id: str,
    holder: str | None,
    values: Mapping[str, Any],
    reach: Reach | None = None,
) -> bool:
    """Change an open case that ``holder`` holds (None: nobody) within ``reach``; return whether it was so."""
    table = handover_table.c
    held = table.taken_by.is_(None) if holder is None else table.taken_by == holder
    if reach is not None:
        nowhere = table.office.is_(None) if reach.takes_unassigned else sa.false()
        held = held & (nowhere | (table.office == reach.office))
    changed = connection.execute(
        sa.update(handover_table)
        .where(table.id == handover_id, table.closed_at.is_(None), held)
        .values(**values)
    )
    return bool(changed.rowcount == 1)


def _return_one(connection: Connection, case: Handover, before: datetime) -> bool:
    table = handover_table.c
    still_idle = sa.func.coalesce(table.touched_at, table.taken_at) < before
    changed = connection.execute(
        sa.update(handover_table)
        .where(table.id == case.id, table.closed_at.is_(None), table.taken_by == case.taken_by, still_idle)
        .values(**_free())
    )
    return bool(changed.rowcount == 1)


def _free() -> dict[str, None]:
    return {"taken_by": None, "taken_at": None, "touched_at": None}


def _require(changed: bool) -> None:
    if not changed:
        raise ConflictError(GONE, next_step=OPEN_AGAIN)


def _check_note(note: str) -> None:
    if len(note) > REASON_LIMIT:
        raise InputError("The note is too long.", where="note", next_step="Shorten it.")


def _record(connection: Connection, case: Handover, kind: StepKind, actor_id: str, now: datetime) -> None:
    _record_step(connection, case, Step(case.id, 0, kind, now, actor_id))


def _record_step(connection: Connection, case: Handover, step: Step, **more: JsonValue) -> None:
    """Keep a step under the next number, and its ledger entry. The case's row is locked by its UPDATE."""
    last = sa.select(sa.func.max(step_table.c.number)).where(step_table.c.handover_id == case.id)
    numbered = replace(step, number=int(connection.execute(last).scalar() or 0) + 1)
    values = {item.name: getattr(numbered, item.name) for item in fields(Step)}
    values |= {"kind": step.kind.value, "conversation_id": case.conversation_id}
    connection.execute(sa.insert(step_table).values(values))
    payload: dict[str, JsonValue] = {"handover": case.id, **more}
    payload |= {
        name: getattr(step, name) for name in ("to_person", "to_office", "note_id") if getattr(step, name)
    }
    append(
        connection,
        Record(
            f"conversations.case_{step.kind.value}", case.conversation_id, step.actor_id, step.at, payload
        ),
    )


def count_open(cases: Sequence[Handover]) -> tuple[int, int]:
    """Return how many cases are free and how many are held."""
    held = sum(case.taken_by is not None for case in cases)
    return len(cases) - held, held
