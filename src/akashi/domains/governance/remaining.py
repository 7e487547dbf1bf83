"""What was found about a use case, how it is treated, and who accepted what remains: for its papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.engine import Connection

from akashi.approvals.matters import read_matter
from akashi.approvals.model import EventKind
from akashi.core.errors import NotFoundError
from akashi.core.lifecycle import FindingState, TreatmentStatus, derive_status
from akashi.core.thread import (
    Acceptance,
    DecisionReference,
    Mitigation,
    Severity,
    TreatmentKind,
)
from akashi.findings.model import Row, Wanted
from akashi.findings.store import list_events, list_rows
from akashi.findings.words import SEVERITIES, STATES, TREATMENTS
from akashi.identity.store import find_person
from akashi.platform.kit import Translator
from akashi.platform.kit.formats import write_date
from akashi.platform.papers import Block, Heading, PaperTable, Text


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as papers tell it. ``accepted_by`` and the written words never leave the house."""

    title: str
    severity: Severity
    state: FindingState
    treatment: TreatmentKind | None = None
    until: date | None = None
    plan: str = ""
    remaining: str = ""
    decision: str = ""
    accepted_by: str = ""


def list_told(connection: Connection, subject: str, now: datetime) -> tuple[Told, ...]:
    """Return the findings about a subject, the gravest first, each with the treatment that answers it."""
    return tuple(_tell(connection, row, now) for row in list_rows(connection, Wanted(subject=subject), now))


def _tell(connection: Connection, row: Row, now: datetime) -> Told:
    told = Told(row.title, row.severity, row.state)
    one = _answering(derive_status(row.id, list_events(connection, row.id), now).treatments)
    if one is None:
        return told
    treatment = one.treatment
    until, remaining = treatment.due_on, ""
    if isinstance(treatment, Acceptance | Mitigation):
        until, remaining = treatment.expires_on, treatment.remaining_risk
    return replace(
        told,
        treatment=treatment.kind,
        until=until,
        plan=treatment.plan,
        remaining=remaining,
        decision=one.decision.number if one.decision else "",
        accepted_by=_decider(connection, one.decision),
    )


def _answering(treatments: tuple[TreatmentStatus, ...]) -> TreatmentStatus | None:
    return next((one for one in reversed(treatments) if one.is_ongoing and one.answers), None)


def _decider(connection: Connection, decision: DecisionReference | None) -> str:
    """Return the name of whoever decided; nothing without a decision."""
    if decision is None:
        return ""
    try:
        events = read_matter(connection, decision.matter_id).events
    except NotFoundError:
        return ""
    decided = next((event.actor_id for event in reversed(events) if event.kind is EventKind.DECIDED), "")
    person = find_person(connection, decided)
    return person.name if person else decided


def tell_findings(said: Translator, findings: tuple[Told, ...]) -> PaperTable:
    """Return what was found and how it is treated, by when; what reads the same stands once, counted."""
    rows: dict[tuple[str, ...], int] = {}
    for one in findings:
        row = (
            one.title,
            said(SEVERITIES[one.severity]),
            said(STATES[one.state]),
            "　".join(part for part in (_treatment(said, one), one.plan) if part) or _untreated(said, one),
            write_date(one.until, said.language) if one.until else "—",
        )
        rows[row] = rows.get(row, 0) + 1
    told = tuple((_times(said, row[0], count), *row[1:]) for row, count in rows.items())
    columns = (said("Finding"), said("Severity"), said("State"), said("How it is treated"), said("By, until"))
    return PaperTable(columns, told, widths=(4, 1, 1.4, 3, 1.6), empty=said("None"))


def _times(said: Translator, title: str, count: int) -> str:
    return title if count == 1 else said("{title} ({count} requirements)", title=title, count=count)


def _treatment(said: Translator, one: Told) -> str:
    return said(TREATMENTS[one.treatment]) if one.treatment else ""


def _untreated(said: Translator, one: Told) -> str:
    return said("Measured again and kept") if one.state is FindingState.CLOSED else "—"


def tell_remaining(said: Translator, findings: tuple[Told, ...]) -> list[Block]:
    """Return which risks somebody accepted or lives with, who, by which decision and until when."""
    held = [one for one in findings if one.state in (FindingState.ACCEPTED, FindingState.MITIGATED)]
    if not held:
        text = said(
            "Nobody has accepted a risk of this use case; what remains is what the bounds leave open."
        )
        return [Heading(said("Who accepted what remains"), 2), Text(text)]
    rows = tuple(
        (
            one.title,
            one.remaining or "—",
            one.accepted_by or "—",
            one.decision or "—",
            write_date(one.until, said.language) if one.until else "—",
        )
        for one in held
    )
    columns = tuple(said(word) for word in ("Finding", "Remaining risk", "Accepted by", "Decision", "Until"))
    table = PaperTable(columns, rows, widths=(3, 3, 1.4, 1.6, 1.6))
    return [Heading(said("Who accepted what remains"), 2), table]


def pack_told(one: Told) -> dict[str, str]:
    """Return a finding as a bundle carries it: no person and no free words."""
    return {
        "title": one.title,
        "severity": one.severity.value,
        "state": one.state.value,
        "treatment": one.treatment.value if one.treatment else "",
        "until": one.until.isoformat() if one.until else "",
        "decision": one.decision,
    }


def unpack_told(told: Mapping[str, str]) -> Told:
    """Return a finding out of a bundle. Raises: KeyError, TypeError, ValueError: it is not one."""
    return Told(
        title=str(told["title"]),
        severity=Severity(told["severity"]),
        state=FindingState(told["state"]),
        treatment=TreatmentKind(told["treatment"]) if told["treatment"] else None,
        until=date.fromisoformat(told["until"]) if told["until"] else None,
        decision=str(told["decision"]),
    )
