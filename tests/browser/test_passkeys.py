"""The whole way of a passkey in a real browser: founding, enrolment, confirmation, sign-in, refusals."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    Route,
    expect,
    sync_playwright,
)

from akashi.identity.enrolment import bootstrap_link
from akashi.ledger.store import entry_table
from akashi.platform.database import Database
from akashi.platform.rooms import load_rooms
from akashi.platform.site import Site
from akashi.web.app import create_app
from tests.conftest import FrozenClock, make_site

pytestmark = pytest.mark.browser

DEVICE: dict[str, Any] = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Place:
    """A served installation and its clock."""

    site: Site
    clock: FrozenClock

    @property
    def origin(self) -> str:
        """Return the address that people type in."""
        return self.site.settings.public_origin

    def last_refusal(self) -> str:
        """Return the newest ledger entry's kind and payload."""
        with self.site.database.read() as connection:
            query = sa.select(entry_table).order_by(entry_table.c.sequence.desc()).limit(1)
            row = connection.execute(query).one()
        return f"{row.kind} {row.payload}"


@dataclass
class Visitor:
    """One person at one browser with one virtual device."""

    place: Place
    context: BrowserContext
    page: Page
    devices: CDPSession
    device: str

    def open(self, path: str) -> Page:
        """Open a page of the installation."""
        self.page.goto(self.place.origin + path)
        return self.page

    def verifies(self, verified: bool) -> None:
        """Let the device succeed or fail at checking its user."""
        self.devices.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": verified}
        )

    def enrol(self, link: str) -> str:
        """Register a passkey with a link and return the code shown."""
        self.page.goto(link)
        self.page.get_by_role("button", name="パスキーを登録する").click()
        code = self.page.locator("[data-code]")
        expect(code).to_have_text(_code_form())
        return code.inner_text()

    def press_sign_in(self) -> None:
        """Open the sign-in page for the sessions page and press the button."""
        self.open("/identity/sign-in?next=/identity/sessions")
        self.page.get_by_role("button", name="パスキーでサインイン").click()

    def sign_in(self) -> None:
        """Sign in with the device's passkey."""
        self.press_sign_in()
        self.page.wait_for_url(f"{self.place.origin}/identity/sessions")

    def error(self) -> str:
        """Return the sentence shown after a refusal."""
        place = self.page.locator("[data-error]")
        expect(place).to_be_visible()
        return place.inner_text()


def _code_form() -> re.Pattern[str]:
    return re.compile("[0-9A-F]{4}-[0-9A-F]{4}")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests of this file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def place(sqlite_database: Database, tmp_path: Path, clock: FrozenClock) -> Iterator[Place]:
    """An empty installation behind a real server on loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    made = make_site(sqlite_database, tmp_path / "home", clock)
    settings = replace(made.settings, port=listener.getsockname()[1])
    rooms = load_rooms(["akashi.identity"])
    site = replace(made, settings=settings, rooms=rooms)
    server = uvicorn.Server(uvicorn.Config(create_app(site), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Place(site, clock)
    server.should_exit = True
    thread.join()
    listener.close()


def visit(browser: Browser, place: Place, device_options: dict[str, Any] = DEVICE) -> Visitor:
    """Return a new visitor whose device verifies its user, unless told otherwise."""
    context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": device_options})["authenticatorId"]
    return Visitor(place, context, page, devices, device)


@pytest.fixture
def founder(browser: Browser, place: Place) -> Iterator[Visitor]:
    """The first administrator, enrolled."""
    visitor = visit(browser, place)
    visitor.enrol(bootstrap_link(place.site, "星 綾"))
    yield visitor
    visitor.context.close()


def test_two_administrators_found_the_institution_and_sign_in_and_out(
    browser: Browser, place: Place, founder: Visitor
) -> None:
    founder.sign_in()
    page = founder.page
    expect(page.get_by_text("まだ決裁できません")).to_be_visible()
    first_code = page.locator("td.code code").inner_text()

    founder.open("/identity/people/new")
    page.get_by_label("氏名", exact=False).first.fill("環 亮")
    page.get_by_role("button", name="保存する").click()
    page.get_by_label("役割").select_option("administrator")
    page.get_by_role("button", name="付与する").click()
    person = page.url
    page.get_by_role("button", name="登録リンクを発行する").click()
    link = page.get_by_label("アドレス").input_value()

    second = visit(browser, place)
    second_code = second.enrol(link)
    second.sign_in()

    page.goto(person)
    page.get_by_label("新しいパスキーのコード").fill(second_code)
    page.get_by_role("button", name="パスキーを確認する").click()
    expect(page.get_by_text("パスキーを確認しました")).to_be_visible()

    second.open("/identity/people")
    second.page.get_by_role("link", name="星 綾").first.click()
    second.page.get_by_label("新しいパスキーのコード").fill(first_code)
    second.page.get_by_role("button", name="パスキーを確認する").click()
    expect(second.page.get_by_text("パスキーを確認しました")).to_be_visible()

    founder.open("/identity/sessions")
    expect(page.get_by_text("まだ決裁できません")).to_have_count(0)
    page.locator("details.person summary").click()
    page.get_by_role("button", name="サインアウト").click()
    expect(page.get_by_text("サインアウトしました")).to_be_visible()
    founder.open("/identity/people")
    expect(page).to_have_url(f"{place.origin}/identity/sign-in?next=/identity/people")
    second.context.close()


def test_token_leaves_the_address_and_the_history(browser: Browser, place: Place) -> None:
    visitor = visit(browser, place)
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.url))
    link = bootstrap_link(place.site, "星 綾")
    token = link.partition("#")[2]
    visitor.page.goto(link)
    expect(visitor.page).to_have_url(f"{place.origin}/identity/enrol")
    assert not any(token in url for url in sent)
    visitor.context.close()


def test_enrolment_signs_nobody_in(place: Place, founder: Visitor) -> None:
    assert not any("session" in cookie["name"] for cookie in founder.context.cookies())
    founder.open("/identity/sessions")
    expect(founder.page).to_have_url(f"{place.origin}/identity/sign-in?next=/identity/sessions")


def test_session_cookie_is_out_of_reach_of_scripts(founder: Visitor) -> None:
    founder.sign_in()
    cookie = next(cookie for cookie in founder.context.cookies() if "session" in cookie["name"])
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    assert "session" not in founder.page.evaluate("document.cookie")


def test_browser_refuses_when_the_device_cannot_verify_its_user(founder: Visitor) -> None:
    founder.verifies(False)
    founder.press_sign_in()
    assert founder.error() == "端末から応答がありませんでした。最初からやり直してください。"


def test_server_refuses_an_answer_without_user_verification(place: Place, founder: Visitor) -> None:
    def weaken(route: Route) -> None:
        response = route.fetch()
        options = response.json()
        options["publicKey"]["userVerification"] = "discouraged"
        route.fulfill(response=response, json=options)

    founder.page.route("**/api/identity/sign-in/options", weaken)
    founder.verifies(False)
    founder.press_sign_in()
    assert founder.error().startswith("端末が本人確認を行いませんでした。")
    assert "not_verified" in place.last_refusal()


def test_server_refuses_registration_without_user_verification(browser: Browser, place: Place) -> None:
    def weaken(route: Route) -> None:
        response = route.fetch()
        options = response.json()
        options["publicKey"]["authenticatorSelection"] = {"userVerification": "discouraged"}
        route.fulfill(response=response, json=options)

    visitor = visit(browser, place, {**DEVICE, "transport": "usb", "hasUserVerification": False})
    visitor.page.route("**/api/identity/enrolment/options", weaken)
    visitor.page.goto(bootstrap_link(place.site, "星 綾"))
    visitor.page.get_by_role("button", name="パスキーを登録する").click()
    assert visitor.error().startswith("端末が本人確認を行いませんでした。")
    assert "identity.enrolment_refused" in place.last_refusal()
    visitor.context.close()


def test_replayed_answer_is_refused(place: Place, founder: Visitor) -> None:
    answers: list[str] = []
    kept: list[Any] = []

    def keep(route: Route) -> None:
        answers.append(route.request.post_data or "")
        kept.extend(founder.context.cookies())
        route.continue_()

    founder.page.route("**/api/identity/sign-in", keep)
    founder.sign_in()
    founder.context.clear_cookies()
    founder.context.add_cookies(kept)
    answer = founder.page.request.post(
        f"{place.origin}/api/identity/sign-in",
        data=answers[0],
        headers={"Content-Type": "application/json", "Origin": place.origin},
    )
    assert answer.status == 422
    assert answer.json()["message"] == "この応答はすでに使われています。"
    assert "replayed" in place.last_refusal()


def test_answer_to_an_expired_question_is_refused(place: Place, founder: Visitor) -> None:
    def delay(route: Route) -> None:
        response = route.fetch()
        place.clock.advance(timedelta(minutes=2))
        route.fulfill(response=response)

    founder.page.route("**/api/identity/sign-in/options", delay)
    founder.press_sign_in()
    assert founder.error().startswith("端末の応答までに2分を超えました。")
    assert "expired" in place.last_refusal()


def test_used_link_is_refused(browser: Browser, place: Place) -> None:
    link = bootstrap_link(place.site, "星 綾")
    first, thief = visit(browser, place), visit(browser, place)
    first.enrol(link)
    thief.page.goto(link)
    thief.page.get_by_role("button", name="パスキーを登録する").click()
    assert thief.error().startswith("このリンクはすでに使われています。")
    for visitor in (first, thief):
        visitor.context.close()


def test_expired_link_is_refused(browser: Browser, place: Place) -> None:
    link = bootstrap_link(place.site, "星 綾")
    place.clock.advance(timedelta(minutes=15))
    visitor = visit(browser, place)
    visitor.page.goto(link)
    visitor.page.get_by_role("button", name="パスキーを登録する").click()
    assert visitor.error().startswith("このリンクは無効になっています。")
    visitor.context.close()


def test_device_without_our_passkey_does_not_get_in(browser: Browser, place: Place, founder: Visitor) -> None:
    stranger = visit(browser, place)
    stranger.press_sign_in()
    assert stranger.error()
    stranger.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_have_no_accessibility_violation(place: Place, founder: Visitor, width: int) -> None:
    founder.sign_in()
    founder.page.set_viewport_size({"width": width, "height": 900})
    founder.open("/identity/people")
    person = founder.page.get_by_role("link", name="星 綾").first.get_attribute("href") or ""
    pages = ["sign-in", "enrol", "sessions", "people", "people/new", "people/import", "tokens", "matrix"]
    for path in [*(f"/identity/{name}" for name in pages), person, f"{person}/edit"]:
        founder.open(path)
        found = Axe().run(founder.page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert founder.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
