"""The demo role switcher: one visitor walks through the institution as distinct persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from akashi.core.errors import ForbiddenError, NotFoundError
from akashi.core.people import Actor, Role
from akashi.identity.demo import allows_demo
from akashi.identity.model import roles_at
from akashi.identity.sessions import open_session
from akashi.identity.store import find_person, grants_by_person, list_people
from akashi.platform.site import Site


@dataclass(frozen=True, slots=True)
class SwitchChoice:
    """One person the visitor can become. ``name`` is in the institution's script, ``romaji`` in Latin."""

    id: str
    name: str
    romaji: str
    roles: tuple[Role, ...]
    current: bool


def list_choices(site: Site, request: HTTPConnection, actor: Actor) -> list[SwitchChoice]:
    """Return the persons the demo visitor can become, by role; empty wherever the switcher does not exist."""
    now = site.now()
    with site.database.read() as connection:
        if not allows_demo(connection, site.settings, request):
            return []
        grants = grants_by_person(connection)
        people = [person for person in list_people(connection) if person.is_active]
    roles: Mapping[str, frozenset[Role]] = {person.id: roles_at(grants[person.id], now) for person in people}
    order = list(Role)
    choices = [
        SwitchChoice(
            person.id,
            person.name,
            person.romaji,
            tuple(sorted(roles[person.id], key=order.index)),
            person.id == actor.id,
        )
        for person in people
        if roles[person.id]
    ]
    return sorted(choices, key=lambda choice: order.index(choice.roles[0]))


def switch_person(site: Site, request: HTTPConnection, person_id: str) -> str:
    """Return the token of a new demo session as ``person_id``.

    Raises: ForbiddenError: this is not a sample database reached directly on this machine;
    NotFoundError: nobody active has this id.
    """
    now = site.now()
    with site.database.write() as connection:
        if not allows_demo(connection, site.settings, request):
            raise ForbiddenError("Demo sign-in exists only on this machine with the sample institution.")
        person = find_person(connection, person_id)
        if person is None or not person.is_active:
            raise NotFoundError("There is no such person.", where=person_id)
        return open_session(connection, person_id, None, request, site.settings, now)
