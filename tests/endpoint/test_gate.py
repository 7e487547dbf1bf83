"""The way to an LLM endpoint: whatever the endpoint does ends in time, by name, and is booked."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from akashi.core.errors import InputError, SetupError
from akashi.core.moments import tokyo_day
from akashi.platform.endpoint import (
    Caller,
    Completion,
    EndpointError,
    Fault,
    Prompt,
    Purpose,
    cut_to_tokens,
    estimate_tokens,
)
from akashi.platform.endpoint_breaker import FAILURES, REST_SECONDS, Breaker
from akashi.platform.endpoint_gate import Gate, open_gate
from akashi.platform.endpoint_settings import read_endpoint, read_key
from akashi.platform.endpoint_use import call_table, list_days, read_spending
from akashi.platform.site import Site
from tests.endpoint.peer import Peer, settings_for, with_endpoint

PROMPT = Prompt("system", '{"excerpts": [{"number": 1, "text": "手数料は110円です。"}]}')
CALLER = Caller("assistant", Purpose.ANSWER, "con_1")


def gate_of(site: Site) -> Gate:
    gate = open_gate(site)
    assert gate is not None
    return gate


def fault_of(site: Site) -> Fault:
    with pytest.raises(EndpointError) as caught:
        gate_of(site).complete(PROMPT, CALLER)
    return caught.value.fault


def rows_of(site: Site) -> list[dict[str, Any]]:
    with site.database.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(call_table)).mappings()]


def test_reply_comes_in_pieces_and_is_booked(linked_site: Site) -> None:
    *pieces, end = gate_of(linked_site).stream(PROMPT, CALLER)
    assert isinstance(end, Completion)
    assert "".join(str(piece) for piece in pieces) == end.text == "手数料は110円です。[1]\n"
    (row,) = rows_of(linked_site)
    assert (row["fault"], row["said_model"], row["subject"]) == ("", "scripted-1", "con_1")
    with linked_site.database.read() as connection:
        spent = read_spending(connection, tokyo_day(linked_site.now()))
    assert spent == (end.tokens_in + end.tokens_out, end.tokens_in * 20 + end.tokens_out * 60)


BAD = [
    ("stall_before", {}, Fault.TIMEOUT),
    ("stall_midway", {}, Fault.TIMEOUT),
    ("drip_head", {}, Fault.TIMEOUT),
    ("drip_comments", {}, Fault.TIMEOUT),
    ("cut", {"chunked": True}, Fault.CUT),
    ("flood", {}, Fault.FLOODED),
    ("flood_line", {}, Fault.FLOODED),
    ("raw", {"text": "data: {not json\n\n"}, Fault.MALFORMED),
    ("raw", {"text": "<html>maintenance</html>"}, Fault.EMPTY),
    ("raw", {"text": 'data: [1, 2]\n\ndata: "x"\n\ndata: {"choices": 5}\n\ndata: [DONE]\n\n'}, Fault.EMPTY),
    ("raw", {"text": 'data: {"choices": [{"delta": {"content": {"a": 1}}}]}\n\n'}, Fault.EMPTY),
    ("raw", {"text": 'data: {"error": {"message": "boom"}}\n\n'}, Fault.SERVER_ERROR),
    ("deep", {}, Fault.MALFORMED),
    ("zipped", {}, Fault.MALFORMED),
    ("say", {"pieces": []}, Fault.EMPTY),
    ("say", {"pieces": [" ", "\n"]}, Fault.EMPTY),
    ("status", {"status": 500}, Fault.SERVER_ERROR),
    ("status", {"status": 429}, Fault.RATE_LIMITED),
    ("status", {"status": 401}, Fault.KEY_REFUSED),
    ("status", {"status": 400}, Fault.REJECTED),
    ("redirect", {"to": "http://127.0.0.1:9/steal"}, Fault.REJECTED),
]


@pytest.mark.full
@pytest.mark.parametrize(("kind", "more", "fault"), BAD)
def test_bad_endpoint_ends_in_time_and_by_name(
    sqlite_site: Site, peer: Peer, kind: str, more: dict[str, Any], fault: Fault
) -> None:
    site = with_endpoint(sqlite_site, peer)
    gate_of(site)
    peer.script(kind, **more)
    started = time.monotonic()
    assert fault_of(site) is fault
    assert time.monotonic() - started < 2.6
    (row,) = rows_of(site)
    assert row["fault"] == fault.value
    assert row["ended_at"] is not None


def test_reply_cut_off_is_told_from_a_whole_one(linked_site: Site, peer: Peer) -> None:
    peer.script("cut")
    assert not gate_of(linked_site).complete(PROMPT, CALLER).is_whole
    assert [row["fault"] for row in rows_of(linked_site)] == ["cut"]
    peer.script("say", pieces=["長い文"], finish="length")
    assert not gate_of(linked_site).complete(PROMPT, CALLER).is_whole


def test_rate_limit_is_waited_for_and_tried_again(linked_site: Site, peer: Peer) -> None:
    peer.script("status", status=429, times=1, headers={"retry_after": "1"})
    started = time.monotonic()
    assert gate_of(linked_site).complete(PROMPT, CALLER).is_whole
    assert time.monotonic() - started >= 1.0
    assert len(peer.seen()) == 2


def test_long_wait_that_is_asked_for_is_not_waited(linked_site: Site, peer: Peer) -> None:
    peer.script("status", status=429, times=1, headers={"retry_after": "3600"})
    started = time.monotonic()
    assert fault_of(linked_site) is Fault.RATE_LIMITED
    assert time.monotonic() - started < 1.0


def test_nobody_there_is_unreachable_and_costs_nothing(sqlite_site: Site, peer: Peer) -> None:
    site = with_endpoint(sqlite_site, peer, url="http://127.0.0.1:9/v1", retries=0)
    assert fault_of(site) is Fault.UNREACHABLE
    with site.database.read() as connection:
        assert read_spending(connection, tokyo_day(site.now())) == (0, 0)


def test_endpoint_that_keeps_failing_rests_and_holds_nobody(sqlite_site: Site, peer: Peer) -> None:
    site = with_endpoint(sqlite_site, peer, retries=0)
    gate_of(site)
    peer.script("status", status=500)
    faults = [fault_of(site) for _ in range(FAILURES + 2)]
    assert faults == [Fault.SERVER_ERROR] * FAILURES + [Fault.RESTING] * 2
    assert len(peer.seen()) == FAILURES


def test_breaker_lets_one_try_through_after_its_rest() -> None:
    breaker = Breaker()
    for _ in range(FAILURES):
        assert breaker.enter(0.0)
        breaker.leave(0.0, is_healthy=False)
    assert not breaker.enter(REST_SECONDS - 1)
    assert breaker.enter(REST_SECONDS)
    assert not breaker.enter(REST_SECONDS)
    breaker.leave(REST_SECONDS, is_healthy=False)
    assert not breaker.enter(REST_SECONDS * 3 - 1)
    assert breaker.enter(REST_SECONDS * 3)
    breaker.leave(REST_SECONDS * 3, is_healthy=True)
    assert breaker.enter(REST_SECONDS * 3)


def test_monthly_limit_stops_hard(linked_site: Site, peer: Peer) -> None:
    first = gate_of(linked_site).complete(PROMPT, CALLER)
    used = first.tokens_in + first.tokens_out
    settings = settings_for(peer, monthly_tokens=used + PROMPT.tokens + 599)
    linked_site.caches.clear()
    short = with_endpoint(linked_site, peer, monthly_tokens=settings.monthly_tokens)
    peer.script("honest")
    assert fault_of(short) is Fault.BUDGET
    assert peer.seen() == []
    enough = with_endpoint(linked_site, peer, monthly_tokens=settings.monthly_tokens + 1)
    assert gate_of(enough).complete(PROMPT, CALLER).is_whole


def test_conversation_has_a_limit_of_its_own(linked_site: Site, peer: Peer) -> None:
    gate_of(linked_site).complete(PROMPT, CALLER)
    site = with_endpoint(linked_site, peer, conversation_tokens=650)
    with pytest.raises(EndpointError) as caught:
        gate_of(site).complete(PROMPT, CALLER)
    assert caught.value.fault is Fault.CONVERSATION_BUDGET
    assert gate_of(site).complete(PROMPT, Caller("assistant", Purpose.CANARY, "con_1")).is_whole


def test_died_call_keeps_its_reservation(linked_site: Site) -> None:
    stream = gate_of(linked_site).stream(PROMPT, CALLER)
    next(stream)
    (row,) = rows_of(linked_site)
    with linked_site.database.read() as connection:
        reserved = read_spending(connection, tokyo_day(linked_site.now()))
    assert row["ended_at"] is None
    assert reserved[0] == PROMPT.tokens + 600
    stream.close()  # type: ignore[attr-defined]  # a generator
    (row,) = rows_of(linked_site)
    assert row["fault"] == "abandoned"


def usage_of(tokens_in: int, tokens_out: int) -> dict[str, Any]:
    return {"usage": {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": 0}}


def test_lying_usage_is_not_believed(linked_site: Site, peer: Peer) -> None:
    text = "手数料は110円です。" * 20
    for usage in (
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": 10**9, "completion_tokens": 10**9},
    ):
        peer.script("say", pieces=[text], usage={"usage": {**usage, "total_tokens": 0}})
        end = gate_of(linked_site).complete(PROMPT, CALLER)
        assert not end.is_reported
        assert end.tokens_out == estimate_tokens(text)
    peer.script(
        "say",
        pieces=[text],
        usage={"usage": {"prompt_tokens": 60, "completion_tokens": 200, "total_tokens": 260}},
    )
    end = gate_of(linked_site).complete(PROMPT, CALLER)
    assert (end.tokens_in, end.tokens_out, end.is_reported) == (60, 200, True)


def test_too_long_prompt_is_not_sent(linked_site: Site, peer: Peer) -> None:
    with pytest.raises(EndpointError) as caught:
        gate_of(linked_site).complete(Prompt("s", "あ" * 8000), CALLER)
    assert caught.value.fault is Fault.TOO_LONG
    assert peer.seen() == []


def test_address_that_is_not_allowed_is_refused(sqlite_site: Site, peer: Peer) -> None:
    site = with_endpoint(sqlite_site, peer, url="http://203.0.113.9:80/v1")
    outside = with_endpoint(sqlite_site, peer)
    settings = site.settings.__class__(
        **{**site.settings.__dict__, "allowed_hosts": outside.settings.allowed_hosts}
    )
    with pytest.raises(SetupError, match="allowed"):
        open_gate(Site(settings, site.database, site.keys, site.rooms, site.ports, site.clock))


def test_nothing_is_configured_by_default(sqlite_site: Site) -> None:
    assert open_gate(sqlite_site) is None


@pytest.mark.full
def test_sdk_is_loaded_only_for_an_endpoint() -> None:
    code = "import sys, akashi.domains.assistant.pages; assert 'openai' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_key_is_sent_but_never_logged_or_said(
    sqlite_site: Site, peer: Peer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "endpoint.key"
    path.write_text("sk-topsecret\n", encoding="ascii")
    path.chmod(0o600)
    site = with_endpoint(sqlite_site, peer, key_file=str(path))
    caplog.set_level(logging.DEBUG)
    peer.script("status", status=401)
    with pytest.raises(EndpointError) as caught:
        gate_of(site).complete(PROMPT, CALLER)
    assert peer.seen()[0]["headers"]["authorization"] == "Bearer sk-topsecret"
    assert "sk-topsecret" not in caplog.text + str(caught.value) + repr(caught.value) + repr(site.settings)
    assert "手数料" not in caplog.text + str(caught.value)
    path.chmod(0o644)
    with pytest.raises(SetupError, match="chmod"):
        read_key(settings_for(peer, key_file=str(path)), {})


def test_settings_name_what_is_wrong() -> None:
    good = {"url": "https://llm.example:8443/v1", "model": "m", "monthly_tokens": 5}
    found = read_endpoint(good, {"AKASHI_ENDPOINT_RETRIES": "0", "AKASHI_ENDPOINT_KEY": "x"})
    assert found is not None
    assert (found.address, found.retries) == ("llm.example:8443", 0)
    assert read_endpoint(None, {}) is None
    bad: list[dict[str, object]] = [
        {"url": "ftp://x"},
        {"url": "https://u:p@x/v1"},
        {"model": ""},
        {"colour": 1},
        {"monthly_tokens": 0},
        {"retries": "many"},
        {"answer_tokens": 5000},
    ]
    for change in bad:
        with pytest.raises(InputError):
            read_endpoint({**good, **change}, {})


def test_estimate_never_exceeds_bytes_and_cutting_fits() -> None:
    for text in ("", "abc", "振込手数料は、110円。", "👪" * 50, "\ud800x", "a" * 999):
        assert estimate_tokens(text) <= len(text.encode("utf-8", "surrogatepass"))
        cut = cut_to_tokens(text, 7)
        assert text.startswith(cut)
        assert estimate_tokens(cut) <= 7


def test_vectors_are_checked(sqlite_site: Site, peer: Peer) -> None:
    site = with_endpoint(sqlite_site, peer, embedding_model="e")
    caller = Caller("assistant", Purpose.EMBEDDING)
    assert [len(row) for row in gate_of(site).embed(["通帳", "印鑑"], caller)] == [64, 64]
    for vector in ([], [1.0], ["x"] * 64, [None] * 64):
        peer.script("bad_vectors", vector=vector)
        with pytest.raises(EndpointError):
            gate_of(site).embed(["通帳", "印鑑"], caller)
        gate_of(site).breaker.failures = 0


def test_days_add_up(linked_site: Site, peer: Peer) -> None:
    gate_of(linked_site).complete(PROMPT, CALLER)
    peer.script("status", status=400)
    fault_of(linked_site)
    today = tokyo_day(linked_site.now())
    with linked_site.database.read() as connection:
        (day,) = list_days(connection, today, today)
        assert (day.calls, day.failed) == (2, 1)
        assert (day.tokens, day.microyen) == read_spending(connection, today)
