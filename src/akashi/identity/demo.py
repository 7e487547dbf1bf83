"""When the demo role switcher exists: on loopback, with a database marked as sample, never otherwise."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection

from akashi.identity.origin import client_address, host_name, is_loopback_name
from akashi.platform.meta import read_meta
from akashi.platform.settings import Settings

SAMPLE = "sample"
FORWARDED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "cf-connecting-ip", "true-client-ip"})


def is_sample(connection: Connection) -> bool:
    """Return whether the database holds the sample institution and nothing real."""
    return read_meta(connection, SAMPLE) == "yes"


def is_direct_loopback(settings: Settings, request: HTTPConnection) -> bool:
    """Return whether the request came from this machine, to this machine, past no proxy.

    All must agree: the configured address, the address the connection really arrived at, the peer,
    the host name in the request, and the absence of every header that a proxy adds.
    """
    server = request.scope.get("server")
    arrived_at = str(server[0]) if server else ""
    return (
        settings.is_loopback
        and is_loopback_name(arrived_at)
        and is_loopback_name(client_address(request))
        and is_loopback_name(host_name(request))
        and not any(name in FORWARDED or name.startswith("x-forwarded") for name in request.headers)
    )


def allows_demo(connection: Connection, settings: Settings, request: HTTPConnection) -> bool:
    """Return whether the demo role switcher may be used by this request."""
    return is_direct_loopback(settings, request) and is_sample(connection)
