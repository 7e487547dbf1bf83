"""Where a request came from: refuses cookie writes that another site may have caused."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN_FETCH_SITES = frozenset({"same-origin", "none"})
LOOPBACK_NAMES = frozenset({"localhost", "localhost."})


def is_cross_origin_write(request: HTTPConnection, public_origin: str) -> bool:
    """Return whether an unsafe request with cookies must be refused.

    Refused: ``Sec-Fetch-Site`` says cross-site or same-site (another port or subdomain of ours is
    another origin), ``Origin`` is not ours, or neither header is present. Requests without cookies
    carry no authority of a browser and pass; what they may do, the role matrix decides.
    """
    if request.scope["method"] in SAFE_METHODS or "cookie" not in request.headers:
        return False
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return True
    if site is not None and site not in OWN_FETCH_SITES:
        return True
    return origin is not None and origin != public_origin


def is_loopback_name(host: str) -> bool:
    """Return whether a host name or address without port means this machine.

    >>> is_loopback_name("127.0.0.1"), is_loopback_name("::1"), is_loopback_name("localhost.example")
    (True, True, False)
    """
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(request: HTTPConnection) -> str:
    """Return the host that the browser was asked to open, without port; empty when malformed."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def client_address(request: HTTPConnection) -> str:
    """Return the address of the peer; empty when there is none."""
    return request.client.host if request.client else ""
