"""Numerals read strictly: what is not written like one number is no number."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = "0-9〇一二三四五六七八九"
MARKS = f"{DIGITS}十百千万億兆"
NUMBER = rf"(?<![{MARKS}])(?<![0-9][.,])[{DIGITS}十百千](?:[{MARKS}]|[.,](?=[0-9]))*+"
"""A run of characters of numerals, taken whole: whether it is one number ``parse_numeral`` says."""

_LARGE = (("兆", 10**12), ("億", 10**8), ("万", 10**4))
_SMALL = {"千": 1000, "百": 100, "十": 10}
_PLAIN = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_KANJI = str.maketrans("〇一二三四五六七八九", "0123456789")
_PART = re.compile(r"([^千百十]*)([千百十])")
_SINGLE_STEPS = re.compile(r"([0-9.,]+)([十百千])")


def parse_numeral(text: str) -> Decimal | None:
    """Return the value of a numeral; None where it is not written like one number.

    Units must fall: 3万5万, 五百三百 and 300,500,20 are no numbers. A coefficient with a comma before
    万 that could be a list (300,500万) is none either, nor is 1.200万, which may be 1,200万.

    >>> [str(parse_numeral(one)) for one in ("1千5百万", "一億二千万", "二〇二六", "1.5億", "3,000千")]
    ['15000000', '120000000', '2026', '150000000.0', '3000000']
    >>> [parse_numeral(one) for one in ("3万5万", "300,500万", "3,4", "二三百", "1億5千")]
    [None, None, None, None, None]
    """
    total, rest, first = Decimal(0), text, True
    for mark, worth in _LARGE:
        before, found, after = rest.partition(mark)
        if not found:
            continue
        coefficient = _section(before)
        if not coefficient or not _fits(coefficient, before, worth, first):
            return None
        if after and coefficient != int(coefficient):
            return None
        total, rest, first = total + coefficient * worth, after, False
    if not rest:
        return total if not first else None
    tail = _section(rest)
    if tail is None or (not first and not _is_tail(tail, rest, total)):
        return None
    return total + tail


def _fits(coefficient: Decimal, written: str, worth: int, first: bool) -> bool:
    if not first:
        return coefficient < 10_000
    listed = "," in written and coefficient >= 100_000 and written[-1] not in _SMALL
    grouped = worth == 10_000 and re.search(r"\.[0-9]{3}(?![0-9])", written)
    return not listed and not grouped and coefficient * worth < 10**15


def _is_tail(tail: Decimal, written: str, total: Decimal) -> bool:
    """Return whether what follows 万 belongs to the same number: 15万5000, 300万5千, not 1億5千 or 300万5."""
    if total % 10**8 == 0 or tail >= 10_000 or tail != int(tail):
        return False
    return any(step in written for step in _SMALL) or len(written) == 4 or tail >= 1000


def _section(text: str) -> Decimal | None:
    """Return a number below 万: digits, positional kanji, or with 千, 百, 十."""
    digits = text.translate(_KANJI)
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    single = _SINGLE_STEPS.fullmatch(text)
    if single:
        coefficient = _plain(single[1])
        return None if coefficient is None else coefficient * _SMALL[single[2]]
    return _thousands(text)


def _plain(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if _PLAIN.fullmatch(text) else None


def _thousands(text: str) -> Decimal | None:
    total, last, at = 0, 10_000, 0
    for part in _PART.finditer(text):
        digit, worth = part[1].translate(_KANJI), _SMALL[part[2]]
        if part.start() != at or worth >= last or len(digit) > 1 or digit == "0":
            return None
        if digit and not digit.isdecimal():
            return None
        total, last, at = total + int(digit or 1) * worth, worth, part.end()
    tail = text[at:].translate(_KANJI)
    if not at or (tail and (not tail.isdecimal() or len(tail) >= len(str(last)))):
        return None
    return Decimal(total + int(tail or 0))


_TWO = re.compile("(?:一二|二三|三四|四五|五六|六七|七八|八九)")


def may_be_two(text: str) -> bool:
    """Return whether neighbouring kanji digits may mean from one to the next: 三四年, 五六百万, 二三十万.

    >>> may_be_two("三四"), may_be_two("三〇"), may_be_two("二三百万")
    (True, False, True)
    """
    return _TWO.search(text) is not None and len(re.sub("[千百十万億兆]", "", text)) == 2
