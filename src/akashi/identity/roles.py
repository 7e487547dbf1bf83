"""Role grants: given by one administrator, agreed by a second one where the role decides."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.people import Actor, Role
from akashi.identity.administrators import (
    administrator_ids,
    is_founding,
    refuse_self,
    require_administrator,
)
from akashi.identity.model import Grant, conflicting_role, needs_second
from akashi.identity.records import note
from akashi.identity.store import get_grant, grant_table, list_grants, lock_person
from akashi.platform.ids import new_id


def grant_role(
    connection: Connection,
    actor: Actor,
    person_id: str,
    role: Role,
    now: datetime,
    *,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> Grant:
    """Return the new grant; where the role decides it is pending until a second administrator agrees.

    While the installation is being founded, one second administrator may be named without anybody
    else's agreement, because there is nobody yet who could give it.

    Raises: ForbiddenError: not an administrator, or for oneself; ConflictError: already granted, or
    not to be combined with a role that the person holds; InputError: the time is empty.
    """
    require_administrator(connection, actor, now, founding=True)
    refuse_self(actor, person_id)
    lock_person(connection, person_id)
    start = valid_from or now
    if valid_to is not None and valid_to <= max(start, now):
        raise InputError("The last day lies before the first.", where="valid_to")
    _refuse_conflict(connection, person_id, role, now)
    founder = role is Role.ADMINISTRATOR and _may_found(connection, now)
    confirmed_by = actor.id if not needs_second(role) else "founding" if founder else None
    return insert_grant(connection, actor.id, person_id, role, now, start, valid_to, confirmed_by)


def _refuse_conflict(connection: Connection, person_id: str, role: Role, now: datetime) -> None:
    held = [grant.role for grant in list_grants(connection, person_id) if grant.is_open(now)]
    if role in held:
        raise ConflictError("The person already has this role, or it waits for confirmation.", where="role")
    if (other := conflicting_role(role, held)) is not None:
        raise ConflictError(
            "{role} must not be combined with {other}.",
            where="role",
            next_step="Administrators decide nothing, and the third line only reads: use two persons.",
            role=role.value,
            other=other.value,
        )


def _may_found(connection: Connection, now: datetime) -> bool:
    return is_founding(connection) and len(administrator_ids(connection, now)) < 2


def insert_grant(
    connection: Connection,
    actor_id: str,
    person_id: str,
    role: Role,
    now: datetime,
    valid_from: datetime,
    valid_to: datetime | None,
    confirmed_by: str | None,
) -> Grant:
    """Return a grant written without asking who writes: for founding and the sample installation."""
    values = {
        "id": new_id("grant"),
        "person_id": person_id,
        "role": role.value,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "granted_by": actor_id,
        "granted_at": now,
        "confirmed_by": confirmed_by,
        "confirmed_at": now if confirmed_by else None,
    }
    connection.execute(sa.insert(grant_table).values(values))
    grant = get_grant(connection, str(values["id"]))
    note(
        connection,
        "role_granted",
        person_id,
        actor_id,
        now,
        grant=grant.id,
        role=role.value,
        confirmed_by=confirmed_by,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat() if valid_to else None,
    )
    return grant


def confirm_grant(connection: Connection, actor: Actor, grant_id: str, now: datetime) -> Grant:
    """Return the grant, now counting.

    Raises: ForbiddenError: not a confirmed administrator, the grantee, or the one who granted it;
    ConflictError: nothing is pending any more.
    """
    require_administrator(connection, actor, now)
    grant = _lock_grant(connection, grant_id)
    refuse_self(actor, grant.person_id)
    if actor.id == grant.granted_by:
        raise ForbiddenError("A second administrator must confirm this, not the one who gave it.")
    if not grant.is_pending or not grant.is_open(now):
        raise ConflictError("This grant no longer waits for confirmation.", where=grant_id)
    connection.execute(
        sa.update(grant_table)
        .where(grant_table.c.id == grant_id)
        .values(confirmed_by=actor.id, confirmed_at=now)
    )
    note(
        connection,
        "role_confirmed",
        grant.person_id,
        actor.id,
        now,
        grant=grant_id,
        role=grant.role.value,
        granted_by=grant.granted_by,
    )
    return get_grant(connection, grant_id)


def _lock_grant(connection: Connection, grant_id: str) -> Grant:
    lock_person(connection, get_grant(connection, grant_id).person_id)
    return get_grant(connection, grant_id)


def revoke_role(connection: Connection, actor: Actor, grant_id: str, now: datetime) -> Grant:
    """Return the grant, over from this moment; the next request of its holder already lacks the role."""
    require_administrator(connection, actor, now, founding=True)
    grant = _lock_grant(connection, grant_id)
    refuse_self(actor, grant.person_id)
    if grant.revoked_at is not None:
        raise ConflictError("This role has already been taken back.", where=grant_id)
    connection.execute(
        sa.update(grant_table).where(grant_table.c.id == grant_id).values(revoked_by=actor.id, revoked_at=now)
    )
    note(connection, "role_revoked", grant.person_id, actor.id, now, grant=grant_id, role=grant.role.value)
    return get_grant(connection, grant_id)
