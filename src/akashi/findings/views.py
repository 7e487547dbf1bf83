"""What pages show of a finding: names of people, the timeline, what may be done next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from akashi.catalogue.treat import whole_catalogue
from akashi.core.lifecycle import FindingState, FindingStatus, TreatmentState, TreatmentStatus
from akashi.core.people import SYSTEM, Actor, Role
from akashi.core.thread import Acceptance, Mitigation, Remediation, Stop, Subject
from akashi.findings.model import Recorded
from akashi.findings.words import EVENTS, SEVERITIES
from akashi.identity.store import list_people
from akashi.register.store import find_entry, has_entry, list_titles

DECIDERS = frozenset(
    {
        Role.BUSINESS_OWNER,
        Role.LOAN_OFFICER,
        Role.VALIDATOR,
        Role.RISK_OFFICER,
        Role.COMPLIANCE_OFFICER,
        Role.PRIVACY_OFFICER,
        Role.SECURITY_OFFICER,
        Role.EXECUTIVE,
        Role.AUDITOR,
        Role.AUTHORITY,
    }
)
"""Who may read why a risk was accepted and by which decision; operators see that it was, not why."""

TREATERS = frozenset(
    {
        Role.BUSINESS_OWNER,
        Role.LOAN_OFFICER,
        Role.RISK_OFFICER,
        Role.COMPLIANCE_OFFICER,
        Role.PRIVACY_OFFICER,
        Role.SECURITY_OFFICER,
    }
)
DRAFTERS = frozenset({Role.BUSINESS_OWNER, Role.LOAN_OFFICER, Role.RISK_OFFICER, Role.SECURITY_OFFICER})

MOST_SHOWN = 120
REGISTERED = frozenset({"service", "system", "vendor"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One treatment on the detail page and the steps it offers to this reader."""

    status: TreatmentStatus
    is_past_due: bool
    is_secret: bool
    steps: tuple[str, ...]


def name_people(connection: Connection, language: str) -> dict[str, str]:
    """Return people's names by id."""
    return {person.id: person.label(language) for person in list_people(connection)}


def list_owners(connection: Connection, language: str) -> list[tuple[str, str]]:
    """Return the people who may own a treatment, for a select field."""
    active = [person for person in list_people(connection) if person.is_active]
    return [(person.id, person.label(language)) for person in active]


def list_requirements(connection: Connection, language: str) -> dict[str, list[tuple[str, str]]]:
    """Return the requirements for a select field, grouped by their document; own rules stand last."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in whole_catalogue(connection).entries:
        words = one.words(language)
        shown = words if len(words) <= MOST_SHOWN else f"{words[:MOST_SHOWN]}…"
        groups.setdefault(one.source.title(language), []).append((one.id, f"{one.clause} {shown}"))
    return groups


def name_requirement(connection: Connection, requirement_id: str, language: str) -> str:
    """Return the words of a requirement, or its id where the catalogue does not know it."""
    entry = whole_catalogue(connection).by_id.get(requirement_id)
    return entry.words(language) if entry else requirement_id


def find_subject(connection: Connection, subject: Subject) -> tuple[str, str]:
    """Return the register's name and address of the subject; its id and nothing where it knows neither."""
    kind = subject.kind.value
    if kind not in REGISTERED or not has_entry(connection, kind, subject.id):
        return subject.id, ""
    return find_entry(connection, kind, subject.id).title, f"/register/{kind}/records/{subject.id}"


def name_subjects(connection: Connection) -> dict[str, str]:
    """Return the names of registered subjects by kind and id, as rows of the list write them."""
    return {f"{kind}:{code}": title for (kind, code), title in list_titles(connection, REGISTERED).items()}


def show_treatments(status: FindingStatus, actor: Actor, now: datetime) -> tuple[Shown, ...]:
    """Return the treatments, newest first, with what the reader may see and do."""
    return tuple(_show(one, status, actor, now) for one in reversed(status.treatments))


def _show(one: TreatmentStatus, status: FindingStatus, actor: Actor, now: datetime) -> Shown:
    is_secret = isinstance(one.treatment, Acceptance) and not actor.has(*DECIDERS)
    steps = _list_steps(one) if actor.has(*TREATERS) and status.state is not FindingState.CLOSED else ()
    return Shown(one, one.is_past_due(now), is_secret, steps)


def _list_steps(one: TreatmentStatus) -> tuple[str, ...]:
    if not one.is_ongoing:
        return ()
    is_stopped = isinstance(one.treatment, Stop) and one.state is TreatmentState.IN_FORCE
    if is_stopped:
        return ("resume",)
    can_complete = isinstance(one.treatment, Remediation | Mitigation | Stop)
    has_signals = isinstance(one.treatment, Mitigation | Acceptance) and bool(one.treatment.lapse_signals)
    offered = {"complete": can_complete, "signal": has_signals, "withdraw": True}
    return tuple(name for name, fits in offered.items() if fits)


def list_timeline(
    recorded: Sequence[Recorded], names: Mapping[str, str], evidence: Mapping[str, str], *, secret: bool
) -> list[dict[str, Any]]:
    """Return what happened, newest first; ``secret`` leaves out the words of acceptances."""
    hidden = _secret_treatments(recorded) if secret else frozenset()
    return [
        {
            "at": one.event.at,
            "kind": str(one.details.get("turn", one.kind)),
            "title": EVENTS[str(one.details.get("turn", one.kind))],
            "who": "" if one.actor == SYSTEM.id else names.get(one.actor, one.actor),
            "details": {} if getattr(one.event, "treatment_id", "") in hidden else one.details,
            "evidence": [
                (str(item["digest"]), evidence.get(str(item["digest"]), "")) for item in _evidence_of(one)
            ],
        }
        for one in reversed(recorded)
    ]


def _secret_treatments(recorded: Sequence[Recorded]) -> frozenset[str]:
    proposals = [one for one in recorded if one.kind == "proposed" and one.details.get("kind") == "accept"]
    return frozenset(str(getattr(one.event, "treatment_id", "")) for one in proposals)


def _evidence_of(one: Recorded) -> list[dict[str, Any]]:
    found: Any = one.details.get("evidence", [])
    return found if isinstance(found, list) else [found]


def title_severity(value: str) -> str:
    """Return the message id of a severity kept in an event's details."""
    return {severity.value: title for severity, title in SEVERITIES.items()}.get(value, value)
