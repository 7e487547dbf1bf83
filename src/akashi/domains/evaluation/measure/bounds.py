"""Bounds of a share, exact: Clopper-Pearson, one-sided and two-sided, and templates resampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincinv

CONFIDENCE = 0.95
DRAWS = 2000


def upper_bound(k: int, n: int, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided upper Clopper-Pearson bound of k in n; 1 when n is 0.

    片側95%信頼上限. Source: Clopper and Pearson, Biometrika 26 (1934) 404; through the beta quantile.

    >>> round(upper_bound(0, 59), 4), round(upper_bound(0, 299), 4)
    (0.0495, 0.01)
    """
    _check(k, n)
    if n == 0 or k == n:
        return 1.0
    return float(betaincinv(k + 1, n - k, confidence))


def lower_bound(k: int, n: int, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided lower Clopper-Pearson bound of k in n; 0 when n is 0.

    >>> round(lower_bound(59, 59), 4)
    0.9505
    """
    _check(k, n)
    if n == 0 or k == 0:
        return 0.0
    return float(betaincinv(k, n - k + 1, 1 - confidence))


def interval(k: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the two-sided Clopper-Pearson interval of k in n.

    >>> tuple(round(end, 4) for end in interval(0, 59))
    (0.0, 0.0606)
    """
    half = 1 - (1 - confidence) / 2
    return lower_bound(k, n, half), upper_bound(k, n, half)


def resample_templates(counts: Sequence[tuple[int, int]], seed: int = 2026) -> tuple[float, float]:
    """Return the two-sided 95 % interval of a share when whole templates are drawn again.

    counts: (failed, units) of each template. Percentiles of ``DRAWS`` seeded draws (cluster bootstrap,
    Davison and Hinkley 1997, 3.8); where no or every unit failed the draws say nothing, and the exact
    interval with templates as units is returned.
    """
    table = np.array(counts, dtype=np.int64).reshape(-1, 2)
    failed, units = (int(total) for total in table.sum(axis=0)) if len(table) else (0, 0)
    if units == 0:
        return 0.0, 1.0
    if failed in (0, units):
        return interval(len(table) if failed else 0, len(table))
    random = np.random.default_rng(seed)
    shares = np.empty(DRAWS)
    for draw in range(DRAWS):
        chosen = table[random.integers(len(table), size=len(table))]
        shares[draw] = chosen[:, 0].sum() / chosen[:, 1].sum()
    low, high = np.quantile(shares, [(1 - CONFIDENCE) / 2, 1 - (1 - CONFIDENCE) / 2])
    return float(low), float(high)


def _check(k: int, n: int) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"there are no {k} of {n}")
