"""Fit the ranker on the sample's dev queries, say whether that is better, and print data/ranker.toml.

`python -m benchmarks.fit_ranker > ranker.toml`

Tried are a coarse grid of `coverage` and `agreement` beside `relative`, and the fit of `akashi assistant
train` to labelled queries alone and with the corpus' own pairs, judged by leaving whole topics out. The
present weights stay unless another choice is better beyond chance (one-sided 95 %). Nothing of the split
`test` is read.
"""

from __future__ import annotations

import itertools
import math
import sys

import numpy as np

from akashi.domains.assistant.measure.index import build_index
from akashi.domains.assistant.measure.ranker import Ranker, shipped_ranker
from akashi.domains.assistant.measure.tuning import (
    SURE,
    Example,
    Labelled,
    fit_ranker,
    pair_questions,
    rate_order,
    read_examples,
)
from benchmarks.sample_queries import read_sample

GRID = tuple(step / 5 for step in range(11))
PLAIN = Ranker({"relative": 1.0})


def try_grid(examples: list[Example]) -> list[tuple[float, Ranker]]:
    """Return mean nDCG@10 of every ranker of the grid, best first."""
    tried = []
    for coverage, agreement in itertools.product(GRID, GRID):
        ranker = Ranker({"relative": 1.0, "coverage": coverage, "agreement": agreement})
        tried.append((float(np.mean([rate_order(one, ranker) for one in examples])), ranker))
    return sorted(tried, key=lambda one: -one[0])


def judge_fit(
    examples: list[Example], topics: list[str], more: list[Example], begun: Ranker
) -> tuple[float, float]:
    """Return mean gain of a fit over ``begun`` on topics left out, and its standard error."""
    gains = []
    for topic in sorted(set(topics)):
        pairs = list(zip(examples, topics, strict=True))
        fitted = fit_ranker([one for one, of in pairs if of != topic] + more, begun)
        gains += [rate_order(one, fitted) - rate_order(one, begun) for one, of in pairs if of == topic]
    return float(np.mean(gains)), float(np.std(gains, ddof=1)) / math.sqrt(len(gains))


def main() -> int:
    """Fit, judge and print; returns the exit code."""
    entries, queries = read_sample()
    index = build_index(entries)
    dev = [one for one in queries if one.split == "dev" and one.judged]
    asked = [Labelled(one.text, frozenset(one.judged)) for one in dev]
    examples, topics = read_examples(index, asked, PLAIN), [one.topic for one in dev]
    values = [rate_order(one, PLAIN) for one in examples]
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    print(f"fused streams alone: {np.mean(values):.4f} (standard error {error:.4f})", file=sys.stderr)
    grid = try_grid(examples)
    for value, ranker in grid[:5]:
        print(f"{value:.4f} {dict(ranker.weights)}", file=sys.stderr)
    begun = shipped_ranker()
    present = np.array([rate_order(one, begun) for one in examples])
    best = np.array([rate_order(one, grid[0][1]) for one in examples])
    print(f"{present.mean():.4f} {dict(begun.weights)}, the present ones", file=sys.stderr)
    gain, spread = float((best - present).mean()), float((best - present).std(ddof=1)) / math.sqrt(len(best))
    print(f"gain of the grid's best: {gain:+.4f} (standard error {spread:.4f})", file=sys.stderr)
    chosen = grid[0][1] if gain > SURE * spread else begun
    without, own = pair_questions(index)
    pairs = read_examples(without, own, PLAIN)
    for name, more in (("labelled", []), (f"labelled and {len(pairs)} own pairs", pairs)):
        gain, spread = judge_fit(examples, topics, more, begun)
        print(f"fit to {name}, topics left out: {gain:+.4f} (standard error {spread:.4f})", file=sys.stderr)
        if gain > SURE * spread:
            chosen = fit_ranker(examples + more, begun)
    print(f"# Judged by `python -m benchmarks.fit_ranker` on {len(examples)} labelled queries, split dev:")
    print("# nothing tried there is better beyond chance.")
    print("[weights]")
    for name, weight in chosen.weights.items():
        print(f"{name} = {weight}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
