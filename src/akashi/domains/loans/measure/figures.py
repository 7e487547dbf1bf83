"""Key figures of an application: debt service coverage, loan to value, repayment ratio, working-capital need.

Pure functions of confirmed values and of what the officer assessed; every figure tells its formula, its
inputs and, where it cannot be computed, what is missing. Nothing here scores or decides.
"""

from __future__ import annotations

import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

from akashi.core.errors import InputError
from akashi.domains.loans.measure.formulas import Formula, compute, read_formula
from akashi.domains.loans.measure.grounds import has_number
from akashi.domains.loans.measure.payments import Payment, count_months, plan_payments, sum_first_year
from akashi.domains.loans.model import ItemValue, Words
from akashi.platform.rooms import package_folder

PLANNED = ("monthly_payment", "yearly_payment", "total_interest")
PLAN_ITEMS = ("amount", "term", "repayment", "assessed_rate")


class Unit(StrEnum):
    """What a figure counts."""

    YEN = "yen"
    TIMES = "times"
    SHARE = "share"
    YEARS = "years"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Measure:
    """How a figure is made: by a formula, or from the payment plan (``formula`` None)."""

    id: str
    audience: str
    label: Words
    told: Words
    formula: Formula | None
    uses: tuple[str, ...]
    unit: Unit
    decimals: int
    below: Fraction | None
    above: Fraction | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that could be computed; ``amount`` is exact, ``inputs`` are what it was computed from."""

    measure: Measure
    amount: Fraction
    inputs: tuple[tuple[str, Fraction], ...]

    @property
    def is_watched(self) -> bool:
        """Return whether it lies beyond the bound at which the paper names a risk."""
        low, high = self.measure.below, self.measure.above
        return (low is not None and self.amount < low) or (high is not None and self.amount > high)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A figure that cannot be computed: what is missing, or nothing is, and it divides by zero."""

    measure: Measure
    missing: tuple[str, ...]


@cache
def list_measures() -> tuple[Measure, ...]:
    """Return every figure of this installation, in order. Raises: InputError: the file is wrong."""
    path = package_folder("akashi.domains.loans") / "data" / "figures.toml"
    return read_measures(path.read_text(encoding="utf-8"), path.name)


def read_measures(text: str, where: str) -> tuple[Measure, ...]:
    """Return the figures of a TOML file. Raises: InputError: it cannot be used; names the figure."""
    try:
        rows = tomllib.loads(text)["figure"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError("The figures cannot be read: {reason}", where=where, reason=str(error)) from error
    return tuple(_read_measure(row, where) for row in rows)


def _read_measure(row: Mapping[str, Any], where: str) -> Measure:
    place = f"{where}: {row.get('id', '?')}"
    try:
        if has_number(f"{row['label']['ja']}\n{row.get('told', {}).get('ja', '')}"):
            raise InputError("This wording holds a number of its own.", where=place)
        formula = read_formula(row["formula"], place) if "formula" in row else None
        if formula is None and row["id"] not in PLANNED:
            raise InputError("This figure has no formula.", where=place)
        return Measure(
            id=row["id"],
            audience=row.get("audience", ""),
            label=row["label"],
            told=row.get("told", {}),
            formula=formula,
            uses=formula.names if formula else tuple(row["uses"]),
            unit=Unit(row["unit"]),
            decimals=int(row.get("decimals", 0)),
            below=_bound(row, "below"),
            above=_bound(row, "above"),
        )
    except (KeyError, ValueError) as error:
        raise InputError("This figure cannot be read: {reason}", where=place, reason=str(error)) from error


def _bound(row: Mapping[str, Any], name: str) -> Fraction | None:
    return Fraction(str(row[name])) if name in row else None


def measure_figures(
    known: Mapping[str, ItemValue], audience: str, askable: Container[str] | None = None
) -> tuple[Figure | Lacking, ...]:
    """Return the figures of an application, in the order of the file.

    ``known``: confirmed values and the officer's inputs by item id; ``askable``: the items that somebody may
    still fill in (None: any). A figure that needs something nobody asks, or none of whose inputs is known,
    is left out; one that lacks some is ``Lacking``.
    """
    amounts = read_amounts(known)
    plan = plan_of(known)
    if plan:
        amounts |= {
            name: Fraction(value) for name, value in _plan_amounts(plan, str(known["repayment"])).items()
        }
    found: list[Figure | Lacking] = []
    for measure in list_measures():
        if measure.audience not in ("", audience):
            continue
        one = _measure_one(measure, amounts, known)
        if one is not None and _may_come(one, askable):
            found.append(one)
    return tuple(found)


def _may_come(one: Figure | Lacking, askable: Container[str] | None) -> bool:
    if isinstance(one, Figure) or askable is None:
        return True
    return all(name in askable or name in PLANNED for name in one.missing)


def _measure_one(
    measure: Measure, amounts: Mapping[str, Fraction], known: Mapping[str, ItemValue]
) -> Figure | Lacking | None:
    if measure.formula is None:
        if measure.id in amounts:
            return Figure(measure, amounts[measure.id], ())
        return Lacking(measure, tuple(name for name in measure.uses if name not in known))
    missing = tuple(name for name in measure.uses if name not in amounts)
    own = [name for name in measure.uses if name not in ("amount", *PLANNED)]
    if all(name in missing for name in own):
        return None
    if missing:
        return Lacking(measure, missing)
    amount = compute(measure.formula, amounts)
    if amount is None:
        return Lacking(measure, ())
    return Figure(measure, amount, tuple((name, amounts[name]) for name in measure.uses))


def read_amounts(known: Mapping[str, ItemValue]) -> dict[str, Fraction]:
    """Return the values that are numbers: yen and counts as they are, rates as fractions."""
    found = {}
    for item, value in known.items():
        if isinstance(value, bool):
            continue
        if isinstance(value, int) or item.endswith("_rate"):
            found[item] = Fraction(value)
    return found


def plan_of(known: Mapping[str, ItemValue]) -> tuple[Payment, ...]:
    """Return the payment plan, empty where amount, term, way of repayment or assessed rate are not known."""
    if any(name not in known for name in PLAN_ITEMS):
        return ()
    try:
        months = count_months(str(known["term"]))
        rate = Decimal(str(known["assessed_rate"]))
        return plan_payments(int(known["amount"]), rate, months, str(known["repayment"]))
    except (InputError, ArithmeticError, ValueError):
        return ()


def _plan_amounts(plan: tuple[Payment, ...], way: str) -> dict[str, int]:
    return {
        "monthly_payment": plan[0].total,
        "yearly_payment": sum_first_year(plan, way),
        "total_interest": sum(one.interest for one in plan),
    }


def round_figure(amount: Fraction, unit: Unit, decimals: int) -> Decimal:
    """Return a figure as it is shown: shares in percent, rounded half up at ``decimals``.

    >>> round_figure(Fraction(2, 3), Unit.SHARE, 1), round_figure(Fraction(-5, 2), Unit.YEN, 0)
    (Decimal('66.7'), Decimal('-3'))
    """
    shown = amount * 100 if unit is Unit.SHARE else amount
    scaled = shown * 10**decimals
    whole = (Decimal(scaled.numerator) / Decimal(scaled.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
    return whole.scaleb(-decimals)
