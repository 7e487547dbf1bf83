"""Conditions of an approval 条件付承認: due items with an owner, fulfilled with evidence, overdue by time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.approvals import store
from akashi.approvals.deputies import find_hand
from akashi.approvals.matters import add_event
from akashi.approvals.measure import is_late, measure_state, overdue_conditions
from akashi.approvals.model import Event, EventKind, Matter, Outcome
from akashi.approvals.texts import REASON_LIMIT, check_text
from akashi.core.errors import ForbiddenError, NotFoundError
from akashi.core.people import SYSTEM, Actor
from akashi.platform.site import Site


def fulfil_condition(
    connection: Connection,
    matter_id: str,
    condition_id: str,
    actor: Actor,
    now: datetime,
    *,
    evidence: str,
    for_id: str = "",
) -> Outcome:
    """Record with which evidence a condition was fulfilled, by its owner or the owner's deputy.

    Raises: ForbiddenError: somebody else's condition; ConflictError: it is fulfilled already;
    InputError: no evidence.
    """
    matter = store.lock_matter(connection, matter_id)
    hand = find_hand(connection, actor, for_id, now)
    owners = {item.id: item.owner_id for item in measure_state(matter.steps, matter.events).conditions}
    if condition_id not in owners:
        raise NotFoundError("The matter has no such condition.", where=condition_id)
    if owners[condition_id] != (hand.for_id or hand.actor_id):
        raise ForbiddenError("Only its owner fulfils a condition.")
    event = Event(
        sequence=len(matter.events),
        kind=EventKind.FULFILLED,
        actor_id=hand.actor_id,
        at=now,
        for_id=hand.for_id,
        reason=check_text(evidence, "evidence", REASON_LIMIT, required=True),
        condition=condition_id,
    )
    return add_event(connection, matter, event)


def mark_overdue(site: Site, now: datetime) -> int:
    """Record conditions and approvals after the fact whose day has passed, once each; return how many.

    One transaction for each matter: whoever holds the ledger's lock must not wait for another matter.
    """
    with site.database.read() as connection:
        found = [*store.list_with_conditions(connection), *store.list_after_the_fact(connection)]
        due = [matter.id for matter in found if _find_marks(matter, now)]
    return sum(_mark_matter(site, matter_id, now) for matter_id in due)


def _mark_matter(site: Site, matter_id: str, now: datetime) -> int:
    with site.database.write() as connection:
        matter = store.lock_matter(connection, matter_id)
        marks = _find_marks(matter, now)
        for kind, condition in marks:
            matter = _add_mark(connection, matter, kind, condition, now)
    return len(marks)


def _find_marks(matter: Matter, now: datetime) -> list[tuple[EventKind, str]]:
    state = measure_state(matter.steps, matter.events)
    marks = [(EventKind.CONDITION_OVERDUE, name) for name in overdue_conditions(state, now)]
    if is_late(state, matter.approve_by, now):
        marks.append((EventKind.APPROVAL_OVERDUE, ""))
    return [mark for mark in marks if mark[1] not in state.marked_overdue]


def _add_mark(
    connection: Connection, matter: Matter, kind: EventKind, condition: str, now: datetime
) -> Matter:
    event = Event(len(matter.events), kind, SYSTEM.id, now, condition=condition)
    return add_event(connection, matter, event).matter
