"""Rendering, redirects, language, theme, menu, errors and static files of a real application."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from jinja2 import UndefinedError
from starlette.datastructures import FormData
from starlette.responses import Response
from wtforms import StringField
from wtforms.validators import Length

from akashi.core.errors import InputError
from akashi.core.people import NOBODY, Actor, ActorKind, Role
from akashi.platform.access import Rule
from akashi.platform.kit import Form, Kit, parse_form, redirect, render_error
from akashi.platform.kit.errors import TROUBLES
from akashi.platform.kit.frame import Frame, current_frame
from akashi.platform.kit.menu import build_menu
from akashi.platform.meta import write_meta
from akashi.platform.rooms import NavItem, Room
from akashi.platform.site import Site

AUDITOR = Actor("p9", ActorKind.PERSON, frozenset({Role.AUDITOR}))
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
MAIN = re.compile(r"<main.*</main>", re.S)


def find_all(text: str, path: str) -> list[str]:
    """Return what an XPath finds in a page, as text."""
    found = lxml.html.document_fromstring(text).xpath(path)
    return [str(item) for item in found] if isinstance(found, list) else []


@pytest.fixture
def framed(kit_app: FastAPI, kit_site: Site) -> Iterator[Kit]:
    """The kit inside one rendering in English."""
    kit: Kit = kit_app.state.kit
    token = current_frame.set(Frame(kit.catalogs.translator("en"), "/x", (("q", "1"),), kit_site.now()))
    yield kit
    current_frame.reset(token)


def test_values_are_escaped_in_text_attributes_and_macros(framed: Kit) -> None:
    source = (
        '{% from "kit/blocks.html" import facts, citation, empty %}{% from "kit/tables.html" import td, th %}'
        '<p title="{{ x }}">{{ x }}</p>{{ facts([(x, x)]) }}{{ citation(x, x, x) }}{{ td(x, x) }}'
        "{{ th(x, x, x) }}{{ empty(x, x, x) }}{{ _(x) }}{{ x | lines }}"
    )
    page = framed.environment.from_string(source).render(x="\"><script>alert('証')</script>\n&")
    assert "<script" not in page
    assert page.count("&lt;script") == 17
    assert not find_all(f"<div>{page}</div>", "//script")


def test_an_undefined_name_is_an_error_and_not_silence(framed: Kit) -> None:
    with pytest.raises(UndefinedError):
        framed.environment.from_string("{{ nothing_of_that_name }}").render()


def test_filters_of_constants_speak_the_readers_language(kit_client: TestClient) -> None:
    assert "2 days overdue" in kit_client.get("/kit", headers={"cookie": "akashi_language=en"}).text
    assert "2日超過" in kit_client.get("/kit").text


def test_page_is_not_stored_and_names_its_language(kit_client: TestClient) -> None:
    answer = kit_client.get("/kit")
    assert (answer.headers["cache-control"], answer.headers["content-language"]) == ("no-store", "ja")
    assert find_all(answer.text, "/html/@lang") == ["ja"]
    assert find_all(answer.text, "//script/@nonce") == ["bm9uY2U"]
    assert find_all(answer.text, "//style | //*[@style] | //script[not(@src)]") == []


def test_ids_are_unique_and_references_lead_somewhere(kit_client: TestClient) -> None:
    text = kit_client.post("/kit", data={"name": "x" * 41}).text
    ids = find_all(text, "//@id")
    named = " ".join(find_all(text, "//@aria-describedby | //@aria-labelledby | //@for")).split()
    anchors = {href[1:] for href in find_all(text, "//a/@href") if href.startswith("#")}
    assert len(ids) == len(set(ids))
    assert anchors.union(named) - set(ids) == set()
    assert {"name", "office", "kind", "purpose"} <= anchors


def test_field_errors_speak_the_readers_language(kit_client: TestClient) -> None:
    answer = kit_client.post("/kit", data={"name": "x" * 41})
    assert answer.status_code == 422
    assert "40文字以内で入力してください。" in answer.text
    english = kit_client.post("/kit", data={"name": "x" * 41}, headers={"cookie": "akashi_language=en"})
    assert "Field cannot be longer than 40 characters." in english.text
    assert 'aria-invalid="true"' in english.text


def test_an_input_error_lands_at_its_field_or_above_the_form() -> None:
    class NameForm(Form):
        name = StringField("Name", [Length(max=9)])

    form = parse_form(FormData([("name", "窓口")]), NameForm, "ja")
    form.fail_with(
        InputError("The name {name} is taken.", where="name", next_step="Choose another.", name="窓口")
    )
    form.fail_with(InputError("The office is closed."))
    assert [str(error) for error in form.name.errors] == ["The name {name} is taken.", "Choose another."]
    assert form.form_errors == ["The office is closed."]


def test_language_switch_comes_back_to_the_page(kit_client: TestClient) -> None:
    answer = kit_client.post("/language", data={"choice": "en", "next": "/kit?page=2"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/kit?page=2")
    assert 'lang="en"' in kit_client.get("/kit").text
    kit_client.post("/language", data={"choice": "xx", "next": "/kit"})
    assert 'lang="en"' in kit_client.get("/kit").text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", ""])
def test_switches_never_lead_to_another_site(kit_client: TestClient, target: str) -> None:
    assert kit_client.post("/theme", data={"choice": "dark", "next": target}).headers["location"] == "/"


def test_theme_is_kept_and_unknown_ones_are_ignored(kit_client: TestClient) -> None:
    kit_client.post("/theme", data={"choice": "dark", "next": "/kit"})
    assert 'data-theme="dark"' in kit_client.get("/kit").text
    kit_client.cookies.clear()
    strange = kit_client.get("/kit", headers={"cookie": "akashi_theme='><script>"}).text
    assert 'data-theme="auto"' in strange


def test_redirect_refuses_to_leave_the_site(kit_app: FastAPI) -> None:
    request = Request({"type": "http", "app": kit_app, "headers": [], "method": "GET", "path": "/"})
    with pytest.raises(ValueError, match="not a page of this site"):
        redirect(request, "https://evil.example")


@pytest.mark.parametrize("status", [*TROUBLES, 418, 502])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_error_page_says_what_and_the_way_back(kit_app: FastAPI, status: int, language: str) -> None:
    @kit_app.get("/broken")
    def break_it(request: Request) -> Response:
        return render_error(request, status, reference="8f2c")

    with TestClient(kit_app, cookies={"akashi_language": language}) as client:
        answer = client.get("/broken")
    main = MAIN.findall(answer.text)[0]
    assert answer.status_code == status
    assert "8f2c" in main
    assert 'href="/"' in main
    assert bool(JAPANESE.search(main)) == (language == "ja")


def test_gallery_is_closed_in_a_real_installation(kit_app: FastAPI, kit_site: Site) -> None:
    with kit_site.database.write() as connection:
        write_meta(connection, "sample", "no")
    with TestClient(kit_app, raise_server_exceptions=False) as client:
        assert client.get("/kit").status_code == 500
    with kit_site.database.write() as connection:
        write_meta(connection, "sample", "yes")


ROOM = Room(
    "akashi.platform", "Room", "", nav=(NavItem("A", "/a"), NavItem("AB", "/a/b", "risk"), NavItem("C", "/c"))
)


def test_menu_shows_what_the_actor_may_open_and_marks_the_page() -> None:
    rules = [Rule("route", "GET", path, frozenset({"auditor"})) for path in ("/a", "/a/b")]
    matrix = {(rule.kind, rule.method, rule.target): rule for rule in rules}
    groups = build_menu([ROOM], AUDITOR, matrix, "/a/b/17")
    assert [(item.path, item.current) for group in groups for item in group.items] == [
        ("/a", False),
        ("/a/b", True),
    ]


def test_menu_is_empty_for_whoever_has_not_signed_in() -> None:
    assert build_menu([ROOM], NOBODY, None, "/a") == ()


def test_menu_does_not_mark_a_page_that_only_begins_alike() -> None:
    groups = build_menu([ROOM], AUDITOR, None, "/ab")
    assert not any(item.current for group in groups for item in group.items)


def test_static_files_last_under_their_hash_and_survive_a_rolling_update(kit_client: TestClient) -> None:
    address = re.findall(r'href="(/static/[^"]+akashi\.css)"', kit_client.get("/kit").text)[0]
    present, older = kit_client.get(address), kit_client.get("/static/0000000000000000/kit/akashi.css")
    assert "immutable" in present.headers["cache-control"]
    assert older.headers["cache-control"] == "no-store"
    assert present.text == older.text
    assert present.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize(
    "path", ["/static/x/../../kit.py", "/static/x/kit/%2e%2e/%2e%2e/kit.py", "/static/", "/static/x/no.css"]
)
def test_static_serves_nothing_else(kit_client: TestClient, path: str) -> None:
    assert kit_client.get(path).status_code == 404
    assert kit_client.post("/static/x/kit/akashi.css").status_code == 405


def test_an_unknown_static_file_is_noticed_when_rendering(framed: Kit) -> None:
    with pytest.raises(LookupError):
        framed.environment.from_string("{{ static('kit/nothing.js') }}").render()
