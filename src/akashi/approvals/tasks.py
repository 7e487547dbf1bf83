"""What waits for one person: matters to act on, own drafts, conditions to fulfil."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.approvals import store
from akashi.approvals.deputies import deputy_hands
from akashi.approvals.measure import READ_ONLY, STEP_ACTIONS, is_late, list_actions, measure_state
from akashi.approvals.model import UNDECIDED, WAITING, Action, Condition, Hand, Matter, Phase, State
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, ActorKind

MOST_DECIDED = 10


@dataclass(frozen=True, slots=True)
class Task:
    """A matter on which somebody may act now; ``for_id`` is whom he would sign for, if not himself."""

    matter: Matter
    state: State
    actions: tuple[Action, ...]
    for_id: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class DueItem:
    """An open condition of a decided matter."""

    matter: Matter
    condition: Condition
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Tasks:
    """One person's desk: what waits for him, what he drafted, which conditions he owes, what was decided."""

    waiting: tuple[Task, ...]
    drafted: tuple[tuple[Matter, State], ...]
    conditions: tuple[DueItem, ...]
    decided: tuple[tuple[Matter, State], ...]


def tasks_for(connection: Connection, actor: Actor, now: datetime) -> Tasks:
    """Return one person's desk; empty for whoever may not act."""
    decided = store.list_matters(connection, phases=[Phase.DECIDED])
    drafted = store.list_matters(connection, phases=UNDECIDED, drafter_id=actor.id)
    return Tasks(
        waiting=tuple(list_waiting(connection, actor, now)),
        drafted=tuple((matter, measure_state(matter.steps, matter.events)) for matter in drafted),
        conditions=tuple(item for item in list_due(connection, now) if item.condition.owner_id == actor.id),
        decided=_recently_decided(decided),
    )


def list_waiting(connection: Connection, actor: Actor, now: datetime) -> list[Task]:
    """Return the matters on whose present step ``actor`` may act, the oldest first."""
    if actor.kind is not ActorKind.PERSON or not actor.confirmed or actor.roles & READ_ONLY:
        return []
    hands = [Hand(actor.id, actor.roles), *deputy_hands(connection, actor, now)]
    matters = reversed(store.list_matters(connection, phases=WAITING))
    tasks = [_find_task(matter, hands, now) for matter in matters]
    return [task for task in tasks if task is not None]


def allowed_actions(
    connection: Connection, matter: Matter, actor: Actor, now: datetime
) -> list[tuple[Hand, tuple[Action, ...]]]:
    """Return what ``actor`` may do with a matter, by each hand in which he may sign; own hand first."""
    if actor.kind is not ActorKind.PERSON or not actor.confirmed or actor.roles & READ_ONLY:
        return []
    state = measure_state(matter.steps, matter.events)
    hands = [Hand(actor.id, actor.roles), *deputy_hands(connection, actor, now)]
    found = [(hand, list_actions(matter.steps, state, hand)) for hand in hands]
    return [(hand, actions) for hand, actions in found if actions]


def list_due(connection: Connection, now: datetime) -> list[DueItem]:
    """Return every condition that is not fulfilled, the most urgent first."""
    items = [
        DueItem(matter, condition, condition.due < tokyo_day(now))
        for matter in store.list_with_conditions(connection)
        for state in [measure_state(matter.steps, matter.events)]
        for condition in state.conditions
        if condition.id not in state.fulfilled
    ]
    return sorted(items, key=lambda item: (item.condition.due, item.matter.id))


def _find_task(matter: Matter, hands: list[Hand], now: datetime) -> Task | None:
    state = measure_state(matter.steps, matter.events)
    for hand in hands:
        actions = list_actions(matter.steps, state, hand)
        if any(action in STEP_ACTIONS for action in actions):
            return Task(matter, state, actions, hand.for_id, is_late(state, matter.approve_by, now))
    return None


def _recently_decided(matters: list[Matter]) -> tuple[tuple[Matter, State], ...]:
    with_state = [(matter, measure_state(matter.steps, matter.events)) for matter in matters]
    latest = sorted(with_state, key=lambda pair: pair[1].number, reverse=True)
    return tuple(latest[:MOST_DECIDED])
