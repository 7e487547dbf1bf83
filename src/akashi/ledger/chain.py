"""Walking the chain: recompute every digest and say what was done to the first entry that does not fit.

Nothing here touches a database: rows come in as tuples, from a table or from an exported file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import orjson

from akashi.core.errors import AkashiError
from akashi.ledger.checkpoints import Checkpoint
from akashi.ledger.model import GENESIS, entry_bytes

SEARCH_WIDTH = 1000
"""How far an entry may have been moved and still be recognised by its digest; our choice."""

PROGRESS_STEP = 5000

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z")

NOT_TEXT = (ValueError, TypeError, AttributeError)
"""What undecodable bytes, a missing value, or a payload that is no JSON lead to while a row is hashed."""


class UnreadableError(AkashiError):
    """The source of rows failed in the middle: the file under the database is damaged."""


class Row(NamedTuple):
    """An entry as it is stored, which may be anything: undecodable bytes appear as lone surrogates."""

    sequence: int
    digest: str
    previous: str
    kind: str
    subject: str
    actor: str
    at: str
    payload: str


class FaultKind(StrEnum):
    """What was done to the ledger."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    INSERTED = "inserted"
    REWRITTEN = "rewritten"
    TRUNCATED = "truncated"
    FORGED = "forged"
    UNREADABLE = "unreadable"


EXPLANATIONS = {
    FaultKind.CHANGED: "Entry {sequence} was changed: its content does not give its digest.",
    FaultKind.MISSING: "Entry {sequence} is missing.",
    FaultKind.REORDERED: "Entry {sequence} was moved: it stands at {other}.",
    FaultKind.INSERTED: "Entry {sequence} was inserted: it does not belong to the chain.",
    FaultKind.REWRITTEN: "Entries were rewritten: the first changed one lies between {sequence} and {other}.",
    FaultKind.TRUNCATED: "The end of the ledger is missing: entries {sequence} to {other} were removed.",
    FaultKind.FORGED: "The checkpoint at entry {sequence} is forged: its signature does not fit.",
    FaultKind.UNREADABLE: "Entry {sequence} cannot be read from the database.",
}
"""Message ids; ``other`` equals ``sequence`` where a single entry is meant."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the ledger is not what was written.

    ``sequence`` is the first wrong entry; ``other`` the end of the range or the place it was moved to.
    ``at`` is the time written in that entry, empty when it is gone; ``after`` the time of the last
    good entry before it.
    """

    kind: FaultKind
    sequence: int
    other: int
    at: str = ""
    after: str = ""

    @property
    def message(self) -> str:
        """Return the message id that explains it."""
        return EXPLANATIONS[self.kind]

    def __str__(self) -> str:
        when = f" Its time: {self.at}." if self.at else ""
        after = f" Last good entry before it: {self.after}." if self.after else ""
        return self.message.format(sequence=self.sequence, other=self.other) + when + after


@dataclass(frozen=True, slots=True)
class Link:
    """The last good entry of a walk: where the next one must follow."""

    sequence: int = 0
    digest: str = GENESIS
    at: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk found: how far the chain is good, and the first fault, if any."""

    start: int
    last: Link
    checkpoints: int
    fault: Fault | None

    @property
    def entries(self) -> int:
        """Return how many entries were found good."""
        return self.last.sequence - self.start


Progress = Callable[[int], None]
FindSuccessor = Callable[[str], int | None]


def ignore_progress(done: int) -> None:
    """Show nothing."""


def walk_chain(
    rows: Iterable[Row],
    checkpoints: Iterable[Checkpoint],
    public_key: str,
    find_successor: FindSuccessor,
    start: Link = Link(),
    progress: Progress = ignore_progress,
) -> Walk:
    """Return how far ``rows`` continue the chain after ``start`` and the first fault.

    ``rows`` come in order of sequence; plain tuples do, because naming the parts of a million rows costs
    seconds. Every checkpoint after ``start`` must carry a genuine signature of ``public_key`` (hexadecimal)
    and the digest of its entry. ``find_successor`` returns the sequence of the row whose ``previous`` is
    the given digest.
    """
    waiting = _Checkpoints(checkpoints, public_key, start.sequence)
    last, number, running = start.at, start.sequence, start.digest
    fault: Fault | None = None
    try:
        for row in rows:
            if row[0] != number + 1 or not _follows(row, running):
                fault = diagnose(Row._make(row), Link(number, running, last), waiting.good, find_successor)
                break
            number, running, last = number + 1, row[1], row[6]
            if number == waiting.next_sequence:
                fault = waiting.compare(Link(number, running, last))
                if fault:
                    break
            if not number % PROGRESS_STEP:
                progress(number)
    except UnreadableError:
        fault = Fault(FaultKind.UNREADABLE, number + 1, number + 1, "", last)
    link = Link(number, running, last)
    return Walk(start.sequence, link, waiting.done, fault or waiting.find_truncation(link))


class _Checkpoints:
    """The checkpoints that a walk has still to pass, in order."""

    def __init__(self, checkpoints: Iterable[Checkpoint], public_key: str, after: int) -> None:
        self._queue = sorted(
            (checkpoint for checkpoint in checkpoints if checkpoint.sequence > after),
            key=lambda checkpoint: checkpoint.sequence,
            reverse=True,
        )
        self._public_key = public_key
        self.done = 0
        self.good = after

    @property
    def next_sequence(self) -> int:
        return self._queue[-1].sequence if self._queue else -1

    def compare(self, link: Link) -> Fault | None:
        while self._queue and self._queue[-1].sequence <= link.sequence:
            checkpoint = self._queue.pop()
            fault = self._judge(checkpoint, link)
            if fault:
                return fault
            self.done += 1
        self.good = link.sequence
        return None

    def _judge(self, checkpoint: Checkpoint, link: Link) -> Fault | None:
        if not self._is_ours(checkpoint):
            return Fault(FaultKind.FORGED, checkpoint.sequence, checkpoint.sequence, checkpoint.at, link.at)
        if checkpoint.digest != link.digest:
            return Fault(FaultKind.REWRITTEN, self.good + 1, checkpoint.sequence)
        return None

    def _is_ours(self, checkpoint: Checkpoint) -> bool:
        return checkpoint.public_key == self._public_key and checkpoint.is_genuine()

    def find_truncation(self, link: Link) -> Fault | None:
        for checkpoint in reversed(self._queue):
            if not self._is_ours(checkpoint):
                return Fault(
                    FaultKind.FORGED, checkpoint.sequence, checkpoint.sequence, checkpoint.at, link.at
                )
        if self._queue:
            return Fault(FaultKind.TRUNCATED, link.sequence + 1, self._queue[0].sequence, "", link.at)
        return None


def _follows(row: Row, running: str) -> bool:
    sequence, digest, previous, kind, subject, actor, at, payload = row
    if previous != running:
        return False
    try:
        content = entry_bytes(sequence, previous, kind, subject, actor, at, payload)
        return hashlib.sha256(content).hexdigest() == digest and type(orjson.loads(payload)) is dict
    except NOT_TEXT:
        return False


def _digest(row: Row) -> str:
    """Return the digest of a stored row; no digest at all when it was never text."""
    try:
        return hashlib.sha256(
            entry_bytes(row.sequence, row.previous, row.kind, row.subject, row.actor, row.at, row.payload)
        ).hexdigest()
    except NOT_TEXT:
        return "undecodable"


def _time_of(row: Row) -> str:
    """Return the time written in a row, empty when it is none."""
    return row.at if isinstance(row.at, str) and _TIME.fullmatch(row.at) else ""


def diagnose(row: Row, link: Link, confirmed: int, find_successor: FindSuccessor) -> Fault:
    """Return what was done, given the first ``row`` that does not follow the last good ``link``.

    ``confirmed`` is the last entry that a checkpoint vouches for.
    """
    expected = link.sequence + 1
    if row.sequence < expected:
        return _diagnose_early(row, link)
    found = find_successor(link.digest)
    if row.sequence > expected:
        return _diagnose_gap(row, expected, found, link)
    if row.previous != link.digest and found is not None and found != expected:
        return Fault(FaultKind.REORDERED, expected, found, _time_of(row), link.at)
    if row.previous == link.digest or _digest(row._replace(previous=link.digest)) == row.digest:
        return Fault(FaultKind.CHANGED, expected, expected, _time_of(row), link.at)
    return _diagnose_break(row, link, confirmed)


def _diagnose_early(row: Row, link: Link) -> Fault:
    """A number below the first one: an entry that was moved there, or a foreign one."""
    number = _find_number(row)
    if number is None:
        return Fault(FaultKind.INSERTED, row.sequence, row.sequence, _time_of(row), link.at)
    return Fault(FaultKind.REORDERED, number, row.sequence, _time_of(row), link.at)


def _diagnose_gap(row: Row, expected: int, found: int | None, link: Link) -> Fault:
    if found is None:
        return Fault(FaultKind.MISSING, expected, row.sequence - 1, "", link.at)
    at = _time_of(row) if found == row.sequence else ""
    return Fault(FaultKind.REORDERED, expected, found, at, link.at)


def _diagnose_break(row: Row, link: Link, confirmed: int) -> Fault:
    """Name the guilty entry where a row names a predecessor that is not there."""
    expected = row.sequence
    if _digest(row) == row.digest:
        if link.sequence in {0, confirmed}:
            return Fault(FaultKind.CHANGED, expected, expected, _time_of(row), link.at)
        return Fault(FaultKind.CHANGED, link.sequence, link.sequence, link.at)
    number = _find_number(row)
    if number is None:
        return Fault(FaultKind.CHANGED, expected, expected, _time_of(row), link.at)
    if number > expected:
        return Fault(FaultKind.MISSING, expected, number - 1, "", link.at)
    return Fault(FaultKind.INSERTED, number, expected - 1, "", "")


def _find_number(row: Row) -> int | None:
    """Return the number under which the row's digest is right."""
    low, high = max(1, row.sequence - SEARCH_WIDTH), row.sequence + SEARCH_WIDTH
    candidates = (number for number in range(low, high + 1) if number != row.sequence)
    return next((n for n in candidates if _digest(row._replace(sequence=n)) == row.digest), None)
