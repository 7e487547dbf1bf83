"""The deliberate stop 能動的な停止 of the assistant, at once, and its resumption, which takes a decision."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_after_fact, open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.core.errors import ConflictError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.domains.assistant.store import add_stop, end_stop, find_stop
from akashi.platform.site import Site

STOP_KIND, RESUME_KIND = "service_stop", "service_resume"
APPROVAL_DAYS = 7
"""Calendar days within which a stop is approved afterwards. Our choice."""
PAGE = "/assistant"


def stop_assistant(site: Site, actor: Actor, reason: str) -> Matter:
    """Stop the automatic answers now; customers meet people until a decision resumes them.

    Raises: ForbiddenError: the authority table does not name the actor; ConflictError: stopped already.
    """
    now = site.now()
    with site.database.write() as connection:
        if find_stop(connection) is not None:
            raise ConflictError("The assistant is stopped already.", next_step="Open the page again.")
        draft = Draft(
            title="自動回答の能動的な停止",
            kind=STOP_KIND,
            risk=Risk.HIGH,
            subject=Subject("assistant", "stop", _digest(f"stop {now.isoformat()}")),
            summary=reason,
            link=PAGE,
        )
        due = tokyo_day(now) + timedelta(days=APPROVAL_DAYS)
        matter = open_after_fact(connection, draft, actor, now, due)
        add_stop(connection, reason, matter.id, actor, now)
        return matter


def ask_resumption(site: Site, actor: Actor, reason: str) -> Matter:
    """Hand in the resumption; the answers come back when it is decided.

    Raises: ConflictError: nothing is stopped; ForbiddenError: ``actor`` may not draft it.
    """
    now = site.now()
    with site.database.write() as connection:
        stop = find_stop(connection)
        if stop is None:
            raise ConflictError("The assistant is not stopped.", next_step="Open the page again.")
        draft = Draft(
            title="自動回答の再開",
            kind=RESUME_KIND,
            risk=Risk.HIGH,
            subject=Subject("assistant", stop["id"], _digest(f"resume {stop['id']}")),
            summary=reason,
            link=PAGE,
            callback="akashi.domains.assistant.treat:apply_resumption",
        )
        return open_matter(connection, draft, actor, now)


def resume_decided(connection: Connection, actor_id: str, at: datetime) -> None:
    """End the stop in force, if there is one, in the transaction of a decision that another room asked."""
    stop = find_stop(connection)
    if stop is not None:
        end_stop(connection, stop["id"], actor_id, at)


def apply_resumption(connection: Connection, outcome: Outcome) -> None:
    """End the stop in the transaction that decides its resumption."""
    if outcome.event.kind is EventKind.DECIDED:
        end_stop(connection, outcome.matter.draft.subject.id, outcome.event.actor_id, outcome.event.at)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
