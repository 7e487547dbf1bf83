"""A real server and a real browser for the tests in this folder."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from akashi.platform.site import Site
from akashi.web.app import create_app

WIDTHS = (1280, 390)


@contextmanager
def put_up(site: Site) -> Iterator[Site]:
    """Yield ``site`` as it is served on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    there = replace(site, settings=replace(site.settings, port=listener.getsockname()[1]))
    config = uvicorn.Config(create_app(there), log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield there
    server.should_exit = True
    thread.join(15)
    listener.close()


@contextmanager
def served(site: Site) -> Iterator[str]:
    """Yield the origin of a server for ``site`` on a port of its own."""
    with put_up(site) as there:
        yield there.settings.public_origin


@contextmanager
def opened_browser(chromium: str) -> Iterator[Browser]:
    """Yield a headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def become(page: Page, origin: str, person: str) -> None:
    """Switch to a person of the sample institution."""
    headers = {"origin": origin, "sec-fetch-site": "same-origin"}
    answer = page.request.post(f"{origin}/identity/switch", form={"person": person}, headers=headers)
    assert answer.ok, answer.status


def follow(target: Locator) -> None:
    """Click what leads to another page and return when that page has been loaded."""
    with target.page.expect_navigation():
        target.click()


def look(page: Page, name: str, width: int) -> None:
    """Check the page as people with and without sight meet it; keep a picture where AKASHI_SHOTS says so."""
    page.wait_for_load_state()
    folder = os.environ.get("AKASHI_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    results = Axe().run(page)
    assert results.violations_count == 0, f"{name} at {width}: {results.generate_report()}"
    overflow = page.evaluate("document.documentElement.scrollWidth")
    assert overflow <= width, f"{name} is cut off at {width}"
