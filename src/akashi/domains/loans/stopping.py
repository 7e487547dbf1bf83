"""The deliberate stop 能動的な停止 of the loan conversation, at once; its resumption takes a decision.

While it is stopped no application begins, nothing is read, proposed, filled in or sent; whoever writes
meets a person. Every answer stays, and can be looked at, saved and withdrawn.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_after_fact, open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.core.errors import ConflictError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import digest_of
from akashi.domains.loans.tables import stop_table
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.site import Site

STOP_KIND, RESUME_KIND = "service_stop", "service_resume"
APPROVAL_DAYS = 7
"""Calendar days within which a stop is approved afterwards. Our choice."""
ROOM, PAGE = "loans", "/loans/operation"


def find_stop(connection: Connection) -> sa.RowMapping | None:
    """Return the stop in force, or None."""
    query = sa.select(stop_table).where(stop_table.c.resumed_at.is_(None))
    return connection.execute(query).mappings().first()


def require_running(connection: Connection) -> None:
    """Return when the conversation is in operation. Raises: ConflictError: it is stopped."""
    if find_stop(connection) is not None:
        raise ConflictError(
            "Applications on this page are stopped at the moment. All your answers are kept.",
            next_step="Talk to a person; the branch takes applications too.",
        )


def stop_loans(site: Site, actor: Actor, reason: str) -> Matter:
    """Stop the conversation now; applicants meet people until a decision resumes it.

    Raises: ForbiddenError: the authority table does not name the actor; ConflictError: stopped already.
    """
    now = site.now()
    with site.database.write() as connection:
        if find_stop(connection) is not None:
            raise ConflictError("The loan conversation is stopped already.", next_step="Open the page again.")
        due = tokyo_day(now) + timedelta(days=APPROVAL_DAYS)
        draft = _draft("融資申込みの対話の能動的な停止", STOP_KIND, "stop", now.isoformat(), reason)
        matter = open_after_fact(connection, draft, actor, now, due)
        stop, row = new_id("stop"), {"stopped_by": actor.id, "reason": reason, "matter_id": matter.id}
        connection.execute(sa.insert(stop_table).values(id=stop, stopped_at=now, **row))
        append(connection, Record("loans.stopped", stop, actor.id, now, {"matter": matter.id}))
        return matter


def ask_resumption(site: Site, actor: Actor, reason: str) -> Matter:
    """Hand in the resumption; the conversation comes back when it is decided.

    Raises: ConflictError: nothing is stopped; ForbiddenError: ``actor`` may not draft it.
    """
    with site.database.write() as connection:
        stop = find_stop(connection)
        if stop is None:
            raise ConflictError("The loan conversation is not stopped.", next_step="Open the page again.")
        callback = "akashi.domains.loans.stopping:apply_resumption"
        draft = _draft("融資申込みの対話の再開", RESUME_KIND, stop["id"], "resume", reason, callback)
        return open_matter(connection, draft, actor, site.now())


def resume_decided(connection: Connection, actor_id: str, at: datetime) -> None:
    """End the stop in force, if there is one, in the transaction of a decision that another room asked."""
    stop = find_stop(connection)
    if stop is not None:
        _end(connection, stop["id"], actor_id, at)


def apply_resumption(connection: Connection, outcome: Outcome) -> None:
    """End the stop in the transaction that decides its resumption."""
    if outcome.event.kind is EventKind.DECIDED:
        _end(connection, outcome.matter.draft.subject.id, outcome.event.actor_id, outcome.event.at)


def _end(connection: Connection, stop_id: str, actor_id: str, at: datetime) -> None:
    mine = (stop_table.c.id == stop_id, stop_table.c.resumed_at.is_(None))
    if connection.execute(sa.update(stop_table).where(*mine).values(resumed_at=at)).rowcount != 1:
        raise ConflictError("This stop has ended already.", next_step="Open the page again.")
    append(connection, Record("loans.resumed", stop_id, actor_id, at))


def _draft(title: str, kind: str, subject: str, what: str, reason: str, callback: str = "") -> Draft:
    digest = digest_of(f"{kind} {subject} {what}".encode())
    return Draft(
        title=title,
        kind=kind,
        risk=Risk.HIGH,
        subject=Subject(ROOM, subject, digest),
        summary=reason,
        link=PAGE,
        callback=callback,
    )
