"""The wire: allowed addresses only, and whatever a server sends ends in a reply or a named error."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from akashi.core.errors import InputError, SetupError
from akashi.domains.evaluation.interfaces import RetryError
from akashi.domains.evaluation.wire import Address, Reply, Wire, WireError, read_address
from tests.domains.evaluation.making import completion, scripted_server


def post(port: int, times: int = 1, seconds: float = 5) -> list[Reply]:
    """Return the replies to some requests, one after the other."""

    async def ask() -> list[Reply]:
        wire = Wire(Address("http", "127.0.0.1", port, "/v1"), seconds)
        try:
            return [await wire.post("/chat/completions", {}, b"{}") for _ in range(times)]
        finally:
            await wire.close()

    return asyncio.run(ask())


def test_address_that_nobody_allowed_is_refused() -> None:
    assert read_address("http://a:1/v1", ("a:1",)).label == "a:1"
    with pytest.raises(SetupError):
        read_address("http://a:1/v1", ("b:1",))


@pytest.mark.parametrize(
    "url", ["ftp://a", "http://u:p@a/", "http://a/?q", "http://a\r\nHost: b/", "http://a:x", "", "http://あ"]
)
def test_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        read_address(url, ("a:80",))


def test_one_connection_serves_many_requests() -> None:
    with scripted_server(lambda _: completion("はい")) as (port, seen):
        assert [reply.status for reply in post(port, 3)] == [200] * 3
    assert len(seen) == 3


def test_kept_connection_that_ends_without_a_byte_costs_no_attempt() -> None:
    asked = count(1)
    with scripted_server(lambda _: completion("はい") if next(asked) % 2 else b"") as (port, seen):
        assert [reply.status for reply in post(port, 3)] == [200] * 3
    assert len(seen) == 5


def test_kept_connection_that_ends_within_a_reply_is_not_asked_again_unseen() -> None:
    asked = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        for said in (completion("はい"), completion("はい")[:-1]):
            await reader.readuntil(b"{}")
            asked += 1
            writer.write(said)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def ask() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            wire = Wire(Address("http", "127.0.0.1", server.sockets[0].getsockname()[1]), 5)
            assert (await wire.post("/", {}, b"{}")).status == 200
            with pytest.raises(RetryError, match="closed"):
                await wire.post("/", {}, b"{}")

    asyncio.run(ask())
    assert asked == 2


def test_chunked_reply_is_put_together() -> None:
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
    with scripted_server(lambda _: said) as (port, _):
        assert post(port, 2)[1].body == b"abcde"


@pytest.mark.parametrize(
    "said",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000,
        b"HTTP/1.1 200 OK\r\n bad: 1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_reply_that_cannot_be_trusted_is_an_error(said: bytes) -> None:
    with scripted_server(lambda _: said) as (port, _), pytest.raises(WireError):
        post(port)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_reply_that_does_not_come_may_be_tried_again(said: bytes) -> None:
    with scripted_server(lambda _: said) as (port, _), pytest.raises(RetryError):
        post(port, seconds=0.3)


def test_redirect_is_not_followed() -> None:
    said = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with scripted_server(lambda _: said) as (port, seen):
        assert post(port)[0].status == 302
    assert len(seen) == 1


def test_nobody_listening_may_be_tried_again() -> None:
    with pytest.raises(RetryError, match="unreachable"):
        post(1)
