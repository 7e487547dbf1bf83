"""Each rule of the life cycle by one worked case; the laws over all histories are beside this file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from akashi.core.events import (
    Completed,
    Decided,
    FindingEvent,
    Measured,
    Opened,
    Proposed,
    Resumed,
    Signalled,
    Withdrawn,
)
from akashi.core.lifecycle import FindingState, Reason, TreatmentState, derive_status, list_turns, next_turn
from akashi.core.moments import TOKYO, end_of_day
from akashi.core.thread import (
    Acceptance,
    DecisionReference,
    Evidence,
    Mitigation,
    Remediation,
    Severity,
    Stop,
    digest_of,
)

START = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
DUE, EXPIRES = date(2026, 11, 27), date(2026, 12, 31)
REMEDIATE = Remediation("p_owner", DUE, "Install the patch")
MITIGATE = Mitigation("p_owner", DUE, "Virtual patch", "Other paths", EXPIRES, ("exploit-published",))
ACCEPT = Acceptance("p_owner", DUE, "Wait for the vendor", "Exploitation", EXPIRES, ("exploit-published",))
STOP = Stop("p_owner", DUE, "Take the site offline")
DECISION = DecisionReference("mat_1", "2026-0001", START)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def seen(name: str, hours: float) -> Evidence:
    return Evidence(name, digest_of(name.encode()), at(hours))


def opened() -> Opened:
    return Opened("f", START, 1, Severity.HIGH, (seen("scan", 0),))


def state(events: list[FindingEvent], now: datetime) -> FindingState:
    return derive_status("f", events, now).state


ACCEPTED: list[FindingEvent] = [
    opened(),
    Proposed("f", at(1), 2, "t", ACCEPT),
    Decided("f", at(2), 3, "t", DECISION, approved=True),
]
MITIGATED: list[FindingEvent] = [
    opened(),
    Proposed("f", at(1), 2, "t", MITIGATE),
    Completed("f", at(2), 3, "t", (seen("rule", 2),)),
]
REPAIRED: list[FindingEvent] = [
    opened(),
    Proposed("f", at(1), 2, "t", REMEDIATE),
    Completed("f", at(2), 3, "t"),
]
STOPPED: list[FindingEvent] = [opened(), Proposed("f", at(1), 2, "t", STOP), Completed("f", at(2), 3, "t")]


def test_finding_before_it_was_opened_is_unknown() -> None:
    with pytest.raises(LookupError):
        state([opened()], START - timedelta(microseconds=1))


def test_proposed_treatment_puts_finding_in_treatment() -> None:
    assert state(ACCEPTED[:1], at(1)) is FindingState.OPEN
    assert state(ACCEPTED[:2], at(1)) is FindingState.IN_TREATMENT


def test_acceptance_counts_only_from_its_decision() -> None:
    assert state(ACCEPTED, at(1.99)) is FindingState.IN_TREATMENT
    assert state(ACCEPTED, at(2)) is FindingState.ACCEPTED


def test_refused_acceptance_leaves_finding_open() -> None:
    refused = Decided("f", at(2), 3, "t", DECISION, approved=False)
    assert state([*ACCEPTED[:2], refused], at(3)) is FindingState.OPEN


def test_completion_is_no_way_to_accept_a_risk() -> None:
    assert state([*ACCEPTED[:2], Completed("f", at(2), 3, "t")], at(3)) is FindingState.IN_TREATMENT


@pytest.mark.parametrize("history", [ACCEPTED, MITIGATED])
def test_expiry_is_exact_to_the_last_microsecond_of_the_tokyo_day(history: list[FindingEvent]) -> None:
    midnight = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    assert state(history, midnight - timedelta(microseconds=1)) is not FindingState.REOPENED
    assert state(history, midnight) is FindingState.REOPENED
    assert derive_status("f", history, midnight).reopenings[-1].at == midnight


def test_decision_at_the_moment_of_expiry_comes_too_late() -> None:
    late = Decided("f", end_of_day(EXPIRES), 3, "t", DECISION, approved=True)
    status = derive_status("f", [*ACCEPTED[:2], late], end_of_day(EXPIRES))
    assert status.treatments[0].state is TreatmentState.EXPIRED
    assert status.state is FindingState.OPEN


def test_named_signal_lapses_an_acceptance_at_once() -> None:
    signal = Signalled("f", at(5), 4, "t", "exploit-published")
    status = derive_status("f", [*ACCEPTED, signal], at(5))
    assert status.state is FindingState.REOPENED
    assert status.reopenings[-1].reason is Reason.LAPSED


def test_unnamed_signal_lapses_nothing() -> None:
    assert state([*ACCEPTED, Signalled("f", at(5), 4, "t", "weather")], at(5)) is FindingState.ACCEPTED


def test_mitigation_needs_new_evidence_that_it_is_in_place() -> None:
    bare = Completed("f", at(2), 3, "t")
    reused = Completed("f", at(2), 3, "t", (seen("scan", 0),))
    assert state([*MITIGATED[:2], bare], at(3)) is FindingState.IN_TREATMENT
    assert state([*MITIGATED[:2], reused], at(3)) is FindingState.IN_TREATMENT
    assert state(MITIGATED, at(3)) is FindingState.MITIGATED


def test_remediation_closes_only_when_measured_again_afterwards() -> None:
    assert state(REPAIRED, at(900)) is FindingState.REMEDIATED
    before = Measured("f", at(3), 4, True, seen("early", 1.5))
    again = Measured("f", at(3), 4, True, seen("scan", 3))
    after = Measured("f", at(3), 4, True, seen("late", 2.5))
    assert state([*REPAIRED, before], at(4)) is FindingState.REMEDIATED
    assert state([*REPAIRED, again], at(4)) is FindingState.REMEDIATED
    assert state([*REPAIRED, after], at(4)) is FindingState.CLOSED
    assert derive_status("f", [*REPAIRED, after], at(4)).treatments[0].state is TreatmentState.VERIFIED


def test_failing_measurement_undoes_repair_and_closure() -> None:
    failing = Measured("f", at(5), 5, False, seen("failing", 5))
    passing = Measured("f", at(3), 4, True, seen("passing", 3))
    assert state([*REPAIRED, failing], at(6)) is FindingState.REOPENED
    assert state([*REPAIRED, passing, failing], at(6)) is FindingState.REOPENED


def test_pass_behind_a_virtual_patch_or_a_stop_closes_nothing() -> None:
    passing = Measured("f", at(3), 4, True, seen("passing", 3))
    assert state([*MITIGATED, passing], at(4)) is FindingState.MITIGATED
    assert state([*STOPPED, passing], at(4)) is FindingState.STOPPED


def test_stop_is_left_by_decision_only() -> None:
    taken_back = Withdrawn("f", at(3), 4, "t")
    resumed = Resumed("f", at(3), 4, "t", DECISION)
    assert state([*STOPPED, taken_back], at(4)) is FindingState.STOPPED
    assert state([*STOPPED, resumed], at(4)) is FindingState.REOPENED


def test_withdrawn_plan_leaves_open_and_withdrawn_mitigation_reopens() -> None:
    withdrawn = Withdrawn("f", at(3), 4, "t")
    assert state([*MITIGATED[:2], withdrawn], at(4)) is FindingState.OPEN
    assert state([*MITIGATED, withdrawn], at(4)) is FindingState.REOPENED


def test_acceptance_running_out_reopens_even_beside_a_running_repair() -> None:
    repair = Proposed("f", at(3), 4, "r", Remediation("p_owner", date(2027, 3, 31), "Replace"))
    assert state([*ACCEPTED, repair], at(4)) is FindingState.ACCEPTED
    over = end_of_day(EXPIRES)
    assert state([*ACCEPTED, repair], over) is FindingState.REOPENED
    done = Completed("f", over + timedelta(hours=1), 5, "r")
    assert state([*ACCEPTED, repair, done], over + timedelta(hours=2)) is FindingState.REMEDIATED


def test_undecided_plan_is_late_the_day_after_it_was_due() -> None:
    status = derive_status("f", ACCEPTED[:2], end_of_day(DUE))
    assert not status.is_past_due(end_of_day(DUE) - timedelta(microseconds=1))
    assert status.is_past_due(end_of_day(DUE))
    assert [turn.kind for turn in list_turns(status, end_of_day(DUE))] == ["past_due"]


def test_turns_carry_the_moment_they_happened_not_the_moment_they_were_noticed() -> None:
    weeks_later = end_of_day(EXPIRES) + timedelta(days=20)
    turns = list_turns(derive_status("f", ACCEPTED, weeks_later), weeks_later)
    assert [(turn.kind, turn.at) for turn in turns] == [("expired", end_of_day(EXPIRES))]


def test_next_turn_is_the_earliest_expiry() -> None:
    assert next_turn(derive_status("f", ACCEPTED, at(3))) == end_of_day(EXPIRES)
    assert next_turn(derive_status("f", REPAIRED, at(3))) is None


def test_decision_without_a_number_is_no_decision() -> None:
    with pytest.raises(ValueError, match="number"):
        DecisionReference("mat_1", " ", START)
