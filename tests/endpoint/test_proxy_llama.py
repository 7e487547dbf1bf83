"""The guarded address in front of the server of llama.cpp with our tiny model, asked by the real SDK."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from akashi.domains.guardrails.exchange_log import list_exchanges, read_exchange
from akashi.platform.site import Site
from tests.endpoint.guarded import opened_client, served_proxy, service_token
from tests.endpoint.test_llama import opened_llama

PHONE = "090-1234-5678"


def test_real_server_is_reached_masked_whole_and_streamed(sqlite_site: Site, tmp_path: Path) -> None:
    token = service_token(sqlite_site, "proxy")
    asked: Any = [{"role": "user", "content": f"電話は{PHONE}です。要約して"}]
    with (
        opened_llama(tmp_path) as peer,
        served_proxy(sqlite_site, peer, seconds=60) as (url, proxy),
        opened_client(url, token) as client,
    ):
        names = [one.id for one in client.models.list()]
        assert any(name.endswith("tiny.gguf") for name in names)
        whole = client.chat.completions.create(model="tiny", messages=asked, max_tokens=16, temperature=0)
        pieces = list(
            client.chat.completions.create(
                model="tiny", messages=asked, max_tokens=16, temperature=0, stream=True
            )
        )
    ends = {whole.choices[0].finish_reason, pieces[-1].choices[0].finish_reason}
    assert ends <= {"length", "stop", "content_filter"}
    assert whole.usage is not None
    assert 0 < whole.usage.completion_tokens <= 16
    day = proxy.site.now().date()
    with sqlite_site.database.read() as connection:
        lines = list_exchanges(connection, day, day)
        words = [read_exchange(connection, sqlite_site.keys, one.id).words for one in lines]
    assert len(lines) == 2
    assert all(one.tokens > 0 for one in lines)
    assert PHONE not in str(words)
