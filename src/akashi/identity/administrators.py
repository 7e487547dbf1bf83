"""Who may change identities: administrators, and the founding time before there are two of them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import ForbiddenError
from akashi.core.people import Actor, ActorKind, Role
from akashi.identity.model import PersonState, roles_at
from akashi.identity.records import note
from akashi.identity.store import credential_table, grant_table, list_grants, person_table
from akashi.platform.meta import meta_table, read_meta, write_meta

FOUNDED = "identity.founded_at"
"""Set once two administrators have confirmed passkeys; before that the installation is being founded."""


def is_founding(connection: Connection) -> bool:
    """Return whether there have not yet been two confirmed administrators.

    Only then may an administrator whose own passkey is unconfirmed prepare others, and may the first
    two administrators confirm each other. It is not the present number of administrators: whoever
    removes the others does not get the founder's freedom back.
    """
    return read_meta(connection, FOUNDED) is None


def require_administrator(
    connection: Connection, actor: Actor, now: datetime, *, founding: bool = False
) -> None:
    """Raise ForbiddenError unless ``actor`` is a confirmed administrator at this very moment.

    The grants are read again inside the transaction, so a revocation that was faster wins. With
    ``founding`` an unconfirmed administrator passes while the installation is being founded.
    """
    is_person = actor.kind is ActorKind.PERSON and actor.has(Role.ADMINISTRATOR)
    if not is_person or Role.ADMINISTRATOR not in roles_at(list_grants(connection, actor.id), now):
        raise ForbiddenError("Only an administrator may do this.")
    if not actor.confirmed and not (founding and is_founding(connection)):
        raise ForbiddenError("Your passkey has not been confirmed by a second administrator yet.")


def refuse_self(actor: Actor, person_id: str) -> None:
    """Raise ForbiddenError if somebody acts upon himself."""
    if actor.id == person_id:
        raise ForbiddenError("Nobody can do this for himself; ask another administrator.")


def administrator_ids(connection: Connection, now: datetime) -> set[str]:
    """Return the active persons whose administrator role counts at ``now``."""
    grant, person = grant_table.c, person_table.c
    query = (
        sa.select(grant.person_id)
        .join(person_table, person.id == grant.person_id)
        .where(
            grant.role == Role.ADMINISTRATOR.value,
            grant.revoked_at.is_(None),
            grant.confirmed_at.is_not(None),
            grant.valid_from <= now,
            sa.or_(grant.valid_to.is_(None), grant.valid_to > now),
            person.state == PersonState.ACTIVE.value,
        )
    )
    return set(connection.execute(query).scalars())


def passkey_holders(connection: Connection, *, confirmed: bool = False) -> set[str]:
    """Return the persons with at least one passkey that is not revoked."""
    query = sa.select(credential_table.c.person_id).where(credential_table.c.revoked_at.is_(None))
    if confirmed:
        query = query.where(credential_table.c.confirmed_at.is_not(None))
    return set(connection.execute(query).scalars())


def close_founding(connection: Connection, actor_id: str, now: datetime) -> bool:
    """End the founding time once two administrators hold confirmed passkeys; return whether it ended now."""
    confirmed = administrator_ids(connection, now) & passkey_holders(connection, confirmed=True)
    if len(confirmed) < 2 or not is_founding(connection):
        return False
    write_meta(connection, FOUNDED, now.isoformat())
    note(connection, "founded", "identity", actor_id, now, administrators=sorted(confirmed))
    return True


def reopen_founding(connection: Connection, actor_id: str, now: datetime) -> None:
    """Begin the founding time again; only for when no administrator can sign in any more."""
    if is_founding(connection):
        return
    connection.execute(sa.delete(meta_table).where(meta_table.c.key == FOUNDED))
    note(connection, "founding_reopened", "identity", actor_id, now)
