"""Registered passkeys: confirmed by a second administrator, revoked when lost."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from akashi.core.people import Actor
from akashi.identity.administrators import (
    administrator_ids,
    close_founding,
    is_founding,
    refuse_self,
    require_administrator,
)
from akashi.identity.enrolment import create_link
from akashi.identity.model import Credential
from akashi.identity.opaque import token_digest
from akashi.identity.records import note
from akashi.identity.sessions import end_sessions
from akashi.identity.store import credential_table, find_credential, list_credentials, lock_person


def confirm_credential(
    connection: Connection, actor: Actor, credential_id: str, code: str, now: datetime
) -> Credential:
    """Return the passkey, whose owner may now decide.

    ``code`` is what the owner read out: it was shown to whoever held the device at registration, so a
    link that fell into other hands is found out here. While the installation is being founded, the
    first two administrators confirm each other although one issued the other's link.

    Raises: ForbiddenError: not a second administrator; InputError: the code does not match;
    ConflictError: nothing is pending any more.
    """
    credential = _lock_credential(connection, credential_id)
    founders = is_founding(connection) and credential.person_id in administrator_ids(connection, now)
    require_administrator(connection, actor, now, founding=founders)
    refuse_self(actor, credential.person_id)
    if actor.id == credential.issued_by and not founders:
        raise ForbiddenError("A second administrator must confirm this, not the one who made the link.")
    if not credential.is_pending:
        raise ConflictError("This passkey no longer waits for confirmation.")
    if not hmac.compare_digest(_plain(code), _plain(credential.code)):
        raise InputError(
            "This is not the code that the person sees.",
            where="code",
            next_step="Ask the person to read it out; if it still differs, revoke the passkey.",
        )
    connection.execute(
        sa.update(credential_table)
        .where(credential_table.c.id == credential_id)
        .values(confirmed_by=actor.id, confirmed_at=now)
    )
    passkey = token_digest(credential_id)
    note(
        connection,
        "passkey_confirmed",
        credential.person_id,
        actor.id,
        now,
        passkey=passkey,
        issued_by=credential.issued_by,
        founding=founders,
    )
    close_founding(connection, actor.id, now)
    return _lock_credential(connection, credential_id)


def revoke_credential(
    connection: Connection, actor: Actor, credential_id: str, now: datetime, *, own: bool = False
) -> None:
    """Refuse the passkey from this moment and end its sessions.

    With ``own`` it must be the actor's; otherwise an administrator does it.
    """
    credential = _lock_credential(connection, credential_id)
    if not own:
        require_administrator(connection, actor, now)
    elif actor.id != credential.person_id:
        raise NotFoundError("There is no such passkey.")
    if credential.revoked_at is not None:
        raise ConflictError("This passkey has already been revoked.")
    _revoke(connection, actor, [credential], now)


def replace_passkeys(connection: Connection, actor: Actor, person_id: str, now: datetime) -> str:
    """Revoke every passkey of a person who lost one, and return the token of a new enrolment link."""
    require_administrator(connection, actor, now)
    refuse_self(actor, person_id)
    lock_person(connection, person_id)
    known = [item for item in list_credentials(connection, person_id) if item.revoked_at is None]
    if known:
        _revoke(connection, actor, known, now)
    return create_link(connection, actor, person_id, now)


def _revoke(connection: Connection, actor: Actor, credentials: Sequence[Credential], now: datetime) -> None:
    ids = [credential.id for credential in credentials]
    connection.execute(
        sa.update(credential_table)
        .where(credential_table.c.id.in_(ids))
        .values(revoked_by=actor.id, revoked_at=now)
    )
    end_sessions(connection, actor.id, now, "passkey_revoked", credential_ids=ids)
    for credential in credentials:
        passkey = token_digest(credential.id)
        note(connection, "passkey_revoked", credential.person_id, actor.id, now, passkey=passkey)


def _lock_credential(connection: Connection, credential_id: str) -> Credential:
    credential = find_credential(connection, credential_id)
    if credential is None:
        raise NotFoundError("There is no such passkey.")
    lock_person(connection, credential.person_id)
    return find_credential(connection, credential_id) or credential


def _plain(code: str) -> bytes:
    return code.strip().replace("-", "").replace(" ", "").upper().encode("utf-8", "surrogatepass")
