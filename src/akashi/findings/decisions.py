"""What needs a decision 決裁 on its route: accepting a risk, and resuming what was stopped."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.core.errors import ConflictError
from akashi.core.lifecycle import TreatmentState, TreatmentStatus
from akashi.core.people import Actor, ActorKind
from akashi.core.thread import Acceptance, DecisionReference, Severity, Stop, digest_of
from akashi.findings import store
from akashi.findings.treat import (
    Step,
    accept,
    find_status,
    propose_treatment,
    resume_subject,
    withdraw_treatment,
)

ACCEPTANCE_KIND = "risk_acceptance"
RESUMPTION_KIND = "service_resume"

RISKS = {
    Severity.CRITICAL: Risk.HIGH,
    Severity.HIGH: Risk.HIGH,
    Severity.MEDIUM: Risk.MEDIUM,
    Severity.LOW: Risk.LOW,
}
"""Which line of the authority table decides, by severity. Our reading."""


def propose_acceptance(step: Step, finding_id: str, treatment: Acceptance) -> tuple[str, Matter]:
    """Propose an acceptance and hand it in for decision; return the treatment's id and the matter.

    Raises: InputError: the treatment is incomplete, or the authority table has no line for it;
    ForbiddenError: the actor may not draft on that route.
    """
    treatment_id = propose_treatment(step.connection, finding_id, treatment, step.actor, step.now)
    return treatment_id, _open_matter(step, finding_id, treatment_id, ACCEPTANCE_KIND, treatment.plan)


def request_resumption(step: Step, finding_id: str, treatment_id: str, reason: str) -> Matter:
    """Ask that what was stopped may run again. Raises: ConflictError: it is not stopped."""
    one = _find_treatment(step, finding_id, treatment_id)
    if not isinstance(one.treatment, Stop) or one.state is not TreatmentState.IN_FORCE:
        raise ConflictError("Nothing is stopped by this treatment.", where="treatment")
    return _open_matter(step, finding_id, treatment_id, RESUMPTION_KIND, reason)


def apply_outcome(connection: Connection, outcome: Outcome) -> None:
    """Follow a decision in the deciding transaction; a matter taken back takes its acceptance back."""
    draft, event = outcome.matter.draft, outcome.event
    treatment_id = draft.subject.id
    finding_id = find_finding_of(connection, treatment_id)
    step = Step(connection, Actor(event.actor_id, ActorKind.PERSON), event.at)
    if event.kind is EventKind.DECIDED:
        decision = DecisionReference(outcome.matter.id, event.number, event.at)
        follow = accept if draft.kind == ACCEPTANCE_KIND else resume_subject
        follow(step, finding_id, treatment_id, decision)
    elif event.kind is EventKind.WITHDRAWN and draft.kind == ACCEPTANCE_KIND:
        one = _find_treatment(step, finding_id, treatment_id)
        if one.is_ongoing:
            withdraw_treatment(step, finding_id, treatment_id)


def subject_digest(connection: Connection, treatment_id: str) -> str:
    """Return the salted digest of exactly what is decided on: the treatment as it was proposed."""
    columns = (store.event_table.c.salt, store.event_table.c.details)
    row = connection.execute(_proposal(treatment_id).with_only_columns(*columns)).one()
    return digest_of((row.salt + row.details).encode())


def find_finding_of(connection: Connection, treatment_id: str) -> str:
    """Return the finding that a treatment answers."""
    query = _proposal(treatment_id).with_only_columns(store.event_table.c.finding_id)
    return str(connection.execute(query).scalar_one())


def _open_matter(step: Step, finding_id: str, treatment_id: str, kind: str, summary: str) -> Matter:
    kept = store.load_finding(step.connection, finding_id)
    status = find_status(step.connection, finding_id, step.now)
    draft = Draft(
        title=kept.finding.title,
        kind=kind,
        risk=RISKS[status.severity],
        subject=Subject("findings", treatment_id, subject_digest(step.connection, treatment_id)),
        summary=summary,
        link=f"/findings/{finding_id}",
        callback="akashi.findings.decisions:apply_outcome",
        digest_of="akashi.findings.decisions:subject_digest",
    )
    return open_matter(step.connection, draft, step.actor, step.now)


def _find_treatment(step: Step, finding_id: str, treatment_id: str) -> TreatmentStatus:
    one = find_status(step.connection, finding_id, step.now).treatment(treatment_id)
    if one is None:
        raise ConflictError("There is no such treatment.", where="treatment")
    return one


def _proposal(treatment_id: str) -> sa.Select[tuple[object, ...]]:
    table = store.event_table
    return sa.select(table).where(table.c.treatment_id == treatment_id, table.c.kind == "proposed")
