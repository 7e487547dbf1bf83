"""The seal on every message: a random key per conversation, itself sealed under the master key.

Each sealed body is bound to its conversation, its place, its author and its moment, so that no row can be
moved, swapped or relabelled unnoticed. Bodies are padded, so that their length tells little.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.store import key_table
from akashi.core.errors import ConflictError, EvidenceError, InputError
from akashi.platform.keys import KEY_BYTES, Keys, seal, unseal

PURPOSE = "conversations/key"
BLOCK_BYTES = 256
_SEALED_KEY = sa.select(key_table.c.sealed_key).where(key_table.c.conversation_id == sa.bindparam("of"))


class Lock:
    """One conversation's key at work; it lives as long as one call and is never printed."""

    def __init__(self, conversation_id: str, key: bytes) -> None:
        self.conversation_id = conversation_id
        self._key = key

    def __repr__(self) -> str:
        return f"Lock({self.conversation_id!r})"

    def close(self, content: Mapping[str, Any], place: str) -> bytes:
        """Return ``content`` sealed and bound to ``place`` in this conversation.

        Raises: InputError: the text holds half a character (a lone surrogate) or is not JSON.
        """
        try:
            plain = orjson.dumps(dict(content))
        except (TypeError, ValueError) as error:
            raise InputError("The text holds characters that cannot be kept.", where="text") from error
        return seal(self._key, plain.ljust(-(-len(plain) // BLOCK_BYTES) * BLOCK_BYTES), self._bind(place))

    def open(self, sealed: bytes, place: str) -> dict[str, Any]:
        """Return what ``close`` sealed. Raises: EvidenceError: changed, moved, or another key."""
        try:
            content: dict[str, Any] = orjson.loads(unseal(self._key, sealed, self._bind(place)))
        except EvidenceError as error:
            raise EvidenceError(
                f"The conversation {self.conversation_id} is damaged: {place} does not open with its key."
            ) from error
        return content

    def _bind(self, place: str) -> str:
        return f"conversations/{self.conversation_id}/{place}"


def make_lock(connection: Connection, keys: Keys, conversation_id: str) -> Lock:
    """Return the lock of a new conversation and store its key, sealed under the master key."""
    key = secrets.token_bytes(KEY_BYTES)
    sealed = keys.seal(PURPOSE, key, conversation_id)
    connection.execute(sa.insert(key_table).values(conversation_id=conversation_id, sealed_key=sealed))
    return Lock(conversation_id, key)


def get_lock(connection: Connection, keys: Keys, conversation_id: str) -> Lock:
    """Return the lock of a conversation.

    Raises: ConflictError: erased, so that no key exists any more; EvidenceError: another master key.
    """
    sealed = connection.execute(_SEALED_KEY, {"of": conversation_id}).scalar()
    if sealed is None:
        raise ConflictError("This conversation has been erased.", where=conversation_id)
    try:
        return Lock(conversation_id, keys.unseal(PURPOSE, bytes(sealed), conversation_id))
    except EvidenceError as error:
        raise EvidenceError(
            f"The conversation {conversation_id} was sealed under another master key. "
            "Put back the master key that belongs to this database."
        ) from error


def message_place(sequence: int, author: str, at: datetime) -> str:
    """Return what a message's seal is bound to, beside its conversation."""
    return f"message/{sequence}/{author}/{at.astimezone(UTC).isoformat(timespec='microseconds')}"
