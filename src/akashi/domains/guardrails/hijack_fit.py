"""Fit the hijack model: logistic regression on windows, of each attack the one most like an attack."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from akashi.core.spans import Interval
from akashi.domains.guardrails.hijack import screen_hijack
from akashi.domains.guardrails.hijack_features import (
    BUCKETS,
    concept_matrix,
    concept_pairs,
    cut_windows,
    dimensions,
    find_concepts,
    read_grams,
    shipped_concepts,
)
from akashi.domains.guardrails.hijack_kinds import TextKind, kind_of, veil_quotations
from akashi.domains.guardrails.hijack_model import HijackModel
from akashi.language.layers import Layer, unfold

_CONCEPT_SCALE, _PAIR_SCALE = 0.15, 0.07
"""How freely concepts and their pairs are learnt beside n-grams: chosen on authors left out."""
ROUNDS = 3
_STEPS = (25, 30, 60)
"""Most steps of the optimiser in each round; stopping early generalised better to authors left out."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its label (true is an attack) and how much it counts."""

    text: str
    is_attack: bool
    weight: float = 1.0


def window_features(text: str) -> tuple[list[Interval], csr_matrix]:
    """Return the windows of a normalised text and their features, shape (windows, dimensions)."""
    windows = cut_windows(text)
    grams = read_grams(text)
    held = concept_matrix(find_concepts(text), windows)
    first, second = (np.array(side) for side in zip(*concept_pairs(), strict=True))
    count = len(shipped_concepts())
    rows, columns, values = [], [], []
    order = np.argsort(grams.starts, kind="stable")
    starts, ends, all_buckets = grams.starts[order], grams.ends[order], grams.buckets[order]
    for row, window in enumerate(windows):
        part = slice(*np.searchsorted(starts, (window.start, window.end)))
        found = all_buckets[part][ends[part] <= window.end]
        buckets, times = np.unique(found, return_counts=True)
        scaled = times / np.sqrt(max(1, len(found)))
        concepts = np.flatnonzero(held[row]) + BUCKETS
        pairs = np.flatnonzero(held[row, first] & held[row, second]) + BUCKETS + count
        extra = np.concatenate([concepts, pairs])
        columns.append(np.concatenate([buckets, extra]))
        values.append(np.concatenate([scaled, np.ones(len(extra))]))
        rows.append(np.full(len(buckets) + len(extra), row))
    shape = (len(windows), dimensions())
    if not windows:
        return windows, csr_matrix(shape)
    data = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return windows, csr_matrix(data, shape=shape)


Prepared = tuple[Example, csr_matrix]
"""An example with the features of its windows."""


def prepare(examples: Iterable[Example]) -> list[Prepared]:
    """Return the examples that hold a window, with their features: once for several fits.

    The windows of all layers count, as in use: what makes an encoded attack one is what it says. What a
    harmless paper quotes is not read, as in use, so that an attack is nowhere learnt to be harmless.
    """
    pairs = ((example, _layer_features(example)) for example in examples)
    return [(example, rows) for example, rows in pairs if rows.shape[0]]


def _layer_features(example: Example) -> csr_matrix:
    layers = [
        window_features(layer.text if example.is_attack else _as_read(layer))[1]
        for layer in unfold(example.text)
    ]
    return layers[0] if len(layers) == 1 else vstack(layers).tocsr()


def _as_read(layer: Layer) -> str:
    is_reported = not layer.is_decoded and kind_of(layer.text) is TextKind.PAPER
    return veil_quotations(layer.text) if is_reported else layer.text


def fit_model(
    examples: Sequence[Example], penalty: float = 0.3, start: HijackModel | None = None, rounds: int = ROUNDS
) -> HijackModel:
    """Return a model fitted to ``examples`` with threshold 0, to be fixed on other data.

    Of an attack the window counts that looks most like one, chosen again in each round; of harmless
    texts every window, but after the first round only those that are not already clearly harmless.
    Weights are drawn towards those of ``start``.
    """
    return fit_prepared(prepare(examples), penalty, start, rounds)


def fit_prepared(
    features: Sequence[Prepared], penalty: float, start: HijackModel | None = None, rounds: int = ROUNDS
) -> HijackModel:
    """Return the model fitted to prepared examples."""
    scale = _scales()
    prior = np.zeros(dimensions()) if start is None else start.weights.astype(np.float64) / scale
    weights, bias = prior.copy(), 0.0 if start is None else start.bias
    for number in range(rounds):
        chosen, labels, counts = [], [], []
        for example, rows in features:
            pick = _attack_rows if example.is_attack else _harmless_rows
            picked = pick(rows, weights * scale, bias, number)
            size = picked.shape[0]
            chosen.append(picked)
            labels.append(np.full(size, example.is_attack))
            counts.append(np.full(size, example.weight / (size if example.is_attack else 1)))
        matrix = vstack(chosen).multiply(scale).tocsr()
        target, count = np.concatenate(labels), _balanced(np.concatenate(counts), np.concatenate(labels))
        steps = _STEPS[min(number, len(_STEPS) - 1)]
        weights, bias = _minimise(matrix, target, count, penalty, prior, (weights, bias), steps)
    return HijackModel((weights * scale).astype(np.float32), bias, 0.0)


def _scales() -> NDArray[np.float64]:
    scale = np.ones(dimensions())
    scale[BUCKETS:] = _PAIR_SCALE
    scale[BUCKETS : BUCKETS + len(shipped_concepts())] = _CONCEPT_SCALE
    return scale


_FIRST_WINDOWS = 12
_CLEARLY_HARMLESS = -4.0


def _attack_rows(rows: csr_matrix, weights: NDArray[np.float64], bias: float, number: int) -> csr_matrix:
    if number == 0 or rows.shape[0] == 1:
        return rows
    best: int = int(np.argmax(rows @ weights))
    return rows[best]


def _harmless_rows(rows: csr_matrix, weights: NDArray[np.float64], bias: float, number: int) -> csr_matrix:
    """Return some windows at first, later those that teach something; always the most doubtful one."""
    if number == 0:
        return rows[:: max(1, rows.shape[0] // _FIRST_WINDOWS)]
    scores = rows @ weights + bias
    return rows[np.flatnonzero(scores >= min(_CLEARLY_HARMLESS, scores.max()))]


def _balanced(counts: NDArray[np.float64], labels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return weights under which attacks and harmless texts count the same, mean 1."""
    balanced = counts.copy()
    for label in (True, False):
        balanced[labels == label] *= 0.5 * len(counts) / max(1e-9, counts[labels == label].sum())
    return balanced


def _minimise(
    matrix: csr_matrix,
    labels: NDArray[np.bool_],
    counts: NDArray[np.float64],
    penalty: float,
    prior: NDArray[np.float64],
    start: tuple[NDArray[np.float64], float],
    steps: int,
) -> tuple[NDArray[np.float64], float]:
    signs = np.where(labels, 1.0, -1.0)
    transposed = matrix.T.tocsr()

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = signs * (matrix @ point[:-1] + point[-1])
        away = point[:-1] - prior
        value = float(counts @ np.logaddexp(0, -margin) + 0.5 * penalty * (away @ away))
        pull = -signs * counts * np.exp(-np.logaddexp(0, margin))
        return value, np.append(transposed @ pull + penalty * away, pull.sum())

    found = minimize(loss, np.append(*start), jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return found.x[:-1], float(found.x[-1])


@dataclass(frozen=True, slots=True)
class Refitted:
    """A model fitted again, and what changed: harmless texts flagged, and attacks of the corpus found."""

    model: HijackModel
    flagged_before: int
    flagged_after: int
    attacks: int
    found_before: int
    found_after: int


def refit(model: HijackModel, harmless: Sequence[str]) -> Refitted:
    """Return ``model`` drawn as little as needed so that ``harmless`` texts pass; the thresholds stay.

    The attacks of the corpus (train side) are fitted along, so that they stay attacks; how many of its
    dev side are found before and after is told, because every harmless text added has a price.
    """
    attacks = {side: _corpus_attacks(side) for side in ("train", "dev")}
    own = [Example(text, False) for text in harmless]
    learned = [Example(text, True) for text in attacks["train"]]
    # The margin is asked for at the threshold, where the verdict falls: the lower of the two.
    paper = model.threshold_of(TextKind.PAPER)
    least = min(model.threshold, paper)
    moved = HijackModel(model.weights, model.bias - least, 0.0)
    fitted = fit_model([*own, *learned], _REFIT_PENALTY, moved)
    after = HijackModel(fitted.weights, fitted.bias + least, model.threshold, paper)
    before = [screen_hijack(text, model).flagged for text in harmless]
    now = [screen_hijack(text, after).flagged for text in harmless]
    found = [[screen_hijack(text, one).flagged for text in attacks["dev"]] for one in (model, after)]
    return Refitted(after, sum(before), sum(now), len(attacks["dev"]), sum(found[0]), sum(found[1]))


_REFIT_PENALTY = 1.0


def _corpus_attacks(side: str) -> list[str]:
    corpus = files("akashi.domains.guardrails").joinpath("corpus/attacks.jsonl")
    rows = (json.loads(line) for line in corpus.read_text(encoding="utf-8").split("\n") if line.strip())
    return [row["text"] for row in rows if row["split"] == side]
