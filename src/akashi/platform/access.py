"""The role matrix: handwritten tables that say who may open which route and run which command.

Every package keeps its part in ``data/roles.csv`` with the columns ``kind,method,target,roles``:
``kind`` is route or command, ``target`` the route's path template or the command's words. ``roles``
is a list of roles separated by spaces, or one of the words below. What is not in a table is refused.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from akashi.core.errors import SetupError
from akashi.core.people import Actor, ActorKind, Role
from akashi.platform.rooms import Room

PUBLIC, SIGNED_IN, LOCAL = "public", "signed_in", "local"
SCOPE = "scope:"

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use one route or command: words such as ``public``, roles, and ``scope:…`` for machines."""

    kind: str
    method: str
    target: str
    allowed: frozenset[str]

    def admits(self, actor: Actor) -> bool:
        """Return whether ``actor`` may pass.

        >>> from akashi.core.people import NOBODY
        >>> Rule("route", "GET", "/", frozenset({"public"})).admits(NOBODY)
        True
        """
        if PUBLIC in self.allowed:
            return True
        if actor.kind is ActorKind.SERVICE:
            return any(SCOPE + scope in self.allowed for scope in actor.scopes)
        if actor.kind is ActorKind.LOCAL:
            return LOCAL in self.allowed
        if actor.kind is not ActorKind.PERSON:
            return False
        return SIGNED_IN in self.allowed or any(role.value in self.allowed for role in actor.roles)


def read_matrix(rooms: Iterable[Room], extra: Iterable[Path] = ()) -> Mapping[Key, Rule]:
    """Return every rule by (kind, method, target).

    Raises: SetupError: a line is malformed, names an unknown role, or stands twice.
    """
    matrix: dict[Key, Rule] = {}
    for path in [*(room.folder / "data" / "roles.csv" for room in rooms), *extra]:
        for rule in _read_rules(path):
            key = (rule.kind, rule.method, rule.target)
            if key in matrix:
                raise SetupError(f"{path}: {' '.join(key)} stands twice in the role matrix")
            matrix[key] = rule
    return matrix


def _read_rules(path: Path) -> list[Rule]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [_read_rule(path, number, row) for number, row in enumerate(csv.DictReader(file), 2)]


def _read_rule(path: Path, line: int, row: Mapping[str, str | None]) -> Rule:
    values = {name: (row.get(name) or "").strip() for name in ("kind", "method", "target", "roles")}
    allowed = frozenset(values["roles"].split())
    known = {PUBLIC, SIGNED_IN, LOCAL, *(role.value for role in Role)}
    unknown = [word for word in allowed if word not in known and not word.startswith(SCOPE)]
    if values["kind"] not in {"route", "command"} or not values["target"] or not allowed or unknown:
        raise SetupError(f"{path}:{line}: not a rule of the role matrix {unknown or ''}")
    return Rule(values["kind"], values["method"], values["target"], allowed)
