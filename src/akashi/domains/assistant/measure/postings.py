"""Counted terms of entries: by entry (`Features`), and weighed by term for search (`Block`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse._sparsetools import csc_matvec

from akashi.domains.assistant.measure.features import Stream, Terms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Scores = NDArray[np.float32]
_Number = TypeVar("_Number", np.int32, np.uint8)
STREAMS = tuple(Stream)
# The parts of an entry that are scored: each field, and both as one text.
QUESTION, ANSWER, JOINT = range(3)
PARTS = (QUESTION, ANSWER, JOINT)
# More often a term is not counted.
_MOST = 255


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The terms of one entry, in rising order of term id.

    ``question`` and ``answer`` count each term in the two fields (at most 255), ``streams`` is the
    number of its stream; ``lengths`` has shape (streams, 3): terms per part.
    """

    terms: NDArray[np.int32]
    question: NDArray[np.uint8]
    answer: NDArray[np.uint8]
    streams: NDArray[np.uint8]
    lengths: Floats


@dataclass(frozen=True, slots=True)
class Saturation:
    """BM25's constants: how soon a repeated term stops counting, how much length is punished."""

    k1: float
    b: float


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Inverted lists over a run of entries, ready for search.

    ``weights[part]`` has shape (terms, entries): what BM25 gives a term for its count in an entry,
    without the rarity of the term. ``averages``, shape (streams, 3), are the mean lengths used.
    """

    size: int
    weights: tuple[csr_matrix, ...]
    averages: Floats

    def score(self, part: int, terms: Ints, gains: Floats) -> Scores:
        """Return for each entry the sum of the ``gains`` of ``terms`` times their weights.

        The same kernel as ``weights[terms].T @ gains``, on each term's list where it lies: copying the lists
        out of the matrix first takes longer than adding them up.
        """
        weights = self.weights[part]
        inside = terms < weights.shape[0]
        firsts, lasts = weights.indptr[terms[inside]].tolist(), weights.indptr[terms[inside] + 1].tolist()
        shares = gains[inside].astype(np.float32)
        scores = np.zeros(self.size, dtype=np.float32)
        ends = np.zeros(2, dtype=weights.indices.dtype)
        for place, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
            ends[1] = last - first
            rows, values = weights.indices[first:last], weights.data[first:last]
            csc_matvec(self.size, 1, ends, rows, values, shares[place : place + 1], scores)
        return scores


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Numbers of the whole collection.

    ``entries`` counts them, ``found``, shape (3 parts, terms), says in how many a term stands,
    ``lengths``, shape (streams, 3), sums the terms per part.
    """

    entries: int
    found: NDArray[np.int32]
    lengths: Floats

    def rarity(self, terms: Ints, part: int) -> Floats:
        """Return ``ln(1 + (N - n + 0.5) / (n + 0.5))`` of terms; an unknown one (-1) has n = 0."""
        known = (terms >= 0) & (terms < self.found.shape[1])
        counts = np.zeros(len(terms), dtype=np.int32)
        counts[known] = self.found[part, terms[known]]
        return np.asarray(np.log1p((self.entries - counts + 0.5) / (counts + 0.5)))

    def averages(self) -> Floats:
        """Return the mean lengths in steps of a quarter octave, shape (streams, 3).

        The steps keep the weights of old entries valid while a few new ones come in.
        """
        means = self.lengths / max(self.entries, 1)
        steps = np.round(4 * np.log2(np.maximum(means, 1e-6)))
        return np.where(means > 0, 2 ** (steps / 4), 1.0)

    def changed(self, removed: Iterable[Features], added: Iterable[Features], terms: int) -> Statistics:
        """Return the statistics without ``removed`` and with ``added``, over ``terms`` terms."""
        found = np.pad(self.found, ((0, 0), (0, terms - self.found.shape[1])))
        lengths, entries = self.lengths.copy(), self.entries
        for sign, changes in ((-1, removed), (1, added)):
            for one in changes:
                asked, told = one.question > 0, one.answer > 0
                found[QUESTION, one.terms[asked]] += sign
                found[ANSWER, one.terms[told]] += sign
                found[JOINT, one.terms] += sign
                lengths += sign * one.lengths
                entries += sign
        return Statistics(entries, found, lengths)


NOTHING = Statistics(0, np.zeros((3, 0), dtype=np.int32), np.zeros((len(STREAMS), 3)))


def is_among(terms: NDArray[np.integer], held: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return for each of ``terms`` whether it stands in ``held``, which rises.

    >>> is_among(np.array([1, 4, 9]), np.array([0, 4])).tolist()
    [False, True, False]
    """
    if not len(held):
        return np.zeros(len(terms), dtype=bool)
    places = np.minimum(np.searchsorted(held, terms), len(held) - 1)
    return np.asarray(held[places] == terms)


def encode_features(question: Terms, answer: Terms, vocabulary: dict[str, int]) -> Features:
    """Return the counted terms of an entry; new terms are added to ``vocabulary``."""
    listed: list[str] = []
    asked_counts: list[int] = []
    told_counts: list[int] = []
    sizes = []
    lengths = np.zeros((len(STREAMS), 3))
    for at, stream in enumerate(STREAMS):
        asked, told = question.counts[stream], answer.counts[stream]
        totals = sum(asked.values()), sum(told.values())
        lengths[at] = *totals, totals[0] + totals[1]
        both = list(told if not asked else dict.fromkeys([*asked, *told]))
        listed += both
        asked_counts += [asked.get(term, 0) for term in both] if asked else [0] * len(both)
        told_counts += [told.get(term, 0) for term in both]
        sizes.append(len(both))
    terms = np.array([vocabulary.setdefault(term, len(vocabulary)) for term in listed], dtype=np.int32)
    order = np.argsort(terms)
    streams = np.repeat(np.arange(len(STREAMS), dtype=np.uint8), sizes)
    return Features(
        terms[order], _counted(asked_counts)[order], _counted(told_counts)[order], streams[order], lengths
    )


def _counted(counts: Sequence[int]) -> NDArray[np.uint8]:
    return np.minimum(np.array(counts, dtype=np.int64), _MOST).astype(np.uint8)


def build_block(
    entries: Sequence[Features],
    vocabulary: Mapping[str, int],
    averages: Floats,
    saturation: Saturation,
) -> Block:
    """Return the inverted lists of ``entries``, in their order.

    Source: Robertson and Zaragoza 2009, equation 3.15.
    """
    terms = _joined([entry.terms for entry in entries], np.int32)
    order = np.argsort(terms, kind="stable")
    terms = terms[order]
    sizes = [len(entry.terms) for entry in entries]
    rows = np.repeat(np.arange(len(entries), dtype=np.int32), sizes)[order]
    streams = _joined([entry.streams for entry in entries], np.uint8)[order]
    asked = _joined([entry.question for entry in entries], np.uint8)[order].astype(np.float32)
    told = _joined([entry.answer for entry in entries], np.uint8)[order].astype(np.float32)
    lengths = np.array([entry.lengths for entry in entries]).reshape(-1, len(STREAMS), 3)
    relative = (lengths / averages).astype(np.float32)
    k1, b = np.float32(saturation.k1), np.float32(saturation.b)
    weights = []
    for part, counts in zip(PARTS, (asked, told, asked + told), strict=True):
        held = np.flatnonzero(counts)
        norm = k1 * (1 - b + b * relative[rows[held], streams[held], part])
        values = counts[held] * (k1 + 1) / (counts[held] + norm)
        first = np.searchsorted(terms[held], np.arange(len(vocabulary) + 1))
        shape = (len(vocabulary), len(entries))
        weights.append(csr_matrix((values, rows[held], first), shape=shape, copy=False))
    return Block(len(entries), tuple(weights), averages)


def _joined(arrays: Sequence[NDArray[_Number]], kind: type[_Number]) -> NDArray[_Number]:
    return np.concatenate([np.zeros(0, dtype=kind), *arrays])


def count_statistics(features: Sequence[Features], terms: int) -> Statistics:
    """Return the statistics of entries, over ``terms`` terms."""
    numbers = _joined([one.terms for one in features], np.int32)
    asked = _joined([one.question for one in features], np.uint8) > 0
    told = _joined([one.answer for one in features], np.uint8) > 0
    found = [np.bincount(numbers[inside], minlength=terms) for inside in (asked, told, asked | told)]
    lengths = np.sum([one.lengths for one in features], axis=0) if features else NOTHING.lengths
    return Statistics(len(features), np.array(found, dtype=np.int32), lengths)
