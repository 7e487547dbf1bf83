"""The deliberate stop 能動的な停止 of a service, at once, and its resumption, which takes a decision.

One mechanism for every room that serves customers: the room lends its name, its page, its table and its
words, and says at its own doors whether it is stopped. Approval afterwards (事後承認) is asked for in the
transaction that stops; the transaction that decides the resumption ends the stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_after_fact, open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.approvals.stopped import find_stop
from akashi.core.errors import ConflictError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import digest_of
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.site import Site

STOP_KIND, RESUME_KIND = "service_stop", "service_resume"
APPROVAL_DAYS = 7
"""Calendar days within which a stop is approved afterwards. Our choice."""
AGAIN = "Open the page again."


@dataclass(frozen=True, slots=True)
class Stoppable:
    """What a room lends. ``callback`` names its function that hands an outcome to ``apply_outcome``.

    ``stop_title`` and ``resume_title`` head the matters; ``is_stopped`` and ``is_running`` are the message
    ids that refuse a second stop and a resumption of nothing.
    """

    room: str
    page: str
    table: sa.Table
    callback: str
    stop_title: str
    resume_title: str
    is_stopped: str
    is_running: str

    def find(self, connection: Connection) -> sa.RowMapping | None:
        """Return the stop in force, or None."""
        return find_stop(connection, self.table)

    def stop(self, site: Site, actor: Actor, reason: str) -> Matter:
        """Stop now; customers meet people until a decision resumes it.

        Raises: ForbiddenError: the authority table does not name the actor; ConflictError: stopped already.
        """
        now = site.now()
        with site.database.write() as connection:
            if self.find(connection) is not None:
                raise ConflictError(self.is_stopped, next_step=AGAIN)
            draft = self._draft(self.stop_title, STOP_KIND, "stop", now.isoformat(), reason)
            due = tokyo_day(now) + timedelta(days=APPROVAL_DAYS)
            matter = open_after_fact(connection, draft, actor, now, due)
            stop, row = new_id("stop"), {"stopped_by": actor.id, "reason": reason, "matter_id": matter.id}
            connection.execute(sa.insert(self.table).values(id=stop, stopped_at=now, **row))
            append(connection, Record(f"{self.room}.stopped", stop, actor.id, now, {"matter": matter.id}))
            return matter

    def ask_resumption(self, site: Site, actor: Actor, reason: str) -> Matter:
        """Hand in the resumption; the service comes back when it is decided.

        Raises: ConflictError: nothing is stopped; ForbiddenError: ``actor`` may not draft it.
        """
        with site.database.write() as connection:
            stop = self.find(connection)
            if stop is None:
                raise ConflictError(self.is_running, next_step=AGAIN)
            draft = self._draft(
                self.resume_title, RESUME_KIND, stop["id"], "resume", reason, callback=self.callback
            )
            return open_matter(connection, draft, actor, site.now())

    def resume(self, connection: Connection, actor_id: str, at: datetime) -> None:
        """End the stop in force, if any, in the transaction of a decision that another room asked."""
        stop = self.find(connection)
        if stop is not None:
            self._end(connection, stop["id"], actor_id, at)

    def apply_outcome(self, connection: Connection, outcome: Outcome) -> None:
        """End the stop in the transaction that decides it. Raises: ConflictError: it has ended already."""
        if outcome.event.kind is EventKind.DECIDED:
            self._end(connection, outcome.matter.draft.subject.id, outcome.event.actor_id, outcome.event.at)

    def _end(self, connection: Connection, stop_id: str, actor_id: str, at: datetime) -> None:
        mine = (self.table.c.id == stop_id, self.table.c.resumed_at.is_(None))
        if connection.execute(sa.update(self.table).where(*mine).values(resumed_at=at)).rowcount != 1:
            raise ConflictError("This stop has ended already.", next_step=AGAIN)
        append(connection, Record(f"{self.room}.resumed", stop_id, actor_id, at))

    def _draft(
        self, title: str, kind: str, subject: str, what: str, reason: str, *, callback: str = ""
    ) -> Draft:
        return Draft(
            title=title,
            kind=kind,
            risk=Risk.HIGH,
            subject=Subject(self.room, subject, digest_of(f"{kind} {subject} {what}".encode())),
            summary=reason,
            link=self.page,
            callback=callback,
        )
