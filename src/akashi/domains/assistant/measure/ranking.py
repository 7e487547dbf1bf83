"""How well entries answer a question: BM25 per stream and field, fused by a z-scored sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from akashi.domains.assistant.measure.features import Stream
from akashi.domains.assistant.measure.postings import STREAMS, Block, Floats

QUESTION, ANSWER, JOINT = range(3)
FIELDS = (QUESTION, ANSWER, JOINT)


_FIELDS = MappingProxyType(
    {
        Stream.WORD: (0.5, 0.7, 1.0),
        Stream.SYNONYM: (0.1, 0.2, 0.3),
        Stream.EVERYDAY: (0.8, 1.2, 2.0),
        Stream.GRAM: (0.6, 0.9, 1.4),
    }
)


@dataclass(frozen=True, slots=True)
class Weighting:
    """The knobs of the ranking; docs/retrieval.md says where each default comes from.

    ``fields`` weighs the z-scores of question, answer and joint field per stream; ``k1``, ``b`` and
    ``idf_power`` are BM25's saturation, length correction and an exponent on the inverse document
    frequency; ``postings`` bounds the list entries that a stream reads for a question,
    rarest terms first.
    """

    fields: Mapping[Stream, tuple[float, float, float]] = field(default_factory=lambda: _FIELDS)
    k1: float = 0.4
    b: float = 0.6
    idf_power: float = 1.2
    postings: int = 300_000


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Numbers of the whole collection: ``entries``, ``found`` of shape (3, terms) = how many
    entries hold a term in question, answer, either; ``lengths`` of shape (streams, 2) = sums."""

    entries: int
    found: NDArray[np.int64]
    lengths: Floats

    def rarity(self, terms: NDArray[np.int64], part: int, power: float = 1.0) -> Floats:
        """Return ``ln(1 + (N - n + 0.5) / (n + 0.5)) ** power`` for known terms (-1: unknown)."""
        inside = (terms >= 0) & (terms < self.found.shape[1])
        counts = np.where(inside, self.found[part, np.where(inside, terms, 0)], 0)
        return np.asarray(np.log1p((self.entries - counts + 0.5) / (counts + 0.5)) ** power)


def score_stream(
    blocks: Sequence[Block],
    statistics: Statistics,
    stream: Stream,
    terms: NDArray[np.int64],
    repeats: Floats,
    weighting: Weighting,
) -> Floats:
    """Return the BM25 scores, shape (3 fields, entries of all blocks), of a question's terms.

    ``terms`` are known term ids, ``repeats`` how often the question says each.
    Source: Robertson and Zaragoza 2009, equation 3.15 with the idf of Lucene (never negative).
    """
    order = np.argsort(statistics.found[JOINT, terms], kind="stable")
    read = np.cumsum(statistics.found[JOINT, terms][order])
    kept = order[: max(1, int(np.searchsorted(read, weighting.postings, side="right")))]
    kept.sort()
    terms, repeats = terms[kept], repeats[kept]
    gains = [repeats * statistics.rarity(terms, part, weighting.idf_power) for part in FIELDS]
    parts = [_score_block(block, statistics, stream, terms, gains, weighting) for block in blocks]
    return np.concatenate(parts, axis=1)


def _score_block(
    block: Block,
    statistics: Statistics,
    stream: Stream,
    terms: NDArray[np.int64],
    gains: Sequence[Floats],
    weighting: Weighting,
) -> Floats:
    scores = np.zeros((len(FIELDS), block.size))
    places = [block.places(int(term)) for term in terms]
    if not block.size or not any(place.stop > place.start for place in places):
        return scores
    rows = np.concatenate([block.rows[place] for place in places]).astype(np.intp)
    asked = np.concatenate([block.question[place] for place in places]).astype(np.float64)
    told = np.concatenate([block.answer[place] for place in places]).astype(np.float64)
    sizes = [place.stop - place.start for place in places]
    at = STREAMS.index(stream)
    lengths = (block.lengths[at, 0], block.lengths[at, 1], block.lengths[at].sum(axis=0))
    totals = statistics.lengths[at]
    averages = (totals[0], totals[1], totals.sum())
    k1, b = weighting.k1, weighting.b
    for part, counts in zip(FIELDS, (asked, told, asked + told), strict=True):
        if weighting.fields[stream][part] == 0 or averages[part] == 0:
            continue
        norm = k1 * (1 - b + b * lengths[part] * (statistics.entries / averages[part]))
        gain = np.repeat(gains[part], sizes)
        values = gain * counts * (k1 + 1) / (counts + norm[rows])
        scores[part] = np.bincount(rows, weights=values, minlength=block.size)
    return scores


def fuse_scores(
    scores: Mapping[Stream, Floats],
    shares: Mapping[Stream, float],
    alive: NDArray[np.bool_],
    weighting: Weighting,
) -> Floats:
    """Return the weighted sum of the z-scores of every stream and field, shape (entries,).

    Mean and deviation are taken over the living entries, those that score 0 included, so that a
    field in which few entries match strongly counts more than one in which all match a little.
    A field without any match adds nothing. ``shares`` says how much of the question a stream speaks
    for (0..1); without it one word that happens to have synonyms would outweigh all the others.
    """
    count = max(int(alive.sum()), 1)
    fused = np.zeros(len(alive))
    for stream, parts in scores.items():
        for part in FIELDS:
            weight = weighting.fields[stream][part] * shares[stream]
            values = np.where(alive, parts[part], 0.0)
            mean = values.sum() / count
            deviation = np.sqrt(max(values @ values / count - mean**2, 0.0))
            if weight and deviation > 1e-9:
                fused += weight * (values - mean) / deviation
    return fused
