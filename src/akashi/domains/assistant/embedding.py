"""Optional vectors of the configured endpoint beside the words, off by default.

Vectors of approved passages are kept by the digest of their text, so an unchanged passage is never sent
twice. A question's vector joins the ranking as one more z-scored stream. Without vectors, in time or at
all, the words alone decide: the customer notices nothing, the failed call is booked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import cast

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from akashi.core.errors import SetupError
from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience, digest_of
from akashi.domains.assistant.generating_mode import Ready, find_ready
from akashi.domains.assistant.generating_store import USE_CASE
from akashi.domains.assistant.library import Shelf, library_of
from akashi.domains.assistant.measure.index import Entry, Hit
from akashi.domains.assistant.store import metadata
from akashi.platform.database import Moment
from akashi.platform.endpoint import Caller, EndpointError, Purpose, cut_to_tokens
from akashi.platform.endpoint_gate import Gate, open_gate
from akashi.platform.site import Site

CACHE = "assistant.vectors"
CANDIDATES = 50
"""Vectors put the best hits of the words in another order; they find nothing that no word finds. Ours."""
WEIGHT = 1.0
"""As much as one stream of words. Not measured: no embedding model is at hand here."""
BATCH, MOST_BATCHES = 32, 8
MOST_TOKENS = 1000

Matrix = NDArray[np.float32]
Rank = Callable[[Shelf, str, int], list[Hit]]
"""Return the best hits of a shelf for a text, best first."""

vector_table = sa.Table(
    "assistant_vector",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
)
"""Unit vectors (little-endian float32) of approved passages by the digest of their text."""


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """The vectors of one shelf: ``rows`` finds an entry's row in ``matrix`` of unit vectors."""

    key: tuple[object, ...]
    rows: dict[str, int]
    matrix: Matrix


def search_words(shelf: Shelf, text: str, most: int) -> list[Hit]:
    """Return the best hits by words alone."""
    return shelf.index.search(text, most)


def choose_ranking(site: Site, connection: Connection, shelf: Shelf) -> Rank:
    """Return how a question is ranked: by words, and by vectors too where they are in use.

    Vectors are in use where a model is configured for them and the generative mode is in operation: the
    question leaves the house masked, to an endpoint that was decided.
    """
    endpoint = site.settings.endpoint
    if endpoint is None or not endpoint.embedding_model:
        return search_words
    ready = find_ready(site, connection)
    if not isinstance(ready, Ready):
        return search_words
    vectors = _read_vectors(site, connection, shelf, endpoint.embedding_model)
    return partial(_search_both, ready.gate, vectors) if vectors.rows else search_words


def fuse_hits(hits: Sequence[Hit], similar: Mapping[str, float], weight: float = WEIGHT) -> list[Hit]:
    """Return the hits by their scores plus the z-score of their likeness; one without a vector gains nothing.

    ``similar`` holds the cosine of every entry that has a vector. The scores count in the order in which the
    words have put the hits, best score first, so that equal likeness changes no order.
    """
    values = np.array(list(similar.values()))
    spread = float(values.std()) if len(values) else 0.0
    if not spread:
        return list(hits)
    mean = float(values.mean())
    scores = sorted((hit.score for hit in hits), reverse=True)
    gains = [weight * (similar.get(hit.entry_id, mean) - mean) / spread for hit in hits]
    fused = [score + gain for score, gain in zip(scores, gains, strict=True)]
    order = sorted(range(len(hits)), key=lambda place: (-round(fused[place], 9), place))
    return [replace(hits[place], score=fused[place]) for place in order]


def embed_passages(site: Site, now: datetime) -> int:
    """Get the vectors that customers' passages lack, some at a time; return how many. A duty.

    Only text that is approved and in effect for customers is sent.
    """
    endpoint = site.settings.endpoint
    if endpoint is None or not endpoint.embedding_model:
        return 0
    with site.database.read() as connection:
        if not isinstance(find_ready(site, connection), Ready):
            return 0
        shelf = library_of(site).find_shelf(connection, Audience.CUSTOMERS, tokyo_day(now))
        wanted = {digest_entry(entry): entry for entry in _living(shelf)}
        known = _known_digests(connection, endpoint.embedding_model)
    missing = [(digest, entry) for digest, entry in wanted.items() if digest not in known]
    gate = open_gate(site)
    if gate is None:
        raise SetupError("The endpoint has gone.")
    made = 0
    for start in range(0, min(len(missing), BATCH * MOST_BATCHES), BATCH):
        batch = missing[start : start + BATCH]
        try:
            vectors = gate.embed([_text_of(entry) for _, entry in batch], _CALLER)
        except EndpointError:
            break
        rows = [
            {"digest": digest, "model": endpoint.embedding_model, "vector": _pack(vector), "made_at": now}
            for (digest, _), vector in zip(batch, vectors, strict=True)
        ]
        with site.database.write() as connection:
            fresh = _known_digests(connection, endpoint.embedding_model)
            added = [row for row in rows if row["digest"] not in fresh]
            if added:
                connection.execute(sa.insert(vector_table), added)
        made += len(added)
    return made


def digest_entry(entry: Entry) -> str:
    """Return the digest of what is sent of an entry: its question and its words."""
    return digest_of(_text_of(entry).encode())


_CALLER = Caller(USE_CASE, Purpose.EMBEDDING)


def _search_both(gate: Gate, vectors: Vectors, shelf: Shelf, text: str, most: int) -> list[Hit]:
    hits = shelf.index.search(text, max(most, CANDIDATES))
    if len(hits) < 2:
        return hits[:most]
    try:
        question = gate.embed([cut_to_tokens(text, MOST_TOKENS)], _CALLER, gate.settings.embedding_seconds)
    except EndpointError:
        return hits[:most]
    asked = _unit(np.asarray(question[0], dtype=np.float32))
    if asked.shape[0] != vectors.matrix.shape[1]:
        return hits[:most]
    cosines = vectors.matrix @ asked
    similar = {entry_id: float(cosines[row]) for entry_id, row in vectors.rows.items()}
    return fuse_hits(hits, similar)[:most]


def _read_vectors(site: Site, connection: Connection, shelf: Shelf, model: str) -> Vectors:
    count = sa.select(sa.func.count()).select_from(vector_table).where(vector_table.c.model == model)
    key = (shelf.generation, shelf.day, len(shelf.index), model, connection.execute(count).scalar())
    cached = site.caches.get(CACHE)
    if isinstance(cached, Vectors) and cached.key == key:
        return cached
    query = sa.select(vector_table.c.digest, vector_table.c.vector).where(vector_table.c.model == model)
    kept = {row.digest: np.frombuffer(row.vector, dtype="<f4") for row in connection.execute(query)}
    found = {entry.id: kept[digest] for entry in _living(shelf) if (digest := digest_entry(entry)) in kept}
    width = max((len(vector) for vector in found.values()), default=0)
    same = {entry_id: vector for entry_id, vector in found.items() if len(vector) == width}
    matrix = np.stack(list(same.values())) if same else np.zeros((0, 0), dtype=np.float32)
    made = Vectors(key, {entry_id: row for row, entry_id in enumerate(same)}, cast(Matrix, matrix))
    site.caches[CACHE] = made
    return made


def _known_digests(connection: Connection, model: str) -> set[str]:
    query = sa.select(vector_table.c.digest).where(vector_table.c.model == model)
    return set(connection.execute(query).scalars())


def _living(shelf: Shelf) -> list[Entry]:
    index = shelf.index
    return [entry for entry, lives in zip(index.entries, index.alive, strict=True) if lives]


def _text_of(entry: Entry) -> str:
    return cut_to_tokens(f"{entry.question}\n{entry.answer}", MOST_TOKENS)


def _pack(vector: Sequence[float]) -> bytes:
    return _unit(np.asarray(vector, dtype=np.float32)).astype("<f4").tobytes()


def _unit(vector: Matrix) -> Matrix:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
