"""A conversation to work with, and the people who may look at it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from akashi.conversations.model import Author, Started
from akashi.conversations.talk import add_message, start
from akashi.core.people import Actor, ActorKind, Role
from akashi.platform.site import Site

PRIVACY = Actor("kimura", ActorKind.PERSON, frozenset({Role.PRIVACY_OFFICER}))
OPERATOR = Actor("sasaki", ActorKind.PERSON, frozenset({Role.OPERATOR}))


@dataclass
class Desk:
    """An installation with short words for tests."""

    site: Site

    def start(self) -> Started:
        """Begin a conversation."""
        with self.site.database.write() as connection:
            return start(connection, self.site.keys, "web", "ja", self.site.now(), "faq")

    def say(self, conversation_id: str, text: str, author: Author = Author.CUSTOMER) -> int:
        """Add one message and return its sequence."""
        with self.site.database.write() as connection:
            message = add_message(
                connection, self.site.keys, conversation_id, author, text, {}, self.site.now()
            )
            return message.sequence


@pytest.fixture
def desk(site: Site) -> Desk:
    """A desk on each database in turn."""
    return Desk(site)


@pytest.fixture
def sqlite_desk(sqlite_site: Site) -> Desk:
    """A desk on the embedded database only."""
    return Desk(sqlite_site)
