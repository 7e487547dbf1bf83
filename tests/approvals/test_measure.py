"""The laws of deciding, over every history that the rules accept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.approvals.measure import (
    STEP_EVENTS,
    apply_event,
    event_kind,
    find_step,
    is_late,
    list_actions,
    measure_state,
    open_steps,
    overdue_conditions,
)
from akashi.approvals.model import Action, Condition, Event, EventKind, Hand, Phase, State, Step, StepKind
from akashi.core.errors import ConflictError, ForbiddenError
from akashi.core.people import FIRST_LINE, SECOND_LINE, Role

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
ROUTE = (
    Step(StepKind.DRAFT),
    Step(StepKind.CIRCULATION, frozenset({Role.BUSINESS_OWNER})),
    Step(StepKind.CONCURRENCE, frozenset({Role.RISK_OFFICER})),
    Step(StepKind.CONCURRENCE, frozenset({Role.COMPLIANCE_OFFICER, Role.PRIVACY_OFFICER})),
    Step(StepKind.DECISION, frozenset({Role.BUSINESS_OWNER})),
)
OPENED = Event(0, EventKind.OPENED, "a", NOW, digest="d")

people = st.sampled_from("abcdef")
roles = st.frozensets(
    st.sampled_from([Role.BUSINESS_OWNER, Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER, Role.EXECUTIVE]),
    min_size=1,
)
attempts = st.lists(
    st.tuples(st.sampled_from(Action), people, roles, st.one_of(st.just(""), people)), max_size=40
)


def play(tries: list[tuple[Action, str, frozenset[Role], str]]) -> list[tuple[Event, frozenset[Role]]]:
    """Let people try things; return the accepted events with the roles by which they were accepted."""
    history = [(OPENED, frozenset[Role]())]
    for action, person, held, principal in tries:
        state = measure_state(ROUTE, [event for event, _ in history])
        hand = Hand(person, held, "" if principal == person else principal)
        try:
            step = find_step(ROUTE, state, action, hand)
        except (ConflictError, ForbiddenError):
            continue
        digest = "d" if action in {Action.DECIDE, Action.RESUBMIT} else ""
        event = Event(
            len(history), event_kind(action), person, NOW, for_id=hand.for_id, step=step, digest=digest
        )
        history.append((event, held))
    return history


@given(attempts)
def test_whatever_the_choice_allows_the_fold_accepts(
    tries: list[tuple[Action, str, frozenset[Role], str]],
) -> None:
    measure_state(ROUTE, [event for event, _ in play(tries)])


@given(attempts)
def test_nobody_acts_on_his_own_draft_and_nobody_on_two_steps(
    tries: list[tuple[Action, str, frozenset[Role], str]],
) -> None:
    steps: dict[str, set[int]] = {}
    for event, _ in play(tries)[1:]:
        if event.step is not None:
            for person in filter(None, (event.actor_id, event.for_id)):
                assert person != "a"
                steps.setdefault(person, set()).add(event.step)
    assert all(len(done) == 1 for done in steps.values())


@given(attempts)
def test_second_line_concurs_in_the_same_round_before_the_first_line_decides(
    tries: list[tuple[Action, str, frozenset[Role], str]],
) -> None:
    concurred: set[Role] = set()
    for event, held in play(tries):
        if event.kind in {EventKind.OPENED, EventKind.RESUBMITTED}:
            concurred = set()
        if event.kind is EventKind.CONCURRED:
            concurred |= held & ROUTE[event.step or 0].roles
        if event.kind is EventKind.DECIDED and held & FIRST_LINE:
            assert Role.RISK_OFFICER in concurred
            assert concurred & SECOND_LINE >= {Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER}


@given(attempts)
def test_every_step_is_done_once_a_round_and_a_decision_ends_it(
    tries: list[tuple[Action, str, frozenset[Role], str]],
) -> None:
    history = [event for event, _ in play(tries)]
    state = measure_state(ROUTE, history)
    decided = [event for event in history if event.kind is EventKind.DECIDED]
    assert len(decided) == (state.phase is Phase.DECIDED)
    if decided:
        last_round = history[
            max(i for i, e in enumerate(history) if e.kind in {OPENED.kind, EventKind.RESUBMITTED}) :
        ]
        done = [event.step for event in last_round if event.kind in STEP_EVENTS]
        assert sorted(done, key=str) == [1, 2, 3, 4]
        assert open_steps(ROUTE, state) == ()


@given(attempts, roles, people)
def test_offered_actions_are_exactly_the_accepted_ones(
    tries: list[tuple[Action, str, frozenset[Role], str]], held: frozenset[Role], person: str
) -> None:
    state = measure_state(ROUTE, [event for event, _ in play(tries)])
    hand = Hand(person, held)
    for action in Action:
        if action in list_actions(ROUTE, state, hand):
            step = find_step(ROUTE, state, action, hand)
            apply_event(ROUTE, state, Event(99, event_kind(action), person, NOW, step=step, digest="d"))
        else:
            with pytest.raises((ConflictError, ForbiddenError)):
                find_step(ROUTE, state, action, hand)


def test_concurrences_of_one_stage_come_in_any_order() -> None:
    history = [OPENED, Event(1, EventKind.CIRCULATED, "b", NOW, step=1)]
    state = measure_state(ROUTE, history)
    assert open_steps(ROUTE, state) == (2, 3)
    later = apply_event(ROUTE, state, Event(2, EventKind.CONCURRED, "c", NOW, step=3))
    assert open_steps(ROUTE, later) == (2,)
    assert later.phase is Phase.CONCURRENCE


def test_decision_about_something_else_is_refused() -> None:
    steps = (ROUTE[0], ROUTE[4])
    with pytest.raises(ConflictError, match="not what was handed in"):
        measure_state(steps, [OPENED, Event(1, EventKind.DECIDED, "b", NOW, step=1, digest="e")])


def test_history_must_begin_with_a_draft() -> None:
    with pytest.raises(ConflictError):
        measure_state(ROUTE, [replace(OPENED, kind=EventKind.RETURNED)])


@pytest.mark.parametrize(("day", "overdue"), [(19, ("c1",)), (20, ()), (21, ())])
def test_condition_is_overdue_from_the_day_after_its_due_day(day: int, overdue: tuple[str, ...]) -> None:
    condition = Condition("c1", "x", "b", date(2026, 11, day))
    state = State(Phase.DECIDED, "d", "a", conditions=(condition,))
    assert overdue_conditions(state, NOW) == overdue
    assert overdue_conditions(replace(state, fulfilled=frozenset({"c1"})), NOW) == ()


def test_approval_after_the_fact_is_late_only_while_undecided() -> None:
    state = State(Phase.DECISION, "d", "a")
    due = date(2026, 11, 20)
    assert [is_late(state, due, NOW + timedelta(days=day)) for day in (0, 1)] == [False, True]
    assert not is_late(replace(state, phase=Phase.DECIDED), due, NOW + timedelta(days=9))
    assert not is_late(state, None, NOW)
