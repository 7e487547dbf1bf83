"""A small application of the kit alone: sample database, a menu of realistic length, a strict policy."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from akashi.core.people import Actor, ActorKind, Role
from akashi.platform.database import Database
from akashi.platform.installation import SAMPLE_MARK
from akashi.platform.keys import Keys
from akashi.platform.kit import make_kit, mount_static
from akashi.platform.kit.pages import router
from akashi.platform.meta import write_meta
from akashi.platform.rooms import NavItem, Room, package_folder
from akashi.platform.schema import upgrade_schema
from akashi.platform.settings import Settings
from akashi.platform.site import Site

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
NONCE = "bm9uY2U"
POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}' 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
OFFICER = Actor("p1", ActorKind.PERSON, frozenset({Role.RISK_OFFICER}), name="三枝 拓也")
MENU = Room(
    package="akashi.platform.kit",
    title="見本",
    summary="見本",
    nav=(
        NavItem("画面部品の見本", "/kit"),
        NavItem("わたしの業務", "/tasks"),
        NavItem("決裁", "/approvals"),
        NavItem("文書", "/documents"),
        NavItem("担当者への引継ぎ", "/console", "customers"),
        NavItem("会話の記録", "/conversations", "customers"),
        NavItem("検出事項", "/findings", "risk"),
        NavItem("AIユースケース管理台帳", "/use-cases", "risk"),
        NavItem("要求事項", "/catalogue", "records"),
        NavItem("証跡", "/ledger", "records"),
        NavItem("職務権限表", "/authority", "settings"),
    ),
)
SWITCHER = [
    {"id": "p1", "name": "三枝 拓也", "roles": ["risk_officer"], "current": True},
    {"id": "p2", "name": "真鍋 聡", "roles": ["executive"], "current": False},
    {"id": "p3", "name": "早瀬 美咲", "roles": ["business_owner", "operator"], "current": False},
]


class Frontage:
    """What the web layer does for the kit: an actor, a nonce and a strict content policy."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        if scope["type"] == "http":
            is_customer = scope["path"].startswith("/kit/customer")
            state = (
                {"nonce": NONCE} if is_customer else {"nonce": NONCE, "actor": OFFICER, "switcher": SWITCHER}
            )
            scope.setdefault("state", {}).update(state)
        await self.app(scope, receive, send_with_policy)


def make_app(site: Site) -> FastAPI:
    """Return an application with the kit's pages only."""
    app = FastAPI()
    app.state.site = site
    app.state.institution = "汐見銀行"
    app.state.kit = make_kit(site)
    mount_static(app)
    app.include_router(router)
    app.add_middleware(Frontage)
    return app


@pytest.fixture(scope="session")
def kit_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A sample installation with nothing but the platform in it."""
    home = tmp_path_factory.mktemp("kit")
    database = Database(f"sqlite:///{home / 'akashi.db'}")
    upgrade_schema(database, ())
    with database.write() as connection:
        write_meta(connection, SAMPLE_MARK, "yes")
    settings = Settings(home=home, key_file=home / "key", database_url=str(database.url))
    yield Site(settings, database, Keys(bytes(range(32))), (MENU,), clock=lambda: NOW)
    database.close()


@pytest.fixture
def kit_app(kit_site: Site) -> FastAPI:
    """The application over the kit's own pages."""
    return make_app(kit_site)


@pytest.fixture
def kit_client(kit_app: FastAPI) -> Iterator[TestClient]:
    """A client that follows no redirect by itself."""
    with TestClient(kit_app, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def kit_address(kit_site: Site) -> Iterator[str]:
    """The address of a real server over the kit's pages."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(make_app(kit_site), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def kit_folder() -> Path:
    """Where the kit lies."""
    return package_folder("akashi.platform.kit")
