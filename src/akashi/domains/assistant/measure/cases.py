"""Which case of a table a number belongs to: 300枚 is none of 1,001枚以上, and one of 101枚から500枚."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from akashi.language.normalise import normalise
from akashi.language.quantities import Quantity, read_quantities
from akashi.language.quantity_forms import Kind

_FROM = re.compile(r"\s?(?:以上|を?超|から|より|[~〜～ー―-])")
_TO = re.compile(r"\s?(?:以下|まで|以内|未満)")
_LONGEST_GAP = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of one unit that a case is about; None is without end, ``below`` leaves the highest out."""

    unit: str
    lowest: Decimal | None
    highest: Decimal | None
    above: bool = False
    below: bool = False

    def hold(self, value: Decimal) -> bool:
        """Return whether a number of this unit belongs to the case."""
        if self.lowest is not None and (value < self.lowest or (self.above and value == self.lowest)):
            return False
        return self.highest is None or value < self.highest or (value == self.highest and not self.below)


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
        after = plain[one.span.end : one.span.end + _LONGEST_GAP]
        is_limit = _FROM.match(after) is not None or _TO.match(after) is not None
        asked[one.unit] += [] if is_limit else [Decimal(one.value)]
    limits = read_limits(case) if asked else []
    return any(
        len(asked[unit]) == 1 and not any(one.hold(asked[unit][0]) for one in limits if one.unit == unit)
        for unit in {one.unit for one in limits}
    )


def names_number(text: str) -> bool:
    """Return whether a text names a count or an amount."""
    return bool(_numbers(normalise(text).text))


def read_limits(text: str) -> list[Limits]:
    """Return the limits that ``text`` states for counts and amounts, in order.

    >>> [(str(one.lowest), str(one.highest), one.below) for one in read_limits("3万円以上10万円未満")]
    [('30000', '100000', True)]
    """
    plain = normalise(text).text
    found: list[Limits] = []
    numbers = _numbers(plain)
    closed: set[int] = set()
    for at, (one, following) in enumerate(pairwise([*numbers, None])):
        if one is None or at in closed:
            continue
        value, after = Decimal(one.value), plain[one.span.end :]
        is_from, is_to = _FROM.match(after), _TO.match(after)
        if is_from and following and _is_close(one, following):
            closed.add(at + 1)
            last = plain[following.span.end :]
            is_below = last.lstrip().startswith("未満")
            found.append(Limits(one.unit, value, Decimal(following.value), "超" in is_from[0], is_below))
        elif is_from:
            found.append(Limits(one.unit, value, None, above="超" in is_from[0]))
        elif is_to:
            found.append(Limits(one.unit, None, value, below="未満" in is_to[0]))
    return found


def _numbers(plain: str) -> list[Quantity]:
    return [one for one in read_quantities(plain) if one.kind in (Kind.COUNT, Kind.AMOUNT)]


def _is_close(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit and other.span.start - one.span.end <= _LONGEST_GAP
