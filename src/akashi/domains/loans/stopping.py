"""The deliberate stop 能動的な停止 of the loan conversation: what the room lends to approvals for it.

While it is stopped no application begins, nothing is read, proposed, filled in or sent; whoever writes
meets a person. Every answer stays, and can be looked at, saved and withdrawn.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.model import Matter, Outcome
from akashi.approvals.stops import Stoppable
from akashi.core.errors import ConflictError
from akashi.core.people import Actor
from akashi.domains.loans.tables import stop_table
from akashi.platform.kit import mark
from akashi.platform.site import Site

PAGE = "/loans/operation"
SERVICE = Stoppable(
    room="loans",
    page=PAGE,
    table=stop_table,
    callback="akashi.domains.loans.stopping:apply_resumption",
    stop_title="融資申込みの対話の能動的な停止",
    resume_title="融資申込みの対話の再開",
    is_stopped=mark("The loan conversation is stopped already."),
    is_running=mark("The loan conversation is not stopped."),
)


def find_stop(connection: Connection) -> sa.RowMapping | None:
    """Return the stop in force, or None."""
    return SERVICE.find(connection)


def require_running(connection: Connection) -> None:
    """Return when the conversation is in operation. Raises: ConflictError: it is stopped."""
    if find_stop(connection) is not None:
        raise ConflictError(
            "Applications on this page are stopped at the moment. All your answers are kept.",
            next_step="Talk to a person; the branch takes applications too.",
        )


def stop_loans(site: Site, actor: Actor, reason: str) -> Matter:
    """Stop the conversation now, as ``Stoppable.stop`` does; the room's stop function."""
    return SERVICE.stop(site, actor, reason)


def resume_decided(connection: Connection, actor_id: str, at: datetime) -> None:
    """End the stop in the transaction of a decision that another room asked; the room's resume function."""
    SERVICE.resume(connection, actor_id, at)


def apply_resumption(connection: Connection, outcome: Outcome) -> None:
    """End the stop in the transaction that decides its resumption; called by approvals."""
    SERVICE.apply_outcome(connection, outcome)
