"""Payment plans of a loan to the yen: equal principal 元金均等, equal payment 元利均等, bullet 期日一括.

Interest of a month is balance times yearly rate over twelve, yen below one cut off; the equal payment and
the equal principal are cut off likewise, and the last month takes what remains. No bonus payments, no days
counted. This is the plan on which figures are computed, not the contract's own. Rounding is our choice of the
usual one (円未満切捨て); an institution that rounds otherwise sees a difference of a few yen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from akashi.core.errors import InputError

MONTHS = 12
MOST_MONTHS = 600
WAYS = ("equal_principal", "equal_payment", "bullet")
_PERIOD = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?")


@dataclass(frozen=True, slots=True)
class Payment:
    """One month's payment in yen; ``balance`` is what is owed after it."""

    principal: int
    interest: int
    balance: int

    @property
    def total(self) -> int:
        """Return principal and interest together."""
        return self.principal + self.interest


def count_months(period: str) -> int:
    """Return the months of an ISO 8601 period of years and months.

    Raises: InputError: days or weeks, nothing, or more than fifty years.

    >>> count_months("P5Y"), count_months("P1Y6M"), count_months("P35Y")
    (60, 18, 420)
    """
    match = _PERIOD.fullmatch(period)
    months = int(match[1] or 0) * MONTHS + int(match[2] or 0) if match else 0
    if not 1 <= months <= MOST_MONTHS:
        raise InputError("A loan runs for whole months, at most {most} years.", where=period, most=50)
    return months


def plan_payments(principal: int, rate: Decimal, months: int, way: str) -> tuple[Payment, ...]:
    """Return the payments of a loan, month by month.

    ``principal`` yen above 0; ``rate`` yearly, 0..1; ``way`` one of ``WAYS``.

    Raises: InputError: another way, or a number that no loan has.

    >>> plan_payments(30_000_000, Decimal("0.015"), 420, "equal_payment")[0].total
    91855
    """
    if principal <= 0 or not 0 <= rate < 1 or not 1 <= months <= MOST_MONTHS or way not in WAYS:
        raise InputError("This loan cannot be planned.", where=way)
    monthly = Fraction(rate) / MONTHS
    level = _level_payment(principal, monthly, months)
    found, balance = [], principal
    for month in range(1, months + 1):
        interest = int(balance * monthly)
        part = {
            "equal_principal": principal // months,
            "equal_payment": level - interest,
            "bullet": 0,
        }[way]
        paid = balance if month == months else min(balance, part)
        balance -= paid
        found.append(Payment(paid, interest, balance))
    return tuple(found)


def sum_first_year(plan: Sequence[Payment], way: str) -> int:
    """Return principal and interest of the first twelve months.

    The one principal of a bullet loan is left out: it is repaid from what is collected, not from a year's
    profit, and is compared with the working-capital need instead (our reading).
    """
    year = plan[:MONTHS]
    return sum(one.interest if way == "bullet" else one.total for one in year)


def _level_payment(principal: int, monthly: Fraction, months: int) -> int:
    if monthly == 0:
        return principal // months
    growth = (1 + monthly) ** months
    return int(principal * monthly * growth / (growth - 1))
