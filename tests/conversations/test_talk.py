"""Talking, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akashi.conversations.model import (
    META_LIMIT_BYTES,
    MOST_MESSAGES,
    TEXT_LIMIT,
    Author,
    HandoverReason,
    Thumb,
    Urgency,
)
from akashi.conversations.sealing import Lock
from akashi.conversations.store import conversation_table, list_handovers, message_table
from akashi.conversations.talk import (
    add_message,
    find_by_token,
    give_feedback,
    read_feedback,
    read_messages,
    read_note,
    request_person,
    start,
)
from akashi.core.errors import ConflictError, EvidenceError, InputError, NotFoundError
from akashi.platform.keys import Keys
from tests.conversations.conftest import Desk


def test_messages_come_back_in_order_with_their_meta(desk: Desk) -> None:
    conversation, keys, now = desk.start().conversation, desk.site.keys, desk.site.now()
    with desk.site.database.write() as connection:
        add_message(connection, keys, conversation.id, Author.CUSTOMER, "口座を\n開きたい😀", {}, now)
        meta = {"quote": "普通預金", "span": [3, 8]}
        add_message(connection, keys, conversation.id, Author.ASSISTANT, "窓口へ", meta, now)
        messages = read_messages(connection, keys, conversation.id)
        assert [(m.sequence, m.author, m.text) for m in messages] == [
            (1, Author.CUSTOMER, "口座を\n開きたい😀"),
            (2, Author.ASSISTANT, "窓口へ"),
        ]
        assert messages[1].meta == meta
        assert read_messages(connection, keys, conversation.id, after=1) == messages[1:]


def test_only_the_holder_of_the_token_finds_the_conversation(desk: Desk) -> None:
    started = desk.start()
    with desk.site.database.read() as connection:
        assert find_by_token(connection, started.token).id == started.conversation.id
        for wrong in ("", started.token[:-1], started.token + "x", "\ud800"):
            with pytest.raises(NotFoundError):
                find_by_token(connection, wrong)
    assert len(started.token) == 43
    assert started.token not in repr(started)


def test_another_master_key_is_a_clear_error(desk: Desk) -> None:
    conversation = desk.start().conversation
    desk.say(conversation.id, "秘密")
    with desk.site.database.read() as connection, pytest.raises(EvidenceError, match="another master key"):
        read_messages(connection, Keys(bytes(32)), conversation.id)


@pytest.mark.parametrize("change", ["moved", "relabelled", "dated", "missing", "flipped"])
def test_whatever_is_changed_is_noticed(desk: Desk, change: str) -> None:
    conversation = desk.start().conversation
    desk.say(conversation.id, "一")
    desk.say(conversation.id, "二")
    table = message_table
    second = table.c.sequence == 2
    with desk.site.database.write() as connection:
        sealed = bytes(
            connection.execute(sa.select(table.c.sealed).where(table.c.sequence == 1)).scalar_one()
        )
        if change == "moved":
            connection.execute(sa.update(table).where(second).values(sealed=sealed))
        elif change == "relabelled":
            connection.execute(sa.update(table).where(second).values(author="operator"))
        elif change == "dated":
            later = desk.site.now() + timedelta(seconds=1)
            connection.execute(sa.update(table).where(second).values(at=later))
        elif change == "missing":
            connection.execute(sa.delete(table).where(second))
        else:
            flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
            connection.execute(sa.update(table).where(table.c.sequence == 1).values(sealed=flipped))
        with pytest.raises(EvidenceError, match="damaged"):
            read_messages(connection, desk.site.keys, conversation.id)


def test_two_conversations_never_share_a_seal(desk: Desk) -> None:
    first, second = desk.start().conversation, desk.start().conversation
    desk.say(first.id, "同じ")
    desk.say(second.id, "同じ")
    with desk.site.database.write() as connection:
        query = sa.select(message_table.c.conversation_id, message_table.c.sealed)
        sealed = {row[0]: bytes(row[1]) for row in connection.execute(query)}
        assert sealed[first.id] != sealed[second.id]
        connection.execute(
            sa.update(message_table)
            .where(message_table.c.conversation_id == second.id)
            .values(sealed=sealed[first.id])
        )
        with pytest.raises(EvidenceError):
            read_messages(connection, desk.site.keys, second.id)


@pytest.mark.parametrize(
    ("text", "meta"),
    [
        ("", {}),
        (" \n　", {}),
        ("あ" * (TEXT_LIMIT + 1), {}),
        ("half \ud800 a character", {}),
        ("ok", {"large": "x" * META_LIMIT_BYTES}),
        ("ok", {"not json": object()}),
    ],
)
def test_message_that_cannot_be_kept_changes_nothing_and_is_not_quoted(
    desk: Desk, text: str, meta: dict[str, object]
) -> None:
    conversation, now = desk.start().conversation, desk.site.now()
    with desk.site.database.write() as connection:
        with pytest.raises(InputError) as caught:
            add_message(connection, desk.site.keys, conversation.id, Author.CUSTOMER, text, meta, now)
        assert len(str(caught.value)) < 200
        assert read_messages(connection, desk.site.keys, conversation.id) == ()


def test_conversation_is_full_at_its_limit(desk: Desk) -> None:
    conversation = desk.start().conversation
    with desk.site.database.write() as connection:
        connection.execute(sa.update(conversation_table).values(messages=MOST_MESSAGES))
    with pytest.raises(ConflictError, match="which is the most"):
        desk.say(conversation.id, "もう一つ")


def test_names_of_channel_and_use_case_are_short_words(desk: Desk) -> None:
    with desk.site.database.write() as connection:
        for bad in ("", "田中 太郎", "a b", "x" * 65, "tel:0312345678"):
            with pytest.raises(InputError):
                start(connection, desk.site.keys, bad, "ja", desk.site.now(), "faq")


def test_writers_at_the_same_moment_get_different_places(desk: Desk) -> None:
    conversation = desk.start().conversation
    together = Barrier(8)

    def write(count: int) -> int:
        together.wait()
        return desk.say(conversation.id, f"発言{count}")

    with ThreadPoolExecutor(8) as threads:
        places = sorted(threads.map(write, range(8)))
    assert places == list(range(1, 9))
    with desk.site.database.read() as connection:
        texts = {message.text for message in read_messages(connection, desk.site.keys, conversation.id)}
    assert texts == {f"発言{count}" for count in range(8)}


def test_request_for_a_person_is_kept_once_with_its_highest_urgency(desk: Desk) -> None:
    conversation, keys, now = desk.start().conversation, desk.site.keys, desk.site.now()
    with desk.site.database.write() as connection:
        asked = HandoverReason.CUSTOMER_ASKED
        first = request_person(connection, keys, conversation.id, asked, Urgency.NORMAL, now, note="通帳の件")
        urgent = request_person(
            connection, keys, conversation.id, HandoverReason.COMPLAINT, Urgency.AT_ONCE, now
        )
        assert (urgent.id, urgent.urgency) == (first.id, Urgency.AT_ONCE)
        request_person(connection, keys, conversation.id, asked, Urgency.SOON, now)
        assert list_handovers(connection) == [urgent]
        assert read_note(connection, keys, urgent) == "通帳の件"


def test_feedback_belongs_to_an_answer_and_the_last_one_counts(desk: Desk) -> None:
    conversation, keys, now = desk.start().conversation, desk.site.keys, desk.site.now()
    desk.say(conversation.id, "質問")
    desk.say(conversation.id, "答え", Author.ASSISTANT)
    with desk.site.database.write() as connection:
        give_feedback(connection, keys, conversation.id, 2, Thumb.UP, now)
        give_feedback(connection, keys, conversation.id, 2, Thumb.DOWN, now, reason="古い")
        given = read_feedback(connection, keys, conversation.id)
        assert [(item.sequence, item.thumb, item.reason) for item in given] == [(2, Thumb.DOWN, "古い")]
        for sequence, reason in ((1, ""), (3, ""), (2, "長" * 1001)):
            with pytest.raises(InputError):
                give_feedback(connection, keys, conversation.id, sequence, Thumb.UP, now, reason=reason)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words, words, st.binary(min_size=32, max_size=32))
def test_closing_and_opening_is_the_identity(text: str, place: str, key: bytes) -> None:
    lock = Lock("con_1", key)
    sealed = lock.close({"text": text}, place)
    assert lock.open(sealed, place) == {"text": text}
    assert (len(sealed) - 28) % 256 == 0
    with pytest.raises(EvidenceError):
        lock.open(sealed, place + "x")
    with pytest.raises(EvidenceError):
        Lock("con_2", key).open(sealed, place)
