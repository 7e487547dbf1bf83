"""The wire to an endpoint: every byte counts against a limit, every read against one deadline.

A reply that drips, stalls or floods, in its headers, its comments or one endless line, ends in time, because
the limits hold at the socket and not where events are read. Redirects, proxies from the environment and
compressed bodies (which could unpack without bound) are not followed.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import httpcore2
import httpx2

READ_BYTES = 65_536


class Wire(httpcore2.NetworkBackend):
    """Sockets of one request under one deadline; ``is_late`` and ``is_flooded`` tell which limit ended it."""

    def __init__(self, deadline: float, idle_seconds: float, most_bytes: int) -> None:
        self.deadline = deadline
        self.idle_seconds = idle_seconds
        self.bytes_left = most_bytes
        self.is_late = False
        self.is_flooded = False
        self._sockets = httpcore2.SyncBackend()

    def seconds(self, most: float | None) -> float:
        """Return how long the next step may take. Raises: ReadTimeout: the deadline has passed."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            self.is_late = True
            raise httpcore2.ReadTimeout("the deadline has passed")
        return min(left, self.idle_seconds if most is None else most)

    def spend(self, count: int) -> None:
        """Count bytes read. Raises: ReadError: there were too many."""
        self.bytes_left -= count
        if self.bytes_left < 0:
            self.is_flooded = True
            raise httpcore2.ReadError("the reply is too large")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Open a connection."""
        stream = self._sockets.connect_tcp(host, port, self.seconds(timeout), local_address, socket_options)
        return _Watched(stream, self)


class _Watched(httpcore2.NetworkStream):
    """A connection whose reads and writes ask the wire first."""

    def __init__(self, stream: httpcore2.NetworkStream, wire: Wire) -> None:
        self._stream, self._wire = stream, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(min(max_bytes, READ_BYTES), self._wire.seconds(self._wire.idle_seconds))
        self._wire.spend(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._wire.seconds(self._wire.idle_seconds))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._wire.seconds(timeout))
        return _Watched(stream, self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Transport(httpx2.BaseTransport):
    """Sends one request over a wire of its own."""

    def __init__(self, wire: Wire) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=trust(), max_connections=1, max_keepalive_connections=0, network_backend=wire
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and return the beginning of its answer; the body is read as it comes."""
        url = request.url
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        try:
            answer = self._pool.handle_request(asked)
        except (httpcore2.TimeoutException, *BROKEN) as error:
            raise _translate(error) from error
        headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-encoding"]
        return httpx2.Response(status_code=answer.status, headers=headers, stream=_Body(answer))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    """The bytes of an answer, as they come."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except (httpcore2.TimeoutException, *BROKEN) as error:
            raise _translate(error) from error

    def close(self) -> None:
        self._answer.close()


BROKEN = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    httpcore2.ConnectionNotAvailable,
)


def _translate(error: Exception) -> httpx2.TransportError:
    if isinstance(error, httpcore2.ConnectTimeout | httpcore2.ConnectError):
        return httpx2.ConnectError(type(error).__name__)
    if isinstance(error, httpcore2.TimeoutException):
        return httpx2.ReadTimeout(type(error).__name__)
    return httpx2.ReadError(type(error).__name__)


@cache
def trust() -> ssl.SSLContext:
    """Return the machine's own trusted authorities; reading them takes a while, so it is done once."""
    return ssl.create_default_context()
