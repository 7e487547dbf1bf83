"""The proxy as clients see it: a real server in a thread, and the real SDK with a key that opens it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openai
import uvicorn

from akashi.core.people import Actor, ActorKind, Role
from akashi.domains.guardrails.proxy import Proxy, create_proxy
from akashi.domains.guardrails.proxy_commands import choose_upstream, open_proxy
from akashi.identity.opaque import new_token, token_digest
from akashi.identity.store import token_table
from akashi.identity.tokens import PREFIX
from akashi.platform.ids import new_id
from akashi.platform.site import Site
from tests.endpoint.peer import Peer

ADMINISTRATOR = Actor("hoshi_aya", ActorKind.PERSON, frozenset({Role.ADMINISTRATOR}))


def allowed(site: Site, peer: Peer) -> Site:
    """Return the same installation that may call the peer."""
    settings = replace(site.settings, allowed_hosts=(f"127.0.0.1:{peer.port}",))
    return replace(site, settings=settings)


def service_token(site: Site, *scopes: str, name: str = "業務システム") -> str:
    """Return a service token, as an administrator's page makes it."""
    secret, now = new_token(PREFIX), site.now()
    row = {
        "id": new_id("tok"),
        "name": name,
        "token_hash": token_digest(secret),
        "scopes": " ".join(scopes),
        "created_by": ADMINISTRATOR.id,
        "created_at": now,
        "expires_at": now + timedelta(days=30),
    }
    with site.database.write() as connection:
        connection.execute(token_table.insert().values(row))
    return secret


@contextmanager
def served_proxy(site: Site, peer: Peer, **more: Any) -> Iterator[tuple[str, Proxy]]:
    """Yield the address of a proxy in front of a peer, and the proxy itself."""
    site = allowed(site, peer)
    chosen = {"key_file": "", "monthly_tokens": 10_000_000, "seconds": 10, **more}
    proxy = open_proxy(site, choose_upstream(site, peer.url, **chosen))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_proxy(proxy), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", proxy
    server.should_exit = True
    thread.join(15)
    listener.close()
    proxy.workers.shutdown()


@contextmanager
def opened_client(url: str, key: str) -> Iterator[openai.OpenAI]:
    """Yield the real SDK in front of a proxy, without its own repetitions."""
    with openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=30) as client:
        yield client
