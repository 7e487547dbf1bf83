"""The wire to an HTTP target: many requests at once on few connections, at little cost for each.

HTTP/1.1 over asyncio's own transports. Only allowed addresses; no redirects, no proxies, no compressed
bodies; every reply ends at a deadline and within a size. docs/evaluation.md says what else was measured.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from akashi.core.errors import InputError, SetupError
from akashi.domains.evaluation.interfaces import RetryError

PORTS = {"http": 80, "https": 443}
MOST_HEAD = 65_536
MOST_BODY = 4_000_000
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: [^\r\n]*)?")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")


class WireError(Exception):
    """The reply is not one that can be used; trying again will not help."""


class _UnheardError(RetryError):
    """The connection ended before the first byte of a reply."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a target listens: scheme, host, port and the path before ``/chat/completions``."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def label(self) -> str:
        """Return ``host:port`` as the list of allowed addresses writes it."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers by lower-case name, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_address(url: str, allowed: tuple[str, ...]) -> Address:
    """Return the address of ``url`` if an administrator has allowed it.

    Raises: InputError: it is no plain http(s) address; SetupError: it is not allowed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    is_visible = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in PORTS or not parts.hostname or not is_plain or not is_visible:
        raise InputError("The address of the target must be http(s)://host[:port]/path.", where="target.url")
    found = Address(parts.scheme, parts.hostname, port or PORTS[parts.scheme], parts.path.rstrip("/"))
    if found.label not in allowed:
        raise SetupError(
            f"The target {found.label} is not among the allowed addresses. "
            f'Add it to allowed_hosts in akashi.toml, as "{found.label}".'
        )
    return found


class _Connection(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.waiting: asyncio.Future[Reply] | None = None
        self.is_open = True
        self.keeps = True
        self._head: tuple[int, dict[str, str], int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.waiting is None or self.waiting.done():
            self._end(None)
            return
        try:
            reply = self._read()
        except WireError as error:
            self._end(error)
            return
        if reply is not None:
            self.waiting.set_result(reply)
            self.waiting = None

    def eof_received(self) -> bool:
        head = self._head
        if (
            head is not None
            and self.waiting is not None
            and not self.waiting.done()
            and head[2] == _TO_THE_END
        ):
            self.waiting.set_result(Reply(head[0], head[1], bytes(self.buffer)))
            self.waiting = None
        self._end(None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(None)

    def send(self, data: bytes, waiting: asyncio.Future[Reply]) -> None:
        """Send one request whose reply will be in ``waiting``."""
        self._head, self.waiting = None, waiting
        self.buffer.clear()
        if self.transport is None or not self.is_open:
            waiting.set_exception(_UnheardError("closed"))
            return
        self.transport.write(data)

    def close(self) -> None:
        """End the connection."""
        self._end(None)

    def _end(self, error: Exception | None) -> None:
        self.is_open = False
        if self.transport is not None:
            self.transport.abort()
        if self.waiting is not None and not self.waiting.done():
            is_heard = self._head is not None or self.buffer
            self.waiting.set_exception(error or (RetryError if is_heard else _UnheardError)("closed"))
        self.waiting = None

    def _read(self) -> Reply | None:
        if self._head is None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self.buffer) > MOST_HEAD:
                    raise WireError("the head is too large")
                return None
            self._head = _read_head(bytes(self.buffer[:end]))
            del self.buffer[: end + 4]
        status, headers, length = self._head
        if len(self.buffer) > MOST_BODY or length > MOST_BODY:
            raise WireError("the reply is too large")
        if length == _TO_THE_END:
            self.keeps = False
            return None
        if length == _CHUNKED:
            body = _read_chunks(self.buffer)
        else:
            body = bytes(self.buffer) if len(self.buffer) == length else None
            if len(self.buffer) > length:
                raise WireError("the reply is longer than it says")
        if body is None:
            return None
        self.keeps = headers.get("connection", "").lower() != "close"
        return Reply(status, headers, body)


_CHUNKED, _TO_THE_END = -1, -2


def _read_head(head: bytes) -> tuple[int, dict[str, str], int]:
    """Return status, headers and the length of the body (or one of the two marks above)."""
    first, *lines = head.split(b"\r\n")
    match = _STATUS.fullmatch(first)
    if match is None:
        raise WireError("this is not HTTP/1.1")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or name != name.strip() or not name:
            raise WireError("a header cannot be read")
        headers[name.lower()] = value.strip()
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise WireError("the reply is compressed")
    if "transfer-encoding" in headers:
        if headers["transfer-encoding"].lower() != "chunked" or "content-length" in headers:
            raise WireError("the reply has no clear length")
        return int(match[1]), headers, _CHUNKED
    length = headers.get("content-length")
    if length is None:
        return int(match[1]), headers, _TO_THE_END
    if not (length.isascii() and length.isdigit()) or len(length) > 9:
        raise WireError("the reply has no clear length")
    return int(match[1]), headers, int(length)


def _read_chunks(buffer: bytearray) -> bytes | None:
    """Return the body when its last chunk has come, else None."""
    body, at = bytearray(), 0
    while True:
        end = buffer.find(b"\r\n", at)
        if end < 0:
            return None
        match = _CHUNK.fullmatch(bytes(buffer[at:end]))
        if match is None:
            raise WireError("a chunk cannot be read")
        size = int(match[1], 16)
        at = end + 2
        if size == 0:
            return bytes(body) if buffer.find(b"\r\n", at) >= 0 else None
        if len(buffer) < at + size + 2:
            return None
        body += buffer[at : at + size]
        at += size + 2


class Wire:
    """Connections to one address, used again and again."""

    def __init__(self, address: Address, seconds: float, connect_seconds: float = 5.0) -> None:
        self.address = address
        self._seconds = seconds
        self._connect_seconds = connect_seconds
        self._idle: list[_Connection] = []
        self._secure = ssl.create_default_context() if address.scheme == "https" else None

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the reply to one request.

        A server may end a kept connection whenever it likes, also while the next request is on its way; a
        request that then got no byte of a reply goes out once more, on a connection of its own.

        Raises: RetryError: it could not be sent, or no whole reply came in time; WireError: the reply
        cannot be used.
        """
        lines = [f"POST {self.address.path}{path} HTTP/1.1", f"Host: {self.address.label}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        data = "\r\n".join(lines).encode("ascii") + body
        kept = self._take()
        connection = kept or await self._connect()
        until = asyncio.get_running_loop().time() + self._seconds
        try:
            return await self._ask(connection, data, until)
        except _UnheardError:
            if kept is None:
                raise
        return await self._ask(await self._connect(), data, until)

    async def _ask(self, connection: _Connection, data: bytes, until: float) -> Reply:
        waiting: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        connection.send(data, waiting)
        try:
            async with asyncio.timeout_at(until):
                reply = await waiting
        except TimeoutError as error:
            connection.close()
            raise RetryError("timeout") from error
        except asyncio.CancelledError:
            connection.close()
            raise
        if connection.is_open and connection.keeps:
            self._idle.append(connection)
        else:
            connection.close()
        return reply

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()
        await asyncio.sleep(0)

    def _take(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        name = self.address.host if self._secure else None
        try:
            async with asyncio.timeout(self._connect_seconds):
                _, made = await loop.create_connection(
                    _Connection,
                    self.address.host,
                    self.address.port,
                    ssl=self._secure,
                    server_hostname=name,
                )
        except TimeoutError as error:
            raise RetryError("connect_timeout") from error
        except ssl.SSLCertVerificationError as error:
            raise WireError("the certificate is not trusted") from error
        except OSError as error:
            raise RetryError("unreachable") from error
        return made
