"""The rules of deciding: a matter's state is a pure function of its events. Read this first.

Rules (DESIGN, "How a bank decides"): nobody acts on his own draft; one person acts on one step of a matter;
the second line concurs before the first line decides; the third line and administrators only read; a return
starts a new round, in which everything is concurred and decided again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from akashi.approvals.model import (
    UNDECIDED,
    WAITING,
    Action,
    Event,
    EventKind,
    Hand,
    Phase,
    State,
    Step,
    StepKind,
)
from akashi.core.errors import ConflictError, ForbiddenError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, ActorKind, Role

READ_ONLY = frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.AUTHORITY})
"""Whoever holds one of these acts on no step, whatever else he holds."""

STEP_EVENTS = {
    EventKind.CIRCULATED: StepKind.CIRCULATION,
    EventKind.CONCURRED: StepKind.CONCURRENCE,
    EventKind.DECIDED: StepKind.DECISION,
}
STEP_ACTIONS = {
    Action.CIRCULATE: EventKind.CIRCULATED,
    Action.CONCUR: EventKind.CONCURRED,
    Action.DECIDE: EventKind.DECIDED,
}
DRAFTER_EVENTS = {Action.RESUBMIT: EventKind.RESUBMITTED, Action.WITHDRAW: EventKind.WITHDRAWN}
DRAFTER_ACTIONS = {Action.RESUBMIT: frozenset({Phase.RETURNED}), Action.WITHDRAW: UNDECIDED}


def measure_state(steps: Sequence[Step], events: Sequence[Event]) -> State:
    """Return where a matter stands after ``events``, oldest first; the first one opens it.

    Raises: ConflictError: an event was not allowed by what came before it.
    """
    first, *rest = events
    if first.kind is not EventKind.OPENED:
        raise ConflictError("A matter begins with its draft.")
    state = State(
        phase=_phase_after(steps, frozenset({0})),
        digest=first.digest,
        drafter_id=first.actor_id,
        acted=frozenset({(first.actor_id, 0)}),
    )
    for event in rest:
        state = apply_event(steps, state, event)
    return state


def apply_event(steps: Sequence[Step], state: State, event: Event) -> State:
    """Return the state after one more event. Raises: ConflictError: it is not allowed now."""
    if event.kind in STEP_EVENTS:
        return _apply_step(steps, state, event)
    if event.kind is EventKind.RETURNED:
        _demand(event.step in open_steps(steps, state), "This matter does not wait for that step.")
        _demand_free(state, event)
        return replace(state, phase=Phase.RETURNED, acted=state.acted | _acted(event))
    if event.kind is EventKind.RESUBMITTED:
        _demand(state.phase is Phase.RETURNED, "Only a returned matter can be handed in again.")
        _demand(event.actor_id == state.drafter_id, "Only the drafter can hand a matter in again.")
        done = frozenset({0})
        return replace(
            state,
            phase=_phase_after(steps, done),
            digest=event.digest,
            round=state.round + 1,
            done=done,
        )
    if event.kind is EventKind.WITHDRAWN:
        _demand(state.phase in UNDECIDED, "Only a matter that is not decided can be withdrawn.")
        _demand(event.actor_id == state.drafter_id, "Only the drafter can withdraw a matter.")
        return replace(state, phase=Phase.WITHDRAWN)
    return _apply_note(state, event)


def _apply_step(steps: Sequence[Step], state: State, event: Event) -> State:
    _demand(
        event.step in open_steps(steps, state) and steps[event.step or 0].kind is STEP_EVENTS[event.kind],
        "This matter does not wait for that step.",
    )
    _demand_free(state, event)
    done = state.done | {event.step or 0}
    after = replace(
        state, done=done, acted=state.acted | _acted(event), phase=_phase_after(steps, frozenset(done))
    )
    if event.kind is not EventKind.DECIDED:
        return after
    _demand(event.digest == state.digest, "What is decided is not what was handed in.")
    return replace(after, number=event.number, decided_at=event.at, conditions=event.conditions)


def _apply_note(state: State, event: Event) -> State:
    if event.kind is EventKind.ATTACHED:
        _demand(state.phase is not Phase.WITHDRAWN, "Nothing is added to a withdrawn matter.")
        return state
    if event.kind is EventKind.APPROVAL_OVERDUE:
        return replace(state, marked_overdue=state.marked_overdue | {""})
    known = {condition.id for condition in state.conditions}
    _demand(event.condition in known, "The matter has no such condition.")
    if event.kind is EventKind.CONDITION_OVERDUE:
        return replace(state, marked_overdue=state.marked_overdue | {event.condition})
    _demand(event.condition not in state.fulfilled, "The condition has been fulfilled already.")
    return replace(state, fulfilled=state.fulfilled | {event.condition})


def open_steps(steps: Sequence[Step], state: State) -> tuple[int, ...]:
    """Return the indices of the steps that may be done now: the undone ones of the first undone stage."""
    if state.phase not in WAITING:
        return ()
    return _first_undone(steps, state.done)


def find_step(steps: Sequence[Step], state: State, action: Action, hand: Hand) -> int | None:
    """Return the step on which ``hand`` may do ``action``; None for what the drafter does himself.

    Raises: ConflictError: the matter does not wait for this; ForbiddenError: not by this hand.
    """
    if action in DRAFTER_ACTIONS:
        if hand.actor_id != state.drafter_id or hand.for_id:
            raise ForbiddenError("Only the drafter can do this.")
        _demand(state.phase in DRAFTER_ACTIONS[action], "The matter is not in a state for this.")
        return None
    waiting = [index for index in open_steps(steps, state) if _fits(steps[index], action)]
    if not waiting:
        raise ConflictError(
            "The matter does not wait for this step any more.", next_step="Open the matter again."
        )
    if state.drafter_id in hand.persons:
        raise ForbiddenError("Nobody decides or concurs on his own draft.")
    by_role = [index for index in waiting if steps[index].roles & hand.roles]
    if not by_role:
        raise ForbiddenError("Your roles do not allow this step.")
    free = [index for index in by_role if not _taken(state, hand.persons, index)]
    if not free:
        raise ForbiddenError("One person does not act on two steps of one matter.")
    return free[0]


def list_actions(steps: Sequence[Step], state: State, hand: Hand) -> tuple[Action, ...]:
    """Return what ``hand`` may do now, in the order of the buttons."""
    allowed = []
    for action in Action:
        try:
            find_step(steps, state, action, hand)
        except (ConflictError, ForbiddenError):
            continue
        allowed.append(action)
    return tuple(allowed)


def event_kind(action: Action) -> EventKind:
    """Return the event that ``action`` leaves behind.

    >>> event_kind(Action.CONCUR).value
    'concurred'
    """
    return {**STEP_ACTIONS, **DRAFTER_EVENTS, Action.RETURN: EventKind.RETURNED}[action]


def check_person(actor: Actor) -> None:
    """Let only confirmed persons pass who may act on matters at all.

    Raises: ForbiddenError: a command line, a service, an unconfirmed credential, or a role that only reads.
    """
    if actor.kind is not ActorKind.PERSON:
        raise ForbiddenError("Only a person who signed in can act on a matter.")
    if not actor.confirmed:
        raise ForbiddenError("A second administrator has not confirmed your credential yet.")
    if actor.roles & READ_ONLY:
        raise ForbiddenError("Auditors, administrators and the authority only read.")


def fiscal_year(day: date) -> int:
    """Return the fiscal year, April to March, of a Tokyo day.

    >>> fiscal_year(date(2027, 3, 31)), fiscal_year(date(2027, 4, 1))
    (2026, 2027)
    """
    return day.year if day.month >= 4 else day.year - 1


def format_number(year: int, count: int) -> str:
    """Return a decision number.

    >>> format_number(2026, 12)
    '2026-決-00012'
    """
    return f"{year}-決-{count:05d}"


def overdue_conditions(state: State, now: datetime) -> tuple[str, ...]:
    """Return the ids of conditions that are not fulfilled and whose day has passed."""
    today = tokyo_day(now)
    return tuple(
        condition.id
        for condition in state.conditions
        if condition.id not in state.fulfilled and condition.due < today
    )


def is_late(state: State, approve_by: date | None, now: datetime) -> bool:
    """Return whether an approval after the fact is overdue."""
    return approve_by is not None and state.phase in UNDECIDED and approve_by < tokyo_day(now)


def _fits(step: Step, action: Action) -> bool:
    return action is Action.RETURN or STEP_EVENTS[STEP_ACTIONS[action]] is step.kind


def _taken(state: State, persons: Sequence[str], step: int) -> bool:
    return any(person in persons and other != step for person, other in state.acted)


def _demand_free(state: State, event: Event) -> None:
    persons = [person for person, _ in _acted(event)]
    _demand(state.drafter_id not in persons, "Nobody decides or concurs on his own draft.")
    _demand(
        not _taken(state, persons, event.step or 0), "One person does not act on two steps of one matter."
    )


def _acted(event: Event) -> frozenset[tuple[str, int]]:
    return frozenset((person, event.step or 0) for person in (event.actor_id, event.for_id) if person)


def _first_undone(steps: Sequence[Step], done: frozenset[int]) -> tuple[int, ...]:
    first = next((index for index in range(len(steps)) if index not in done), None)
    if first is None:
        return ()
    stage = []
    for index in range(first, len(steps)):
        if steps[index].kind is not steps[first].kind:
            break
        stage.append(index)
    return tuple(index for index in stage if index not in done)


def _phase_after(steps: Sequence[Step], done: frozenset[int]) -> Phase:
    undone = _first_undone(steps, done)
    return Phase(steps[undone[0]].kind.value) if undone else Phase.DECIDED


def _demand(holds: bool, message: str) -> None:
    if not holds:
        raise ConflictError(message, next_step="Open the matter again.")
