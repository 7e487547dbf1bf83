"""The marks with which Japanese legal and office documents number and dress their headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_FOLD = str.maketrans(
    dict(zip("０１２３４５６７８９．（）　", "0123456789.() ", strict=True))
    | {chr(0x2160 + index): roman for index, roman in enumerate(_ROMAN)}
)
_NUMERAL = "[0-9一二三四五六七八九十百千]+"
_LEGAL = re.compile(
    rf"第 ?(?P<number>{_NUMERAL}) ?(?P<unit>[編章節款条])(?:の{_NUMERAL})*"
    r"(?P<title> ?[(【「][^)】」]{1,60}[)】」])?(?P<rest>.*)"
)
_LEGAL_RANK = {"編": 10, "章": 11, "節": 12, "款": 13, "条": 14}
_DIGITS = "〇一二三四五六七八九"
_POWERS = {"十": 10, "百": 100, "千": 1000}
_ATX = re.compile(r"(?P<level>#{1,6}) +(?P<label>\S.*?)(?: +#+)?$")
# A digit after the point is a decimal fraction, except at the head of a date: 「２．2024 年度」.
_NUMBERED = (
    ("roman", re.compile(r"(?P<number>[IVX]{1,5})(?P<sub>-\d{1,2})?(?:\. *|(?<=\d) +)(?=[^\s.])")),
    ("number", re.compile(r"(?P<number>\d{1,2})(?P<sub>(?:[.-]\d{1,2})*)\. *(?=[^\s\d.]|\d+ ?[年月事])")),
    ("number", re.compile(r"(?P<number>\d{1,2})(?P<sub>(?:[.-]\d{1,2})+) +(?=[^\s\d.])")),
    ("paren", re.compile(r"\((?P<number>\d{1,2})\)(?P<sub>) *(?=[^\s])")),
)
_CIRCLED = re.compile(r"([①-⑳]) *\S")
_DRESSED = (
    ("lenticular", re.compile(r"【[^】]{1,40}】$")),
    ("square", re.compile(r"[■◆◇▼□] *\S")),
    ("angle", re.compile(r"[＜〈《<][^＜〈《<＞〉》>]{1,40}[＞〉》>]$")),
    ("round", re.compile(r"\([^()]{2,20}\)$")),
)
_BULLET = re.compile(r"[-*+•・○●◎◯‣✓➔→※☆★\uf0a7-\uf0fc] *\S|[<＜【(（〔]?注")
_CAPTION = re.compile(r"[図表写]表?[\d０-９一二三①-⑨ ]|出[所典]|参照|https?:|\W*以\s*上\W*$")
_UNFINISHED = tuple("。、，,;；・")
_EMPHASIS = re.compile(r"\*\*|__|`")
_LONGEST = 60
_LONGEST_ATX = 400


@dataclass(frozen=True, slots=True)
class Mark:
    """What speaks for a line being a heading.

    ``style`` is the kind of mark (with its depth), ``number`` its ordinal, ``rank`` its fixed
    place where it has one (Markdown levels 1 to 6, then 編 10 to 条 14). ``label`` is the heading
    itself; ``inline`` says that the body goes on behind it on the same line.
    """

    style: str
    label: str
    number: int | None = None
    rank: int | None = None
    inline: bool = False


def read_mark(line: str) -> Mark | None:
    """Return the mark of a stripped line, None if nothing speaks for a heading.

    >>> read_mark("第３条の２（手数料）当行は手数料をいただきます。")
    Mark(style='条', label='第３条の２（手数料）', number=3, rank=14, inline=True)
    >>> read_mark("１．ITガバナンス").style, read_mark("1. 窓口で申し込みます。")
    ('number', None)
    """
    folded = line.translate(_FOLD)
    if (legal := _LEGAL.match(folded)) is not None:
        return _read_legal(line, legal)
    if len(line) <= _LONGEST_ATX and (atx := _ATX.match(line)) is not None:
        level = len(atx["level"])
        return Mark(f"h{level}", _EMPHASIS.sub("", atx["label"]), None, level)
    if not could_be_heading(line):
        return None
    return _read_numbered(line, folded) or _read_dressed(line, folded)


def could_be_heading(line: str) -> bool:
    """Return whether the words of a line are short and do not read as a sentence or caption."""
    if len(line) > _LONGEST or "。" in line or "\t" in line or line.endswith(_UNFINISHED):
        return False
    return not _CAPTION.match(line)


def is_item(line: str) -> bool:
    """Return whether a line begins like a list item or a note."""
    return _BULLET.match(line) is not None


def _read_legal(line: str, match: re.Match[str]) -> Mark | None:
    unit, title, rest = match["unit"], match["title"] or "", match["rest"]
    rank, number = _LEGAL_RANK[unit], read_numeral(match["number"])
    # 「第3条に基づき」「第3条第2項」 in running text is a reference, not a heading.
    if not title and rest and not rest.startswith(" "):
        return None
    if rest and (len(line) > _LONGEST or "。" in rest or (title and unit == "条")):
        return Mark(unit, line[: match.start("rest")].strip(), number, rank, inline=True)
    return Mark(unit, line, number, rank)


def read_numeral(words: str) -> int:
    """Return the number that Arabic or Japanese digits below ten thousand write.

    >>> [read_numeral(words) for words in ("12", "十二", "二百三十", "一二")]
    [12, 12, 230, 12]
    """
    if words.isdecimal():
        return int(words)
    total, digit = 0, 0
    for char in words:
        if char in _POWERS:
            total, digit = total + max(digit, 1) * _POWERS[char], 0
        else:
            digit = digit * 10 + (_DIGITS.index(char) if char in _DIGITS else int(char))
    return total + digit


def _read_numbered(line: str, folded: str) -> Mark | None:
    for style, pattern in _NUMBERED:
        match = pattern.match(folded)
        if match is None:
            continue
        depth = len(re.findall(r"\d+", match["sub"] or ""))
        last = re.findall(r"\d+", folded[: match.end()])
        first = _ROMAN.index(match["number"]) + 1 if match["number"] in _ROMAN else 0
        number = int(last[-1]) if last else first
        return Mark(f"{style}{depth}" if depth else style, line, number)
    if _CIRCLED.match(line):
        return Mark("circled", line, ord(line[0]) - ord("①") + 1)
    return None


def _read_dressed(line: str, folded: str) -> Mark | None:
    if is_item(line):
        return None
    for style, pattern in _DRESSED:
        if pattern.match(folded if style == "round" else line):
            return Mark(style, line)
    return None
