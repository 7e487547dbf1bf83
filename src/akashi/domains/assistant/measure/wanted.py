"""What kind of thing a question asks for by its asking word, and whether an excerpt says any of that kind."""

from __future__ import annotations

import re

from akashi.language.normalise import normalise
from akashi.language.quantities import read_quantities
from akashi.language.quantity_forms import Kind

_NUMBER = "[0-9〇一二三四五六七八九十百千万]"
# Who asks for years is not told them by months of something else; the other way round a year is exact.
_COUNTED = {
    "年": "年",
    "か月": "(?:か月|カ月|ヶ月|箇月|年)",
    "日": "(?:日|週間|か月|カ月|ヶ月|年)",
    "時": "(?:時|:)",
    "歳": "(?:歳|才)",
    "才": "(?:歳|才)",
    "回": "回",
    "枚": "枚",
    "通": "通",
    "件": "件",
    "人": "(?:人|名)",
    "名": "(?:人|名)",
}
_HOW_MANY = re.compile(r"何(?P<unit>年|(?:か|カ|ヶ|箇)月|日|時(?!間)|歳|才|回|枚|通|件|人|名)")
_MONTHS = re.compile("(?:か|カ|ヶ|箇)月")
_AT_ONCE = re.compile("即日|当日|翌日|同日|すぐ|直ちに|いつでも|随時")
_HOW_MUCH = re.compile("いくら|何(?:千|万|億)?円")
_FREE = re.compile("無料|かかりません|いただきません|不要|いりません|必要ありません|ゼロ")
# An excerpt that says where a price stands does not say the price.
_ELSEWHERE = re.compile("(?:所定の|に定める|別に定める)[^。、]{0,12}(?:手数料|料金|金額|利率|利息)")
_RATE = re.compile("何(?:%|パーセント)")
_WHY = re.compile("なぜ|なんで|どうして(?!も)|何故|理由")
_BECAUSE = re.compile("ため|ので|から|よう|理由|原因|目的|防|法令|基づ|場合|とき|による|により|おそれ")


def lacks_answer(question: str, excerpt: str) -> bool:
    """Return whether ``question`` asks for a price, a rate, a number of something or a reason and ``excerpt``
    has none.

    Only what an asking word names is looked for; whether it is the right one nobody knows here. A question
    without such a word lacks nothing.

    >>> lacks_answer("返済期間は最長で何年ですか", "据置きは最長12か月です。")
    True
    >>> lacks_answer("手数料はいくらですか", "手数料はかかりません。")
    False
    """
    asked, told = normalise(question).text, normalise(excerpt).text
    return (
        _lacks_number(asked, told)
        or (_HOW_MUCH.search(asked) is not None and not _says_price(told))
        or (_RATE.search(asked) is not None and not _has(told, Kind.RATE))
        or (_WHY.search(asked) is not None and not _BECAUSE.search(told))
    )


def _lacks_number(asked: str, told: str) -> bool:
    units = {_MONTHS.sub("か月", found["unit"]) for found in _HOW_MANY.finditer(asked)}
    return any(
        not re.search(_NUMBER + _COUNTED[unit], told) and not (unit in "日時" and _AT_ONCE.search(told))
        for unit in units
    )


def _says_price(told: str) -> bool:
    if _has(told, Kind.AMOUNT) or _has(told, Kind.RATE):
        return True
    return _FREE.search(told) is not None and not _ELSEWHERE.search(told)


def _has(told: str, kind: Kind) -> bool:
    return any(one.kind is kind for one in read_quantities(told))
