"""Which case of a table a number belongs to: 300枚 is none of 1,001枚以上, and one of 101枚から500枚."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from akashi.language.limits import LOWER_SIDES, Limits, Side, limits_of, read_limit_word
from akashi.language.normalise import normalise
from akashi.language.quantities import Quantity, read_quantities
from akashi.language.quantity_forms import Kind

_LONGEST_GAP = 4


@dataclass(frozen=True, slots=True)
class Case:
    """The numbers of one unit that a case is about."""

    unit: str
    limits: Limits


def excludes(question: str, case: str) -> bool:
    """Return whether ``question`` names a number and ``case``, the name of a row, is about others only.

    A question that names none of the units of the case, several numbers of one unit, or limits itself, says
    nothing.

    >>> excludes("硬貨300枚の手数料は", "1,001枚以上"), excludes("硬貨三百枚の手数料は", "101枚から500枚")
    (True, False)
    >>> excludes("手数料は", "1,001枚以上"), excludes("3万円を振り込む", "3万円未満")
    (False, True)
    """
    asked: dict[str, list[Decimal]] = defaultdict(list)
    plain = normalise(question).text
    for one in _numbers(plain):
        is_limit = read_limit_word(plain, one.span.end) is not None
        asked[one.unit] += [] if is_limit else [Decimal(one.value)]
    cases = read_limits(case) if asked else []
    return any(
        len(asked[unit]) == 1
        and not any(one.limits.hold(asked[unit][0]) for one in cases if one.unit == unit)
        for unit in {one.unit for one in cases}
    )


def names_number(text: str) -> bool:
    """Return whether a text names a count or an amount."""
    return bool(_numbers(normalise(text).text))


def read_limits(text: str) -> list[Case]:
    """Return the limits that ``text`` states for counts and amounts, in order.

    >>> [(one.unit, str(one.limits.lowest), one.limits.below) for one in read_limits("3万円以上10万円未満")]
    [('JPY', '30000', True)]
    """
    plain = normalise(text).text
    found: list[Case] = []
    closed: set[int] = set()
    for at, (one, following) in enumerate(pairwise([*_numbers(plain), None])):
        if one is None or at in closed:
            continue
        value, word = Decimal(one.value), read_limit_word(plain, one.span.end)
        if word is None:
            continue
        limits = limits_of(word.side, value)
        if word.side in LOWER_SIDES and following and _is_close(one, following):
            closed.add(at + 1)
            last = read_limit_word(plain, following.span.end)
            is_below = last is not None and last.side is Side.LESS
            limits = Limits(value, Decimal(following.value), word.side is Side.MORE, is_below)
        if limits is not None:
            found.append(Case(one.unit, limits))
    return found


def _numbers(plain: str) -> list[Quantity]:
    return [one for one in read_quantities(plain) if one.kind in (Kind.COUNT, Kind.AMOUNT)]


def _is_close(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit and other.span.start - one.span.end <= _LONGEST_GAP
