"""Two hundred personal values go in through every door; none is found anywhere but under its seal."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from akashi.conversations.cases import find_open_case
from akashi.conversations.talk import find_by_token, list_outline, read_messages
from akashi.core.people import Actor, ActorKind, Role
from akashi.domains.assistant.console import Composed, open_case, send_reply
from akashi.domains.assistant.talk import ask_for_person, ask_in_conversation
from akashi.domains.guardrails.report import warm
from akashi.domains.guardrails.store import event_table
from akashi.house import lend_ports
from akashi.platform.site import Site
from tests.conftest import open_client
from tests.endpoint.generative import begin_mode
from tests.endpoint.guarded import opened_client, served_proxy, service_token
from tests.endpoint.peer import Peer, with_endpoint
from tests.endpoint.planted import Planted, find_planted, plant_values, read_everything

QUESTION = "結婚して名字が変わりました。通帳はどうなりますか。"
MIO = Actor("isobe_mio", ActorKind.PERSON, frozenset({Role.OPERATOR}))


def by_page(site: Any, client: TestClient, planted: list[Planted]) -> None:
    """Ask as customers do, then say what one thinks of the answer, with personal data in both."""
    for number, one in enumerate(planted):
        site.clock.advance(timedelta(minutes=2))
        if number % 2:
            feedback = {"sequence": 2, "thumb": "down", "reason": one.sentence}
            assert client.post("/feedback", data=feedback).status_code == 200
        else:
            client.cookies.clear()
            assert client.post("/ask", data={"question": QUESTION + one.sentence}).status_code == 200


def by_api(site: Site, client: TestClient, planted: list[Planted]) -> None:
    """Ask as another system does."""
    headers = {"Authorization": f"Bearer {service_token(site, 'ask', 'guard')}"}
    for one in planted:
        body = {"question": QUESTION + one.sentence}
        assert client.post("/api/assistant/ask", json=body, headers=headers).status_code == 200
        checked = client.post("/api/guard/check", json={"text": one.sentence}, headers=headers)
        assert find_planted([one], checked.content) == []


def by_console(site: Site, planted: list[Planted]) -> None:
    """Ask for a person, who writes the value back."""
    for one in planted:
        token = ask_for_person(site, ask_in_conversation(site, "", QUESTION + one.sentence, "ja"), "ja")
        with site.database.read() as connection:
            case = find_open_case(connection, find_by_token(connection, token).id)
        assert case is not None
        open_case(site, case.id, MIO)
        send_reply(site, case.id, MIO, Composed(f"確認しました。{one.sentence}"))


def by_proxy(site: Site, peer: Peer, planted: list[Planted]) -> list[Any]:
    """Ask a model as programs and staff do, whole and streamed; return what the endpoint got."""
    peer.script("echo_names")
    key = service_token(site, "proxy")
    with served_proxy(site, peer) as (url, _), opened_client(url, key) as client:
        for number, one in enumerate(planted):
            site.clock.advance(timedelta(seconds=30))  # type: ignore[attr-defined]
            messages: Any = [{"role": "user", "content": one.sentence + "返事の文案を作って。"}]
            answer = client.chat.completions.create(
                model="m", messages=messages, stream=bool(number % 2), user=one.needles[0]
            )
            said = answer if number % 2 == 0 else list(answer)
            assert said
    return peer.seen()


def assert_nowhere(planted: list[Planted], places: dict[str, bytes]) -> None:
    """Fail when a value lies open anywhere."""
    found = {name: find_planted(planted, content) for name, content in places.items()}
    assert {name: values for name, values in found.items() if values} == {}


@pytest.mark.full
def test_nothing_planted_is_found_in_the_clear(
    sample_site: Site, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    planted = plant_values()
    linked = with_endpoint(sample_site, peer, most_at_once=4, total_seconds=10)
    site = replace(linked, ports=lend_ports(linked.settings.home))
    warm(site)
    assert_nowhere(planted, read_everything(site))
    begin_mode(site)
    with open_client(site) as client:
        by_page(site, client, planted[:60])
        by_api(site, client, planted[60:100])
    by_console(site, planted[100:140])
    traffic = peer.seen()
    assert any(one["path"].endswith("/chat/completions") for one in traffic)
    traffic += by_proxy(site, peer, planted[140:])
    with site.database.read() as connection:
        masked = sa.select(sa.func.count()).where(event_table.c.outcome == "masked")
        assert int(connection.execute(masked).scalar_one()) >= 150
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    others = {"log": logged.encode(), "traffic": json.dumps(traffic, ensure_ascii=False).encode()}
    assert_nowhere(planted, read_everything(site) | others)


@pytest.mark.full
def test_nothing_planted_is_found_in_a_dump_of_postgresql(
    site: Site, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    planted = plant_values()[:60]
    guarded = replace(site, ports=lend_ports(site.settings.home))
    with open_client(guarded) as client:
        by_page(guarded, client, planted[:20])
        by_api(guarded, client, planted[20:40])
    traffic = by_proxy(guarded, peer, planted[40:])
    others = {"log": caplog.text.encode(), "traffic": json.dumps(traffic, ensure_ascii=False).encode()}
    assert_nowhere(planted, read_everything(guarded) | others)


def test_the_words_are_there_for_whoever_holds_the_key(sample_site: Site) -> None:
    """Negative control: the sentence was really kept, and a value that lies open would be found."""
    (one,) = plant_values()[:1]
    site = replace(sample_site, ports=lend_ports(sample_site.settings.home))
    token = ask_in_conversation(site, "", QUESTION + one.sentence, "ja")
    with site.database.read() as connection:
        id_ = find_by_token(connection, token).id
        assert len(list_outline(connection, id_)) == 2
        assert one.needles[0] in read_messages(connection, site.keys, id_)[0].text
    leak = Path(site.settings.home) / "leak.log"
    leak.write_text(one.sentence, encoding="utf-8")
    with pytest.raises(AssertionError):
        assert_nowhere([one], read_everything(site))
    leak.unlink()
    with site.database.write() as connection:
        table = sa.table("platform_meta", sa.column("key"), sa.column("value"))
        connection.execute(sa.insert(table).values(key="leak", value=one.sentence))
    with pytest.raises(AssertionError):
        assert_nowhere([one], read_everything(site))
