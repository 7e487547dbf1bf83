"""Amounts of yen as customers write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from akashi.language.expressions.folding import UNSURE
from akashi.language.expressions.model import Mention, Reason
from akashi.language.expressions.numerals import MARKS, NUMBER, may_be_two, parse_numeral

_YEN = r"円|jpy"
_OTHERS = (
    r"人民元|どる|ゆーろ|うぉん|ぽんど|元(?!金|本|利)|ばーつ|ふらん|るぴー|ぺそ|usd|eur|gbp|cny|krw|\$|€|£"
)
_COUNTED = (
    r"人|件|個|部|株|台|きろ|km|kg|㎡|m2|m²|平米|平方|坪|回|歩|票|本|枚|冊|食|世帯|ぽいんと|pt|%|分の|時間"
    r"|年|か月|月|日|週|名|社|戸|軒|床|箱|とん|t(?![a-z])|りっとる|倍|階|語|字|アクセス|だうんろーど|pv|ha|へくたーる"
)
_AMOUNT = re.compile(
    rf"(?P<minus>まいなす|[▲△]|(?<![{MARKS}])-)?(?:(?P<sign>[¥\\]|jpy|{UNSURE})-?)?(?P<number>{NUMBER})"
    rf"(?:(?P<unit>{_YEN})(?:也)?(?:(?P<sen>[0-9]{{1,2}})銭)?|(?P<other>{_OTHERS})|(?P<counted>{_COUNTED}))?"
)
_OTHER_SIGN = re.compile(r"(?:[$€£]|usd|eur|us\$)-?\Z")
_ZERO = re.compile(r"(?:ぜろ|零)円")


def find_amounts(text: str) -> Iterator[Mention]:
    """Yield the amounts of a folded text: numbers with 円 or ¥, and numbers that end in 万 or 億."""
    for found in _ZERO.finditer(text):
        yield Mention(found.start(), found.end(), 0, "JPY")
    for found in _AMOUNT.finditer(text):
        mention = _read(found)
        if mention is not None:
            yield mention


def _read(found: re.Match[str]) -> Mention | None:
    number, unit = found["number"], found["unit"]
    foreign = found["other"] or _OTHER_SIGN.search(
        found.string[max(0, found.start("number") - 8) : found.start("number")]
    )
    signed = unit or (found["sign"] and found["sign"] != UNSURE)
    if not (signed or foreign or re.search("[万億兆]", number)):
        return None
    if set(number) <= set("〇0") and len(number) > 1:
        return None
    if found["counted"] and not found["sign"]:
        return None
    reason = Reason.FOREIGN if foreign else _doubt(found, number)
    value = parse_numeral(number)
    is_point = "." in number and not re.search("[百千万億兆]", number)
    if reason is None and (value is None or value != int(value) or is_point):
        reason = Reason.IMPOSSIBLE
    if reason is not None or value is None:
        return Mention(found.start(), found.end(), None, reason=reason)
    negative = found["minus"] in ("まいなす", "▲", "△")
    return Mention(found.start(), found.end(), -int(value) if negative else int(value), "JPY")


def _doubt(found: re.Match[str], number: str) -> Reason | None:
    if found["sign"] == UNSURE or found["minus"] == "-" or found["sen"]:
        return Reason.VAGUE
    return Reason.RANGE if may_be_two(number) else None


_BARE = re.compile(rf"(?<![a-z{MARKS}.,/:#-])(?P<number>{NUMBER})(?![a-z{MARKS}/:-]|{_COUNTED}|桁)")
_NOT_MONEY = re.compile(r"(?:番号|電話|でんわ|てる|tel|fax|口座|〒|郵便|こーど|id|no\.?)[はがの:]*\Z")
_LEAST_BARE = 10_000
_LONGEST_BARE = 11


def find_bare_amount(masked: str) -> tuple[Mention, ...]:
    """Return what the numbers without a unit say, where nothing else is an amount.

    From 10,000 a bare number is yen (3,000,000); smaller ones may be 万円 or 千円 and are asked back.
    """
    found = []
    for match in _BARE.finditer(masked):
        number = match["number"]
        value = parse_numeral(number)
        if value is None or value != int(value):
            found.append(Mention(match.start(), match.end(), None, reason=Reason.IMPOSSIBLE))
        elif _is_yen(match, number) and value >= _LEAST_BARE:
            found.append(Mention(match.start(), match.end(), int(value), "JPY"))
        else:
            meant = (int(value) * 10_000,) if 0 < value < _LEAST_BARE else ()
            found.append(Mention(match.start(), match.end(), None, reason=Reason.NO_UNIT, candidates=meant))
    return tuple(found)


def _is_yen(match: re.Match[str], number: str) -> bool:
    before = match.string[max(0, match.start() - 12) : match.start()]
    return number[0] != "0" and len(number) <= _LONGEST_BARE and _NOT_MONEY.search(before) is None
