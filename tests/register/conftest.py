"""A step in a transaction of its own, and values that are complete for each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from akashi.core.people import Actor, ActorKind, Role
from akashi.platform.site import Site
from akashi.register.model import Entry, Values, find_kind
from akashi.register.treat import Step, check_texts, create_entry

OWNER = Actor("p_owner", ActorKind.PERSON, frozenset({Role.BUSINESS_OWNER}))


@contextmanager
def work(site: Site) -> Iterator[Step]:
    """Yield a step by the business owner."""
    with site.database.write() as connection:
        yield Step(connection, OWNER, site.now())


def values_of(kind: str, **texts: str) -> Values:
    """Return the values that the texts mean; they are complete and right."""
    checked = check_texts(find_kind(kind), texts)
    assert checked.errors == ()
    return checked.values


def add(site: Site, kind: str, code: str = "", **texts: str) -> Entry:
    """Add one record."""
    with work(site) as step:
        return create_entry(step, kind, code, values_of(kind, **texts))
