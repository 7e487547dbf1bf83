"""The words that make a number a limit (以上, 未満, から, まで), and what lies between two of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_NUMERAL = "0-9０-９一二三四五六七八九十"


class Side(StrEnum):
    """On which side of a number something lies, and whether the number itself belongs to it."""

    LEAST = "least"  # 以上
    MORE = "more"  # 超
    FROM = "from"  # から, 以降
    MOST = "most"  # 以下, 以内
    LESS = "less"  # 未満
    TO = "to"  # まで


LOWER_SIDES = frozenset([Side.LEAST, Side.MORE, Side.FROM])
UPPER_SIDES = frozenset([Side.MOST, Side.LESS, Side.TO])

# A remark behind a quantity: 3月31日(月)まで, 1,000円(税込)以上.
_REMARK = r"(?:\s?[(（][^()（）0-9０-９]{1,8}[)）])?"
_SIDE = re.compile(
    rf"{_REMARK}\s?(?:"
    r"(?P<least>以上|を下回ら(?:ない|ず)|より少なくない)"
    r"|(?P<most>以下|以内|を?(?:超え|越え)(?:ない|ず)|[がを](?:上限|限度|最高)(?!額))"
    r"|(?P<less>未満|を下回|に満た|に足り|より(?:少な|小さ|低|短|安))"
    r"|(?P<more>超(?!え|過)|を?(?:超え|越え|超過|過ぎ)|を上回|より(?:多|大き|高|長))"
    rf"|(?P<from>から|以降|以後|より|[~〜～](?=\s?(?:[{_NUMERAL}翌満]|午[前後])|\s*\Z)|(?<![{_NUMERAL}])[-－–―](?=\s?[{_NUMERAL}])"
    r"|[-－–](?=(?:午[前後])?[0-9０-９]{1,2}[:：時]))"
    r"|(?P<to>(?:になる|に達する|を迎える)?まで))"
)


@dataclass(frozen=True, slots=True)
class LimitWord:
    """A word behind a number: the side it names and where it ends in the text."""

    side: Side
    end: int


def read_limit_word(text: str, at: int) -> LimitWord | None:
    """Return what the text at ``at``, right behind a number, makes of it; nothing if it is no limit.

    >>> [read_limit_word(one, 0).side.value for one in ("以上の方", "を超える", "（税込）未満", "~10枚")]
    ['least', 'more', 'less', 'from']
    >>> read_limit_word("の手数料", 0) is None
    True
    """
    found = _SIDE.match(text, at)
    return None if found is None or found.lastgroup is None else LimitWord(Side(found.lastgroup), found.end())


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers from one limit to another; None is without end.

    ``above`` leaves the lowest out (超), ``below`` the highest (未満).
    """

    lowest: Decimal | None
    highest: Decimal | None
    above: bool = False
    below: bool = False

    def hold(self, value: Decimal) -> bool:
        """Return whether a number lies within.

        >>> within = Limits(Decimal(3), Decimal(10), below=True)
        >>> [within.hold(Decimal(value)) for value in (2, 3, 9, 10)]
        [False, True, True, False]
        """
        if self.lowest is not None and (value < self.lowest or (self.above and value == self.lowest)):
            return False
        return self.highest is None or value < self.highest or (value == self.highest and not self.below)


def limits_of(side: str, value: Decimal) -> Limits | None:
    """Return the limits that one number with its side sets; nothing where it has none.

    >>> limits_of("less", Decimal(20)).hold(Decimal(20)), limits_of("least", Decimal(20)).hold(Decimal(20))
    (False, True)
    """
    if side in LOWER_SIDES:
        return Limits(value, None, above=side == Side.MORE)
    if side in UPPER_SIDES:
        return Limits(None, value, below=side == Side.LESS)
    return None
