"""One running installation: what pages, commands and duties receive as their only context."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from akashi.core.ports import Ports
from akashi.platform.clock import Clock, system_clock
from akashi.platform.database import Database
from akashi.platform.keys import Keys, open_keys
from akashi.platform.rooms import Room
from akashi.platform.settings import Settings


@dataclass(frozen=True)
class Site:
    """Settings, database, keys, clock, rooms and the functions that rooms lend each other."""

    settings: Settings
    database: Database
    keys: Keys
    rooms: tuple[Room, ...]
    ports: Ports = field(default_factory=Ports)
    clock: Clock = system_clock

    def now(self) -> datetime:
        """Return the present moment by this installation's clock."""
        return self.clock()

    def room(self, name: str) -> Room:
        """Return the room called ``name``. Raises: KeyError: there is none."""
        return {room.name: room for room in self.rooms}[name]

    @cached_property
    def caches(self) -> dict[str, object]:
        """Return this process' caches by room name; whatever lies here can be rebuilt from the database."""
        return {}


def open_site(settings: Settings, rooms: tuple[Room, ...], ports: Ports, clock: Clock = system_clock) -> Site:
    """Return the installation that ``settings`` describe, with its real database and keys.

    Raises: SetupError: there is no master key yet, or others may read it.
    """
    keys = open_keys(settings.key_file)
    return Site(settings, Database(settings.database_url), keys, rooms, ports, clock)
