"""The role matrix over every route and every command: what no line names is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from typer.main import get_command, get_group

from akashi.cli.lazy import OWN_COMMANDS, command_matrix, leaf_words
from akashi.core.people import Role
from akashi.house import list_rooms
from akashi.platform.access import LOCAL, PUBLIC, SIGNED_IN, Rule
from akashi.platform.rooms import load_name
from akashi.platform.site import Site
from akashi.sample.seed import list_actors
from akashi.web.app import create_app, list_routers
from tests.conftest import sign_in

DECIDING_WORDS = ("decide", "approve", "accept", "unmask", "grant", "confirm")
OWN_FILES = {"guard unmask"}
"""Opens only the file that the same command line sealed; test_screening proves it, decision 0008 says why."""


def list_routes(site: Site) -> Iterator[tuple[str, str]]:
    for router in list_routers(site):
        yield from routes_of(router)


def routes_of(router: APIRouter) -> Iterator[tuple[str, str]]:
    """Yield method and path of every route, also of routers included in this one."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield from ((method, route.path) for method in sorted((route.methods or set()) - {"HEAD"}))
            continue
        inner = getattr(route, "original_router", None)
        assert isinstance(inner, APIRouter), route
        yield from routes_of(inner)


def test_every_route_stands_in_the_matrix_and_every_line_has_its_route(sqlite_site: Site) -> None:
    matrix = create_app(sqlite_site).state.matrix
    listed = {(method, path) for kind, method, path in matrix if kind == "route"}
    real = set(list_routes(sqlite_site))
    assert real - listed == set()
    assert listed - real == set()


def test_every_command_stands_in_the_matrix_and_every_line_has_its_command() -> None:
    listed = {words for kind, _, words in command_matrix() if kind == "command"}
    rooms = [room for room in list_rooms() if room.commands]
    real = {
        words
        for room in rooms
        for words in leaf_words(get_group(load_name(room.commands)), room.command_name)
    }
    real |= {
        words
        for room in rooms
        for name, reference, _ in room.more_commands
        for words in leaf_words(get_command(load_name(reference)), name)
    }
    assert real | set(OWN_COMMANDS) == listed


def test_command_line_decides_nothing() -> None:
    for (kind, _, words), rule in command_matrix().items():
        if kind == "command" and LOCAL in rule.allowed and words not in OWN_FILES:
            assert not set(words.split()) & set(DECIDING_WORDS), words


def test_administrators_see_identities_only(sqlite_site: Site) -> None:
    matrix = create_app(sqlite_site).state.matrix
    allowed = {
        path
        for (kind, _, path), rule in matrix.items()
        if kind == "route" and Role.ADMINISTRATOR.value in rule.allowed
    }
    assert all(path.startswith(("/identity", "/api/identity", "/ledger", "/register")) for path in allowed), (
        allowed
    )


def test_auditors_write_nothing_but_what_is_theirs(sqlite_site: Site) -> None:
    matrix = create_app(sqlite_site).state.matrix
    writes = {
        path
        for (kind, method, path), rule in matrix.items()
        if kind == "route" and method == "POST" and Role.AUDITOR.value in rule.allowed
    }
    assert all(path.startswith("/ledger") for path in writes), writes


def admits(rule: Rule, roles: frozenset[Role]) -> bool:
    return bool({PUBLIC, SIGNED_IN} & rule.allowed or {role.value for role in roles} & rule.allowed)


def one_person_per_role() -> dict[str, frozenset[Role]]:
    found: dict[frozenset[Role], str] = {}
    for person in list_actors().values():
        found.setdefault(person.roles, person.id)
    return {person: roles for roles, person in found.items()}


def people_and_nobody() -> list[Any]:
    """Everybody is tried by the long tests; nobody and the administrators by the quick ones too."""
    people = one_person_per_role()
    quick = [person for person, roles in people.items() if roles == {Role.ADMINISTRATOR}]
    rest = [pytest.param(person, marks=pytest.mark.full) for person in people if person not in quick]
    return [None, *quick, *rest]


@pytest.mark.parametrize("person", people_and_nobody())
def test_every_role_opens_its_own_pages_and_no_other(client: TestClient, person: str | None) -> None:
    roles = one_person_per_role()[person] if person else frozenset()
    if person:
        sign_in(client, person)
    matrix = client.app.state.matrix  # type: ignore[attr-defined]
    for (kind, method, template), rule in matrix.items():
        if kind != "route" or (method == "POST" and (person is None or admits(rule, roles))):
            continue
        path = re.sub(r"\{[^}]+\}", "nothing-1", template)
        answer = client.request(method, path, follow_redirects=False)
        assert answer.status_code < 500, (method, path, answer.status_code)
        refused = answer.status_code == 403 or answer.headers.get("location", "").startswith(
            "/identity/sign-in?"
        )
        expected = PUBLIC in rule.allowed if person is None else admits(rule, roles)
        if template.startswith("/api/") and person is None and not expected:
            refused = answer.status_code == 401
        assert refused is not expected, (method, path, answer.status_code)
