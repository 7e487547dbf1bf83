"""Who may use the proxy: programs with a service token, staff with the key of an approved application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.moments import tokyo_day
from akashi.core.people import ActorKind
from akashi.domains.guardrails.guards import Guards
from akashi.domains.guardrails.rules import rules_digest
from akashi.domains.guardrails.store import key_table, quota_table, use_table
from akashi.identity.limits import Bucket, take_shared
from akashi.identity.opaque import token_digest
from akashi.identity.store import find_person
from akashi.identity.tokens import resolve_token
from akashi.platform.site import Site

SCOPE = "proxy"
USE_CASE, STAFF_USE_CASE = "proxy", "general_ai"
KEY_PREFIX = "akashi_use_"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is, on which policy, and the application it rests on (staff only)."""

    id: str
    use_case: str
    use_id: str = ""


def find_caller(site: Site, guards: Guards, secret: str) -> Caller | None:
    """Return who is behind a bearer token, or None: unknown, expired, revoked, or without the scope.

    A policy names in ``tokens`` the service tokens that run under it; the others run under ``proxy``.
    """
    if secret.startswith(KEY_PREFIX):
        with site.database.read() as connection:
            return _find_user(connection, secret, site.now())
    actor = resolve_token(site, secret, site.now())
    if actor.kind is not ActorKind.SERVICE or SCOPE not in actor.scopes:
        return None
    named = (one.use_case for one in guards.policies.values() if actor.name in one.tokens)
    return Caller(actor.id, next(named, USE_CASE))


def _find_user(connection: Connection, secret: str, now: datetime) -> Caller | None:
    query = (
        sa.select(use_table)
        .join(key_table, key_table.c.use_id == use_table.c.id)
        .where(key_table.c.key_hash == token_digest(secret), key_table.c.revoked_at.is_(None))
    )
    row = connection.execute(query).mappings().first()
    if row is None or row["approved_at"] is None or row["ended_at"] is not None:
        return None
    if not row["first_day"] <= tokyo_day(now) <= row["last_day"] or row["rules"] != rules_digest():
        return None
    person = find_person(connection, row["person_id"])
    if person is None or not person.is_active:
        return None
    return Caller(row["person_id"], row["policy"], row["id"])


def take_request(site: Site, caller: Caller, per_minute: int) -> float:
    """Count one request of a caller, on every replica; return 0 or the seconds to wait."""
    bucket = Bucket("guard_proxy", per_minute, 60 / per_minute)
    with site.database.write() as connection:
        return take_shared(connection, bucket, caller.id, site.now())


def reserve_tokens(connection: Connection, caller: Caller, day: date, tokens: int, most: int) -> bool:
    """Set aside tokens of a caller's day and return True, or return False: the day has no more."""
    mine = [quota_table.c.caller == caller.id, quota_table.c.day == day]
    if connection.execute(sa.select(quota_table.c.day).where(*mine)).first() is None:
        nested = connection.begin_nested()
        try:
            connection.execute(sa.insert(quota_table).values(caller=caller.id, day=day, tokens=0))
            nested.commit()
        except sa.exc.IntegrityError:
            nested.rollback()
    within = [*mine, quota_table.c.tokens + tokens <= most]
    added = sa.update(quota_table).where(*within).values(tokens=quota_table.c.tokens + tokens)
    return connection.execute(added).rowcount == 1


def settle_tokens(connection: Connection, caller: Caller, day: date, reserved: int, used: int) -> None:
    """Replace what was set aside by what was used."""
    mine = [quota_table.c.caller == caller.id, quota_table.c.day == day]
    left = quota_table.c.tokens - reserved + used
    connection.execute(sa.update(quota_table).where(*mine).values(tokens=left))
