"""What an institution's labelled questions say: how right the first answers are, and how to order them.

Pure: questions with their labels come in, a threshold or a small ranker and what it was measured at come out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import beta

from akashi.domains.assistant.measure.bearing import leave_circumstances
from akashi.domains.assistant.measure.confidence import NEAR, Calibration, confidence
from akashi.domains.assistant.measure.index import Index, build_index
from akashi.domains.assistant.measure.ranker import DEPTH, SIGNALS, Ranker

FOLDS = 5
SHOWN = 10
STEEPNESS = 10.0
"""Signals differ by tenths; the softmax of the fit sees them so many times larger. Chosen on dev."""
RIDGE = 1.0
"""How strongly a fit is drawn to the ranker it began with. Chosen on dev."""
HIGHEST = 3.0
"""No weight may be larger, and none below 0: bad labels cannot turn the order upside down. Ours."""
SURE = 1.645
"""A ranker is better when the mean gain exceeds so many standard errors (one-sided 95 %)."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question and the entries that answer it; none where only a person may answer."""

    text: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold would do: the share answered, how much of that is right, and at least how much.

    ``least`` is the one-sided 95 % Clopper-Pearson lower bound of ``precision``.
    """

    threshold: float
    answered: int
    share: float
    precision: float
    least: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold for a target precision. ``left_out`` is the precision of questions that a threshold chosen
    without them would answer, None where it would answer none; ``curve`` has the points of the curve."""

    point: Point
    left_out: float | None
    curve: tuple[Point, ...]
    questions: int


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of what was found for a question, shape (candidates, signals), and what is right."""

    signals: Floats
    right: NDArray[np.bool_]
    wanted: int


@dataclass(frozen=True, slots=True)
class Trained:
    """A ranker fitted to labels, and nDCG@10 of the labelled questions in folds that it was not fitted on."""

    ranker: Ranker
    before: float
    after: float
    error: float
    questions: int
    pairs: int

    @property
    def is_better(self) -> bool:
        """Return whether the gain is more than chance."""
        return self.after - self.before > SURE * self.error


def judge_first(
    index: Index, asked: Sequence[Labelled], calibration: Calibration
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return for each question how sure the first answer is, and whether it is right."""
    values, right = [], []
    for one in asked:
        read = leave_circumstances(index, one.text)
        hits = index.search(read, NEAR)
        values.append(confidence(read, hits, calibration).value)
        right.append(bool(hits) and hits[0].entry_id in one.right)
    return np.array(values), np.array(right, dtype=bool)


def choose_threshold(values: Floats, right: NDArray[np.bool_], precision: float) -> float:
    """Return the lowest confidence from which on at least ``precision`` of the answers are right.

    >>> choose_threshold(np.array([0.9, 0.8, 0.2]), np.array([True, True, False]), 0.9)
    0.8
    """
    order = np.argsort(-values, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last = np.append(values[order][:-1] != values[order][1:], True)
    enough = np.flatnonzero((shares >= precision) & last)
    return float(values[order][enough[-1]]) if len(enough) else 1.0


def measure_threshold(values: Floats, right: NDArray[np.bool_], threshold: float) -> Point:
    """Return what ``threshold`` does to these questions; of nothing answered the precision is 1.

    >>> measure_threshold(np.array([0.9, 0.8, 0.2]), np.array([True, False, True]), 0.5).precision
    0.5
    """
    shown = values >= threshold
    answered, hit = int(shown.sum()), int((shown & right).sum())
    precision = hit / answered if answered else 1.0
    least = float(beta.ppf(0.05, hit, answered - hit + 1)) if hit else 0.0
    return Point(threshold, answered, answered / max(len(values), 1), precision, least)


def calibrate_threshold(values: Floats, right: NDArray[np.bool_], precision: float) -> Threshold:
    """Return the threshold for a target precision, the curve, and how a threshold did on questions left out.

    Questions are left out in `FOLDS` folds, by their order.
    """
    chosen = math.floor(choose_threshold(values, right, precision) * 1000) / 1000
    if measure_threshold(values, right, chosen).precision < precision:
        chosen = min(chosen + 0.001, 1.0)
    folds = np.arange(len(values)) % FOLDS
    answered = hit = 0
    for fold in range(FOLDS):
        inside = folds == fold
        limit = choose_threshold(values[~inside], right[~inside], precision)
        shown = inside & (values >= limit)
        answered, hit = answered + int(shown.sum()), hit + int((shown & right).sum())
    curve = tuple(
        measure_threshold(values, right, float(limit))
        for limit in np.unique(np.quantile(values, np.linspace(0.95, 0.0, 20)))[::-1]
    )
    left_out = hit / answered if answered else None
    return Threshold(measure_threshold(values, right, chosen), left_out, curve, len(values))


def read_examples(index: Index, asked: Iterable[Labelled], ranker: Ranker) -> list[Example]:
    """Return what the index finds for each question that has an answer."""
    examples = []
    for one in asked:
        if not one.right:
            continue
        hits = index.search(leave_circumstances(index, one.text), DEPTH, ranker)
        signals = np.array([[getattr(hit, name) for name in SIGNALS] for hit in hits], dtype=np.float64)
        right = np.array([hit.entry_id in one.right for hit in hits], dtype=bool)
        examples.append(Example(signals.reshape(len(hits), len(SIGNALS)), right, len(one.right)))
    return examples


def pair_questions(index: Index) -> tuple[Index, list[Labelled]]:
    """Return the corpus' own pairs as questions: every second entry's question, taken out of the index.

    Such an entry must be found by its answer alone, as when a customer uses none of the bank's words for it.
    """
    entries = [entry for entry, lives in zip(index.entries, index.alive, strict=True) if lives]
    hidden = {entry.id for at, entry in enumerate(entries) if at % 2 and entry.question and entry.answer}
    blank = [replace(entry, question="") if entry.id in hidden else entry for entry in entries]
    asked = [Labelled(one.question, frozenset([one.id])) for one in entries if one.id in hidden]
    return build_index(blank, index), asked


def train_ranker(
    index: Index, asked: Sequence[Labelled], begun: Ranker, use_pairs: bool, most_pairs: int = 1000
) -> Trained:
    """Return a ranker fitted to labelled questions (and the corpus' own pairs), judged in folds."""
    examples = read_examples(index, asked, begun)
    pairs: list[Example] = []
    if use_pairs:
        without, own = pair_questions(index)
        step = max(1, math.ceil(len(own) / most_pairs))
        pairs = read_examples(without, own[::step], begun)
    before = np.array([rate_order(one, begun) for one in examples])
    after = np.zeros(len(examples))
    for fold in range(FOLDS):
        inside = [at for at in range(len(examples)) if at % FOLDS == fold]
        fitted = fit_ranker([one for at, one in enumerate(examples) if at % FOLDS != fold] + pairs, begun)
        after[inside] = [rate_order(examples[at], fitted) for at in inside]
    gain = after - before
    error = float(gain.std(ddof=1)) / math.sqrt(len(gain)) if len(gain) > 1 else math.inf
    ranker = fit_ranker(examples + pairs, begun)
    means = [float(one.mean()) if len(one) else 0.0 for one in (before, after)]
    return Trained(ranker, means[0], means[1], error, len(examples), len(pairs))


def fit_ranker(examples: Sequence[Example], begun: Ranker) -> Ranker:
    """Return the ranker whose softmax over the candidates best says which are right, drawn to ``begun``.

    Source: Cao et al. 2007, ListNet with top-one probabilities; ridge and bounds are ours. The weights
    add up to what those of ``begun`` do, so that scores stay comparable.
    """
    first = np.array([begun.weights.get(name, 0.0) for name in SIGNALS]) * STEEPNESS
    learnt = [one for one in examples if one.right.any()]

    def loss(weights: Floats) -> tuple[float, Floats]:
        off = weights - first
        value, slope = RIDGE / 2 * float(off @ off), RIDGE * off
        for one in learnt:
            line = one.signals @ weights
            chance = np.exp(line - line.max())
            chance /= chance.sum()
            target = one.right / one.right.sum()
            value -= float(target @ np.log(np.maximum(chance, 1e-300)))
            slope = slope - one.signals.T @ (target - chance)
        return value, slope

    bounds = [(0.0, HIGHEST * STEEPNESS)] * len(SIGNALS)
    found = np.asarray(minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds).x)
    scaled = found * (first.sum() / STEEPNESS) / max(float(found.sum()), 1e-9)
    return Ranker({name: round(float(weight), 3) for name, weight in zip(SIGNALS, scaled, strict=True)})


def rate_order(example: Example, ranker: Ranker) -> float:
    """Return the nDCG@10 that ``ranker`` gives an example.

    >>> signals = np.zeros((2, len(SIGNALS))); signals[1] = 1
    >>> rate_order(Example(signals, np.array([False, True]), 1), Ranker({"coverage": 1.0}))
    1.0
    """
    weights = np.array([ranker.weights.get(name, 0.0) for name in SIGNALS])
    order = np.argsort(-(example.signals @ weights), kind="stable")[:SHOWN]
    gains = example.right[order] / np.log2(np.arange(len(order)) + 2)
    ideal = (1 / np.log2(np.arange(min(example.wanted, SHOWN)) + 2)).sum()
    return float(gains.sum() / ideal)


def weights_of(settings: Mapping[str, object]) -> dict[str, float]:
    """Return the weights among ``settings`` that a ranker may have; unknown names are left out."""
    return {name: min(max(float(str(settings[name])), 0.0), HIGHEST) for name in SIGNALS if name in settings}
