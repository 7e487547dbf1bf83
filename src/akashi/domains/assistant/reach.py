"""Who takes which case: operators what lies at no office, everybody what was passed on to his own."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.engine import Connection

from akashi.conversations.cases import Reach
from akashi.core.people import Actor, Role
from akashi.identity.model import Person, roles_at
from akashi.identity.store import find_person, grants_by_person, list_people
from akashi.platform.site import Site
from akashi.register.store import list_entries

TAKERS = frozenset({Role.OPERATOR, Role.LOAN_OFFICER})
"""Who answers customers at the desk."""
PERSON, OFFICE = "person:", "office:"


def reach_of(connection: Connection, actor: Actor) -> Reach:
    """Return which cases a person may take."""
    person = find_person(connection, actor.id)
    return Reach(person.office if person else "", takes_unassigned=actor.has(Role.OPERATOR))


def list_takers(site: Site, connection: Connection) -> list[Person]:
    """Return the people who may take cases today."""
    grants, now = grants_by_person(connection), site.now()
    return [
        person
        for person in list_people(connection)
        if person.is_active and TAKERS & roles_at(grants.get(person.id, []), now)
    ]


def list_colleagues(site: Site, actor: Actor, language: str) -> list[tuple[str, str]]:
    """Return everybody else to whom a case can be passed on, as choices."""
    with site.database.read() as connection:
        people = list_takers(site, connection)
    return [(PERSON + one.id, one.label(language)) for one in people if one.id != actor.id]


def list_offices(site: Site) -> list[tuple[str, str, int]]:
    """Return the offices where somebody can take a case: code, name, how many people."""
    with site.database.read() as connection:
        people = Counter(person.office for person in list_takers(site, connection))
        entries = list_entries(connection, "office", state="active")
    return [(one.code, one.title, people[one.code]) for one in entries if people[one.code]]
