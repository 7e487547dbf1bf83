"""Laws of the life cycle over arbitrary histories, sensible or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from akashi.core.events import (
    Completed,
    Decided,
    FindingEvent,
    Measured,
    Noted,
    Opened,
    Proposed,
    Regraded,
    Resumed,
    Signalled,
    Withdrawn,
)
from akashi.core.lifecycle import (
    FindingState,
    FindingStatus,
    TreatmentState,
    derive_status,
    list_turns,
    next_turn,
)
from akashi.core.moments import TOKYO, end_of_day
from akashi.core.thread import (
    Acceptance,
    DecisionReference,
    Evidence,
    Mitigation,
    Remediation,
    Severity,
    Stop,
    Treatment,
    digest_of,
)

START = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
MOMENTS = st.integers(0, 40).map(lambda steps: START + timedelta(hours=6 * steps))
DAYS = st.integers(0, 9).map(lambda days: date(2026, 11, 20) + timedelta(days=days))
NAMES = st.sampled_from(["t1", "t2", "t3"])
SIGNALS = st.sampled_from(["exploit", "vendor-fix", "weather"])
DECISIONS = MOMENTS.map(lambda moment: DecisionReference("mat", "2026-1", moment))
EVIDENCE = st.builds(
    lambda name, moment: Evidence(name, digest_of(name.encode()), moment), st.sampled_from("abcdef"), MOMENTS
)
SIGNAL_SETS = st.just(("exploit", "vendor-fix"))
TREATMENTS: st.SearchStrategy[Treatment] = st.one_of(
    st.builds(Remediation, st.just("p"), DAYS, st.just("plan")),
    st.builds(Mitigation, st.just("p"), DAYS, st.just("plan"), st.just("rest"), DAYS, SIGNAL_SETS),
    st.builds(Acceptance, st.just("p"), DAYS, st.just("plan"), st.just("rest"), DAYS, SIGNAL_SETS),
    st.builds(Stop, st.just("p"), DAYS, st.just("plan")),
)
FINDINGS = st.sampled_from(["f", "g"])
HEAD = (FINDINGS, MOMENTS, st.just(0))
EVENTS: st.SearchStrategy[FindingEvent] = st.one_of(
    st.builds(Measured, *HEAD, st.booleans(), EVIDENCE),
    st.builds(Proposed, *HEAD, NAMES, TREATMENTS),
    st.builds(Decided, *HEAD, NAMES, DECISIONS, st.booleans()),
    st.builds(Completed, *HEAD, NAMES, st.lists(EVIDENCE, max_size=1).map(tuple)),
    st.builds(Signalled, *HEAD, NAMES, SIGNALS),
    st.builds(Withdrawn, *HEAD, NAMES),
    st.builds(Resumed, *HEAD, NAMES, DECISIONS),
    st.builds(Regraded, *HEAD, st.sampled_from(Severity)),
    st.builds(Noted, *HEAD),
)


def number(events: list[FindingEvent]) -> list[FindingEvent]:
    """Give each event its place as sequence, as the store does, and open both findings first."""
    opening: list[FindingEvent] = [
        Opened(name, START, 0, Severity.HIGH, (Evidence("o", digest_of(b"o"), START),)) for name in ("f", "g")
    ]
    return [replace(event, sequence=place) for place, event in enumerate(opening + events)]


HISTORIES = st.lists(EVENTS, max_size=14).map(number)


def status_of(events: list[FindingEvent], now: datetime) -> FindingStatus:
    return derive_status("f", events, now)


@given(HISTORIES, MOMENTS, st.randoms())
def test_same_events_in_any_order_give_the_same_status(
    history: list[FindingEvent], now: datetime, random: Random
) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)
    assert status_of(shuffled, now) == status_of(history, now)


@given(HISTORIES, MOMENTS)
def test_events_of_other_findings_and_of_the_future_change_nothing(
    history: list[FindingEvent], now: datetime
) -> None:
    mine = [event for event in history if event.finding_id == "f" and event.at <= now]
    assert status_of(mine, now) == status_of(history, now)


@given(HISTORIES, MOMENTS)
def test_closed_finding_has_new_evidence_of_a_passing_measurement(
    history: list[FindingEvent], now: datetime
) -> None:
    status = status_of(history, now)
    if status.state is FindingState.CLOSED:
        assert status.closed_by is not None
        passes = [event for event in history if isinstance(event, Measured) and event.passed]
        assert status.closed_by in [event.evidence for event in passes]
        assert status.closed_by.digest != digest_of(b"o")


@given(HISTORIES, MOMENTS)
def test_accepted_finding_has_an_approved_unexpired_acceptance(
    history: list[FindingEvent], now: datetime
) -> None:
    status = status_of(history, now)
    if status.state is FindingState.ACCEPTED:
        held = [
            one
            for one in status.treatments
            if isinstance(one.treatment, Acceptance) and one.state is TreatmentState.IN_FORCE
        ]
        assert any(one.decision is not None and now < end_of_day(_expiry(one.treatment)) for one in held)


def _expiry(treatment: Treatment) -> date:
    assert isinstance(treatment, Acceptance | Mitigation)
    return treatment.expires_on


@given(HISTORIES, MOMENTS)
def test_nothing_is_in_force_past_its_last_tokyo_day(history: list[FindingEvent], now: datetime) -> None:
    for one in status_of(history, now).treatments:
        assert not one.is_ongoing or one.ends_at is None or now < one.ends_at


@given(HISTORIES, MOMENTS, MOMENTS)
def test_reopenings_and_ends_never_come_undone_as_time_passes(
    history: list[FindingEvent], first: datetime, second: datetime
) -> None:
    earlier, later = (status_of(history, moment) for moment in sorted((first, second)))
    assert later.reopenings[: len(earlier.reopenings)] == earlier.reopenings
    ended = {one.id: one.state for one in earlier.treatments if not one.is_ongoing}
    assert ended == {one.id: one.state for one in later.treatments if one.id in ended}


@given(HISTORIES)
def test_without_events_the_status_changes_only_at_its_next_turn(history: list[FindingEvent]) -> None:
    now = max(event.at for event in history)
    status = status_of(history, now)
    turn = next_turn(status)
    calm = (turn or now + timedelta(days=400)) - timedelta(microseconds=1)
    assert status_of(history, calm) == status
    assert turn is None or status_of(history, turn) != status


@given(HISTORIES, MOMENTS)
def test_whatever_was_in_force_reopens_the_finding_when_it_expires(
    history: list[FindingEvent], now: datetime
) -> None:
    history = [event for event in history if event.at <= now]
    held = [one for one in status_of(history, now).treatments if one.state is TreatmentState.IN_FORCE]
    ends = [one.ends_at for one in held if one.ends_at is not None]
    if ends and status_of(history, now).state is not FindingState.CLOSED:
        assert status_of(history, min(ends)).state is FindingState.REOPENED


@given(HISTORIES, MOMENTS)
def test_reopened_finding_says_when_and_why(history: list[FindingEvent], now: datetime) -> None:
    status = status_of(history, now)
    if status.state is FindingState.REOPENED:
        assert status.reopenings
        assert status.reopenings[-1].at <= now


@given(HISTORIES, MOMENTS)
def test_turns_lie_in_the_past_and_name_ended_or_late_treatments(
    history: list[FindingEvent], now: datetime
) -> None:
    status = status_of(history, now)
    for turn in list_turns(status, now):
        assert turn.at <= now
        assert status.treatment(turn.treatment_id) is not None


@given(HISTORIES, MOMENTS)
def test_severity_is_the_last_one_given(history: list[FindingEvent], now: datetime) -> None:
    given_ = [event for event in history if isinstance(event, Regraded) and event.finding_id == "f"]
    past = sorted((event for event in given_ if event.at <= now), key=lambda one: (one.at, one.sequence))
    assert status_of(history, now).severity is (past[-1].severity if past else Severity.HIGH)
