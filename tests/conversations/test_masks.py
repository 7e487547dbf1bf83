"""Customers' words as staff see them: masked, the same value under one name, opened by a recorded deed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from akashi.conversations.masks import KIND, Masker, Purpose, find_numbers, record_unmasking
from akashi.conversations.model import Author, Message
from akashi.conversations.talk import add_message, start
from akashi.core.errors import ConflictError
from akashi.core.people import Actor, ActorKind
from akashi.house import lend_ports
from akashi.ledger.store import Filter, list_entries
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
WORDS = "山田花子です。090-1234-5678に電話をください"
WHO = Actor("p1", ActorKind.PERSON)


def say(sequence: int, text: str, author: Author = Author.CUSTOMER) -> Message:
    """Return a message."""
    return Message(sequence, author, NOW, text)


def test_same_value_has_one_name_in_a_conversation() -> None:
    masker = Masker(lend_ports().find_personal, {"phone": "電話", "person": "氏名"}.__getitem__)
    first, second = masker.show(
        [say(1, WORDS), say(2, "０９０－１２３４－５６７８か03-1234-5678です", Author.OPERATOR)]
    )
    assert first.message.text == "〔氏名1〕です。〔電話1〕に電話をください"
    assert second.message.text == "〔電話1〕か〔電話2〕です"
    assert (first.count, second.hidden) == (2, {"phone": 2})


def test_approved_words_of_the_automatic_service_stay_as_they_are() -> None:
    message = say(1, "0120-000-911へお電話ください", Author.ASSISTANT)
    assert Masker(None, str).show([message])[0].message is message


def test_operators_may_say_their_own_names() -> None:
    masker = Masker(lend_ports().find_personal, {"person": "氏名"}.__getitem__, {"磯部", "磯部 澪"})
    texts = [say(1, "磯部花子です。"), say(2, "担当の磯部です。山田花子様ですね。", Author.OPERATOR)]
    assert [one.message.text for one in masker.show(texts)] == [
        "〔氏名1〕です。",
        "担当の磯部です。〔氏名2〕様ですね。",
    ]


def test_opened_message_is_whole_and_keeps_the_numbering() -> None:
    opened, hidden = Masker(None, str).show([say(1, "口座1234567"), say(2, "口座7654321")], {1})
    assert (opened.message.text, opened.count) == ("口座1234567", 0)
    assert hidden.message.text == "口座〔personal2〕"


@given(st.text(max_size=200))
def test_nothing_outside_the_spans_changes(text: str) -> None:
    found = find_numbers(text)
    masked, kinds = Masker(None, lambda kind: "").mask(text)
    kept, at = [], 0
    for one in found:
        kept.append(text[at : one.span.start])
        at = one.span.end
    assert sum(kinds.values()) == len(found)
    assert re.fullmatch("〔[0-9]+〕".join(map(re.escape, [*kept, text[at:]])), masked)


def test_record_says_who_which_and_why_and_never_what(site: Site) -> None:
    with site.database.write() as connection:
        begun = start(connection, site.keys, "web", "ja", NOW, "assistant").conversation
        hidden = {1: {"phone": 1, "person": 1}, 2: {}}
        record_unmasking(connection, begun.id, hidden, Purpose.CONTACT, WHO, NOW)
        (entry,) = list_entries(connection, Filter(kind=KIND), 9)
    assert entry.actor == "p1"
    assert entry.values == {"kinds": {"person": 1, "phone": 1}, "messages": [1], "purpose": "contact"}


def test_nothing_masked_is_nothing_to_open(site: Site) -> None:
    with site.database.write() as connection, pytest.raises(ConflictError):
        record_unmasking(connection, "con_1", {1: {}}, Purpose.CONTACT, WHO, NOW)


@pytest.fixture
def guarded(sample_site: Site) -> Iterator[tuple[TestClient, str, Site]]:
    """The sample institution with its real guards, a conversation, and a browser."""
    site = replace(sample_site, ports=lend_ports())
    with site.database.write() as connection:
        begun = start(connection, site.keys, "web", "ja", site.now(), "assistant").conversation
        add_message(connection, site.keys, begun.id, Author.CUSTOMER, WORDS, {}, site.now())
    with open_client(site) as client:
        yield client, begun.id, site


def test_privacy_officer_opens_once_and_the_ledger_knows(guarded: tuple[TestClient, str, Site]) -> None:
    client, conversation_id, site = guarded
    sign_in(client, "shiokawa_nozomi")
    path = f"/conversations/{conversation_id}"
    masked = client.get(path).text
    assert "山田" not in masked
    assert "〔電話番号1〕" in masked
    assert WORDS in client.post(f"{path}/unmask", data={"purpose": "review"}).text
    assert "山田" not in client.get(path).text
    with site.database.read() as connection:
        (entry,) = list_entries(connection, Filter(kind=KIND), 9)
    assert "山田" not in str(entry)


@pytest.mark.parametrize("person", ["isobe_mio", "kishimoto_rei", "katase_minoru", "hoshi_aya"])
def test_nobody_else_opens_here(guarded: tuple[TestClient, str, Site], person: str) -> None:
    client, conversation_id, _ = guarded
    sign_in(client, person)
    answer = client.post(f"/conversations/{conversation_id}/unmask", data={"purpose": "review"})
    assert answer.status_code == 403
    assert "山田" not in answer.text
