"""Server-sent events against a real server: they tell, they end, and they starve nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import httpx
import pytest
import uvicorn

from akashi.domains.assistant import streams
from akashi.domains.assistant.console import Composed, open_case, send_reply
from akashi.domains.assistant.customer_pages import read_talk_pulse
from akashi.domains.assistant.streams import MOST_OF_ONE, Streams, streams_of
from akashi.platform.database import Database
from akashi.platform.site import Site
from akashi.web.app import create_app
from tests.domains.assistant.test_console import MIO, wait_for_person


@pytest.fixture
def served(sample_site: Site) -> Iterator[Site]:
    """The sample institution, served on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings = replace(sample_site.settings, port=listener.getsockname()[1])
    site = replace(sample_site, settings=settings)
    config = uvicorn.Config(create_app(site), log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield site
    server.should_exit = True
    thread.join(15)
    listener.close()


def customer(site: Site, token: str) -> httpx.Client:
    """Return a customer's browser that holds ``token``."""
    return httpx.Client(
        base_url=site.settings.public_origin, cookies={"akashi_talk": token}, timeout=30, trust_env=False
    )


def first_event(response: httpx.Response) -> str:
    """Return the name of the first event, or nothing when the stream ends without one."""
    return next(
        (line.removeprefix("event: ") for line in response.iter_lines() if line.startswith("event")), ""
    )


def test_reply_written_by_another_process_is_told(served: Site) -> None:
    token, case = wait_for_person(served)
    seen = read_talk_pulse(served, token)
    elsewhere = replace(served, database=Database(str(served.database.url)))
    with customer(served, token) as browser, browser.stream("GET", f"/talk/events?seen={seen}") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        open_case(elsewhere, case.id, MIO)
        send_reply(elsewhere, case.id, MIO, Composed("お答えします。"))
        started = time.perf_counter()
        assert first_event(stream) == "changed"
        assert time.perf_counter() - started < 5
    elsewhere.database.close()


def test_page_that_is_behind_is_told_at_once(served: Site) -> None:
    token, _ = wait_for_person(served)
    with customer(served, token) as browser, browser.stream("GET", "/talk/events?seen=0.none") as stream:
        assert first_event(stream) == "changed"


def test_customer_does_not_learn_who_serves_him(served: Site) -> None:
    token, case = wait_for_person(served)
    open_case(served, case.id, MIO)
    with customer(served, token) as browser, browser.stream("GET", "/talk/events?seen=x") as stream:
        told = [next(lines) for lines in [stream.iter_lines()] for _ in range(6)]
    assert any("held" in line for line in told)
    assert "isobe" not in "".join(told)


def test_stream_ends_by_itself(served: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "STREAM_SECONDS", 1.5)
    token, _ = wait_for_person(served)
    seen = read_talk_pulse(served, token)
    with customer(served, token) as browser:
        started = time.perf_counter()
        assert "event" not in browser.get(f"/talk/events?seen={seen}").text
    assert 1.0 < time.perf_counter() - started < 10
    assert streams_of(served).counts.total() == 0


@pytest.mark.full
def test_sixty_open_streams_leave_the_pages_quick(served: Site) -> None:
    tokens = [wait_for_person(served)[0] for _ in range(15)]
    with ExitStack() as stack:
        for token in tokens * MOST_OF_ONE:
            browser = stack.enter_context(customer(served, token))
            seen = read_talk_pulse(served, token)
            stack.enter_context(browser.stream("GET", f"/talk/events?seen={seen}"))
        started = time.perf_counter()
        with customer(served, tokens[0]) as browser:
            assert browser.get("/").status_code == 200
        assert time.perf_counter() - started < 5


def test_one_customer_holds_few_places_and_gives_them_back() -> None:
    places = Streams()
    assert [places.enter("a") for _ in range(MOST_OF_ONE + 1)] == [True] * MOST_OF_ONE + [False]
    assert places.enter("b")
    places.leave("a")
    assert places.enter("a")
