"""Fit the ranker on the dev queries of two collections, judge it, and print data/ranker.toml.

`python -m benchmarks.fit_ranker > ranker.toml`

The sample bank and the city office of `data/city_faq`. Tried are a coarse grid of `coverage`, `breadth` and
`agreement` beside `relative`, and the fit of `akashi assistant train` to labelled queries alone and with the
corpora's own pairs, judged by leaving whole topics out. The present weights stay unless another choice is
better beyond chance over all (one-sided 95 %) and worse on neither. Nothing of the split `test` is read.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from akashi.domains.assistant.measure.index import Entry, build_index
from akashi.domains.assistant.measure.ranker import Ranker, shipped_ranker
from akashi.domains.assistant.measure.tuning import (
    SURE,
    Example,
    fit_ranker,
    pair_questions,
    rate_order,
    read_examples,
)
from akashi.domains.assistant.measure.tuning import Labelled as Pair
from benchmarks.fit_confidence import read_city
from benchmarks.sample_queries import Labelled, read_sample

GRID = tuple(step / 5 for step in range(9))
PLAIN = Ranker({"relative": 1.0})
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Collected:
    """The dev side of a collection: an example and a topic for each query, and examples of its own pairs."""

    name: str
    examples: list[Example]
    topics: list[str]
    own: list[Example]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a choice gains in nDCG@10 over the present weights: by collection, over all, standard error."""

    each: tuple[float, ...]
    mean: float
    error: float

    @property
    def is_better(self) -> bool:
        """Return whether it is beyond chance over all, and a loss to no collection."""
        return self.mean > SURE * self.error and min(self.each) >= 0

    def __str__(self) -> str:
        each = " ".join(f"{one:+.4f}" for one in self.each)
        return f"{self.mean:+.4f} (standard error {self.error:.4f}; {each})"


def collect_examples(name: str, entries: Sequence[Entry], queries: Sequence[Labelled]) -> Collected:
    """Return what the fit needs of a collection."""
    index = build_index(entries)
    dev = [one for one in queries if one.split == "dev" and one.judged]
    asked = [Pair(one.text, frozenset(one.judged)) for one in dev]
    without, own = pair_questions(index)
    topics = [f"{name} {one.topic}" for one in dev]
    return Collected(name, read_examples(index, asked, PLAIN), topics, read_examples(without, own, PLAIN))


def rate_examples(examples: Sequence[Example], ranker: Ranker) -> Floats:
    """Return nDCG@10 of each example."""
    return np.array([rate_order(one, ranker) for one in examples])


def measure_gain(gains: Sequence[Floats]) -> Gain:
    """Return the gain over all queries, given that of each query by collection."""
    every = np.concatenate(gains)
    error = float(every.std(ddof=1)) / math.sqrt(len(every))
    return Gain(tuple(float(one.mean()) for one in gains), float(every.mean()), error)


def try_grid(collected: Sequence[Collected]) -> list[tuple[float, Ranker]]:
    """Return mean nDCG@10 over all queries of every ranker of the grid, best first."""
    every = [example for one in collected for example in one.examples]
    tried = []
    for coverage, breadth, agreement in itertools.product(GRID, GRID, GRID):
        weights = {"relative": 1.0, "coverage": coverage, "breadth": breadth, "agreement": agreement}
        ranker = Ranker(weights)
        tried.append((float(rate_examples(every, ranker).mean()), ranker))
    return sorted(tried, key=lambda one: -one[0])


def judge_fit(collected: Sequence[Collected], begun: Ranker, with_pairs: bool) -> Gain:
    """Return the gain of a fit over ``begun`` on topics left out."""
    pairs = [
        (example, topic) for one in collected for example, topic in zip(one.examples, one.topics, strict=True)
    ]
    more = [example for one in collected for example in one.own] if with_pairs else []
    folds = {topic: place % 12 for place, topic in enumerate(sorted({topic for _, topic in pairs}))}
    fitted = [fit_ranker([one for one, of in pairs if folds[of] != fold] + more, begun) for fold in range(12)]
    gains = [
        np.array(
            [
                rate_order(example, fitted[folds[topic]]) - rate_order(example, begun)
                for example, topic in zip(one.examples, one.topics, strict=True)
            ]
        )
        for one in collected
    ]
    return measure_gain(gains)


def choose_ranker(collected: Sequence[Collected], begun: Ranker) -> Ranker:
    """Return the present weights, or better ones; what was tried is told on standard error."""
    grid = try_grid(collected)
    for value, ranker in grid[:5]:
        print(f"{value:.4f} {dict(ranker.weights)}", file=sys.stderr)
    gains = [
        rate_examples(one.examples, grid[0][1]) - rate_examples(one.examples, begun) for one in collected
    ]
    gain = measure_gain(gains)
    print(f"gain of the grid's best: {gain}", file=sys.stderr)
    chosen = grid[0][1] if gain.is_better else begun
    every = [example for one in collected for example in one.examples]
    own = [example for one in collected for example in one.own]
    for name, more in (("labelled", []), (f"labelled and {len(own)} own pairs", own)):
        gain = judge_fit(collected, begun, bool(more))
        print(f"fit to {name}, topics left out: {gain}", file=sys.stderr)
        if gain.is_better:
            chosen = fit_ranker(every + more, begun)
    return chosen


def main() -> int:
    """Fit, judge and print; returns the exit code."""
    collected = [collect_examples("bank", *read_sample()), collect_examples("city", *read_city())]
    begun = shipped_ranker()
    for one in collected:
        plain, present = (rate_examples(one.examples, ranker) for ranker in (PLAIN, begun))
        error = float(plain.std(ddof=1)) / math.sqrt(len(plain))
        print(
            f"{one.name}: fused streams alone {plain.mean():.4f} (standard error {error:.4f})",
            file=sys.stderr,
        )
        print(f"{one.name}: {present.mean():.4f} {dict(begun.weights)}, the present ones", file=sys.stderr)
    chosen = choose_ranker(collected, begun)
    told = "nothing tried there is better beyond chance" if chosen == begun else "better beyond chance there"
    counts = " and ".join(f"{len(one.examples)} of the {one.name}" for one in collected)
    print("# Judged by `python -m benchmarks.fit_ranker` on labelled queries, split dev:")
    print(f"# {counts}; {told}.")
    print("[weights]")
    for name, weight in chosen.weights.items():
        print(f"{name} = {weight}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
