"""Routes and the authority table from an institution's TOML file; a broken rule of deciding is refused here.

The file has ``[[route]]`` tables (``id``, ``title``, ``title_en``, ``steps`` of ``kind``, ``roles`` and
titles) and ``[[authority]]`` lines (``kind``, ``risk``, ``decider``, ``route``, ``emergency``, titles).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from akashi.approvals import store
from akashi.approvals.measure import READ_ONLY
from akashi.approvals.model import Authority, Risk, Route, Step, StepKind, Tables
from akashi.core.errors import InputError
from akashi.core.people import FIRST_LINE, SECOND_LINE, SYSTEM, Role
from akashi.ledger.model import Record
from akashi.ledger.store import append

RESUMPTION = "resume"

E = TypeVar("E", bound=StrEnum)


def read_tables(tables: Mapping[str, Any]) -> Tables:
    """Return routes and authority table from parsed TOML.

    Raises: InputError: a table is malformed or breaks a rule of deciding; says which one.
    """
    routes = tuple(_read_route(item) for item in _list_of(tables, "route"))
    lines = tuple(_read_line(item) for item in _list_of(tables, "authority"))
    by_id = {route.id: route for route in routes}
    if len(by_id) != len(routes):
        raise InputError("A route stands twice.", where="route")
    if len({(line.kind, line.risk) for line in lines}) != len(lines):
        raise InputError("A kind and size of risk stands twice.", where="authority")
    for route in routes:
        _check_route(route)
    for line in lines:
        if line.route_id not in by_id:
            raise InputError("There is no route {route}.", where=_place(line), route=line.route_id)
        check_lines(by_id[line.route_id], line)
    return Tables(routes, lines)


def seed_routes(connection: Connection, tables: Mapping[str, Any], now: datetime) -> bool:
    """Store routes and authority table from parsed TOML and return whether anything changed.

    Safe to repeat. Running matters keep the steps they were opened with.
    """
    wanted = read_tables(tables)
    present = Tables(tuple(store.list_routes(connection)), tuple(store.list_authority(connection)))
    if _as_sets(wanted) == _as_sets(present):
        return False
    store.replace_tables(connection, wanted.routes, wanted.authority)
    payload = {"routes": len(wanted.routes), "authority": len(wanted.authority)}
    append(
        connection,
        Record(kind="approvals.tables_set", subject="routes", actor=SYSTEM.id, at=now, payload=payload),
    )
    return True


def check_lines(route: Route, line: Authority) -> None:
    """Refuse a line of the authority table that breaks the three lines of defence. Raises: InputError."""
    if line.decider in READ_ONLY:
        raise InputError("{role} only reads and cannot decide.", where=_place(line), role=line.decider.value)
    if line.decider in FIRST_LINE and not any(_is_second_line(step) for step in route.steps):
        raise InputError(
            "The first line decides only after the second line has concurred.",
            where=_place(line),
            next_step="Choose a route with a concurrence of the second line, or another deciding role.",
        )
    if line.emergency and RESUMPTION in line.kind.split("_"):
        raise InputError("Resuming always takes a decision first.", where=_place(line))


def _is_second_line(step: Step) -> bool:
    return step.kind is StepKind.CONCURRENCE and bool(step.roles) and step.roles <= SECOND_LINE


def _check_route(route: Route) -> None:
    kinds = [step.kind for step in route.steps]
    place = f"route {route.id}"
    order = list(StepKind)
    if kinds.count(StepKind.DRAFT) != 1 or kinds.count(StepKind.DECISION) != 1 or len(kinds) < 2:
        raise InputError("A route has one draft and one decision.", where=place)
    if kinds != sorted(kinds, key=order.index):
        raise InputError("A route goes draft, circulation, concurrence, decision.", where=place)
    for step in route.steps:
        if step.roles & READ_ONLY:
            raise InputError("Auditors, administrators and the authority only read.", where=place)
        if step.kind in {StepKind.CIRCULATION, StepKind.CONCURRENCE} and not step.roles:
            raise InputError("The step {kind} names no role.", where=place, kind=step.kind.value)


def _read_route(item: Mapping[str, Any]) -> Route:
    place = f"route {item.get('id', '?')}"
    steps = tuple(_read_step(step, place) for step in _list_of(item, "steps", place))
    return Route(_text(item, "id", place), _text(item, "title", place), steps, str(item.get("title_en", "")))


def _read_step(item: Mapping[str, Any], place: str) -> Step:
    kind = _choice(StepKind, item.get("kind"), place)
    roles = frozenset(_choice(Role, name, place) for name in item.get("roles", ()))
    return Step(kind, roles, str(item.get("title", "")), str(item.get("title_en", "")))


def _read_line(item: Mapping[str, Any]) -> Authority:
    place = f"authority {item.get('kind', '?')}"
    return Authority(
        kind=_text(item, "kind", place),
        risk=_choice(Risk, item.get("risk"), place),
        decider=_choice(Role, item.get("decider"), place),
        route_id=_text(item, "route", place),
        title=_text(item, "title", place),
        title_en=str(item.get("title_en", "")),
        emergency=frozenset(_choice(Role, name, place) for name in item.get("emergency", ())),
    )


def _list_of(tables: Mapping[str, Any], name: str, place: str = "routes") -> list[Mapping[str, Any]]:
    items = tables.get(name)
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items) or not items:
        raise InputError("The list {name} is missing or empty.", where=place, name=name)
    return items


def _text(item: Mapping[str, Any], name: str, place: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError("The text {name} is missing.", where=place, name=name)
    return value.strip()


def _choice(kind: type[E], value: object, place: str) -> E:
    try:
        return kind(str(value))
    except ValueError as error:
        known = ", ".join(item.value for item in kind)
        raise InputError(
            "{value} is not one of {known}.", where=place, value=str(value), known=known
        ) from error


def _place(line: Authority) -> str:
    return f"authority {line.kind}/{line.risk.value}"


def _as_sets(tables: Tables) -> tuple[frozenset[Route], frozenset[Authority]]:
    return frozenset(tables.routes), frozenset(tables.authority)
