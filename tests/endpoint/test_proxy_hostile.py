"""Attacks on the guarded address: bodies, headers, shapes, other addresses, guesses, own files."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from akashi.core.errors import InputError
from akashi.domains.guardrails import proxy as proxy_module
from akashi.domains.guardrails.exchange_log import list_exchanges, read_exchange
from akashi.domains.guardrails.proxy_commands import choose_upstream
from akashi.platform.site import Site
from tests.endpoint.guarded import opened_client, served_proxy, service_token
from tests.endpoint.peer import Peer

PHONE, MAIL = "090-1234-5678", "taro@example.jp"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def served(sqlite_site: Site, peer: Peer) -> Iterator[tuple[str, str, Any, Peer]]:
    """The proxy's address, a key that opens it, the proxy and the endpoint behind it."""
    token = service_token(sqlite_site, "proxy")
    with served_proxy(sqlite_site, peer) as (url, proxy):
        yield url, token, proxy, peer


def post(url: str, token: str, body: Any, **headers: str) -> httpx2.Response:
    """Send a request as no SDK would."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = {"authorization": f"Bearer {token}", "content-type": "application/json", **headers}
    return httpx2.post(f"{url}/chat/completions", content=raw, headers=head, timeout=30)


def asked(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "scripted-1", "messages": [{"role": "user", "content": text}], **more}


def words_of(proxy: Any) -> str:
    """Return everything the log keeps in words."""
    day = proxy.site.now().date()
    with proxy.site.database.read() as connection:
        lines = list_exchanges(connection, day, day)
        return str([read_exchange(connection, proxy.site.keys, one.id).words for one in lines])


def test_body_of_somebody_without_a_key_is_not_read(served: Any) -> None:
    url, _, _, _ = served
    host, port = url.split("//")[1].split("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n"
            b"Authorization: Bearer akashi_no\r\n\r\n{"
        )
        assert line.recv(100).startswith(b"HTTP/1.1 401")


def test_body_that_drips_ends_in_time(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url, token, _, _ = served
    monkeypatch.setattr(proxy_module, "BODY_SECONDS", 0.5)
    host, port = url.split("//")[1].split("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
        line.sendall(head.encode() + b"Content-Length: 99\r\n\r\n{")
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_packed_body_is_refused_and_not_unpacked(served: Any) -> None:
    url, token, _, peer = served
    peer.script("honest")
    bomb = gzip.compress(json.dumps(asked("あ" * 3_000_000)).encode())
    answer = post(url, token, bomb, **{"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_encoding")
    assert peer.seen() == []


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"messages": [{"role": "user", "content": "\\ud800"}]}',
        b'{"model": "m", "messages": {"role": "user"}}',
        b'{"model": "m\\r\\nX-Evil: 1", "messages": [{"role": "user", "content": "a"}]}',
        b'{"model": ["m"], "messages": [{"role": "user", "content": "a"}]}',
        b'{"model": "m", "messages": [["user", "a"]]}',
        b'{"model": "m", "messages": [{"role": "USER", "content": "a"}]}',
        b'{"model": "m", "messages": [{"role": "user", "content": {"text": "a"}}]}',
        b'{"model": "m", "seed": 1e400, "messages": [{"role": "user", "content": "a"}]}',
        b'{"model": "m", "max_tokens": 1' + b"0" * 400 + b', "messages": [{"role": "user", "content": "a"}]}',
        b'{"model": "m", "stop": {"a": 1}, "x\\u0000": 1, "messages": [{"role": "user", "content": "a"}]}',
        b"\xff\xfe",
        b"null",
    ],
)
def test_hostile_body_ends_in_a_clear_refusal(served: Any, body: bytes) -> None:
    url, token, _, peer = served
    peer.script("honest")
    answer = post(url, token, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"]
    assert peer.seen() == []


@pytest.mark.parametrize("key", ["akashi_", "a" * 20_000, "\xff\xfe", "akashi_use_\x00", "' OR 1=1 --"])
def test_hostile_key_opens_nothing(served: Any, key: str) -> None:
    url, _, _, _ = served
    head = b"Bearer " + key.encode("latin-1").replace(b"\x00", b"%00")
    answer = httpx2.post(
        f"{url}/chat/completions", content=b"{}", headers={b"authorization": head}, timeout=30
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "path",
    ["responses", "completions", "embeddings", "files", "assistants", "images/generations", "../admin"],
)
def test_addresses_that_are_not_guarded_do_not_exist(served: Any, path: str) -> None:
    url, token, _, peer = served
    peer.script("honest")
    head = {"authorization": f"Bearer {token}"}
    answer = httpx2.post(f"{url}/{path}", json={"model": "m", "input": PHONE}, headers=head)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_url")
    assert peer.seen() == []


def test_tools_and_their_results_are_refused_with_what_they_hold(served: Any) -> None:
    url, token, _, peer = served
    peer.script("honest")
    call = {"id": "1", "type": "function", "function": {"name": "send", "arguments": f'{{"to": "{PHONE}"}}'}}
    for message in (
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": PHONE},
        {"role": "function", "name": "send", "content": PHONE},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": f"data:,{PHONE}"}}]},
        {"role": "user", "content": [{"type": "input_text", "text": PHONE}]},
    ):
        body = asked("一")
        body["messages"].append(message)
        assert post(url, token, body).status_code == 400
    assert post(url, token, asked("一", n=2)).json()["error"]["code"] == "unsupported_value"
    assert peer.seen() == []


def test_names_and_unknown_fields_of_messages_do_not_go_out(served: Any) -> None:
    url, token, _, peer = served
    peer.script("honest")
    body = asked("一", user=PHONE, metadata={"a": PHONE})
    body["messages"][0] |= {"name": PHONE, "audio": None, "extra": PHONE}
    assert post(url, token, body).status_code == 200
    assert PHONE not in json.dumps(peer.seen())


def test_words_of_the_institution_go_out_nowhere_and_lie_open_nowhere(sqlite_site: Site, peer: Peer) -> None:
    folder: Path = sqlite_site.settings.home / "guard"
    folder.mkdir(parents=True)
    (folder / "terms.txt").write_text("コードミサゴ\n", encoding="utf-8")
    token = service_token(sqlite_site, "proxy")
    with served_proxy(sqlite_site, peer) as (url, proxy):
        peer.script("say", pieces=["コードミサゴの件です。"])
        body = asked("コードミサゴの要約", stop=["コードミサゴ"])
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "x", "description": "コードミサゴのこと", "schema": {"type": "object"}},
        }
        assert post(url, token, body).status_code == 200
        assert "コードミサゴ" not in json.dumps(peer.seen(), ensure_ascii=False)
        assert "コードミサゴ" not in words_of(proxy)
        body["response_format"]["json_schema"]["schema"] = {"properties": {"コードミサゴ": {}}}
        assert post(url, token, body).json()["error"]["param"] == "response_format"


def test_kind_that_is_refused_is_refused_in_other_parameters_too(sqlite_site: Site, peer: Peer) -> None:
    folder: Path = sqlite_site.settings.home / "guard"
    folder.mkdir(parents=True)
    text = 'use_case = "proxy"\ntitle = "x"\n[incoming.kinds]\ncard = "refuse"\n'
    (folder / "proxy.toml").write_text(text, encoding="utf-8")
    token = service_token(sqlite_site, "proxy")
    with served_proxy(sqlite_site, peer) as (url, _):
        peer.script("honest")
        answer = post(url, token, asked("一", stop=[f"カード番号 {CARD}"]))
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "content_filter")
        assert peer.seen() == []


def test_placeholder_that_is_guessed_or_of_another_request_opens_nothing(served: Any) -> None:
    url, token, _, peer = served
    with opened_client(url, token) as client:
        peer.script("echo_names")
        first: Any = [{"role": "user", "content": f"電話は{PHONE}"}]
        client.chat.completions.create(model="scripted-1", messages=first)
        stolen = peer.seen()[-1]["body"]["messages"][-1]["content"].removeprefix("電話は")
        guess = "[PHONE-1-bbbbbb]"
        second: Any = [{"role": "user", "content": f"{stolen} {guess} {MAIL}"}]
        peer.script("say", pieces=[*f"{stolen} {guess}"])
        reply = client.chat.completions.create(model="scripted-1", messages=second)
    assert reply.choices[0].message.content == f"{stolen} {guess}"


def test_stream_that_is_cut_inside_a_placeholder_is_put_together(served: Any) -> None:
    url, token, _, peer = served
    peer.script("echo_names")
    with opened_client(url, token) as client:
        messages: Any = [{"role": "user", "content": f"電話は{PHONE}、メールは{MAIL}"}]
        stream = client.chat.completions.create(model="scripted-1", messages=messages, stream=True)
        text = "".join(one.choices[0].delta.content or "" for one in stream if one.choices)
    assert PHONE in text
    assert MAIL in text


def test_health_says_when_a_guard_cannot_be_read(served: Any) -> None:
    url, _, proxy, _ = served
    address = url.removesuffix("/v1") + "/health"
    assert httpx2.get(address).status_code == 200
    folder: Path = proxy.site.settings.home / "guard"
    folder.mkdir(parents=True)
    (folder / "proxy.toml").write_text("[", encoding="utf-8")
    assert httpx2.get(address).status_code == 503


@pytest.mark.parametrize("pieces", [[f"カードは{CARD}です"], ["x" * 400] * 3])
def test_reply_with_a_stranger_s_data_is_logged_masked(served: Any, pieces: list[str]) -> None:
    url, token, proxy, peer = served
    peer.script("say", pieces=pieces)
    assert post(url, token, asked("一")).status_code == 200
    assert CARD not in words_of(proxy)


def test_many_requests_at_once_keep_their_own_placeholders(served: Any) -> None:
    url, token, _, peer = served
    peer.script("echo_names")
    phones = [f"090-1234-56{at:02d}" for at in range(8)]
    replies: dict[str, str] = {}

    def run(phone: str) -> None:
        replies[phone] = post(url, token, asked(f"電話は{phone}")).text

    threads = [threading.Thread(target=run, args=(phone,)) for phone in phones]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert all(phone in reply for phone, reply in replies.items() if "choices" in reply)
    assert all(other not in reply for phone, reply in replies.items() for other in phones if other != phone)
    assert sum("choices" in reply for reply in replies.values()) >= 4


def test_longest_request_that_a_policy_takes_ends_in_time(sqlite_site: Site, peer: Peer) -> None:
    folder: Path = sqlite_site.settings.home / "guard"
    folder.mkdir(parents=True)
    text = 'use_case = "proxy"\ntitle = "x"\n[limits]\ncharacters = 100000\n'
    (folder / "proxy.toml").write_text(text, encoding="utf-8")
    token = service_token(sqlite_site, "proxy")
    with served_proxy(sqlite_site, peer) as (url, _):
        for unit in ("0", "090-", "[PHONE-1-", "様", "=?", "%E3", "&#1;", "aGVsbG8g", "東京都", "http://"):
            started = time.monotonic()
            answer = post(url, token, asked(unit * (90_000 // len(unit))))
            assert answer.status_code in (200, 400, 429), unit
            assert time.monotonic() - started < 25, unit


def test_sdk_names_what_is_refused(served: Any) -> None:
    url, token, _, _ = served
    with opened_client(url, token) as client, pytest.raises(openai.NotFoundError):
        client.responses.create(model="scripted-1", input="一")


@pytest.mark.parametrize("url", ["ftp://a/v1", "http://user:pw@a/v1", "http://a/v1?x=1", "http://", "a"])
def test_address_that_cannot_be_used_is_named_by_its_option(sqlite_site: Site, url: str) -> None:
    with pytest.raises(InputError, match="url must be") as raised:
        choose_upstream(sqlite_site, url, "", 1_000, 10)
    assert raised.value.where == "--upstream"
