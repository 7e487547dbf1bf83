"""A view of a text in which numbers stand as plain digits, however they were written.

For those who look for numbers with a fixed count of digits (telephone, account, card): kanji
numerals read digit by digit, digits spaced out or one per line, every kind of hyphen. The value of
a number is the business of ``numerals``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from akashi.language.traced import Edit, Traced, apply_edits, as_written

_KANJI = dict(zip("〇一二三四五六七八九零壱弐参肆伍陸漆捌玖壹貳參", "01234567890123456789123", strict=True))
_TO_DIGIT = str.maketrans(_KANJI)
DIGITS = "0-9" + "".join(_KANJI)
"""The inside of a character class: every character that is one digit."""
_BARS = "ー―—─━‒–−‐‑﹣⁃˗ｰ"
_GAPS = " \n\t・,、_|*.\\-()/:" + _BARS + "の"
# Patterns begin with a set of characters, because such ones are searched for fastest.
_ALONE = re.compile(rf"[{DIGITS}](?<![{DIGITS}][{DIGITS}])(?:[{_GAPS}]{{1,3}}[{DIGITS}](?![{DIGITS}]))++")
_ALWAYS_SPACING = " \n\t・_|*"
_LEAST_FOR_ANY_SPACING = 7
_RUN = re.compile(rf"[{DIGITS}](?:[- ・.()の{_BARS}]{{0,2}}[{DIGITS}]){{2,}}+")
_LEAST_KANJI = 3
_KANJI_DIGIT = re.compile(f"[{''.join(_KANJI)}]")
_DASH_ONE = re.compile("[一〡](?<=[0-9].)(?=[0-9])")
_DASH = re.compile(f"[の{_BARS}](?<=[0-9)].)(?=[0-9(])")


def plain_digits(text: str) -> Traced:
    """Return the view of a normalised text; nothing but numbers and what stands between digits differs.

    >>> plain_digits("〇九〇の一二三四の五六七八 0 3 1 2").text
    '090-1234-5678 0312'
    """
    edits = list(_spacing(text))
    joined = apply_edits(text, edits) if edits else as_written(text)
    view = _DASH_ONE.sub("-", joined.text)
    if len(_KANJI_DIGIT.findall(view)) >= _LEAST_KANJI:
        view = _RUN.sub(_translated, view)
    view = _DASH.sub("-", view)
    return joined if view == joined.text else Traced(view, joined.starts, joined.ends)


def _spacing(text: str) -> Iterator[Edit]:
    """Yield the removal of each gap between digits that stand one by one."""
    for run in _ALONE.finditer(text):
        gaps = [at for at in range(*run.span()) if text[at] in _GAPS]
        removed = [at for at in gaps if text[at] in _ALWAYS_SPACING]
        if not removed and len(run.group()) - len(gaps) >= _LEAST_FOR_ANY_SPACING:
            mark, count = Counter(text[at] for at in gaps).most_common(1)[0]
            removed = [at for at in gaps if text[at] == mark] if count > len(gaps) * 0.7 else []
        yield from ((at, at + 1, "") for at in removed)


def _translated(run: re.Match[str]) -> str:
    whole = run.group()
    return whole.translate(_TO_DIGIT) if len(_KANJI_DIGIT.findall(whole)) >= _LEAST_KANJI else whole
