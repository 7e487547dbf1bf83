"""The gallery in a real browser: axe, both widths, both modes, without scripts, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.serving import follow

pytestmark = pytest.mark.browser
Scheme = Literal["light", "dark"]
PAGES = ("/kit", "/kit/customer", "/kit/confirm")
WIDTHS = (390, 1280)
TARGETS = "button, summary, select, textarea, .button, .chip, nav a, input:not([type=hidden])"
SMALL_TARGETS = f"""() => [...document.querySelectorAll('{TARGETS}')]
  .filter((it) => it.offsetParent && it.getBoundingClientRect().height < 44)
  .filter((it) => !it.closest('.crumbs, .flash, .check, .more'))
  .map((it) => it.outerHTML.slice(0, 90))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def narrow(browser: Browser, kit_address: str) -> Iterator[Page]:
    """A page of 390 px; it fails on any error the browser reports."""
    with open_page(browser, kit_address, 390) as page:
        yield page


@pytest.fixture
def wide(browser: Browser, kit_address: str) -> Iterator[Page]:
    """A page of 1280 px."""
    with open_page(browser, kit_address, 1280) as page:
        yield page


@contextmanager
def open_page(
    browser: Browser, address: str, width: int, scheme: Scheme = "light", *, scripts: bool = True
) -> Iterator[Page]:
    """Open one page; whatever the content policy refuses or a script throws is a failure."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=scripts,
        locale="ja-JP",
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
    yield page
    context.close()
    assert faults == []


def violations(page: Page) -> list[str]:
    """Return what axe finds, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {node['target']}" for item in found for node in item["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(browser: Browser, kit_address: str, path: str, width: int, scheme: Scheme) -> None:
    with open_page(browser, kit_address, width, scheme) as page:
        page.goto(path)
        assert violations(page) == []
        assert page.evaluate(OVERFLOW) <= 0


def test_axe_notices_a_missing_label(wide: Page) -> None:
    wide.goto("/kit")
    wide.evaluate("document.querySelector('label[for=name]').remove()")
    assert any(line.startswith("label") for line in violations(wide))


@pytest.mark.parametrize("path", PAGES)
def test_targets_are_large_enough_for_a_thumb(narrow: Page, path: str) -> None:
    narrow.goto(path)
    assert narrow.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_faulty_form_takes_the_focus_and_leads_to_its_fields(
    browser: Browser, kit_address: str, width: int
) -> None:
    with open_page(browser, kit_address, width) as page:
        page.goto("/kit")
        page.fill("#name", "")
        page.get_by_role("button", name="登録する").click()
        page.wait_for_selector("#error-summary:focus")
        assert violations(page) == []
        page.locator("#error-summary a").first.click()
        page.wait_for_selector("#name:focus")


def test_confirm_page_opens_in_a_dialog_and_closes_by_escape(wide: Page) -> None:
    wide.goto("/kit")
    wide.get_by_role("link", name="取り下げる").last.click()
    dialog = wide.get_by_role("dialog", name="を取り下げますか")
    dialog.wait_for()
    assert violations(wide) == []
    wide.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert wide.evaluate("document.activeElement.textContent").strip() == "取り下げる"


def test_everything_works_without_scripts(browser: Browser, kit_address: str) -> None:
    with open_page(browser, kit_address, 390, scripts=False) as page:
        page.goto("/kit")
        page.locator(".menu-fold summary").click()
        assert page.get_by_role("link", name="検出事項", exact=True).first.is_visible()
        follow(page.get_by_role("link", name="取り下げる").last)
        assert page.url.endswith("/kit/confirm")
        follow(page.get_by_role("button", name="English"))
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.url.endswith("/kit/confirm")


def test_keyboard_reaches_the_content_first(wide: Page) -> None:
    wide.goto("/kit")
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.className") == "skip"
    wide.keyboard.press("Enter")
    assert wide.evaluate("document.activeElement.id") == "main"


def test_arrow_keys_walk_the_rows_of_a_table(wide: Page) -> None:
    wide.goto("/kit")
    links = wide.locator("a[data-row-link]")
    links.nth(0).focus()
    wide.keyboard.press("ArrowDown")
    assert links.nth(1).evaluate("it => it === document.activeElement")


def test_menus_close_by_escape_and_by_a_click_elsewhere(wide: Page) -> None:
    wide.goto("/kit")
    wide.locator(".person summary").click()
    assert violations(wide) == []
    wide.keyboard.press("Escape")
    assert not wide.get_by_role("button", name="サインアウト").is_visible()
    wide.locator(".person summary").click()
    wide.get_by_role("heading", level=1).click()
    assert not wide.get_by_role("button", name="サインアウト").is_visible()


def test_colours_can_be_chosen_by_hand(wide: Page) -> None:
    wide.goto("/kit")
    before = wide.evaluate("getComputedStyle(document.body).backgroundColor")
    wide.get_by_role("button", name="暗い").click()
    wide.wait_for_selector("html[data-theme=dark]")
    assert wide.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_printed_pages_hide_controls_and_keep_the_document(wide: Page) -> None:
    wide.goto("/kit")
    wide.emulate_media(media="print")
    assert not wide.locator(".side").is_visible()
    assert not wide.get_by_role("button", name="登録する").is_visible()
    assert wide.locator("table.diff").is_visible()
    assert wide.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_elements_made_by_scripts_hold_text_and_never_markup(wide: Page, kit_app: FastAPI) -> None:
    wide.goto("/kit")
    made = wide.evaluate(
        """async (address) => {
          const { element } = await import(address);
          const refused = [{ onclick: "go()" }, { style: "color: red" }].map((it) => {
            try { element("p", it); return false; } catch { return true; }
          });
          return [element("p", { class: "hint" }, "<b>証</b>").outerHTML, ...refused];
        }""",
        kit_app.state.kit.assets.address("kit/live.js"),
    )
    assert made == ['<p class="hint">&lt;b&gt;証&lt;/b&gt;</p>', True, True]


def test_a_second_press_does_not_send_twice(wide: Page) -> None:
    wide.goto("/kit")
    passed = wide.evaluate(
        """() => {
          let passed = 0;
          window.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) passed += 1;
            event.preventDefault();
          });
          const form = document.querySelector("form.theme");
          form.requestSubmit();
          form.requestSubmit();
          return passed;
        }"""
    )
    assert passed == 1
