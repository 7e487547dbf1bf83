"""One way of writing for expressions: kana numerals as kanji, one form for each unit, no stray spaces."""

from __future__ import annotations

import re

from akashi.language.expressions.numerals import DIGITS, MARKS
from akashi.language.normalise import normalise

UNSURE = "⁇"
"""Stands before a numeral whose first sound may belong to the word before it (月にひゃくまん)."""

_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_OLD = str.maketrans(
    "壱壹弌弐貳弍参參弎肆伍陸漆捌玖拾佰陌仟阡萬圓零", "一一一二二二三三三四五六七八九十百百千千万円〇"
)

_THOUSAND = r"(?:(?:いっ|いつ|いち|に|さん|よん|ご|ろく|なな|しち|はっ|はつ|はち|きゅう)?[せぜ]ん)"
_HUNDRED = r"(?:(?:に|さん|よん|ご|ろっ|ろつ|ろく|なな|しち|はっ|はつ|はち|きゅう)?[ひびぴ][ゃや]く)"
_TEN = r"(?:(?:に|さん|よん|し|ご|ろく|なな|しち|はち|きゅう|く)?(?:じゅう|じゆう|じゅっ|じっ))"
_ONE = (
    r"(?:いち|いっ|に|さん|よん|しち|し(?=がつ|月|わり)|ご|ろく|ろっ|なな|はち|はっ|きゅう"
    r"|く(?=がつ|月|ねん|年|わり|ぱー|ぶ)|よ(?=ねん|年|か月|かげつ))"
)
_SECTION = rf"(?:{_THOUSAND}{_HUNDRED}?{_TEN}?{_ONE}?|{_HUNDRED}{_TEN}?{_ONE}?|{_TEN}{_ONE}?|{_ONE})"
_TAIL = rf"(?:{_THOUSAND}{_HUNDRED}?{_TEN}?|{_HUNDRED}{_TEN}?|{_TEN})(?:{_ONE}(?=えん|円))?"
_SPOKEN = re.compile(rf"{_SECTION}おく(?:{_SECTION}まん)?(?:{_TAIL})?|{_SECTION}まん(?:{_TAIL})?|{_SECTION}")
_SOUND = re.compile(
    r"[せぜ]ん|[ひびぴ][ゃや]く|じゅう|じゆう|じゅっ|じっ|いち|いっ|いつ|さん|よん|しち|ろく|ろっ|ろつ|なな"
    r"|はち|はっ|はつ|きゅう|おく|まん|に|し|ご|く|よ"
)
_STEPS = {"せ": "千", "ぜ": "千", "ひ": "百", "び": "百", "ぴ": "百", "じ": "十", "お": "億", "ま": "万"}
_ONES = {
    "いち": "一",
    "いっ": "一",
    "いつ": "一",
    "に": "二",
    "さん": "三",
    "よん": "四",
    "し": "四",
    "よ": "四",
    "ご": "五",
    "ろく": "六",
    "ろっ": "六",
    "ろつ": "六",
    "なな": "七",
    "しち": "七",
    "はち": "八",
    "はっ": "八",
    "はつ": "八",
    "きゅう": "九",
    "く": "九",
}
_UNIT_NEXT = re.compile(
    r"えん|円|ねん|年|がつ|月|か月|か?げつ|にち(?!ょ)|日|しゅう|週|わり|割|ぶ(?![んらっ])|分|りん|厘|%|ぱー|てん|点|こんま"
    r"|[十百千万億兆]|[ひびぴ][ゃや]く|[せぜ]ん|じゅう|まん|おく"
)
_KANJI_DIGITS = tuple("一二三四五六七八九")
_PARTICLES = tuple("にしくよ")
_BEFORE_TWO = tuple("にでをは")
_NUMBER_BEFORE = re.compile(
    rf"(?:れいわ|へいせい|しょうわ|たいしょう|めいじ|[令和平成昭]|ねん|がつ|わり|ぶ|てん|こんま|年|月|割|分|約|金|計"
    rf"|[{MARKS}]|[ひびぴ]ゃく|まん|おく|やく|ねんり|りりつ|きんり)\Z"
)


def fold(text: str) -> str:
    """Return ``text`` as the readers want it; values stay, places do not.

    >>> fold("ｻﾝﾋﾞｬｸﾏﾝｴﾝ"), fold("金 参百 萬圓 也"), fold("さんねんろっかげつ"), fold("３ ヵ月 ２５ 日")
    ('三百万円', '金三百万円也', '三年六か月', '3か月25日')
    """
    text = normalise(text).text.lower().translate(_HIRAGANA)
    text = _fold_digits(_fold_spaces(text))
    text = _SPOKEN.sub(_spoken, text)
    text = text.translate(_OLD)
    for pattern, form in _UNITS:
        text = pattern.sub(form, text)
    text = _POINT.sub(_pointed, text)
    return _SPACES_LEFT.sub("", text)


_GROUPED = re.compile(
    r"(?<![0-9.,])[1-9][0-9]{0,2}(?: [0-9]{3})+(?= ?(?:円|えん|yen))"
    r"|(?<![0-9.,])[1-9][0-9]{0,2}(?: 000)+(?![0-9])"
)
_SPACES_LEFT = re.compile(r"(?<![0-9]) | (?![0-9])")
_THREES = re.compile(
    r"(?<![0-9.,])[1-9][0-9]{0,2}(?:、000)+(?![0-9])"
    r"|(?<![0-9.,])[1-9][0-9]{0,2}(?:、[0-9]{3}){2,}(?![0-9])"
)
_DOTTED = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}(?![0-9.])")


def _fold_spaces(text: str) -> str:
    text = re.sub(r"\s*\n\s*", "、", text.strip())
    text = re.sub(r"\s+", " ", text)
    text = _GROUPED.sub(lambda found: found.group().replace(" ", ""), text)
    return _SPACES_LEFT.sub("", text)


def _fold_digits(text: str) -> str:
    text = re.sub(
        r"(?<=[0-9])[o○◯]+(?=[0-9o○◯万億千百円,%年]|\Z)", lambda zeros: "0" * len(zeros.group()), text
    )
    text = re.sub("[○◯]", "〇", text)
    text = _THREES.sub(lambda found: found.group().replace("、", ","), text)
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    return re.sub(r"(?<=[0-9])[。．](?=[0-9]+(?:%|ぱー))", ".", text)


def _spoken(found: re.Match[str]) -> str:
    text, run = found.string, found.group()
    before, after = text[max(0, found.start() - 12) : found.start()], text[found.end() : found.end() + 12]
    sounds = _SOUND.findall(run)
    has_unit = _UNIT_NEXT.match(after) is not None or (len(sounds) > 1 and after[:1] in _KANJI_DIGITS)
    large = "まん" in run or "おく" in run
    if not (has_unit or large) or (after and large and not _may_end(after)):
        return run
    numeral = "".join(_ONES.get(sound) or _STEPS[sound[0]] for sound in sounds)
    last = before[-1:]
    particle = sounds[0] in _PARTICLES and not (sounds[0] == "に" and before.endswith(_BEFORE_TWO))
    if not last or (_NUMBER_BEFORE.search(before) and not (particle and large and last in "年月日")):
        return numeral
    if last.isalpha() and particle:
        return run if after[:1] in tuple("十百千万億") else UNSURE + numeral
    if "ぁ" <= last <= "ゖ" and not large and len(sounds) < 2 and not after.startswith(("えん", "円")):
        return run
    return numeral


def _may_end(after: str) -> bool:
    """Return whether a spoken 万 or 億 may end here: not in まんしょん, まんが."""
    return not after.startswith(("しょ", "ぞく", "せい", "ねり"))


_N = rf"(?<=[{MARKS}])"
_UNITS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"(?:れい|ぜろ|まる)(?=てん|点|こんま|%|ぱー|円|えん)", "〇"),
        (
            rf"{_N}(?:てん|点|こんま)(?=(?:[{DIGITS}]|いち|に|さん|よん|し|ご|ろく|なな|はち|きゅう|れい|ぜろ))",
            "点",
        ),
        (rf"{_N}(?:[かがヶヵゖゕけ箇個]月|[かヶヵ]?げつ|かげつ)", "か月"),
        (r"廿", "二十"),
        (r"はんとし", "半年"),
        (r"(?<![0-9])\.(?=[0-9]+%)", "0."),
        (r"(?<=[0-9])(?:million|mil)(?![a-z])", "百万"),
        (r"(?<=[0-9])billion", "十億"),
        (r"(?<=[0-9])thousand", "千"),
        (r"(?<=[0-9])-?years?(?![a-z])", "年"),
        (r"(?<=[0-9])-?months?(?![a-z])", "か月"),
        (r"(?<=[0-9])-?weeks?(?![a-z])", "週間"),
        (r"(?<=[0-9])-?days?(?![a-z])", "日"),
        (rf"{_N}[ひびぴ][ゃや]く", "百"),
        (rf"{_N}[せぜ]ん", "千"),
        (rf"{_N}じゅう(?=[まおえ万億円]|\Z)", "十"),
        (rf"{_N}まん(?!しょ|ぞく|せい|ねり)", "万"),
        (rf"{_N}おく", "億"),
        (rf"{_N}(?:えん|yen|圓)", "円"),
        (rf"{_N}(?:[かがヶヵゖゕけ箇個]年|か?ねん)", "年"),
        (r"(?<=年)はん(?![^、。でくほまにかのとを])", "半"),
        (rf"{_N}がつ", "月"),
        (rf"{_N}しゅうかん", "週間"),
        (rf"{_N}にち(?!ょ)", "日"),
        (rf"{_N}わり(?!び)", "割"),
        (rf"{_N}ぶ(?=[{DIGITS}]|\Z)", "分"),
        (rf"{_N}りん", "厘"),
        (rf"{_N}(?:ぱーせんと|ぱあせんと|ぱーせん|ぱー(?!く(?!らい)|と|つ|ま|て|き)|percent|％)", "%"),
        (r"(?<=年)かん(?![ぁ-ん])", "間"),
    )
)
_POINT = re.compile(
    rf"(?P<whole>[0-9]+|[〇一二三四五六七八九十]+)(?P<mark>[点・]|(?<=[〇一二三四五六七八九十])[.])(?P<tail>[{DIGITS}]+|(?:いち|に|さん|よん|し|ご|ろく|なな|はち|きゅう|れい|ぜろ)+)(?=%|億|万)"
)
_SPOKEN_DIGITS = {
    "れい": "0",
    "ぜろ": "0",
    **dict(
        zip(("いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"), "123456789", strict=True)
    ),
    "し": "4",
}
_KANJI = str.maketrans("〇一二三四五六七八九", "0123456789")


def _pointed(found: re.Match[str]) -> str:
    """Return 三・五 and 3点5 as 3.5; 3・5 in digits may be two numbers and stays, 0・5 may not."""
    whole, tail = found["whole"], found["tail"]
    if found["mark"] == "・" and whole.isascii() and whole != "0":
        return found.group()
    tail = re.sub("|".join(_SPOKEN_DIGITS), lambda sound: _SPOKEN_DIGITS[sound.group()], tail).translate(
        _KANJI
    )
    number = whole.translate(_KANJI)
    if "十" in number:
        tens, _, ones = number.partition("十")
        number = f"{int(tens or 1) * 10 + int(ones or 0)}"
    return f"{number}.{tail}"
