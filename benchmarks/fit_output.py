"""Fit what each sign of a difference weighs in the output check, on the development cases alone.

    python -m benchmarks.fit_output [--write]

A logistic model whose weights cannot be negative: a sign never speaks for a sentence. Folds keep the answers
of one source together; the limit is the highest at which swaps, negations and fabrications are still caught
out of fold as `_KEPT` says. Which sentence of a source is compared depends a little on the weights: run it
until they stay.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from akashi.domains.guardrails.output_judge import is_plainly_supported, read_signs
from akashi.domains.guardrails.output_signs import CERTAIN, Sign
from akashi.domains.guardrails.output_units import read_units

CASES = Path(__file__).parent / "data" / "output_dev.jsonl"
SIGNS = tuple(sign for sign in Sign if sign not in CERTAIN)
# Checked for what they carry, not for what they say.
_CARRIED = frozenset(["leak", "copy"])
# What a mistake on a case of a group costs the fit: most negations are caught by far, fabrications are few.
_COSTS = {"negation": 0.1, "equivalent": 1.2, "fabricated": 1.5}
# What must still be caught out of fold when the limit is chosen.
_KEPT = {"swapped_entity": 0.9, "fabricated": 0.9, "negation": 0.72, "altered_rate": 0.97}
_FOLDS = 5
_RIDGE = 0.15
_MOST = 6.0
# Too rare among the cases to be learnt, but each is enough by itself.
_LEAST = {
    Sign.SMALL_QUANTITY: 2.0,
    Sign.LISTED_QUANTITY: 2.0,
    Sign.ANOTHER: 2.0,
    Sign.ANOTHER_FAR: 2.0,
    Sign.LIMITED: 2.0,
    Sign.CEASED: 0.5,
    Sign.OTHER_AGENT: 2.0,
    Sign.DENIED_BESIDE: 0.5,
    Sign.ANTONYM: 2.0,
}
_MOST_LIMIT = 1.95


@dataclass(frozen=True, slots=True)
class Case:
    """A development case: its group, the fold of its source, and the signs of its worst-off sentences."""

    group: str
    fold: int
    signs: tuple[Mapping[Sign, float], ...]

    @property
    def is_certain(self) -> bool:
        """Whether a sentence has a sign that needs no weighing."""
        return any(one.get(sign) for one in self.signs for sign in CERTAIN)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file with the signs the check reads."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["group"] not in _CARRIED]
    sources = list(dict.fromkeys(tuple(row["sources"]) for row in rows))
    folds = {source: at % _FOLDS for at, source in enumerate(sources)}
    return [Case(row["group"], folds[tuple(row["sources"])], _signs(row)) for row in rows]


def _signs(row: Mapping[str, Any]) -> tuple[Mapping[Sign, float], ...]:
    cited = [sentence for source in row["sources"] for sentence in read_units(source)]
    told = read_units(row["answer"])
    return tuple(read_signs(one, cited) for one in told if not is_plainly_supported(one, cited))


def fit(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Return a weight for each of `SIGNS`, from the cases with one sentence to weigh."""
    used = [case for case in cases if len(case.signs) == 1 and not case.is_certain]
    table = np.array([[case.signs[0].get(sign, 0.0) for sign in SIGNS] for case in used])
    wrong = np.array([not _is_equal(case) for case in used], dtype=float)
    cost = np.array([_COSTS.get(case.group, 1.0) for case in used])

    def loss(values: NDArray[np.float64]) -> float:
        told = table @ values[:-1] + values[-1]
        return float(
            np.sum(cost * (np.logaddexp(0, told) - wrong * told)) + _RIDGE * np.sum(values[:-1] ** 2)
        )

    bounds = [*((_LEAST.get(sign, 0.0), _MOST) for sign in SIGNS), (-8.0, 8.0)]
    found = minimize(loss, np.full(len(SIGNS) + 1, 1.5), method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x[:-1], dtype=np.float64)


def _is_equal(case: Case) -> bool:
    return case.group in ("equivalent", "verbatim")


def score(case: Case, weights: NDArray[np.float64]) -> float:
    """Return what the heaviest sentence of a case weighs."""
    if case.is_certain:
        return np.inf
    told = (
        sum(one.get(sign, 0.0) * weight for sign, weight in zip(SIGNS, weights, strict=True))
        for one in case.signs
    )
    return max(told, default=0.0)


def shares(cases: Sequence[Case], scores: Sequence[float], limit: float) -> dict[str, float]:
    """Return the share of each group that would not be shown."""
    groups = sorted({case.group for case in cases})
    held = {
        group: [value > limit for case, value in zip(cases, scores, strict=True) if case.group == group]
        for group in groups
    }
    return {group: sum(told) / len(told) for group, told in held.items()}


def choose(cases: Sequence[Case], scores: Sequence[float]) -> float:
    """Return the highest limit at which every group of `_KEPT` is still caught."""
    finite = sorted({round(value, 2) for value in scores if 0 < value <= _MOST_LIMIT})
    kept = [
        limit
        for limit in finite
        if all(shares(cases, scores, limit).get(group, 1.0) >= least for group, least in _KEPT.items())
    ]
    return max(kept, default=0.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print what is caught out of fold and on all, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    cases = read_cases(CASES)
    blind = [0.0] * len(cases)
    for fold in range(_FOLDS):
        weights = fit([case for case in cases if case.fold != fold])
        for at, case in enumerate(cases):
            if case.fold == fold:
                blind[at] = score(case, weights)
    limit = choose(cases, blind)
    weights = fit(cases)
    figures = {"limit": limit, "out_of_fold": shares(cases, blind, limit)}
    figures["all"] = shares(cases, [score(case, weights) for case in cases], limit)
    if chosen.write:
        lines = [f"{sign.value} = {weight:.2f}" for sign, weight in zip(SIGNS, weights, strict=True)]
        head = "# Fitted by `python -m benchmarks.fit_output --write` on benchmarks/data/output_dev.jsonl."
        text = "\n".join([head, f"limit = {limit:.2f}", "", "[signs]", *lines, ""])
        target = files("akashi.domains.guardrails").joinpath("data/output_weights.toml")
        Path(str(target)).write_text(text, encoding="utf-8")
    print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
