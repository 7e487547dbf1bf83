"""The deliberate stop 能動的な停止 of the assistant: what this room lends to the mechanism of approvals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.approvals.model import Matter, Outcome
from akashi.approvals.stops import Stoppable
from akashi.core.people import Actor
from akashi.domains.assistant.store import stop_table
from akashi.platform.kit import mark
from akashi.platform.site import Site

PAGE = "/assistant"
SERVICE = Stoppable(
    room="assistant",
    page=PAGE,
    table=stop_table,
    callback="akashi.domains.assistant.treat:apply_resumption",
    stop_title="自動回答の能動的な停止",
    resume_title="自動回答の再開",
    is_stopped=mark("The assistant is stopped already."),
    is_running=mark("The assistant is not stopped."),
)


def stop_assistant(site: Site, actor: Actor, reason: str) -> Matter:
    """Stop the automatic answers now, as ``Stoppable.stop`` does; the room's stop function."""
    return SERVICE.stop(site, actor, reason)


def resume_decided(connection: Connection, actor_id: str, at: datetime) -> None:
    """End the stop in the transaction of a decision that another room asked; the room's resume function."""
    SERVICE.resume(connection, actor_id, at)


def apply_resumption(connection: Connection, outcome: Outcome) -> None:
    """End the stop in the transaction that decides its resumption; called by approvals."""
    SERVICE.apply_outcome(connection, outcome)
