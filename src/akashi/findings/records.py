"""Events to and from rows: a kind, a treatment id and a JSON object of details."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

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
from akashi.core.thread import (
    Acceptance,
    DecisionReference,
    Evidence,
    Mitigation,
    Remediation,
    Severity,
    Stop,
    Treatment,
    TreatmentKind,
)

Details = dict[str, Any]


def kind_of(event: FindingEvent) -> str:
    """Return the word under which the event is kept.

    >>> from datetime import UTC
    >>> kind_of(Withdrawn("f", datetime(2026, 1, 1, tzinfo=UTC), 1, "t"))
    'withdrawn'
    """
    return type(event).__name__.lower()


def write_details(event: FindingEvent) -> Details:
    """Return what a row keeps beside finding, moment, sequence and treatment."""
    match event:
        case Opened():
            return {
                "severity": event.severity.value,
                "evidence": [write_evidence(one) for one in event.evidence],
            }
        case Measured():
            return {"passed": event.passed, "evidence": write_evidence(event.evidence)}
        case Proposed():
            return write_treatment(event.treatment)
        case Decided():
            return {"decision": _write_decision(event.decision), "approved": event.approved}
        case Resumed():
            return {"decision": _write_decision(event.decision)}
        case Completed():
            return {"evidence": [write_evidence(one) for one in event.evidence]}
        case Signalled():
            return {"signal": event.signal}
        case Regraded():
            return {"severity": event.severity.value}
        case Noted():
            return {"note": event.note}
        case _:
            return {}


def read_event(
    kind: str, finding_id: str, at: datetime, sequence: int, treatment_id: str, details: Details
) -> FindingEvent:
    """Return the event behind one row."""
    head = (finding_id, at, sequence)
    if kind in _PLAIN:
        return _PLAIN[kind](head, details)
    return _ABOUT_TREATMENT[kind](head, treatment_id, details)


def write_treatment(treatment: Treatment) -> Details:
    """Return a treatment as a JSON object."""
    details: Details = {
        "kind": treatment.kind.value,
        "owner": treatment.owner,
        "due_on": treatment.due_on.isoformat(),
        "plan": treatment.plan,
    }
    if isinstance(treatment, Mitigation | Acceptance):
        details |= {
            "remaining_risk": treatment.remaining_risk,
            "expires_on": treatment.expires_on.isoformat(),
            "lapse_signals": list(treatment.lapse_signals),
        }
    return details


def read_treatment(details: Details) -> Treatment:
    """Return the treatment behind its JSON object."""
    kind = TreatmentKind(details["kind"])
    common = (details["owner"], date.fromisoformat(details["due_on"]), details["plan"])
    if kind in (TreatmentKind.REMEDIATE, TreatmentKind.STOP):
        made: Treatment = (Remediation if kind is TreatmentKind.REMEDIATE else Stop)(*common)
        return made
    limits = (
        details["remaining_risk"],
        date.fromisoformat(details["expires_on"]),
        tuple(details["lapse_signals"]),
    )
    return (Mitigation if kind is TreatmentKind.MITIGATE else Acceptance)(*common, *limits)


def write_evidence(evidence: Evidence) -> Details:
    """Return evidence as a JSON object."""
    return {
        "id": evidence.id,
        "digest": evidence.digest,
        "taken_at": evidence.taken_at.isoformat(),
        "locator": evidence.locator,
    }


def read_evidence(details: Details) -> Evidence:
    """Return the evidence behind its JSON object."""
    moment = datetime.fromisoformat(details["taken_at"])
    return Evidence(details["id"], details["digest"], moment, details["locator"])


def _write_decision(decision: DecisionReference) -> Details:
    return {
        "matter_id": decision.matter_id,
        "number": decision.number,
        "decided_at": decision.decided_at.isoformat(),
    }


def _read_decision(details: Details) -> DecisionReference:
    moment = datetime.fromisoformat(details["decided_at"])
    return DecisionReference(details["matter_id"], details["number"], moment)


def _read_all(items: list[Details]) -> tuple[Evidence, ...]:
    return tuple(read_evidence(one) for one in items)


_Head = tuple[str, datetime, int]

_PLAIN: Mapping[str, Callable[[_Head, Details], FindingEvent]] = {
    "opened": lambda head, d: Opened(*head, Severity(d["severity"]), _read_all(d["evidence"])),
    "measured": lambda head, d: Measured(*head, d["passed"], read_evidence(d["evidence"])),
    "regraded": lambda head, d: Regraded(*head, Severity(d["severity"])),
    "noted": lambda head, d: Noted(*head, d.get("note", "")),
    "turned": lambda head, d: Noted(*head, ""),
}

_ABOUT_TREATMENT: Mapping[str, Callable[[_Head, str, Details], FindingEvent]] = {
    "proposed": lambda head, one, d: Proposed(*head, one, read_treatment(d)),
    "decided": lambda head, one, d: Decided(*head, one, _read_decision(d["decision"]), d["approved"]),
    "completed": lambda head, one, d: Completed(*head, one, _read_all(d["evidence"])),
    "signalled": lambda head, one, d: Signalled(*head, one, d["signal"]),
    "withdrawn": lambda head, one, d: Withdrawn(*head, one),
    "resumed": lambda head, one, d: Resumed(*head, one, _read_decision(d["decision"])),
}
