"""The house: lists the rooms and lends the functions of one to another.

Importing it is cheap: rooms are described here and loaded when they are first used.
"""

from __future__ import annotations

from functools import cache

from akashi.core.ports import Ports
from akashi.platform.rooms import Room, load_rooms

ROOMS: tuple[str, ...] = (
    "akashi.ledger",
    "akashi.identity",
    "akashi.catalogue",
    "akashi.register",
    "akashi.approvals",
    "akashi.documents",
    "akashi.conversations",
    "akashi.findings",
    "akashi.domains.assistant",
    "akashi.domains.vulnerability",
)
"""Every room, lowest floor first. A new domain is one folder and one line here."""


@cache
def list_rooms() -> tuple[Room, ...]:
    """Return all rooms, lowest floor first."""
    return load_rooms(ROOMS)


def lend_ports() -> Ports:
    """Return what rooms lend each other; a port stays empty until its room exists."""
    return Ports()
