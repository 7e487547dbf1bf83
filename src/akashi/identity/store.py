"""Tables of people and sign-in, and the queries that read them. Writing is in the stories beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import NotFoundError
from akashi.core.people import Role
from akashi.identity.model import (
    Credential,
    Grant,
    Link,
    Person,
    PersonState,
    ServiceToken,
    Session,
    SessionKind,
)
from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()


def _person_key() -> sa.Column[str]:
    return sa.Column("person_id", sa.Text, sa.ForeignKey("identity_person.id"), nullable=False, index=True)


person_table = sa.Table(
    "identity_person",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("handle", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kana", sa.Text, nullable=False),
    sa.Column("romaji", sa.Text, nullable=False),
    sa.Column("mail", sa.Text, nullable=False),
    sa.Column("office", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
)

grant_table = sa.Table(
    "identity_grant",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _person_key(),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("valid_from", Moment, nullable=False),
    sa.Column("valid_to", Moment),
    sa.Column("granted_by", sa.Text, nullable=False),
    sa.Column("granted_at", Moment, nullable=False),
    sa.Column("confirmed_by", sa.Text),
    sa.Column("confirmed_at", Moment),
    sa.Column("revoked_by", sa.Text),
    sa.Column("revoked_at", Moment),
)

credential_table = sa.Table(
    "identity_credential",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _person_key(),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("transports", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("issued_by", sa.Text, nullable=False),
    sa.Column("last_used_at", Moment),
    sa.Column("confirmed_by", sa.Text),
    sa.Column("confirmed_at", Moment),
    sa.Column("revoked_by", sa.Text),
    sa.Column("revoked_at", Moment),
)

link_table = sa.Table(
    "identity_link",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    _person_key(),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("revoked_at", Moment),
)

challenge_table = sa.Table(
    "identity_challenge",
    metadata,
    sa.Column("challenge_hash", sa.Text, primary_key=True),
    sa.Column("browser_hash", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
)

session_table = sa.Table(
    "identity_session",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    _person_key(),
    sa.Column("credential_id", sa.Text, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("absolute_at", Moment, nullable=False),
    sa.Column("agent_digest", sa.Text, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", sa.Text),
)

token_table = sa.Table(
    "identity_token",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("last_used_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("revoked_by", sa.Text),
)

limit_table = sa.Table(
    "identity_limit",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("level", sa.Float, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)


def _key(text: str) -> str:
    """Return an id from outside as PostgreSQL accepts it; a null character matches nothing anyway."""
    return text.replace("\0", "\ufffd")


def find_person(connection: Connection, person_id: str) -> Person | None:
    """Return the person, or None."""
    query = sa.select(person_table).where(person_table.c.id == _key(person_id))
    row = connection.execute(query).mappings().first()
    return None if row is None else _person(row)


def get_person(connection: Connection, person_id: str) -> Person:
    """Return the person. Raises: NotFoundError."""
    person = find_person(connection, person_id)
    if person is None:
        raise NotFoundError("There is no such person.", where=person_id)
    return person


def lock_person(connection: Connection, person_id: str) -> Person:
    """Return the person, kept from concurrent writers until the transaction ends. Raises: NotFoundError."""
    query = sa.select(person_table.c.id).where(person_table.c.id == _key(person_id)).with_for_update()
    connection.execute(query)
    return get_person(connection, person_id)


def list_people(connection: Connection) -> list[Person]:
    """Return everybody, in the order of their reading."""
    query = sa.select(person_table).order_by(person_table.c.kana, person_table.c.id)
    return [_person(row) for row in connection.execute(query).mappings()]


def list_grants(connection: Connection, person_id: str) -> list[Grant]:
    """Return every grant the person ever had, oldest first."""
    query = (
        sa.select(grant_table)
        .where(grant_table.c.person_id == person_id)
        .order_by(grant_table.c.granted_at, grant_table.c.id)
    )
    return [_grant(row) for row in connection.execute(query).mappings()]


def grants_by_person(connection: Connection) -> Mapping[str, list[Grant]]:
    """Return the grants of everybody who ever had one, by person id, oldest first."""
    grants: defaultdict[str, list[Grant]] = defaultdict(list)
    query = sa.select(grant_table).order_by(grant_table.c.granted_at, grant_table.c.id)
    for row in connection.execute(query).mappings():
        grants[row["person_id"]].append(_grant(row))
    return grants


def get_grant(connection: Connection, grant_id: str) -> Grant:
    """Return one grant. Raises: NotFoundError."""
    query = sa.select(grant_table).where(grant_table.c.id == _key(grant_id))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("There is no such role grant.", where=grant_id)
    return _grant(row)


def find_credential(connection: Connection, credential_id: str) -> Credential | None:
    """Return one passkey, or None."""
    query = sa.select(credential_table).where(credential_table.c.id == _key(credential_id))
    row = connection.execute(query).mappings().first()
    return None if row is None else _credential(row)


def list_credentials(connection: Connection, person_id: str) -> list[Credential]:
    """Return every passkey the person ever registered, oldest first."""
    query = (
        sa.select(credential_table)
        .where(credential_table.c.person_id == person_id)
        .order_by(credential_table.c.created_at, credential_table.c.id)
    )
    return [_credential(row) for row in connection.execute(query).mappings()]


def credentials_by_person(connection: Connection) -> Mapping[str, list[Credential]]:
    """Return the passkeys of everybody who ever registered one, by person id, oldest first."""
    credentials: defaultdict[str, list[Credential]] = defaultdict(list)
    query = sa.select(credential_table).order_by(credential_table.c.created_at, credential_table.c.id)
    for row in connection.execute(query).mappings():
        credentials[row["person_id"]].append(_credential(row))
    return credentials


def find_link(connection: Connection, *, link_id: str = "", token_hash: str = "") -> Link | None:
    """Return an enrolment link by its id or by the digest of its token, or None."""
    column, value = (link_table.c.id, link_id) if link_id else (link_table.c.token_hash, token_hash)
    row = connection.execute(sa.select(link_table).where(column == _key(value))).mappings().first()
    return None if row is None else _link(row)


def list_links(connection: Connection, person_id: str) -> list[Link]:
    """Return the person's enrolment links, newest first."""
    query = (
        sa.select(link_table)
        .where(link_table.c.person_id == person_id)
        .order_by(link_table.c.created_at.desc())
    )
    return [_link(row) for row in connection.execute(query).mappings()]


def find_session(connection: Connection, token_hash: str) -> Session | None:
    """Return the session with this token digest, live or not, or None."""
    query = sa.select(session_table).where(session_table.c.token_hash == token_hash)
    row = connection.execute(query).mappings().first()
    return None if row is None else _session(row)


def list_sessions(connection: Connection, person_id: str, now: datetime) -> list[Session]:
    """Return the person's live sessions, the last used first."""
    query = (
        sa.select(session_table)
        .where(session_table.c.person_id == person_id, session_table.c.ended_at.is_(None))
        .order_by(session_table.c.last_seen_at.desc())
    )
    sessions = [_session(row) for row in connection.execute(query).mappings()]
    return [session for session in sessions if session.is_live(now)]


def find_token(connection: Connection, *, token_id: str = "", token_hash: str = "") -> ServiceToken | None:
    """Return a service token by its id or by the digest of its secret, live or not, or None."""
    column, value = (token_table.c.id, token_id) if token_id else (token_table.c.token_hash, token_hash)
    row = connection.execute(sa.select(token_table).where(column == _key(value))).mappings().first()
    return None if row is None else _token(row)


def list_tokens(connection: Connection) -> list[ServiceToken]:
    """Return every service token, newest first."""
    query = sa.select(token_table).order_by(token_table.c.created_at.desc(), token_table.c.id)
    return [_token(row) for row in connection.execute(query).mappings()]


def _person(row: Mapping[Any, Any]) -> Person:
    return Person(**{**row, "state": PersonState(row["state"])})


def _grant(row: Mapping[Any, Any]) -> Grant:
    return Grant(**{**row, "role": Role(row["role"])})


def _credential(row: Mapping[Any, Any]) -> Credential:
    return Credential(**{**row, "transports": tuple(row["transports"].split())})


def _link(row: Mapping[Any, Any]) -> Link:
    return Link(**{name: value for name, value in row.items() if name != "token_hash"})


def _session(row: Mapping[Any, Any]) -> Session:
    values = {name: value for name, value in row.items() if name != "token_hash"}
    return Session(**{**values, "kind": SessionKind(row["kind"])})


def _token(row: Mapping[Any, Any]) -> ServiceToken:
    values = {name: value for name, value in row.items() if name != "token_hash"}
    return ServiceToken(**{**values, "scopes": tuple(row["scopes"].split())})
