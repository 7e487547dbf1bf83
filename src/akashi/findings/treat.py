"""What may be done about a finding. Each function adds events and their ledger entry in one transaction.

Every function takes a connection of ``database.write()``; several rooms' changes share one transaction.
A step that the finding's state does not allow raises ``ConflictError`` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, InputError
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
from akashi.core.lifecycle import FindingStatus, derive_status
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import (
    Acceptance,
    DecisionReference,
    Evidence,
    Finding,
    Mitigation,
    Severity,
    Treatment,
)
from akashi.findings import store
from akashi.findings.model import Opening
from akashi.findings.records import kind_of
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id


@dataclass(frozen=True, slots=True)
class Step:
    """Who does something, when, in which transaction."""

    connection: Connection
    actor: Actor
    now: datetime


def open_finding(connection: Connection, finding: Finding, actor: Actor, now: datetime) -> Opening:
    """Record what a measurement found; the same finding again only adds its new evidence.

    The same means equal room, source, subject, requirement and fingerprint. Seeing a closed or
    repaired finding again with new evidence reopens it.
    """
    _check_evidence(finding.evidence, now)
    finding_id, is_new = store.insert_finding(connection, finding, now)
    step = Step(connection, actor, now)
    if is_new:
        _record(step, Opened(finding_id, now, 0, finding.severity, finding.evidence), {"room": finding.room})
        return Opening(finding_id, is_new=True)
    for one in finding.evidence:
        measure_again(connection, finding_id, one, passed=False, actor=actor, now=now)
    return Opening(finding_id, is_new=False)


def measure_again(
    connection: Connection, finding_id: str, evidence: Evidence, *, passed: bool, actor: Actor, now: datetime
) -> FindingStatus:
    """Record a new measurement and return where the finding stands; evidence known already adds nothing.

    A pass closes the finding unless a mitigation or a stop may be why nothing was seen.
    """
    _check_evidence((evidence,), now)
    step = Step(connection, actor, now)
    status, at = _current(step, finding_id)
    if evidence.digest in {one.digest for one in status.evidence}:
        return status
    _record(step, Measured(finding_id, at, 0, passed, evidence), {"evidence": evidence.digest})
    return _status(connection, finding_id, at)


def propose_treatment(
    connection: Connection, finding_id: str, treatment: Treatment, actor: Actor, now: datetime
) -> str:
    """Record a proposed treatment and return its id.

    Raises: InputError: a date lies in the past or the expiry before the due date, or a text is missing;
    ConflictError: the finding is closed.
    """
    _check_treatment(treatment, now)
    treatment_id = new_id("trt")
    step = Step(connection, actor, now)
    _, at = _current(step, finding_id)
    _take(step, Proposed(finding_id, at, 0, treatment_id, treatment), {"kind": treatment.kind.value})
    return treatment_id


def decide_treatment(
    step: Step, finding_id: str, treatment_id: str, decision: DecisionReference, *, approved: bool
) -> None:
    """Record what a route decided on a treatment; an approved acceptance is in force from now on."""
    _, at = _current(step, finding_id)
    numbers: dict[str, JsonValue] = {"matter": decision.matter_id, "number": decision.number}
    payload = {**numbers, "approved": approved}
    _take(step, Decided(finding_id, at, 0, treatment_id, decision, approved), payload)


def accept(step: Step, finding_id: str, treatment_id: str, decision: DecisionReference) -> None:
    """Put a proposed acceptance into force by its decision.

    Raises: ConflictError: the treatment is no acceptance, is not waiting for a decision, or has expired.
    """
    status, _ = _current(step, finding_id)
    one = status.treatment(treatment_id)
    if one is None or not isinstance(one.treatment, Acceptance):
        raise ConflictError("This treatment is not a risk acceptance.", where="treatment")
    decide_treatment(step, finding_id, treatment_id, decision, approved=True)


def complete_treatment(
    step: Step, finding_id: str, treatment_id: str, evidence: tuple[Evidence, ...] = ()
) -> None:
    """Record that a treatment was carried out; a mitigation needs new evidence that it is in place."""
    _check_evidence(evidence, step.now)
    _, at = _current(step, finding_id)
    payload = {"evidence": [one.digest for one in evidence]}
    _take(step, Completed(finding_id, at, 0, treatment_id, evidence), payload)


def signal_lapse(step: Step, finding_id: str, treatment_id: str, signal: str) -> None:
    """Record one of the signals on which a treatment lapses; it lapses at once."""
    _, at = _current(step, finding_id)
    _take(step, Signalled(finding_id, at, 0, treatment_id, signal), {})


def withdraw_treatment(step: Step, finding_id: str, treatment_id: str) -> None:
    """Take a treatment back. Raises: ConflictError: it has ended, or is a stop in force."""
    _, at = _current(step, finding_id)
    _take(step, Withdrawn(finding_id, at, 0, treatment_id), {})


def resume_subject(step: Step, finding_id: str, treatment_id: str, decision: DecisionReference) -> None:
    """Record that what was stopped runs again, by decision; the finding is open again."""
    _, at = _current(step, finding_id)
    payload = {"matter": decision.matter_id, "number": decision.number}
    _take(step, Resumed(finding_id, at, 0, treatment_id, decision), payload)


def regrade_finding(step: Step, finding_id: str, severity: Severity) -> None:
    """Change the severity. Raises: ConflictError: it is that already."""
    _, at = _current(step, finding_id)
    _take(step, Regraded(finding_id, at, 0, severity), {"severity": severity.value})


def note(step: Step, finding_id: str, text: str) -> None:
    """Add a note to the timeline. Raises: InputError: it is empty."""
    if not text.strip():
        raise InputError("Write something.", where="note")
    _, at = _current(step, finding_id)
    _record(step, Noted(finding_id, at, 0, text.strip()), {})


def find_status(connection: Connection, finding_id: str, now: datetime) -> FindingStatus:
    """Return where a finding stands at ``now``. Raises: NotFoundError: there is none."""
    store.load_finding(connection, finding_id)
    events = store.list_events(connection, finding_id)
    return derive_status(finding_id, events, max(now, events[0].at))


def _current(step: Step, finding_id: str) -> tuple[FindingStatus, datetime]:
    """Return where the finding stands, locked, and the moment of the next event: never before the last."""
    store.load_finding(step.connection, finding_id, lock=True)
    events = store.list_events(step.connection, finding_id)
    at = max([step.now, *(event.at for event in events)])
    return derive_status(finding_id, events, at), at


def _status(connection: Connection, finding_id: str, at: datetime) -> FindingStatus:
    return derive_status(finding_id, store.list_events(connection, finding_id), at)


def _take(step: Step, event: FindingEvent, payload: Mapping[str, JsonValue]) -> None:
    """Record an event that must change something.

    Raises: ConflictError: in its present state the finding does not take this step.
    """
    events = store.list_events(step.connection, event.finding_id)
    last = max(one.sequence for one in events)
    trial = replace(event, sequence=last + 1)
    before = derive_status(event.finding_id, events, event.at)
    if derive_status(event.finding_id, [*events, trial], event.at) == before:
        raise ConflictError(
            "The present state of the finding or the treatment does not allow this step.",
            where="treatment",
            next_step="Reload the page to see what has happened meanwhile.",
        )
    _record(step, event, payload)


def _record(step: Step, event: FindingEvent, payload: Mapping[str, JsonValue]) -> None:
    kept, digest = store.insert_event(step.connection, event, step.actor.id, step.now)
    finding_id = event.finding_id
    store.write_phases(step.connection, finding_id, store.list_events(step.connection, finding_id))
    treatment_id = getattr(event, "treatment_id", "")
    treatment: dict[str, JsonValue] = {"treatment": treatment_id} if treatment_id else {}
    facts = {"sequence": kept.sequence, "digest": digest, **treatment, **payload}
    kind = f"findings.{kind_of(event)}"
    append(step.connection, Record(kind, finding_id, step.actor.id, step.now, facts))


def _check_evidence(evidence: tuple[Evidence, ...], now: datetime) -> None:
    for one in evidence:
        if one.taken_at > now:
            raise InputError("The evidence {id} was taken in the future.", where="evidence", id=one.id)


def _check_treatment(treatment: Treatment, now: datetime) -> None:
    today = tokyo_day(now)
    _require_text("owner", treatment.owner)
    _require_text("plan", treatment.plan)
    if treatment.due_on < today:
        raise InputError("The due date lies in the past.", where="due_on", next_step="Choose today or later.")
    if isinstance(treatment, Mitigation | Acceptance):
        _require_text("remaining_risk", treatment.remaining_risk)
        if treatment.expires_on <= treatment.due_on:
            raise InputError("The expiry date must come after the due date.", where="expires_on")


def _require_text(name: str, text: str) -> None:
    if not text.strip():
        raise InputError("This must be filled in.", where=name)
