"""Server-sent events by asking the database: works with any number of web processes, and stays bounded.

A stream tells only that something has changed; the page then fetches itself. Each stream ends after a
while and the browser comes back. Its questions to the database run in a few threads of their own, so that
open streams can never use up the threads that answer pages.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from akashi.platform.site import Site

CACHE = "assistant.streams"
POLL_SECONDS = 1.0
STREAM_SECONDS = 55.0
BEAT_SECONDS = 15.0
MOST_STREAMS = 400
MOST_OF_ONE = 4
POLLING_THREADS = 3
RETRY_MS = 2000
BUSY_RETRY_MS = 15_000

_limiter: RunVar[anyio.CapacityLimiter] = RunVar("assistant.streams")
"""The few threads of all streams of one event loop."""

Pulse = Callable[[], str | None]
"""Return a short word for the present state, or None when there is nothing to watch any more."""


@dataclass
class Streams:
    """The open streams of this process, counted in all and by whom they serve."""

    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, key: str) -> bool:
        """Take a place for ``key``; False when there are too many already."""
        with self.lock:
            if self.counts.total() >= MOST_STREAMS or self.counts[key] >= MOST_OF_ONE:
                return False
            self.counts[key] += 1
            return True

    def leave(self, key: str) -> None:
        """Give the place back."""
        with self.lock:
            self.counts[key] -= 1
            if self.counts[key] <= 0:
                del self.counts[key]


def streams_of(site: Site) -> Streams:
    """Return this process' streams."""
    found = site.caches.setdefault(CACHE, Streams())
    if not isinstance(found, Streams):
        raise TypeError(f"{CACHE} holds something else")
    return found


def last_seen(request: Request, seen: str) -> str:
    """Return the state that the page knows: the last event it got, else what its address says."""
    return request.headers.get("last-event-id") or seen


async def watch(site: Site, key: str, seen: str, pulse: Pulse) -> Response:
    """Return a stream of ``changed`` events for a page that shows the state ``seen``.

    204 when there is nothing to watch, which ends the browser's attempts. When too many streams are open,
    in all or for ``key`` (whom it serves), the stream ends at once and asks to come back later.
    """
    first = await _ask(pulse)
    if first is None:
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    events = _guarded(streams_of(site), key, seen, first, pulse)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _guarded(streams: Streams, key: str, seen: str, first: str, pulse: Pulse) -> AsyncIterator[str]:
    if not streams.enter(key):
        yield f"retry: {BUSY_RETRY_MS}\n\n"
        return
    try:
        async for event in _events(seen, first, pulse):
            yield event
    finally:
        streams.leave(key)


async def _events(seen: str, state: str | None, pulse: Pulse) -> AsyncIterator[str]:
    started = beaten = time.monotonic()
    yield f"retry: {RETRY_MS}\n\n"
    while state is not None and time.monotonic() - started < STREAM_SECONDS:
        if state != seen:
            seen = state
            yield f'id: {state}\nevent: changed\ndata: "{state}"\n\n'
        elif time.monotonic() - beaten >= BEAT_SECONDS:
            beaten = time.monotonic()
            yield ": still here\n\n"
        await anyio.sleep(POLL_SECONDS)
        state = await _ask(pulse)
    if state is None:
        yield 'event: gone\ndata: ""\n\n'


async def _ask(pulse: Pulse) -> str | None:
    try:
        limiter = _limiter.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(POLLING_THREADS)
        _limiter.set(limiter)
    return await anyio.to_thread.run_sync(pulse, limiter=limiter)
