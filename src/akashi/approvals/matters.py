"""Opening matters and acting on them: the interface for every other room.

Each function works in the caller's transaction, writes the ledger entry there, and lets the owning room
apply the outcome there, so that a decision and its effect are committed together or not at all.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import orjson
from sqlalchemy.engine import Connection

from akashi.approvals import store
from akashi.approvals.deputies import find_hand
from akashi.approvals.measure import (
    apply_event,
    check_person,
    event_kind,
    find_step,
    fiscal_year,
    format_number,
    measure_state,
)
from akashi.approvals.model import (
    Action,
    Authority,
    Condition,
    Draft,
    Event,
    EventKind,
    Matter,
    Outcome,
    Phase,
    State,
    Step,
    StepKind,
)
from akashi.approvals.references import check_reference, check_unchanged, present_digest, tell_room
from akashi.approvals.register import check_lines
from akashi.approvals.texts import REASON_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT, check_digest, check_text
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.identity.store import find_person
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id

MOST_CONDITIONS = 20
BINDING = frozenset({Action.CONCUR, Action.DECIDE})
TOLD = frozenset({EventKind.DECIDED, EventKind.RETURNED, EventKind.RESUBMITTED, EventKind.WITHDRAWN})


def open_matter(connection: Connection, draft: Draft, actor: Actor, now: datetime) -> Matter:
    """Hand in a draft and return its matter, waiting on the first step of its route.

    Raises: InputError: the authority table has no line for it, or a field cannot be used;
    ForbiddenError: ``actor`` may not draft on this route.
    """
    return _open(connection, draft, actor, now, None)


def open_after_fact(
    connection: Connection, draft: Draft, actor: Actor, now: datetime, approve_by: date
) -> Matter:
    """Ask for approval after something was done at once (事後承認), due on the Tokyo day ``approve_by``.

    The caller does the thing, such as an emergency stop, in the same transaction.

    Raises: ForbiddenError: the authority table does not name the actor's role for this kind of matter.
    """
    if approve_by < tokyo_day(now):
        raise InputError("The day of approval has passed already.", where="approve_by")
    return _open(connection, draft, actor, now, approve_by)


def read_matter(connection: Connection, matter_id: str) -> Matter:
    """Return one matter with its events. Raises: NotFoundError."""
    return store.get_matter(connection, matter_id)


def act(
    connection: Connection,
    matter_id: str,
    action: Action,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    for_id: str = "",
    conditions: Sequence[Condition] = (),
    digest: str = "",
    seen: int | None = None,
) -> Outcome:
    """Do one action on a matter and return what came of it.

    ``for_id`` is the person a deputy signs for. ``conditions`` make a decision a conditional one; their
    ids are given here. ``digest`` is the subject's new one on resubmission; without it the owning room is
    asked. ``seen`` is how many events the actor had before his eyes: when there are more now, he is asked
    to look again.

    Raises: ConflictError: somebody was faster, the subject changed, or the matter waits for something
    else; ForbiddenError: not by this person; InputError: a field cannot be used.
    """
    matter = store.lock_matter(connection, matter_id)
    _check_seen(matter, seen)
    hand = find_hand(connection, actor, for_id, now)
    state = measure_state(matter.steps, matter.events)
    step = find_step(matter.steps, state, action, hand)
    if action in BINDING:
        check_unchanged(connection, matter)
    event = Event(
        sequence=len(matter.events),
        kind=event_kind(action),
        actor_id=hand.actor_id,
        at=now,
        for_id=hand.for_id,
        step=step,
        reason=check_text(reason, "reason", REASON_LIMIT, required=action is Action.RETURN),
        digest=_digest_after(connection, matter, state, action, digest),
        conditions=_check_conditions(connection, action, conditions, now),
    )
    apply_event(matter.steps, state, event)
    if action is Action.DECIDE:
        event = replace(event, number=_next_number(connection, now))
    return add_event(connection, matter, event)


def add_event(connection: Connection, matter: Matter, event: Event) -> Outcome:
    """Store one event of a locked matter, tell the owning room, write the ledger entry, return the outcome.

    The ledger comes last: its lock keeps every other writer waiting until this transaction ends.
    """
    state = measure_state(matter.steps, (*matter.events, event))
    salt = secrets.token_hex(16)
    store.insert_event(connection, matter.id, event, salt)
    store.update_matter(connection, matter.id, state.phase, state.number)
    outcome = Outcome(_with_event(matter, event), state, event)
    if event.kind in TOLD:
        tell_room(connection, outcome)
    _record(connection, outcome.matter, event, salt)
    return outcome


def commitment(event: Event, salt: str) -> str:
    """Return the SHA-256 by which the ledger holds the whole event, reason included, without showing it."""
    stored = replace(event, at=event.at.astimezone(UTC))
    canonical = orjson.dumps(stored, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
    return hashlib.sha256(salt.encode() + canonical).hexdigest()


def _open(
    connection: Connection, draft: Draft, actor: Actor, now: datetime, approve_by: date | None
) -> Matter:
    check_person(actor)
    line = store.get_authority(connection, draft.kind, draft.risk)
    steps = _fill_steps(connection, line)
    if approve_by is not None and not actor.roles & line.emergency:
        raise ForbiddenError("The authority table does not let you act first and ask afterwards.")
    if approve_by is None and steps[0].roles and not actor.roles & steps[0].roles:
        raise ForbiddenError("Your roles do not allow you to draft this matter.")
    checked = _check_draft(draft)
    event = Event(0, EventKind.OPENED, actor.id, now, digest=checked.subject.digest)
    matter = Matter(new_id("mat"), checked, line.route_id, steps, actor.id, now, (), approve_by)
    store.insert_matter(connection, matter, Phase(steps[1].kind.value))
    return add_event(connection, matter, event).matter


def _fill_steps(connection: Connection, line: Authority) -> tuple[Step, ...]:
    route = store.get_route(connection, line.route_id)
    check_lines(route, line)
    decider = frozenset({line.decider})
    return tuple(
        replace(step, roles=decider) if step.kind is StepKind.DECISION else step for step in route.steps
    )


def _check_draft(draft: Draft) -> Draft:
    check_reference(draft.callback, "callback")
    check_reference(draft.digest_of, "digest_of")
    check_digest(draft.subject.digest, "digest")
    if draft.link and not (draft.link.startswith("/") and not draft.link.startswith("//")):
        raise InputError("The link must lead to a page of this product.", where="link")
    return replace(
        draft,
        title=check_text(draft.title, "title", TITLE_LIMIT, required=True),
        summary=check_text(draft.summary, "summary", SUMMARY_LIMIT),
    )


def _check_seen(matter: Matter, seen: int | None) -> None:
    if seen is not None and seen != len(matter.events):
        raise ConflictError(
            "Somebody else acted on this matter since you opened it.", next_step="Read it again, then act."
        )


def _digest_after(connection: Connection, matter: Matter, state: State, action: Action, given: str) -> str:
    if action is Action.RESUBMIT:
        return check_digest(given, "digest") if given else present_digest(connection, matter)
    return state.digest if action is Action.DECIDE else ""


def _check_conditions(
    connection: Connection, action: Action, conditions: Sequence[Condition], now: datetime
) -> tuple[Condition, ...]:
    if conditions and action is not Action.DECIDE:
        raise InputError("Only a decision can carry conditions.", where="conditions")
    if len(conditions) > MOST_CONDITIONS:
        raise InputError("A decision carries {limit} conditions at most.", limit=MOST_CONDITIONS)
    return tuple(
        _check_condition(connection, f"c{count}", condition, now)
        for count, condition in enumerate(conditions, 1)
    )


def _check_condition(connection: Connection, name: str, condition: Condition, now: datetime) -> Condition:
    if condition.due < tokyo_day(now):
        raise InputError("The due day has passed already.", where="condition_due")
    owner = find_person(connection, condition.owner_id)
    if owner is None or not owner.is_active:
        raise InputError("Choose who owns the condition.", where="condition_owner")
    text = check_text(condition.text, "condition_text", REASON_LIMIT, required=True)
    return Condition(name, text, condition.owner_id, condition.due)


def _next_number(connection: Connection, now: datetime) -> str:
    year = fiscal_year(tokyo_day(now))
    return format_number(year, store.take_number(connection, year))


def _with_event(matter: Matter, event: Event) -> Matter:
    draft = matter.draft
    if event.kind is EventKind.RESUBMITTED:
        draft = replace(draft, subject=replace(draft.subject, digest=event.digest))
    return replace(matter, draft=draft, events=(*matter.events, event))


def _record(connection: Connection, matter: Matter, event: Event, salt: str) -> None:
    subject = matter.draft.subject
    optional = {
        "for": event.for_id,
        "step": event.step,
        "number": event.number,
        "condition": event.condition,
        "conditions": len(event.conditions) or None,
        "digest": event.digest,
    }
    payload = {
        "sequence": event.sequence,
        "room": subject.room,
        "subject": subject.id,
        "commitment": commitment(event, salt),
        **{name: value for name, value in optional.items() if value not in {"", None}},
    }
    append(
        connection,
        Record(
            kind=f"approvals.{event.kind.value}",
            subject=matter.id,
            actor=event.actor_id,
            at=event.at,
            payload=payload,
        ),
    )
