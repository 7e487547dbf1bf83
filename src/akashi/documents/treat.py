"""A draft goes its approval route; the decision makes it answerable from its first day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_after_fact, open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.core.errors import ConflictError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import Audience
from akashi.documents.measure import decision_digest
from akashi.documents.model import Document, VersionState
from akashi.documents.store import (
    change_state,
    raise_generation,
    read_document,
    read_version,
    withdraw_version,
)

MATTER_KIND = "document_approval"
WITHDRAWAL_KIND = "document_withdrawal"
APPROVAL_DAYS = 7
"""Calendar days within which a withdrawal done at once is approved afterwards. Our choice."""


def risk_of(document: Document) -> Risk:
    """Return how much can go wrong: more where customers read the document. Our reading."""
    return Risk.MEDIUM if document.audience is Audience.CUSTOMERS else Risk.LOW


def submit_version(
    connection: Connection, version_id: str, actor: Actor, now: datetime, risk: Risk | None = None
) -> Matter:
    """Hand a draft in for approval on the route that the authority table names for its risk.

    Raises: ConflictError: it is no draft; ForbiddenError: ``actor`` may not draft on that route.
    """
    version = read_version(connection, version_id)
    if version.state is not VersionState.DRAFT:
        raise ConflictError("This version is no draft any more.", next_step="Open the document again.")
    document = read_document(connection, version.document_id)
    before = f"/documents/{document.id}/versions/{version.id}"
    draft = Draft(
        title=f"{document.title} 第{version.number}版",
        kind=MATTER_KIND,
        risk=risk or risk_of(document),
        subject=Subject("documents", version.id, decision_digest(document, version)),
        link=before,
        callback="akashi.documents.treat:apply_outcome",
        digest_of="akashi.documents.store:subject_digest",
    )
    matter = open_matter(connection, draft, actor, now)
    change_state(
        connection,
        version_id,
        VersionState.DRAFT,
        {"state": VersionState.SUBMITTED.value, "matter_id": matter.id},
    )
    return matter


def submit_versions(
    connection: Connection, version_ids: Sequence[str], actor: Actor, now: datetime
) -> list[Matter]:
    """Hand in several drafts, each as a matter of its own; all or none."""
    return [submit_version(connection, version_id, actor, now) for version_id in version_ids]


def withdraw_at_once(
    connection: Connection, version_id: str, reason: str, actor: Actor, now: datetime
) -> Matter:
    """Take a version back now and ask for approval afterwards (事後承認).

    From this transaction on nothing is answered from it. Bringing the wording back takes a new version
    and its approval.

    Raises: ForbiddenError: the authority table does not name the actor; ConflictError: withdrawn already.
    """
    version = withdraw_version(connection, version_id, reason, actor, now)
    document = read_document(connection, version.document_id)
    draft = Draft(
        title=f"{document.title} 第{version.number}版の取下げ",
        kind=WITHDRAWAL_KIND,
        risk=risk_of(document),
        subject=Subject("documents", version.id, decision_digest(document, version)),
        summary=reason,
        link=f"/documents/{document.id}/versions/{version.id}",
    )
    return open_after_fact(connection, draft, actor, now, tokyo_day(now) + timedelta(days=APPROVAL_DAYS))


def apply_outcome(connection: Connection, outcome: Outcome) -> None:
    """Follow what was decided, in the deciding transaction.

    A decision approves the version; a return or withdrawal of the matter makes it a draft again, and
    handing the matter in again submits it again.
    """
    version_id, event = outcome.matter.draft.subject.id, outcome.event
    if event.kind is EventKind.DECIDED:
        values = {"state": VersionState.APPROVED.value, "approved_at": event.at}
        change_state(connection, version_id, VersionState.SUBMITTED, values)
        raise_generation(connection)
    elif event.kind in {EventKind.RETURNED, EventKind.WITHDRAWN}:
        state = read_version(connection, version_id).state
        if state is VersionState.SUBMITTED:
            change_state(connection, version_id, state, {"state": VersionState.DRAFT.value})
    elif event.kind is EventKind.RESUBMITTED:
        change_state(connection, version_id, VersionState.DRAFT, {"state": VersionState.SUBMITTED.value})
