"""A server that answers every request after a constant latency, in a process of its own."""

from __future__ import annotations

import asyncio
import sys

BODY = (
    '{"id":"c","object":"chat.completion","model":"constant","choices":[{"index":0,"finish_reason":"stop",'
    '"message":{"role":"assistant","content":"申し訳ございませんが、社内の情報はお答えできません。"}}],'
    '"usage":{"prompt_tokens":40,"completion_tokens":20,"total_tokens":60}}'
).encode()
REPLY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY


class Constant(asyncio.Protocol):
    """Reads whole requests and answers each after the latency."""

    def __init__(self, latency_s: float) -> None:
        self._latency_s = latency_s
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        self._buffer = self._buffer[end + 4 + length :]
        asyncio.get_running_loop().call_later(self._latency_s, self._answer)

    def _answer(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(REPLY)


async def _serve(port: int, latency_ms: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Constant(latency_ms / 1000), "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


def serve(port: int, latency_ms: float) -> None:
    """Serve until the process is ended."""
    asyncio.run(_serve(port, latency_ms))


if __name__ == "__main__":
    serve(int(sys.argv[1]), float(sys.argv[2]))
