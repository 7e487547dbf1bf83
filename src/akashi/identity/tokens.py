"""Service tokens: how machines act, each with its scopes, until it expires or is revoked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.people import NOBODY, Actor, ActorKind
from akashi.identity.administrators import require_administrator
from akashi.identity.model import TOUCH_AFTER, ServiceToken
from akashi.identity.opaque import new_token, token_digest
from akashi.identity.records import note
from akashi.identity.store import find_token, token_table
from akashi.platform.access import SCOPE, Rule
from akashi.platform.ids import new_id
from akashi.platform.site import Site

PREFIX = "akashi_"
LIFETIMES_DAYS = (1, 30, 90, 180, 365)
NAME_LIMIT = 80


def known_scopes(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return every scope that some route or command admits, sorted.

    >>> known_scopes([Rule("route", "GET", "/api/answers", frozenset({"scope:answers", "auditor"}))])
    ('answers',)
    """
    words = {word for rule in rules for word in rule.allowed if word.startswith(SCOPE)}
    return tuple(sorted(word.removeprefix(SCOPE) for word in words))


def create_token(
    connection: Connection,
    actor: Actor,
    name: str,
    scopes: Collection[str],
    lifetime: timedelta,
    now: datetime,
    known: Collection[str],
) -> tuple[ServiceToken, str]:
    """Return the token's record and the token itself, which is shown once and stored nowhere.

    Raises: ForbiddenError: not a confirmed administrator; InputError: no name, no scope, a scope that
    nothing asks for, or a lifetime outside one day to one year.
    """
    require_administrator(connection, actor, now)
    label = name.strip()
    if not label or len(label) > NAME_LIMIT or not label.isprintable():
        raise InputError("Give the token a name of up to {limit} characters.", where="name", limit=NAME_LIMIT)
    if not scopes or not set(scopes) <= set(known):
        raise InputError("Choose at least one of the scopes offered.", where="scopes")
    if not timedelta(days=1) <= lifetime <= timedelta(days=max(LIFETIMES_DAYS)):
        raise InputError("A token lives between one day and one year.", where="days")
    secret, token_id = new_token(PREFIX), new_id("tok")
    connection.execute(
        sa.insert(token_table).values(
            id=token_id,
            name=label,
            token_hash=token_digest(secret),
            scopes=" ".join(sorted(scopes)),
            created_by=actor.id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    record = _get_token(connection, token_id)
    expires = record.expires_at.isoformat()
    note(connection, "token_created", token_id, actor.id, now, scopes=list(record.scopes), expires_at=expires)
    return record, secret


def revoke_token(connection: Connection, actor: Actor, token_id: str, now: datetime) -> None:
    """Refuse the token from this moment on. Raises: NotFoundError, ConflictError, ForbiddenError."""
    require_administrator(connection, actor, now)
    if _get_token(connection, token_id).revoked_at is not None:
        raise ConflictError("This token has already been revoked.", where=token_id)
    connection.execute(
        sa.update(token_table).where(token_table.c.id == token_id).values(revoked_at=now, revoked_by=actor.id)
    )
    note(connection, "token_revoked", token_id, actor.id, now)


def resolve_token(site: Site, secret: str, now: datetime) -> Actor:
    """Return the machine behind a bearer token, or nobody."""
    with site.database.read() as connection:
        token = find_token(connection, token_hash=token_digest(secret))
    if token is None or not token.is_live(now):
        return NOBODY
    if token.last_used_at is None or now - token.last_used_at >= TOUCH_AFTER:
        with site.database.write() as connection:
            connection.execute(
                sa.update(token_table).where(token_table.c.id == token.id).values(last_used_at=now)
            )
    return Actor(f"service:{token.id}", ActorKind.SERVICE, name=token.name, scopes=frozenset(token.scopes))


def _get_token(connection: Connection, token_id: str) -> ServiceToken:
    token = find_token(connection, token_id=token_id)
    if token is None:
        raise NotFoundError("There is no such service token.", where=token_id)
    return token
