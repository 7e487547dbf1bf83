"""Cookie writes from elsewhere are refused; everything else passes."""

from __future__ import annotations

import pytest

from akashi.identity.origin import is_cross_origin_write, is_loopback_name
from tests.identity.conftest import make_request

OURS = "https://akashi.shiomi.example"
COOKIE = {"__Host-akashi_session": "t"}


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"sec_fetch_site": "same-origin", "origin": OURS}, False),
        ({"sec_fetch_site": "same-origin"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"origin": OURS}, False),
        ({"sec_fetch_site": "cross-site", "origin": "https://evil.example"}, True),
        ({"sec_fetch_site": "cross-site"}, True),
        ({"sec_fetch_site": "same-site"}, True),
        ({"sec_fetch_site": "same-site", "origin": OURS}, True),
        ({"sec_fetch_site": "invented"}, True),
        ({"sec_fetch_site": "same-origin", "origin": "https://evil.example"}, True),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": OURS + ":8443"}, True),
        ({"origin": "http://akashi.shiomi.example"}, True),
        ({}, True),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_write_with_cookies_needs_proof_of_our_own_origin(
    method: str, headers: dict[str, str], refused: bool
) -> None:
    request = make_request(method, COOKIE, **headers)
    assert is_cross_origin_write(request, OURS) is refused


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_never_refused_here(method: str) -> None:
    request = make_request(method, COOKIE, sec_fetch_site="cross-site", origin="https://evil.example")
    assert not is_cross_origin_write(request, OURS)


def test_write_without_cookies_carries_no_authority_of_a_browser() -> None:
    assert not is_cross_origin_write(make_request("POST", authorization="Bearer x"), OURS)


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1"])
def test_names_of_this_machine(name: str) -> None:
    assert is_loopback_name(name)


@pytest.mark.parametrize(
    "name", ["", "localhost.evil.example", "10.0.0.1", "0.0.0.0", "127.0.0.1.nip.io", "::"]
)
def test_names_of_other_machines(name: str) -> None:
    assert not is_loopback_name(name)
