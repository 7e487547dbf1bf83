"""Sealed notes beside the messages of a conversation: they live and die with its key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.model import Note
from akashi.conversations.sealing import get_lock
from akashi.conversations.store import note_table
from akashi.platform.ids import new_id
from akashi.platform.keys import Keys


def add_note(
    connection: Connection,
    keys: Keys,
    conversation_id: str,
    kind: str,
    content: Mapping[str, Any],
    written_by: str,
    now: datetime,
) -> str:
    """Seal ``content`` (JSON values) beside a conversation and return the note's id.

    Raises: ConflictError: the conversation has been erased; InputError: not JSON.
    """
    note_id = new_id("note")
    lock = get_lock(connection, keys, conversation_id)
    connection.execute(
        sa.insert(note_table).values(
            id=note_id,
            conversation_id=conversation_id,
            kind=kind,
            at=now,
            written_by=written_by,
            sealed=lock.close(content, _place(note_id, kind)),
        )
    )
    return note_id


def read_notes(connection: Connection, keys: Keys, conversation_id: str, kind: str = "") -> dict[str, Note]:
    """Return a conversation's notes, all or of one kind, by id, oldest first; nothing after erasure.

    Raises: EvidenceError: a note was moved or changed.
    """
    query = sa.select(note_table).where(note_table.c.conversation_id == conversation_id)
    if kind:
        query = query.where(note_table.c.kind == kind)
    rows = connection.execute(query.order_by(note_table.c.at, note_table.c.id)).mappings().all()
    if not rows or not any(row["sealed"] for row in rows):
        return {}
    lock = get_lock(connection, keys, conversation_id)
    return {
        row["id"]: Note(
            row["id"],
            row["kind"],
            row["at"],
            row["written_by"],
            lock.open(bytes(row["sealed"]), _place(row["id"], row["kind"])),
        )
        for row in rows
    }


def _place(note_id: str, kind: str) -> str:
    return f"note/{kind}/{note_id}"
