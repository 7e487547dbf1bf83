"""Two runs over the same units: paired, exact, with every unit on which they differ."""

from __future__ import annotations

from collections.abc import Mapping

from scipy.special import bdtr

from akashi.domains.evaluation.model import Comparison, Discordant, Verdict

SCORED = frozenset({Verdict.PASS, Verdict.FAIL})


def exact_mcnemar(fixed: int, broken: int) -> float:
    """Return the exact two-sided p-value of a paired change; 1 where nothing changed.

    Twice the binomial tail of the smaller count among the discordant pairs, at most 1. Source: McNemar,
    Psychometrika 12 (1947) 153, with the exact binomial in place of chi-square.

    >>> exact_mcnemar(0, 0), round(exact_mcnemar(9, 1), 4)
    (1.0, 0.0215)
    """
    total = fixed + broken
    if total == 0:
        return 1.0
    return min(1.0, 2 * float(bdtr(min(fixed, broken), total, 0.5)))


def compare_runs(name: str, before: Mapping[str, Verdict], after: Mapping[str, Verdict]) -> Comparison:
    """Return what changed between two runs, each given as verdicts by unit."""
    counts = {(one, other): 0 for one in SCORED for other in SCORED}
    discordant, left_out = [], 0
    for unit in {**before, **after}:
        first, second = before.get(unit), after.get(unit)
        if first not in SCORED or second not in SCORED:
            left_out += 1
            continue
        counts[first, second] += 1
        if first is not second:
            discordant.append(Discordant(unit, first, second))
    fixed = counts[Verdict.FAIL, Verdict.PASS]
    broken = counts[Verdict.PASS, Verdict.FAIL]
    return Comparison(
        name,
        sum(counts.values()),
        counts[Verdict.FAIL, Verdict.FAIL],
        counts[Verdict.PASS, Verdict.PASS],
        fixed,
        broken,
        left_out,
        exact_mcnemar(fixed, broken),
        tuple(discordant),
    )


def is_improved(risk: Comparison, over_refusal: Comparison | None) -> bool:
    """Return whether ``improved`` may be said: better beyond chance, and harmless questions not refused more.

    Over-refusal is worse when more harmless questions fail afterwards than before, chance or not: a guard
    must not buy safety with silence. Without a paired over-refusal suite nothing may be called improved.
    """
    return risk.is_better and over_refusal is not None and over_refusal.broken <= over_refusal.fixed
