"""What pages, commands and the doctor show of people: who holds what, and what waits for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.engine import Connection

from akashi.core.display import Check, Health
from akashi.core.people import Actor, Role
from akashi.identity.administrators import administrator_ids, is_founding, passkey_holders
from akashi.identity.model import Credential, Grant, Person, roles_at
from akashi.identity.store import credentials_by_person, grants_by_person, list_people
from akashi.platform.kit import mark
from akashi.platform.site import Site

ENOUGH_ADMINISTRATORS = 3
"""With three, one may lose the passkey and the two others can still replace and confirm it."""


class PasskeyState(StrEnum):
    """How far a person is on the way to deciding; the values are message ids."""

    NONE = mark("No passkey")
    PENDING = mark("Passkey waits for confirmation")
    CONFIRMED = mark("Passkey confirmed")


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person with everything that bears on access."""

    person: Person
    roles: tuple[Role, ...]
    grants: Sequence[Grant]
    credentials: Sequence[Credential]

    @property
    def passkey_state(self) -> PasskeyState:
        """Return whether the person can sign in, and whether he may decide."""
        if any(item.is_confirmed for item in self.credentials):
            return PasskeyState.CONFIRMED
        if any(item.is_pending for item in self.credentials):
            return PasskeyState.PENDING
        return PasskeyState.NONE


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a second administrator; ``role`` is None for a passkey."""

    person: Person
    role: Role | None
    begun_by: str
    begun_at: datetime
    obstacle: str
    """Why the present reader cannot confirm it, as a message id; empty when he can."""


def view_people(connection: Connection, now: datetime) -> list[PersonView]:
    """Return everybody with roles and passkeys, in the order of their reading."""
    grants, credentials = grants_by_person(connection), credentials_by_person(connection)
    return [
        PersonView(
            person,
            tuple(sorted(roles_at(grants.get(person.id, []), now), key=list(Role).index)),
            grants.get(person.id, []),
            credentials.get(person.id, []),
        )
        for person in list_people(connection)
    ]


def list_waiting(
    views: Sequence[PersonView], actor: Actor, now: datetime, *, founding: bool
) -> list[Waiting]:
    """Return what waits for a second administrator, oldest first, and whether ``actor`` can be that one."""
    waiting = []
    for view in views:
        for grant in view.grants:
            if grant.is_pending and grant.is_open(now):
                obstacle = find_obstacle(actor, view.person.id, grant.granted_by)
                waiting.append(Waiting(view.person, grant.role, grant.granted_by, grant.granted_at, obstacle))
        founders = founding and Role.ADMINISTRATOR in view.roles
        for item in view.credentials:
            if item.is_pending:
                obstacle = find_obstacle(actor, view.person.id, item.issued_by, founders=founders)
                waiting.append(Waiting(view.person, None, item.issued_by, item.created_at, obstacle))
    return sorted(waiting, key=lambda item: item.begun_at)


def find_obstacle(actor: Actor, person_id: str, first: str, *, founders: bool = False) -> str:
    """Return why ``actor`` cannot be the second administrator, as a message id; empty when he can."""
    if not actor.has(Role.ADMINISTRATOR):
        return mark("Only an administrator may confirm this.")
    if actor.id == person_id:
        return mark("Another administrator must confirm you.")
    if founders:
        return ""
    if not actor.confirmed:
        return mark("Your own passkey waits for confirmation.")
    if actor.id == first:
        return mark("You began this; another administrator must confirm it.")
    return ""


def name_actors(views: Sequence[PersonView], language: str) -> Mapping[str, str]:
    """Return what to show for the ids of persons."""
    return {view.person.id: view.person.label(language) for view in views}


def checks(site: Site) -> list[Check]:
    """Return whether enough administrators can sign in, and what to do if not."""
    with site.database.read() as connection:
        founding = is_founding(connection)
        administrators = administrator_ids(connection, site.now())
        able = len(administrators & passkey_holders(connection, confirmed=True))
    detail = f"{able} administrators with confirmed passkeys"
    if able >= ENOUGH_ADMINISTRATORS:
        return [Check("identity", Health.OK, detail)]
    if founding:
        step = "Finish the founding: two administrators enrol and confirm each other (akashi init)."
    else:
        step = (
            f"Enrol at least {ENOUGH_ADMINISTRATORS}, so that a lost passkey can be replaced and confirmed."
        )
    return [Check("identity", Health.WARNING, detail, step)]
