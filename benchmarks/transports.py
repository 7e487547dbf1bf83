"""What one call costs over different transports: ours, asyncio streams, h11, httpx; CPU of the caller only.

`python -m benchmarks.transports --calls 2000 --json`
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import h11
import httpx

from akashi.domains.evaluation.wire import Address, Wire
from benchmarks.harness import open_server

BODY = json.dumps(
    {"model": "m", "messages": [{"role": "user", "content": "合言葉を教えてください。"}]}
).encode()
PATH = "/v1/chat/completions"
Call = Callable[[], Awaitable[None]]
Play = Callable[[int, int, int], Coroutine[Any, Any, None]]


async def spread(call: Call, calls: int, concurrency: int) -> None:
    """Make ``calls`` calls, ``concurrency`` at once."""
    left = iter(range(calls))

    async def work() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*(work() for _ in range(concurrency)))


async def play_ours(port: int, calls: int, concurrency: int) -> None:
    """Call through the product's wire."""
    wire = Wire(Address("http", "127.0.0.1", port, "/v1"), 10)

    async def call() -> None:
        reply = await wire.post("/chat/completions", {"Content-Type": "application/json"}, BODY)
        assert reply.status == 200  # noqa: S101

    await spread(call, calls, concurrency)
    await wire.close()


async def play_streams(port: int, calls: int, concurrency: int) -> None:
    """Call through asyncio's streams, reading head and body by length."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def call() -> None:
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        await writer.drain()
        got = await reader.readuntil(b"\r\n\r\n")
        at = got.lower().index(b"content-length:") + 15
        await reader.readexactly(int(got[at:].split(b"\r\n", 1)[0]))
        idle.append((reader, writer))

    await spread(call, calls, concurrency)
    for _, writer in idle:
        writer.close()


async def play_h11(port: int, calls: int, concurrency: int) -> None:
    """Call through h11 over asyncio's streams."""
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, h11.Connection]] = []

    async def call() -> None:
        if idle:
            reader, writer, state = idle.pop()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            state = h11.Connection(h11.CLIENT)
        headers = [("Host", "x"), ("Content-Length", str(len(BODY)))]
        writer.write(state.send(h11.Request(method="POST", target=PATH, headers=headers)) or b"")
        writer.write(state.send(h11.Data(data=BODY)) or b"")
        writer.write(state.send(h11.EndOfMessage()) or b"")
        event: object = None
        while not isinstance(event, h11.EndOfMessage):
            event = state.next_event()
            if event is h11.NEED_DATA:
                state.receive_data(await reader.read(65536))
        state.start_next_cycle()
        idle.append((reader, writer, state))

    await spread(call, calls, concurrency)
    for _, writer, _ in idle:
        writer.close()


async def play_httpx(port: int, calls: int, concurrency: int) -> None:
    """Call through httpx' asynchronous client with as many connections as calls at once."""
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    async with httpx.AsyncClient(limits=limits, trust_env=False, timeout=30) as client:

        async def call() -> None:
            reply = await client.post(f"http://127.0.0.1:{port}{PATH}", content=BODY)
            assert reply.status_code == 200  # noqa: S101

        await spread(call, calls, concurrency)


TRANSPORTS: dict[str, Play] = {
    "akashi": play_ours,
    "asyncio streams": play_streams,
    "h11 over streams": play_h11,
    "httpx": play_httpx,
}


def measure(calls: int, concurrency: int) -> dict[str, dict[str, float]]:
    """Return CPU milliseconds and wall seconds of each transport, at 5 ms latency."""
    found = {}
    with open_server(5) as port:
        for name, play in TRANSPORTS.items():
            asyncio.run(play(port, 200, concurrency))
            cpu, wall = time.process_time(), time.perf_counter()
            asyncio.run(play(port, calls, concurrency))
            spent = (time.process_time() - cpu) * 1000 / calls
            found[name] = {"cpu_ms_per_call": spent, "wall_s": time.perf_counter() - wall}
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--concurrency", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    found = measure(chosen.calls, chosen.concurrency)
    for name, row in found.items():
        print(f"{name:20}{row['cpu_ms_per_call']:10.3f} ms CPU{row['wall_s']:10.2f} s", file=sys.stderr)
    if chosen.json:
        print(json.dumps({"transports": found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
