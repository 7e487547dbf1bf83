"""利用申請: who of the staff may use general AI for what, until when; approved, acknowledged, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.core.thread import digest_of
from akashi.domains.guardrails.callers import KEY_PREFIX, STAFF_USE_CASE
from akashi.domains.guardrails.personal import find_personal
from akashi.domains.guardrails.rules import TASKS, rules_digest
from akashi.domains.guardrails.store import exchange_table, key_table, use_table
from akashi.identity.opaque import new_token, token_digest
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.ids import new_id
from akashi.platform.site import Site

KIND = "general_ai_use"
PAGE = "/guard/use"
MOST_PURPOSE = 1_000
MOST_DAYS = 366
USE_COLUMNS = tuple(column.name for column in use_table.columns)
SUPERVISORS = (Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER, Role.PRIVACY_OFFICER, Role.SECURITY_OFFICER)


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody applies for: the purpose, the permitted work, the first and last Tokyo day."""

    purpose: str
    tasks: tuple[str, ...]
    first_day: date
    last_day: date
    has_acknowledged: bool


@dataclass(frozen=True, slots=True)
class Use:
    """One application with what became of it."""

    id: str
    person_id: str
    purpose: str
    tasks: tuple[str, ...]
    first_day: date
    last_day: date
    policy: str
    rules: str
    acknowledged_at: datetime
    asked_at: datetime
    matter_id: str
    approved_at: datetime | None
    ended_at: datetime | None
    ended_by: str

    def state(self, day: date) -> str:
        """Return where it stands on a Tokyo day: waiting, coming, rules_changed, running or over."""
        if self.ended_at is not None or day > self.last_day:
            return "over"
        if self.approved_at is None:
            return "waiting"
        if self.rules != rules_digest():
            return "rules_changed"
        return "coming" if day < self.first_day else "running"


def apply_for_use(site: Site, actor: Actor, asked: Application) -> tuple[Use, Matter]:
    """Hand in an application and return it with its matter.

    Raises: InputError: a field cannot be used, the rules are not acknowledged, or the authority table has
    no line for it; ForbiddenError: the actor may not draft it.
    """
    now = site.now()
    _check(asked, tokyo_day(now))
    use = Use(
        id=new_id("use"),
        person_id=actor.id,
        purpose=asked.purpose.strip(),
        tasks=asked.tasks,
        first_day=asked.first_day,
        last_day=asked.last_day,
        policy=STAFF_USE_CASE,
        rules=rules_digest(),
        acknowledged_at=now,
        asked_at=now,
        matter_id="",
        approved_at=None,
        ended_at=None,
        ended_by="",
    )
    draft = Draft(
        title="汎用AIの利用申請",
        kind=KIND,
        risk=Risk.LOW,
        subject=Subject("guardrails", use.id, digest_use(use)),
        summary=use.purpose,
        link=f"/guard/uses/{use.id}",
        callback="akashi.domains.guardrails.uses:apply_outcome",
        digest_of="akashi.domains.guardrails.uses:use_digest",
    )
    with site.database.write() as connection:
        row = {name: getattr(use, name) for name in USE_COLUMNS} | {"tasks": list(use.tasks)}
        connection.execute(sa.insert(use_table).values(row))
        matter = open_matter(connection, draft, actor, now)
        mine = use_table.c.id == use.id
        connection.execute(sa.update(use_table).where(mine).values(matter_id=matter.id))
        _record(connection, "use_asked", use.id, actor, now, matter=matter.id, rules=use.rules)
    return use, matter


def _check(asked: Application, today: date) -> None:
    purpose = asked.purpose.strip()
    if not purpose or len(purpose) > MOST_PURPOSE:
        raise InputError(
            "Write the purpose in up to {limit} characters.", where="purpose", limit=MOST_PURPOSE
        )
    if find_personal(purpose):
        raise InputError("Write the purpose without personal data.", where="purpose")
    if not asked.tasks or not set(asked.tasks) <= set(TASKS):
        raise InputError("Choose what the AI is to be used for.", where="tasks")
    if asked.first_day < today:
        raise InputError("The first day lies in the past.", where="first_day")
    if not asked.first_day <= asked.last_day <= asked.first_day + timedelta(days=MOST_DAYS):
        raise InputError("The last day must come within a year after the first.", where="last_day")
    if not asked.has_acknowledged:
        raise InputError("Read the rules and agree to them.", where="has_acknowledged")


def apply_outcome(connection: Connection, outcome: Outcome) -> None:
    """Follow what was decided, in the deciding transaction."""
    event, mine = outcome.event, use_table.c.id == outcome.matter.draft.subject.id
    if event.kind is EventKind.DECIDED:
        connection.execute(sa.update(use_table).where(mine).values(approved_at=event.at))
    elif event.kind is EventKind.WITHDRAWN:
        values = {"ended_at": event.at, "ended_by": event.actor_id}
        connection.execute(sa.update(use_table).where(mine).values(values))


def use_digest(connection: Connection, use_id: str) -> str:
    """Return the digest of exactly what a decision about this application decides."""
    return digest_use(read_use(connection, use_id))


def digest_use(use: Use) -> str:
    """Return the SHA-256 of person, purpose, work, days, policy and rules."""
    facts = [use.person_id, use.purpose, list(use.tasks), use.first_day.isoformat(), use.last_day.isoformat()]
    return digest_of(canonical_json([*facts, use.policy, use.rules]))


def make_key(site: Site, actor: Actor, use_id: str) -> str:
    """Return a new key for an approved application of the actor's own; the one before ends.

    It is shown once and stored nowhere. Raises: ForbiddenError: somebody else's; ConflictError: not
    approved, over, or the rules have changed since.
    """
    now = site.now()
    with site.database.write() as connection:
        use = _read_own(connection, actor, use_id)
        if use.state(tokyo_day(now)) not in ("running", "coming"):
            raise ConflictError("A key needs an approved application whose rules are acknowledged.")
        _revoke_keys(connection, use_id, now)
        secret, key_id = new_token(KEY_PREFIX), new_id("gkey")
        row = {"id": key_id, "use_id": use_id, "key_hash": token_digest(secret), "made_at": now}
        connection.execute(sa.insert(key_table).values(row))
        _record(connection, "key_made", use_id, actor, now, key=key_id)
    return secret


def acknowledge_rules(site: Site, actor: Actor, use_id: str) -> None:
    """Keep that the actor agrees to the rules as they are now. Raises: ForbiddenError, ConflictError."""
    now, rules = site.now(), rules_digest()
    with site.database.write() as connection:
        use = _read_own(connection, actor, use_id)
        if use.state(tokyo_day(now)) == "over":
            raise ConflictError("This application is over.", next_step="Apply again.")
        values = {"rules": rules, "acknowledged_at": now}
        connection.execute(sa.update(use_table).where(use_table.c.id == use_id).values(values))
        _record(connection, "rules_acknowledged", use_id, actor, now, rules=rules)


def end_use(site: Site, actor: Actor, use_id: str) -> None:
    """End a use at once, one's own or, for the second line, anybody's; its keys open nothing any more.

    Raises: ForbiddenError: neither; ConflictError: over already.
    """
    now = site.now()
    with site.database.write() as connection:
        use = read_use(connection, use_id)
        if use.person_id != actor.id and not actor.has(*SUPERVISORS):
            raise ForbiddenError("Only the applicant or the second line may end a use.")
        if use.ended_at is not None:
            raise ConflictError("This application is over.", next_step="Apply again.")
        values = {"ended_at": now, "ended_by": actor.id}
        connection.execute(sa.update(use_table).where(use_table.c.id == use_id).values(values))
        _revoke_keys(connection, use_id, now)
        _record(connection, "use_ended", use_id, actor, now)


def read_use(connection: Connection, use_id: str) -> Use:
    """Return one application. Raises: NotFoundError."""
    row = connection.execute(sa.select(use_table).where(use_table.c.id == use_id)).mappings().first()
    if row is None:
        raise NotFoundError("There is no such application.", where=use_id)
    return _use(row)


def list_uses(connection: Connection, person_id: str = "", most: int = 500) -> list[Use]:
    """Return applications, newest first: one person's, or everybody's."""
    query = sa.select(use_table)
    if person_id:
        query = query.where(use_table.c.person_id == person_id)
    rows = connection.execute(query.order_by(use_table.c.asked_at.desc()).limit(most)).mappings()
    return [_use(row) for row in rows]


def count_exchanges(connection: Connection, use_ids: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    """Return for each application: exchanges, those that were stopped, and tokens."""
    table = exchange_table.c
    stopped = sa.func.sum(sa.case((table.outcome.like("stopped%"), 1), else_=0))
    query = (
        sa.select(table.use_id, sa.func.count(), stopped, sa.func.sum(table.tokens))
        .where(table.use_id.in_(list(use_ids)))
        .group_by(table.use_id)
    )
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in connection.execute(query)}


def has_key(connection: Connection, use_id: str) -> bool:
    """Return whether an application has a key that has not been replaced or ended."""
    query = sa.select(key_table.c.id).where(key_table.c.use_id == use_id, key_table.c.revoked_at.is_(None))
    return connection.execute(query).first() is not None


def _revoke_keys(connection: Connection, use_id: str, now: datetime) -> None:
    live = [key_table.c.use_id == use_id, key_table.c.revoked_at.is_(None)]
    connection.execute(sa.update(key_table).where(*live).values(revoked_at=now))


def _read_own(connection: Connection, actor: Actor, use_id: str) -> Use:
    use = read_use(connection, use_id)
    if use.person_id != actor.id:
        raise ForbiddenError("This is somebody else's application.")
    return use


def _use(row: Any) -> Use:
    return Use(**{**row, "tasks": tuple(row["tasks"])})


def _record(
    connection: Connection, what: str, use_id: str, actor: Actor, now: datetime, **payload: JsonValue
) -> None:
    append(connection, Record(f"guardrails.{what}", use_id, actor.id, now, payload))
