"""Talking: starting a conversation, adding and reading messages, asking for a person, giving feedback.

Every function works in the caller's transaction. Nothing of a text reaches a log, an error message, the
ledger or any column that is not sealed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.model import (
    META_LIMIT_BYTES,
    MOST_MESSAGES,
    REASON_LIMIT,
    TEXT_LIMIT,
    Author,
    Conversation,
    Feedback,
    Handover,
    HandoverReason,
    Message,
    Started,
    Thumb,
    Urgency,
)
from akashi.conversations.sealing import get_lock, make_lock, message_place
from akashi.conversations.store import (
    CONVERSATION_COLUMNS,
    conversation_table,
    feedback_table,
    find_conversation,
    get_conversation,
    handover_table,
    list_handovers,
    lock_conversation,
    message_table,
)
from akashi.core.errors import ConflictError, EvidenceError, InputError, NotFoundError
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.keys import Keys

TOKEN_BYTES = 32
_NAME_LIMIT = 64

# Built once: what every question and every page asks of the database. SQLAlchemy takes longer to build such a
# statement, and to find out that it knows it, than the database to answer it.
_BY_TOKEN = sa.select(*CONVERSATION_COLUMNS).where(conversation_table.c.token_hash == sa.bindparam("held"))
_ADD_MESSAGE = sa.insert(message_table)
_MESSAGES = (
    sa.select(message_table)
    .where(
        message_table.c.conversation_id == sa.bindparam("of"),
        message_table.c.sequence > sa.bindparam("after"),
    )
    .order_by(message_table.c.sequence)
)
_COUNT_MESSAGE = (
    sa.update(conversation_table)
    .where(
        conversation_table.c.id == sa.bindparam("of"),
        conversation_table.c.erased_at.is_(None),
        conversation_table.c.messages < MOST_MESSAGES,
    )
    .values(messages=conversation_table.c.messages + 1, last_at=sa.bindparam("now"))
    .returning(conversation_table.c.messages)
)


def start(
    connection: Connection, keys: Keys, channel: str, language: str, now: datetime, use_case: str
) -> Started:
    """Begin a conversation and return it with the customer's token (256 bits, stored only as its hash)."""
    for where, name in (("channel", channel), ("language", language), ("use_case", use_case)):
        if not name or len(name) > _NAME_LIMIT or not name.replace("-", "_").replace(".", "_").isidentifier():
            raise InputError("This is not a short name of letters and digits.", where=where)
    conversation = Conversation(new_id("con"), channel, language, use_case, now, now, 0)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    connection.execute(
        sa.insert(conversation_table).values(
            id=conversation.id,
            channel=channel,
            language=language,
            use_case=use_case,
            token_hash=_hash_token(token),
            started_at=now,
            last_at=now,
            messages=0,
        )
    )
    make_lock(connection, keys, conversation.id)
    return Started(conversation, token)


def find_by_token(connection: Connection, token: str) -> Conversation:
    """Return the conversation whose customer holds ``token``. Raises: NotFoundError: nobody's token."""
    row = connection.execute(_BY_TOKEN, {"held": _hash_token(token)}).mappings().first()
    if row is None:
        raise NotFoundError("There is no such conversation.", next_step="Begin a new one.")
    return Conversation(**row)


def add_message(
    connection: Connection,
    keys: Keys,
    conversation_id: str,
    author: Author,
    text: str,
    meta: Mapping[str, Any],
    now: datetime,
) -> Message:
    """Seal one message at the end of a conversation and return it.

    Raises: InputError: empty, longer than 10,000 characters, or meta above 64 KiB; ConflictError: the
    conversation is erased or full. The texts of errors never quote the message.
    """
    _check_message(text, meta)
    sequence = _take_sequence(connection, conversation_id, now)
    lock = get_lock(connection, keys, conversation_id)
    sealed = lock.close({"text": text, "meta": dict(meta)}, message_place(sequence, author, now))
    connection.execute(
        _ADD_MESSAGE,
        {
            "conversation_id": conversation_id,
            "sequence": sequence,
            "author": author.value,
            "at": now,
            "sealed": sealed,
        },
    )
    return Message(sequence, author, now, text, dict(meta))


def read_messages(
    connection: Connection, keys: Keys, conversation_id: str, *, after: int = 0
) -> tuple[Message, ...]:
    """Return the messages with a sequence above ``after``, in order.

    Raises: NotFoundError; ConflictError: erased; EvidenceError: a message is missing, moved or changed,
    or the master key is another one.
    """
    conversation = get_conversation(connection, conversation_id)
    lock = get_lock(connection, keys, conversation_id)
    rows = connection.execute(_MESSAGES, {"of": conversation_id, "after": after}).mappings().all()
    if [row["sequence"] for row in rows] != list(range(after + 1, conversation.messages + 1)):
        raise EvidenceError(f"The conversation {conversation_id} is damaged: messages are missing.")
    opened = []
    for row in rows:
        place = message_place(row["sequence"], row["author"], row["at"])
        content = lock.open(bytes(row["sealed"]), place)
        opened.append(
            Message(row["sequence"], Author(row["author"]), row["at"], content["text"], content["meta"])
        )
    return tuple(opened)


def read_last(connection: Connection, keys: Keys, conversation_id: str, author: Author) -> Message | None:
    """Return the last message of one author, or None; raises what `read_messages` raises."""
    query = sa.select(message_table).where(
        message_table.c.conversation_id == conversation_id, message_table.c.author == author.value
    )
    row = connection.execute(query.order_by(message_table.c.sequence.desc()).limit(1)).mappings().first()
    if row is None:
        return None
    place = message_place(row["sequence"], row["author"], row["at"])
    content = get_lock(connection, keys, conversation_id).open(bytes(row["sealed"]), place)
    return Message(row["sequence"], author, row["at"], content["text"], content["meta"])


def list_outline(connection: Connection, conversation_id: str) -> tuple[tuple[int, Author, datetime], ...]:
    """Return sequence, author and moment of each message: what may be seen without reading."""
    columns = (message_table.c.sequence, message_table.c.author, message_table.c.at)
    query = sa.select(*columns).where(message_table.c.conversation_id == conversation_id)
    rows = connection.execute(query.order_by(message_table.c.sequence))
    return tuple((row.sequence, Author(row.author), row.at) for row in rows)


def request_person(
    connection: Connection,
    keys: Keys,
    conversation_id: str,
    reason: HandoverReason,
    urgency: Urgency,
    now: datetime,
    *,
    note: str = "",
    requested_by: str = "customer",
) -> Handover:
    """Mark that a person should answer 担当者への引継ぎ, and return the request.

    While one request is open a second one only raises its urgency.
    """
    _check_length(note, "note", REASON_LIMIT)
    lock_conversation(connection, conversation_id)
    lock = get_lock(connection, keys, conversation_id)
    present = [item for item in list_handovers(connection, conversation_id) if item.closed_at is None]
    if present:
        return _raise_urgency(connection, present[0], urgency)
    handover = Handover(new_id("han"), conversation_id, reason, urgency, now)
    connection.execute(
        sa.insert(handover_table).values(
            id=handover.id,
            conversation_id=conversation_id,
            reason=reason.value,
            urgency=urgency.value,
            requested_at=now,
            sealed_note=lock.close({"note": note}, f"handover/{handover.id}"),
        )
    )
    payload = {"handover": handover.id, "reason": reason.value, "urgency": urgency.value}
    append(
        connection,
        Record("conversations.person_requested", conversation_id, requested_by, now, payload),
    )
    return handover


def read_note(connection: Connection, keys: Keys, handover: Handover) -> str:
    """Return the note that came with a request for a person."""
    query = sa.select(handover_table.c.sealed_note).where(handover_table.c.id == handover.id)
    sealed = connection.execute(query).scalar_one()
    lock = get_lock(connection, keys, handover.conversation_id)
    return str(lock.open(bytes(sealed), f"handover/{handover.id}")["note"])


def give_feedback(
    connection: Connection,
    keys: Keys,
    conversation_id: str,
    sequence: int,
    thumb: Thumb,
    now: datetime,
    *,
    reason: str = "",
) -> None:
    """Keep a customer's thumb on one answer; a later one replaces it.

    Raises: InputError: that message is not an answer, or the reason is too long.
    """
    _check_length(reason, "reason", REASON_LIMIT)
    lock_conversation(connection, conversation_id)
    lock = get_lock(connection, keys, conversation_id)
    place = sa.and_(message_table.c.conversation_id == conversation_id, message_table.c.sequence == sequence)
    author = connection.execute(sa.select(message_table.c.author).where(place)).scalar()
    if author not in {Author.ASSISTANT, Author.OPERATOR}:
        raise InputError("Only an answer can be judged.", where="sequence")
    connection.execute(
        sa.delete(feedback_table).where(
            feedback_table.c.conversation_id == conversation_id, feedback_table.c.sequence == sequence
        )
    )
    connection.execute(
        sa.insert(feedback_table).values(
            conversation_id=conversation_id,
            sequence=sequence,
            thumb=thumb.value,
            at=now,
            sealed_reason=lock.close({"reason": reason}, f"feedback/{sequence}"),
        )
    )


def read_feedback(connection: Connection, keys: Keys, conversation_id: str) -> tuple[Feedback, ...]:
    """Return the thumbs on a conversation's answers, in the order of the answers."""
    lock = get_lock(connection, keys, conversation_id)
    query = sa.select(feedback_table).where(feedback_table.c.conversation_id == conversation_id)
    rows = connection.execute(query.order_by(feedback_table.c.sequence)).mappings()
    return tuple(
        Feedback(
            row["sequence"],
            Thumb(row["thumb"]),
            row["at"],
            lock.open(bytes(row["sealed_reason"]), f"feedback/{row['sequence']}")["reason"],
        )
        for row in rows
    )


def _take_sequence(connection: Connection, conversation_id: str, now: datetime) -> int:
    """Count one message more; of two writers the second waits for the first."""
    taken = connection.execute(_COUNT_MESSAGE, {"of": conversation_id, "now": now}).scalar()
    if taken is not None:
        return int(taken)
    found = find_conversation(connection, conversation_id)
    if found is None:
        raise NotFoundError("There is no such conversation.", where=conversation_id)
    if found.erased_at is not None:
        raise ConflictError("This conversation has been erased.", where=conversation_id)
    raise ConflictError(
        "This conversation has {limit} messages, which is the most.",
        next_step="Begin a new one.",
        limit=MOST_MESSAGES,
    )


def _raise_urgency(connection: Connection, handover: Handover, urgency: Urgency) -> Handover:
    order = list(Urgency)
    if order.index(urgency) <= order.index(handover.urgency):
        return handover
    connection.execute(
        sa.update(handover_table).where(handover_table.c.id == handover.id).values(urgency=urgency.value)
    )
    return next(
        item for item in list_handovers(connection, handover.conversation_id) if item.id == handover.id
    )


def _check_message(text: str, meta: Mapping[str, Any]) -> None:
    if not text.strip():
        raise InputError("The message is empty.", where="text", next_step="Write something.")
    _check_length(text, "text", TEXT_LIMIT)
    try:
        size = len(orjson.dumps({"text": text, "meta": dict(meta)})) - len(text.encode())
    except (TypeError, ValueError) as error:
        raise InputError("The text holds characters that cannot be kept.", where="text") from error
    if size > META_LIMIT_BYTES:
        raise InputError("What accompanies the message is too large.", where="meta")


def _check_length(text: str, where: str, limit: int) -> None:
    if len(text) > limit:
        raise InputError(
            "This text has {count} characters; at most {limit} are allowed.",
            where=where,
            next_step="Shorten it or divide it.",
            count=len(text),
            limit=limit,
        )


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
