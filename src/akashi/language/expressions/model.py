"""What a reader says of an expression: a value, or that the customer must be asked back, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Reason(StrEnum):
    """Why nobody could tell, so that the question back can be the right one."""

    NOTHING = "nothing"
    """No expression of this kind was found."""
    NO_UNIT = "no unit"
    """A number without its unit: 500くらい."""
    RANGE = "range"
    """From one value to another, or one of two: 300〜500万円, 3,4年."""
    SEVERAL = "several"
    """Values that differ, without a word which of them holds."""
    VAGUE = "vague"
    """A bound or a shade instead of a value: 数百万, 5年以内, 500万強."""
    NO_YEAR = "no year"
    """A day or a month whose year or era is not said and does not follow."""
    NO_TODAY = "no today"
    """A day counted from a today that is not known."""
    IMPOSSIBLE = "impossible"
    """No such day, or a number that is not written like one."""
    CONTRADICTION = "contradiction"
    """The same said twice, differently: 2026年(令和7年), 合計 that is no sum, a wrong weekday."""
    FOREIGN = "foreign"
    """An amount in another currency than yen."""
    RELATIVE = "relative"
    """A rate on top of another, or for a month or a day instead of a year."""
    NEGATED = "negated"
    """The value is named to say that it does not hold."""
    TOO_LONG = "too long"
    """More text than an answer has."""


Value = int | str
"""An amount is an int of yen; a date, a period and a rate are text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The one value of an expression, in the form of its kind.

    - amount: int, ``JPY``
    - date: YYYY-MM-DD, YYYY-MM or YYYY, as exact as said; ``day``, ``month``, ``year``
    - period: ISO 8601 duration, ``duration``
    - rate: decimal fraction as text, ``fraction`` (3.5 % is 0.035)

    ``approximate`` says that the customer wrote about (約, くらい); the value is the one named.
    """

    value: Value
    unit: str
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class AskBack:
    """The customer must be asked; ``candidates`` are values that may have been meant, none is certain."""

    reason: Reason
    candidates: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """An expression at ``start`` to ``end`` of the folded text: its value, or why there is none."""

    start: int
    end: int
    value: Value | None
    unit: str = ""
    reason: Reason | None = None
    candidates: tuple[Value, ...] = ()


def plain_text(value: Decimal) -> str:
    """Return ``value`` without exponent and trailing zeros.

    >>> plain_text(Decimal("0.0350")), plain_text(Decimal(1))
    ('0.035', '1')
    """
    return f"{Decimal(f'{value.normalize():f}'):f}"
