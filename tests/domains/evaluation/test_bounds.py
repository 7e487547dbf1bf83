"""Bounds and paired tests against SciPy and published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from akashi.domains.evaluation.measure.bounds import (
    interval,
    lower_bound,
    resample_templates,
    upper_bound,
)
from akashi.domains.evaluation.measure.compare import compare_runs, exact_mcnemar, is_improved
from akashi.domains.evaluation.measure.count import measure_units
from akashi.domains.evaluation.model import Verdict

PASS, FAIL, ERROR, UNCLEAR = Verdict.PASS, Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE


@given(st.integers(1, 400), st.data())
def test_bounds_are_those_of_scipy(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    both = binomtest(k, n).proportion_ci(0.95, "exact")
    assert interval(k, n) == pytest.approx((both.low, both.high), abs=1e-9)
    assert upper_bound(k, n) == pytest.approx(
        binomtest(k, n, alternative="less").proportion_ci().high, abs=1e-9
    )
    assert lower_bound(k, n) == pytest.approx(
        binomtest(k, n, alternative="greater").proportion_ci().low, abs=1e-9
    )


@pytest.mark.parametrize(
    ("k", "n", "bound"), [(0, 59, 0.0495), (0, 299, 0.0100), (0, 1, 0.95), (1, 1, 1.0), (0, 0, 1.0)]
)
def test_upper_bounds_are_the_known_ones(k: int, n: int, bound: float) -> None:
    assert upper_bound(k, n) == pytest.approx(bound, abs=5e-5)


def test_two_sided_interval_of_nothing_in_59_is_the_known_one() -> None:
    assert interval(0, 59)[1] == pytest.approx(0.0606, abs=5e-5)


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_the_exact_binomial_test(fixed: int, broken: int) -> None:
    expected = binomtest(fixed, fixed + broken).pvalue if fixed + broken else 1.0
    assert exact_mcnemar(fixed, broken) == pytest.approx(expected, abs=1e-12)


def test_mcnemar_gives_the_published_value() -> None:
    """1 and 7 discordant pairs: p = 0.0703. Fagerland, Lydersen, Laake, BMC Med Res Methodol 13 (2013) 91."""
    assert exact_mcnemar(1, 7) == pytest.approx(0.0703, abs=5e-5)


def test_errors_stay_in_the_denominator_and_count_against_a_tolerance() -> None:
    found = measure_units("s", [(PASS, "a")] * 56 + [(ERROR, "b"), (UNCLEAR, "b"), (FAIL, "c")])
    assert (found.n, found.failed, found.unscored, found.errors) == (59, 1, 2, 1)
    assert found.rate == pytest.approx(1 / 59)
    assert found.worst_upper == pytest.approx(upper_bound(3, 59))
    assert found.worst_upper > found.upper


def test_a_template_counts_once_however_many_cases_it_has() -> None:
    alone = measure_units("s", [(FAIL, "a")] * 5 + [(PASS, f"t{n}") for n in range(95)])
    spread = measure_units("s", [(FAIL, f"t{n}") for n in range(5)] + [(PASS, f"t{n}") for n in range(95)])
    assert alone.rate == spread.rate
    assert alone.high > spread.high
    assert alone.template_upper == pytest.approx(upper_bound(1, 96))


def test_resampling_says_something_even_when_nothing_failed() -> None:
    assert resample_templates([(0, 5)] * 12) == pytest.approx(interval(0, 12))
    assert resample_templates([]) == (0.0, 1.0)


def test_comparison_lists_every_unit_that_differs_and_leaves_out_what_was_not_judged() -> None:
    before = {"a": FAIL, "b": PASS, "c": FAIL, "d": ERROR, "e": PASS}
    found = compare_runs("s", before, {"a": PASS, "b": FAIL, "c": FAIL, "d": PASS, "f": PASS})
    assert (found.paired, found.fixed, found.broken, found.both_failed, found.left_out) == (3, 1, 1, 1, 3)
    assert {one.unit for one in found.discordant} == {"a", "b"}


def test_improved_needs_significance_and_no_more_refusals() -> None:
    many = compare_runs("s", {str(n): FAIL for n in range(10)}, {str(n): PASS for n in range(10)})
    few = compare_runs("s", {str(n): FAIL for n in range(5)}, {str(n): PASS for n in range(5)})
    same, worse = compare_runs("r", {"x": PASS}, {"x": PASS}), compare_runs("r", {"x": PASS}, {"x": FAIL})
    assert is_improved(many, same)
    assert not is_improved(few, same)
    assert not is_improved(many, worse)
    assert not is_improved(many, None)
