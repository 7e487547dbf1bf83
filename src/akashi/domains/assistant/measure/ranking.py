"""How well entries answer a question: BM25 per stream and field, fused by a z-scored sum."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from akashi.domains.assistant.measure.features import Stream
from akashi.domains.assistant.measure.postings import (
    JOINT,
    PARTS,
    Block,
    Floats,
    Ints,
    Saturation,
    Scores,
    Statistics,
)

_NO_DEVIATION = 1e-6
_EQUAL = 1e-4
_SATURATION = Saturation(k1=0.4, b=0.6)


_FIELDS = MappingProxyType(
    {
        Stream.WORD: (0.5, 0.7, 1.0),
        Stream.SYNONYM: (0.1, 0.2, 0.3),
        Stream.EVERYDAY: (0.8, 1.2, 2.0),
        Stream.GRAM: (0.6, 1.0, 2.6),
        Stream.READING: (0.0, 0.0, 1.0),
    }
)


@dataclass(frozen=True, slots=True)
class Weighting:
    """The knobs of the ranking; docs/retrieval.md says where each default comes from.

    ``fields`` weighs the z-scores of question, answer and joint part per stream; ``saturation``
    holds BM25's constants, ``idf_power`` is an exponent on the inverse document frequency;
    ``postings`` bounds the list entries that a stream reads for a question, rarest terms first.
    """

    fields: Mapping[Stream, tuple[float, float, float]] = field(default_factory=lambda: _FIELDS)
    saturation: Saturation = _SATURATION
    idf_power: float = 1.2
    postings: int = 200_000


def score_stream(
    blocks: Sequence[Block],
    statistics: Statistics,
    stream: Stream,
    terms: Ints,
    repeats: Floats,
    weighting: Weighting,
) -> list[Scores]:
    """Return for each part the BM25 scores of all entries for the terms of one stream.

    ``terms`` are known term ids, ``repeats`` how often the question says each. Of a part that weighs
    nothing all scores are 0.
    """
    found = statistics.found[JOINT, terms]
    order = np.argsort(found, kind="stable")
    affordable = int(np.searchsorted(np.cumsum(found[order]), weighting.postings, side="right"))
    kept = np.sort(order[: max(1, affordable)])
    terms, repeats = terms[kept], repeats[kept]
    scores = []
    for part in PARTS:
        if not weighting.fields[stream][part]:
            scores.append(np.zeros(sum(block.size for block in blocks), dtype=np.float32))
            continue
        gains = repeats * statistics.rarity(terms, part) ** weighting.idf_power
        found_in = [block.score(part, terms, gains) for block in blocks]
        scores.append(found_in[0] if len(found_in) == 1 else np.concatenate(found_in))
    return scores


def fuse_scores(
    scores: Mapping[Stream, Sequence[Scores]],
    shares: Mapping[Stream, float],
    count: int,
    weighting: Weighting,
) -> tuple[Scores, float]:
    """Return the weighted sum of the scores in units of their deviation, and its mean.

    The difference of the two is the weighted sum of z-scores over ``count`` entries; an entry that
    matches nothing has a sum of exactly 0. Entries that score 0 take part in mean and deviation, so
    that a part in which few entries match strongly counts more than one in which all match a
    little. ``shares`` says how much of the question a stream speaks for (0..1); without it one word
    that happens to have synonyms would outweigh all the others.
    """
    fused = np.zeros_like(next(iter(scores.values()))[0])
    mean = 0.0
    for stream, parts in scores.items():
        for part, values in zip(PARTS, parts, strict=True):
            weight = weighting.fields[stream][part] * shares[stream]
            if not weight:
                continue
            average = float(values.sum()) / count
            deviation = math.sqrt(max(float(values @ values) / count - average**2, 0.0))
            if deviation > _NO_DEVIATION:
                fused += np.float32(weight / deviation) * values
                mean += weight / deviation * average
    return fused, mean


def measure_accord(
    scores: Mapping[Stream, Sequence[Scores]],
    shares: Mapping[Stream, float],
    rows: Sequence[int],
    weighting: Weighting,
) -> Floats:
    """Return for each of ``rows`` the share of the streams and parts, by weight, that put no entry above it.

    What several ways of reading a question agree on is more often right than what one of them found.
    """
    whole, led = 0.0, np.zeros(len(rows))
    for stream, parts in scores.items():
        for part, values in zip(PARTS, parts, strict=True):
            weight = weighting.fields[stream][part] * shares[stream]
            best = float(values.max(initial=0.0)) if weight else 0.0
            if best > 0:
                whole += weight
                led += weight * (values[rows] >= best - _EQUAL)
    return led / whole if whole else led
