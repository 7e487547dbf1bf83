"""A server opens in two stages: customers' first page at once, everything else when it is loaded."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from akashi.domains.assistant.front import router as front
from akashi.platform.site import Site
from akashi.web.app import Waiting, create_app, include_routers, router_references


def test_first_page_is_served_before_the_other_rooms_are_loaded(sample_site: Site) -> None:
    app = create_app(sample_site, staged=True)
    client = TestClient(app, base_url=sample_site.settings.public_origin)
    page = client.get("/")
    assert page.status_code == 200
    assert "汐見銀行" in page.text
    assert not app.state.is_whole.is_set()


def test_page_that_is_not_loaded_yet_is_waited_for(sample_site: Site) -> None:
    app = create_app(sample_site, staged=True)
    held = threading.Event()

    async def ask_early() -> tuple[bool, bool]:
        sent: list[str] = []

        async def inner(scope: object, receive: object, send: object) -> None:
            sent.append("served")

        scope = {"type": "http", "path": "/dashboard", "method": "GET", "headers": []}
        request = asyncio.create_task(Waiting(inner, app)(scope, None, None))  # type: ignore[arg-type]
        await asyncio.sleep(0.05)
        early = bool(sent)
        include_routers(app, router_references(sample_site))
        app.state.is_whole.set()
        await request
        held.set()
        return early, bool(sent)

    assert asyncio.run(ask_early()) == (False, True)
    assert held.is_set()


def test_staged_server_becomes_the_whole_product(sample_site: Site) -> None:
    pages = [item.path for room in sample_site.rooms for item in room.nav]
    whole = TestClient(create_app(sample_site), base_url="http://localhost")
    with TestClient(create_app(sample_site, staged=True), base_url="http://localhost") as staged:
        seen = [staged.get(page, follow_redirects=False).status_code for page in pages]
        described = staged.get("/api/openapi.json").content
    assert seen == [whole.get(page, follow_redirects=False).status_code for page in pages]
    assert 404 not in seen
    assert described == whole.get("/api/openapi.json").content


def test_room_that_cannot_be_loaded_ends_the_server(
    sample_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: signals.append(number))
    broken = replace(sample_site.rooms[0], router="akashi.nowhere:router")
    site = replace(sample_site, rooms=(broken, *sample_site.rooms[1:]))
    with TestClient(create_app(site, staged=True), base_url="http://localhost") as client:
        assert client.get("/").status_code == 200
        for _ in range(200):
            if signals:
                break
            threading.Event().wait(0.05)
    assert signals == [signal.SIGTERM]


def test_front_needs_no_numerical_library() -> None:
    code = (
        "import sys, akashi.cli.demo, akashi.web.app; from akashi.domains.assistant.front import router; "
        "print([name for name in ('scipy', 'alembic', 'webauthn', 'openpyxl', 'docx', 'openai', 'duckdb') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert front.routes
