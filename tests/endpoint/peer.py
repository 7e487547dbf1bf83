"""The scripted endpoint as tests see it: a process of its own, told what to do, asked what it saw."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2

from akashi.platform.endpoint_settings import EndpointSettings
from akashi.platform.site import Site


@dataclass(frozen=True)
class Peer:
    """A running scripted endpoint."""

    port: int

    @property
    def url(self) -> str:
        """Return its address up to /v1."""
        return f"http://127.0.0.1:{self.port}/v1"

    def script(self, kind: str, **more: Any) -> None:
        """Say what the next replies are."""
        httpx2.post(f"http://127.0.0.1:{self.port}/script", json={"kind": kind, **more}).raise_for_status()

    def seen(self) -> list[dict[str, Any]]:
        """Return the requests since the last script."""
        return list(httpx2.get(f"http://127.0.0.1:{self.port}/seen").json())


@contextmanager
def opened_peer() -> Iterator[Peer]:
    """Yield a scripted endpoint that ends with the block."""
    command = [sys.executable, str(Path(__file__).with_name("scripted.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        yield Peer(int(process.stdout.readline()))
        process.stdin.close()
        process.wait(10)


def settings_for(peer: Peer, **more: Any) -> EndpointSettings:
    """Return settings for the scripted endpoint with short times."""
    defaults: dict[str, Any] = {
        "url": peer.url,
        "model": "test-model",
        "total_seconds": 2,
        "connect_seconds": 1,
        "idle_seconds": 1,
        "retries": 1,
        "monthly_yen": 1000,
        "monthly_tokens": 10_000_000,
        "yen_per_million_in": 20,
        "yen_per_million_out": 60,
        "conversation_tokens": 1_000_000,
    }
    return EndpointSettings(**{**defaults, **more})


def with_endpoint(site: Site, peer: Peer, **more: Any) -> Site:
    """Return the same installation with the scripted endpoint configured and allowed."""
    endpoint = settings_for(peer, **more)
    settings = replace(site.settings, endpoint=endpoint, allowed_hosts=(endpoint.address,))
    return replace(site, settings=settings)
