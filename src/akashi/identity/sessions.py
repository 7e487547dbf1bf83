"""Sessions: opaque tokens in one cookie, ended by time, by their owner or by an administrator."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection
from starlette.responses import Response

from akashi.core.errors import NotFoundError, SetupError
from akashi.core.people import NOBODY, Actor, ActorKind
from akashi.identity.demo import allows_demo
from akashi.identity.model import (
    SESSION_ABSOLUTE,
    SESSION_IDLE,
    TOUCH_AFTER,
    Session,
    SessionKind,
    roles_at,
)
from akashi.identity.opaque import new_token, token_digest
from akashi.identity.origin import is_loopback_name
from akashi.identity.records import note
from akashi.identity.store import (
    find_credential,
    find_person,
    find_session,
    list_grants,
    session_table,
)
from akashi.identity.tokens import resolve_token
from akashi.platform.ids import new_id
from akashi.platform.settings import Settings
from akashi.platform.site import Site

COOKIE = "akashi_session"


def cookie_name(settings: Settings, name: str = COOKIE) -> str:
    """Return the cookie's name: ``__Host-`` on https, so that no other host or path can set it.

    Raises: SetupError: the public origin is neither https nor on this machine.
    """
    if settings.public_origin.startswith("https://"):
        return f"__Host-{name}"
    if is_loopback_name(settings.relying_party):
        return name
    raise SetupError("Sign-in needs https: set AKASHI_ORIGIN to the https address that staff type in.")


def set_cookie(
    response: Response, settings: Settings, name: str, value: str, seconds: int | None = None
) -> None:
    """Put a cookie of ours on the response: HttpOnly, SameSite=Lax, whole site, Secure on https."""
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.public_origin.startswith("https://"),
    )


def read_cookie(request: HTTPConnection, settings: Settings, name: str = COOKIE) -> str:
    """Return the value of a cookie of ours, or an empty text."""
    return request.cookies.get(cookie_name(settings, name), "")


def agent_digest(request: HTTPConnection) -> str:
    """Return a short digest of the browser's name; enough to tell one's own browsers apart."""
    agent = request.headers.get("user-agent", "")
    return hashlib.sha256(agent.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def open_session(
    connection: Connection,
    person_id: str,
    credential_id: str | None,
    request: HTTPConnection,
    settings: Settings,
    now: datetime,
) -> str:
    """Return the token of a new session; the session that this browser had before ends.

    ``credential_id`` None opens a session of the demo switcher, which is accepted only where the
    switcher itself is.
    """
    previous = find_session(connection, token_digest(read_cookie(request, settings)))
    if previous is not None and previous.ended_at is None:
        end_sessions(connection, previous.person_id, now, "replaced", session_id=previous.id)
    token, session_id = new_token(), new_id("ses")
    kind = SessionKind.DEMO if credential_id is None else SessionKind.PASSKEY
    connection.execute(
        sa.insert(session_table).values(
            id=session_id,
            token_hash=token_digest(token),
            person_id=person_id,
            credential_id=credential_id,
            kind=kind.value,
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_IDLE,
            absolute_at=now + SESSION_ABSOLUTE,
            agent_digest=agent_digest(request),
        )
    )
    note(connection, "signed_in", person_id, person_id, now, session=session_id, kind=kind.value)
    return token


def has_credentials(site: Site, request: HTTPConnection) -> bool:
    """Return whether the request brings a session cookie or a token, whatever they are worth."""
    return bool(_read_bearer(request) or _session_token(site.settings, request))


def resolve_actor(site: Site, request: HTTPConnection) -> Actor:
    """Return who sends the request: a person by session cookie, a machine by bearer token, or nobody.

    A request with both is nobody: it is unclear who is meant. A session seen for the first time in a
    minute is written back as used.
    """
    bearer = _read_bearer(request)
    cookie = _session_token(site.settings, request)
    if bearer and cookie:
        return NOBODY
    now = site.now()
    if bearer:
        return resolve_token(site, bearer, now)
    if not cookie:
        return NOBODY
    with site.database.read() as connection:
        session = find_session(connection, token_digest(cookie))
        if session is None or not session.is_live(now):
            return NOBODY
        actor = _session_actor(connection, site.settings, request, session, now)
    if actor is not NOBODY and now - session.last_seen_at >= TOUCH_AFTER:
        _touch(site, session, now)
    return actor


def _session_token(settings: Settings, request: HTTPConnection) -> str:
    try:
        return read_cookie(request, settings)
    except SetupError:
        return ""


def _read_bearer(request: HTTPConnection) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _session_actor(
    connection: Connection, settings: Settings, request: HTTPConnection, session: Session, now: datetime
) -> Actor:
    person = find_person(connection, session.person_id)
    if person is None or not person.is_active:
        return NOBODY
    roles = roles_at(list_grants(connection, person.id), now)
    if session.credential_id is None:
        is_confirmed = allows_demo(connection, settings, request)
        if not is_confirmed:
            return NOBODY
    else:
        credential = find_credential(connection, session.credential_id)
        if credential is None or credential.revoked_at is not None:
            return NOBODY
        is_confirmed = credential.is_confirmed
    return Actor(person.id, ActorKind.PERSON, roles, person.name, confirmed=is_confirmed)


def _touch(site: Site, session: Session, now: datetime) -> None:
    with site.database.write() as connection:
        connection.execute(
            sa.update(session_table)
            .where(session_table.c.id == session.id, session_table.c.ended_at.is_(None))
            .values(last_seen_at=now, expires_at=min(now + SESSION_IDLE, session.absolute_at))
        )


def end_sessions(
    connection: Connection,
    actor_id: str,
    now: datetime,
    reason: str,
    *,
    session_id: str = "",
    person_id: str = "",
    credential_ids: Collection[str] = (),
) -> int:
    """End the open sessions that match everything given at once; return how many.

    Call it before the caller's own ledger entries: rows first, ledger last, so that two writers never
    wait for each other.

    Raises: ValueError: nothing is given, so that nobody ends everything by accident.
    """
    wanted = {"id": session_id.replace("\0", "\ufffd"), "person_id": person_id}
    conditions = [session_table.c[name] == value for name, value in wanted.items() if value]
    if credential_ids:
        conditions.append(session_table.c.credential_id.in_(credential_ids))
    if not conditions:
        raise ValueError("name a session, a person or a passkey")
    conditions.append(session_table.c.ended_at.is_(None))
    rows = connection.execute(
        sa.update(session_table)
        .where(*conditions)
        .values(ended_at=now, ended_by=actor_id)
        .returning(session_table.c.id, session_table.c.person_id)
    ).all()
    for ended_id, owner in rows:
        note(connection, "session_ended", owner, actor_id, now, session=ended_id, reason=reason)
    return len(rows)


def end_own_session(connection: Connection, actor: Actor, session_id: str, now: datetime) -> None:
    """End one of the actor's own sessions. Raises: NotFoundError: there is none with this id."""
    if not end_sessions(connection, actor.id, now, "ended", session_id=session_id, person_id=actor.id):
        raise NotFoundError("There is no such session of yours.", where=session_id)


def sign_out(site: Site, request: HTTPConnection) -> None:
    """End the session of this browser, if it has one."""
    token = _session_token(site.settings, request)
    with site.database.write() as connection:
        session = find_session(connection, token_digest(token)) if token else None
        if session is not None:
            end_sessions(connection, session.person_id, site.now(), "signed_out", session_id=session.id)
