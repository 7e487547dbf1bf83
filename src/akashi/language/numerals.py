"""Numbers as Japanese writes them: digits, kanji, 大字 and mixtures."""

from __future__ import annotations

import re
from decimal import Decimal

from akashi.language.normalise import normalise

_DIGITS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壱弐参肆伍陸漆捌玖", range(10), strict=True)),
    **dict(zip("壹貳參弌弍弎", (1, 2, 3, 1, 2, 3), strict=True)),
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "陌": 100, "千": 1000, "仟": 1000, "阡": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "億": 10**8, "兆": 10**12}
NUMERALS = "".join([*_DIGITS, *_SMALL, *_LARGE])
"""The characters of kanji numerals, for use inside a character class."""
_PIECE = re.compile(rf"[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?|[{NUMERALS}]")
# A number starts where its run of characters starts and takes the whole run: linear on any input.
NUMBER = rf"(?<![0-9{NUMERALS}.,])[0-9{NUMERALS}](?:[0-9{NUMERALS}]|[.,](?=[0-9]))*+"


def read_number(text: str) -> Decimal | None:
    """Return the value of a numeral in digits, kanji or both; None if it is not one.

    >>> [str(read_number(one)) for one in ("3,500万", "一億二千万", "二〇二六", "壱拾万", "1.5億")]
    ['35000000', '120000000', '2026', '100000', '150000000.0']
    """
    text = normalise(text).text
    total, section = Decimal(0), Decimal(0)
    current: Decimal | None = None
    at = 0
    for piece in _PIECE.finditer(text):
        if piece.start() != at:
            return None
        at, word = piece.end(), piece.group()
        if word in _SMALL:
            section += (current if current is not None else 1) * _SMALL[word]
            current = None
        elif word in _LARGE:
            if current is None and not section:
                return None
            total += (section + (current or 0)) * _LARGE[word]
            section, current = Decimal(0), None
        elif word in _DIGITS:
            current = (current or Decimal(0)) * 10 + _DIGITS[word]
        elif current is not None:
            return None
        else:
            current = Decimal(word.replace(",", ""))
    return total + section + (current or 0) if text and at == len(text) else None
