"""Two server processes on one PostgreSQL database: what is withdrawn is gone on both at once."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience
from akashi.documents.answerable import list_answerable
from akashi.documents.store import list_passages
from akashi.documents.treat import withdraw_at_once
from akashi.platform.database import Database
from akashi.platform.installation import INSTALLATION_ID
from akashi.platform.meta import write_meta
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, seed_sample
from tests.conftest import FrozenClock, make_site

pytestmark = pytest.mark.full
QUESTION = "ATMで一日に引き出せる金額は"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
CITED = re.compile(r'href="/passage/([^"?]+)\?')


@pytest.fixture
def bank(postgres_database: Database, tmp_path: Path) -> Site:
    """The sample bank on PostgreSQL."""
    site = make_site(postgres_database, tmp_path / "home", FrozenClock())
    with site.database.write() as connection:
        write_meta(connection, INSTALLATION_ID, "inst_two_servers")
        write_meta(connection, "sample", "yes")
    seed_sample(site)
    return site


@pytest.fixture
def servers(bank: Site) -> Iterator[list[int]]:
    """The ports of two server processes over the same database."""
    with ExitStack() as stack:
        ports = [free_port(), free_port()]
        for port in ports:
            environment = os.environ | {
                "AKASHI_HOME": str(bank.settings.home),
                "AKASHI_MASTER_KEY": base64.b64encode(bytes(range(32))).decode(),
                "AKASHI_DATABASE_URL": bank.database.url.render_as_string(hide_password=False),
                "AKASHI_PORT": str(port),
            }
            server = subprocess.Popen(
                [sys.executable, "-m", "akashi", "serve"], env=environment, stdout=subprocess.DEVNULL
            )
            stack.callback(server.wait)
            stack.callback(server.terminate)
        for port in ports:
            wait_for(port)
        yield ports


def free_port() -> int:
    """Return a port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Return once the first page is served."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def ask(port: int) -> list[str]:
    """Ask as a new customer and return the passages that the answer cites."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    host = {"Host": f"localhost:{port}"}
    connection.request("POST", "/ask", urlencode({"question": QUESTION}), FORM | host)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303
    cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
    connection.request("GET", "/", headers=host | {"Cookie": cookie})
    page = connection.getresponse().read().decode()
    connection.close()
    return CITED.findall(page)


def ask_until_answered(port: int) -> list[str]:
    """Ask again while the server makes its first index, for which a question waits some seconds only."""
    return next(filter(None, (ask(port) for _ in range(10))), [])


def test_withdrawal_is_effective_on_both_servers_at_once(bank: Site, servers: list[int]) -> None:
    first, second = (ask_until_answered(port) for port in servers)
    assert first == second != []
    actor = list_actors()["namikawa_toru"]
    with bank.database.write() as connection:
        versions = list_answerable(connection, Audience.CUSTOMERS, tokyo_day(bank.now()))
        passages = {one.id: one.version_id for one in list_passages(connection, sorted(versions))}
        withdrawn = {passages[cited] for cited in first}
        for version in withdrawn:
            withdraw_at_once(connection, version, "試験：公表を取りやめ", actor, bank.now())
    for port in servers:
        assert withdrawn.isdisjoint(passages[cited] for cited in ask(port))
