"""Pages and commands behind the whole application: who sees what, and what a form does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import typer
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from akashi.core.people import Role
from akashi.identity.commands import app as commands
from akashi.identity.pages import router
from akashi.identity.report import checks
from akashi.identity.seed import seed_people
from akashi.platform.access import read_matrix
from akashi.platform.kit.messages import find_untranslated, list_catalogs
from akashi.platform.meta import write_meta
from akashi.platform.rooms import load_rooms, package_folder
from akashi.platform.site import Site
from akashi.web.app import create_app
from tests.identity.conftest import Town
from tests.identity.test_switcher import PEOPLE

ROOMS = load_rooms(["akashi.identity"])
ORIGIN = "http://localhost:8765"
MORE = [
    {"id": "kata", "name": "片瀬 稔", "kana": "", "romaji": "", "office": "audit", "roles": ["auditor"]},
    {"id": "shio", "name": "潮田 正臣", "kana": "", "romaji": "", "office": "board", "roles": ["executive"]},
]


@pytest.fixture
def client(sqlite_site: Site) -> TestClient:
    """A browser on this machine before the sample institution."""
    with sqlite_site.database.write() as connection:
        write_meta(connection, "sample", "yes")
        seed_people(connection, [*PEOPLE, *MORE], sqlite_site.now())
    app = create_app(replace(sqlite_site, rooms=ROOMS))
    return TestClient(
        app, base_url=ORIGIN, client=("127.0.0.1", 50000), headers={"Origin": ORIGIN, "Accept": "text/html"}
    )


def become(client: TestClient, person_id: str) -> TestClient:
    """Switch to another person of the sample."""
    answer = client.post("/identity/switch", data={"person": person_id, "next": "/identity/sessions"})
    assert (answer.status_code, answer.url.path) == (200, "/identity/sessions")
    return client


def paths_in_matrix() -> set[tuple[str, str]]:
    """Return method and path of every route in the room's role table."""
    return {(method, target) for kind, method, target in read_matrix(ROOMS) if kind == "route"}


def list_routes(routes: list[Any]) -> set[tuple[str, str]]:
    """Return method and path of every route, those of included routers too."""
    found: set[tuple[str, str]] = set()
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            found |= list_routes(inner.routes)
        else:
            found |= {(method, route.path) for method in route.methods}
    return found


def test_every_route_is_in_the_role_matrix_and_every_line_has_a_route() -> None:
    assert list_routes(list(router.routes)) == paths_in_matrix()


def test_every_command_is_in_the_role_matrix_and_only_for_this_machine() -> None:
    rules = {target: rule for (kind, _, target), rule in read_matrix(ROOMS).items() if kind == "command"}
    group = typer.main.get_group(commands)
    assert set(rules) == {f"identity {name}" for name in group.commands}
    assert all(rule.allowed == {"local"} for rule in rules.values())


def test_command_line_has_no_word_that_changes_roles() -> None:
    assert set(typer.main.get_group(commands).commands) == {"people", "tokens", "matrix", "bootstrap"}


def test_everything_that_pages_say_exists_in_japanese() -> None:
    assert find_untranslated([package_folder("akashi.identity")], list_catalogs(), "ja") == []


@pytest.mark.parametrize("person", ["isobe", "nagisa", "shio"])
def test_people_pages_are_closed_to_everybody_but_administrators_and_auditors(
    client: TestClient, person: str
) -> None:
    become(client, person)
    for path in ("/identity/people", "/identity/people/isobe", "/identity/people.csv", "/identity/tokens"):
        assert client.get(path).status_code == 403
    assert client.post("/identity/people/nagisa/roles", data={"role": "operator"}).status_code == 403


def test_auditor_reads_people_and_changes_nothing(client: TestClient) -> None:
    become(client, "kata")
    page = client.get("/identity/people/isobe")
    assert page.status_code == 200
    assert '<form method="post" action="/identity/people' not in page.text
    for step in ("link", "lost", "suspend", "roles", "edit"):
        assert client.post(f"/identity/people/isobe/{step}", data={"role": "operator"}).status_code == 403


def test_visitor_is_asked_to_sign_in_and_comes_back(client: TestClient) -> None:
    answer = client.get("/identity/people?role=auditor")
    assert answer.url.path == "/identity/sign-in"
    assert answer.url.params["next"] == "/identity/people?role=auditor"


def test_sign_in_never_leads_to_another_site(client: TestClient) -> None:
    page = client.get("/identity/sign-in?next=//evil.example/")
    assert 'data-next="/"' in page.text
    page = client.post(
        "/identity/switch", data={"person": "isobe", "next": "//evil.example/"}, follow_redirects=False
    )
    assert page.headers["location"] == "/"


def test_administrator_registers_a_person_and_gives_a_role(client: TestClient) -> None:
    become(client, "admin1")
    page = client.post("/identity/people/new", data={"name": "新田 一", "kana": "にった はじめ"})
    person = page.url.path
    page = client.post(f"{person}/roles", data={"role": "risk_officer"})
    assert "もう一人の管理者の承認待ちです" in page.text
    assert "新田 一" in client.get("/identity/people?q=にった").text


def test_roles_that_must_not_meet_are_refused_in_japanese(client: TestClient) -> None:
    become(client, "admin1")
    page = client.post("/identity/people/admin2/roles", data={"role": "executive"})
    assert page.status_code == 422
    assert "経営陣と管理者は兼ねられません。" in page.text


def test_person_with_faulty_fields_is_not_registered(client: TestClient) -> None:
    become(client, "admin1")
    before = client.get("/identity/people.csv").text
    page = client.post("/identity/people/new", data={"name": "新田", "kana": "nitta"})
    assert (page.status_code, "よみは、かなで入力してください。" in page.text) == (422, True)
    assert client.get("/identity/people.csv").text == before


def test_page_of_the_enrolment_link_is_never_stored(client: TestClient) -> None:
    become(client, "admin1")
    page = client.post("/identity/people/isobe/link")
    assert "/identity/enrol#" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_unknown_person_is_a_page_not_a_fault(client: TestClient) -> None:
    become(client, "admin1")
    assert client.get("/identity/people/nobody").status_code == 404


def test_switching_is_refused_past_a_proxy(client: TestClient) -> None:
    answer = client.post(
        "/identity/switch", data={"person": "admin1"}, headers={"X-Forwarded-For": "127.0.0.1"}
    )
    assert answer.status_code == 403
    assert client.get("/identity/people").url.path == "/identity/sign-in"


def test_damaged_sign_in_over_http_is_a_clear_answer(client: TestClient) -> None:
    answer = client.post("/api/identity/sign-in", json={"credential": {"id": "x"}})
    assert answer.status_code == 422
    assert answer.json()["message"] == "パスキーの応答を読み取れません。"


def test_file_with_a_fault_imports_nobody(client: TestClient) -> None:
    become(client, "admin1")
    files = {"file": ("people.csv", "name\n花子\n\u202e\n".encode(), "text/csv")}
    page = client.post("/identity/people/import", files=files)
    assert (page.status_code, "people.csv:3" in page.text) == (422, True)
    assert "花子" not in client.get("/identity/people.csv").text


def test_matrix_page_filters_by_role(client: TestClient) -> None:
    become(client, "kata")
    whole, few = client.get("/identity/matrix").text, client.get("/identity/matrix?role=operator").text
    assert "/identity/people/import" in whole
    assert "/identity/people/import" not in few


def test_commands_speak_json(sqlite_town: Town) -> None:
    runner, site = CliRunner(), sqlite_town.site
    link = json.loads(runner.invoke(commands, ["bootstrap", "--json"], obj=lambda: site).stdout)
    assert "/identity/enrol#" in link["enrolment_link"]
    people = json.loads(runner.invoke(commands, ["people", "--json"], obj=lambda: site).stdout)["people"]
    assert [(row["roles"], row["passkey"]) for row in people] == [(["administrator"], "none")]
    tokens = json.loads(runner.invoke(commands, ["tokens", "--json"], obj=lambda: site).stdout)
    assert tokens == {"tokens": []}
    rules = json.loads(runner.invoke(commands, ["matrix", "--json"], obj=lambda: site).stdout)["rules"]
    assert any(rule["target"] == "/identity/people" for rule in rules)


def test_doctor_asks_for_a_third_administrator(sqlite_town: Town) -> None:
    assert "founding" in checks(sqlite_town.site)[0].next_step
    first, second = sqlite_town.found()
    assert "at least 3" in checks(sqlite_town.site)[0].next_step
    third = sqlite_town.add(first, "三人目", Role.ADMINISTRATOR)
    sqlite_town.confirm_roles(second, third)
    sqlite_town.confirm(second, third)
    assert checks(sqlite_town.site)[0].next_step == ""
