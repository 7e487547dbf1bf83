"""The indexes of this process: one for each audience, rebuilt when the documents' generation moves on."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import cast

from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError
from akashi.core.thread import Audience
from akashi.documents.answerable import list_answerable
from akashi.documents.model import StoredPassage
from akashi.documents.store import list_passages, read_generation
from akashi.domains.assistant.measure.confidence import Calibration, shipped_calibration
from akashi.domains.assistant.measure.index import Entry, Index, build_index
from akashi.domains.assistant.measure.kept import Kept, digest_entry, read_kept, write_kept
from akashi.domains.assistant.tuning_store import read_number, read_tuning
from akashi.platform.site import Site

CACHE = "assistant.library"
WORTH_KEEPING = 0.02
"""What is kept on disk is written again once so much of the entries is not in it."""


class NotReadyError(ConflictError):
    """The first index of this process is still being made."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything one audience may be answered from on one day, ready for search.

    ``calibration`` says how sure an answer must be; ``tuned`` counts how often the institution has set
    such things for itself.
    """

    generation: int
    day: date
    index: Index
    calibration: Calibration = field(default_factory=shipped_calibration)
    tuned: int = 0

    def is_of(self, generation: int, day: date, tuned: int) -> bool:
        """Return whether the shelf still is what the database says."""
        return (self.generation, self.day, self.tuned) == (generation, day, tuned)


class Library:
    """Shelves by audience. The database decides what stands on them; they hold nothing of their own."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._shelves: dict[Audience, Shelf] = {}
        self._locks = {audience: threading.Lock() for audience in Audience}

    def find_shelf(
        self, connection: Connection, audience: Audience, day: date, patience_s: float = -1
    ) -> Shelf:
        """Return the shelf for this audience as of the connection's snapshot, rebuilding what changed.

        While another thread rebuilds it, whoever has a ``patience_s`` waits so long and is then given the
        shelf of before: the database has the last word on every passage.

        Raises: NotReadyError: the patience is over and there is no shelf yet.
        """
        generation, tuned = read_generation(connection), read_number(connection)
        shelf = self._shelves.get(audience)
        if shelf is not None and shelf.is_of(generation, day, tuned):
            return shelf
        if not self._locks[audience].acquire(timeout=patience_s):
            if shelf is None:
                raise NotReadyError("The index is being prepared.", next_step="Please try again in a minute.")
            return shelf
        try:
            return self._renew(connection, audience, day, generation, tuned)
        finally:
            self._locks[audience].release()

    def _renew(
        self, connection: Connection, audience: Audience, day: date, generation: int, tuned: int
    ) -> Shelf:
        shelf = self._shelves.get(audience)
        if shelf is None or not shelf.is_of(generation, day, tuned):
            index = self._build(connection, audience, day, generation, shelf)
            tuning = read_tuning(connection)
            index = replace(index, ranker=tuning.ranker)
            shelf = Shelf(generation, day, index, tuning.calibration, tuning.number)
            self._shelves[audience] = shelf
        return shelf

    def _build(
        self, connection: Connection, audience: Audience, day: date, generation: int, shelf: Shelf | None
    ) -> Index:
        if shelf is not None and (shelf.generation, shelf.day) == (generation, day):
            return shelf.index
        entries = _list_entries(connection, audience, day)
        return build_index(entries, shelf.index) if shelf else self._build_first(entries, audience)

    def _build_first(self, entries: list[Entry], audience: Audience) -> Index:
        """Return this process' first index for an audience, from what was found in the same texts before.

        Another audience's shelf goes first, as if it were the shelf of before: staff read all that customers
        do. Else what earlier processes kept on disk.
        """
        for other in list(self._shelves.values()):
            known = {(entry.question, entry.answer) for entry in other.index.entries}
            missing = sum((entry.question, entry.answer) not in known for entry in entries)
            if missing <= len(entries) * WORTH_KEEPING:
                return build_index(entries, with_own_words(other.index))
        if self._folder is None:
            return build_index(entries)
        path = self._folder / f"terms-{audience.value}.npz"
        found = read_kept(path)
        index = build_index(entries, kept=found)
        if _count_missing(entries, found) > len(entries) * WORTH_KEEPING:
            texts = [(entry.question, entry.answer) for entry in index.entries]
            write_kept(path, texts, index.features, index.vocabulary)
        return index


def library_of(site: Site) -> Library:
    """Return this process' library for the installation."""
    return cast(Library, site.caches.setdefault(CACHE, Library(site.settings.home / "cache")))


def with_own_words(index: Index) -> Index:
    """Return the index with a vocabulary of its own: one made from it then adds no term to this one's.

    Everything else is shared: two audiences' indexes are built under two locks.
    """
    return replace(index, vocabulary=dict(index.vocabulary))


def _count_missing(entries: list[Entry], kept: Kept | None) -> int:
    known = kept.features if kept else {}
    return sum(digest_entry(entry.question, entry.answer) not in known for entry in entries)


def _list_entries(connection: Connection, audience: Audience, day: date) -> list[Entry]:
    versions = list_answerable(connection, audience, day)
    return [make_entry(passage) for passage in list_passages(connection, sorted(versions))]


def make_entry(passage: StoredPassage) -> Entry:
    """Return what the index sees of a passage: its question, or the path of headings above it."""
    return Entry(passage.id, passage.question or passage.heading_path, passage.body)
