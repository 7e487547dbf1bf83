"""What a room exports, and the only place that loads rooms: on first use, by name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from akashi.core.errors import SetupError


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the menu; ``title`` is a message id. Shown to those who may open ``path``."""

    title: str
    path: str
    group: str = "work"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that becomes due by time. ``run`` names a function ``(site, now) -> int`` of changes made."""

    name: str
    run: str


@dataclass(frozen=True, slots=True)
class Room:
    """One package's contribution to the product; every ``module:name`` is loaded on first use.

    ``front``     an ``APIRouter`` that a start serves while everything else is still loading
    ``router``    an ``APIRouter``;  ``commands`` a Typer app, mounted under ``command_name``
    ``more_commands``  (name, ``module:name`` of a Typer app, summary): commands beside the room's own group
    ``tiles``     ``(site, actor) -> list[Tile]``;  ``checks`` ``(site) -> list[Check]`` for the doctor
    ``notices``   ``(site) -> list[Notice]``: what every page of staff says until it is settled; must be quick
    ``stop``      ``(site, actor, reason) -> None``: the deliberate stop 能動的な停止 of what the room serves
    ``serves``    targets of use cases that this room serves besides one of its own name: its stop is theirs
    ``warm``      ``(site) -> None``: loads at start-up what the first request would wait for
    ``restored``  ``(site) -> None``: what a restore must re-apply, such as tombstones
    ``proof``     ``(site, connection, whole: bool) -> dict``: facts that a backup carries and a restore must
    find again; ``whole`` verifies everything and raises EvidenceError, else it must be quick
    ``beside_matter``  ``(connection, kind, subject_room, subject_id) -> list[NavItem]``: what else an
    approver should look at before deciding such a matter
    ``evidence``  ``(site) -> list[Evidenced]``: which requirements this room's records show to be met or not
    ``beside_finding``  ``(connection, finding_id) -> list[NavItem]``: where a finding's page leads besides
    ``customer_nav``  what customers of the bank may begin here: a link on every customers' page
    Templates, translations, migrations and the role table lie in the package's own folders.
    """

    package: str
    title: str
    summary: str
    front: str = ""
    router: str = ""
    commands: str = ""
    command_name: str = ""
    more_commands: tuple[tuple[str, str, str], ...] = ()
    tiles: str = ""
    checks: str = ""
    notices: str = ""
    stop: str = ""
    resume: str = ""
    serves: tuple[str, ...] = ()
    warm: str = ""
    restored: str = ""
    proof: str = ""
    beside_matter: str = ""
    beside_finding: str = ""
    evidence: str = ""
    duties: tuple[Duty, ...] = ()
    nav: tuple[NavItem, ...] = ()
    customer_nav: tuple[NavItem, ...] = ()

    @property
    def name(self) -> str:
        """Return the short name: the last part of the package."""
        return self.package.rsplit(".", 1)[-1]

    @property
    def folder(self) -> Path:
        """Return where the package lies on disk."""
        return package_folder(self.package)


@cache
def package_folder(package: str) -> Path:
    """Return the folder of an importable package."""
    return Path(str(files(package)))


def load_rooms(packages: Iterable[str]) -> tuple[Room, ...]:
    """Return the ``ROOM`` of each package, in the given order.

    Raises: SetupError: a package is missing or exports no room.
    """
    return tuple(_load_room(package) for package in packages)


def _load_room(package: str) -> Room:
    try:
        room = importlib.import_module(package).ROOM
    except (ModuleNotFoundError, AttributeError) as error:
        raise SetupError(f"The package {package} is not a room: {error}") from error
    if not isinstance(room, Room):
        raise SetupError(f"{package}.ROOM is not a Room")
    return room


@cache
def load_name(reference: str) -> Any:
    """Return the object behind ``module:name``.

    >>> load_name("akashi.core.people:SYSTEM").id
    'system'
    """
    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)


def call_name(reference: str, *arguments: object) -> Any:
    """Load the function behind ``module:name`` and return what it returns for ``arguments``."""
    function: Callable[..., Any] = load_name(reference)
    return function(*arguments)
