"""The indexes of this process: one for each audience, rebuilt when the documents' generation moves on."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy.engine import Connection

from akashi.core.thread import Audience
from akashi.documents.answerable import list_answerable
from akashi.documents.model import StoredPassage
from akashi.documents.store import list_passages, read_generation
from akashi.domains.assistant.measure.index import Entry, Index, build_index
from akashi.platform.site import Site

CACHE = "assistant.library"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything one audience may be answered from on one day, ready for search."""

    generation: int
    day: date
    index: Index


class Library:
    """Shelves by audience. The database decides what stands on them; they hold nothing of their own."""

    def __init__(self) -> None:
        self._shelves: dict[Audience, Shelf] = {}
        self._locks = {audience: threading.Lock() for audience in Audience}

    def find_shelf(self, connection: Connection, audience: Audience, day: date) -> Shelf:
        """Return the shelf for this audience as of the connection's snapshot, rebuilding what changed."""
        generation = read_generation(connection)
        shelf = self._shelves.get(audience)
        if shelf is not None and (shelf.generation, shelf.day) == (generation, day):
            return shelf
        with self._locks[audience]:
            shelf = self._shelves.get(audience)
            if shelf is None or (shelf.generation, shelf.day) != (generation, day):
                shelf = _fill_shelf(connection, audience, day, generation, shelf)
                self._shelves[audience] = shelf
            return shelf


def library_of(site: Site) -> Library:
    """Return this process' library for the installation."""
    return cast(Library, site.caches.setdefault(CACHE, Library()))


def _fill_shelf(
    connection: Connection, audience: Audience, day: date, generation: int, previous: Shelf | None
) -> Shelf:
    versions = list_answerable(connection, audience, day)
    entries = [make_entry(passage) for passage in list_passages(connection, sorted(versions))]
    index = build_index(entries, previous.index if previous else None)
    return Shelf(generation, day, index)


def make_entry(passage: StoredPassage) -> Entry:
    """Return what the index sees of a passage: its question, or the path of headings above it."""
    return Entry(passage.id, passage.question or passage.heading_path, passage.body)
