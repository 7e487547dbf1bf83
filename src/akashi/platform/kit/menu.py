"""The staff menu: what the rooms offer, filtered by what the actor may open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from akashi.core.people import Actor, ActorKind, Role
from akashi.platform.access import Key, Rule
from akashi.platform.kit.catalogs import mark
from akashi.platform.rooms import NavItem, Room

GROUPS = {
    "work": mark("Work"),
    "customers": mark("Customers"),
    "risk": mark("Risk"),
    "records": mark("Records"),
    "settings": mark("Settings"),
}

ROLE_NAMES = {
    Role.OPERATOR: mark("Operator"),
    Role.BUSINESS_OWNER: mark("Business owner"),
    Role.LOAN_OFFICER: mark("Loan officer"),
    Role.VALIDATOR: mark("Validator"),
    Role.RISK_OFFICER: mark("Risk officer"),
    Role.COMPLIANCE_OFFICER: mark("Compliance officer"),
    Role.PRIVACY_OFFICER: mark("Personal data officer"),
    Role.SECURITY_OFFICER: mark("Security officer"),
    Role.EXECUTIVE: mark("Executive"),
    Role.AUDITOR: mark("Auditor"),
    Role.ADMINISTRATOR: mark("Administrator"),
    Role.AUTHORITY: mark("Authority"),
}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One link; ``room`` tells whose catalogue translates the title."""

    title: str
    path: str
    room: str
    current: bool


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Links under one heading."""

    title: str
    items: tuple[MenuItem, ...]


def build_menu(
    rooms: Sequence[Room], actor: Actor, matrix: Mapping[Key, Rule] | None, path: str
) -> tuple[MenuGroup, ...]:
    """Return the groups with at least one item that ``actor`` may open; the current page is marked.

    Without a matrix everything is shown to whoever is signed in. Nobody signed in: an empty menu.
    """
    if actor.kind is not ActorKind.PERSON:
        return ()
    offered = [(room, item) for room in rooms for item in room.nav if _may_open(item, actor, matrix)]
    current = _current_path([item for _, item in offered], path)
    groups: dict[str, list[MenuItem]] = {}
    for room, item in offered:
        entry = MenuItem(item.title, item.path, room.name, item.path == current)
        groups.setdefault(item.group, []).append(entry)
    order = {name: place for place, name in enumerate(GROUPS)}
    names = sorted(groups, key=lambda name: order.get(name, len(order)))
    return tuple(MenuGroup(GROUPS.get(name, name), tuple(groups[name])) for name in names)


def build_doors(rooms: Sequence[Room], path: str) -> tuple[MenuItem, ...]:
    """Return what customers may begin, for their pages; none on a page behind one of these links."""
    found = [(room, item) for room in rooms for item in room.customer_nav]
    if _current_path([item for _, item in found], path):
        return ()
    return tuple(MenuItem(item.title, item.path, room.name, current=False) for room, item in found)


def _may_open(item: NavItem, actor: Actor, matrix: Mapping[Key, Rule] | None) -> bool:
    if matrix is None:
        return True
    rule = matrix.get(("route", "GET", item.path.partition("?")[0]))
    return rule is not None and rule.admits(actor)


def _current_path(items: Sequence[NavItem], path: str) -> str:
    fitting = [item.path for item in items if f"{path}/".startswith(item.path.rstrip("/") + "/")]
    return max(fitting, key=len, default="")
