"""What the house may not tell a customer: its documents for staff, held for every check of an answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from akashi.core.ports import Checked
from akashi.core.thread import Audience
from akashi.documents.store import list_documents, list_versions, read_generation, read_text
from akashi.domains.guardrails.held_texts import HeldTexts, Owner, Skeleton, read_skeleton
from akashi.domains.guardrails.output import check_output
from akashi.platform.site import Site

_CACHE = "guardrails.internal_texts"


@dataclass
class Shelf:
    """The documents for staff as they were at a generation; a version is read once, whatever follows."""

    state: tuple[int, int] = (-1, -1)
    held: HeldTexts = field(default_factory=HeldTexts)
    read: dict[str, tuple[str, Skeleton]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def hold_internal(site: Site) -> HeldTexts:
    """Return every version of a document for staff, in force or not, ready to be looked for.

    Rebuilt when a document was added, approved or withdrawn; what was read before is kept. About 1 s for
    a million new characters, some milliseconds when nothing changed.
    """
    shelf = _shelf_of(site)
    with site.database.read() as connection, shelf.lock:
        wanted = _list_internal(connection)
        state = (read_generation(connection), hash(tuple(wanted)))
        if state != shelf.state:
            shelf.read = {one: shelf.read.get(one) or _read(connection, one) for one in wanted}
            shelf.held = HeldTexts()
            for text, skeleton in shelf.read.values():
                shelf.held.add_read(text, skeleton, Owner.INTERNAL)
            shelf.state = state
        return shelf.held


def _shelf_of(site: Site) -> Shelf:
    kept = site.caches.setdefault(_CACHE, Shelf())
    if not isinstance(kept, Shelf):
        raise TypeError("something else lies in the place of the internal texts")
    return kept


def _list_internal(connection: Connection) -> list[str]:
    documents = list_documents(connection, [Audience.STAFF])
    versions = list_versions(connection, [one.id for one in documents]) if documents else []
    return [one.id for one in versions]


def _read(connection: Connection, version_id: str) -> tuple[str, Skeleton]:
    text = read_text(connection, version_id)
    return text, read_skeleton(text)


def check_answer(
    answer: str, sources: Sequence[str], *, secret: Sequence[str] = (), site: Site | None = None
) -> Checked:
    """Return the verdict on an answer, in the light of what ``site`` may not tell.

    Without ``site`` only ``sources`` and ``secret`` are looked at.
    """
    held = hold_internal(site) if site is not None else None
    return check_output(answer, sources, secret=secret, held=held)
