"""Sentences already checked, sent to the page as they come; a page without scripts waits for all of them."""

from __future__ import annotations

import queue
from collections.abc import Iterator

import orjson
from fastapi import Request
from starlette.responses import StreamingResponse

from akashi.domains.assistant.generating_talk import GRACE_SECONDS, Run
from akashi.platform.site import Site

BEAT_SECONDS = 2.0
MEDIA_TYPE = "text/event-stream"


def reads_stream(request: Request) -> bool:
    """Return whether the page asked for events."""
    return MEDIA_TYPE in request.headers.get("accept", "")


def wait_for(site: Site, run: Run | None) -> None:
    """Wait until an answer is kept, at most as long as an endpoint may take and a little more."""
    endpoint = site.settings.endpoint
    if run is not None and endpoint is not None:
        run.done.wait(endpoint.total_seconds + GRACE_SECONDS / 4)


def stream_run(run: Run) -> StreamingResponse:
    """Return the events of a run: one ``sentence`` each, then ``done``."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(run), media_type=MEDIA_TYPE, headers=headers)


def _events(run: Run) -> Iterator[bytes]:
    yield b": writing\n\n"
    while True:
        try:
            sentence = run.sentences.get(timeout=BEAT_SECONDS)
        except queue.Empty:
            if run.done.is_set() and run.sentences.empty():
                break
            yield b": writing\n\n"
            continue
        if sentence is None:
            break
        data = orjson.dumps({"text": sentence.text, "cited": sentence.cited})
        yield b"event: sentence\ndata: " + data + b"\n\n"
    yield b'event: done\ndata: ""\n\n'
