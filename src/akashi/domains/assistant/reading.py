"""A customer's conversation as his page shows it, its excerpts compared with the documents again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from akashi.conversations.model import Author, Feedback, Message, Thumb, Urgency
from akashi.conversations.store import list_handovers
from akashi.conversations.talk import find_by_token, read_feedback, read_messages
from akashi.core.errors import ConflictError, NotFoundError
from akashi.core.spans import Interval
from akashi.documents.store import read_span
from akashi.domains.assistant.rows import Block, lay_out
from akashi.platform.site import Site

COOKIE = "akashi_talk"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as the customer's page shows it; ``excerpts`` were compared with the documents again.

    ``blocks`` are an operator's words, rows of approved tables in them under the names of their columns.
    """

    message: Message
    outcome: str = ""
    excerpts: tuple[Mapping[str, Any], ...] = ()
    reasons: tuple[str, ...] = ()
    is_intact: bool = True
    thumb: Thumb | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything the customer's page shows of a conversation."""

    turns: tuple[Turn, ...] = ()
    waits_for_person: bool = False


def read_talk(site: Site, token: str) -> Talk | None:
    """Return the conversation of ``token``, or None when it is nobody's or has been erased."""
    with site.database.read() as connection:
        try:
            conversation = find_by_token(connection, token)
            messages = read_messages(connection, site.keys, conversation.id)
        except (NotFoundError, ConflictError):
            return None
        judged = {one.sequence: one for one in read_feedback(connection, site.keys, conversation.id)}
        waits = any(one.closed_at is None for one in list_handovers(connection, conversation.id))
        turns = tuple(_show_turn(connection, message, judged) for message in messages)
    return Talk(turns, waits)


def _show_turn(connection: Connection, message: Message, judged: Mapping[int, Feedback]) -> Turn:
    if message.author is Author.OPERATOR:
        return Turn(message, blocks=lay_out(message.text, message.meta.get("rows", ())))
    if message.author is not Author.ASSISTANT:
        return Turn(message)
    excerpts = tuple(message.meta.get("excerpts", ()))
    feedback = judged.get(message.sequence)
    return Turn(
        message,
        outcome=str(message.meta.get("outcome", "")),
        excerpts=excerpts,
        reasons=tuple(message.meta.get("reasons", ())),
        is_intact=all(_stands(connection, excerpt) for excerpt in excerpts),
        thumb=feedback.thumb if feedback else None,
    )


def _stands(connection: Connection, excerpt: Mapping[str, Any]) -> bool:
    span = Interval(excerpt["start"], excerpt["end"])
    return read_span(connection, excerpt["version_id"], span) == str(excerpt["text"])


def weigh_urgency(site: Site, connection: Connection, conversation_id: str) -> Urgency:
    """Return how soon a person is needed: sooner where an emergency number has been shown."""
    messages = read_messages(connection, site.keys, conversation_id)
    return Urgency.SOON if any(one.meta.get("emergency") for one in messages) else Urgency.NORMAL
