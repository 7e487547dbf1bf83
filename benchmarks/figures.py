"""Figures that several benchmarks state: area under the curve, precision at coverage, calibration error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]


def area_under_curve(high: Floats, low: Floats) -> float:
    """Return how often a value of ``high`` exceeds one of ``low``; ties count half.

    >>> area_under_curve(np.array([0.9, 0.4]), np.array([0.4, 0.1]))
    0.875
    """
    ranks = rankdata(np.concatenate([high, low]))
    above = ranks[: len(high)].sum() - len(high) * (len(high) + 1) / 2
    return float(above / (len(high) * len(low)))


def precision_at(values: Floats, right: NDArray[np.bool_], shares: Sequence[float]) -> list[float]:
    """Return the share that is right among the most confident ``shares`` of all.

    >>> precision_at(np.array([0.9, 0.8, 0.1, 0.0]), np.array([True, True, False, False]), (0.5, 1.0))
    [1.0, 0.5]
    """
    ordered = right[np.argsort(-values, kind="stable")]
    return [float(ordered[: max(1, round(share * len(ordered)))].mean()) for share in shares]


def calibration_error(values: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error over ``bins`` equal bins of the confidence.

    >>> calibration_error(np.array([0.95, 0.95]), np.array([True, False]))
    0.45
    """
    places = np.minimum((values * bins).astype(int), bins - 1)
    gaps = [
        abs(float(values[places == one].mean()) - float(right[places == one].mean())) * (places == one).mean()
        for one in range(bins)
        if (places == one).any()
    ]
    return round(float(sum(gaps)), 12)
