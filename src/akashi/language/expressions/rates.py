"""Rates as customers write them: per cent, 割・分・厘, basis points, parts of a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from akashi.language.expressions.model import Mention, Reason, plain_text
from akashi.language.expressions.numerals import DIGITS, NUMBER, may_be_two, parse_numeral

_MINUS = rf"(?P<minus>まいなす|[▲△]|(?<![{DIGITS}%円年月日])-)?"
_PERCENT = re.compile(rf"{_MINUS}(?P<number>{NUMBER}|こんま[{DIGITS}]+)%(?P<point>ぽいんと|pt)?")
_DIGIT = f"[{DIGITS}]"
_WARI = re.compile(
    rf"(?P<wari>{NUMBER})割(?P<half>半)?(?:(?P<bu>{_DIGIT})分)?(?:(?P<rin>{_DIGIT})厘)?(?:(?P<mo>{_DIGIT})[毛毫])?"
    r"(?P<other>引|り|安|増|高|方|賦|合|当|前|ほどの人)?(?P<left>[0-9〇一二三四五六七八九])?"
)
_BU = re.compile(
    rf"(?<!分)(?P<bu>{NUMBER})分(?!の|間|後|前|刻|ほど|く?らい|程|以|で|け|か|散|五分|半)(?:(?P<rin>{_DIGIT})厘)?(?:(?P<mo>{_DIGIT})[毛毫])?"
)
_RIN = re.compile(rf"(?<!分)(?P<rin>{NUMBER})厘(?:(?P<mo>{_DIGIT})[毛毫])?")
_PART = re.compile(
    rf"(?P<lower>{NUMBER})分の(?P<upper>{NUMBER})|(?<![0-9/])(?P<over>[0-9]{{1,4}})/(?P<under>100|1000|10)(?![0-9/])"
)
_POINTS = re.compile(rf"(?P<number>{NUMBER})(?:bps?|べーしすぽいんと|べーしす)(?![a-z])")
_MILLE = re.compile(rf"(?P<number>{NUMBER})(?:‰|ぱーみる)")
_HALF = re.compile(r"半分|半額|(?<![一二三四五六七八九十0-9])五割")


def find_rates(text: str) -> Iterator[Mention]:
    """Yield the rates of a folded text."""
    for pattern, read in ((_PERCENT, _percent), (_WARI, _wari), (_BU, _parts), (_RIN, _parts)):
        for found in pattern.finditer(text):
            yield read(found)
    for found in _PART.finditer(text):
        yield _fraction(found)
    for pattern, places in ((_POINTS, 4), (_MILLE, 3)):
        for found in pattern.finditer(text):
            yield _shifted(found, parse_numeral(found["number"]), places)
    for found in re.finditer("半分|半額", text):
        yield _mention(found, Decimal("0.5"))


def _mention(found: re.Match[str], value: Decimal) -> Mention:
    return Mention(found.start(), found.end(), plain_text(value), "fraction")


def _asked(found: re.Match[str], reason: Reason) -> Mention:
    return Mention(found.start(), found.end(), None, reason=reason)


def _shifted(found: re.Match[str], value: Decimal | None, places: int) -> Mention:
    if value is None:
        return _asked(found, Reason.RANGE if "," in found.group() else Reason.IMPOSSIBLE)
    return _mention(found, value.scaleb(-places))


def _percent(found: re.Match[str]) -> Mention:
    number = found["number"]
    if found["point"]:
        return _asked(found, Reason.RELATIVE)
    if may_be_two(number):
        return _asked(found, Reason.RANGE)
    value = parse_numeral(number.replace("こんま", "0.") if number[0] == "こ" else number)
    if value is not None and found["minus"]:
        value = -value
    return _shifted(found, value, 2)


_PLACES = (("wari", 1), ("bu", 2), ("rin", 3), ("mo", 4))


def _wari(found: re.Match[str]) -> Mention:
    if found["other"]:
        return _asked(found, Reason.RELATIVE)
    if found["left"] or (found["half"] and found["bu"]):
        return _asked(found, Reason.IMPOSSIBLE)
    if may_be_two(found["wari"]):
        return _asked(found, Reason.RANGE)
    return _parts(found)


def _parts(found: re.Match[str]) -> Mention:
    groups = found.groupdict()
    said = [(groups[name], place) for name, place in _PLACES if groups.get(name)]
    values = [(parse_numeral(text), place) for text, place in said]
    total = Decimal(0)
    for at, (value, place) in enumerate(values):
        if value is None or (at and value >= 10) or (place > 1 and value >= 10):
            return _asked(found, Reason.IMPOSSIBLE)
        total += value.scaleb(-place)
    if groups.get("half"):
        total += Decimal("0.05")
    return _mention(found, total)


def _fraction(found: re.Match[str]) -> Mention:
    lower, upper = (
        parse_numeral(found[one] or found[other]) for one, other in (("lower", "under"), ("upper", "over"))
    )
    if not lower or upper is None:
        return _asked(found, Reason.IMPOSSIBLE)
    value = upper / lower
    return (
        _mention(found, value)
        if value * lower == upper and len(plain_text(value)) < 12
        else _asked(found, Reason.VAGUE)
    )
