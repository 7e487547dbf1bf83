"""The scripted endpoint as a process, and sites that may call it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from akashi.platform.site import Site
from tests.endpoint.peer import Peer, opened_peer, with_endpoint


@pytest.fixture(scope="session")
def scripted() -> Iterator[Peer]:
    """The scripted endpoint, once for the session."""
    with opened_peer() as peer:
        yield peer


@pytest.fixture
def peer(scripted: Peer) -> Peer:
    """The scripted endpoint, honest again."""
    scripted.script("honest")
    return scripted


@pytest.fixture
def linked_site(site: Site, peer: Peer) -> Site:
    """An installation on each database that may call the scripted endpoint."""
    return with_endpoint(site, peer)
