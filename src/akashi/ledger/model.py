"""The words of the ledger: a record that a room hands in, and the entry that the chain makes of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

import orjson

from akashi.core.errors import AkashiError
from akashi.platform.canonical import CanonicalError, canonical_json

JsonValue: TypeAlias = bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None

GENESIS = "0" * 64
"""What the first entry names as its predecessor."""

MAX_PAYLOAD_BYTES = 64 * 1024
"""Our own limit: a payload holds ids and digests, never documents."""

MAX_ID_LENGTH = 500

_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


class RecordError(AkashiError, ValueError):
    """A room handed in something the ledger cannot keep; the message names the field."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened, as the room that did it tells it.

    ``kind`` is ``room.what``, ``subject`` the id it is about, ``actor`` an ``Actor.id``, ``at`` an aware
    moment. ``payload`` holds ids, digests, whole numbers and words of the field; never personal text.

    >>> Record("approvals.decided", "matter_1", "p1", datetime(2026, 1, 1, tzinfo=UTC)).kind
    'approvals.decided'
    """

    kind: str
    subject: str
    actor: str
    at: datetime
    payload: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the chain. ``payload`` is the canonical JSON text, exactly as it was hashed.

    ``at`` is UTC with microseconds and always 27 characters, so that text order is time order.
    """

    sequence: int
    digest: str
    previous: str
    kind: str
    subject: str
    actor: str
    at: str
    payload: str

    @property
    def moment(self) -> datetime:
        """Return ``at`` as an aware moment."""
        return read_moment(self.at)

    @property
    def shown_moment(self) -> datetime | None:
        """Return ``at`` for display; None when somebody changed it into something that is no time."""
        try:
            return read_moment(self.at)
        except ValueError:
            return None

    @property
    def values(self) -> dict[str, JsonValue]:
        """Return the payload as values."""
        values: dict[str, JsonValue] = orjson.loads(self.payload)
        return values

    def fits(self) -> bool:
        """Return whether the content gives the digest."""
        return hashlib.sha256(self.canonical()).hexdigest() == self.digest

    def canonical(self) -> bytes:
        """Return the bytes that ``digest`` is the SHA-256 of."""
        return entry_bytes(
            self.sequence, self.previous, self.kind, self.subject, self.actor, self.at, self.payload
        )


def write_moment(moment: datetime) -> str:
    """Return an aware moment as the ledger writes it.

    >>> write_moment(datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    '2026-11-20T01:00:00.000000Z'
    """
    if moment.tzinfo is None:
        raise RecordError("at: a moment must carry its time zone.")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_moment(text: str) -> datetime:
    """Return the aware moment that ``write_moment`` wrote."""
    return datetime.fromisoformat(text)


def entry_bytes(
    sequence: int, previous: str, kind: str, subject: str, actor: str, at: str, payload: str
) -> bytes:
    """Return the canonical JSON of an entry without its digest; ``payload`` is canonical already.

    The keys stand in the order RFC 8785 asks for, and orjson writes text as RFC 8785 does.
    """
    return b'{"actor":%b,"at":%b,"kind":%b,"payload":%b,"previous":"%b","sequence":%d,"subject":%b}' % (
        orjson.dumps(actor),
        orjson.dumps(at),
        orjson.dumps(kind),
        payload.encode(),
        previous.encode(),
        sequence,
        orjson.dumps(subject),
    )


def make_entry(record: Record, sequence: int, previous: str) -> Entry:
    """Return the entry that follows ``previous``.

    Raises: RecordError: a field that cannot be kept; nothing has been written.
    """
    _check_fields(record)
    try:
        payload = canonical_json(dict(record.payload), floats=False)
    except CanonicalError as error:
        raise RecordError(f"payload of {record.kind}: {error}") from error
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise RecordError(f"payload of {record.kind}: {len(payload)} bytes; keep ids and digests only.")
    at, text = write_moment(record.at), payload.decode()
    content = entry_bytes(sequence, previous, record.kind, record.subject, record.actor, at, text)
    digest = hashlib.sha256(content).hexdigest()
    return Entry(sequence, digest, previous, record.kind, record.subject, record.actor, at, text)


def _check_fields(record: Record) -> None:
    if not _KIND.fullmatch(record.kind):
        raise RecordError(f"kind: {record.kind!r} is not of the form room.what in small letters.")
    for name, text in (("subject", record.subject), ("actor", record.actor)):
        if not 0 < len(text) <= MAX_ID_LENGTH or "\x00" in text:
            raise RecordError(f"{name} of {record.kind}: must be an id of 1 to {MAX_ID_LENGTH} characters.")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise RecordError(f"{name} of {record.kind}: the text holds a lone surrogate.") from error
