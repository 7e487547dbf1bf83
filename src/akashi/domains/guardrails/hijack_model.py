"""The linear model of hijacking: weights from a file, scores of windows by cumulated sums."""

from __future__ import annotations

import functools
import zipfile
import zlib
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from akashi.core.errors import SetupError
from akashi.core.spans import Interval
from akashi.domains.guardrails.hijack_features import (
    BUCKETS,
    LONGEST,
    concept_matrix,
    concept_pairs,
    cut_windows,
    dimensions,
    find_concepts,
    read_grams,
    shipped_concepts,
)
from akashi.domains.guardrails.hijack_kinds import TextKind

_FILE = "data/hijack.npz"


@dataclass(frozen=True, slots=True)
class HijackModel:
    """Weights of all features, the bias, and the threshold of each kind of text, fixed on development data.

    Without ``paper_threshold`` papers have that of turns.
    """

    weights: NDArray[np.float32]
    bias: float
    threshold: float
    paper_threshold: float | None = None
    _pairs: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the weights of pairs out as a matrix."""
        object.__setattr__(self, "_pairs", _pair_matrix(self.weights))

    def threshold_of(self, kind: TextKind) -> float:
        """Return the threshold of a kind of text."""
        if kind is TextKind.TURN or self.paper_threshold is None:
            return self.threshold
        return self.paper_threshold

    def score_windows(self, text: str) -> tuple[list[Interval], NDArray[np.float64]]:
        """Return the windows of a normalised text and the score of each; 0 is even odds."""
        windows = cut_windows(text)
        if not windows:
            return [], np.zeros(0)
        grams = read_grams(text)
        starts = np.array([window.start for window in windows])
        ends = np.array([window.end for window in windows])
        sums, counts = _window_sums(self.weights[grams.buckets], grams.starts, grams.ends, starts, ends)
        held = concept_matrix(find_concepts(text), windows)
        return windows, sums / np.sqrt(np.maximum(counts, 1)) + self._concept_scores(held) + self.bias

    def _concept_scores(self, held: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return what the concepts of each window say, alone and in pairs."""
        marks = held.astype(np.float64)
        joined: NDArray[np.float64] = ((marks @ self._pairs) * marks).sum(axis=1)
        return joined


def _pair_matrix(weights: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the weights of the concepts on the diagonal and of their pairs above it."""
    count = len(shipped_concepts())
    matrix = np.diag(weights[BUCKETS : BUCKETS + count].astype(np.float64))
    first, second = (np.array(side) for side in zip(*concept_pairs(), strict=True))
    matrix[first, second] = weights[BUCKETS + count :]
    return matrix


def _window_sums(
    values: NDArray[np.float32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    window_starts: NDArray[np.int64],
    window_ends: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return sum and count of the features that lie wholly inside each window.

    Those that end by the end of the window, less those that begin before it; what does neither,
    because it is longer than the window, was taken away once too often. No feature exceeds ``LONGEST``.
    """
    size = int(max(window_ends.max(), ends.max(initial=0))) + 1
    # At each place: what ends there, and what begins before it.
    ended, begun = (
        np.bincount(ends, values, size).cumsum(),
        _shifted(np.bincount(starts, values, size).cumsum()),
    )
    sums = ended[window_ends] - begun[window_starts]
    all_ended, all_begun = (
        np.bincount(ends, None, size).cumsum(),
        _shifted(np.bincount(starts, None, size).cumsum()),
    )
    counts = (all_ended[window_ends] - all_begun[window_starts]).astype(np.int64)
    furthest = np.zeros(size, dtype=np.int64)
    np.maximum.at(furthest, starts, ends)
    too_often = np.flatnonzero(_shifted(np.maximum.accumulate(furthest))[window_starts] > window_ends)
    if not len(too_often):
        return sums, counts
    by_start = np.argsort(starts, kind="stable")
    sorted_starts = starts[by_start]
    for at in too_often:
        first, low = np.searchsorted(sorted_starts, (window_starts[at] - LONGEST, window_starts[at]))
        around = by_start[first:low]
        around = around[ends[around] > window_ends[at]]
        sums[at] += values[around].sum(dtype=np.float64)
        counts[at] += len(around)
    return sums, counts


def _shifted(cumulated: NDArray[Any]) -> NDArray[Any]:
    """Return what was cumulated before each place."""
    return np.concatenate([[0], cumulated[:-1]])


def load_model(source: Traversable | Path) -> HijackModel:
    """Return the model in a file.

    Raises: SetupError: no such file, or made for other features.
    """
    try:
        with source.open("rb") as file:
            data = np.load(file, allow_pickle=False)
            weights = np.zeros(dimensions(), dtype=np.float32)
            weights[data["places"]] = data["values"].astype(np.float32)
            fits = int(data["dimensions"]) == dimensions()
            bias, threshold = float(data["bias"]), float(data["threshold"])
            paper = float(data["paper_threshold"]) if "paper_threshold" in data else None
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile, zlib.error) as error:
        raise SetupError("The hijack model cannot be read. Install Akashi again: make setup") from error
    if not fits:
        raise SetupError("The hijack model was made for another version. Run: akashi guard fit")
    return HijackModel(weights, bias, threshold, paper)


def save_model(model: HijackModel, path: Path) -> None:
    """Write the model: only weights that matter, as 16-bit numbers."""
    places = np.flatnonzero(np.abs(model.weights) > _SMALLEST).astype(np.int32)
    values = model.weights[places].astype(np.float16)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            places=places,
            values=values,
            bias=np.float64(model.bias),
            threshold=np.float64(model.threshold),
            paper_threshold=np.float64(model.threshold_of(TextKind.PAPER)),
            dimensions=np.int64(dimensions()),
        )


_SMALLEST = 0.002


@functools.cache
def shipped_model() -> HijackModel:
    """Return the model in the package.

    Raises: SetupError: it cannot be read; then nothing may pass.
    """
    return load_model(files("akashi.domains.guardrails").joinpath(_FILE))
