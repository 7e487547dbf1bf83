"""The door refuses foreign writes and hosts, limits bodies, and dresses every response."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from akashi.platform.site import Site
from akashi.web.guard import MAX_BODY_BYTES
from tests.conftest import open_client, sign_in


def test_every_page_carries_a_strict_policy(client: TestClient) -> None:
    for path in ("/", "/identity/sign-in", "/nowhere", "/api/nowhere"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_nonce_is_new_each_time(client: TestClient) -> None:
    policies = {client.get("/").headers["content-security-policy"] for _ in range(3)}
    assert len(policies) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "http://localhost:9999"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
    ],
)
def test_write_from_elsewhere_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    sign_in(client, "isobe_mio")
    answer = client.post("/person", headers=headers)
    assert answer.status_code == 403


def test_write_with_cookie_but_without_either_header_is_refused(sample_site: Site) -> None:
    with open_client(sample_site) as client:
        sign_in(client, "isobe_mio")
        client.headers.pop("origin")
        client.headers.pop("sec-fetch-site")
        assert client.post("/person").status_code == 403


def test_foreign_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421


def test_address_leads_to_the_name(client: TestClient) -> None:
    answer = client.get("/documents?q=a", headers={"host": "127.0.0.1:8765"}, follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "http://localhost:8765/documents?q=a"


def test_body_above_the_limit_is_refused_before_it_is_read(client: TestClient) -> None:
    answer = client.post("/ask", content=b"x", headers={"content-length": str(MAX_BODY_BYTES + 1)})
    assert answer.status_code == 413


def test_unknown_page_says_so_in_japanese(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert '<html lang="ja"' in answer.text
    assert "ページ" in answer.text


def test_unknown_api_says_so_in_json(client: TestClient) -> None:
    answer = client.get("/api/nowhere")
    assert answer.status_code == 404
    assert answer.json()["message"]


def test_stranger_is_led_to_the_sign_in_page(client: TestClient) -> None:
    answer = client.get("/documents?q=a", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/identity/sign-in?next=/documents%3Fq%3Da"


@pytest.mark.parametrize("path", ["/documents/a%00b", "/documents?q=%00"])
def test_null_character_in_an_address_is_refused(client: TestClient, path: str) -> None:
    sign_in(client, "isobe_mio")
    assert client.get(path).status_code == 400


def test_null_character_in_a_form_is_one_clear_sentence(client: TestClient) -> None:
    sign_in(client, "isobe_mio")
    answer = client.post("/documents/add", data={"title": "a\x00b"})
    assert answer.status_code == 422
    assert "使えない文字" in answer.text
