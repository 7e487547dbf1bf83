"""Conversations, messages and what surrounds them, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

TEXT_LIMIT = 10_000
META_LIMIT_BYTES = 64 * 1024
MOST_MESSAGES = 400
REASON_LIMIT = 1_000


class Author(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    OPERATOR = "operator"
    SYSTEM = "system"


class Thumb(StrEnum):
    """A customer's judgement of one answer."""

    UP = "up"
    DOWN = "down"


class HandoverReason(StrEnum):
    """Why a person should answer 担当者への引継ぎ."""

    CUSTOMER_ASKED = "customer_asked"
    NO_ANSWER = "no_answer"
    COMPLAINT = "complaint"
    SENSITIVE = "sensitive"
    SUSPICIOUS = "suspicious"


class Urgency(StrEnum):
    """How soon a person should answer."""

    NORMAL = "normal"
    SOON = "soon"
    AT_ONCE = "at_once"


class ErasureReason(StrEnum):
    """Why a conversation was erased; a word, never free text, because it outlives the conversation."""

    RETENTION_OVER = "retention_over"
    CUSTOMER_REQUEST = "customer_request"
    WRONGLY_COLLECTED = "wrongly_collected"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What may be known of a conversation without its key. ``messages`` counts them, from 1."""

    id: str
    channel: str
    language: str
    use_case: str
    started_at: datetime
    last_at: datetime
    messages: int
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A new conversation and the customer's token, which is never stored and never shown again."""

    conversation: Conversation
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message, opened. ``meta`` is JSON and as secret as the text; neither shows in ``repr``."""

    sequence: int
    author: Author
    at: datetime
    text: str = field(repr=False)
    meta: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Handover:
    """A request that a person answers; open until it is closed."""

    id: str
    conversation_id: str
    reason: HandoverReason
    urgency: Urgency
    requested_at: datetime
    taken_by: str | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    touched_at: datetime | None = None
    office: str | None = None
    closed_by: str | None = None
    outcome: str | None = None


class StepKind(StrEnum):
    """What became of a request for a person."""

    CLAIMED = "claimed"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    RECALLED = "recalled"
    RETURNED = "returned"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a request for a person; ``note_id`` names a sealed note or nothing."""

    handover_id: str
    number: int
    kind: StepKind
    at: datetime
    actor_id: str
    to_person: str = ""
    to_office: str = ""
    note_id: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something sealed beside the messages, opened; ``content`` is as secret as they are."""

    id: str
    kind: str
    at: datetime
    written_by: str
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Feedback:
    """A thumb on one answer, opened."""

    sequence: int
    thumb: Thumb
    at: datetime
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold 訴訟ホールド: nothing is erased while one is open."""

    id: str
    conversation_id: str
    placed_by: str
    placed_at: datetime
    released_by: str | None = None
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """How long conversations of a use case are kept after their last message, and on which ground."""

    use_case: str
    months: int
    basis: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stays of an erased conversation; the keyed ``digest`` proves that this installation wrote it."""

    conversation_id: str
    erased_at: datetime
    reason: ErasureReason
    erased_by: str
    digest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the staff list: metadata only."""

    conversation: Conversation
    keep_until: date
    is_waiting: bool
    urgency: Urgency | None
    is_held: bool
