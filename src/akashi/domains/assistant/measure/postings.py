"""Counted terms of entries as NumPy arrays: by entry (`Features`) and by term (`Block`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from akashi.domains.assistant.measure.features import Stream, Terms

Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
STREAMS = tuple(Stream)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The terms of one entry, in rising order of term id.

    ``question`` and ``answer`` count each term in the two fields (at most 255); ``lengths`` has
    shape (streams, 2): terms per field.
    """

    terms: Ints
    question: Bytes
    answer: Bytes
    lengths: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Inverted lists over a run of entries.

    ``first[t]:first[t + 1]`` are the places of term ``t`` in ``rows`` (numbers of entries in this
    block), ``question`` and ``answer``; ``lengths`` has shape (streams, 2, entries).
    """

    size: int
    first: NDArray[np.int64]
    rows: Ints
    question: Bytes
    answer: Bytes
    lengths: Floats

    def places(self, term: int) -> slice:
        """Return where the list of ``term`` stands; empty for a term younger than the block."""
        if term + 1 >= len(self.first):
            return slice(0, 0)
        return slice(int(self.first[term]), int(self.first[term + 1]))


def encode_features(question: Terms, answer: Terms, vocabulary: dict[str, int]) -> Features:
    """Return the counted terms of an entry; new terms are added to ``vocabulary``."""
    counted: dict[int, tuple[int, int]] = {}
    lengths = np.zeros((len(STREAMS), 2))
    for at, stream in enumerate(STREAMS):
        asked, told = question.counts[stream], answer.counts[stream]
        lengths[at] = asked.total(), told.total()
        for term in asked.keys() | told.keys():
            number = vocabulary.setdefault(term, len(vocabulary))
            counted[number] = (min(asked[term], 255), min(told[term], 255))
    terms = sorted(counted)
    pairs = np.array([counted[term] for term in terms], dtype=np.uint8).reshape(-1, 2)
    return Features(
        np.array(terms, dtype=np.int32),
        np.ascontiguousarray(pairs[:, 0]),
        np.ascontiguousarray(pairs[:, 1]),
        lengths,
    )


def build_block(entries: Sequence[Features], vocabulary: Mapping[str, int]) -> Block:
    """Return the inverted lists of ``entries``, rows in their order."""
    if not entries:
        nothing = np.zeros(0, dtype=np.uint8)
        first = np.zeros(len(vocabulary) + 1, dtype=np.int64)
        return Block(0, first, nothing.astype(np.int32), nothing, nothing, np.zeros((len(STREAMS), 2, 0)))
    terms = np.concatenate([entry.terms for entry in entries])
    order = np.argsort(terms, kind="stable")
    rows = np.repeat(np.arange(len(entries), dtype=np.int32), [len(entry.terms) for entry in entries])
    first = np.zeros(len(vocabulary) + 1, dtype=np.int64)
    np.cumsum(np.bincount(terms, minlength=len(vocabulary)), out=first[1:])
    return Block(
        len(entries),
        first,
        rows[order],
        np.concatenate([entry.question for entry in entries])[order],
        np.concatenate([entry.answer for entry in entries])[order],
        np.stack([entry.lengths for entry in entries], axis=-1),
    )
