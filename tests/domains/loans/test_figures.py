"""Key figures against examples worked by hand, to the yen."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.domains.loans.measure.figures import (
    Figure,
    Lacking,
    Unit,
    list_measures,
    measure_figures,
    read_measures,
    round_figure,
)
from akashi.domains.loans.measure.formulas import compute, read_formula, write_formula
from akashi.domains.loans.measure.payments import WAYS, plan_payments, sum_first_year

BAKERY = {
    "amount": 10_000_000,
    "term": "P5Y",
    "repayment": "equal_principal",
    "assessed_rate": "0.024",
    "annual_sales": 120_000_000,
    "sales_prior": 110_000_000,
    "ordinary_profit": 8_000_000,
    "depreciation": 2_500_000,
    "taxes": 2_100_000,
    "annual_repayment": 3_600_000,
    "receivables": 15_000_000,
    "inventory": 6_000_000,
    "payables": 9_000_000,
    "debt_balance": 32_000_000,
    "cash": 12_000_000,
    "net_assets": 18_000_000,
    "total_assets": 70_000_000,
}


def figures_of(known: dict[str, object], audience: str = "business") -> dict[str, Figure | Lacking]:
    return {one.measure.id: one for one in measure_figures(known, audience)}  # type: ignore[arg-type]


def amount_of(known: dict[str, object], name: str, audience: str = "business") -> Fraction:
    found = figures_of(known, audience)[name]
    assert isinstance(found, Figure)
    return found.amount


def test_equal_principal_is_planned_to_the_yen() -> None:
    # 10,000,000 over 60 months at 2.4 % a year = 0.2 % a month: principal 166,666 each month.
    # Interest: 20,000 / 19,666 / 19,333 / 19,000 / 18,666 / 18,333 / 18,000 / 17,666 / 17,333 / 17,000 /
    # 16,666 / 16,333 = 217,996; year one = 12 x 166,666 + 217,996 = 2,217,988.
    plan = plan_payments(10_000_000, Decimal("0.024"), 60, "equal_principal")
    assert [one.interest for one in plan[:4]] == [20_000, 19_666, 19_333, 19_000]
    assert sum_first_year(plan, "equal_principal") == 2_217_988
    assert plan[-1].principal == 10_000_000 - 59 * 166_666
    assert plan[-1].balance == 0


def test_equal_payment_is_the_known_one() -> None:
    # 30,000,000 over 35 years at 1.5 %: 91,855 yen a month, as every loan table in Japan has it.
    plan = plan_payments(30_000_000, Decimal("0.015"), 420, "equal_payment")
    assert {one.total for one in plan[:-1]} == {91_855}
    assert plan[0].interest == 37_500
    assert sum_first_year(plan, "equal_payment") == 12 * 91_855


def test_bullet_pays_interest_until_the_last_day() -> None:
    plan = plan_payments(6_000_000, Decimal("0.02"), 6, "bullet")
    assert [one.total for one in plan] == [10_000] * 5 + [6_010_000]
    assert sum_first_year(plan, "bullet") == 60_000


@given(
    st.integers(1, 500_000_000),
    st.decimals(0, "0.2", places=4),
    st.integers(1, 420),
    st.sampled_from(WAYS),
)
def test_every_plan_repays_exactly_what_was_lent(amount: int, rate: Decimal, months: int, way: str) -> None:
    plan = plan_payments(amount, rate, months, way)
    assert sum(one.principal for one in plan) == amount
    assert plan[-1].balance == 0
    assert all(one.principal >= 0 and one.interest >= 0 for one in plan)


def test_figures_of_a_business_are_the_hand_worked_ones() -> None:
    # cash flow 8.0 + 2.5 - 2.1 = 8.4 m; payments 3,600,000 + 2,217,988 = 5,817,988.
    assert amount_of(BAKERY, "cash_flow") == 8_400_000
    assert amount_of(BAKERY, "dscr") == Fraction(8_400_000, 5_817_988)
    assert amount_of(BAKERY, "working_capital") == 12_000_000
    assert amount_of(BAKERY, "working_capital_months") == Fraction(12, 10)
    assert amount_of(BAKERY, "debt_years") == Fraction(30_000_000, 8_400_000)
    assert amount_of(BAKERY, "debt_months") == Fraction(42, 10)
    assert round_figure(amount_of(BAKERY, "dscr"), Unit.TIMES, 2) == Decimal("1.44")
    assert round_figure(amount_of(BAKERY, "equity_ratio"), Unit.SHARE, 1) == Decimal("25.7")


def test_figures_of_a_home_loan_are_the_hand_worked_ones() -> None:
    home = {
        "amount": 30_000_000,
        "term": "P35Y",
        "repayment": "equal_payment",
        "assessed_rate": "0.015",
        "annual_income": 6_000_000,
        "annual_repayment": 240_000,
        "property_price": 38_000_000,
        "costs": 2_000_000,
        "own_funds": 8_000_000,
        "assessed_value": 32_000_000,
        "prior_liens": 0,
    }
    # (240,000 + 1,102,260) / 6,000,000 = 22.371 %; 30 / 32 = 93.75 %; 30 / 38 = 78.947 %.
    assert amount_of(home, "repayment_ratio", "private") == Fraction(1_342_260, 6_000_000)
    assert round_figure(amount_of(home, "ltv", "private"), Unit.SHARE, 1) == Decimal("93.8")
    assert round_figure(amount_of(home, "price_share", "private"), Unit.SHARE, 1) == Decimal("78.9")
    assert amount_of(home, "income_multiple", "private") == 5


def test_a_figure_says_what_it_lacks_instead_of_guessing() -> None:
    found = figures_of({**BAKERY, "taxes": None} | {"annual_sales": 0})
    known = {name: value for name, value in BAKERY.items() if name != "taxes"}
    lacking = figures_of(known)["dscr"]
    assert isinstance(lacking, Lacking)
    assert lacking.missing == ("taxes",)
    margin = found["margin"]
    assert isinstance(margin, Lacking)
    assert margin.missing == ()


def test_bounds_are_watched_on_both_sides() -> None:
    weak = figures_of({**BAKERY, "ordinary_profit": 3_000_000})["dscr"]
    strong = figures_of(BAKERY)["dscr"]
    assert isinstance(weak, Figure)
    assert weak.is_watched
    assert isinstance(strong, Figure)
    assert not strong.is_watched


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a if b else c", "a ** b", "a < b < c", "1.5", "a + 'b'", "f(a)", "a["]
)
def test_a_formula_is_only_arithmetic(text: str) -> None:
    with pytest.raises(InputError):
        read_formula(text)


def test_a_written_formula_computes_the_same_as_it_reads() -> None:
    formula = read_formula("(a - b - (c - d)) / (e / f)")
    words = {name: name for name in formula.names}
    assert write_formula(formula, words) == "（a － b － （c － d）） ÷ （e ÷ f）"
    amounts = {name: Fraction(place) for place, name in enumerate("abcdef", 3)}
    assert compute(formula, amounts) == Fraction(3 - 4 - (5 - 6)) / Fraction(7, 8)


def test_every_figure_of_the_file_has_both_languages() -> None:
    assert all({"ja", "en"} <= set(measure.label) for measure in list_measures())
    with pytest.raises(InputError, match="formula"):
        read_measures('[[figure]]\nid="x"\nunit="yen"\nlabel={ja="x",en="x"}\n', "mine.toml")
