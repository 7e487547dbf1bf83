"""能動的な停止: the proxy and the tools of a use case stop at once; resuming takes a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_after_fact, open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.core.errors import ConflictError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import digest_of
from akashi.domains.guardrails.store import stop_table
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.site import Site

STOP_KIND, RESUME_KIND = "service_stop", "service_resume"
APPROVAL_DAYS = 7
"""Calendar days within which a stop is approved afterwards. Our choice."""
PAGE = "/guard/stops"
ALL = ""
MOST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop; an empty ``use_case`` stops everything that goes through the proxy."""

    id: str
    use_case: str
    reason: str
    matter_id: str
    stopped_at: datetime
    stopped_by: str
    ended_at: datetime | None


def stop_use_case(site: Site, actor: Actor, reason: str, use_case: str = ALL) -> Matter:
    """Stop the proxy and the tools of a use case now, or of all of them; approved afterwards.

    Raises: ForbiddenError: the authority table does not name the actor; ConflictError: stopped already;
    InputError: no reason.
    """
    now = site.now()
    said = _check_reason(reason)
    with site.database.write() as connection:
        if any(one.use_case == use_case for one in list_stops(connection)):
            raise ConflictError("This is stopped already.", next_step="Open the page again.")
        stop_id = new_id("gstop")
        draft = Draft(
            title=f"AI利用の能動的な停止（{use_case or '中継のすべて'}）",
            kind=STOP_KIND,
            risk=Risk.HIGH,
            subject=Subject("guardrails", stop_id, digest_of(f"stop {stop_id}".encode())),
            summary=said,
            link=PAGE,
        )
        due = tokyo_day(now) + timedelta(days=APPROVAL_DAYS)
        matter = open_after_fact(connection, draft, actor, now, due)
        row = {
            "id": stop_id,
            "use_case": use_case,
            "reason": said,
            "matter_id": matter.id,
            "stopped_at": now,
            "stopped_by": actor.id,
        }
        connection.execute(sa.insert(stop_table).values(row))
        payload = {"use_case": use_case, "matter": matter.id}
        append(connection, Record("guardrails.stopped", stop_id, actor.id, now, payload))
    return matter


def ask_resumption(site: Site, actor: Actor, reason: str, stop_id: str) -> Matter:
    """Hand in the resumption; it resumes when it is decided. Raises: ConflictError, InputError."""
    said = _check_reason(reason)
    with site.database.write() as connection:
        stop = next((one for one in list_stops(connection) if one.id == stop_id), None)
        if stop is None:
            raise ConflictError("This is not stopped.", next_step="Open the page again.")
        draft = Draft(
            title=f"AI利用の再開（{stop.use_case or '中継のすべて'}）",
            kind=RESUME_KIND,
            risk=Risk.HIGH,
            subject=Subject("guardrails", stop.id, digest_of(f"resume {stop.id}".encode())),
            summary=said,
            link=PAGE,
            callback="akashi.domains.guardrails.treat:apply_resumption",
        )
        return open_matter(connection, draft, actor, site.now())


def apply_resumption(connection: Connection, outcome: Outcome) -> None:
    """End the stop in the transaction that decides its resumption."""
    event, stop_id = outcome.event, outcome.matter.draft.subject.id
    if event.kind is EventKind.DECIDED:
        mine = stop_table.c.id == stop_id
        connection.execute(sa.update(stop_table).where(mine).values(ended_at=event.at))
        append(connection, Record("guardrails.resumed", stop_id, event.actor_id, event.at, {}))


def list_stops(connection: Connection) -> list[Stop]:
    """Return what is stopped now."""
    query = sa.select(stop_table).where(stop_table.c.ended_at.is_(None))
    rows = connection.execute(query.order_by(stop_table.c.stopped_at)).mappings()
    return [Stop(**row) for row in rows]


def is_stopped(connection: Connection, use_case: str) -> bool:
    """Return whether a use case is stopped, by itself or with all others."""
    query = sa.select(stop_table.c.id).where(
        stop_table.c.ended_at.is_(None), stop_table.c.use_case.in_([ALL, use_case])
    )
    return connection.execute(query.limit(1)).first() is not None


def _check_reason(reason: str) -> str:
    said = reason.strip()
    if not said or len(said) > MOST_REASON:
        raise InputError("Write the reason in up to {limit} characters.", where="reason", limit=MOST_REASON)
    return said
